"""What takes a change of JTL-Wawi back: a sync's configuration and state, an extension."""

from collections.abc import Iterator
from dataclasses import replace

from tui.domain.basis import option_name, option_shown, value_word
from tui.domain.changes import ConfigureWorker, ControlWorker, UpdateExtension
from tui.domain.extensions import Extension, ExtensionStatus
from tui.domain.intervals import Interval
from tui.domain.text import Altered
from tui.domain.workers import ControlAction, SyncState, Worker, WorkerStatus, WorkerSync
from tui.ops import plans
from tui.ops.carried_out import AS_BEFORE, GONE, NOT_KNOWN, CarriedOut, is_newer, present, told
from tui.ops.guard import OutcomeKind
from tui.ops.proposal import Proposal
from tui.ops.unfit import DOUBLED
from tui.store.snapshot import Topic
from tui.store.store import Store

LOOK_FIRST = "look first: whether it was applied is unknown"

# A sync's configuration.


def configured_back(change: CarriedOut, write: ConfigureWorker, store: Store) -> Proposal | str:
    """To the interval and the options that it had."""
    was = change.before
    if not isinstance(was, WorkerSync):
        return NOT_KNOWN
    snapshot = store.snapshot(Topic.WORKERS)
    now = present(change, snapshot, write.sync_id, WorkerSync)
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
    return told(back, lost, _config_drift(change, write, now))


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


def updated_back(change: CarriedOut, write: UpdateExtension, store: Store) -> Proposal | str:
    """To the version, the hash and the status that it had."""
    was = change.before
    if not isinstance(was, Extension):
        return NOT_KNOWN
    snapshot = store.snapshot(Topic.EXTENSIONS)
    now = present(change, snapshot, write.id, Extension)
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
    return told(back, lost, _extension_drift(write, now))


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


def deleted(change: CarriedOut, store: Store) -> Proposal | str:
    """Deleted again."""
    created = change.outcome.result
    if not isinstance(created, Extension):
        return LOOK_FIRST if change.outcome.kind is OutcomeKind.UNKNOWN else NOT_KNOWN
    snapshot = store.snapshot(Topic.EXTENSIONS)
    now = present(change, snapshot, created.id, Extension)
    return now if isinstance(now, str) else plans.delete_extension(now, snapshot)


# Starting and stopping.

_OPPOSITE = {ControlAction.START: ControlAction.STOP, ControlAction.STOP: ControlAction.START}
_ON = (SyncState.STARTING, SyncState.RUNNING, SyncState.FINISHED, SyncState.FAILED)
_OFF = (SyncState.DEACTIVATED, SyncState.STOPPING)


def controlled_back(change: CarriedOut, write: ControlWorker, store: Store) -> Proposal | str:
    """To the state that it had, as far as the opposite action leads there."""
    was = change.before.known_state if isinstance(change.before, WorkerStatus) else None
    if was is None:
        return "the state that it had before is not known"
    if was in (_ON if write.action is ControlAction.START else _OFF):
        return f"it was {was.word} before, so there is nothing to take back"
    worker = next((one for one in store.workers() if one.id == write.sync_id), None)
    if worker is None or worker.doubled:
        return GONE if worker is None else DOUBLED
    group = _ON if was in _ON else _OFF if was in _OFF else ()
    if worker.state in group and is_newer(store.snapshot(Topic.STATUS), change):
        return AS_BEFORE
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
