"""Stories of the history: of a row, of everything, and of looking back."""

from datetime import UTC, datetime

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tests.ui.history.past import OK, RUNNING, Past, error, give, sync_of, typed_time
from tui.domain.history.records import Cause
from tui.paths import state_dir

REFUSED = "401 from marketplace"


async def a_night(deck: Console) -> Past:
    """Ten hours: two syncs break in the same minute, 365 min ago; a gap of an hour, 8 h ago."""
    past = Past(datetime.now(UTC)).polled(600, 480).polled(420)
    temu, otto, shop = (sync_of(deck, name) for name in ("Temu DE", "Otto Market", "Hauptshop"))
    for subject in (temu, otto, shop):
        past.was(subject, 600, OK, Cause.KEYFRAME)
    past.was(temu, 500, RUNNING).was(temu, 499, OK)
    past.was(temu, 365, error(REFUSED)).was(otto, 365, error(REFUSED)).was(otto, 240, OK)
    past.noted(300, "the provider renews certificates", "anna")
    await give(deck, past.records)
    return past


async def test_a_list_says_since_when_and_whether_the_beginning_was_seen(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await a_night(deck)
        await deck.until(lambda: any("6h" in row for row in deck.rows()), "since when")
        row = {name: next(r for r in deck.rows() if name in r) for name in ("Temu DE", "Hauptshop")}
        assert row["Temu DE"].split()[2] == "6h"
        assert row["Hauptshop"].split()[2].startswith("≥")
        await deck.workers.filter("since>390m")
        assert not any("Temu DE" in shown for shown in deck.rows())
        assert any("Hauptshop" in shown for shown in deck.rows())


async def test_h_tells_the_history_of_the_row_with_its_gap_and_who_broke_with_it(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        past = await a_night(deck)
        await deck.workers.focus("Temu DE")
        await deck.press("h")
        await deck.opens("Temu · Temu DE · recorded since 10h")
        await deck.sees("error since ")
        said = await deck.read()
        assert "1 good run" in said
        assert "1 gap" in said
        assert "not seen" in said
        assert "(1h)" in said
        assert "nothing was recording" in said
        assert "also Otto" in said
        assert "(same minute" in said
        assert "the provider renews certificates" in said
        assert "by anna" in said
        assert f"{past.at(365):%H:%M:%S} ok → error" in said
        assert "running" not in said.split("At (UTC)")[1]
        await deck.press("v")
        await deck.sees("running → ok")


async def test_keys_go_from_problem_to_problem_and_from_change_to_change(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        past = await a_night(deck)
        await deck.press("H")
        await deck.opens("What happened")
        await deck.sees("1 problem")
        await deck.press("E")
        assert f"{past.at(365):%H:%M:%S}" in deck.choice()
        await deck.press("right_square_bracket")
        assert "note" in deck.choice()
        await deck.press("full_stop")
        assert "error → ok" in deck.choice()
        await deck.press("comma", "comma")
        assert "ok → error" in deck.choice()
        await deck.press("e")
        assert "no problem after this one" in deck.dialog_trouble()


async def test_the_filter_of_what_happened_reads_the_names_of_a_group_too(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await a_night(deck)
        await deck.press("H")
        await deck.opens("What happened")
        await deck.sees("1 problem")
        await deck.press("slash")
        await deck.type("otto what:error")
        await deck.press("enter")
        assert deck.choices() == 2
        await deck.press("slash", "escape")
        assert deck.choices() > 2


async def test_looking_back_shows_every_list_as_it_was_and_refuses_writes(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        past = await a_night(deck)
        await typed_time(deck, "5h")
        await deck.sees("LOOKING AT", "5h ago")
        assert "error" in next(row for row in deck.rows() if "Otto Market" in row)
        assert "B past or now" in deck.keys_offered()
        assert {"history.time", "history.problem-next"} <= deck.offered()
        assert "worker.configure" not in deck.offered()
        await deck.press("x")
        assert "writes are refused; press B to return to now" in deck.said("notice")
        await deck.press("E")
        await deck.sees(f"LOOKING AT {past.at(365):%H:%M}")
        await deck.press("left_curly_bracket")
        await deck.sees(f"LOOKING AT {past.at(425):%H:%M}")
        await deck.press("escape")
        await deck.loses("LOOKING AT")
        assert "worker.configure" in deck.offered()
        assert "history.time" not in deck.offered()
        assert deck.sent() == []


async def test_a_time_at_which_nothing_was_recorded_is_said_to_be_one(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await a_night(deck)
        await typed_time(deck, "450m")
        await deck.sees("Not seen from", "nothing was recording")
        assert deck.chip() == "not seen then"


async def test_a_time_that_is_none_is_refused_with_the_forms(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await a_night(deck)
        await typed_time(deck, "soon")
        assert "'soon' is not a time" in deck.dialog_trouble()


async def test_a_note_is_cleaned_kept_with_its_user_and_shown(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        past = await a_night(deck)
        await deck.press("N")
        await deck.opens("Note")
        assert "enter write it" in deck.keys_offered()
        await deck.paste("ticket 4711\x1b[31m red")
        await deck.press("enter")
        await deck.opens("")
        await deck.sees("noted: ticket 4711")
        await deck.press("H")
        await deck.opens("What happened")
        await deck.sees("ticket 4711")
        assert "\x1b" not in deck.text()
        assert past.records


async def test_a_note_that_cannot_be_written_stays_where_it_was_typed(erp: RunningSimulator) -> None:
    state_dir().mkdir(parents=True)
    in_the_way = state_dir() / "history"
    in_the_way.write_text("a file")
    async with console(erp, history=True) as deck:
        await deck.sees("history paused: ")
        await deck.until(lambda: deck.app.session.history is not None, "a history")
        await deck.press("N")
        await deck.opens("Note")
        await deck.type("ticket 4711")
        await deck.press("enter")
        await deck.sees("the note was not kept: ", "Check the directory of [history]")
        await deck.press("escape")
        assert deck.dialog_trouble() == "the note is not written. esc again discards it"
        await deck.sees("ticket 4711")
        in_the_way.unlink()
        await deck.press("enter")
        await deck.opens("")
        await deck.sees("noted: ticket 4711")
        assert "4711" in next(in_the_way.rglob("inbox.jsonl")).read_text()


async def test_a_note_from_a_past_window_is_confirmed_although_it_is_not_shown_there(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await a_night(deck)
        await deck.press("H")
        await deck.opens("What happened")
        await deck.press("t", "ctrl+u")
        assert "enter go there" in deck.keys_offered()
        await deck.type("20h")
        await deck.press("enter")
        await deck.opens("What happened")
        await deck.press("N")
        await deck.type("ticket 4711")
        await deck.press("enter")
        await deck.opens("What happened")
        await deck.until(lambda: deck.dialog_trouble() == "noted: ticket 4711", "that it was noted")


async def test_beside_a_list_stand_the_strip_and_the_last_changes(erp: RunningSimulator) -> None:
    async with console(erp, size=(130, 40)) as deck:
        await a_night(deck)
        await deck.workers.focus("Temu DE")
        await deck.sees("Last 24h ·", "ok → error")
        assert "█" in next(line for line in deck.lines() if "Last 24h" in line)


async def test_without_a_history_the_keys_say_how_to_have_one(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        for key in ("h", "H", "B", "N"):
            await deck.press(key)
            assert "[history]" in deck.said("notice")
            assert deck.heading() == ""
