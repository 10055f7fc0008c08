"""One line for a time; the grammar is that of every command, in UTC as on all screens."""

from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui.domain.time_grammar import FORMS, past_time
from tui.ui.modals.dialog import Dialog
from tui.ui.widgets.line_input import LineInput
from tui.ui.widgets.text_line import TextLine


class TimeInput(LineInput):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "go there")]


class TimeDialog(Dialog[datetime]):
    """The time; None: none was chosen."""

    def __init__(self, title: str, now: datetime, value: str = "") -> None:
        super().__init__(title)
        self._now, self._value = now, value

    def compose_tail(self) -> ComposeResult:
        yield TextLine(FORMS, id="remark")
        yield TimeInput(self._value, id="time")

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _changed(self) -> None:
        self.trouble("")

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        try:
            at = past_time(event.value, self._now)
        except ValueError as error:
            self.trouble(str(error))
            return
        self.dismiss(min(at, self._now))
