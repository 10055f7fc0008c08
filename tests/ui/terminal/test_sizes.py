"""A window in which nothing can be read says so, and no key acts on what is behind the word."""

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator


async def says(deck: Console, text: str) -> None:
    """Wait until the whole window says it: a dialog's frame is covered as well."""
    await deck.until(lambda: text in " ".join(line.strip() for line in deck.lines()), repr(text))


async def test_no_key_acts_in_a_window_that_is_too_small(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("j", "x")
        await deck.opens("Stop sync")
        await deck.resize(29, 8)
        await says(deck, "29x8 is too small")
        await deck.press("y", "escape", "e")
        assert deck.sent() == []
        await deck.resize(80, 24)
        await deck.opens("Stop sync")
        assert "too small" not in deck.text()
        await deck.press("y")
        await deck.opens("")
        assert [write["method"] for write in deck.sent()] == ["PUT"]


async def test_a_form_that_was_covered_is_where_it_was(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("e")
        await deck.opens("Configure")
        await deck.press("tab")
        await deck.type("x")
        before = deck.lines()
        await deck.resize(20, 5)
        await says(deck, "20x5 is too small")
        await deck.type("lost")
        await deck.resize(80, 24)
        await deck.until(lambda: deck.lines() == before, "the form as it was")
        await deck.type("y")
        await deck.sees("mainxy")


async def test_it_can_be_left_from_there(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.resize(20, 5)
        await says(deck, "ctrl+q quits")
        await deck.leaves("ctrl+q")


async def test_the_least_window_is_not_covered(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.resize(30, 8)
        await deck.press("j")
        await deck.sees("Temu DE")


async def test_what_opens_there_is_covered_as_well(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.resize(20, 5)
        await says(deck, "20x5 is too small")
        deck.app.open_undo()
        await deck.until(lambda: bool(deck.heading()), "the dialog that opened by itself")
        await says(deck, "20x5 is too small")
        await deck.resize(80, 24)
        await deck.until(lambda: "too small" not in deck.text(), "the dialog")
        assert "Undo" in deck.heading()
