"""With rows marked, a key acts on those or is refused with the reason (D8)."""

import pytest

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tui.ops.operations.operation import Danger
from tui.ops.operations.registry import OPERATIONS
from tui.ui.bindings import _TEXTUAL
from tui.ui.screens.marking import MarkedListScreen

ON_MARKED = {"worker.configure", "worker.start", "worker.stop", "worker.restart", "extension.toggle"}
ON_NO_ROW = {"extension.create"}
LISTS = ("1", "2", "4")
COMMANDS = {
    "1": ("start now=yes",),
    "2": ("delete", "update version=9"),
    "4": ("update-fields", "force-resync keys=670", "connection.toggle", "priorities"),
}


async def mark_two(deck: Console, tab: str) -> None:
    """Two rows, and the cursor on a third one."""
    await deck.press(tab)
    await deck.until(lambda: bool(deck.cursor_row()), "row under a cursor")
    await deck.press("g", "space", "space")
    assert "2 marked" in deck.said("status")


def writing(deck: Console) -> list[str]:
    return [one for one in sorted(deck.offered()) if OPERATIONS[one].danger is not Danger.READ]


@pytest.mark.parametrize("tab", LISTS)
async def test_d8_whatever_writes_acts_on_the_marked_or_is_refused(
    erp: RunningSimulator, tab: str
) -> None:
    async with console(erp) as deck:
        await mark_two(deck, tab)
        operations = writing(deck)
        assert operations
        for operation_id in operations:
            operation = OPERATIONS[operation_id]
            await deck.press(_TEXTUAL.get(operation.key, operation.key))
            if operation_id in ON_MARKED:
                assert "2 " in deck.heading(), operation_id
            elif operation_id not in ON_NO_ROW:
                assert deck.heading() == "", operation_id
                assert "press - to clear the marks" in deck.said("notice") or (
                    "- clears the marks" in deck.said("notice")
                ), operation_id
                await by_palette(deck, operation_id)
            await deck.press("escape", "escape")
            await deck.opens("")
        for command in COMMANDS[tab]:
            await deck.command(command)
            assert deck.heading() == "", command
            assert "the marks" in deck.said("command-message"), command
            await deck.press("escape")
        assert "2 marked" in deck.said("status")
        assert deck.sent() == []


async def by_palette(deck: Console, operation_id: str) -> None:
    """The palette lists it as refused."""
    await deck.press("ctrl+p")
    await deck.paste(operation_id)
    await deck.press("enter")
    said = f"{deck.dialog_trouble() if deck.heading() else deck.said('notice')}"
    assert "marks" in said, operation_id


async def test_d8_a_row_that_is_marked_alone_is_counted_in_words(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.extensions.show()
        await deck.press("g", "space", "D")
        assert deck.said("notice").endswith(
            "1 row is marked; D acts on one row: press - to clear the marks"
        )
        await deck.press("minus", "D")
        await deck.opens("Delete extension")


def test_d8_what_a_list_says_it_does_with_marks_is_what_it_offers() -> None:
    for screen in MarkedListScreen.__subclasses__():
        assert set(OPERATIONS) >= screen.WITH_MARKS
        assert screen.WITH_MARKS, screen
