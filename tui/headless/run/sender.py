"""Sends the planned targets one after the other, and watches the effect of starts and stops.

Invariant: however it ends, every target has a result: a request under way is *unknown*, the rest *not
sent*.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from tui.api.errors import ErpError
from tui.api.urgent import for_a_write
from tui.core import Core
from tui.domain.jtl.workers import WorkerStatus
from tui.domain.profile import System
from tui.domain.superoffice.engine import EngineStatus
from tui.domain.writes import Write
from tui.headless.exit_codes import ATTENTION, HEALTHY, UNUSABLE
from tui.headless.fetch import Clock, server_now
from tui.headless.run.plan import PlannedTarget
from tui.headless.run.results import NOT_SENT, Result
from tui.ops.audit.record import Finding
from tui.ops.execution.bulk_run import hits_all
from tui.ops.execution.engine_watch import EngineWatch, Watch, watch_for
from tui.ops.execution.guard import Outcome, OutcomeKind
from tui.ops.execution.watch_time import LOOK_EVERY, Waited
from tui.ops.execution.worker_watch import ControlWatch, WatchVerdict
from tui.ops.operations.operation import Operation, effect_shows

_ON_ITS_WAY = "interrupted before the response arrived; whether it took effect is unknown"
_NOT_BEGUN = "interrupted before its turn came"
_NOT_OUT = "interrupted before it was sent"
_MAKE_ROOM = "Free disk space or fix the permissions of the state directory, then try again"
_NOT_WATCHED = "interrupted before its effect was seen"


class Sender:
    """One run over the targets; `results` says at any time how it stands with each."""

    def __init__(
        self,
        core: Core,
        planned: Sequence[PlannedTarget],
        tell: Callable[[Result], None],
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]],
        hindered: Callable[[int, Sequence[Result]], str],
        *,
        waits: bool,
    ) -> None:
        """`tell` is called with each final result. `hindered` is called before each target and returns
        why nothing more may be sent, or empty. `waits`: wait for the effect.
        """
        self._core, self._planned, self._tell = core, planned, tell
        self._hindered = hindered
        self._clock, self._sleep, self._waits = clock, sleep, waits
        self.results = [one.result for one in planned]
        self._final: set[int] = set()

    async def send(self) -> None:
        """Send all. A failure that would hit every other target ends the run, and so does the first
        failed call of several that follow one another.
        """
        with for_a_write():
            await self._send()

    async def _send(self) -> None:
        async with asyncio.TaskGroup() as watching:
            for place, one in enumerate(self._planned):
                self._stands(place, NOT_SENT, _NOT_OUT)
                hindrance = self._hindered(place, self.results)
                if hindrance:
                    refused = one.result.became(
                        OutcomeKind.REFUSED, f"nothing was sent: {hindrance}", UNUSABLE, _MAKE_ROOM
                    )
                    self._end(place, refused)
                    self._spare(place + 1, f"not tried: {hindrance}")
                    break
                sent_at = self._clock()
                outcome = await self._core.executor.perform(
                    one.proposal, begun=partial(self._stands, place, OutcomeKind.UNKNOWN, _ON_ITS_WAY)
                )
                watch = self._watch_for(one, outcome, sent_at)
                if watch is not None:
                    self._stands(place, outcome.kind, f"{outcome.sentence}; {_NOT_WATCHED}", outcome)
                    watching.create_task(self._watch(place, one, watch, outcome))
                else:
                    is_well = not (self._waits and effect_shows(*_command(one)))
                    self._end(place, one.result.ended(outcome, accepted_is_well=is_well))
                if hits_all(outcome) or self._ends_turns(outcome):
                    self._spare(place + 1, f"not tried: {outcome.sentence}")
                    break

    def _ends_turns(self, outcome: Outcome) -> bool:
        """Whether a call failed, where calls follow one another."""
        return not outcome.kind.is_success and any(one.follows for one in self._planned)

    def _spare(self, first: int, why: str) -> None:
        for place in range(first, len(self.results)):
            self._end(place, self.results[place].became(NOT_SENT, why, ATTENTION))

    def _stands(
        self, place: int, result: OutcomeKind, sentence: str, outcome: Outcome | None = None
    ) -> None:
        stands = self.results[place].became(result, sentence, ATTENTION)
        attempt, why_not = (outcome.attempt, outcome.unrecorded) if outcome else ("", "")
        self.results[place] = stands.recorded(attempt, why_not)

    def _watch_for(self, one: PlannedTarget, outcome: Outcome, sent_at: datetime) -> Watch | None:
        return watch_for(one.proposal, outcome, sent_at, self._now) if self._waits else None

    def _end(self, place: int, result: Result) -> None:
        self.results[place] = result
        self._final.add(place)
        self._tell(result)

    def give_up(self) -> Sequence[Result]:
        """The results that an interruption made final: under way, or not sent."""
        left = [place for place in range(len(self.results)) if place not in self._final]
        for place in left:
            if not self.results[place].sentence:
                self.results[place] = self.results[place].became(NOT_SENT, _NOT_BEGUN, ATTENTION)
        return [self.results[place] for place in left]

    async def _watch(self, place: int, one: PlannedTarget, watch: Watch, outcome: Outcome) -> None:
        verdict = await self._judged(watch)
        unrecorded = outcome.unrecorded or await self._note_seen(outcome, verdict)
        code = HEALTHY if verdict.reached else ATTENTION
        seen = one.result.became(verdict.result, verdict.sight, code)
        self._end(place, seen.recorded(outcome.attempt, unrecorded))

    async def _note_seen(self, outcome: Outcome, verdict: WatchVerdict) -> str:
        """Record in the audit trail what was observed; why that failed, or empty."""
        finding = Finding(self._clock(), verdict.result, verdict.sentence)
        try:
            await self._core.trail.check(outcome.attempt, finding)
        except OSError as failure:
            return failure.strerror or str(failure)
        return ""

    async def _judged(self, watch: Watch) -> WatchVerdict:
        """Poll once a second until the effect is seen or the deadline has passed."""
        waited = Waited(self._clock(), watch.deadline_s)
        while True:
            await self._sleep(LOOK_EVERY)
            waited.look(self._clock())
            verdict = await self._look(watch, watch.asked_at + timedelta(seconds=waited.seconds))
            if verdict.done:
                return verdict

    async def _look(self, watch: Watch, now: datetime) -> WatchVerdict:
        """Read the state once and judge it; a failed read shows nothing new.

        `now` is before the request: a response that took long must not end the watch.
        """
        asked_at: datetime | None = self._clock()
        if isinstance(watch, EngineWatch):
            engine = await self._engine()
            asked_at = asked_at if engine else None
            return watch.judge(engine, now, asked_at)
        statuses = await self._statuses(watch)
        asked_at = None if statuses is None else asked_at
        known = {status.id.lower(): status for status in statuses or ()}
        return watch.judge(known.get(watch.sync_id.lower()), now, asked_at)

    async def _engine(self) -> EngineStatus | None:
        try:
            return await self._core.service.superoffice.engine_status()
        except ErpError:
            return None

    async def _statuses(self, watch: ControlWatch) -> Sequence[WorkerStatus] | None:
        try:
            return await self._core.service.jtl.worker_status(watch.sync_id)
        except ErpError:
            return None

    def _now(self, system: System) -> datetime:
        return server_now(self._core.service, system, self._clock)


def _command(one: PlannedTarget) -> tuple[Operation, Write]:
    return one.proposal.operation, one.proposal.write
