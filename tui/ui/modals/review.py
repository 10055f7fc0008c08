"""The last step before a write: exactly what will change, where, and the request that does it.

`a` applies what is reversible, `y` confirms what disrupts, and what cannot be taken back wants the
profile's name typed. Enter does nothing dangerous: Cancel has the focus. What changes of the target
meanwhile is said and shown, and only a key that was typed after that was drawn confirms it.
"""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Button, Input

from tui.api.errors import ErpError, Rejected
from tui.domain.basis import told
from tui.domain.resync import PluginAnswer
from tui.domain.systems import Environment
from tui.ops.drafts import DraftKey
from tui.ops.guard import Outcome, OutcomeKind
from tui.ops.proposal import Proposal
from tui.ops.registry import Danger, grade
from tui.ops.vigil import Vigil
from tui.ui.desk import Desk
from tui.ui.modals.dialog import Dialog
from tui.ui.widgets.facts import Fact, Facts
from tui.ui.widgets.text_line import TextLine

_LOOK_EVERY = 5.0
"""Seconds between two looks at the age of the data."""


class LeftRunning:
    """The dialog was left while the request was on its way; the outcome is told elsewhere."""


class ReviewDialog(Dialog[Outcome | LeftRunning | None]):
    """Shows a proposal and sends it on the last step of its grade; None: nothing was sent here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "apply", "apply"),
        Binding("y", "confirm", "yes, do it"),
        Binding("c", "compare", "compare"),
        Binding("q", "leave", "Back", show=False),
        Binding("down", "scroll(1)", "more", key_display="↓"),
    ]

    def __init__(
        self,
        desk: Desk,
        proposal: Proposal,
        *,
        of_form: bool = False,
        draft: DraftKey | None = None,
    ) -> None:
        """`of_form`: a form lies below, which takes care of what changed elsewhere; `draft` is its."""
        super().__init__(f"{proposal.operation.title} · {proposal.target}")
        self._desk, self._draft = desk, draft
        self._vigil = Vigil(proposal, keeps=of_form)
        self._sent = False
        self._answered = False
        self._unsendable = ""
        self.set_class(desk.facts.environment is Environment.PRODUCTION, "-production")
        self.grade = grade(proposal.operation, environment=desk.facts.environment, write=proposal.write)

    @property
    def _proposal(self) -> Proposal:
        return self._vigil.proposal

    @property
    def _is_to_compare(self) -> bool:
        return self._vigil.keeps and self._vigil.found is not None and not self._sent

    # Showing.

    def compose_body(self) -> ComposeResult:
        """Target, changes, consequences, request."""
        yield Facts()

    def compose_tail(self) -> ComposeResult:
        """The last step: a name to type, or Cancel under the focus."""
        if self.grade is Danger.IRREVERSIBLE:
            name = self._desk.facts.name
            ask = TextLine(id="ask")
            ask.show(f"type {name} and press enter")
            yield ask
            yield Input(id="profile-name", compact=True)
        else:
            yield Button("Cancel", id="cancel", compact=True)

    def _facts(self) -> tuple[Fact, ...]:
        facts, proposal = self._desk.facts, self._proposal
        where = f"{facts.name} · {facts.environment.value}"
        lines: list[Fact] = [("Target", proposal.target), ("Profile", where)]
        if proposal.rests_on is not None:
            lines.append(("Data", self._desk.age_of(proposal.rests_on)))
        lines.extend(("Changed", f"since you opened this: {told([one])}") for one in self._vigil.drifts)
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
        try:
            preview = self._desk.preview(self._proposal)
        except ErpError as error:
            self._unsendable = f"{error.sentence}: {error.next_step}"
            return (("Request", self._unsendable),)
        self._unsendable = ""
        headers = (("", f"{name}: {value}") for name, value in preview.headers)
        body = (("", line) for line in preview.body.split("\n") if line)
        return (("Request", f"{preview.method} {preview.url}"), *body, *headers)

    def on_mount(self) -> None:
        """Cancel has the focus; where a name must be typed, its field has."""
        self.follow()
        self.set_interval(_LOOK_EVERY, self.follow)
        self.query_one("#profile-name, #cancel").focus()

    def follow(self) -> None:
        """Tell the age of the data, and what changed of the target meanwhile."""
        if self._sent or self._desk.core is None:
            return
        if self._vigil.look(self._desk.core.store):
            self._show_anew()
        else:
            self.query_one(Facts).show(self._facts())
            self.refresh_bindings()

    def _show_anew(self) -> None:
        """Show a target that has changed; what was typed for the old one is void."""
        self.query_one(Facts).show(self._facts(), anew=True)
        self.query_one("#body").scroll_home(animate=False)
        for name in self.query(Input):
            name.value = ""
            name.disabled = bool(self._vigil.halted)
            name.focus()
        self.trouble(self._changed(), "warning")
        self.refresh_bindings()

    def _changed(self) -> str:
        vigil = self._vigil
        if self._is_to_compare:
            return f"{vigil.halted}. c compares it with yours, esc leads back to the form"
        if vigil.halted:
            return f"nothing can be sent: {vigil.halted}"
        what = told(vigil.drifts) or "and back again"
        return f"changed since you opened this: {what}. Look, and confirm it anew"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only the key of this grade is offered, and only until it was pressed."""
        if action in ("apply", "confirm"):
            due = {Danger.REVERSIBLE: "apply", Danger.DISRUPTIVE: "confirm"}.get(self.grade)
            return action == due and not (self._sent or self._unsendable or self._vigil.halted)
        return action != "compare" or self._is_to_compare

    # Doing.

    def action_apply(self) -> None:
        """The last step of what is reversible."""
        self._send()

    def action_confirm(self) -> None:
        """The last step of what disrupts."""
        self._send()

    def action_compare(self) -> None:
        """Leave it to the form: opened, now and yours side by side."""
        self.dismiss(
            Outcome(OutcomeKind.CONFLICT, "", "", self._desk.clock(), conflict=self._vigil.found)
        )

    @on(Input.Submitted, "#profile-name")
    def _name_typed(self, event: Input.Submitted) -> None:
        if event.value == self._desk.facts.name:
            self._send()
        else:
            self.trouble(f"that is not the profile's name: type {self._desk.facts.name}")

    @on(Button.Pressed, "#cancel")
    def _cancelled(self) -> None:
        self.action_leave()

    def unsent(self) -> str:
        """A request on its way: the console would not hear its answer."""
        return "its answer has not come yet" if self._sent and not self._answered else ""

    def action_leave(self) -> None:
        """Close. What is already on its way goes on; its outcome is told on the screen below."""
        under_way = self._sent and not self._answered
        self.dismiss(LeftRunning() if under_way else None)

    def _send(self) -> None:
        if not self.was_seen():
            return
        if self._unsendable or self._vigil.halted:
            self.trouble(self._unsendable or self._changed())
        elif not self._sent:
            self._sent = True
            self.refresh_bindings()
            self._await_outcome()

    @work(group="operation", exit_on_error=False)
    async def _await_outcome(self) -> None:
        self.trouble("sending… (esc leaves it running)", "busy")
        outcome = await self._desk.perform(self._proposal, self._draft)
        self._answered = True
        if outcome.kind is OutcomeKind.APPLIED or isinstance(outcome.result, PluginAnswer):
            self.dismiss(outcome)
            return
        self.trouble(". ".join(text for text in (outcome.sentence, outcome.next_step) if text))
        if outcome.kind in (OutcomeKind.REFUSED, OutcomeKind.CONFLICT):
            self._sent = self._answered = False
            self._look_anew(outcome)
        if isinstance(outcome.error, Rejected) and outcome.error.fields:
            self.dismiss(outcome)

    def _look_anew(self, outcome: Outcome) -> None:
        """Nothing was sent: it can be tried again, on what the target is now."""
        if outcome.conflict is None:
            self.refresh_bindings()
        elif self._vigil.keeps:
            self.dismiss(outcome)
        else:
            self._vigil.met(outcome)
            self._show_anew()
