"""Changes version, manifest hash or status of an extension; a toggle sends only a status."""

from collections.abc import Iterator, Mapping

from tui.api.service import ErpService
from tui.domain.baseline import of_extension
from tui.domain.jtl.extension_versions import HASH_DIGITS, goes_down, is_hash, same_hash
from tui.domain.jtl.extensions import Extension, ExtensionStatus
from tui.domain.text import Altered
from tui.domain.writes import FieldChange, UpdateExtension
from tui.ops.audit.json_values import Sent, given, text
from tui.ops.operations.base import ExtensionKind
from tui.ops.operations.operation import Danger, Operation
from tui.ops.operations.registry import OPERATIONS
from tui.ops.proposals.proposal import NOTHING_CHANGED, Planned, Proposal
from tui.ops.refusal import Refusal
from tui.ops.text_commands import parameter_values as values
from tui.ops.text_commands.parameter_values import Wrong
from tui.ops.text_commands.request import Reading, Request, filled
from tui.ops.text_commands.setting import Setting
from tui.ops.undo.applied_change import NOT_KNOWN, AppliedChange, present, with_notes
from tui.store.snapshot import Snapshot, Topic
from tui.store.store import Store

_OF_STATUS: Mapping[int, str] = {
    ExtensionStatus.DISABLED: "Disables the extension: it stops working for everyone.",
    ExtensionStatus.PENDING: "Sets the extension to pending: it does nothing until it is activated.",
    ExtensionStatus.ACTIVE: "Activates the extension: it works for everyone from then on.",
}

_TOGGLE_SETTINGS = (
    Setting(
        "status",
        "active or disabled; default: the opposite of the current status.",
        "status=active",
        values=("active", "disabled"),
    ),
)


class UpdateExtensionKind(ExtensionKind[UpdateExtension]):
    operations = (
        OPERATIONS["extension.update"],
        OPERATIONS["extension.toggle"],
    )
    commands = (UpdateExtension,)
    settings = (
        Setting("version", "The extension's version.", "version=1.4.0"),
        Setting(
            "manifest_hash",
            "SHA-512 of the manifest, in hexadecimal.",
            "manifest_hash=9b71d2…",
            also=("hash",),
        ),
        Setting(
            "status",
            "disabled, pending or active.",
            "status=active",
            values=tuple(status.word for status in ExtensionStatus),
        ),
    )

    def belongs(self, write: UpdateExtension, operation_id: str) -> bool:
        if operation_id != "extension.toggle":
            return operation_id == "extension.update"
        return write.status is not None and write.version is None and write.manifest_hash is None

    async def send(self, service: ErpService, write: UpdateExtension) -> object:
        return await service.jtl.update_extension(write)

    def wanted(self, write: UpdateExtension) -> Mapping[str, str]:
        word = None if write.status is None else ExtensionStatus(write.status).word
        values = {"Version": write.version, "ManifestHash": write.manifest_hash, "Status": word}
        return {key: value for key, value in values.items() if value is not None}

    def danger(self, write: UpdateExtension, operation: Operation) -> Danger:
        disables = write.status == ExtensionStatus.DISABLED
        return max(operation.danger, Danger.DISRUPTIVE) if disables else operation.danger

    def rebased(self, proposal: Proposal, write: UpdateExtension, row: Extension) -> Planned:
        return update_extension(
            row,
            proposal.rests_on,
            version=write.version,
            manifest_hash=write.manifest_hash,
            status=None if write.status is None else ExtensionStatus(write.status),
            operation_id=proposal.operation.id,
        )

    def values(self, write: UpdateExtension, row: object) -> Sent:
        if not isinstance(row, Extension):
            return {}
        return given(
            version=None if write.version is None else _exact(row.version),
            manifest_hash=None if write.manifest_hash is None else _exact(row.manifest_hash),
            status=None if write.status is None else row.status,
        )

    def invert(self, change: AppliedChange, write: UpdateExtension, store: Store) -> Planned:
        was = change.was
        if was is None:
            return NOT_KNOWN
        snapshot = store.snapshot(Topic.EXTENSIONS)
        now = present(change, snapshot, write.id)
        if isinstance(now, Refusal):
            return now
        status = next((known for known in ExtensionStatus if known == was.get("status")), None)
        version, manifest_hash = (
            text(was[name]) if name in was else None for name in ("version", "manifest_hash")
        )
        lost = [
            name
            for name, asked, restorable in (
                ("Version", write.version, version),
                ("ManifestHash", write.manifest_hash, manifest_hash),
                ("Status", write.status, status is not None),
            )
            if asked is not None and not restorable
        ]
        back = update_extension(
            now,
            snapshot,
            version=None if write.version is None else version,
            manifest_hash=None if write.manifest_hash is None else manifest_hash,
            status=status if write.status is not None else None,
            operation_id=change.operation,
        )
        return with_notes(back, lost, _extension_drift(write, now))

    def parameters(self, operation_id: str) -> tuple[Setting, ...]:
        return _TOGGLE_SETTINGS if operation_id == "extension.toggle" else self.settings

    def propose(self, request: Request) -> Planned:
        extension = request.target_as(Extension)
        if request.operation.id == "extension.toggle":
            return _toggle_by_text(request, extension)
        return _update_by_text(request, extension)


