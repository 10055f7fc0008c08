"""The review of one write: exactly what will change, where, and the request that does it.

What changes of the target meanwhile is said and shown, and only a key that was typed after that was
drawn confirms it.
"""

from dataclasses import replace
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.binding import Binding, BindingType

from tui.api.errors import ErpError, Rejected
from tui.domain.basis import told
from tui.domain.changes import STATE_CHANGES
from tui.domain.resync import PluginAnswer
from tui.ops.curl import curl, variables
from tui.ops.drafts import DraftKey
from tui.ops.guard import Outcome, OutcomeKind
from tui.ops.inverses import CarriedOut
from tui.ops.proposal import Proposal
from tui.ops.registry import grade
from tui.ops.reviewed import going_elsewhere
from tui.ops.vigil import Vigil
from tui.ui.desk import Desk
from tui.ui.modals.last_step import LastStepDialog
from tui.ui.widgets.facts import Fact
from tui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from tui.ui.app import SyncdeckApp


class LeftRunning:
    """The dialog was left while the request was on its way; the outcome is told elsewhere."""


class ReviewDialog(LastStepDialog[Outcome | LeftRunning | None]):
    """Shows a proposal and sends it on the last step of its grade; None: nothing was sent here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "compare", "compare"),
        Binding("Y", "curl", "curl"),
        Binding("ctrl+y", "curl", "curl", key_display="^y", priority=True),
    ]

    def __init__(
        self,
        desk: Desk,
        proposal: Proposal,
        *,
        of_form: bool = False,
        draft: DraftKey | None = None,
        undoes: CarriedOut | None = None,
        verb: str = "Undo",
    ) -> None:
        """`of_form`: a form lies below, which takes care of what changed elsewhere; `draft` is its.

        `undoes`: the change that it takes back, which then gives the title with `verb`.
        """
        environment = desk.facts.environment
        danger = grade(proposal.operation, environment=environment, write=proposal.write)
        title = _undo(undoes, verb) if undoes else proposal.operation.title
        super().__init__(f"{title} · {proposal.target}", desk, danger)
        self._title = title
        self._undoes = undoes
        self._draft = draft
        self._vigil = Vigil(proposal, keeps=of_form)
        self._answered = False
        self._reviewed = ""
        """Method and address of the request as it was shown last."""
        self._performed: Proposal | None = None

    @property
    def _proposal(self) -> Proposal:
        return self._vigil.proposal

    @property
    def _is_to_compare(self) -> bool:
        return self._vigil.keeps and self._vigil.found is not None and not self._sent

    # Showing.

    def facts(self) -> tuple[Fact, ...]:
        """Target, what changed meanwhile, changes, consequences, request."""
        facts, proposal = self._desk.facts, self._proposal
        where = f"{facts.name} · {facts.environment.value}"
        lines: list[Fact] = [("Target", proposal.target), ("Profile", where)]
        if self._undoes is not None:
            lines.append(("Takes back", f"{self._undoes.told}, by: {proposal.operation.title}"))
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
            request = request_facts(self._desk, self._proposal)
            self._reviewed = self._desk.preview(self._proposal).line
        except ErpError as error:
            self._unsendable = f"{error.sentence}: {error.next_step}"
            return (("Request", self._unsendable),)
        self._unsendable = ""
        return request

    def follow(self) -> None:
        """Tell the age of the data, and what changed of the target meanwhile."""
        core = self._desk.core
        if not self._sent and core is not None and self._vigil.look(core.store):
            self._show_anew()
        elif not self._sent and (
            elsewhere := going_elsewhere_now(self._desk, self._proposal, self._reviewed)
        ):
            self._show_anew(elsewhere)
        else:
            super().follow()

    def _show_anew(self, why: str = "") -> None:
        """Show a target, or an address, that has changed; what was typed for the old one is void."""
        self.show_facts(self.facts(), anew=True)
        self.rename(f"{self._title} · {self._proposal.target}")
        self.query_one("#body").scroll_home(animate=False)
        self.void_name(disabled=bool(self._vigil.halted))
        self.heed(why or self._changed())
        self.refresh_bindings()

    def _changed(self) -> str:
        vigil = self._vigil
        if self._is_to_compare:
            return f"{vigil.halted}. c compares it with yours, esc leads back to the form"
        if vigil.halted:
            return f"nothing can be sent: {vigil.halted}"
        if not vigil.drifts:
            return "it changed meanwhile and is again what it was. Look, and confirm it anew"
        return f"changed since you opened this: {told(vigil.drifts)}. Look, and confirm it anew"

    def halted(self) -> str:
        """The request is not known, or the target is not what it was."""
        return self._unsendable or (self._changed() if self._vigil.halted else "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Comparing is offered where there is something to compare."""
        if action == "compare":
            return self._is_to_compare
        return super().check_action(action, parameters)

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

    def action_compare(self) -> None:
        """Leave it to the form: opened, now and yours side by side."""
        self.dismiss(
            Outcome(OutcomeKind.CONFLICT, "", "", self._desk.clock(), conflict=self._vigil.found)
        )

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
        began = monotonic()
        self.trouble(_waiting(0), "busy")
        elapsing = self.set_interval(1.0, partial(self._tell_elapsed, began))
        self._performed = replace(self._proposal, reviewed=self._reviewed)
        outcome = await self._desk.perform(self._performed, self._draft, self._undoes)
        elapsing.stop()
        self._answered = True
        if outcome.kind.is_success or isinstance(outcome.result, PluginAnswer):
            self.dismiss(outcome)
            return
        self._tell(outcome)
        if outcome.kind.nothing_sent:
            self._sent = self._answered = False
            self.last_key.again()
            self._look_anew(outcome)
        elif isinstance(outcome.error, Rejected) and outcome.error.fields:
            self.dismiss(outcome)

    def watched(self, proposal: Proposal, sentence: str, tone: str) -> None:
        """Say what a control action led to whose answer was lost."""
        if self._answered and proposal is self._performed:
            self.trouble(sentence, tone)

    def _tell_elapsed(self, began: float) -> None:
        """For how long it has been on its way, unless something else is being said."""
        line = self.query_one("#trouble", TextLine)
        if line.has_class("-busy"):
            line.show(_waiting(int(monotonic() - began)), "busy")

    def _tell(self, outcome: Outcome) -> None:
        """Say how it ended; what takes several lines stands in the body, where all of it can be read."""
        first, *more = outcome.told.split("\n")
        if more:
            self.show_facts((("Answer", outcome.sentence), *self.facts()))
            self.query_one("#body").scroll_home(animate=False)
            first = f"{first.rstrip(':')} (above)"
        watched = _is_looked_for(self._proposal, outcome)
        step = "Its status is looked at, and said here" if watched else outcome.next_step
        self.trouble(". ".join(text for text in (first, step) if text))

    def _look_anew(self, outcome: Outcome) -> None:
        """Nothing was sent: it can be tried again, on what the target is now."""
        elsewhere = going_elsewhere_now(self._desk, self._proposal, self._reviewed)
        if elsewhere:
            self._show_anew(elsewhere)
        elif outcome.conflict is None:
            self.refresh_bindings()
        elif self._vigil.keeps:
            self.dismiss(outcome)
        else:
            self._vigil.met(outcome)
            self._show_anew()


