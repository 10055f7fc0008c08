"""Stories of the two history dialogs: going through a quiet time, and reading every line whole."""

from dataclasses import replace
from datetime import UTC, datetime

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tests.ui.history.past import OK, RUNNING, Past, error, give, sync_of
from tui.domain.history.records import Cause

REFUSED = "401 from marketplace"


async def a_quiet_night(deck: Console) -> Past:
    """A failure 7 h 20 min ago, its end 20 min ago, and nothing between."""
    past = Past(datetime.now(UTC)).polled(2000)
    temu = sync_of(deck, "Temu DE")
    past.was(temu, 2000, OK, Cause.KEYFRAME).was(temu, 440, error(REFUSED)).was(temu, 20, OK)
    await give(deck, past.records)
    return past


async def test_an_hour_back_and_forward_goes_on_from_the_time_that_was_asked_for(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        past = await a_quiet_night(deck)
        await deck.workers.focus("Temu DE")
        for dialog in "hH":
            await deck.press(dialog)
            await deck.sees("error → ok")
            await deck.press("}")
            near = [f"nearest to {at:%H:%M}" for at in (past.now, datetime.now(UTC))]
            assert any(one in deck.dialog_trouble() for one in near), "a time to come"
            await deck.press("escape", dialog)
            await deck.sees("error → ok")
            await deck.press("{", "{", "{")
            assert f"nearest to {past.at(200):%H:%M}" in deck.dialog_trouble()
            await deck.press("{")
            assert f"nearest to {past.at(260):%H:%M}: {past.at(440):%H:%M}" in deck.dialog_trouble()
            assert "ok → error" in deck.choice()
            await deck.press("}", "}")
            assert f"nearest to {past.at(140):%H:%M}: {past.at(20):%H:%M}" in deck.dialog_trouble()
            await deck.press("escape")
            await deck.opens("")


async def test_a_row_s_history_says_that_it_ends_where_its_window_begins(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await a_quiet_night(deck)
        await deck.workers.focus("Temu DE")
        await deck.press("h")
        await deck.sees("error → ok")
        await deck.press(*"{" * 26)
        assert "this shows 24 hours, H goes back further" in deck.dialog_trouble()
        assert "ok → error" in deck.choice()


async def test_a_new_interval_is_no_failure_and_stands_once_with_who_set_it(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        past = Past(datetime.now(UTC)).polled(600)
        temu, otto = sync_of(deck, "Temu DE"), sync_of(deck, "Otto Market")
        slow, fast = error(REFUSED), replace(error(REFUSED), interval_s=60.0)
        past.was(temu, 600, slow, Cause.KEYFRAME).was(otto, 600, slow, Cause.KEYFRAME)
        past.was(temu, 90, fast).acted(90.5, "Configure sync · Temu · Temu DE: applied", temu)
        past.was(temu, 60, slow)
        await give(deck, past.records)
        await deck.workers.focus("Temu DE")
        # In `H`, that both failed all through stands below.
        for dialog, lines in (("h", 2), ("H", 4)):
            await deck.press(dialog)
            await deck.sees("interval 1m → 5m", "Configure sync")
            assert deck.choices() == lines
            [line] = (one for one in deck.lines() if f"{past.at(60):%H:%M:%S}" in one and "±" in one)
            assert "✖" not in line
            await deck.press("down")
            assert "interval 5m → 1m · appl" in deck.choice()
            told = "Temu · Temu DE · Configure sync · interval 5m → 1m · applied · by anna"
            assert told in deck.text()
            await deck.press("escape")
            await deck.opens("")


async def test_who_broke_in_the_same_minute_stands_below_the_change_however_often_it_failed_since(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        past = Past(datetime.now(UTC)).polled(600)
        temu, otto = sync_of(deck, "Temu DE"), sync_of(deck, "Otto Market")
        past.was(temu, 600, OK, Cause.KEYFRAME).was(otto, 600, OK, Cause.KEYFRAME)
        past.was(temu, 400, error(REFUSED)).was(otto, 400, error(REFUSED))
        for minutes in range(390, 10, -3):
            past.was(temu, minutes, RUNNING).was(temu, minutes - 0.5, error(REFUSED))
        await give(deck, past.records)
        await deck.workers.focus("Temu DE")
        await deck.press("h")
        await deck.sees("ok → error", "also Otto")
        lines = deck.lines()
        change = next(number for number, line in enumerate(lines) if "ok → error" in line)
        assert f"{past.at(400):%H:%M:%S}" in lines[change]
        assert f"{past.at(400):%H:%M} " in lines[change + 1]
        assert "also Otto · Otto Market" in lines[change + 1]


async def test_a_gap_says_from_when_to_when_and_why(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        past = Past(datetime.now(UTC)).polled(600, 100).polled(94)
        temu = sync_of(deck, "Temu DE")
        past.was(temu, 600, OK, Cause.KEYFRAME)
        await give(deck, past.records)
        await deck.workers.focus("Temu DE")
        await deck.press("h")
        lasting = f"{past.at(100):%H:%M} to {past.at(94):%H:%M}"
        await deck.sees(f"{lasting} (6m) · nothing was recording")
        await deck.sees(f"{lasting} not seen (6m) · nothing was recording")


LONG = "the marketplace refused the login of the shop, " * 5 + "because the certificate is too old"


async def many_lines(deck: Console) -> Past:
    """More changes than a screen has lines; the oldest failure has a long message."""
    past = Past(datetime.now(UTC)).polled(1300)
    temu = sync_of(deck, "Temu DE")
    past.was(temu, 1300, OK, Cause.KEYFRAME).was(temu, 470, error(LONG)).was(temu, 460, OK)
    for minutes in range(450, 50, -10):
        past.was(temu, minutes, error(REFUSED)).was(temu, minutes - 5, OK)
    await give(deck, past.records)
    return past


async def test_a_long_message_can_be_read_and_the_frame_stays_whole(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await many_lines(deck)
        await deck.workers.focus("Temu DE")
        for dialog, sizes in {
            "h": ((80, 24), (80, 17), (60, 12)),
            "H": ((80, 20), (60, 15), (60, 12)),
        }.items():
            for size in sizes:
                await deck.resize(*size)
                await deck.press(dialog)
                await deck.sees("error → ok")
                await deck.press("end")
                assert "ok → error" in deck.choice()
                assert LONG[:80] in deck.text()
                assert any("╰" in line for line in deck.lines())
                await deck.press("escape")
                await deck.opens("")


async def test_a_question_mark_lists_the_keys_of_a_history_in_a_narrow_window(
    erp: RunningSimulator,
) -> None:
    async with console(erp, size=(60, 24)) as deck:
        await a_quiet_night(deck)
        await deck.workers.focus("Temu DE")
        for dialog in "hH":
            await deck.press(dialog)
            await deck.sees("error → ok")
            assert "? keys" in deck.keys_offered()
            await deck.press("question_mark")
            await deck.opens("Help · history")
            said = await deck.read()
            words = ("Filter the lines", "Look back", "Copy this line", "Go an hour back")
            assert all(one in said for one in words)
            assert ("every run" in said) == (dialog == "h")
            await deck.press("question_mark")
            await deck.sees("error → ok")
            await deck.press("escape")
            await deck.opens("")


async def test_it_is_said_that_every_run_is_shown(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await a_quiet_night(deck)
        await deck.workers.focus("Temu DE")
        await deck.press("h")
        await deck.sees("error → ok")
        assert "every run is shown" not in deck.heading()
        await deck.press("v")
        await deck.opens("every run is shown")
        await deck.press("v")
        await deck.until(lambda: "every run is shown" not in deck.heading(), "heading as before")


async def test_y_copies_the_line_under_the_cursor(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        past = await a_quiet_night(deck)
        await deck.workers.focus("Temu DE")
        for dialog in "hH":
            await deck.press(dialog)
            await deck.sees("error → ok")
            await deck.press("end", "y")
            assert "line" in deck.dialog_trouble()
            assert REFUSED in deck.app.clipboard
            assert f"{past.at(440):%H:%M:%S}" in deck.app.clipboard
            deck.app.copy_to_clipboard("something else")
            await deck.press("escape")
            await deck.opens("")


async def test_the_filter_says_how_many_lines_are_left_and_an_empty_list_what_to_do(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await a_quiet_night(deck)
        await deck.press("H")
        await deck.sees("2 lines · 1 problem")
        await deck.press("slash")
        await deck.type("refused-by-nobody")
        await deck.sees("0 of 2 lines · 0 problems")
        await deck.press("enter", "enter")
        assert "no line is shown" in deck.dialog_trouble()
        await deck.press("slash", "ctrl+u")
        await deck.type("401")
        await deck.sees("1 of 2 lines · 1 problem")


async def test_what_nobody_watched_and_what_lasted_is_said_of_a_window(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        past = Past(datetime.now(UTC)).polled(30)
        temu = sync_of(deck, "Temu DE")
        await give(deck, past.was(temu, 30, error(REFUSED), Cause.KEYFRAME).records)
        await deck.press("H")
        await deck.sees("2 lines · no new problem, 1 lasting · 6 % seen")
        await deck.press("end")
        await deck.sees(f"to {past.at(30):%H:%M} not seen (7h", "nothing was recording")


async def test_the_ends_of_the_strip_say_which_day_they_are(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        past = await a_quiet_night(deck)
        await deck.workers.focus("Temu DE")
        await deck.press("h")
        await deck.sees("24h ago ")
        assert next(line for line in deck.lines() if "24h ago " in line).split(" now ")[1]
        await deck.press("B")
        await deck.sees("LOOKING AT")
        await deck.press("h")
        await deck.sees(f"{past.at(20 + 1440):%m-%d %H:%M} ", f" {past.at(20):%m-%d %H:%M}")


async def test_a_row_s_history_is_offered_only_where_rows_have_one(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await a_quiet_night(deck)
        for key, has_one in (("1", True), ("2", True), ("4", True), ("5", False), ("6", False)):
            await deck.press(key)
            assert ("history.row" in deck.offered()) == has_one, deck.tab()
            assert "history.all" in deck.offered()
            if not has_one:
                await deck.press("h")
                assert deck.heading() == ""
