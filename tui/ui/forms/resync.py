"""Forced resync: source, scope, keys, empty values and how; the call and what it overwrites are shown
while the form is filled in.

Invariants: everything is resynced only where *everything* was chosen; an unreadable line stops the
review until the operator decides to skip it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, TextArea

from tui.domain.superoffice.engine import Connection
from tui.domain.superoffice.resync_keys import (
    EXTERNAL_RULE,
    INTERNAL_RULE,
    Header,
    KeyReport,
    Report,
    key_list,
)
from tui.domain.superoffice.resync_request import ACTOR_TYPES, MOST_IN_CALL, ResyncRequest, Scope
from tui.ops.drafts.draft import DraftKey
from tui.ops.files.key_files import read_keys
from tui.ops.files.manifest_files import FileRefused
from tui.ops.proposals.proposal import Proposal
from tui.ops.proposals.resync import overwritten, resync_calls
from tui.ops.refusal import Refusal
from tui.ops.targets.target import TargetRow
from tui.session.session import Session
from tui.store.snapshot import Snapshot, Topic
from tui.ui.forms.form import FormDialog
from tui.ui.forms.resync_list import (
    RANGES,
    forget_decisions,
    header_of,
    list_fields,
    show_needed,
    wrong_with,
)
from tui.ui.forms.resync_source import source_of, sources_note, wrong_source
from tui.ui.host import app_of
from tui.ui.modals.details.linked_records import LinkedDialog
from tui.ui.modals.review.key_report import LinesReportDialog
from tui.ui.modals.review.resync_flow import review_in_turn
from tui.ui.widgets.choice import Choice
from tui.ui.widgets.form_fields import ChoiceField, Field, LinesField, TextField
from tui.ui.widgets.text_line import TextLine

_SCOPES = {
    "internal keys": Scope.INTERNAL,
    "external keys": Scope.EXTERNAL,
    "everything": Scope.EVERYTHING,
}
_KEEP, _OVERWRITE, _WAIT, _BATCH = "keep", "overwrite", "wait", "batch task"
_KEY_NOTES = {
    Scope.INTERNAL: f"ErpInternalKey ids, not company ids: {INTERNAL_RULE}",
    Scope.EXTERNAL: f"the ERP's own keys: {EXTERNAL_RULE}",
}
_LAYOUTS = 4
"""Layouts after which appearing notes have found their place."""
_MOST_TYPED = 200_000
"""Characters that may be typed or pasted here; a draft must stay small."""
_Asked = tuple[Scope, Header, bool, bool, str]
"""What a reading of the list depends on: also whether it is a file, and whether it may have ranges."""


class ResyncForm(FormDialog):
    """The form of `engine.force-resync`; `connections` are the known ones, None if they are unknown.

    It has more fields than a small screen has lines: only the field with the focus shows its note, and
    stays in sight, whatever appears or disappears above it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f3", "linked", "linked?", key_display="F3"),
        Binding("f4", "lines", "key list", key_display="F4"),
    ]

    def __init__(
        self,
        session: Session,
        connections: Sequence[Connection] | None,
        chosen: int | None,
        rests_on: Snapshot[object],
    ) -> None:
        self._key = DraftKey("engine.force-resync", "" if chosen is None else str(chosen))
        super().__init__("Forced resync", session, draft_key=self._key)
        self._connections = connections
        self._chosen = chosen
        self._rests_on = rests_on
        self._file = ("", "")
        """A path and the text that was read there."""
        self._reading: tuple[_Asked, Report] | None = None

    def fields(self) -> Sequence[Field]:
        source = TextField(
            "ErpConnectionId",
            "Source",
            "" if self._chosen is None else str(self._chosen),
            note=sources_note(self._connections),
            placeholder="0 for CRM, or a connection's number",
            required=True,
            check=lambda text: wrong_source(text, self._connections),
            check_first=True,
        )
        return (
            source,
            ChoiceField("Scope", "Scope", tuple(_SCOPES), note="which records"),
            ChoiceField("ErpActorType", "Actor type", ACTOR_TYPES, note="Record type of the keys"),
            LinesField("Keys", "Keys", note=_KEY_NOTES[Scope.INTERNAL], check=_too_long),
            TextField(
                "File",
                "or a file",
                note="a path, one key a line; enter reads it",
                placeholder="~/keys.txt",
            ),
            *list_fields(),
            ChoiceField(
                "Blanks",
                "Empty source values",
                (_KEEP, _OVERWRITE),
                note="keep: empty values overwrite nothing; you can still overwrite later",
            ),
            ChoiceField(
                "How",
                "How",
                (_WAIT, _BATCH),
                note="a batch task is queued; the server returns no task number",
            ),
        )

    def compose_tail(self) -> ComposeResult:
        yield TextLine(id="call")

    def on_mount(self) -> None:
        self._tell()
        self.watch(self.query_one("#body"), "virtual_size", lambda: self._show_focused(1), init=False)

    def set_focus(
        self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False
    ) -> None:
        """Textual's own scrolling aims at the field's place before the notes moved."""
        super().set_focus(widget, scroll_visible=False, from_app_focus=from_app_focus)

    def on_descendant_focus(self) -> None:
        """A field grows by its note when it gets the focus, and the previous one shrinks."""
        self._show_focused(_LAYOUTS)

    def _show_focused(self, times: int = 0) -> None:
        for one in self.all_fields:
            if one.has_focus_within:
                one.scroll_visible(animate=False, immediate=True, force=True)
        if times:
            self.call_after_refresh(self._show_focused, times - 1)

    def follow(self) -> None:
        """Take the connections up once they are known."""
        snapshot = self.session.store.snapshot(Topic.CONNECTIONS)
        if self._connections is None and snapshot.data is not None:
            self._connections, self._rests_on = snapshot.data, snapshot
            self._by_name["ErpConnectionId"].show_note(sources_note(self._connections))
            self._tell()

    def adopt(self, target: TargetRow, rests_on: Snapshot[object]) -> bool:
        if not isinstance(target, Connection):
            return False
        others = (one for one in self._connections or () if one.id != target.id)
        self._connections = tuple(sorted((*others, target), key=lambda one: one.id))
        self._rests_on = rests_on
        return True

    async def _continue_on(self, target: TargetRow, at: datetime) -> None:
        await super()._continue_on(target, at)
        self._tell()

    @on(Choice.Changed)
    @on(TextArea.Changed)
    def _chosen_or_typed(self, event: Choice.Changed | TextArea.Changed) -> None:
        self.touched(event.control)

    def edited(self, field: Field) -> None:
        """Errors about the old values are hidden; the meaning of the new ones is shown."""
        for one in self.all_fields:
            super().edited(one)
        self._forget_decisions(field.name or "")
        self._tell()

    def _forget_decisions(self, edited: str) -> None:
        # Undoing a choice is not an edit: messages about the other fields stay.
        with self.prevent(Choice.Changed):
            forget_decisions(self._by_name, edited)

    def _text(self, name: str) -> str:
        return self._by_name[name].text.strip()

    @property
    def _scope(self) -> Scope:
        return _SCOPES[self._text("Scope")]

    @property
    def _source(self) -> int | None:
        return source_of(self._text("ErpConnectionId"), self._connections)

    @property
    def report(self) -> Report:
        """The keys as they are written, or as they were read from the named file."""
        named, scope, fields = self._text("File"), self._scope, self._by_name
        if scope is Scope.EVERYTHING:
            return KeyReport()
        path, read = self._file
        text = fields["Keys"].text if not named else read if named == path else ""
        ranges = bool(named) and fields["Lines"].text == RANGES
        asked = scope, header_of(fields), bool(named), ranges, text
        if self._reading is None or self._reading[0] != asked:
            list_ = key_list(text, scope, header_of(fields), in_file=bool(named), ranges=ranges)
            self._reading = asked, list_
        return self._reading[1]

    def _request(self) -> ResyncRequest | None:
        source, scope, keys = self._source, self._scope, self.report.keys
        if source is None:
            return None
        return ResyncRequest(
            source,
            scope,
            cast("tuple[int, ...]", keys) if scope is Scope.INTERNAL else (),
            cast("tuple[str, ...]", keys) if scope is Scope.EXTERNAL else (),
            self._text("ErpActorType"),
            keeps=self._text("Blanks") == _KEEP,
            as_batch=self._text("How") == _BATCH,
        )

    def _tell(self) -> None:
        fields, keyed = self._by_name, self._scope is not Scope.EVERYTHING
        fields["ErpActorType"].display = self._scope is Scope.EXTERNAL
        for name in ("Keys", "File"):
            fields[name].display = keyed
        show_needed(fields, self.report, in_file=keyed and bool(self._text("File")))
        fields["Keys"].show_note(_KEY_NOTES.get(self._scope, ""))
        self.query_one("#call", TextLine).show("\n".join(self._comes_to()), self._tone())
        self.refresh_bindings()
        self.call_after_refresh(self._fit_body)

    def _tone(self) -> str:
        request = self._request()
        return "warning" if request is not None and request.refusal else ""

    def _comes_to(self) -> tuple[str, ...]:
        request = self._request()
        counted = "everything" if self._scope is Scope.EVERYTHING else self.report.summary
        if self._text("File") and self._text("File") != self._file[0]:
            counted = "the file has not been read yet"
        if request is None:
            return (f"{counted} · the source decides which side is overwritten",)
        if request.refusal:
            return (f"no such call: {request.refusal}",)
        calls = -(-len(self.report.keys) // MOST_IN_CALL)
        several = f" {calls} times" if calls > 1 else ""
        return (f"calls {request.whole.method}{several} · {counted}", overwritten(request.whole))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The list of lines is offered where there is a remark on any."""
        if action == "lines":
            return bool(self.all_fields) and self.report.has_notes
        return super().check_action(action, parameters)

    def action_lines(self) -> None:
        self.app.push_screen(LinesReportDialog(self.report))

    def action_linked(self) -> None:
        self.app.push_screen(LinkedDialog(self.session))

    @on(Input.Submitted)
    def _file_named(self, event: Input.Submitted) -> None:
        """Read it before the focus moves on: its content may show a field that comes next."""
        if event.control in self._by_name["File"].query(Input) and self._text("File"):
            event.prevent_default()
            self._read(self._leave_file)

    def _leave_file(self) -> None:
        if not self._by_name["File"].has_focus_within:
            return
        name, _ = wrong_with(self._by_name, self.report, in_file=True)
        if name not in ("", "File"):
            # Until the next layout, Textual does not know that this field comes next.
            self._by_name[name].focus_control()
        else:
            self.app.action_focus_next()

    @work(group="read", exclusive=True, exit_on_error=False)
    async def _read(self, then: Callable[[], None]) -> None:
        field, path = self._by_name["File"], self._text("File")
        try:
            text = await read_keys(path)
        except FileRefused as refusal:
            field.show_error(str(refusal))
            field.focus_control()
            return
        if self._text("File") == path:
            if self._file != (path, text):
                self._forget_decisions("File")
            self._file = (path, text)
            self._tell()
            then()

    def action_review(self) -> None:
        """Read the named file again, if any; check everything, and show what would be sent."""
        if self._text("File") and self._scope is not Scope.EVERYTHING:
            self._read(self._review)
        else:
            self._review()

    def _review(self) -> None:
        self.follow()
        calls = self._calls() if self.is_right() else ()
        if len(calls) > 1:
            self.trouble("")
            review_in_turn(app_of(self), self.session, calls, self._begun)
        elif calls:
            super().action_review()

    def _begun(self) -> None:
        """Its calls are being sent: their account is kept elsewhere now."""
        if self.session.drafts is not None:
            self.session.drafts.drop(self._key)
        self.dismiss(None)

    def _calls(self) -> tuple[Proposal, ...]:
        request = self._request()
        calls = resync_calls(request, self._connections, self._rests_on, self.report) if request else ()
        if isinstance(calls, Refusal):
            self.trouble(calls.sentence, "warning")
            return ()
        return calls

    def proposal(self) -> Proposal | Refusal:
        calls = self._calls()
        return calls[0] if calls else Refusal("nothing to propose")

    def is_right(self) -> bool:
        if not super().is_right():
            return False
        name, why = self._amiss()
        if name:
            self._by_name[name].show_error(why)
            self._by_name[name].focus_control()
            self.trouble("Fix the marked fields to continue")
        return not name

    def _amiss(self) -> tuple[str, str]:
        """The field that contradicts the others, and the message; empty: none."""
        keyed, request = self._scope is not Scope.EVERYTHING, self._request()
        if keyed and self._text("File") and self._text("Keys"):
            return "File", "keys are written above as well: remove those, or the file"
        if keyed and not (self._text("File") or self._text("Keys")):
            return "Keys", "no keys: write them, name a file, or choose everything as the scope"
        wrong = wrong_with(self._by_name, self.report, in_file=bool(self._text("File")))
        if keyed and wrong[0]:
            return wrong
        if request is not None and request.refusal:
            return ("How" if request.as_batch else "ErpConnectionId"), request.refusal
        return "", ""


def _too_long(text: str) -> str | None:
    if len(text) <= _MOST_TYPED:
        return None
    return f"more than {_MOST_TYPED:,} characters: put them into a file, and name it below"
