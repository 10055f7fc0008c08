"""Store, poller, guard and trail with the live service, against the simulator over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.drivers.simulator import RunningSimulator
from tests.ops.commands import operation_for
from tui.api.live_service import LiveService
from tui.api.settings import BearerToken, FileRef, JtlSettings, ServiceSettings, SuperOfficeSettings
from tui.domain.health.rules import Level, assess
from tui.domain.jtl.workers import ControlAction, SyncState
from tui.domain.profile import Environment, ProfileFacts, System
from tui.domain.result import Result
from tui.domain.writes import ConfigureWorker, ControlWorker, ForceResync, UpdateExtension
from tui.ops.audit.file_trail import FileTrail
from tui.ops.execution.guard import Guard
from tui.ops.execution.state_watch import ControlWatch
from tui.ops.proposals.proposal import Proposal
from tui.store.freshness import FreshnessKind, freshness
from tui.store.poller import Poller
from tui.store.snapshot import Topic
from tui.store.store import Store

PATIENCE = 10.0
"""Seconds in which what is waited for must have come; it takes a fraction of one."""

POLLED = tuple(topic for topic in Topic if not topic.on_demand)


def now() -> datetime:
    return datetime.now(UTC)


class Desk:
    """One profile at work on the simulator; all but the status is asked for only on `refresh`."""

    def __init__(self, erp: RunningSimulator, home: Path) -> None:
        self.erp, self.path = erp, home / "audit" / "sim.jsonl"
        self.service = self._service(home)
        self.store = Store()
        every = dict.fromkeys(Topic, 3_600.0) | {Topic.STATUS: 0.05}
        self.poller = Poller(self.service, self.store, every, clock=now)
        facts = ProfileFacts("sim", Environment.STAGING, read_only=False, systems=frozenset(System))
        self.guard = Guard(self.service, facts, FileTrail(self.path))

    def _service(self, home: Path) -> LiveService:
        secrets = {"jtl": self.erp.static_bearer, "superoffice": self.erp.so_token}
        for name, secret in secrets.items():
            (home / name).write_text(secret)
            (home / name).chmod(0o600)
        jtl, superoffice = (BearerToken(FileRef(home / name)) for name in secrets)
        return LiveService(
            ServiceSettings(
                JtlSettings(
                    self.erp.cloud_base, auth=jtl, api_version="v1", tenant_id=self.erp.tenant_id
                ),
                SuperOfficeSettings(self.erp.so_base, auth=superoffice),
            )
        )

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until the store holds it; woken by the store's own word, never by time."""
        changed = asyncio.Event()
        self.store.subscribe(lambda topic: changed.set())
        async with asyncio.timeout(PATIENCE):
            while not holds():
                changed.clear()
                await changed.wait()

    def state_of(self, sync_id: str) -> SyncState | None:
        return next((worker.state for worker in self.store.workers() if worker.id == sync_id), None)


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as erp:
        yield erp


@asynccontextmanager
async def opened(erp: RunningSimulator, home: Path) -> AsyncIterator[Desk]:
    desk = Desk(erp, home)
    try:
        yield desk
    finally:
        await desk.poller.aclose()
        await desk.service.aclose()


