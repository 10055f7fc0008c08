"""The review before a maintenance is closed: what starts, and what is left and why."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from tui.domain.maintenance.records import Maintenance, NotedTarget
from tui.domain.maintenance.rules import Act
from tui.domain.text import one_line
from tui.ops.maintenance.planning import ClosingPlan
from tui.ops.operations.operation import Danger
from tui.ops.refusal import Refusal
from tui.session.maintenance.run import MaintenanceRun
from tui.session.session import Session
from tui.ui.modals.maintenance.plan_review import PlanAgain, PlanReviewDialog
from tui.ui.modals.maintenance.target_lines import closing_lines, is_started
from tui.ui.widgets.fact_list import Fact


class ClosingReviewDialog(PlanReviewDialog[ClosingPlan]):
    RUN = True
    BINDINGS: ClassVar[list[BindingType]] = [Binding("i", "include", "start those in doubt")]

    def __init__(
        self,
        session: Session,
        one: Maintenance,
        plan: ClosingPlan,
        again: PlanAgain[ClosingPlan],
    ) -> None:
        self._also: frozenset[str] = frozenset()
        """Ids of targets in doubt that are started as well."""
        super().__init__(f"Close maintenance {one.name}", session, plan, again)

    def grade_now(self) -> Danger:
        """As if everything in doubt was started: the grade of a review never rises."""
        return max(self.plan.grade(self._environment, self._in_doubt), Danger.REVERSIBLE)

    @property
    def _in_doubt(self) -> frozenset[str]:
        return frozenset(one.target.id for one in self.plan.of(Act.ASK))

    def reviewed(self) -> Maintenance:
        return self.plan.maintenance

    def noted(self) -> Sequence[NotedTarget]:
        return [one.target for one in self.plan.decisions]

    def sent_to(self) -> Sequence[NotedTarget]:
        return [one.target for one in self.plan.decisions if is_started(one, self._also)]

    def lines(self) -> Iterator[Fact]:
        one = self.plan.maintenance
        yield "Reason", one_line(one.reason)
        yield "Opened", f"{one.opened_at:%Y-%m-%d %H:%M} UTC by {one_line(one.user) or '–'}"
        overdue = ", overdue" if one.is_overdue(self._session.clock()) else ""
        yield "Until", f"{one.until:%Y-%m-%d %H:%M} UTC{overdue}"
        yield "Consequence", self._consequence()
        yield "", ""
        yield from closing_lines(self.plan, self._also)

    def _consequence(self) -> str:
        if self.plan.of(Act.TELL) or self._in_doubt - self._also:
            return "Starts what this maintenance stopped; it stays open with the rest."
        return "Starts what this maintenance stopped, and nothing else; then it is closed."

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "include":
            return bool(self._in_doubt) and not self._sent
        return super().check_action(action, parameters)

    def action_include(self) -> None:
        """Start those in doubt as well, or not."""
        self._also = frozenset() if self._also else self._in_doubt
        self.follow()

    async def begin(self) -> MaintenanceRun | Refusal:
        return await self._session.maintenance.close(self.plan, self._also)
