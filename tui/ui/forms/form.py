"""A form: fields in, one reviewed proposal out. Nothing typed is lost by an error or a refusal."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Switch

from tui.domain.resync import PluginAnswer
from tui.ops.guard import Outcome, OutcomeKind
from tui.ops.proposal import Proposal
from tui.ui.desk import Desk
from tui.ui.forms.fields import Field
from tui.ui.modals.dialog import Dialog
from tui.ui.modals.review import LeftRunning, ReviewDialog


class FormDialog(Dialog[Outcome | None]):
    """Base of the forms; the result is the outcome of the write, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,f2", "review", "review", key_display="F2 ^s", priority=True),
        Binding("down", "app.focus_next", "Next", show=False),
        Binding("up", "app.focus_previous", "Previous", show=False),
    ]

    def __init__(self, title: str, desk: Desk) -> None:
        super().__init__(title)
        self.desk = desk
        self._asked_to_leave = False

    def fields(self) -> Sequence[Field]:
        """The fields, made once, in tab order."""
        return ()

    def proposal(self, fields: Mapping[str, Field]) -> Proposal | str:
        """What the form proposes, or why it proposes nothing."""
        return "nothing to propose"

    def compose_body(self) -> ComposeResult:
        """The fields."""
        yield from self.fields()

    def on_mount(self) -> None:
        """Start on the first field."""
        self.query(Field).first().focus_control()

    @property
    def _by_name(self) -> dict[str, Field]:
        return {field.name or "": field for field in self.query(Field)}

    def is_right(self) -> bool:
        """Check every field, and say at each what is wrong with it."""
        wrong = [(field, text) for field in self.query(Field) if (text := field.wrong())]
        for field in self.query(Field):
            field.show_error(next((text for other, text in wrong if other is field), ""))
        if wrong:
            wrong[0][0].focus_control()
            count = "1 field" if len(wrong) == 1 else f"{len(wrong)} fields"
            self.trouble(f"{count} cannot be sent yet")
        return not wrong

    def action_review(self) -> None:
        """Check every field, then show what would be sent."""
        if not self.is_right():
            return
        proposal = self.proposal(self._by_name)
        if isinstance(proposal, str):
            self.trouble(proposal, "warning")
            return
        self.trouble("")
        self.app.push_screen(ReviewDialog(self.desk, proposal), self._reviewed)

    def _reviewed(self, outcome: Outcome | LeftRunning | None) -> None:
        """Close on success, or with a request on its way; put a refusal on the fields it names."""
        if outcome is None:
            return
        if isinstance(outcome, LeftRunning):
            self.dismiss(None)
            return
        if outcome.kind is OutcomeKind.APPLIED or isinstance(outcome.result, PluginAnswer):
            self.dismiss(outcome)
            return
        self.trouble(". ".join(text for text in (outcome.sentence, outcome.next_step) if text))
        named: Mapping[str, tuple[str, ...]] = getattr(outcome.error, "fields", {})
        for server_name, messages in named.items():
            field = self.field_for(server_name)
            if field is not None:
                field.show_error("; ".join(messages))
                field.focus_control()

    def field_for(self, server_name: str) -> Field | None:
        """The field that a server's error names; by name, whatever its case."""
        wanted = server_name.lower()
        return next((f for name, f in self._by_name.items() if name.lower() in wanted), None)

    @on(Input.Submitted)
    def _next_field(self) -> None:
        self.app.action_focus_next()

    def unsent(self) -> str:
        """The fields that were changed."""
        changed = ", ".join(field.label for field in self.query(Field) if field.changed)
        return f"not sent: {changed}" if changed else ""

    @on(Input.Changed)
    @on(Switch.Changed)
    def _edited(self, event: Input.Changed | Switch.Changed) -> None:
        self._asked_to_leave = False
        for field in event.control.ancestors:
            if isinstance(field, Field):
                self.edited(field)

    def edited(self, field: Field) -> None:
        """What was wrong with the old value is no longer said."""
        field.show_error("")

    def action_leave(self) -> None:
        """Leave; once with a question if something was typed."""
        if self.unsent() and not self._asked_to_leave:
            self._asked_to_leave = True
            self.trouble(f"{self.unsent()}. esc or F10 again discards it, F2 reviews it", "warning")
            return
        self.dismiss(None)
