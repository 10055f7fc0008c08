"""The last step before a write: exactly what will change, where, and the request that does it.

`a` applies what is reversible, `y` confirms what disrupts, and what cannot be taken back wants the
profile's name typed. Enter does nothing dangerous: Cancel has the focus.
"""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Button, Input

from tui.domain.resync import PluginAnswer
from tui.ops.guard import Outcome, OutcomeKind
from tui.ops.registry import Danger, grade
from tui.ui.desk import Desk
from tui.ui.modals.dialog import Dialog
from tui.ui.proposal import Proposal
from tui.ui.widgets.facts import Fact, Facts


class ReviewDialog(Dialog[Outcome | None]):
    """Shows a proposal and sends it on the last step of its grade; None: nothing was sent here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "apply", "apply"),
        Binding("y", "confirm", "yes, do it"),
        Binding("q", "leave", "Back", show=False),
    ]

    def __init__(self, desk: Desk, proposal: Proposal) -> None:
        super().__init__(f"{proposal.operation.title} · {proposal.target}")
        self._desk = desk
        self._proposal = proposal
        self._sent = False
        self.grade = grade(proposal.operation, environment=desk.facts.environment, write=proposal.write)

    # Showing.

    def compose_body(self) -> ComposeResult:
        """Target, changes, consequences, request."""
        facts = Facts()
        facts.show(self._facts())
        yield facts

    def compose_tail(self) -> ComposeResult:
        """The last step: a name to type, or Cancel under the focus."""
        if self.grade is Danger.IRREVERSIBLE:
            name = self._desk.facts.name
            yield Input(placeholder=f"type {name} and press enter", id="profile-name", compact=True)
        else:
            yield Button("Cancel", id="cancel", compact=True)

    def _facts(self) -> tuple[Fact, ...]:
        facts, proposal = self._desk.facts, self._proposal
        where = f"{facts.name} · {facts.environment.value}"
        lines: list[Fact] = [("Target", proposal.target), ("Profile", where)]
        if proposal.as_of:
            lines.append(("Data", proposal.as_of))
        for change in proposal.changes:
            before = f"{change.before} → " if change.before else ""
            lines.append((change.field, before + change.after))
            lines.extend([("", change.note)] if change.note else [])
        lines.extend(
            ("Consequence" if i == 0 else "", text) for i, text in enumerate(proposal.consequences)
        )
        lines.extend(("Warning", text) for text in proposal.warnings)
        return (*lines, ("", ""), *self._request())

    def _request(self) -> tuple[Fact, ...]:
        preview = self._desk.preview(self._proposal)
        if preview is None:
            return ()
        headers = (("", f"{name}: {value}") for name, value in preview.headers)
        body = (("", line) for line in preview.body.split("\n") if line)
        return (("Request", f"{preview.method} {preview.url}"), *body, *headers)

    def on_mount(self) -> None:
        """Cancel has the focus; where a name must be typed, its field has."""
        self.query_one("#profile-name, #cancel").focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only the key of this grade is offered, and only until it was pressed."""
        if action in ("apply", "confirm"):
            due = {Danger.REVERSIBLE: "apply", Danger.DISRUPTIVE: "confirm"}.get(self.grade)
            return action == due and not self._sent
        return True

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

    def action_leave(self) -> None:
        """Close. What is already on its way goes on; its outcome is told on the screen below."""
        self.dismiss(None)

    def _send(self) -> None:
        if not self._sent:
            self._sent = True
            self.refresh_bindings()
            self._await_outcome()

    @work(group="operation", exit_on_error=False)
    async def _await_outcome(self) -> None:
        self.trouble("sending… (esc leaves it running)", "busy")
        outcome = await self._desk.perform(self._proposal)
        if outcome.kind is OutcomeKind.APPLIED or isinstance(outcome.result, PluginAnswer):
            self.dismiss(outcome)
            return
        self.trouble(". ".join(text for text in (outcome.sentence, outcome.next_step) if text))
        self.on_refused(outcome)

    def on_refused(self, outcome: Outcome) -> None:
        """The request was answered with no; it may be changed and reviewed again."""
        if outcome.error is not None and getattr(outcome.error, "fields", None):
            self.dismiss(outcome)
