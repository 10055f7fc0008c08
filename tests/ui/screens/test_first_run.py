"""After a start or restart the console watches on until the first run ended, and says how it ended."""

from pathlib import Path

from tests.drivers.command import trail
from tests.drivers.console import console
from tests.drivers.simulator import RunningSimulator
from tests.ui.lists.test_marks import mark
from tests.ui.screens.test_suspended_watch import HELD, answered
from tui.simulator.jtl.world import FAILED, FINISHED, RUNNING, STARTING, STOPPING


async def test_a_restart_is_followed_until_its_run_ended(
    erp: RunningSimulator, private_places: Path
) -> None:
    erp.state(jtl=HELD | {"workers": {"Hauptshop": {"state": FAILED}}})
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        await deck.press("R", "y")
        await deck.opens("")
        for state in (STOPPING, RUNNING):
            erp.state(jtl={"workers": {"Hauptshop": {"state": state}}})
            await answered(deck, erp, "GET", "/status")
        await deck.sees("applied: restart of Shop · Hauptshop: now running")
        erp.state(jtl={"workers": {"Hauptshop": {"state": FAILED, "text": "disk full"}}})
        await deck.sees("Shop · Hauptshop: restarted ", " · run ended ", ": error disk full")
    assert "run ended" in trail(private_places)[-1]["sentence"]


async def test_runs_of_several_are_reported_together_once_all_ended(erp: RunningSimulator) -> None:
    pair = ("Hauptshop", "Amazon FR")

    def both(*states: int) -> dict[str, object]:
        ends = states if len(states) == len(pair) else states * len(pair)
        return {"workers": {name: {"state": state} for name, state in zip(pair, ends, strict=True)}}

    erp.state(jtl=HELD | both(FAILED))
    async with console(erp) as deck:
        await mark(deck, *pair)
        await deck.press("R")
        await deck.opens("Restart sync · 2 syncs")
        await deck.press("y")
        await deck.sees("2 of 2")
        for state in (STARTING, RUNNING):
            await answered(deck, erp, "GET", "/status")
            erp.state(jtl=both(state))
        await deck.sees("Hauptshop · now running", "Amazon FR · now running")
        await deck.press("q")
        await deck.sees("2 applied · 2 now running")
        erp.state(jtl=both(FINISHED, FAILED))
        await deck.sees("1 run ended: ok", "1 run ended: error")
