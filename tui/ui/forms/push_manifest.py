"""Push a manifest: two files, read when the review is requested and sent as they were read."""

from collections.abc import Sequence

from textual import on, work
from textual.widgets import Input

from tui.domain.baseline import Baseline, of_extension
from tui.domain.jtl.extensions import Extension
from tui.ops.drafts.draft import DraftKey
from tui.ops.files.manifest_files import FileRefused, HashedFile, compared, read_file
from tui.ops.operations.push_manifest import push
from tui.ops.proposals.proposal import Proposal
from tui.ops.refusal import Refusal
from tui.session.session import Session
from tui.store.snapshot import Snapshot
from tui.ui.forms.target_form import TargetForm
from tui.ui.widgets.form_fields import Field, TextField

_FILES = ("Manifest", "Signature")


class PushManifestForm(TargetForm[Extension]):
    def __init__(self, session: Session, extension: Extension, rests_on: Snapshot[object]) -> None:
        key = DraftKey("extension.push-manifest", extension.id)
        title = f"Push manifest to {extension.name}"
        super().__init__(title, session, extension.name, key, extension, rests_on)
        self._read: dict[str, HashedFile] = {}

    def fields(self) -> Sequence[Field]:
        stored = self.opened.manifest_hash or "none"
        return (
            TextField("Manifest", "Manifest file", note=f"stored ManifestHash: {stored}", required=True),
            TextField("Signature", "Signature file", note="its signature, as bytes", required=True),
        )

    def baseline(self) -> Baseline:
        """The extension as it was opened; the draft itself holds only paths."""
        return of_extension(self.opened)

    def proposal(self) -> Proposal | Refusal:
        manifest, signature = (self._read[name] for name in _FILES)
        return push(self.opened, manifest, signature, self.rests_on)

    @on(Input.Submitted)
    def _file_named(self, event: Input.Submitted) -> None:
        """Describe a file as soon as it is named."""
        named = [field for field in self.query(TextField) if event.control in field.query(Input)]
        self._tell([field for field in named if field.text.strip()])

    @work(group="tell", exit_on_error=False)
    async def _tell(self, named: Sequence[TextField]) -> None:
        for field in named:
            await self._take(field)

    def action_review(self) -> None:
        """Read both files again, then show what would be sent."""
        if any(field.wrong() for field in self.all_fields):
            super().action_review()
        else:
            self._read_and_review()

    @work(group="read", exclusive=True, exit_on_error=False)
    async def _read_and_review(self) -> None:
        named = [field.text for field in self.query(TextField)]
        taken = [await self._take(field) for field in self.query(TextField)]
        if named != [field.text for field in self.query(TextField)]:
            self.trouble("the form changed while the files were read: F2 reads them again", "warning")
        elif all(taken):
            super().action_review()
        else:
            wrong = [field for field, fine in zip(self.query(TextField), taken, strict=True) if not fine]
            wrong[0].focus_control()

    async def _take(self, field: TextField) -> bool:
        """Read the file that a field names and describe it; False where it cannot be read."""
        named = field.text
        try:
            file = await read_file(named)
        except FileRefused as refusal:
            field.show_error(str(refusal))
            return False
        if field.text != named:
            # Another file was named while this one was read.
            return False
        self._read[field.name or ""] = file
        stored = self.opened.manifest_hash if field.name == "Manifest" else ""
        field.show_error("")
        field.show_note(" · ".join(filter(None, (compared(file, stored), file.summary))))
        return True
