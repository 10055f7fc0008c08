"""What the bulks of a session record of themselves before their first write, and what the bulks of an
earlier console or `run` left unsent.
"""

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.ops.audit.plan import Plan
    from tui.ops.execution.plan_record import PlanRecord
    from tui.ops.execution.resync_remainder import RestFile
    from tui.ops.proposals.bulk import BulkPlan
    from tui.session.audit_view import AuditView
    from tui.session.session_view import SessionView
    from tui.session.unsent_rest import UnsentRest


class BulkPlans:
    def __init__(self, session: "SessionView", trail: "AuditView") -> None:
        self._session, self._trail = session, trail
        self.resumed: Plan | None = None
        """The interrupted bulk whose rest is being reviewed."""

    def record(self, plan: "BulkPlan", rest: "Callable[[], RestFile | None]") -> "PlanRecord":
        """The record of a bulk; `rest`: where a resync keeps its unsent keys."""
        from tui.ops.execution.plan_record import PlanRecord

        core = self._session.core
        assert core is not None  # noqa: S101 - `refusal` was checked first

        def files() -> tuple[str, ...]:
            file = rest() if plan.in_turn else None
            return () if file is None or file.path is None else (str(file.path),)

        resumed, self.resumed = self.resumed, None
        return PlanRecord(
            core.trail,
            core.facts,
            plan.proposals,
            plan.settings,
            self._session.clock,
            secret=plan.secret,
            resumes=resumed if resumed and resumed.holds(plan.operation.id, plan.keys) else None,
            rest_files=files,
        )

    def unsent(self) -> "tuple[UnsentRest, ...]":
        """What interrupted bulks never sent, newest first."""
        history = self._trail.history
        if history is None or not history.plans:
            return ()
        from tui.session.unsent_rest import unsent_rests

        return unsent_rests(history, self._session.facts, self._session.clock())

    async def decline(self, plan: "Plan") -> None:
        """Record that the rest of it is not to be offered again; where that fails, it is."""
        from tui.ops.execution.plan_record import DECLINED

        core = self._session.core
        with suppress(OSError):
            if core is not None:
                await core.trail.end_plan(plan.id, self._session.clock(), DECLINED)