async def test_what_is_broken_is_known_after_the_first_asks(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    async with opened(erp, tmp_path) as desk:
        desk.poller.start()
        await desk.until(lambda: all(desk.store.snapshot(topic).data is not None for topic in POLLED))
        verdicts = {worker.name: assess(worker, now()) for worker in desk.store.workers()}
        assert len(verdicts) == 12
        assert {verdict.level for verdict in verdicts.values()} >= {Level.ERROR, Level.LOCKED, Level.OK}
        assert all(worker.sync and worker.status for worker in desk.store.workers())
        assert desk.store.snapshot(Topic.EXTENSIONS).complete


async def test_data_survives_the_server_and_it_recovers(erp: RunningSimulator, tmp_path: Path) -> None:
    async with opened(erp, tmp_path) as desk:
        desk.poller.start()
        await desk.until(lambda: desk.store.snapshot(Topic.WORKERS).data is not None)
        before = desk.store.snapshot(Topic.WORKERS).data
        await asyncio.to_thread(erp.stop)
        desk.poller.refresh(Topic.WORKERS)
        await desk.until(lambda: desk.store.snapshot(Topic.WORKERS).error is not None)
        broken = desk.store.snapshot(Topic.WORKERS)
        chip = freshness(broken, 5, now(), paused=False)
        assert broken.data == before
        assert chip.kind is FreshnessKind.STALE
        assert "refused the connection" in chip.text
        assert broken.error is not None
        assert broken.error.next_step
        await asyncio.to_thread(erp.start)
        desk.poller.refresh(Topic.WORKERS)
        await desk.until(lambda: desk.store.snapshot(Topic.WORKERS).error is None)
        assert desk.store.snapshot(Topic.WORKERS).data == before


async def test_an_unreadable_row_keeps_its_values_and_is_marked(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    async with opened(erp, tmp_path) as desk:
        desk.poller.start()
        await desk.until(lambda: bool(desk.store.workers()))
        names = {worker.id: worker.name for worker in desk.store.workers()}
        await asyncio.to_thread(erp.fault, "GET .*/workers$=one-bad-row")
        desk.poller.refresh(Topic.WORKERS)
        await desk.until(lambda: any(worker.problem for worker in desk.store.workers()))
        assert {worker.id: worker.name for worker in desk.store.workers()} == names
        marked = [worker for worker in desk.store.workers() if worker.problem]
        assert len(marked) == 1
        assert assess(marked[0], now()).needs_attention


async def test_a_stop_is_sent_once_and_watched_until_it_is_off(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    async with opened(erp, tmp_path) as desk:
        await asyncio.to_thread(erp.state, jtl={"control_delay": 0})
        target = erp.worker_id("Hauptshop")
        desk.poller.start()
        await desk.until(lambda: desk.state_of(target) is not None)
        worker = next(worker for worker in desk.store.workers() if worker.id == target)
        stop = ControlWorker(target, ControlAction.STOP)
        outcome = await desk.guard.run(Proposal(operation_for(stop), stop, ""))
        assert outcome.kind is Result.ACCEPTED
        watch = ControlWatch(worker.status, now(), target, worker.name, stop.action)
        await desk.until(lambda: desk.state_of(target) is SyncState.DEACTIVATED)
        (status,) = await desk.service.jtl.worker_status(target)
        verdict = watch.judge(status, now())
        assert verdict.sentence == f"stop of {worker.name}: now off"
        assert verdict.done
        assert [entry["body"] for entry in erp.received("PUT", target)] == [{"Action": 1}]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("POST=reset", Result.UNKNOWN),
        ("POST=lost", Result.UNKNOWN),
        ("POST=broken-json", Result.UNKNOWN),
        ("POST=null", Result.UNKNOWN),
        ("POST=status:504", Result.UNKNOWN),
        ("POST=status:500", Result.FAILED),
        ("POST=forbidden", Result.FAILED),
        ("POST=redirect-login", Result.FAILED),
        ("POST=status:429,7", Result.FAILED),
    ],
)
async def test_a_write_that_went_wrong_was_sent_once_and_its_end_is_noted(
    erp: RunningSimulator, tmp_path: Path, fault: str, kind: Result
) -> None:
    async with opened(erp, tmp_path) as desk:
        await asyncio.to_thread(erp.fault, fault)
        write = ConfigureWorker(erp.worker_id("Hauptshop"), "00:10:00")
        outcome = await desk.guard.run(Proposal(operation_for(write), write, ""))
        assert (outcome.kind, bool(outcome.sentence), bool(outcome.next_step)) == (kind, True, True)
        assert len(erp.received("POST", "/workers/")) == 1
        trail = await asyncio.to_thread(desk.path.read_text)
        assert trail.count(f'"result":"{kind.value}"') == 1
        assert erp.static_bearer not in trail


async def test_a_refused_connection_is_a_failure_because_nothing_was_sent(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    async with opened(erp, tmp_path) as desk:
        await asyncio.to_thread(erp.stop)
        write = UpdateExtension("e1", version="2")
        outcome = await desk.guard.run(Proposal(operation_for(write), write, ""))
        assert outcome.kind is Result.FAILED
        assert "nothing was sent" in outcome.sentence


async def test_a_resync_that_failed_with_200_is_a_failure(erp: RunningSimulator, tmp_path: Path) -> None:
    async with opened(erp, tmp_path) as desk:
        await asyncio.to_thread(
            erp.state, superoffice={"outcomes": {"ForceResync": {"status": "Error"}}}
        )
        write = ForceResync(1, (670, 47))
        outcome = await desk.guard.run(Proposal(operation_for(write), write, ""))
        assert outcome.kind is Result.FAILED
        assert len(erp.received("POST", "ForceResync")) == 1
