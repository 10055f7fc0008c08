"""Create or update an extension."""

from collections.abc import Mapping, Sequence

from tui.domain.baseline import Baseline, of_extension
from tui.domain.jtl.extensions import Extension, ExtensionStatus
from tui.domain.text import cited
from tui.ops.drafts.draft import DraftKey
from tui.ops.operations.create_extension import create_extension
from tui.ops.operations.update_extension import update_extension
from tui.ops.proposals.proposal import Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.target import TargetRow
from tui.session.session import Session
from tui.store.snapshot import Snapshot
from tui.ui.forms.hash_field import HashingForm
from tui.ui.widgets.form_fields import Field, TextField

_STATUS_NOTE = "disabled, pending or active"


class CreateExtensionForm(HashingForm):
    """The form of `extension.create`: ExtensionId, Version, ManifestHash, and a file to hash."""

    def __init__(self, session: Session, known: Sequence[Extension]) -> None:
        super().__init__("New extension", session, draft_key=DraftKey("extension.create"))
        self._known = {extension.extension_id for extension in known}

    def fields(self) -> Sequence[Field]:
        """The first three are required."""
        note = "the extension's own unique name"
        return (
            TextField("ExtensionId", "ExtensionId", note=note, required=True),
            TextField("Version", "Version", required=True),
            self.hash_field(),
            self.file_field(),
        )

    def proposal(self, fields: Mapping[str, Field]) -> Proposal | Refusal:
        """The extension as it will be created; the server sets it to pending."""
        values = {name: field.text.strip() for name, field in fields.items()}
        return create_extension(
            values["ExtensionId"], values["Version"], values["ManifestHash"], self._known
        )


class UpdateExtensionForm(HashingForm):
    """The form of `extension.update`: Version, ManifestHash, Status, and a file to hash.

    Only changed values are sent.
    """

    def __init__(self, session: Session, extension: Extension, rests_on: Snapshot[object]) -> None:
        super().__init__(
            f"Update {extension.name}",
            session,
            extension.name,
            DraftKey("extension.update", extension.id),
        )
        self._extension = extension
        self.stored_hash = extension.manifest_hash
        self._rests_on = rests_on

    def baseline(self) -> Baseline:
        """The extension as it was opened."""
        return of_extension(self._extension)

    def adopt(self, target: TargetRow, rests_on: Snapshot[object]) -> bool:
        """Continue with the current extension."""
        if isinstance(target, Extension):
            self._extension, self._rests_on = target, rests_on
        return isinstance(target, Extension)

    def sends(self, field: Field) -> bool:
        """An empty field changes nothing."""
        return field.changed and bool(field.text.strip())

    def in_words(self, field: Field) -> str:
        """A status in lower case, as the list shows it."""
        words = super().in_words(field)
        return words.lower() if field.name == "Status" else words

    def fields(self) -> Sequence[Field]:
        """The server's current values."""
        extension = self._extension
        return (
            TextField("Version", "Version", extension.version, required=bool(extension.version)),
            self.hash_field(extension.manifest_hash, required=bool(extension.manifest_hash)),
            TextField(
                "Status",
                "Status",
                "" if extension.status is None else extension.status_word,
                note=_STATUS_NOTE,
                check=_wrong_status,
            ),
            self.file_field(),
        )

    def proposal(self, fields: Mapping[str, Field]) -> Proposal | Refusal:
        """Exactly what was changed."""
        after = {name: f.text.strip() for name, f in fields.items() if f.changed and f.text.strip()}
        status = after.get("Status")
        return update_extension(
            self._extension,
            self._rests_on,
            version=after.get("Version"),
            manifest_hash=after.get("ManifestHash"),
            status=None if status is None else ExtensionStatus[status.upper()],
        )


def _wrong_status(text: str) -> str | None:
    known = text.upper() in ExtensionStatus.__members__
    return None if known else f"{cited(text)} is not a status: write {_STATUS_NOTE}"