def update_extension(
    extension: Extension,
    rests_on: Snapshot[object] | None = None,
    *,
    version: str | None = None,
    manifest_hash: str | None = None,
    status: ExtensionStatus | None = None,
    operation_id: str = "extension.update",
) -> Planned:
    """Change the arguments that differ; the rest is not sent."""
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
        consequences=(_consequence(write, operation),),
        warnings=(*version_warnings(extension, version, manifest_hash), *hash_warning(manifest_hash)),
        rests_on=rests_on,
        baseline=of_extension(extension),
    )


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
) -> Planned:
    """Disable an active extension, activate any other; `status` overrides this."""
    if status is None:
        active = extension.status == ExtensionStatus.ACTIVE
        status = ExtensionStatus.DISABLED if active else ExtensionStatus.ACTIVE
    return update_extension(extension, rests_on, status=status, operation_id="extension.toggle")


def _consequence(write: UpdateExtension, operation: Operation) -> str:
    special = "" if write.status is None else _OF_STATUS.get(write.status, "")
    return f"{operation.consequence} {special}".strip()


def _exact(text: str) -> str | None:
    """The text exactly as on the server; None if it was not reported, or was cleaned for display."""
    return None if not text or isinstance(text, Altered) else text


def _extension_drift(write: UpdateExtension, now: Extension) -> Iterator[str]:
    if write.version is not None and now.version != write.version:
        yield f"Version is {now.version or 'not reported'}, not {write.version}"
    if write.manifest_hash is not None and now.manifest_hash != write.manifest_hash:
        yield "ManifestHash differs"
    if write.status is not None and now.status != write.status:
        yield f"Status is {now.status_word}, not {ExtensionStatus(write.status).word}"


def _update_by_text(request: Request, extension: Extension) -> Planned:
    if not request.texts:
        raise Wrong("no setting: write version=…, manifest_hash=… or status=…")
    reading, status = Reading(), None
    if "status" in request.texts:
        status = reading.take(lambda: values.status(request.texts["status"], tuple(ExtensionStatus)))
    texts = filled({key: text for key, text in request.texts.items() if key != "status"}, reading)
    return update_extension(
        extension,
        request.rests_on,
        version=texts.get("version"),
        manifest_hash=texts.get("manifest_hash"),
        status=status,
    )


def _toggle_by_text(request: Request, extension: Extension) -> Planned:
    either = (ExtensionStatus.ACTIVE, ExtensionStatus.DISABLED)
    status = values.status(request.texts["status"], either) if "status" in request.texts else None
    return toggle_extension(extension, request.rests_on, status=status)


def version_warnings(
    extension: Extension, version: str | None, manifest_hash: str | None
) -> Iterator[str]:
    """Warn about a lower version, and about a new version with the old hash."""
    if version is None:
        return
    if goes_down(extension.version, version):
        yield f"the version goes down: {extension.version} → {version}"
    stored = extension.manifest_hash
    if stored and (manifest_hash is None or same_hash(manifest_hash, stored)):
        yield "the version changes, but ManifestHash stays the same"


def hash_warning(manifest_hash: str | None) -> tuple[str, ...]:
    """Warn about a hash that is not 128 hexadecimal digits."""
    if manifest_hash is None or is_hash(manifest_hash):
        return ()
    return (f"ManifestHash is not {HASH_DIGITS} hexadecimal digits ({len(manifest_hash)} characters)",)
