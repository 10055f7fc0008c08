"""From a change that was carried out to the proposal that takes it back.

An inverse is built against the present thing, so that its review shows present → old. What was not
known before the change cannot be restored, and that is said instead of guessed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeAlias, TypeVar

from tui.domain.basis import option_name, option_shown, value_word
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
)
from tui.domain.connections import order_of, priorities_of
from tui.domain.engine import Connection, EngineStatus
from tui.domain.extensions import Extension, ExtensionStatus
from tui.domain.intervals import Interval
from tui.domain.text import Altered, one_line
from tui.domain.workers import ControlAction, SyncState, Worker, WorkerStatus, WorkerSync
from tui.ops import plans, plans_connections
from tui.ops.guard import Outcome, OutcomeKind
from tui.ops.plans_superoffice import engine_interval, run_engine
from tui.ops.proposal import Proposal
from tui.store.snapshot import Snapshot, Topic
from tui.store.store import Store

Before: TypeAlias = WorkerSync | WorkerStatus | Extension | EngineStatus | None
LOOK_FIRST = "look first: whether it was applied is unknown"
_GONE = "it is no longer in the server's list"
_NOT_KNOWN = "what it was before is not known"
_AS_BEFORE = "it is as it was before"
_OVERWRITTEN = "a resync cannot be taken back: the overwritten values are not kept"
_NO_WAY_BACK = {
    DeleteExtension: "a deleted extension cannot be restored: created again, it is a new one",
    PushManifest: "a pushed manifest cannot be taken back: the old one cannot be read",
    ForceResync: _OVERWRITTEN,
    ForceResyncExternal: _OVERWRITTEN,
    SyncAll: "a sync cannot be taken back: the overwritten values are not kept",
    UpdateConnectionFields: "what the fields were before is not known",
}


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """One change of this session."""

    proposal: Proposal
    """Without the snapshot that it rested on: only the target of it is kept."""
    outcome: Outcome
    before: Before
    """The target as it was, where that was known."""
    together: int = 1
    """How many targets it was done to at the same time, this one included."""

    @property
    def told(self) -> str:
        """`Stop sync of 03:12:04 UTC, one of 3 done together`."""
        among = f", one of {self.together} done together" if self.together > 1 else ""
        return f"{self.proposal.operation.title} of {self.outcome.at:%H:%M:%S} UTC{among}"


def inverse_of(change: CarriedOut, store: Store) -> Proposal | str:
    """The proposal that takes `change` back, on what is known now; or why there is none."""
    match change.proposal.write:
        case ConfigureWorker() as write:
            return _configured_back(change, write, store)
        case ControlWorker(action=action) as control:
            if action is ControlAction.RESTART:
                return "a restart cannot be taken back"
            return _controlled_back(change, control, store)
        case UpdateExtension() as update:
            return _updated_back(change, update, store)
        case CreateExtension():
            return _deleted(change, store)
        case ChangeEngineStatus() as asked:
            return _engine_back(change, asked, store)
        case ChangeEngineInterval() as paced:
            return _pace_back(change, paced, store)
        case ToggleConnection() as toggle:
            return _toggled_back(change, toggle, store)
        case SavePriorities() as order:
            return _ordered_back(change, order, store)
        case write:
            return _NO_WAY_BACK.get(type(write), _NOT_KNOWN)


# A sync's configuration.


def _configured_back(change: CarriedOut, write: ConfigureWorker, store: Store) -> Proposal | str:
    was = change.before
    if not isinstance(was, WorkerSync):
        return _NOT_KNOWN
    snapshot = store.snapshot(Topic.WORKERS)
    now = _present(change, snapshot, write.sync_id, WorkerSync)
    if isinstance(now, str):
        return now
    lost: list[str] = []
    seconds = now.interval.seconds
    if write.interval is not None:
        seconds = was.interval.seconds
        lost.extend(["Interval"] if seconds is None else [])
    options = dict(_old_options(write, was, now, lost))
    others = [sync for sync in snapshot.data or () if sync.kind == now.kind and sync.id != now.id]
    sharing = [Worker(sync.id, sync, None).name for sync in others] if options else []
    back = plans.configure(now, seconds, options, snapshot, sharing=sharing)
    return _told(back, lost, _config_drift(change, write, now))


def _old_options(
    write: ConfigureWorker, was: WorkerSync, now: WorkerSync, lost: list[str]
) -> Iterator[tuple[str, str]]:
    """The old values of what was changed; the names of what cannot be restored go to `lost`."""
    old = {option.id: option for option in was.options}
    known = {option.id for option in now.options}
    for key, _ in write.options:
        option = old.get(key)
        if option is None or option.value is None or option.altered or key not in known:
            lost.append(key if option is None else option_name(option))
        else:
            yield key, option.value


def _config_drift(change: CarriedOut, write: ConfigureWorker, now: WorkerSync) -> Iterator[str]:
    """What is no longer as the change left it."""
    left = change.outcome.result
    left = left if isinstance(left, WorkerSync) else None
    if write.interval is not None:
        interval = left.interval if left else Interval.read(write.interval)
        if now.interval.seconds != interval.seconds:
            yield f"Interval is {now.interval.shown}, not {interval.shown}"
    values = {**dict(write.options), **({o.id: o.value for o in left.options} if left else {})}
    for option in now.options:
        if option.id in dict(write.options) and option.value != values[option.id]:
            given = option_shown(option, value_word(values[option.id]))
            found = option_shown(option, value_word(option.value))
            yield f"{option_name(option)} is {found}, not {given}"


# An extension.


def _updated_back(change: CarriedOut, write: UpdateExtension, store: Store) -> Proposal | str:
    was = change.before
    if not isinstance(was, Extension):
        return _NOT_KNOWN
    snapshot = store.snapshot(Topic.EXTENSIONS)
    now = _present(change, snapshot, write.id, Extension)
    if isinstance(now, str):
        return now
    status = next((known for known in ExtensionStatus if known == was.status), None)
    version, manifest_hash = _exact(was.version), _exact(was.manifest_hash)
    lost = [
        name
        for name, given, restorable in (
            ("Version", write.version, version),
            ("ManifestHash", write.manifest_hash, manifest_hash),
            ("Status", write.status, status is not None),
        )
        if given is not None and not restorable
    ]
    back = plans.update_extension(
        now,
        snapshot,
        version=None if write.version is None else version,
        manifest_hash=None if write.manifest_hash is None else manifest_hash,
        status=status if write.status is not None else None,
        operation_id=change.proposal.operation.id,
    )
    return _told(back, lost, _extension_drift(write, now))


def _exact(text: str) -> str | None:
    """A text as the server has it; None where that is not known: it reported none, or it was cleaned."""
    return None if not text or isinstance(text, Altered) else text


def _extension_drift(write: UpdateExtension, now: Extension) -> Iterator[str]:
    if write.version is not None and now.version != write.version:
        yield f"Version is {now.version or 'not reported'}, not {write.version}"
    if write.manifest_hash is not None and now.manifest_hash != write.manifest_hash:
        yield "ManifestHash is another one"
    if write.status is not None and now.status != write.status:
        yield f"Status is {now.status_word}, not {ExtensionStatus(write.status).word}"


def _deleted(change: CarriedOut, store: Store) -> Proposal | str:
    created = change.outcome.result
    if not isinstance(created, Extension):
        return LOOK_FIRST if change.outcome.kind is OutcomeKind.UNKNOWN else _NOT_KNOWN
    snapshot = store.snapshot(Topic.EXTENSIONS)
    now = _present(change, snapshot, created.id, Extension)
    return now if isinstance(now, str) else plans.delete_extension(now, snapshot)


# Starting and stopping.

_OPPOSITE = {ControlAction.START: ControlAction.STOP, ControlAction.STOP: ControlAction.START}
_ON = (SyncState.STARTING, SyncState.RUNNING, SyncState.FINISHED, SyncState.FAILED)
_OFF = (SyncState.DEACTIVATED, SyncState.STOPPING)


def _controlled_back(change: CarriedOut, write: ControlWorker, store: Store) -> Proposal | str:
    was = change.before.known_state if isinstance(change.before, WorkerStatus) else None
    if was is None:
        return "the state that it had before is not known"
    if was in (_ON if write.action is ControlAction.START else _OFF):
        return f"it was {was.word} before, so there is nothing to take back"
    worker = next((one for one in store.workers() if one.id == write.sync_id), None)
    if worker is None:
        return _GONE
    group = _ON if was in _ON else _OFF if was in _OFF else ()
    if worker.state in group and _is_newer(store.snapshot(Topic.STATUS), change):
        return _AS_BEFORE
    action = _OPPOSITE[write.action]
    back = plans.control(worker, action, worker.state_word, store.snapshot(Topic.STATUS))
    return replace(back, warnings=(*back.warnings, *_state_warnings(write.action, was, worker)))


def _state_warnings(action: ControlAction, was: SyncState, worker: Worker) -> Iterator[str]:
    if action is ControlAction.START and was not in _OFF:
        yield f"it was {was.word} before; a stop leaves it off"
    if action is ControlAction.STOP and was not in _ON:
        yield f"it was {was.word} before; a start asks for a run"
    left = _ON if action is ControlAction.START else _OFF
    if worker.state is not None and worker.state not in left:
        yield f"changed again since: it is {worker.state.word}"


# The engine.


def _engine_back(change: CarriedOut, write: ChangeEngineStatus, store: Store) -> Proposal | str:
    was = change.before.running if isinstance(change.before, EngineStatus) else None
    if was is None:
        return "the state that it had before is not known"
    word = "running" if was else "stopped"
    if was is write.run:
        return f"it was {word} before, so there is nothing to take back"
    snapshot = store.snapshot(Topic.ENGINE)
    if snapshot.data is not None and snapshot.data.running is was and _is_newer(snapshot, change):
        return _AS_BEFORE
    return run_engine(snapshot.data, was, snapshot)


def _pace_back(change: CarriedOut, write: ChangeEngineInterval, store: Store) -> Proposal | str:
    was = change.before.interval if isinstance(change.before, EngineStatus) else None
    if was is None or was.raw is None:
        return _NOT_KNOWN
    if was.seconds is None or was.seconds <= 0 or was.seconds != int(was.seconds):
        return f"it was {one_line(was.raw)} before, which cannot be sent as an interval"
    snapshot = store.snapshot(Topic.ENGINE)
    answer = change.outcome.result
    now = snapshot.data
    if not _is_newer(snapshot, change):
        now = answer if isinstance(answer, EngineStatus) else None
    if now is None:
        return "the engine has not answered since the change: press r"
    left = answer.interval if isinstance(answer, EngineStatus) else Interval.read(write.interval)
    return _told(engine_interval(now, was.seconds, snapshot), [], _pace_drift(left, now.interval))


def _pace_drift(left: Interval, now: Interval) -> Iterator[str]:
    if now.seconds != left.seconds:
        yield f"Interval is {now.shown}, not {left.shown}"


# Connections.


def _toggled_back(change: CarriedOut, write: ToggleConnection, store: Store) -> Proposal | str:
    snapshot = store.snapshot(Topic.CONNECTIONS)
    now = _present(change, snapshot, write.connection_id, Connection)
    if isinstance(now, str):
        return now
    if now.active is not write.active and now.active is not None and not now.deleted:
        return _AS_BEFORE
    return plans_connections.toggle(now, snapshot, active=not write.active)


def _ordered_back(change: CarriedOut, write: SavePriorities, store: Store) -> Proposal | str:
    was = next((facet.value for facet in change.proposal.basis if facet.key == "Order"), "")
    snapshot = store.snapshot(Topic.CONNECTIONS)
    if not was:
        return _NOT_KNOWN
    if not _is_newer(snapshot, change):
        return "the list has not been read since the change: press r"
    now = priorities_of(snapshot.data or ())
    back = plans_connections.priorities(order_of(was), snapshot.data, snapshot)
    if isinstance(back, str):
        return back
    drift = () if now.ids == write.connection_ids else (f"the order is {now.shown}",)
    return _told(back, [], iter(drift))


# Common to all.

Row = TypeVar("Row", WorkerSync, Extension, Connection)


def _present(
    change: CarriedOut, snapshot: Snapshot[tuple[Row, ...]], key: str | int, kind: type[Row]
) -> Row | str:
    """The target as it is now: from the list, or from the answer while that is the newer one."""
    answer = change.outcome.result
    if not _is_newer(snapshot, change):
        if isinstance(answer, kind) and answer.id == key:
            return answer
        return "the list has not been read since the change: press r"
    now = next((row for row in snapshot.data or () if row.id == key), None)
    if now is None:
        return _GONE
    return now if now.problem is None else "its row could not be read, so it cannot be changed safely"


def _is_newer(snapshot: Snapshot[object], change: CarriedOut) -> bool:
    """Whether it was asked for after the change had been answered."""
    asked_at = snapshot.fetched_at and snapshot.fetched_at - timedelta(seconds=snapshot.took or 0)
    return asked_at is not None and asked_at >= change.outcome.at


def _told(back: Proposal | str, lost: list[str], drift: Iterator[str]) -> Proposal | str:
    unrestored = f"not reported before, so it cannot be restored: {', '.join(lost)}" if lost else ""
    if isinstance(back, str):
        return unrestored or _AS_BEFORE
    changed = "; ".join(drift)
    told = (f"changed again since: {changed}" if changed else "", unrestored)
    return replace(back, warnings=(*back.warnings, *filter(None, told)))
