"""The review before a maintenance is opened: what is stopped, what is left, and until when."""

from collections.abc import Iterator, Sequence
from datetime import UTC

from tui.domain.intervals import short
from tui.domain.maintenance.doubt import ARRIVES_WITHIN, Clocks, arriving
from tui.domain.maintenance.records import Maintenance, NotedTarget
from tui.domain.text import counted, one_line
from tui.ops.maintenance.planning import OpeningPlan
from tui.ops.operations.operation import Danger
from tui.ops.refusal import Refusal
from tui.session.maintenance.beginning import Terms
from tui.session.maintenance.run import MaintenanceRun
from tui.session.session import Session
from tui.ui.modals.maintenance.plan_review import PlanAgain, PlanReviewDialog
from tui.ui.modals.maintenance.target_lines import opening_lines
from tui.ui.widgets.fact_list import Fact

_CONSEQUENCE = "They stay off, even after a restart of the JTL-Worker, until this maintenance is closed."


class OpeningReviewDialog(PlanReviewDialog[OpeningPlan]):
    def __init__(
        self, session: Session, plan: OpeningPlan, terms: Terms, again: PlanAgain[OpeningPlan]
    ) -> None:
        self._terms = terms
        super().__init__("", session, plan, again)
        self.heading = self.heading_now()

    def heading_now(self) -> str:
        return f"Open maintenance {self.plan.name} · {counted(len(self.plan.stopped), 'target')}"

    def grade_now(self) -> Danger:
        return max(self.plan.grade(self._environment), Danger.REVERSIBLE)

    def noted(self) -> Sequence[NotedTarget]:
        return self.plan.targets

    def sent_to(self) -> Sequence[NotedTarget]:
        return [one for one in self.plan.stopped if one.id not in self.plan.waits]

    def lines(self) -> Iterator[Fact]:
        terms = self._terms
        yield "Reason", one_line(terms.reason)
        yield "Until", f"{terms.until.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        if terms.drain_s:
            yield "Running", f"syncs finish first, for at most {short(terms.drain_s)}"
        yield "Consequence", _CONSEQUENCE
        yield "", ""
        yield from self.targets()

    def targets(self) -> Iterator[Fact]:
        return opening_lines(self.plan)

    async def begin(self) -> MaintenanceRun | Refusal:
        return await self._session.maintenance.open(self.plan, self._terms)


class GoingOnReviewDialog(OpeningReviewDialog):
    """The rest of an opening that was interrupted; what it noted stays as it is."""

    def __init__(
        self,
        session: Session,
        one: Maintenance,
        plan: OpeningPlan,
        again: PlanAgain[OpeningPlan],
    ) -> None:
        self._one = one
        super().__init__(session, plan, Terms(one.reason, one.until, one.drain_s), again)

    def heading_now(self) -> str:
        return f"Go on with maintenance {self._one.name} · {counted(len(self.plan.stopped), 'target')}"

    def sent_to(self) -> Sequence[NotedTarget]:
        waits = self._waits()
        return [one for one in super().sent_to() if one.id not in waits]

    def targets(self) -> Iterator[Fact]:
        return opening_lines(self.plan, self._waits())

    def _waits(self) -> dict[str, str]:
        """What to do with those whose earlier stop may still arrive, by id."""
        clocks = Clocks(self._session.clock())
        late = ((one.id, arriving(one, clocks)) for one in self._one.targets)
        return {id_: f"go on {clocks.then(step, ARRIVES_WITHIN)}" for id_, step in late if step}

    def reviewed(self) -> Maintenance:
        return self._one

    async def begin(self) -> MaintenanceRun | Refusal:
        return await self._session.maintenance.go_on(self._one)
