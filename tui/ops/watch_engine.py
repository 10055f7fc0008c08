"""What became of a start or stop of the engine: its answers are looked at until one shows it.

Nothing is inferred: only a boolean `IsRunning` tells, never what the engine says in words
(superoffice-erpsync §5, §11, §13 no. 3).
"""

from dataclasses import dataclass, field
from datetime import datetime

from tui.domain.engine import ENGINE_NAME, EngineStatus
from tui.domain.moments import age_text
from tui.ops.watch import LOST, WatchVerdict, seen_result
from tui.ops.watch_time import GRACE_S, nothing_new


@dataclass(slots=True)
class EngineWatch:
    """Judges one answer after the other; remembers only that another state than the first was seen."""

    run: bool
    """The `IsRunning` that was asked for."""
    before: EngineStatus | None
    asked_at: datetime
    """By the same clock as `now` in `judge`."""
    deadline_s: float = 60.0
    sent_at: datetime | None = None
    """By our own clock; an older answer proves nothing. None: any counts."""
    accepted: bool = True
    """False where the answer to the request itself was lost, or says nothing of it."""
    unanswered: str = LOST
    """What is said then: that it was lost, or the words that came instead."""
    _other: bool = field(default=False, init=False)
    _last: str = field(default="", init=False)
    """What was heard last since the request, in words; empty: nothing."""

    def judge(
        self,
        status: EngineStatus | None,
        now: datetime,
        fetched_at: datetime | None = None,
        *,
        fresh: bool = True,
    ) -> WatchVerdict:
        """Judge the latest known answer, which was asked for at `fetched_at` by our own clock.

        `fresh`: whether it was asked for since the deadline passed; no older one tells what is so then.
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
        # Without an answer, a state that was there before the request shows no effect of it.
        if running is self.run and (self.accepted or self._other):
            return self._verdict(True, changed, f"{self._lost}now {self._word(status)}", reached=True)
        if late and fresh:
            still = "its state is unknown" if running is None else f"still {self._word(status)}"
            told = f"{still} after {age_text(self.deadline_s)}"
            return self._verdict(True, changed, f"{self._handed_over(', but ')}{told}")
        if given_up:
            return self._verdict(True, changed, self._given_up)
        return self._verdict(False, changed, f"{self._handed_over(', ')}no effect seen yet")

    def _without_news(self, late: bool, given_up: bool) -> WatchVerdict:
        if self._last:
            said = self._given_up if given_up else f"{self._handed_over(', ')}no new answer yet"
            return self._verdict(given_up, False, said)
        if late:
            return self._verdict(
                True, False, f"{self._handed_over(', but ')}no answer since the request"
            )
        return self._verdict(False, False, f"{self._handed_over(', ')}no answer since the request yet")

    def _verdict(self, done: bool, changed: bool, sight: str, *, reached: bool = False) -> WatchVerdict:
        what = f"{'start' if self.run else 'stop'} of the {ENGINE_NAME}"
        result = seen_result(reached=reached, accepted=self.accepted)
        return WatchVerdict(done, changed, f"{what}: {sight}", reached, sight, result)

    @property
    def _given_up(self) -> str:
        return f"{self._handed_over(', but ')}{nothing_new('answer', self._last, self.deadline_s)}"

    @property
    def _lost(self) -> str:
        return "" if self.accepted else f"{self.unanswered}; "

    def _handed_over(self, then: str) -> str:
        """`accepted` only where the server said so."""
        return f"accepted{then}" if self.accepted else self._lost

    def _word(self, status: EngineStatus | None) -> str:
        return status.word if status else "unknown"
