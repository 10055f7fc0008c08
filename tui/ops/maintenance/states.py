"""The targets of a maintenance as the servers report them now, each list by one request."""

import asyncio
from collections.abc import Collection
from datetime import datetime
from typing import TypeVar

from tui.api.service import ErpService
from tui.api.urgent import for_a_write
from tui.domain.elapsed import utc_now
from tui.domain.jtl.workers import ControlAction, Worker, join
from tui.domain.maintenance.records import MemberKind, NotedTarget
from tui.domain.maintenance.rules import Target, seen_of, why_left, word_of
from tui.domain.superoffice.engine import ENGINE_NAME, Connection, EngineStatus
from tui.domain.timestamps import by_server, is_believed
from tui.domain.writes import ENGINE
from tui.frozen import frozen
from tui.ops.operations.control_worker import control
from tui.ops.operations.engine_status import run_engine
from tui.ops.operations.operation import Operation
from tui.ops.operations.registry import OPERATIONS
from tui.ops.operations.toggle_connection import toggle
from tui.ops.proposals.proposal import Planned
from tui.ops.targets.fitness import named
from tui.ops.targets.from_store import by_id
from tui.store.snapshot import Topic
from tui.store.store import Store

T = TypeVar("T")


@frozen
class States:
    workers: tuple[Worker, ...] = ()
    connections: tuple[Connection, ...] = ()
    engine: EngineStatus | None = None

    def of(self, target: NotedTarget) -> Target | None:
        """None: it is no longer listed."""
        match target.kind:
            case MemberKind.ENGINE:
                return self.engine
            case MemberKind.CONNECTION:
                return by_id(self.connections, target.id)
        wanted = target.id.lower()
        return next((one for one in self.workers if one.id.lower() == wanted), None)


_TOPICS = {
    MemberKind.SYNC: Topic.STATUS,
    MemberKind.CONNECTION: Topic.CONNECTIONS,
    MemberKind.ENGINE: Topic.ENGINE,
}
"""The list that a target's state is in."""


def states_in(store: Store) -> States:
    connections = store.snapshot(Topic.CONNECTIONS).data or ()
    return States(tuple(store.workers()), tuple(connections), store.snapshot(Topic.ENGINE).data)


def read_since(store: Store, kind: MemberKind, at: datetime) -> bool:
    """Whether the list of `kind` was requested after `at`, by our clock."""
    asked_at = store.snapshot(_TOPICS[kind]).asked_at
    return asked_at is not None and asked_at > at


async def read_states(service: ErpService, kinds: Collection[MemberKind]) -> States:
    """Read what these kinds need, everything at the same time.

    Raises ErpError: one of them cannot be read.
    """
    superoffice = service.superoffice
    with for_a_write():
        workers, connections, engine = await asyncio.gather(
            _workers(service) if MemberKind.SYNC in kinds else _value(()),
            superoffice.connections() if MemberKind.CONNECTION in kinds else _value(()),
            superoffice.engine_status() if MemberKind.ENGINE in kinds else _value(None),
        )
    return States(workers, connections, engine)


async def _workers(service: ErpService) -> tuple[Worker, ...]:
    return join(*await asyncio.gather(service.jtl.workers(), service.jtl.worker_status()))


async def _value(value: T) -> T:
    return value


def server_now(service: ErpService, kind: MemberKind) -> datetime | None:
    """The time by the clock of their server, which nobody here sets; None: unknown."""
    offset = service.clock_offset(kind.system)
    return by_server(utc_now(), offset) if is_believed(offset) else None


def noted(target: Target) -> NotedTarget:
    """The target as it is noted when a maintenance is opened."""
    kind, key, name = _called(target)
    return NotedTarget(key, name, kind, word_of(target), why_left(seen_of(target)))


def _called(target: Target) -> tuple[MemberKind, str, str]:
    match target:
        case Worker():
            return MemberKind.SYNC, target.id, target.name
        case Connection():
            return MemberKind.CONNECTION, str(target.id), named(target)
        case EngineStatus():
            return MemberKind.ENGINE, ENGINE, ENGINE_NAME


def propose(target: Target, *, run: bool) -> Planned:
    """The start (`run`) or stop of a target as it is now."""
    match target:
        case Worker():
            action = ControlAction.START if run else ControlAction.STOP
            return control(target, action, target.state_word)
        case Connection():
            return toggle(target, active=run)
        case EngineStatus():
            return run_engine(target, run)


def operation_of(kind: MemberKind, *, run: bool) -> Operation:
    verb = "start" if run else "stop"
    names = {MemberKind.SYNC: f"worker.{verb}", MemberKind.ENGINE: f"engine.{verb}"}
    return OPERATIONS[names.get(kind, "connection.toggle")]
