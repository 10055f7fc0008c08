"""Create or update an extension."""

from collections.abc import Sequence

from tui.domain.baseline import Baseline, of_extension
from tui.domain.jtl.extensions import Extension, ExtensionStatus
from tui.domain.text import cited
from tui.ops.drafts.draft import DraftKey
from tui.ops.operations.create_extension import create_extension
from tui.ops.operations.update_extension import update_extension
from tui.ops.proposals.proposal import Proposal
from tui.ops.refusal import Refusal
from tui.session.session import Session
from tui.store.snapshot import Snapshot
from tui.ui.forms.hash_field import HashingForm
from tui.ui.forms.target_form import TargetForm
from tui.ui.widgets.form_fields import Field, TextField

_STATUS_NOTE = "disabled, pending or active"


class CreateExtensionForm(HashingForm):
    """The form of `extension.create`: ExtensionId, Version, ManifestHash, and a file to hash."""

    def __init__(self, session: Session, known: Sequence[Extension]) -> None:
        super().__init__("New extension", session, draft_key=DraftKey("extension.create"))
        self._known = {extension.extension_id for extension in known}

    def fields(self) -> Sequence[Field]:
        note = "the extension's own unique name"
        return (
            TextField("ExtensionId", "ExtensionId", note=note, required=True),
            TextField("Version", "Version", required=True),
            self.hash_field(),
            self.file_field(),
        )

    def proposal(self) -> Proposal | Refusal:
        values = {name: field.text.strip() for name, field in self._by_name.items()}
        return create_extension(
            values["ExtensionId"], values["Version"], values["ManifestHash"], self._known
        )


class UpdateExtensionForm(HashingForm, TargetForm[Extension]):
    """The form of `extension.update`: Version, ManifestHash, Status, and a file to hash.

    Only changed values are sent.
    """

    def __init__(self, session: Session, extension: Extension, rests_on: Snapshot[object]) -> None:
        key = DraftKey("extension.update", extension.id)
        title = f"Update {extension.name}"
        super().__init__(title, session, extension.name, key, extension, rests_on)
        self.stored_hash = extension.manifest_hash

    def baseline(self) -> Baseline:
        return of_extension(self.opened)

    def in_words(self, field: Field) -> str:
        """A status in lower case, as the list shows it."""
        words = super().in_words(field)
        return words.lower() if field.name == "Status" else words

    def fields(self) -> Sequence[Field]:
        extension = self.opened
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

    def proposal(self) -> Proposal | Refusal:
        after = {name: field.text.strip() for name, field in self._by_name.items() if self.sends(field)}
        status = after.get("Status")
        return update_extension(
            self.opened,
            self.rests_on,
            version=after.get("Version"),
            manifest_hash=after.get("ManifestHash"),
            status=None if status is None else ExtensionStatus[status.upper()],
        )


def _wrong_status(text: str) -> str | None:
    known = text.upper() in ExtensionStatus.__members__
    return None if known else f"{cited(text)} is not a status: write {_STATUS_NOTE}"
