"""Reads everything once, as a console would know it. A part that fails leaves the others intact."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from tui.core import ServiceHandle
from tui.domain.maintenance.records import Maintenance
from tui.domain.profile import System
from tui.headless.fetch import (
    Clock,
    ReadResult,
    read_connections,
    read_engine,
    read_extensions,
    read_worker_lists,
)
from tui.headless.history.recorded import Recorded
from tui.headless.reports.lists import expected_in
from tui.ops.maintenance.journals import journals_of
from tui.session.why.known import Known
from tui.session.why.maintenance import stopped_by
from tui.store.snapshot import Topic
from tui.store.store import Store

_ACTIONS = timedelta(days=14)
"""How far back the audit trail is read."""


async def read_known(profile: ServiceHandle, recorded: Recorded, clock: Clock) -> Known:
    service = profile.service
    (syncs, statuses), extensions, engine, connections = await asyncio.gather(
        read_worker_lists(service, clock),
        read_extensions(service, clock),
        read_engine(service, clock),
        read_connections(service, clock),
    )
    systems = profile.facts.systems
    store = Store(frozenset(topic for topic in Topic if topic.system not in systems))
    _fill(store, Topic.WORKERS, syncs, clock)
    _fill(store, Topic.STATUS, statuses, clock)
    _fill(store, Topic.EXTENSIONS, extensions, clock)
    _fill(store, Topic.ENGINE, engine, clock)
    _fill(store, Topic.CONNECTIONS, connections, clock)
    now = clock()
    return Known(
        store,
        now,
        {system: service.clock_offset(system) for system in System},
        service.tenant(),
        expected_in(profile, connections),
        entries=await asyncio.to_thread(recorded.entries, now - _ACTIONS),
        maintenance_of=stopped_by(await asyncio.to_thread(_open_ones, recorded), now),
    )


def _open_ones(recorded: Recorded) -> Sequence[Maintenance]:
    """Where journals cannot be read, nothing is known; the demo keeps none."""
    if recorded.place is None:
        return ()
    try:
        return journals_of(recorded.profile).read().open
    except OSError:
        return ()


def _fill(store: Store, topic: Topic, answer: ReadResult[object], clock: Clock) -> None:
    if topic in store.absent:
        return
    if answer.error is None:
        store.succeed(topic, 1, answer.data, at=answer.at or clock(), took=answer.took_s or 0.0)
        return
    if answer.data:
        store.succeed(topic, 1, answer.data, at=answer.at or clock(), took=0.0, complete=False)
    store.fail(topic, 2, answer.error, at=clock())
