"""Rows that are off by a maintenance say so, and are no problem that nobody planned."""

from datetime import timedelta

from tests.drivers.console import wall_clock
from tests.drivers.simulator import RunningSimulator
from tests.ui.maintenance.sets import AMAZON, console, journals, left_off
from tests.ui.maintenance.test_closing import OFF, states
from tui.domain.maintenance.records import Maintenance, MemberKind, NotedTarget, Step
from tui.domain.result import Result

SAID = "off by maintenance nightly, until"
HOUR = timedelta(hours=1)


def superoffice_off(erp: RunningSimulator, until: timedelta = HOUR) -> None:
    """The engine and connection 1 are off by a maintenance."""
    erp.state(superoffice={"running": False, "connections": {"1": {"active": False}}})
    now = wall_clock()
    done = Step(now - 2 * HOUR, Result.APPLIED)
    targets = (
        NotedTarget("engine", "ErpSync engine", MemberKind.ENGINE, "running", stop=done),
        NotedTarget("1", "NAV", MemberKind.CONNECTION, "active", stop=done),
    )
    one = Maintenance("so-1", "nightly", "sim", "x", "kim", now - 2 * HOUR, now + until, targets)
    held = journals().create(one)
    assert isinstance(held, Maintenance)
    journals().release(held)


async def test_a_sync_that_is_off_by_it_says_so_and_another_does_not(erp: RunningSimulator) -> None:
    states(erp, Hauptshop=OFF)
    left_off(erp, AMAZON)
    async with console(erp, size=(120, 40)) as deck:
        await deck.sees("maintenance nightly")
        await deck.until(lambda: sum("off by maintenance" in line for line in deck.lines()) == 2, "both")
        rows = [line for line in deck.lines() if "off on purpose" in line]
        assert any("Hauptshop" in line for line in rows)
        assert not any("Amazon" in line for line in rows)
        await deck.workers.focus("Amazon FR")
        await deck.press("enter")
        await deck.opens("Amazon")
        assert SAID in await deck.read()


async def test_engine_and_connection_do_not_count_and_an_overdue_set_does(erp: RunningSimulator) -> None:
    superoffice_off(erp)
    late = False
    clock = lambda: wall_clock() + (3 * HOUR if late else 0 * HOUR)  # noqa: E731 - a clock
    async with console(erp, size=(120, 40), clock=clock) as deck:
        await deck.sees("engine ○ stopped", "maintenance nightly · 2 off")
        tabs = deck.lines()[1]
        assert "3 Engine  " in tabs
        assert "4 Connections !1 " in tabs or "4 Connections  " in tabs
        attention = deck.app.session.attention.total
        await deck.press("3")
        await deck.sees(SAID)
        await deck.press("4")
        await deck.sees("○ inactive 1 Business")
        await deck.press("end", "enter")
        await deck.opens("Connection 1")
        assert SAID in await deck.read()
        await deck.press("escape")
        deck.app._show_title()
        assert f"{attention} need attention" in deck.app._title
        late = True
        # Time alone makes syncs overdue as well: the set counts beside them.
        total = deck.app.session.attention
        await deck.until(lambda: f" {total.total + 1} need" in deck.app._title, "the set counts")
