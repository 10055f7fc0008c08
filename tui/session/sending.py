"""Sends the writes of one connected profile and records their effects, for the console and for `run`."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from tui.domain.profile import System
from tui.paths import reason_of
from tui.store.snapshot import Topic

if TYPE_CHECKING:
    from tui.core import Core
    from tui.domain.maintenance.coverage import Covered
    from tui.ops.execution.guard import Barred
    from tui.ops.execution.outcome import Outcome
    from tui.ops.execution.state_watch import Watch, WatchVerdict
    from tui.ops.operations.operation import Operation
    from tui.ops.proposals.proposal import Proposal


class Sending:
    def __init__(
        self, core: "Core", clock: Callable[[], datetime], *, is_of_maintenance: bool = False
    ) -> None:
        """`is_of_maintenance`: it sends the steps of one, which knows itself what is in doubt."""
        self._core, self._clock = core, clock
        self._is_of_maintenance = is_of_maintenance
        self._covered: Covered | None = None
        self._mark: object = None
        """Of the journals when they were read last: a bulk asks for each of its targets."""

    async def perform(
        self,
        proposal: "Proposal",
        *,
        confirmed_at: float | None = None,
        withdrawn: Callable[[], str] = lambda: "",
        begun: Callable[[], object] = lambda: None,
        leaving: "Barred | None" = None,
    ) -> "tuple[Outcome, Watch | None]":
        """Send it once, as `Executor.perform`; the outcome, and what watches for an effect to come."""
        from tui.ops.execution.engine_watch import watch_for
        from tui.ops.execution.guard import free

        sent_at = self._clock()
        held = await self._held_back(proposal)
        if held is not None:
            return held, None
        outcome = await self._core.executor.perform(
            proposal,
            confirmed_at=confirmed_at,
            withdrawn=withdrawn,
            begun=begun,
            leaving=leaving or free,
        )
        if outcome.kind.is_success and proposal.operation.id == "engine.force-resync":
            from tui.ops.audit.kept_keys import strike_out

            await strike_out(self._core.trail, proposal.write, self._clock())
        return outcome, watch_for(proposal, outcome, sent_at, self._now)

    async def _held_back(self, proposal: "Proposal") -> "Outcome | None":
        """The outcome of a write that must wait for a step of a maintenance in doubt."""
        from tui.ops.maintenance.against import held_back, may_be_held, was_seen_off

        core, member = self._core, may_be_held(proposal.write)
        if core.maintenances is None or member is None or self._is_of_maintenance:
            return None
        from tui.domain.maintenance.doubt import Clocks
        from tui.ops.execution.outcome import Outcome
        from tui.ops.maintenance.covered import covered_in
        from tui.ops.maintenance.states import server_now

        mark = core.maintenances.mark
        if self._covered is None or mark != self._mark:
            self._covered = await asyncio.to_thread(covered_in, core.maintenances, core.facts)
            self._mark = mark
        now = self._clock()
        held = held_back(proposal, self._covered, Clocks(now, server_now(core.service, member)))
        if held is None or await was_seen_off(core.trail, proposal.write, self._covered):
            return None
        return Outcome.nothing_sent(held.sentence, now, held.next_step, is_of_target=True)

    async def record(self, outcome: "Outcome", verdict: "WatchVerdict") -> str:
        """Record in the audit trail what was observed; why that failed, or empty."""
        from tui.ops.audit.record import Finding

        finding = Finding(self._clock(), verdict.result, verdict.sentence)
        try:
            await self._core.trail.check(outcome.attempt, finding)
        except OSError as failure:
            return reason_of(failure)
        return ""

    def _now(self, system: System) -> datetime:
        from tui.domain.timestamps import by_server

        return by_server(self._clock(), self._core.service.clock_offset(system))


def touched(operation: "Operation") -> tuple[Topic, ...]:
    """The topics that a write of this operation changes."""
    family = operation.id.partition(".")[0]
    return {
        "worker": (Topic.WORKERS, Topic.STATUS),
        "extension": (Topic.EXTENSIONS,),
        "engine": (Topic.ENGINE, Topic.CONNECTIONS),
        "connection": (Topic.CONNECTIONS,),
    }[family]
