"""The last step before a write, by its grade; what is shown above it is the subclass's matter.

`a` applies what is reversible, `y` confirms what disrupts, and what cannot be taken back wants the
profile's name typed. Enter does nothing dangerous: Cancel has the focus. No key counts before what it
confirms was read, and what changes has to be read again.
"""

from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Button

from tui.domain.systems import Environment
from tui.ops.registry import Danger
from tui.ui.desk import Desk
from tui.ui.modals.typed_name import TypedNameDialog
from tui.ui.widgets.facts import Fact, Facts

Result = TypeVar("Result")
_LOOK_EVERY = 5.0
"""Seconds between two looks at the age of the data."""


_AGE = "Data"
"""The label of the one fact that changes by itself."""
_KEYS = {Danger.REVERSIBLE: "a", Danger.DISRUPTIVE: "y"}


class LastStepDialog(TypedNameDialog[Result]):
    """Shows facts, and sends on the last step of its grade."""

    LAST_KEYS: ClassVar[frozenset[str]] = frozenset({"apply", "confirm", "submit"})

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
        self._read: tuple[Fact, ...] = ()
        """What is to be read before a last step, as it was shown last."""
        self._note = ""
        """What is still to be heeded after a key was refused."""
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
            yield from self.compose_name(self._desk.facts.name)
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
            self.show_facts(self.facts())
            self.refresh_bindings()

    def show_facts(self, facts: tuple[Fact, ...], *, anew: bool = False) -> None:
        """Show these facts; others than before have to be read before anything counts.

        `anew`: also the same ones have to be read again.
        """
        to_read = tuple(fact for fact in facts if fact[0] != _AGE)
        is_other = anew or to_read != self._read
        if is_other:
            if self._read:
                self.void_name()
            self._read = to_read
            self.last_key.void()
            self.show_whether_ready()
        self.query_one(Facts).show(facts, anew=is_other)

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

    def name_typed(self, name: str) -> None:
        """The last step of what cannot be taken back."""
        if name == self._desk.facts.name:
            self._send_once()
        else:
            self.trouble(f"that is not the profile's name: type {self._desk.facts.name}")

    @on(Button.Pressed, "#cancel")
    def _cancelled(self) -> None:
        self.action_leave()

    def _send(self) -> None:
        self.last_key.take(self._send_once, self._refuse_key)

    def _refuse_key(self) -> None:
        again = f"wait: that came too soon to count. Read this, then press {_KEYS[self.grade]} again"
        self.trouble(". ".join(filter(None, (again, self._note))), "warning")

    def heed(self, text: str) -> None:
        """Say what changed; it is said again where a key comes too soon."""
        self._note = text
        self.trouble(text, "warning")

    def _send_once(self) -> None:
        if self.halted():
            self.trouble(self.halted())
        elif not self._sent:
            self._sent = True
            self.refresh_bindings()
            self.send()
