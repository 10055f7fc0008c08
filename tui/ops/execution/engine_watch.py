"""Watches the responses of the engine after a start or stop until one shows the effect.

Nothing is inferred: only a boolean `IsRunning` counts, never the status text
(superoffice PROTOCOL §5, §11, §13 no. 3).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from tui.domain.jtl.workers import WorkerStatus
from tui.domain.profile import System
from tui.domain.superoffice.engine import ENGINE_NAME, EngineStatus
from tui.domain.timestamps import age_text
from tui.domain.writes import ChangeEngineStatus, ControlWorker
from tui.ops.execution.outcome import Outcome, OutcomeKind
from tui.ops.execution.watch_time import GRACE_S, nothing_new
from tui.ops.execution.worker_watch import LOST, ControlWatch, WatchVerdict, seen_result
from tui.ops.proposals.proposal import Proposal


@dataclass(slots=True)
class EngineWatch:
    """Judges one response after the other; remembers whether the state ever differed from the first."""

    run: bool
    """The requested `IsRunning`."""
    before: EngineStatus | None
    asked_at: datetime
    """By the same clock as `now` in `judge`."""
    deadline_s: float = 60.0
    sent_at: datetime | None = None
    """By our clock; an older response proves nothing. None: any counts."""
    accepted: bool = True
    """False if the response to the request itself was lost, or does not state the result."""
    unanswered: str = LOST
    """What is reported in that case: that it was lost, or the text that came instead."""
    _other: bool = field(default=False, init=False)
    _last: str = field(default="", init=False)
    """The last report since the request, in words; empty if none."""

    def judge(
        self,
        status: EngineStatus | None,
        now: datetime,
        fetched_at: datetime | None = None,
        *,
        fresh: bool = True,
    ) -> WatchVerdict:
        """Judge the latest known response, requested at `fetched_at` by our clock.

        `fresh`: whether it was requested after the deadline; an older one does not show the state then.
        """
        waited = (now - self.asked_at).total_seconds()
        late, given_up = waited >= self.deadline_s, waited >= self.deadline_s + GRACE_S
        running = status.running if status else None
        news = self.sent_at is None or (fetched_at is not None and fetched_at >= self.sent_at)
        if not news:
            return self._without_news(late, given_up)
        self._last = status.word if status else self._last
        was = self.before.running if self.before else None
        changed = None not in (was, running) and running is not was
        self._other = self._other or changed
        # Without a response, a state that was there before the request is not its effect.
        if running is self.run and (self.accepted or self._other):
            return self._verdict(True, changed, f"{self._lost}now {self._word(status)}", reached=True)
        if late and fresh:
            still = "its state is unknown" if running is None else f"still {self._word(status)}"
            late_word = f"{still} after {age_text(self.deadline_s)}"
            return self._verdict(True, changed, f"{self._accepted_prefix(', but ')}{late_word}")
        if given_up:
            return self._verdict(True, changed, self._given_up)
        return self._verdict(False, changed, f"{self._accepted_prefix(', ')}no effect seen yet")

    def _without_news(self, late: bool, given_up: bool) -> WatchVerdict:
        if self._last:
            said = self._given_up if given_up else f"{self._accepted_prefix(', ')}no new response yet"
            return self._verdict(given_up, False, said)
        if late:
            return self._verdict(
                True, False, f"{self._accepted_prefix(', but ')}no response since the request"
            )
        return self._verdict(
            False, False, f"{self._accepted_prefix(', ')}no response since the request yet"
        )

    def _verdict(self, done: bool, changed: bool, sight: str, *, reached: bool = False) -> WatchVerdict:
        what = f"{'start' if self.run else 'stop'} of the {ENGINE_NAME}"
        result = seen_result(reached=reached, accepted=self.accepted)
        return WatchVerdict(done, changed, f"{what}: {sight}", reached, sight, result)

    @property
    def _given_up(self) -> str:
        return f"{self._accepted_prefix(', but ')}{nothing_new('response', self._last, self.deadline_s)}"

    @property
    def _lost(self) -> str:
        return "" if self.accepted else f"{self.unanswered}; "

    def _accepted_prefix(self, then: str) -> str:
        """`accepted` only if the server said so."""
        return f"accepted{then}" if self.accepted else self._lost

    def _word(self, status: EngineStatus | None) -> str:
        return status.word if status else "unknown"


Watch: TypeAlias = ControlWatch | EngineWatch


def watch_for(
    proposal: Proposal, outcome: Outcome, sent_at: datetime, now: Callable[[System], datetime]
) -> Watch | None:
    """The watch to start after this outcome; None if the outcome itself shows the effect.

    `sent_at` is by our clock, `now` by the clock of the system.
    """
    if not outcome.kind.may_have_effect:
        return None
    accepted, before = outcome.kind is not OutcomeKind.UNKNOWN, proposal.status_before
    came = outcome.error.sentence if outcome.error else ""
    lost = came if outcome.responded and came else LOST
    match proposal.write:
        case ControlWorker(sync_id=sync_id, action=action):
            before = before if isinstance(before, WorkerStatus) else None
            at = now(System.JTL)
            return ControlWatch(
                sync_id,
                proposal.target,
                action,
                before,
                at,
                sent_at=sent_at,
                accepted=accepted,
                unanswered=lost,
            )
        case ChangeEngineStatus(run=run):
            before = before if isinstance(before, EngineStatus) else None
            at = now(System.SUPEROFFICE)
            return EngineWatch(run, before, at, sent_at=sent_at, accepted=accepted, unanswered=lost)
        case _:
            return None
