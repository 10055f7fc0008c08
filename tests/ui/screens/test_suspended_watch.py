"""A console that was stopped while it watched: what it knew before is no verdict on what is so now."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.drivers.command import trail
from tests.drivers.console import Console, console, wall_clock
from tests.drivers.simulator import RunningSimulator
from tests.ui.screens.test_engine_control import holds

AWAY = timedelta(seconds=72)
HELD = {"control_delay": 3_600}
"""A control action shows no effect until a story says so."""


class Clock:
    """The wall clock, and what it went on while the console was stopped."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return wall_clock() + self.ahead


async def answered(deck: Console, erp: RunningSimulator, method: str, part: str) -> None:
    """Wait for two more questions: the first of them is answered then."""
    before = len(erp.received(method, part))
    await deck.until(lambda: len(erp.received(method, part)) >= before + 2, "two more questions")


@pytest.mark.parametrize(
    ("channel", "key", "last", "state", "said"),
    [
        ("Hauptshop", "x", "y", 7, "stop of Shop · Hauptshop: now off"),
        ("Google Shopping DE", "s", "a", 2, "Google Shopping DE: now running"),
    ],
)
async def test_d_a_console_that_was_stopped_judges_no_sync_by_what_it_knew_before(
    erp: RunningSimulator,
    private_places: Path,
    channel: str,
    key: str,
    last: str,
    state: int,
    said: str,
) -> None:
    erp.state(jtl=HELD)
    clock = Clock()
    async with console(erp, clock=clock) as deck:
        await deck.workers.focus(channel)
        await deck.press(key, last)
        await deck.opens("")
        await answered(deck, erp, "GET", "/status")
        erp.state(jtl={"workers": {channel: {"state": state}}})
        clock.ahead = AWAY
        await deck.sees(said)
    assert "still" not in " ".join(one.get("sentence", "") for one in trail(private_places))


async def test_d_a_console_that_was_stopped_judges_no_engine_by_what_it_knew_before(
    erp: RunningSimulator, private_places: Path
) -> None:
    clock = Clock()
    async with console(erp, clock=clock) as deck:
        await deck.press("3")
        await deck.sees("State ✔ running")
        await deck.press("x", "y")
        await deck.opens("")
        await holds(deck, erp)
        await answered(deck, erp, "POST", "GetEngineStatus")
        erp.state(superoffice={"running": False, "message": "Stopped by Sys"})
        clock.ahead = AWAY
        await deck.sees("stop of the ErpSync engine: now stopped")
    assert "still" not in " ".join(one.get("sentence", "") for one in trail(private_places))
