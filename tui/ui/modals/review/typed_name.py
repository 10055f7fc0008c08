"""A confirmation by typing the profile's name, started after what it confirms was read."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from tui.ui.modals.dialog import Result
from tui.ui.modals.review.in_sight import InSightDialog
from tui.ui.widgets.inputs import NameInput
from tui.ui.widgets.text_line import TextLine

NOT_BY_HAND = "a pasted name does not count: type it by hand"
AGAIN = "the screen was redrawn while you typed: read it, then type the name again"


class TypedNameDialog(InSightDialog[Result]):
    """Base of the dialogs with a name to type."""

    LAST_KEYS: ClassVar[frozenset[str]] = frozenset({"submit"})

    def compose_name(self, name: str) -> ComposeResult:
        yield TextLine(f"type {name} and press enter", "off", id="ask")
        yield NameInput(self.last_key.counts)

    def name_typed(self, name: str) -> None:
        """A name was typed by hand; whether it is the right one is checked by the subclass."""

    def reading_began(self, seconds: float) -> None:
        """A name that was started before this does not count."""
        for name in self.query(NameInput):
            if name.has_begun:
                name.start_over()
                self.trouble(AGAIN, "warning")
        super().reading_began(seconds)

    def show_whether_ready(self) -> None:
        """The line that asks for the name is dim until it counts."""
        super().show_whether_ready()
        for ask in self.query("#ask").results(TextLine):
            ask.show(ask.shown, "" if self.last_key.is_ready else "off")

    def void_name(self, *, disabled: bool = False) -> None:
        """Discard the typed text: it was meant for something else."""
        for name in self.query(NameInput):
            name.start_over()
            name.disabled = disabled
            name.focus()

    @on(NameInput.TooSoon)
    def _too_soon(self) -> None:
        self.last_key.again()
        self.refuse_key("type the name")

    @on(NameInput.Pasted)
    def _pasted(self) -> None:
        self.last_key.again()
        self.trouble(NOT_BY_HAND, "warning")

    @on(Input.Submitted, "#profile-name")
    def _submitted(self, event: Input.Submitted) -> None:
        name = self.query_one(NameInput)
        if not event.value and name.is_waiting:
            self._too_soon()
        elif name.was_pasted or not name.is_by_hand:
            name.action_paste()
        else:
            self.name_typed(event.value)
