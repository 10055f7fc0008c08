"""Create or update an extension."""

from collections.abc import Mapping, Sequence

from tui.domain.changes import CreateExtension, FieldChange, UpdateExtension
from tui.domain.extensions import Extension, ExtensionStatus
from tui.ops.registry import OPERATIONS, consequence_for
from tui.store.snapshot import Snapshot
from tui.ui.desk import Desk
from tui.ui.forms.fields import Field, TextField
from tui.ui.forms.form import FormDialog
from tui.ui.proposal import Proposal

_HASH_DIGITS = 128
_STATUS_NOTE = "disabled, pending or active"


class CreateExtensionForm(FormDialog):
    """The form of `extension.create`: ExtensionId, Version, ManifestHash."""

    def __init__(self, desk: Desk, known: Sequence[Extension]) -> None:
        super().__init__("New extension", desk)
        self._known = {extension.extension_id for extension in known}

    def fields(self) -> Sequence[Field]:
        """All three are required."""
        note = "the extension's own unique name"
        return (
            TextField("ExtensionId", "ExtensionId", note=note, required=True),
            TextField("Version", "Version", required=True),
            TextField("ManifestHash", "ManifestHash", note="SHA-512 in hexadecimal", required=True),
        )

    def proposal(self, fields: Mapping[str, Field]) -> Proposal | str:
        """The extension as it will be created; the server makes it pending."""
        values = {name: field.text.strip() for name, field in fields.items()}
        write = CreateExtension(values["ExtensionId"], values["Version"], values["ManifestHash"])
        warnings = _hash_warning(write.manifest_hash)
        if write.extension_id in self._known:
            warnings = (*warnings, f"{write.extension_id} is in the list already")
        operation = OPERATIONS["extension.create"]
        return Proposal(
            operation,
            write,
            write.extension_id,
            changes=tuple(FieldChange(name, "", value) for name, value in values.items()),
            consequences=(consequence_for(operation, write=write),),
            warnings=warnings,
        )


class UpdateExtensionForm(FormDialog):
    """The form of `extension.update`: Version, ManifestHash, Status; only what changed is sent."""

    def __init__(self, desk: Desk, extension: Extension, rests_on: Snapshot[object]) -> None:
        super().__init__(f"Update {extension.name}", desk)
        self._extension = extension
        self._rests_on = rests_on

    def fields(self) -> Sequence[Field]:
        """What the server holds now."""
        extension = self._extension
        return (
            TextField("Version", "Version", extension.version, required=bool(extension.version)),
            TextField(
                "ManifestHash",
                "ManifestHash",
                extension.manifest_hash,
                note="SHA-512 in hexadecimal",
                required=bool(extension.manifest_hash),
            ),
            TextField(
                "Status",
                "Status",
                "" if extension.status is None else extension.status_word,
                note=_STATUS_NOTE,
                check=_wrong_status,
            ),
        )

    def proposal(self, fields: Mapping[str, Field]) -> Proposal | str:
        """Exactly what was changed."""
        after = {name: f.text.strip() for name, f in fields.items() if f.changed and f.text.strip()}
        if "Status" in after:
            after["Status"] = after["Status"].lower()
        if not after:
            return "nothing was changed, so there is nothing to send"
        operation = OPERATIONS["extension.update"]
        status = after.get("Status")
        write = UpdateExtension(
            self._extension.id,
            version=after.get("Version"),
            manifest_hash=after.get("ManifestHash"),
            status=None if status is None else int(ExtensionStatus[status.upper()]),
        )
        return Proposal(
            operation,
            write,
            self._extension.name,
            changes=tuple(
                FieldChange(name, fields[name].before or "not reported", value)
                for name, value in after.items()
            ),
            consequences=(consequence_for(operation, write=write),),
            warnings=_hash_warning(after.get("ManifestHash")),
            rests_on=self._rests_on,
        )


def _hash_warning(manifest_hash: str | None) -> tuple[str, ...]:
    """A warning where a hash is not 128 hexadecimal digits; any text may be sent."""
    if manifest_hash is None:
        return ()
    digits = set(manifest_hash.lower()) <= set("0123456789abcdef")
    if len(manifest_hash) == _HASH_DIGITS and digits:
        return ()
    return (f"ManifestHash is not {_HASH_DIGITS} hexadecimal digits ({len(manifest_hash)} characters)",)


def _wrong_status(text: str) -> str | None:
    known = text.upper() in ExtensionStatus.__members__
    return None if known else f"{text!r} is no status: write {_STATUS_NOTE}"
