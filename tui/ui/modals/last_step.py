"""The last step before a write, by its grade; what is shown above it is the subclass's matter.

`a` applies what is reversible, `y` confirms what disrupts, and what cannot be taken back wants the
profile's name typed. Enter does nothing dangerous: Cancel has the focus. Keys typed ahead of what
is on screen do not count.
"""

from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Button, Input

from tui.domain.systems import Environment
from tui.ops.registry import Danger
from tui.ui.desk import Desk
from tui.ui.modals.dialog import Dialog
from tui.ui.widgets.facts import Fact, Facts
from tui.ui.widgets.name_input import NameInput
from tui.ui.widgets.text_line import TextLine

Result = TypeVar("Result")
_LOOK_EVERY = 5.0
"""Seconds between two looks at the age of the data."""


class LastStepDialog(Dialog[Result]):
    """Shows facts, and sends on the last step of its grade."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "apply", "apply"),
        Binding("y", "confirm", "yes, do it"),
        Binding("q", "leave", "Back", show=False),
        Binding("down", "more", "more", key_display="↓"),
    ]

    def __init__(self, title: str, desk: Desk, danger: Danger) -> None:
        super().__init__(title)
        self._desk = desk
        self._sent = False
        self._unsendable = ""
        self.grade = danger
        self.set_class(desk.facts.environment is Environment.PRODUCTION, "-production")

    # What the subclass says.

    def facts(self) -> tuple[Fact, ...]:
        """What is about to be done, as it is known now."""
        return ()

    def halted(self) -> str:
        """Why nothing can be sent now; empty: it can."""
        return self._unsendable

    def send(self) -> None:
        """Do it; called once."""
        raise AttributeError("send")

    # Showing.

    def compose_body(self) -> ComposeResult:
        """One block of facts."""
        yield Facts()

    def compose_tail(self) -> ComposeResult:
        """The last step: a name to type, or Cancel under the focus."""
        if self.grade is Danger.IRREVERSIBLE:
            name = self._desk.facts.name
            ask = TextLine(id="ask")
            ask.show(f"type {name} and press enter")
            yield ask
            yield NameInput()
        else:
            yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Cancel has the focus; where a name must be typed, its field has."""
        self.follow()
        self.set_interval(_LOOK_EVERY, self.follow)
        self.query_one("#profile-name, #cancel").focus()

    def follow(self) -> None:
        """Tell what is known as it is now."""
        if not self._sent:
            self.query_one(Facts).show(self.facts())
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only the key of this grade is offered, and only until it was pressed."""
        if action in ("apply", "confirm"):
            due = {Danger.REVERSIBLE: "apply", Danger.DISRUPTIVE: "confirm"}.get(self.grade)
            return action == due and not (self._sent or self.halted())
        return super().check_action(action, parameters)

    # Doing.

    def action_apply(self) -> None:
        """The last step of what is reversible."""
        self._send()

    def action_confirm(self) -> None:
        """The last step of what disrupts."""
        self._send()

    @on(Input.Submitted, "#profile-name")
    def _name_typed(self, event: Input.Submitted) -> None:
        if event.value == self._desk.facts.name:
            self._send()
        else:
            self.trouble(f"that is not the profile's name: type {self._desk.facts.name}")

    @on(Button.Pressed, "#cancel")
    def _cancelled(self) -> None:
        self.action_leave()

    def _send(self) -> None:
        if not self.was_seen():
            self.trouble("that was typed before this was on screen: look, then type it again", "warning")
        elif self.halted():
            self.trouble(self.halted())
        elif not self._sent:
            self._sent = True
            self.refresh_bindings()
            self.send()
