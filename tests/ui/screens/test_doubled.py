"""Two rows with one identifier on screen: names and states stay, no key writes to either (D15)."""

from collections.abc import Iterator

import pytest

from tests.drivers.console import Console, console
from tests.drivers.doubled import double
from tests.drivers.simulator import RunningSimulator
from tests.ops.sent import sent

TWICE = "two rows of the list have its identifier"


@pytest.fixture
def doubled() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        double(running)
        yield running


async def refused(deck: Console, *keys: str) -> None:
    for key in keys:
        await deck.press(key)
        assert not deck.heading(), f"{key}: {deck.heading()}"
        assert TWICE in deck.text(), key


async def test_d15_a_doubled_sync_keeps_its_name_and_state(doubled: RunningSimulator) -> None:
    async with console(doubled, size=(180, 30)) as deck:
        for name in ("Temu DE", "Temu twin"):
            await deck.workers.focus(name)
            assert "unreadable" not in deck.cursor_row()
            assert "unknown" not in deck.cursor_row()
            await deck.sees("the same identifier as another row")
            await refused(deck, "s", "x", "R", "e")
        assert sent(doubled) == []


async def test_d15_of_marked_syncs_the_doubled_are_left_out(doubled: RunningSimulator) -> None:
    async with console(doubled, size=(160, 40)) as deck:
        for name in ("Temu DE", "Temu twin", "Hauptshop"):
            await deck.workers.focus(name)
            await deck.press("space")
        await deck.press("x")
        text = await deck.read()
        assert "Stop sync · 1 sync" in text
        assert all(f"{name} {TWICE}" in text for name in ("Temu DE", "Temu twin"))
        assert sent(doubled) == []


async def test_d15_a_doubled_extension_keeps_its_name_and_status(doubled: RunningSimulator) -> None:
    async with console(doubled, size=(180, 30)) as deck:
        await deck.extensions.show()
        await deck.extensions.focus("twin.extension")
        assert "the same identifier as another row" in deck.cursor_row()
        await refused(deck, "e", "t", "D", "m")
        assert sent(doubled) == []


async def test_d15_a_doubled_connection_keeps_its_name_and_state(doubled: RunningSimulator) -> None:
    own = doubled.world.so.connections[1].name
    async with console(doubled, size=(180, 30)) as deck:
        await deck.connections.show()
        await deck.connections.focus("Twin connection")
        assert "inactive" in deck.cursor_row()
        await refused(deck, "t", "L", "f")
        await deck.connections.focus(own)
        assert "active" in deck.cursor_row()
        await refused(deck, "t", "L", "f")
        assert sent(doubled) == []


async def test_d15_a_row_that_is_doubled_under_the_review_is_not_written_to() -> None:
    with RunningSimulator(still=True) as erp:
        async with console(erp) as deck:
            await deck.connections.show()
            await deck.connections.focus(erp.world.so.connections[1].name)
            await deck.press("t")
            assert deck.heading()
            double(erp)
            await deck.press("y")
            await deck.sees(TWICE)
            assert sent(erp) == []
