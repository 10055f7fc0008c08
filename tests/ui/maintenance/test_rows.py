"""Rows that are off by a maintenance say so, and are no problem that nobody planned."""

from datetime import timedelta

from tests.drivers.console import wall_clock
from tests.drivers.simulator import RunningSimulator
from tests.ui.history.past import Past, give
from tests.ui.maintenance.sets import AMAZON, console, journals, left_off
from tests.ui.maintenance.test_closing import OFF, states
from tui.domain.health.rules import Level
from tui.domain.history.records import Cause, State, Subject, SubjectKind
from tui.domain.maintenance.records import Maintenance, MemberKind, NotedTarget, Step
from tui.domain.result import Result

SAID = "maintenance nightly, until"
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
    one = Maintenance("so-1", "nightly", "sim", "x", "kim", now - 3 * HOUR, now + until, targets)
    held = journals().create(one)
    assert isinstance(held, Maintenance)
    journals().release(held)


async def test_a_sync_that_is_off_by_it_says_so_and_another_does_not(erp: RunningSimulator) -> None:
    states(erp, Hauptshop=OFF)
    left_off(erp, AMAZON)
    async with console(erp, size=(120, 40)) as deck:
        await deck.sees("maintenance nightly")
        await deck.until(
            lambda: sum("○ off" in line and "maintenance nightly" in line for line in deck.lines()) == 2,
            "both",
        )
        rows = [line for line in deck.lines() if "off on purpose" in line]
        assert any("Hauptshop" in line for line in rows)
        assert not any("Amazon" in line for line in rows)
        await deck.workers.focus("Amazon FR")
        await deck.press("enter")
        await deck.opens("Amazon")
        assert SAID in await deck.read()


async def test_its_name_fits_beside_a_sync_in_eighty_columns(erp: RunningSimulator) -> None:
    left_off(erp, ["Amazon FR"])
    async with console(erp, size=(80, 24)) as deck:
        await deck.sees("maintenance nightly · 1 off")
        await deck.until(lambda: any("○ off" in line for line in deck.lines()), "the row")
        [row] = [line for line in deck.lines() if "Amazon FR" in line]
        assert row.rstrip().endswith("maintenance nightly…")


async def test_what_it_stopped_is_no_problem_of_what_happened(erp: RunningSimulator) -> None:
    superoffice_off(erp)
    async with console(erp) as deck:
        past, engine = Past(wall_clock()), Subject(SubjectKind.ENGINE, "engine", "ErpSync engine")
        running, stopped = State("running", Level.OK), State("stopped", Level.WARNING)
        past.polled(180).was(engine, 150, running, Cause.KEYFRAME)
        # Its note was written once the effect was seen.
        await give(deck, past.was(engine, 120.2, stopped).records)
        await deck.press("H")
        await deck.opens("What happened")
        await deck.sees("running → stopped", "0 problems")
        await deck.press("escape")
        await give(deck, past.was(engine, 130, stopped).records)
        await deck.press("H")
        await deck.opens("What happened")
        await deck.sees("1 problem")


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
        # Time alone makes syncs overdue as well, once a minute: the set counts beside them.
        deck.app.count_all()
        total = deck.app.session.attention
        await deck.until(lambda: f" {total.total + 1} need" in deck.app._title, "the set counts")
