"""A note for the history: one line, kept with its user and time."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui.domain.history.notes import strike_of
from tui.domain.history.records import LONGEST_TEXT, Event
from tui.domain.text import brief, clean, one_line
from tui.ops.audit.file_trail import user_name
from tui.paths import reason_of
from tui.ui.modals.dialog import Dialog
from tui.ui.widgets.line_input import LineInput
from tui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from tui.session.history_view import HistoryView
    from tui.ui.host import AppHost


class NoteInput(LineInput):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "write it")]


class NoteDialog(Dialog[str]):
    """The note as it was kept; None: none was. It stays until the note is kept, or is discarded."""

    def __init__(self, keep: Callable[[str], Awaitable[str]]) -> None:
        """`keep` writes it, and returns why it could not, or empty."""
        super().__init__("Note")
        self._keep = keep
        self._is_writing = False

    def compose_tail(self) -> ComposeResult:
        yield TextLine("one line for the history, with your name and the time", id="remark")
        yield NoteInput(id="note", max_length=LONGEST_TEXT)

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        text = brief(one_line(clean(event.value)).strip(), LONGEST_TEXT)
        if not text:
            self.trouble("write something, or press esc", "warning")
            return
        if not self._is_writing:
            self._is_writing = True
            self.run_worker(self._write(text), group="note")

    async def _write(self, text: str) -> None:
        try:
            why = await self._keep(text)
        finally:
            self._is_writing = False
        if why:
            self.trouble(why)
        else:
            self.dismiss(text)

    @on(Input.Changed)
    def _edited(self) -> None:
        self.asked_to_leave = False
        self.trouble("")

    def unsent(self) -> str:
        return "the note is not written" if self.query_one(Input).value.strip() else ""

    def action_leave(self) -> None:
        """Leave, once with a question if something was typed."""
        if self.unsent():
            self.leave_or_ask(lambda: self.dismiss(None), f"{self.unsent()}. esc again discards it")
        else:
            self.dismiss(None)


def open_note(host: "AppHost", view: "HistoryView", noted: Callable[[str], object]) -> None:
    """Ask for a note and keep it; `noted` receives that."""

    async def keep(text: str) -> str:
        try:
            await view.history.note(text, user_name())
        except OSError as error:
            where = "Check the directory of [history], then press enter again"
            return f"the note was not kept: {reason_of(error)}. {where}"
        return ""

    def written(text: str | None) -> None:
        if text:
            noted(f"noted: {text}")

    if view.ends_at is not None:
        host.tell("this is a recording: no note can be added", "warning")
        return
    host.push_screen(NoteDialog(keep), written)


def strike_note(
    host: "AppHost", view: "HistoryView", note: Event, struck: Callable[[str], object]
) -> None:
    """Keep that a note no longer holds; `struck` receives that."""
    strike = strike_of(note, note.at, user_name())

    async def keep() -> None:
        try:
            await view.history.event(strike.kind, strike.text, user=strike.user, ref=strike.ref)
        except OSError as error:
            host.tell(f"the note was not struck through: {reason_of(error)}", "error")
            return
        struck(f"struck through: {note.text}")

    if view.ends_at is not None:
        host.tell("this is a recording: no note can be struck through", "warning")
        return
    host.run_worker(keep(), group="note")
