"""Marks: by key, through sorting, filter and refresh; seen without colour; dropped once gone."""

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tui.ui.screens.marking import HIDDEN


async def mark(deck: Console, *texts: str) -> None:
    for text in texts:
        await deck.workers.focus(text)
        await deck.press("space")


def marked(deck: Console) -> list[str]:
    """The lines that carry a mark."""
    return [row for row in deck.rows() if row[1:2] == "+"]


async def test_space_marks_and_goes_to_the_next_row(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        first, second = deck.rows()[:2]
        await deck.press("g", "space")
        assert second in deck.cursor_row()
        await deck.press("space", "k")
        assert deck.cursor_row().startswith("▌▲+locked")
        assert marked(deck) == [first.replace(" ", "+", 1), second.replace(" ", "+", 1)]
        assert "12 syncs · 2 marked" in deck.said("status")
        await deck.press("space")
        assert "12 syncs · 1 marked" in deck.said("status")


async def test_marks_survive_sorting_filter_and_refresh(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await mark(deck, "Hauptshop", "Amazon FR")
        await deck.press("o", "o", "O")
        assert len(marked(deck)) == 2
        erp.state(jtl={"workers": {"Hauptshop": {"state": 4, "text": "broke"}}})
        await deck.sees("broke")
        assert len(marked(deck)) == 2
        await deck.workers.filter("amazon")
        assert "2 marked, 1 of them hidden by the filter" in deck.said("status")
        await deck.press("escape")
        assert "2 marked" in deck.said("status")
        await deck.press("minus")
        assert marked(deck) == []
        assert "marked" not in deck.said("status")


async def test_all_that_the_filter_shows_is_marked_and_nothing_else(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.filter("amazon")
        await deck.press("asterisk")
        await deck.press("slash", "escape")
        assert [row.split()[1] for row in marked(deck)] == ["Amazon", "Amazon"]


async def test_a_marked_row_that_left_the_list_is_dropped_when_it_is_used(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await mark(deck, "Hauptshop", "Amazon FR")
        erp.state(jtl={"workers": {"Hauptshop": {"listed": False, "reported": False}}})
        await deck.until(lambda: "1 of them removed" in deck.said("status"), "a mark that is gone")
        await deck.press("x")
        await deck.opens("Stop sync · 1 sync")
        said = await deck.read()
        assert "Left out: 1" in said
        assert "Shop · Hauptshop it is no longer in the server's list" in said
        await deck.press("escape")
        assert "1 marked" in deck.said("status")


async def test_a_review_names_the_marked_rows_that_the_filter_hides(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await mark(deck, "Hauptshop", "Amazon FR")
        await deck.workers.filter("amazon")
        await deck.press("x")
        await deck.opens("Stop sync · 2 syncs")
        assert f"{HIDDEN}Shop · Hauptshop." in await deck.read()


async def test_where_every_marked_row_is_gone_the_cursor_is_not_taken_instead(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await mark(deck, "Hauptshop")
        erp.state(jtl={"workers": {"Hauptshop": {"listed": False, "reported": False}}})
        await deck.until(lambda: "1 of them removed" in deck.said("status"), "a mark that is gone")
        await deck.press("x")
        assert deck.heading() == ""
        assert "Shop · Hauptshop: it is no longer in the server's list" in deck.said("notice")
        await deck.press("x")
        await deck.opens("Stop sync ·")


async def test_lists_without_operations_on_many_have_no_marks(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("5")
        await deck.until(lambda: deck.tab() == "Activity", "the activity")
        await deck.press("space", "asterisk")
        assert "marked" not in deck.said("status")
        assert not {"mark", "mark.all", "mark.none"} & deck.offered()
