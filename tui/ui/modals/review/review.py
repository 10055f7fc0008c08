"""The review of one write: exactly what will change, where, and the request that does it.

Changes of the target meanwhile are shown, and only a key typed after they were drawn confirms.
"""

from dataclasses import replace
from functools import partial
from time import monotonic
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from tui.api.errors import ErpError, Rejected
from tui.domain.baseline import differences_text
from tui.domain.result import Result
from tui.domain.superoffice.plugin_response import PluginAnswer
from tui.ops.curl_command import curl, variables
from tui.ops.drafts.draft import DraftKey
from tui.ops.execution.live_proposal import LiveProposal
from tui.ops.execution.outcome import Outcome
from tui.ops.operations.kinds import kind_of
from tui.ops.proposals.grading import grade_of
from tui.ops.proposals.proposal import Proposal
from tui.ops.undo.applied_change import lowered
from tui.ops.undo.changes import Change, concerned
from tui.session.session import Session
from tui.ui.host import app_of
from tui.ui.modals.review.confirmation import STRONGER, LastStepDialog, before_after
from tui.ui.widgets.fact_list import Fact
from tui.ui.widgets.text_line import TextLine

KNOWN_NOW = "the target was read meanwhile. Check and confirm again"
_READING = "reading the target again{}; not sent yet (esc closes, it continues)"
_SENDING = "sending{} (esc closes, the request continues)"
_NOT_SENT_YET = "it is not sent yet: its target is read again first"


class LeftRunning:
    """The dialog was closed while the request was running; the outcome is shown elsewhere."""


