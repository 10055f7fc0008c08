"""The palette: found by letters, done by enter, on what was selected when it was opened."""

from tests.drivers.console import console
from tests.drivers.simulator import RunningSimulator


async def test_letters_find_an_operation_and_enter_opens_its_review(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        await deck.press("ctrl+p")
        await deck.opens("Palette")
        assert "Stop a sync until a user starts it again." in deck.text()
        await deck.type("sto")
        assert deck.text().index("Stop sync") < deck.text().index("Restart sync")
        await deck.press("enter")
        await deck.opens("Stop sync · Shop · Hauptshop")
        assert deck.sent() == []


async def test_one_packet_acts_on_the_row_and_skips_no_review(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        await deck.burst("ctrl+p", *"sto", "enter", "y")
        await deck.opens("Stop sync · Shop · Hauptshop")
        assert deck.sent() == []


async def test_it_acts_on_the_row_of_the_key_press(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        await deck.press("ctrl+p")
        await deck.opens("Palette")
        erp.state(jtl={"workers": {"Hauptshop": {"listed": False, "reported": False}}})
        await deck.until(lambda: deck.said("status").startswith("11 syncs"), "shorter list")
        await deck.type("stop")
        await deck.press("enter")
        await deck.opens("")
        assert "the row that was under the cursor was removed" in deck.said("notice")
        assert deck.sent() == []


async def test_the_arrows_choose_and_what_does_not_exist_is_said(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("ctrl+p")
        await deck.opens("Palette")
        await deck.type("zzz")
        await deck.press("enter")
        assert deck.dialog_trouble() == "no matching operation"
        await deck.press("ctrl+u")
        await deck.type("screen.")
        await deck.press("down", "enter")
        await deck.until(lambda: deck.tab() == "Extensions", "the second screen")


async def test_what_is_refused_now_is_listed_with_its_reason_and_not_done(
    erp: RunningSimulator,
) -> None:
    async with console(erp, read_only=True) as deck:
        await deck.press("ctrl+p")
        await deck.opens("Palette")
        await deck.type("worker.stop")
        assert "not now: profile sim is read-only" in deck.text()
        await deck.press("enter")
        assert "Stop sync: profile sim is read-only" in deck.dialog_trouble()
        assert deck.heading() == "Palette"


async def test_it_is_not_opened_over_a_dialog(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("x")
        await deck.opens("Stop sync")
        await deck.press("ctrl+p")
        assert deck.heading().startswith("Stop sync")


async def test_marked_rows_are_acted_on_together(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.filter("amazon")
        await deck.press("asterisk", "ctrl+p")
        await deck.opens("Palette")
        await deck.type("restart")
        await deck.press("enter")
        await deck.opens("Restart sync · 2 syncs")
        assert deck.sent() == []
