"""Keys that were typed ahead are all acted on, in order, whatever becomes of the widgets they act on."""

import pytest

from tests.drivers.console import console
from tests.drivers.simulator import RunningSimulator


@pytest.mark.parametrize("closing", ["f10", "escape", "q"])
@pytest.mark.parametrize("opening", ["enter", "question_mark"])
async def test_what_is_typed_behind_the_end_of_a_dialog_is_acted_on(
    erp: RunningSimulator, opening: str, closing: str
) -> None:
    """The dialog that closes takes its marker with it, and nothing typed later wakes the queue."""
    async with console(erp) as deck:
        await deck.burst(opening, closing, "4")
        await deck.until(lambda: deck.tab() == "Connections", "connections")
        assert deck.heading() == ""


async def test_two_keys_that_leave_are_acted_on_behind_a_dialog_that_closes(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.burst("enter", "f10", "ctrl+q", "ctrl+q")
        await deck.ends()


async def test_keys_that_open_and_close_dialogs_keep_their_order(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.burst("slash", *"Temu", "enter", "enter", "escape", "question_mark")
        await deck.opens("Help")
        await deck.burst("escape", "enter")
        await deck.opens("Temu DE")
