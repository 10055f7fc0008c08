"""No key is a bug where there is nothing for it: before the connection, or without a system."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.drivers.console import Console, console, launch_for, started, write_config
from tests.drivers.simulator import RunningSimulator
from tui.core import Core
from tui.ui.screens.screen_frame import TABS
from tui.ui.screens.tab_screen import TabScreen

LEAVES = "quit"


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        yield running


async def try_everything(deck: Console) -> set[str]:
    """Run every operation of every screen; which ones. A bug fails the story at its end."""
    tried = set()
    for _, title in TABS:
        deck.app.show_tab(title.lower())
        await deck.press("esc")
        tab = deck.app.screen
        assert isinstance(tab, TabScreen)
        for operation_id in tab.handlers():
            if operation_id == LEAVES or operation_id.startswith("screen."):
                continue
            tried.add(operation_id)
            await tab.action_operation(operation_id)
            await deck.press("esc")
            while not isinstance(deck.app.screen, TabScreen):
                deck.app.pop_screen()
    return tried


@pytest.mark.parametrize("system", ["jtl", "superoffice"])
async def test_no_key_is_a_bug_without_the_other_system(erp: RunningSimulator, system: str) -> None:
    async with console(erp, systems=(system,), waits=False) as deck:
        await deck.until(deck.has_heard_all, "a response to every first request")
        assert {"refresh", "connection.test", "engine.linked"} <= await try_everything(deck)


async def test_no_key_is_a_bug_before_the_connection(erp: RunningSimulator) -> None:
    launch, connects = launch_for(write_config(erp)), threading.Event()
    make_core = launch.make_core
    assert make_core is not None

    def wait() -> Core:
        connects.wait()
        return make_core()

    async with started(replace(launch, make_core=wait), erp) as deck:
        try:
            assert {"refresh", "connection.test", "engine.linked"} <= await try_everything(deck)
            assert deck.app.session.core is None
        finally:
            connects.set()
