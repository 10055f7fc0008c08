"""The last step before a write, and leaving: what an operator did not see cannot be confirmed."""

import re

from textual import events
from textual._callback import invoke

from tests.drivers.console import console
from tests.drivers.simulator import RunningSimulator
from tui.ui.modals.review.in_sight import NOT_SEEN


async def test_a_confirmation_typed_ahead_of_its_dialog_confirms_nothing(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        for key in "xy":
            deck.app.post_message(events.Key(key, key))
        await deck.opens("Stop sync")
        await deck.until(lambda: deck.app.typed.at_rest, "rest")
        assert deck.sent() == []
        await deck.press("y")
        await deck.sees("accepted by the JTL-Worker")
        assert len(deck.sent()) == 1


async def test_the_key_of_another_grade_confirms_nothing_and_says_which_one_does(
    erp: RunningSimulator,
) -> None:
    erp.state(jtl={"control_delay": 0, "workers": {"Temu DE": {"state": 7}}})
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        await deck.press("x", "a")
        assert "a does not confirm this: read it, then press y" in deck.dialog_trouble()
        await deck.press("escape")
        await deck.workers.focus("Temu DE")
        await deck.press("s", "y")
        assert "y does not confirm this: read it, then press a" in deck.dialog_trouble()
        assert deck.sent() == []
        await deck.press("a")
        await deck.opens("")
        assert len(deck.sent()) == 1


async def test_a_form_whose_request_is_on_its_way_cannot_send_it_again(erp: RunningSimulator) -> None:
    erp.fault("POST .*/workers/=slow:1")
    async with console(erp) as deck:
        await deck.workers.focus("Temu DE")
        await deck.press("e")
        await deck.opens("Configure")
        await deck.form.fill("Interval", "10m")
        await deck.form.review()
        await deck.opens("Configure sync")
        await deck.press("a")
        await deck.sees("sending…")
        await deck.press("escape")
        await deck.sees("Configure sync · Temu · Temu DE: applied")
        assert deck.heading() == ""
        assert len(deck.sent()) == 1


async def test_leaving_the_console_asks_once_for_what_was_not_sent(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Temu DE")
        await deck.press("e")
        await deck.opens("Configure")
        await deck.form.fill("Interval", "10m")
        await deck.press("ctrl+q")
        await deck.sees("not sent: Interval. Press again to quit")
        assert deck.app.return_code is None
        await deck.press("ctrl+q")
        assert deck.app.return_code == 0
        assert deck.sent() == []


async def test_the_age_in_a_review_is_that_of_the_data_it_rests_on(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Temu DE")
        await deck.press("e")
        await deck.opens("Configure")
        await deck.form.fill("Interval", "10m")
        erp.stop()
        await deck.until(lambda: "refused" in deck.said("trouble"), "failure told")
        await deck.form.review()
        await deck.opens("Configure sync")
        said = await deck.read()
        erp.start()
        assert re.search(r"Data \d+s old", said)


async def test_an_option_that_cannot_be_shown_exactly_cannot_be_changed(erp: RunningSimulator) -> None:
    erp.fault("GET .*/workers$=hostile")
    async with console(erp) as deck:
        await deck.press("e")
        await deck.opens("Configure")
        await deck.sees("cannot be changed here")
        await deck.form.review()
        await deck.sees("no changes")
        assert deck.sent() == []


async def test_what_is_confirmed_can_be_read_to_its_end_where_a_name_is_typed(
    erp: RunningSimulator,
) -> None:
    async with console(erp, size=(60, 15), environment="production") as deck:
        await deck.workers.focus("Hauptshop")
        await deck.press("x")
        await deck.opens("Stop sync")
        assert "↓ more" in deck.keys_offered()
        assert "Authorization" not in deck.text()
        await deck.press(*["pagedown"] * 6)
        assert "User-Agent" in deck.text()
        await deck.until(lambda: "↓ more" not in deck.keys_offered(), "that there is no more")
        await deck.press(*["pageup"] * 6)
        await deck.until(lambda: "↓ more" in deck.keys_offered(), "that there is more")
        assert "Target" in deck.text()


async def test_more_is_offered_only_where_there_is_more(erp: RunningSimulator) -> None:
    async with console(erp, size=(120, 40)) as deck:
        await deck.workers.focus("Hauptshop")
        await deck.press("x")
        await deck.opens("Stop sync")
        await deck.sees("User-Agent")
        assert "more" not in deck.keys_offered()
        assert "y confirm" in deck.keys_offered()


async def test_on_a_small_terminal_the_name_is_typed_in_sight_once_the_consequence_was_read(
    erp: RunningSimulator,
) -> None:
    async with console(erp, profile="acme", size=(40, 10), environment="production") as deck:
        await deck.workers.focus("Hauptshop")
        await deck.press("x")
        await deck.opens("Stop sync")
        await deck.press("a")
        await deck.sees(NOT_SEEN)
        assert deck.form.typed() == ""
        lines: list[str] = []
        for _ in range(30):
            lines += [line for line in deck.lines() if line not in lines]
            await deck.press("down")
        read = " ".join(" ".join(line.split("│")[1].split()) for line in lines if line.count("│") > 1)
        assert "The sync stays" in read
        assert "starts it." in read
        await deck.press(*"acm")
        await deck.sees("type acme and press enter acm")
        await deck.press("enter")
        await deck.sees("press enter acm that is not the profile's name", "esc back")
        assert deck.sent() == []


async def test_what_changes_was_in_sight_before_a_key_confirms_it(erp: RunningSimulator) -> None:
    async with console(erp, size=(40, 10)) as deck:
        await deck.workers.focus("Temu DE")
        await deck.press("e")
        await deck.opens("Configure")
        await deck.form.fill("Interval", "9m")
        await deck.form.fill("Account", "ours")
        await deck.form.review()
        await deck.opens("Configure sync")
        assert "ours" not in deck.text()
        assert deck.dimmed() == {"apply"}
        await deck.press("a")
        assert NOT_SEEN in deck.dialog_trouble()
        assert deck.sent() == []
        await deck.press("escape", "f2")
        await deck.opens("Configure sync")
        while deck.dimmed():
            await deck.press("pagedown")
        assert "Authorization" not in deck.text()
        await deck.press("a")
        await deck.opens("")
        (sent,) = deck.sent()
        assert [item["Value"] for item in sent["body"]["Configs"]] == ["ours"]


async def test_a_long_message_leaves_room_for_the_consequence(erp: RunningSimulator) -> None:
    erp.state(jtl={"workers": {"Temu DE": {"text": "remote error " * 240}}})
    async with console(erp, profile="acme", environment="production") as deck:
        await deck.workers.focus("Temu")
        await deck.press("R")
        await deck.opens("Restart sync")
        await deck.sees("… → restart requested", "Consequence")
        await deck.type("acme")
        await deck.press("enter")
        await deck.opens("")
        assert len(deck.sent()) == 1


async def test_after_another_size_it_is_in_sight_again_before_a_key_counts(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        await deck.press("x")
        await deck.opens("Stop sync")
        assert not deck.dimmed()
        await deck.resize(40, 10)
        await deck.press("y")
        assert NOT_SEEN in deck.dialog_trouble()
        assert deck.sent() == []


async def test_a_tick_of_the_clock_that_comes_while_a_review_closes_breaks_nothing(
    erp: RunningSimulator,
) -> None:
    """Textual removes what is in a dialog first, while its timers still run."""
    async with console(erp) as deck:
        await deck.press("x")
        await deck.opens("Stop sync")
        ticks = [timer._callback for timer in deck.app.screen._timers]
        await deck.press("q")
        await deck.opens("")
        for tick in filter(None, ticks):
            await invoke(tick)
        assert ticks
