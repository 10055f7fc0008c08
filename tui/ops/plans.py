"""From a thing and what is wanted of it to a proposal: the same one for forms, keys, `:` and `run`.

Every function returns the reason, in words, where there is nothing to propose. Nothing is sent here.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from tui.domain import basis
from tui.domain.basis import Facet
from tui.domain.changes import (
    ConfigureWorker,
    ControlWorker,
    CreateExtension,
    DeleteExtension,
    FieldChange,
    PushManifest,
    UpdateExtension,
)
from tui.domain.extensions import Extension, ExtensionStatus
from tui.domain.intervals import short, timespan
from tui.domain.options import is_secret
from tui.domain.versions import HASH_DIGITS, goes_down, is_hash, same_hash
from tui.domain.workers import ControlAction, Worker, WorkerOption, WorkerSync
from tui.ops.consequences import consequence_for
from tui.ops.proposal import Proposal
from tui.ops.registry import OPERATIONS
from tui.store.snapshot import Snapshot

NOTHING_CHANGED = "nothing was changed, so there is nothing to send"
_AFTER = {
    ControlAction.START: "start requested",
    ControlAction.STOP: "stop requested",
    ControlAction.RESTART: "restart requested",
}
_INTERVAL_NOTE = "applies from the next run on; it does not shorten a pause already running"


def configure(
    sync: WorkerSync,
    interval: float | None,
    options: Mapping[str, str],
    rests_on: Snapshot[object] | None = None,
    *,
    sharing: Sequence[str] = (),
) -> Proposal | str:
    """Change a sync's interval (seconds) and options (by identifier); what stays as it is is not sent.

    `sharing`: the names of the other syncs of its kind, whose options change with it.
    """
    seconds = None if interval == sync.interval.seconds else interval
    known = {option.id: option for option in sync.options}
    changed = [(known[key], value) for key, value in options.items() if _differs(known[key], value)]
    if seconds is None and not changed:
        return NOTHING_CHANGED
    write = ConfigureWorker(
        sync.id,
        None if seconds is None else timespan(seconds),
        tuple((option.id, value) for option, value in changed),
        tuple(option.id for option, _ in changed if is_secret(option)),
    )
    return Proposal(
        OPERATIONS["worker.configure"],
        write,
        Worker(sync.id, sync, None).name,
        changes=tuple(_configured(sync, seconds, changed, sharing)),
        rests_on=rests_on,
        basis=basis.of_sync(sync),
        sharing=tuple(sharing),
    )


def _differs(option: WorkerOption, value: str) -> bool:
    return value.strip() != (option.value or "").strip()


def _configured(
    sync: WorkerSync,
    seconds: float | None,
    changed: Sequence[tuple[WorkerOption, str]],
    sharing: Sequence[str],
) -> Iterator[FieldChange]:
    if seconds is not None:
        yield FieldChange("Interval", sync.interval.shown, short(seconds), _INTERVAL_NOTE)
    others = f": also {', '.join(sharing)}" if sharing else ""
    note = f"shared by all {sync.kind or 'such'} syncs{others}"
    for option, value in changed:
        before, after = basis.option_value(option), value or "empty"
        before, after = basis.option_shown(option, before), basis.option_shown(option, after)
        yield FieldChange(basis.option_name(option), before, after, note)


def control(
    worker: Worker, action: ControlAction, before: str, rests_on: Snapshot[object] | None = None
) -> Proposal:
    """Start, stop or restart a sync; `before` is its state in words."""
    operation = OPERATIONS[f"worker.{action.name.lower()}"]
    consequence = consequence_for(operation, worker.state)
    return Proposal(
        operation,
        ControlWorker(worker.id, action),
        worker.name,
        changes=(FieldChange("State", before, _AFTER[action]),),
        consequences=(consequence,) if consequence else (),
        rests_on=rests_on,
        basis=basis.of_state(worker),
        status_before=worker.status,
    )


def create_extension(
    extension_id: str, version: str, manifest_hash: str, known: Collection[str] = ()
) -> Proposal:
    """Register an extension; `known` are the ExtensionIds in the list."""
    operation = OPERATIONS["extension.create"]
    write = CreateExtension(extension_id, version, manifest_hash)
    warnings = hash_warning(manifest_hash)
    if extension_id in known:
        warnings = (*warnings, f"{extension_id} is in the list already")
    return Proposal(
        operation,
        write,
        extension_id,
        changes=(
            FieldChange("ExtensionId", "", extension_id),
            FieldChange("Version", "", version),
            FieldChange("ManifestHash", "", manifest_hash),
        ),
        consequences=(consequence_for(operation, write=write),),
        warnings=warnings,
        basis=(Facet(*basis.LISTED, extension_id),) if extension_id in known else (),
    )


def update_extension(
    extension: Extension,
    rests_on: Snapshot[object] | None = None,
    *,
    version: str | None = None,
    manifest_hash: str | None = None,
    status: ExtensionStatus | None = None,
    operation_id: str = "extension.update",
) -> Proposal | str:
    """Change what is given and differs; the rest is not sent."""
    version = None if version == extension.version else version
    manifest_hash = None if manifest_hash == extension.manifest_hash else manifest_hash
    status = None if status == extension.status else status
    write = UpdateExtension(
        extension.id, version, manifest_hash, None if status is None else int(status)
    )
    changes = tuple(_updated(extension, version, manifest_hash, status))
    if not changes:
        return NOTHING_CHANGED
    operation = OPERATIONS[operation_id]
    return Proposal(
        operation,
        write,
        extension.name,
        changes=changes,
        consequences=(consequence_for(operation, write=write),),
        warnings=(*_version_warnings(extension, version, manifest_hash), *hash_warning(manifest_hash)),
        rests_on=rests_on,
        basis=basis.of_extension(extension),
    )


def _version_warnings(
    extension: Extension, version: str | None, manifest_hash: str | None
) -> Iterator[str]:
    """Warnings of a new version that is lower, or that keeps the hash of the old one."""
    if version is None:
        return
    if goes_down(extension.version, version):
        yield f"the version goes down: {extension.version} → {version}"
    stored = extension.manifest_hash
    if stored and (manifest_hash is None or same_hash(manifest_hash, stored)):
        yield "the version changes, but ManifestHash stays the same"


def _updated(
    extension: Extension, version: str | None, manifest_hash: str | None, status: ExtensionStatus | None
) -> Iterator[FieldChange]:
    if version is not None:
        yield FieldChange("Version", extension.version or "not reported", version)
    if manifest_hash is not None:
        yield FieldChange("ManifestHash", extension.manifest_hash or "not reported", manifest_hash)
    if status is not None:
        yield FieldChange("Status", extension.status_word, status.word)


def toggle_extension(
    extension: Extension,
    rests_on: Snapshot[object] | None = None,
    *,
    status: ExtensionStatus | None = None,
) -> Proposal | str:
    """Disable an extension that is active, activate any other; or what `status` says."""
    if status is None:
        active = extension.status == ExtensionStatus.ACTIVE
        status = ExtensionStatus.DISABLED if active else ExtensionStatus.ACTIVE
    return update_extension(extension, rests_on, status=status, operation_id="extension.toggle")


def delete_extension(extension: Extension, rests_on: Snapshot[object] | None = None) -> Proposal:
    """Delete an extension."""
    operation = OPERATIONS["extension.delete"]
    return Proposal(
        operation,
        DeleteExtension(extension.id),
        extension.name,
        changes=(FieldChange("Status", extension.status_word, "deleted"),),
        consequences=(operation.consequence,),
        rests_on=rests_on,
        basis=basis.of_extension(extension),
    )


def push_manifest(
    extension: Extension,
    manifest: bytes,
    signature: bytes,
    changes: Sequence[FieldChange],
    rests_on: Snapshot[object] | None = None,
    *,
    warnings: Sequence[str] = (),
) -> Proposal:
    """Replace the manifest; `changes` tell of the files, whose content is not shown."""
    operation = OPERATIONS["extension.push-manifest"]
    return Proposal(
        operation,
        PushManifest(extension.id, manifest, signature),
        extension.name,
        changes=tuple(changes),
        consequences=(operation.consequence,),
        warnings=tuple(warnings),
        rests_on=rests_on,
        basis=basis.of_extension(extension),
    )


def hash_warning(manifest_hash: str | None) -> tuple[str, ...]:
    """A warning where a hash is not 128 hexadecimal digits; any text may be sent."""
    if manifest_hash is None or is_hash(manifest_hash):
        return ()
    return (f"ManifestHash is not {HASH_DIGITS} hexadecimal digits ({len(manifest_hash)} characters)",)
