"""The target of a write as the store knows it now. Sends and asks nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from tui.domain.changes import (
    ChangeEngineInterval,
    ChangeEngineStatus,
    ConfigureWorker,
    ControlWorker,
    CreateExtension,
    DeleteExtension,
    ForceResync,
    ForceResyncExternal,
    PushManifest,
    SavePriorities,
    SyncAll,
    ToggleConnection,
    UpdateConnectionFields,
    UpdateExtension,
    Write,
)
from tui.domain.connections import priorities_of
from tui.domain.engine import Connection
from tui.domain.extensions import Extension
from tui.domain.workers import WorkerStatus, WorkerSync
from tui.ops.target import Thing
from tui.store.snapshot import Snapshot, Topic
from tui.store.store import Store

Row = TypeVar("Row", WorkerSync, WorkerStatus, Extension, Connection)


@dataclass(frozen=True, slots=True)
class Present:
    """What is known of a target, and since when."""

    thing: Thing | None
    """None: it is gone, or, of a sync to be controlled, reports no status."""
    is_gone: bool
    snapshot: Snapshot[object]
    """Where it comes from."""
    named_by: Snapshot[object] | None = None
    """Where the name of a sync to be controlled comes from."""

    @property
    def asked_at(self) -> datetime | None:
        """When the answer that it comes from was asked for, by our clock."""
        return _asked_at(self.snapshot)

    @property
    def named_at(self) -> datetime | None:
        """When the answer that its name comes from was asked for."""
        return None if self.named_by is None else _asked_at(self.named_by)


def _asked_at(snapshot: Snapshot[object]) -> datetime | None:
    at = snapshot.fetched_at
    return None if at is None else at - timedelta(seconds=snapshot.took or 0.0)


def present(store: Store, write: Write) -> Present | None:
    """The target as it is known now; None where the store cannot tell."""
    match write:
        case ConfigureWorker(sync_id=id_):
            return _found(store.snapshot(Topic.WORKERS), id_)
        case ControlWorker(sync_id=id_):
            return _controlled(store, id_)
        case UpdateExtension(id=id_) | DeleteExtension(id=id_) | PushManifest(id=id_):
            return _found(store.snapshot(Topic.EXTENSIONS), id_)
        case ForceResync(connection_id=0) | CreateExtension() | SyncAll():
            return None
        case SavePriorities():
            listed = store.snapshot(Topic.CONNECTIONS)
            return None if listed.data is None else Present(priorities_of(listed.data), False, listed)
        case ChangeEngineStatus() | ChangeEngineInterval():
            engine = store.snapshot(Topic.ENGINE)
            return None if engine.data is None else Present(engine.data, False, engine)
        case (
            ForceResync(connection_id=number)
            | ForceResyncExternal(connection_id=number)
            | ToggleConnection(connection_id=number)
            | UpdateConnectionFields(connection_id=number)
        ):
            return _found(store.snapshot(Topic.CONNECTIONS), str(number))


def _found(snapshot: Snapshot[tuple[Row, ...]], id_: str) -> Present | None:
    if snapshot.data is None:
        return None
    thing = _by_id(snapshot.data, id_)
    # A list that is still streaming in may yet have it.
    return None if thing is None and not snapshot.complete else Present(thing, thing is None, snapshot)


def _controlled(store: Store, id_: str) -> Present | None:
    """A sync is gone once it is in neither list; without a status it is only unknown."""
    statuses, syncs = store.snapshot(Topic.STATUS), store.snapshot(Topic.WORKERS)
    if statuses.data is None:
        return None
    status = _by_id(statuses.data, id_)
    sync = _by_id(syncs.data or (), id_)
    unlisted = syncs.data is not None and sync is None
    named = replace(status, sync=sync) if status else None
    return Present(named, status is None and unlisted, statuses, syncs)


def _by_id(rows: Iterable[Row], id_: str) -> Row | None:
    return next((row for row in rows if str(row.id).lower() == id_.lower()), None)
