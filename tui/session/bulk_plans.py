"""What the bulks of a session record of themselves before their first write and at their end, and what
the bulks of an earlier console or `run` left unsent."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.ops.audit.plan import Plan
    from tui.ops.execution.bulk_run import BulkRun
    from tui.ops.execution.plan_record import PlanRecord
    from tui.ops.execution.resync_remainder import RestFile
    from tui.ops.execution.resync_report import ResyncAccount
    from tui.ops.proposals.bulk import BulkPlan
    from tui.session.audit_view import AuditView
    from tui.session.session_view import SessionView
    from tui.session.unsent_rest import UnsentRest

_PATIENCE = 0.3
"""Seconds that the end of a bulk may take of somebody who leaves."""


class BulkPlans:
    def __init__(self, session: "SessionView", trail: "AuditView") -> None:
        self._session, self._trail = session, trail
        self.resumed: Plan | None = None
        """The interrupted bulk whose rest is being reviewed."""
        self._in_turn: PlanRecord | None = None
        """Of the last run of a resync."""
        self._ending: set[asyncio.Task[str]] = set()

    def taken_up(self, plan: "BulkPlan") -> "Plan | None":
        """The interrupted bulk whose rest this one is; nothing else is that rest then."""
        resumed, self.resumed = self.resumed, None
        return resumed if resumed and resumed.holds(plan.operation.id, plan.keys) else None

    def record(
        self,
        plan: "BulkPlan",
        resumed: "Plan | None",
        rest: "Callable[[], RestFile | None]",
        *,
        continues: bool,
    ) -> "PlanRecord":
        """The record of a bulk; `resumed`: the one whose rest it is, `rest`: where a resync keeps its
        unsent keys. `continues`: it is a further run of the last resync, over the same keys."""
        from tui.ops.execution.plan_record import PlanRecord

        core = self._session.core
        assert core is not None  # noqa: S101 - `refusal` was checked first

        def files() -> tuple[str, ...]:
            file = rest() if plan.in_turn else None
            return () if file is None or file.path is None else (str(file.path),)

        resumes = resumed.id if resumed else ""
        if continues and self._in_turn is not None:
            resumes = self._in_turn.open_id
        record = PlanRecord(
            core.trail,
            core.facts,
            plan.proposals,
            plan.settings,
            self._session.clock,
            secret=plan.secret,
            resumes=resumes,
            rest_files=files,
        )
        if plan.in_turn:
            self._in_turn = record
        return record

    async def end(
        self,
        run: "BulkRun",
        record: "PlanRecord",
        account: "ResyncAccount | None",
        rest: "RestFile | None",
    ) -> str:
        """Record that the run is over, and keep what is left of a resync; what to say of that. It goes
        on where nobody waits for it any more: what was sent must not look unsent.
        """

        async def recorded() -> str:
            left, keys_left = "", 0
            if account is not None and rest is not None and run.plan.in_turn and not record.is_overtaken:
                await asyncio.to_thread(rest.keep, account)
                left, keys_left = rest.summary(account.unsent), account.keys_left
            await record.end(is_cut_short=run.is_cut_short, keys_left=keys_left)
            return left

        task = asyncio.ensure_future(recorded())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        return await asyncio.shield(task)

    async def ended(self) -> None:
        """Wait until what is over is recorded; a disk that hangs holds nobody up."""
        if self._ending:
            await asyncio.wait(self._ending, timeout=_PATIENCE)

    def unsent(self, *, is_leaving: bool = False) -> "tuple[UnsentRest, ...]":
        """What interrupted bulks never sent, newest first; `is_leaving`: what still runs ends now."""
        history = self._trail.history
        if history is None or not history.plans or not self._trail.lasts:
            return ()
        from tui.session.unsent_rest import unsent_rests

        if is_leaving:
            history = replace(history, own=frozenset())
        return unsent_rests(history, self._session.facts, self._session.clock())

    def parting_words(self) -> str:
        """What to say when the console is left: what its own bulks never sent."""
        history = self._trail.history
        own = frozenset[str]() if history is None else history.own
        return "\n".join(rest.words for rest in self.unsent(is_leaving=True) if rest.plan.id in own)

    async def decline(self, plan: "Plan") -> None:
        """Record that the rest of it is not to be offered again; where that fails, it is."""
        from tui.ops.audit.plan import DECLINED

        core = self._session.core
        with suppress(OSError):
            if core is not None:
                await core.trail.end_plan(plan.id, self._session.clock(), DECLINED)
        self._trail.again()