def _undo(change: CarriedOut, verb: str) -> str:
    title = change.proposal.operation.title
    return f"{verb} {title[:1].lower()}{title[1:]}"


def _is_looked_for(proposal: Proposal, outcome: Outcome) -> bool:
    return isinstance(proposal.write, STATE_CHANGES) and outcome.kind is OutcomeKind.UNKNOWN


def _waiting(seconds: int) -> str:
    """A sync may take minutes."""
    return f"sending{f', {seconds}s' if seconds > 0 else '…'} (esc leaves it running)"


def going_elsewhere_now(desk: Desk, proposal: Proposal, reviewed: str) -> str:
    """What to say where the request would no longer go where it was shown to go; or empty."""
    try:
        now = desk.preview(proposal).line if reviewed else ""
    except ErpError:
        return ""
    if now == reviewed:
        return ""
    return f"{going_elsewhere(reviewed, now)}. Look, and confirm it anew"


def request_facts(desk: Desk, proposal: Proposal) -> tuple[Fact, ...]:
    """The exact request of a proposal, its headers masked.

    Raises:
        ErpError: it is not known yet which request that is.
    """
    preview = desk.preview(proposal)
    headers = (("", f"{name}: {value}") for name, value in preview.headers)
    body = (("", line) for line in preview.body.split("\n") if line)
    return (("Request", f"{preview.method} {preview.url}"), *body, *headers)
