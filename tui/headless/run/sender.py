"""Sends the planned targets one after the other, and watches the effect of starts and stops.

Invariant: however it ends, every target has a result: a request under way is *unknown*, the rest *not
sent*.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial

from tui.api.urgent import for_a_write
from tui.core import Core
from tui.domain.result import Result
from tui.headless.exit_codes import ATTENTION, HEALTHY, UNUSABLE
from tui.headless.fetch import Clock
from tui.headless.run.plan import PlannedTarget
from tui.headless.run.results import NOT_SENT, RunResult
from tui.ops.execution.bulk_run import hits_all
from tui.ops.execution.guard import MAKE_ROOM
from tui.ops.execution.outcome import Outcome
from tui.ops.execution.plan_record import PlanRecord
from tui.ops.execution.state_watch import Watch, WatchVerdict
from tui.ops.operations.kinds import kind_of
from tui.session.effect_watcher import EffectWatcher, ReadReports
from tui.session.sending import Sending

_ON_ITS_WAY = "interrupted before the response arrived; whether it took effect is unknown"
_NOT_BEGUN = "interrupted before its turn came"
_NOT_OUT = "interrupted before it was sent"
_NOT_WATCHED = "interrupted before its effect was seen"
_NO_RUN_END = "interrupted before its first run ended"


class Sender:
    """One run over the targets; `results` says at any time how it stands with each."""

    def __init__(
        self,
        core: Core,
        planned: Sequence[PlannedTarget],
        tell: Callable[[RunResult], None],
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]],
        hindered: Callable[[int, Sequence[RunResult]], str],
        record: PlanRecord | None,
        *,
        waits: bool,
        first_run_s: float | None = None,
        waiting: Callable[[], object] = lambda: None,
    ) -> None:
        """`tell` is called with each final result. `hindered` is called before each target and returns
        why nothing more may be sent, or empty. `record`: the plan of several targets. `waits`: wait for
        the effect. `first_run_s`: how long for it and for the end of the first run; None: not for it.
        `waiting` is called when the waiting begins."""
        self._core, self._planned, self._tell = core, planned, tell
        self._writes = Sending(core, clock)
        self._hindered, self._record = hindered, record
        self._clock, self._waits = clock, waits
        self._watcher = EffectWatcher(clock, sleep, first_run_s)
        self._needs_run = first_run_s is not None
        self._waiting: Callable[[], object] | None = waiting
        self.results = [one.result for one in planned]
        self._final: set[int] = set()

    async def send(self) -> None:
        """Send all. A failure that would hit every other target ends the run, and so does the first
        failed call of several that follow one another."""
        with for_a_write():
            await self._send()

    async def _send(self) -> None:
        async with asyncio.TaskGroup() as watching:
            for place, one in enumerate(self._planned):
                self._stands(place, NOT_SENT, _NOT_OUT)
                hindrance = self._hindered(place, self.results) or await self._recorded()
                if hindrance:
                    refused = one.result.became(
                        Result.REFUSED, f"nothing was sent: {hindrance}", UNUSABLE, MAKE_ROOM
                    )
                    self._end(place, refused)
                    self._spare(place + 1, f"not tried: {hindrance}")
                    break
                outcome, watch = await self._writes.perform(
                    self._record.of(one.proposal) if self._record else one.proposal,
                    begun=partial(self._stands, place, Result.UNKNOWN, _ON_ITS_WAY),
                )
                if watch is not None and self._waits:
                    self._stands(place, outcome.kind, f"{outcome.sentence}; {_NOT_WATCHED}", outcome)
                    self._watch(watching, place, watch, outcome)
                else:
                    is_well = not (self._waits and _effect_shows(one))
                    self._end(place, one.result.ended(outcome, accepted_is_well=is_well))
                in_vain = not outcome.kind.is_success and any(call.follows for call in self._planned)
                if in_vain or hits_all(outcome):
                    self._spare(place + 1, f"not tried: {outcome.sentence}")
                    break

    async def _recorded(self) -> str:
        return await self._record.begin() if self._record else ""

    def _spare(self, first: int, why: str) -> None:
        for place in range(first, len(self.results)):
            self._end(place, self.results[place].became(NOT_SENT, why, ATTENTION))

    def _stands(self, place: int, result: Result, sentence: str, outcome: Outcome | None = None) -> None:
        stands = self.results[place].became(result, sentence, ATTENTION)
        attempt, why_not = (outcome.attempt, outcome.unrecorded) if outcome else ("", "")
        self.results[place] = stands.recorded(attempt, why_not)

    def _end(self, place: int, result: RunResult) -> None:
        self.results[place] = result
        self._final.add(place)
        self._tell(result)

    def give_up(self) -> Sequence[RunResult]:
        """The results that an interruption made final: under way, or not sent."""
        left = [place for place in range(len(self.results)) if place not in self._final]
        for place in left:
            if not self.results[place].sentence:
                self.results[place] = self.results[place].became(NOT_SENT, _NOT_BEGUN, ATTENTION)
        return [self.results[place] for place in left]

    def _watch(self, tasks: asyncio.TaskGroup, place: int, watch: Watch, outcome: Outcome) -> None:
        """Poll, together with the others, until the effect is seen or the deadline has passed."""

        def judged(verdict: WatchVerdict) -> None:
            if verdict.follows_run:
                self._stands(place, verdict.result, f"{verdict.sight}; {_NO_RUN_END}", outcome)
                tasks.create_task(self._writes.record(outcome, verdict))
            elif verdict.done:
                tasks.create_task(self._end_watched(place, outcome, verdict))

        if self._waiting is not None:
            self._waiting()
            self._waiting = None
        if self._watcher.add(watch, judged):
            tasks.create_task(self._watcher.poll(ReadReports(self._core.service, self._clock)))

    async def _end_watched(self, place: int, outcome: Outcome, verdict: WatchVerdict) -> None:
        unrecorded = outcome.unrecorded or await self._writes.record(outcome, verdict)
        is_well = verdict.reached and (verdict.run is not None or not self._needs_run)
        code = HEALTHY if is_well else ATTENTION
        result = self._planned[place].result.became(verdict.result, verdict.sight, code)
        self._end(place, replace(result, run=verdict.run).recorded(outcome.attempt, unrecorded))


def _effect_shows(one: PlannedTarget) -> bool:
    write = one.proposal.write
    return kind_of(write).shows_effect(write)
