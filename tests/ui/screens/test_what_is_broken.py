"""What is broken stands first and says so in words."""

from tests.drivers.console import console
from tests.drivers.simulator import RunningSimulator
from tui.domain.health.rules import ALL_SUSPENDED


async def test_the_broken_sync_is_the_first_row_with_what_it_said(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        first = deck.rows()[0]
        assert "✖ error" in first
        assert "Temu DE" in first
        assert "401 from marketplace" in first
        assert deck.cursor_row()[1:].rstrip() == first
        assert deck.said("status").startswith("12 syncs · 3 need attention")
        assert "Reported" in deck.text()
        assert "engine ✔ running" in deck.said("engine")


async def test_one_line_says_that_all_syncs_are_suspended(erp: RunningSimulator) -> None:
    erp.state(jtl={"workers": {"*": {"state": 0}}})
    async with console(erp) as deck:
        await deck.sees(ALL_SUSPENDED)
        assert deck.said("status").startswith("12 syncs · 12 need attention")
        erp.state(jtl={"workers": {"Hauptshop": {"state": 3}}})
        await deck.refresh()
        assert ALL_SUSPENDED not in deck.text()


async def test_a_sync_without_status_and_a_status_without_sync_are_both_rows(
    erp: RunningSimulator,
) -> None:
    erp.state(jtl={"workers": {"Hauptshop": {"reported": False}, "Outlet": {"listed": False}}})
    async with console(erp) as deck:
        assert deck.said("status").startswith("12 syncs")
        unreported = next(row for row in deck.rows() if "Hauptshop" in row)
        assert "unknown" in unreported
        assert "no status reported" in unreported
        unlisted = next(row for row in deck.rows() if erp.worker_id("Outlet")[:15] in row)
        assert "▲ locked" in unlisted
        await deck.workers.focus(erp.worker_id("Outlet")[:15])
        await deck.press("e")
        assert "the server listed no configuration for it" in deck.said("notice")
        assert deck.heading() == ""
        assert deck.sent() == []


async def test_an_unreadable_row_keeps_its_place_and_is_marked(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        erp.fault("GET .*/workers$=one-bad-row")
        await deck.refresh()
        await deck.sees("row unreadable")
        marked = next(row for row in deck.rows() if "unreadable" in row)
        assert "B2B-Shop" in marked
        assert marked.lstrip().startswith("!")
        assert len(deck.rows()) == 12


async def test_an_unreadable_row_that_was_never_read_cannot_be_changed(erp: RunningSimulator) -> None:
    erp.fault("GET .*/workers$=one-bad-row")
    async with console(erp) as deck:
        await deck.workers.focus("unreadable")
        await deck.press("e")
        assert "cannot be changed safely" in deck.said("notice")
        assert deck.heading() == ""


async def test_a_state_that_nobody_documented_is_shown_as_its_number(erp: RunningSimulator) -> None:
    erp.state(jtl={"workers": {"Hauptshop": {"state": 42}}})
    async with console(erp) as deck:
        row = next(row for row in deck.rows() if "Hauptshop" in row)
        assert "state 42" in row
        await deck.workers.focus("Hauptshop")
        await deck.press("enter")
        await deck.sees("state 42 has no documented meaning")
