"""What an operation hits is what was under the cursor when its key was pressed, or nothing."""

from tests.drivers.console import console
from tests.drivers.simulator import RunningSimulator


async def test_a_write_goes_to_its_target_though_the_list_was_sorted_anew_meanwhile(
    erp: RunningSimulator,
) -> None:
    erp.state(jtl={"control_delay": 0})
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        before = deck.rows()
        await deck.press("x")
        await deck.opens("Stop sync · Shop · Hauptshop")
        erp.state(jtl={"workers": {"Hauptshop": {"state": 4, "text": "broke just now"}}})
        await deck.until(lambda: deck.rows()[0] != before[0], "list in another order")
        await deck.sees("changed since you opened this: State ok → error")
        await deck.press("y")
        await deck.opens("")
        (sent,) = deck.sent()
        assert sent["path"].endswith(erp.worker_id("Hauptshop"))
        assert "Hauptshop" in deck.cursor_row()


async def test_the_cursor_follows_its_row_through_a_refresh(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        erp.state(jtl={"workers": {"Hauptshop": {"state": 4, "text": "broke"}, "Temu DE": {"state": 3}}})
        await deck.until(lambda: "Hauptshop" in deck.rows()[0], "row at the top")
        assert "Hauptshop" in deck.cursor_row()
        assert "broke" in deck.cursor_row()


async def test_a_row_that_a_refresh_took_away_leaves_no_target_until_the_cursor_moves(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        erp.state(jtl={"workers": {"Hauptshop": {"listed": False, "reported": False}}})
        await deck.until(lambda: deck.said("status").startswith("11 syncs"), "shorter list")
        assert deck.cursor_row() == ""
        assert "the row under the cursor was removed: move the cursor" in deck.said("status")
        for key in ("enter", "e", "s", "x", "R", "y"):
            await deck.press("escape", key)
            assert deck.heading() == ""
            assert "the row under the cursor was removed" in deck.said("notice")
        assert deck.sent() == []
        await deck.press("j")
        assert deck.cursor_row() != ""
        assert "was removed" not in deck.said("status")
        await deck.press("x")
        await deck.opens("Stop sync")


async def test_a_row_that_comes_back_is_the_target_again(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        erp.state(jtl={"workers": {"Hauptshop": {"listed": False, "reported": False}}})
        await deck.until(lambda: deck.cursor_row() == "", "list without cursor")
        erp.state(jtl={"workers": {"Hauptshop": {"listed": True, "reported": True}}})
        await deck.until(lambda: "Hauptshop" in deck.cursor_row(), "cursor on the row that came back")
        assert deck.said("status").startswith("12 syncs")


async def test_a_filter_that_hides_the_row_gives_the_cursor_to_the_first_match(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        await deck.workers.filter("amazon")
        assert len(deck.rows()) == 2
        assert deck.cursor_row()[1:].rstrip() == deck.rows()[0]
        await deck.press("x")
        await deck.opens("Stop sync · Amazon")


async def test_after_a_filter_that_hid_everything_the_cursor_is_in_sight_again(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.extensions.show()
        await deck.press("G")
        last = deck.cursor_row()
        await deck.press("slash")
        await deck.type("no matching operation")
        assert deck.rows() == []
        assert deck.cursor_row() == ""
        await deck.press("escape")
        assert deck.cursor_row() == last
        assert len(deck.rows()) > 10


async def test_details_of_a_row_that_is_gone_keep_its_last_values_and_say_so(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        await deck.press("enter")
        await deck.opens("Shop · Hauptshop")
        erp.state(jtl={"workers": {"Hauptshop": {"listed": False, "reported": False}}})
        await deck.sees("no longer in the list; these are the last known values")
        assert f"Identifier {erp.worker_id('Hauptshop')}" in await deck.read()
        assert deck.heading() == "Shop · Hauptshop"
