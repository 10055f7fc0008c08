"""The review of one write: exactly what will change, where, and the request that does it."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.binding import Binding, BindingType

from tui.api.errors import ErpError, Rejected
from tui.domain.resync import PluginAnswer
from tui.ops.curl import curl, variables
from tui.ops.guard import Outcome, OutcomeKind
from tui.ops.proposal import Proposal
from tui.ops.registry import grade
from tui.ui.desk import Desk
from tui.ui.modals.last_step import LastStepDialog
from tui.ui.widgets.facts import Fact

if TYPE_CHECKING:
    from tui.ui.app import SyncdeckApp


class LeftRunning:
    """The dialog was left while the request was on its way; the outcome is told elsewhere."""


class ReviewDialog(LastStepDialog[Outcome | LeftRunning | None]):
    """Shows a proposal and sends it on the last step of its grade; None: nothing was sent here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("Y", "curl", "curl"),
        Binding("ctrl+y", "curl", "curl", key_display="^y", priority=True),
    ]

    def __init__(self, desk: Desk, proposal: Proposal) -> None:
        environment = desk.facts.environment
        danger = grade(proposal.operation, environment=environment, write=proposal.write)
        super().__init__(f"{proposal.operation.title} · {proposal.target}", desk, danger)
        self._proposal = proposal
        self._answered = False

    # Showing.

    def facts(self) -> tuple[Fact, ...]:
        """Target, changes, consequences, request."""
        facts, proposal = self._desk.facts, self._proposal
        where = f"{facts.name} · {facts.environment.value}"
        lines: list[Fact] = [("Target", proposal.target), ("Profile", where)]
        if proposal.rests_on is not None:
            lines.append(("Data", self._desk.age_of(proposal.rests_on)))
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
            request = request_facts(self._desk, self._proposal)
        except ErpError as error:
            self._unsendable = f"{error.sentence}: {error.next_step}"
            return (("Request", self._unsendable),)
        self._unsendable = ""
        return request

    # Copying.

    def action_curl(self) -> None:
        """Copy the request as a curl line; say which variables it needs."""
        try:
            preview = self._desk.preview(self._proposal)
        except ErpError as error:
            self.trouble(f"{error.sentence}: {error.next_step}")
            return
        needed = ", ".join(variables(preview))
        then = f"Set {needed} before you run it" if needed else ""
        cast("SyncdeckApp", self.app).copy_text(curl(preview), "the request as a curl line", then)

    # Doing.

    def unsent(self) -> str:
        """A request on its way: the console would not hear its answer."""
        return "its answer has not come yet" if self._sent and not self._answered else ""

    def action_leave(self) -> None:
        """Close. What is already on its way goes on; its outcome is told on the screen below."""
        under_way = self._sent and not self._answered
        self.dismiss(LeftRunning() if under_way else None)

    def send(self) -> None:
        """Send it, once."""
        self._await_outcome()

    @work(group="operation", exit_on_error=False)
    async def _await_outcome(self) -> None:
        self.trouble("sending… (esc leaves it running)", "busy")
        outcome = await self._desk.perform(self._proposal)
        self._answered = True
        if outcome.kind is OutcomeKind.APPLIED or isinstance(outcome.result, PluginAnswer):
            self.dismiss(outcome)
            return
        self.trouble(". ".join(text for text in (outcome.sentence, outcome.next_step) if text))
        if isinstance(outcome.error, Rejected) and outcome.error.fields:
            self.dismiss(outcome)


def request_facts(desk: Desk, proposal: Proposal) -> tuple[Fact, ...]:
    """The exact request of a proposal, its headers masked.

    Raises:
        ErpError: it is not known yet which request that is.
    """
    preview = desk.preview(proposal)
    headers = (("", f"{name}: {value}") for name, value in preview.headers)
    body = (("", line) for line in preview.body.split("\n") if line)
    return (("Request", f"{preview.method} {preview.url}"), *body, *headers)
