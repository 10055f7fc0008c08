"""Sends what was planned, one after the other, and watches what control actions lead to.

Invariant: whatever ends it, every target has a result: what was on its way is unknown, what had not
been begun was not sent.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime

from tui.api.errors import ErpError
from tui.domain.changes import ControlWorker
from tui.domain.systems import System
from tui.domain.workers import WorkerStatus
from tui.headless.asking import Clock, server_now
from tui.headless.exitcodes import ATTENTION, HEALTHY
from tui.headless.run_plan import Planned
from tui.headless.run_results import NOT_SENT, Result
from tui.ops.bulk import hits_all
from tui.ops.findings import APPLIED, UNKNOWN
from tui.ops.guard import Outcome, OutcomeKind
from tui.ops.trail import Finding
from tui.ops.watch import ControlWatch, WatchVerdict
from tui.wiring import Core

_ON_ITS_WAY = "interrupted before the answer came; whether it took effect is unknown"
_LOOK_EVERY = 1.0
"""Seconds between two looks at the status of one sync."""
_NOT_BEGUN = "interrupted before its turn came"
_NOT_WATCHED = "handed over to the JTL-Worker; interrupted before its effect was seen"


class Sending:
    """One run over the targets; `results` says at any time how it stands with each."""

    def __init__(
        self,
        core: Core,
        planned: Sequence[Planned],
        tell: Callable[[Result], None],
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        """`tell` is called with each result as soon as it is final."""
        self._core, self._planned, self._tell = core, planned, tell
        self._clock, self._sleep = clock, sleep
        self.results = [one.result for one in planned]
        self._final: set[int] = set()

    async def send(self) -> None:
        """Send for all; a failure that would hit every other as well ends it, and of calls that follow
        one another the first that does not go well."""
        async with asyncio.TaskGroup() as watching:
            for place, one in enumerate(self._planned):
                self._stands(place, OutcomeKind.UNKNOWN, _ON_ITS_WAY)
                sent_at = self._clock()
                outcome = await self._core.conduct.perform(one.proposal)
                write = one.proposal.write
                if isinstance(write, ControlWorker) and _may_have_effect(outcome):
                    self._stands(place, OutcomeKind.UNKNOWN, _NOT_WATCHED)
                    watching.create_task(self._watch(place, one, write, outcome, sent_at))
                else:
                    self._end(place, one.result.ended(outcome))
                if hits_all(outcome) or self._ends_turns(place, outcome):
                    self._spare(place + 1, f"not tried: {outcome.sentence}")
                    break

    def _ends_turns(self, place: int, outcome: Outcome) -> bool:
        """Whether a call did not go well that others were to follow."""
        rest = self._planned[place + 1 :]
        return outcome.kind is not OutcomeKind.APPLIED and any(one.follows for one in rest)

    def _spare(self, first: int, why: str) -> None:
        for place in range(first, len(self.results)):
            self._end(place, self.results[place].became(NOT_SENT, why, ATTENTION))

    def _stands(self, place: int, kind: OutcomeKind, sentence: str) -> None:
        self.results[place] = self.results[place].became(kind.value, sentence, ATTENTION)

    def _end(self, place: int, result: Result) -> None:
        self.results[place] = result
        self._final.add(place)
        self._tell(result)

    def give_up(self) -> Sequence[Result]:
        """What an interruption left open, which now is final: on its way, or not begun."""
        left = [place for place in range(len(self.results)) if place not in self._final]
        for place in left:
            if not self.results[place].sentence:
                self.results[place] = self.results[place].became(NOT_SENT, _NOT_BEGUN, ATTENTION)
        return [self.results[place] for place in left]

    async def _watch(
        self, place: int, one: Planned, write: ControlWorker, outcome: Outcome, sent_at: datetime
    ) -> None:
        watch = ControlWatch(
            write.sync_id,
            one.proposal.target,
            write.action,
            one.proposal.status_before,
            self._now(),
            sent_at=sent_at,
            accepted=outcome.kind is OutcomeKind.APPLIED,
        )
        verdict = await self._judged(watch, write.sync_id)
        if not watch.accepted:
            await self._note_seen(outcome, verdict)
        kind = OutcomeKind.APPLIED if verdict.reached else OutcomeKind.UNKNOWN
        code = HEALTHY if verdict.reached else ATTENTION
        self._end(place, one.result.became(kind.value, verdict.sight, code))

    async def _note_seen(self, outcome: Outcome, verdict: WatchVerdict) -> None:
        """Keep in the trail what was seen of a control action whose answer was lost."""
        result = APPLIED if verdict.reached else UNKNOWN
        with suppress(OSError):
            finding = Finding(self._clock(), result, verdict.sentence)
            await self._core.trail.check(outcome.attempt, finding)

    async def _judged(self, watch: ControlWatch, sync_id: str) -> WatchVerdict:
        """Look once a second until the effect is seen or the deadline has passed."""
        while True:
            await self._sleep(_LOOK_EVERY)
            verdict = watch.judge(*await self._look(sync_id))
            if verdict.done:
                return verdict

    async def _look(self, sync_id: str) -> tuple[WorkerStatus | None, datetime, datetime | None]:
        """The status, the server's time, and when the status was asked for; None: no answer came."""
        asked_at = self._clock()
        try:
            statuses = await self._core.service.worker_status(sync_id)
        except ErpError:
            return None, self._now(), None
        known = {status.id.lower(): status for status in statuses}
        return known.get(sync_id.lower()), self._now(), asked_at

    def _now(self) -> datetime:
        return server_now(self._core.service, System.JTL, self._clock)


def _may_have_effect(outcome: Outcome) -> bool:
    return outcome.kind in (OutcomeKind.APPLIED, OutcomeKind.UNKNOWN)
