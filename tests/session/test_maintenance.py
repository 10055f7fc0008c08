"""Maintenance as a console sees it, over real HTTP: plan, open, the banner, close."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator
from tests.headless.maintenance.conftest import OFF, OK
from tui.config.file import read
from tui.domain.maintenance.records import MemberKind, SetState, Step
from tui.domain.maintenance.rules import Act
from tui.domain.profile import Environment
from tui.domain.result import Result
from tui.launch import RunOptions
from tui.ops.maintenance.journals import journals_of
from tui.ops.maintenance.planning import ClosingPlan, OpeningPlan
from tui.ops.maintenance.states import propose
from tui.ops.operations.operation import Danger
from tui.ops.proposals.proposal import Proposal
from tui.ops.refusal import Refusal
from tui.session.events import Event, MaintenanceChanged, MaintenanceEnded
from tui.session.maintenance.beginning import Terms
from tui.session.maintenance.run import MaintenanceRun
from tui.session.maintenance.view import MaintenanceView
from tui.session.session import Session
from tui.store.snapshot import Topic
from tui.wiring import build_core, demo_core

SETS = '[profiles.sim.sets]\nnightly = ["channel:Amazon", "engine"]\n'


class Console:
    """A session on the simulator; a pause of a second takes three of the simulator's."""

    def __init__(self, erp: RunningSimulator) -> None:
        self.erp = erp
        self._offset, self.pace = timedelta(), 3
        erp.world.clock = self.clock
        config = write_config(erp)
        config.write_text(config.read_text() + SETS)
        self.core = build_core(read(config), "sim", RunOptions())
        self.core.guard.clock = self.clock
        self.posted: list[Event] = []
        self.session = Session(self.core.facts, self.clock, self.posted.append, str, self.sleep)
        self.session.attach(self.core)

    def clock(self) -> datetime:
        return datetime.now(UTC) + self._offset

    async def sleep(self, seconds: float) -> None:
        self._offset += timedelta(seconds=self.pace * seconds)
        await asyncio.sleep(0)

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not condition():  # noqa: ASYNC110 - the condition is of another task's making
                await asyncio.sleep(0.005)

    async def ended(self, run: MaintenanceRun | Refusal) -> MaintenanceRun:
        assert isinstance(run, MaintenanceRun), run
        await self.until(lambda: MaintenanceEnded(run) in self.posted)
        await self.until(lambda: not self.view.is_reading)
        return run

    @property
    def view(self) -> MaintenanceView:
        return self.session.maintenance

    def terms(self) -> Terms:
        return Terms("upgrade", self.clock() + timedelta(hours=2))

    def controls(self) -> list[str]:
        paths = (entry["path"] for entry in self.erp.received("PUT", "/workers/"))
        return [self.erp.world.jtl.syncs[path.rpartition("/")[2]].channel for path in paths]


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        running.state(jtl={"control_delay": 0, "workers": {"*": {"state": OK, "locked": False}}})
        yield running


@pytest.fixture
async def console(erp: RunningSimulator) -> AsyncIterator[Console]:
    one = Console(erp)
    yield one
    await one.session.aclose()


async def opened(console: Console) -> MaintenanceRun:
    plan = await console.view.plan("nightly")
    assert isinstance(plan, OpeningPlan), plan
    return await console.ended(await console.view.open(plan, console.terms()))


async def test_a_set_is_opened_shown_and_closed(console: Console) -> None:
    view = console.view
    await console.until(lambda: view.is_read)
    assert (view.banner(), view.open_ones, view.set_names) == ("", (), ("nightly",))
    run = await opened(console)
    assert run.is_well
    assert run.summary == "maintenance nightly: 3 stopped"
    (one,) = view.open_ones
    assert view.banner().startswith("maintenance nightly · 3 off since ")
    assert not view.urgent
    assert any(isinstance(event, MaintenanceChanged) for event in console.posted)
    plan = await view.plan_closing(one)
    assert isinstance(plan, ClosingPlan), plan
    assert plan.grade(Environment.DEVELOPMENT) is Danger.DISRUPTIVE or len(plan.started) == 3
    done = await console.ended(await view.close(plan))
    assert done.one.state is SetState.CLOSED
    # A signal that comes when all is done kept nothing from being sent.
    done.stop("interrupted, so nothing more was sent")
    assert done.summary == "maintenance nightly: 3 started · closed"
    assert view.open_ones == ()
    assert view.banner() == ""
    assert sorted(console.controls()) == sorted(2 * ["Amazon DE", "Amazon FR"])


async def test_what_was_stopped_together_is_one_row_of_the_undo_list(console: Console) -> None:
    await console.until(lambda: console.view.is_read)
    await opened(console)
    console.session.trail.again()
    await console.until(lambda: console.session.trail.is_current)
    rows = [(one.first.title, len(one.changes)) for one in console.session.undo.sets()]
    assert rows == [("Stop sync", 2), ("Stop engine", 1)]


async def test_marked_rows_are_a_set_of_their_own(console: Console, erp: RunningSimulator) -> None:
    marked = [(MemberKind.SYNC, erp.worker_id("Temu DE")), (MemberKind.ENGINE, "engine")]
    plan = await console.view.plan_marked(marked)
    assert isinstance(plan, OpeningPlan), plan
    assert plan.name.startswith("adhoc-")
    assert [one.kind for one in plan.targets] == [MemberKind.ENGINE, MemberKind.SYNC]
    assert plan.grade(Environment.DEVELOPMENT) is Danger.DISRUPTIVE
    assert plan.grade(Environment.PRODUCTION) is Danger.IRREVERSIBLE
    run = await console.ended(await console.view.open(plan, console.terms()))
    assert run.is_well


