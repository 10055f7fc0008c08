"""From the engine or a connection and what is wanted of it to a proposal. Nothing is sent here."""

from collections.abc import Iterator, Sequence

from tui.domain import basis
from tui.domain.changes import (
    ChangeEngineInterval,
    ChangeEngineStatus,
    FieldChange,
    ForceResync,
    ForceResyncExternal,
    Resync,
    SyncAll,
)
from tui.domain.engine import ENGINE_NAME, Connection, EngineStatus, requested
from tui.domain.intervals import short, timespan
from tui.domain.resync_keys import counted
from tui.ops.consequences import consequence_for
from tui.ops.plans import NOTHING_CHANGED
from tui.ops.proposal import Proposal
from tui.ops.registry import OPERATIONS
from tui.store.snapshot import Snapshot

_LISTED_KEYS = 12
_LISTED_NAMES = 8
_SHORT_INTERVAL = 300.0
_SHORTEST_INTERVAL = 60.0
"""Seconds; from about there on an interval is documented (superoffice-erpsync §1)."""
_UNKNOWN = "unknown: no answer has been received"


def run_engine(
    status: EngineStatus | None, run: bool, rests_on: Snapshot[object] | None = None
) -> Proposal:
    """Start or stop the engine; `status` is what it last said, None where it has said nothing."""
    operation = OPERATIONS["engine.start" if run else "engine.stop"]
    consequences = [consequence_for(operation)]
    if status is not None and status.running is run:
        consequences.append(f"It is {status.word} already.")
    return Proposal(
        operation,
        ChangeEngineStatus(run),
        ENGINE_NAME,
        changes=(FieldChange("State", status.told if status else _UNKNOWN, requested(run)),),
        consequences=tuple(consequences),
        rests_on=rests_on if status else None,
        basis=basis.of_engine_state(status) if status else (),
        status_before=status,
    )


def engine_interval(
    status: EngineStatus | None, seconds: float, rests_on: Snapshot[object] | None = None
) -> Proposal | str:
    """Change the time between two runs of the engine."""
    if status is None:
        return "no answer has been received, so its interval is not known"
    if seconds == status.interval.seconds:
        return NOTHING_CHANGED
    operation = OPERATIONS["engine.interval"]
    note = "when the engine takes it up is not documented"
    return Proposal(
        operation,
        ChangeEngineInterval(timespan(seconds)),
        ENGINE_NAME,
        changes=(FieldChange("Interval", status.interval.shown, short(seconds), note),),
        consequences=(consequence_for(operation),),
        warnings=tuple(_interval_warnings(seconds)),
        rests_on=rests_on,
        basis=basis.of_engine_interval(status),
    )


def _interval_warnings(seconds: float) -> Iterator[str]:
    if seconds < _SHORTEST_INTERVAL:
        yield "under a minute: documented are intervals from about a minute up"
    if seconds < _SHORT_INTERVAL:
        yield (
            "under five minutes: SuperOffice advises against short intervals; a run over all"
            " connections may not be over when the next one is due"
        )


def sync_all(
    forced: bool,
    connections: Sequence[Connection] | None,
    status: EngineStatus | None = None,
    rests_on: Snapshot[object] | None = None,
) -> Proposal:
    """Sync all active connections now; `connections` are the known ones, None where they are not."""
    operation = OPERATIONS["engine.force-sync-all" if forced else "engine.sync-all"]
    stopped = not forced and status is not None and status.running is False
    return Proposal(
        operation,
        SyncAll(forced),
        ENGINE_NAME,
        changes=tuple(_synced(connections)),
        consequences=(consequence_for(operation),),
        warnings=(_MAY_DO_NOTHING,) if stopped else (),
        rests_on=rests_on if connections is not None else None,
    )


_MAY_DO_NOTHING = (
    "the engine is stopped: whether this call does anything then is not documented;"
    " force sync all is the one for while automatic sync is off"
)


def _synced(connections: Sequence[Connection] | None) -> Iterator[FieldChange]:
    """Which connections are active, and which are left out."""
    if connections is None:
        yield FieldChange("Active", "", "the connections are not known at the moment")
        return
    listed = [one for one in connections if not one.deleted]
    yield FieldChange("Active", "", _names([one for one in listed if one.active]))
    inactive = [one for one in listed if one.active is False]
    unknown = [one for one in listed if one.active is None]
    if inactive:
        yield FieldChange("Inactive", "", _names(inactive), "these are left out")
    if unknown:
        yield FieldChange("Not known", "", _names(unknown), "whether they are active was not reported")


def _names(connections: Sequence[Connection]) -> str:
    if not connections:
        return "none"
    names = ", ".join(one.name or f"connection {one.id}" for one in connections[:_LISTED_NAMES])
    more = len(connections) - _LISTED_NAMES
    return f"{len(connections)}: {names}{f' and {more} more' if more > 0 else ''}"


def resync(
    write: Resync, connections: Sequence[Connection] | None, rests_on: Snapshot[object] | None = None
) -> Proposal:
    """Force a resync; `connections` are the known ones, None where they are not."""
    source = write.connection_id
    known = {connection.id: connection for connection in connections or ()}
    name = "CRM" if source == 0 else f"connection {source}"
    if source in known:
        name = f"{known[source].name} (connection {source})"
    operation = OPERATIONS["engine.force-resync"]
    inactive = source in known and not known[source].active
    return Proposal(
        operation,
        write,
        f"{name} → {'the connected ERP systems' if source == 0 else 'CRM'}",
        changes=(
            FieldChange("Source", "", name),
            FieldChange("Keys", "", reach(write)),
            FieldChange("Call", "", write.method),
        ),
        consequences=(consequence_for(operation, write=write),),
        warnings=(not_active(source),) if inactive else (),
        rests_on=rests_on,
        basis=basis.of_connection(known[source]) if source in known else (),
    )


def not_active(source: int) -> str:
    """The warning of a source that is not active."""
    return f"connection {source} is not active"


def reach(write: Resync) -> str:
    """How much a resync reaches, in words."""
    keys = write.keys
    if not keys:
        all_of_it = "EVERYTHING" if isinstance(write, ForceResync) else f"ALL of type {write.actor_type}"
        return f"{all_of_it}: the request carries []"
    listed = ", ".join(str(key) for key in keys[:_LISTED_KEYS])
    more = f" and {len(keys) - _LISTED_KEYS:,} more" if len(keys) > _LISTED_KEYS else ""
    of_type = f" of type {write.actor_type}" if isinstance(write, ForceResyncExternal) else ""
    return f"{counted(len(keys), 'key')}{of_type}: {listed}{more}"
