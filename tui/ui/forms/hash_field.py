"""Forms with a last field *Hash a file*: the SHA-512 of the named file goes into ManifestHash.

It is computed on enter, or when the review is requested, without blocking the screen.
"""

from collections.abc import Callable

from textual import on, work
from textual.widgets import Input

from tui.domain.jtl.extension_versions import same_hash
from tui.ops.files.manifest_files import FileRefused, HashedFile, compared, hash_file
from tui.ui.forms.form import FormDialog
from tui.ui.widgets.form_fields import Field, FileField, TextField

_FILE = "HashFile"
_NOTE = "a path; enter puts the file's SHA-512 into ManifestHash"


class HashingForm(FormDialog):
    """Base of the two extension forms."""

    stored_hash = ""
    """The server's hash; empty where it has none yet."""
    _hashed = ""
    """The path whose hash is in ManifestHash."""

    def hash_field(self, first: str = "", *, required: bool = True) -> TextField:
        note = "SHA-512 in hexadecimal"
        return TextField("ManifestHash", "ManifestHash", first, note=note, required=required)

    def file_field(self) -> FileField:
        return FileField(_FILE, "Hash a file", note=_NOTE, placeholder="~/manifest.json")

    @on(Input.Submitted)
    def _file_named(self, event: Input.Submitted) -> None:
        field = self.query_one(FileField)
        path = field.text.strip()
        if path and event.control in field.query(Input):
            event.prevent_default()
            self._hash(field, path, lambda: None)

    def action_review(self) -> None:
        """First hash a file that was named and not hashed yet."""
        field = self.query_one(FileField)
        path = field.text.strip()
        if path and path != self._hashed:
            self._hash(field, path, super().action_review)
        else:
            super().action_review()

    @work(group="hash", exclusive=True, exit_on_error=False)
    async def _hash(self, field: FileField, path: str, then: Callable[[], None]) -> None:
        field.show_note("reading…")
        try:
            file = await hash_file(path)
        except FileRefused as refusal:
            field.show_note("")
            field.show_error(str(refusal))
            field.focus_control()
            return
        if field.text.strip() != path:
            # Another file was named while this one was read.
            return
        self._take(field, path, file)
        then()

    def _take(self, field: FileField, path: str, file: HashedFile) -> None:
        """Put the hash into its field; the stored one stays as it is written."""
        self._hashed = path
        same = same_hash(file.sha512, self.stored_hash)
        self._by_name["ManifestHash"].take(self.stored_hash if same else file.sha512)
        verdict = compared(file, self.stored_hash)
        field.show_error("")
        field.show_note(" · ".join(filter(None, (verdict, file.summary))))

    def edited(self, field: Field) -> None:
        """An edited path is no longer the hashed one."""
        super().edited(field)
        if isinstance(field, FileField) and field.text.strip() != self._hashed:
            self._hashed = ""
            field.show_note(_NOTE)