async def test_another_console_sees_it_and_the_rest_of_a_crash_is_offered(
    console: Console, erp: RunningSimulator
) -> None:
    erp.fault(f"PUT .*/{erp.worker_id('Amazon FR')}=status:409")
    run = await opened(console)
    assert not run.is_well
    other = Console(erp)
    try:
        await other.until(lambda: other.view.is_read)
        (one,) = other.view.interrupted
        assert other.view.urgent
        assert "1 not stopped" in other.view.banner()
        erp.clear_faults()
        resumed = await other.ended(await other.view.go_on(one))
        assert resumed.is_well
        assert other.view.interrupted == ()
        # The first console learns of it with its next poll.
        await console.core.poller.read_once(Topic.STATUS)
        await console.until(lambda: console.view.open_ones == other.view.open_ones)
        assert console.view.interrupted == ()
    finally:
        await other.session.aclose()


async def test_a_doubtful_one_is_started_if_the_operator_says_so(
    console: Console, erp: RunningSimulator
) -> None:
    run = await opened(console)
    sync = next(one for one in run.one.targets if one.kind is MemberKind.SYNC)
    unknown = Step(console.clock(), Result.UNKNOWN, "not in the trail")
    assert console.core.maintenances is not None
    console.core.maintenances.save(run.one.with_target(replace(sync, stop=unknown)))
    (one,) = console.core.maintenances.read().open
    plan = await console.view.plan_closing(one)
    assert isinstance(plan, ClosingPlan), plan
    assert [decision.target.id for decision in plan.of(Act.ASK)] == [sync.id]
    done = await console.ended(await console.view.close(plan, also=[sync.id]))
    assert done.one.state is SetState.CLOSED
    assert sorted(console.controls()) == sorted(2 * ["Amazon DE", "Amazon FR"])


async def test_leaving_stops_sending_and_the_journal_says_how_far_it_came(
    console: Console, erp: RunningSimulator
) -> None:
    running = [one.channel for one in erp.world.jtl.syncs.values()][:3]
    for channel in running:
        erp.fault(f"PUT .*/{erp.worker_id(channel)}=hang")
    plan = await console.view.plan_marked(
        [(MemberKind.SYNC, erp.worker_id(channel)) for channel in running]
    )
    assert isinstance(plan, OpeningPlan), plan
    run = await console.view.open(plan, console.terms())
    assert isinstance(run, MaintenanceRun), run
    await asyncio.to_thread(erp.wait_received, "PUT", "/workers/", 3)
    assert console.session.is_sending
    assert console.session.under_way == f"maintenance: opening {plan.name}…"
    await console.session.aclose()
    journals = console.core.maintenances
    assert journals is not None
    (one,) = journals.read().items
    assert one.is_interrupted
    assert [target.stop_word for target in one.targets] == ["sending"] * 3


async def test_another_profile_waits_for_responses_and_for_no_effect(
    console: Console, erp: RunningSimulator
) -> None:
    erp.state(jtl={"control_delay": 3_600})
    console.pace = 0
    plan = await console.view.plan_marked([(MemberKind.SYNC, erp.worker_id("Temu DE"))])
    assert isinstance(plan, OpeningPlan), plan
    run = await console.view.open(plan, console.terms())
    assert isinstance(run, MaintenanceRun), run
    await console.until(lambda: run.one.targets[0].stop_word == "accepted")
    await console.session.retire()
    assert run.is_over
    # It was not seen off: the next console offers to go on.
    assert run.one.state is SetState.PARTLY
    assert run.one.holder is None


async def test_f11_the_review_of_a_start_names_what_another_profile_has_stopped(
    console: Console, erp: RunningSimulator
) -> None:
    run = await opened(console)
    journals_of("other").save(replace(run.one, profile="other"))
    journals_of("sim").forget(run.one.id, run.one.opened_at)
    await console.core.poller.read_once(Topic.STATUS)
    await console.core.poller.read_once(Topic.WORKERS)
    await console.until(lambda: not console.view.open_ones)
    workers = (one for one in console.core.store.workers() if one.id == erp.worker_id("Amazon FR"))
    proposal = propose(next(workers), run=True)
    assert isinstance(proposal, Proposal)
    await console.until(lambda: console.view.heeded(proposal).maintenance)
    warned = console.view.heeded(proposal).maintenance
    assert warned.startswith("stopped by maintenance nightly of profile other until ")
    # It is the other one's to say what is open.
    assert console.view.banner() == ""


async def test_refusals_send_nothing(console: Console, erp: RunningSimulator) -> None:
    assert isinstance(await console.view.plan("weekly"), Refusal)
    plan = await console.view.plan("nightly")
    assert isinstance(plan, OpeningPlan), plan
    past = Terms("upgrade", console.clock() - timedelta(hours=1))
    assert isinstance(await console.view.open(plan, past), Refusal)
    erp.state(jtl={"workers": {"*": {"state": OFF}}}, superoffice={"running": False})
    refused = await console.view.open(plan, console.terms())
    assert refused == Refusal("nothing is to be stopped: all targets are left as they are")
    erp.fault("GET .*/workers=status:500")
    unread = await console.view.plan("nightly")
    assert isinstance(unread, Refusal)
    assert unread.sentence.startswith("nothing was sent: ")
    assert erp.received("PUT") == []


async def test_the_demo_keeps_its_maintenances_in_memory() -> None:
    core = demo_core(RunOptions())
    assert core.maintenances is not None
    assert core.maintenances.read().items == ()
    await core.aclose()