class ReviewDialog(LastStepDialog[Outcome | LeftRunning | None]):
    """Shows a proposal and sends it once confirmed; None: nothing was sent here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "compare", "compare"),
        Binding("Y", "curl", "curl"),
        Binding("ctrl+y", "curl", "curl", key_display="^y", priority=True),
    ]

    def __init__(
        self,
        session: Session,
        proposal: Proposal,
        *,
        of_form: bool = False,
        draft: DraftKey | None = None,
        undoes: Change | None = None,
        verb: str = "Undo",
        together: int = 1,
    ) -> None:
        """`of_form`: a form lies below, which handles changes made elsewhere; `draft` is its draft.

        `undoes`: the change that this undoes or redoes, as `verb` says. `together`: the number of
        targets changed at the same time.
        """
        danger = grade_of((session.maintenance.heeded(proposal),), session.facts.environment)
        title = f"{verb} {lowered(undoes.first.title)}" if undoes else proposal.operation.title
        super().__init__(f"{title} · {proposal.target}", session, danger)
        self._title = title
        self._undoes, self._verb, self._together = undoes, verb, together
        self._draft = draft
        self._live = LiveProposal(proposal, keeps=of_form)
        self._answered = False
        self._waits, self._since = _READING, 0.0
        """What is waited for after the confirmation, and since when (monotonic clock)."""
        self._performed: Proposal | None = None

    @property
    def proposal(self) -> Proposal:
        return self._session.maintenance.heeded(self._live.proposal)

    @property
    def _is_to_compare(self) -> bool:
        return self._live.keeps and self._live.found is not None and not self._sent

    def facts(self) -> tuple[Fact, ...]:
        facts, proposal = self._session.facts, self.proposal
        is_graver = grade_of((proposal,), facts.environment) > self.grade
        self._unsendable = STRONGER if is_graver else ""
        where = f"{facts.name} · {facts.environment.value}"
        lines: list[Fact] = [("Target", proposal.target), ("Profile", where)]
        if self._undoes is not None:
            among = f", one of {self._together} done together" if self._together > 1 else ""
            does, what = concerned(self._undoes, self._verb, proposal)
            lines.append((does, f"{what}{among}, by: {proposal.operation.title}"))
        if self._live.rests_on is not None:
            lines.append(("Data", self._session.age_of(self._live.rests_on)))
        lines.extend(
            ("Changed", f"since you opened this: {differences_text([one])}") for one in self._live.drifts
        )
        for change in proposal.changes:
            lines.append((change.field, before_after(change)))
            lines.extend([("", change.note)] if change.note else [])
        lines.extend(
            ("Consequence" if i == 0 else "", text) for i, text in enumerate(proposal.consequences)
        )
        lines.extend(("Warning", text) for text in proposal.warnings)
        return (*lines, ("", ""), *self.request_facts())

    def follow(self) -> None:
        was_known = bool(self._live.proposal.baseline)
        if not self._sent and self._live.look(self._session.store):
            self._show_changed("" if was_known or self._live.halted else KNOWN_NOW)
        elif not self._sent and (elsewhere := self.going_elsewhere()):
            self._show_changed(elsewhere)
        else:
            super().follow()
            if self._unsendable == STRONGER and not self._sent:
                # A maintenance was opened meanwhile.
                self.heed(f"{self.proposal.maintenance}: {STRONGER}")

    def _show_changed(self, why: str = "") -> None:
        """Show a target, or an address, that has changed; a name typed for the old one is void."""
        self.show_facts(self.facts(), again=True)
        self.rename(f"{self._title} · {self.proposal.target}")
        self.query_one("#body").scroll_home(animate=False)
        self.void_name(disabled=bool(self._live.halted))
        self.heed(why or self._changed())
        self.refresh_bindings()

    def _changed(self) -> str:
        live = self._live
        if self._is_to_compare:
            return f"{live.halted}. c compares it with yours, esc returns to the form"
        if live.halted:
            return f"nothing can be sent: {live.halted}"
        if not live.drifts:
            return "it changed and changed back meanwhile. Check and confirm again"
        return f"changed since you opened this: {differences_text(live.drifts)}. Check and confirm again"

    def halted(self) -> str:
        return self._unsendable or (self._changed() if self._live.halted else "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "compare":
            return self._is_to_compare
        return super().check_action(action, parameters)

    def action_curl(self) -> None:
        """Copy the request as a curl command; name the variables that it needs."""
        try:
            preview = self._session.preview(self.proposal)
        except ErpError as error:
            self.trouble(f"{error.sentence}: {error.next_step}")
            return
        needed = ", ".join(variables(preview))
        then = f"Set {needed} before you run it" if needed else ""
        app_of(self).copy_text(curl(preview), "the request as a curl command", then)

    def action_compare(self) -> None:
        """Return to the form, which shows opened, now and yours side by side; now is read for it."""
        self.trouble("reading the current values…", "busy")
        self._compare()

    @work(group="compare", exclusive=True, exit_on_error=False)
    async def _compare(self) -> None:
        found, at = self._live.found, self._live.found_at
        fresh = await self._session.read_again(self._live.proposal)
        if self._sent or not self.is_active:
            return
        if fresh is None:
            self.heed("it changed back meanwhile; the next refresh shows it")
            self._session.look_again(self.proposal.operation)
        elif fresh.error is None:
            self.dismiss(fresh)
        else:
            # What a poll found, with its own time.
            self.dismiss(replace(fresh, at=at or fresh.at, conflict=found))

    def unsent(self) -> str:
        """A running request: the console would miss its response, or not send it."""
        if not self._sent or self._answered:
            return ""
        return _NOT_SENT_YET if self._waits is _READING else "its response has not arrived yet"

    def action_leave(self) -> None:
        """Close. A running request continues; its outcome is shown on the screen below."""
        under_way = self._sent and not self._answered
        self.dismiss(LeftRunning() if under_way else None)

    def send(self) -> None:
        self._await_outcome()

    @work(group="operation", exit_on_error=False)
    async def _await_outcome(self) -> None:
        self._wait(_READING if self.proposal.baseline else _SENDING)
        elapsing = self.repeat(1.0, self._tell_elapsed)
        self._performed = replace(self.proposal, reviewed=self.request_line)
        begun = partial(self._wait, _SENDING)
        outcome = await self._session.perform(self._performed, self._draft, begun)
        elapsing.stop()
        self._answered = True
        if outcome.kind.is_success or isinstance(outcome.result, PluginAnswer):
            self.dismiss(outcome)
            return
        self._tell(outcome)
        if outcome.kind.nothing_sent:
            self._answered = False
            self.confirm_again()
            self._check_again(outcome)
        elif isinstance(outcome.error, Rejected) and outcome.error.fields:
            self.dismiss(outcome)

    def watched(self, proposal: Proposal, sentence: str, tone: str) -> None:
        """Show the effect of a control action whose response was lost."""
        if self._answered and proposal is self._performed:
            self.trouble(sentence, tone)

    def _wait(self, words: str) -> None:
        """Show what is waited for from now on; it may have been closed."""
        self._waits, self._since = words, monotonic()
        if self.is_attached:
            self.trouble(words.format("…"), "busy")

    def _tell_elapsed(self) -> None:
        line = self.query_one("#trouble", TextLine)
        if line.has_class("-busy"):
            # A sync may take minutes.
            seconds = int(monotonic() - self._since)
            line.show(self._waits.format(f", {seconds}s" if seconds else "…"), "busy")

    def _tell(self, outcome: Outcome) -> None:
        """Show how it ended; a text of several lines goes into the body, where all of it can be read."""
        first, *more = outcome.text.split("\n")
        if more:
            self.show_facts((("Response", outcome.sentence), *self.facts()))
            self.query_one("#body").scroll_home(animate=False)
            first = f"{first.rstrip(':')} (above)"
        watched = kind_of(self.proposal.write).is_watched and outcome.kind is Result.UNKNOWN
        step = "Its status is being checked and will be shown here" if watched else outcome.next_step
        self.trouble(". ".join(text for text in (first, step) if text))

    def _check_again(self, outcome: Outcome) -> None:
        """Nothing was sent: it can be tried again, based on the current target."""
        elsewhere = self.going_elsewhere()
        if elsewhere:
            self._show_changed(elsewhere)
        elif outcome.conflict is not None and self._live.keeps:
            self.dismiss(outcome)
        elif outcome.conflict is not None:
            self._live.met(outcome)
            self._show_changed()
