"""The engine: running, stopped or unknown, never inferred; a resync told in full before it is sent."""

import pytest

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator


async def shown(deck: Console) -> None:
    await deck.press("3")
    await deck.sees("Observed since ")


async def test_the_engine_says_running_or_stopped_and_what_it_said(erp: RunningSimulator) -> None:
    erp.state(superoffice={"message": "Synchronising Visma"})
    async with console(erp) as deck:
        await shown(deck)
        await deck.sees("State ✔ running", "Message Synchronising Visma", "Interval 15m (00:15:00)")
        erp.state(superoffice={"running": False, "message": "Stopped by Sys"})
        await deck.refresh()
        await deck.sees("State ! stopped", "Message Stopped by Sys", "engine ! stopped")
        newest, older = deck.rows()[:2]
        assert newest.lstrip().startswith("! stopped")
        assert "Stopped by Sys" in newest
        assert older.lstrip().startswith("✔ running")
        assert newest.split()[2].count(":") == 2


@pytest.mark.parametrize("fault", ["message:The agent is not available", "html:502"])
async def test_an_answer_that_does_not_tell_leaves_the_engine_unknown(
    erp: RunningSimulator, fault: str
) -> None:
    erp.fault(f"GetEngineStatus={fault}")
    async with console(erp) as deck:
        await deck.press("3")
        await deck.sees("State unknown", "no response received yet")
        assert "engine unknown" in deck.lines()[0]
        await deck.until(lambda: deck.chip().startswith("no data"), "chip without data")
        assert "engine" in deck.said("trouble")
        await deck.until(
            lambda: any(row.lstrip().startswith("! unknown") for row in deck.rows()[:1]), "observation"
        )
        assert "running" not in deck.text()
        assert "stopped" not in deck.text()


async def test_no_access_to_the_agent_says_that_it_must_be_requested(erp: RunningSimulator) -> None:
    erp.state(superoffice={"access_refused": True})
    async with console(erp) as deck:
        await deck.press("3")
        await deck.until(lambda: deck.chip().startswith("no data"), "chip without data")
        assert "request" in deck.said("trouble").lower()
