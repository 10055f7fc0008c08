"""The reviews of opening and closing: what is done with each target, on its state now.

Invariant: where a target, or the journal, changed meanwhile, everything is read again; what differs has
to be read before a key counts.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Generic, TypeAlias, TypeVar

from textual import work

from tui.domain.maintenance.records import Maintenance, NotedTarget
from tui.domain.maintenance.rules import Seen, seen_of
from tui.domain.text import counted
from tui.ops.maintenance.states import States, propose, states_in
from tui.ops.operations.operation import MOST_TARGETS, Danger
from tui.ops.proposals.proposal import Proposal
from tui.ops.refusal import Refusal
from tui.session.maintenance.run import MaintenanceRun
from tui.session.session import Session
from tui.ui.host import app_of
from tui.ui.modals.maintenance.target_lines import whole
from tui.ui.modals.review.confirmation import STRONGER, LastStepDialog
from tui.ui.widgets.fact_list import Fact, Facts

Plan = TypeVar("Plan")
PlanAgain: TypeAlias = Callable[[], Awaitable[Plan | Refusal]]
"""Reads the targets again."""
_CHANGED = "changed meanwhile, shown with its current values. Check and confirm again"
_REFUSED = "changed meanwhile: nothing can be sent from here now"


class PlanReviewDialog(LastStepDialog[MaintenanceRun | None], Generic[Plan]):
    """The result is the run that was begun; None: nothing was sent."""

    RUN = False
    """Whether it starts its targets; else it stops them."""

    def __init__(self, title: str, session: Session, plan: Plan, again: PlanAgain[Plan]) -> None:
        self.plan, self._again = plan, again
        self._environment = session.facts.environment
        super().__init__(title, session, self.grade_now())
        self._refused = ""
        """Why there is no plan any more; empty: there is."""
        self._rests_on: object = (self._seen_now(), self.reviewed())

    def grade_now(self) -> Danger:
        """How the plan has to be confirmed."""
        raise AttributeError("grade_now")

    def heading_now(self) -> str:
        """The title, by the plan as it is now."""
        return self.heading

    def noted(self) -> Sequence[NotedTarget]:
        """The targets that the review lists."""
        raise AttributeError("noted")

    def sent_to(self) -> Sequence[NotedTarget]:
        """Those that get a request."""
        raise AttributeError("sent_to")

    @property
    def is_summed(self) -> bool:
        return len(self.noted()) > MOST_TARGETS

    def lines(self) -> Iterator[Fact]:
        """What stands between the profile and the request."""
        raise AttributeError("lines")

    def reviewed(self) -> Maintenance | None:
        """The maintenance as the plan read it; None: it is not open yet."""
        return None

    async def begin(self) -> MaintenanceRun | Refusal:
        raise AttributeError("begin")

    def facts(self) -> tuple[Fact, ...]:
        facts = self._session.facts
        where: Fact = ("Profile", f"{facts.name} · {facts.environment.value}")
        if self._refused:
            # The figures of before would be believed.
            self.request_line = ""
            return (where, ("Now", self._refused))
        return (where, *self.lines(), *self._request())

    def _request(self) -> tuple[Fact, ...]:
        if self._first_proposal() is None:
            self.request_line = ""
            return ()
        rest = len(self.sent_to()) - 1
        more: list[Fact] = [("", f"and {counted(rest, 'request')} to the others")] if rest else []
        return (("", ""), *self.request_facts(*more))

    @property
    def proposal(self) -> Proposal:
        first = self._first_proposal()
        assert first is not None  # noqa: S101 - asked only while a request is shown
        return first

    def _first_proposal(self) -> Proposal | None:
        states = self._states()
        for one in self.sent_to():
            target = states.of(one)
            proposal = None if target is None else propose(target, run=self.RUN)
            if isinstance(proposal, Proposal):
                return proposal
        return None

    def _states(self) -> States:
        return states_in(self._session.store)

    def _seen_now(self) -> list[Seen]:
        states = self._states()
        return [seen_of(states.of(one)) for one in self.noted()]

    def _journal_now(self) -> Maintenance | None:
        reviewed = self.reviewed()
        known = self._session.maintenance.open_ones
        return next((one for one in known if reviewed is not None and one.id == reviewed.id), None)

    def follow(self) -> None:
        rests_on = (self._seen_now(), self._journal_now())
        if not self._sent and rests_on != self._rests_on:
            self._rests_on = rests_on
            self._plan_again()
        super().follow()

    @work(group="plan", exclusive=True)
    async def _plan_again(self) -> None:
        fresh = await self._again()
        if self._sent or not self.query(Facts):
            # Sent, or closed, while it was read.
            return
        if isinstance(fresh, Refusal):
            self._refused = self._unsendable = whole(fresh)
            self.show_facts(self.facts(), again=True)
            self.heed(_REFUSED)
        else:
            self._show_changed(fresh)
        self.refresh_bindings()

    def _show_changed(self, fresh: Plan) -> None:
        before, self.plan = None if self._refused else tuple(self.lines()), fresh
        self._refused = ""
        if tuple(self.lines()) != before:
            self._unsendable = STRONGER if self.grade_now() > self.grade else ""
            self.rename(self.heading_now())
            self.show_facts(self.facts(), again=True)
            self.heed(self._unsendable or _CHANGED)

    def halted(self) -> str:
        return super().halted() or self.going_elsewhere()

    def going_elsewhere(self) -> str:
        """Meanwhile there may be nothing to send any more, as another console was faster."""
        return "" if self._first_proposal() is None else super().going_elsewhere()

    def send(self) -> None:
        """Begin it; by now the targets are read once more, and the journal is written first."""
        self.trouble("reading the targets again, and writing the journal…", "busy")
        app_of(self).run_worker(self._begun(), group="maintenance")

    async def _begun(self) -> None:
        run = await self.begin()
        if not isinstance(run, Refusal):
            self.dismiss(run)
            return
        self.trouble(whole(run), "warning")
        self.confirm_again()

    def action_leave(self) -> None:
        """What was confirmed is not left between the journal and the first request."""
        if not self._sent:
            super().action_leave()
