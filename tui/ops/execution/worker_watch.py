"""Watches the status after a control action: 204 only means accepted.

Nothing is inferred: a status is quoted, and if it does not show the effect, the sentence says so
(jtl PROTOCOL §1.3, §1.4).
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from tui.domain.jtl.workers import ControlAction, SyncState, WorkerStatus
from tui.domain.result import Result
from tui.domain.text import one_line
from tui.domain.timestamps import age_text
from tui.ops.execution.watch_time import GRACE_S, nothing_new

_ON = frozenset({SyncState.RUNNING, SyncState.FINISHED, SyncState.FAILED})
_DOWN = frozenset({SyncState.DEACTIVATED, SyncState.SUSPENDED})
_BETWEEN = frozenset({SyncState.STARTING, SyncState.STOPPING})
_WAITING = frozenset({SyncState.FINISHED, SyncState.FAILED})
"""States that wait for the next run, which starts automatically (jtl PROTOCOL §1.3)."""
_NEVER_BY_ITSELF = frozenset({SyncState.DEACTIVATED, SyncState.SUSPENDED, SyncState.LOCKED})
"""States in which no scheduled run starts (jtl PROTOCOL §1.4)."""
LOST = "the response was lost"


@dataclass(frozen=True, slots=True)
class WatchVerdict:
    """The result of one poll."""

    done: bool
    """The watch has ended: the effect was seen, or the deadline has passed."""
    changed: bool
    """Whether the status changed at all since the action."""
    sentence: str
    reached: bool = False
    """Whether the state is the requested one."""
    sight: str = field(default="", compare=False)
    """The sentence without the name of the sync: `now off`."""
    result: Result = field(default=Result.ACCEPTED, compare=False)
    """The result known so far."""
    unrecorded: str = field(default="", compare=False)
    """Why the audit trail does not hold all of it; empty: it does."""


def seen_result(*, reached: bool, accepted: bool) -> Result:
    """Builds verdicts on an action that was accepted, or whose response was lost."""
    if reached:
        return Result.APPLIED
    return Result.ACCEPTED if accepted else Result.UNKNOWN


@dataclass(slots=True)
class ControlWatch:
    """Judges one status after the other; remembers whether the sync left its state."""

    sync_id: str
    name: str
    action: ControlAction
    before: WorkerStatus | None
    asked_at: datetime
    """By the same clock as `now` in `judge`."""
    deadline_s: float = 60.0
    sent_at: datetime | None = None
    """By our clock; an older status proves nothing. None: any status counts."""
    accepted: bool = True
    """False if the response to the control call itself was lost, or does not state the result."""
    unanswered: str = LOST
    """What is reported in that case: that it was lost, or the text that came instead."""
    _left: bool = field(default=False, init=False)
    _other: bool = field(default=False, init=False)
    """Whether a state other than the one before the action was seen."""
    _last: str = field(default="", init=False)
    """The last report since the action, in words; empty if none."""

    def judge(
        self,
        status: WorkerStatus | None,
        now: datetime,
        fetched_at: datetime | None = None,
        *,
        fresh: bool = True,
    ) -> WatchVerdict:
        """Judge the latest known status, received at `fetched_at` by our clock.

        `fresh`: whether it was requested after the deadline; an older one does not show the state then.
        """
        waited = (now - self.asked_at).total_seconds()
        late, given_up = waited >= self.deadline_s, waited >= self.deadline_s + GRACE_S
        if self.sent_at is not None and (fetched_at is None or fetched_at < self.sent_at):
            return self._without_news(late, given_up)
        self._last = "not reported" if status is None else _words(status)
        moved = self._moved(status)
        state = status.known_state if status else None
        self._other = self._other or (self._was is not None and state not in (None, self._was))
        # A state that it was already changing to before the action is not its effect.
        new = self._other or self._was is None
        self._left = self._left or (new and state in _BETWEEN) or (moved and state in _DOWN)
        # Without a response, a state that was there before the request is not its effect.
        tells = self.accepted or (self._other and self._shows_the_request(state))
        if status is not None and tells and self._reached(state, moved):
            verdict = self._verdict(True, moved, f"{self._lost}now {_words(status)}")
            result = seen_result(reached=True, accepted=self.accepted)
            return replace(verdict, reached=True, result=result)
        if late and fresh:
            return self._verdict(True, moved, self._at_deadline(status, moved))
        if given_up:
            return self._verdict(True, moved, self._given_up)
        if status is None or not moved:
            return self._verdict(False, False, f"{self._accepted_prefix(', ')}no effect seen yet")
        return self._verdict(False, True, f"{self._lost}now {_words(status)}")

    def _without_news(self, late: bool, given_up: bool) -> WatchVerdict:
        if self._last:
            said = self._given_up if given_up else f"{self._accepted_prefix(', ')}no new status yet"
            return self._verdict(given_up, False, said)
        if late:
            return self._verdict(
                True, False, f"{self._accepted_prefix(', but ')}no status since the request"
            )
        return self._verdict(
            False, False, f"{self._accepted_prefix(', ')}no status since the request yet"
        )

    def _verdict(self, done: bool, changed: bool, sight: str) -> WatchVerdict:
        what = f"{self.action.name.lower()} of {self.name}"
        result = seen_result(reached=False, accepted=self.accepted)
        return WatchVerdict(done, changed, f"{what}: {sight}", sight=sight, result=result)

    @property
    def _given_up(self) -> str:
        return f"{self._accepted_prefix(', but ')}{nothing_new('status', self._last, self.deadline_s)}"

    @property
    def _lost(self) -> str:
        return "" if self.accepted else f"{self.unanswered}; "

    def _accepted_prefix(self, then: str) -> str:
        """`accepted` only if the server said so."""
        return f"accepted{then}" if self.accepted else self._lost

    @property
    def _was(self) -> SyncState | None:
        return self.before.known_state if self.before else None

    def _moved(self, status: WorkerStatus | None) -> bool:
        """Whether the status differs from the one before the action, or is newer than the action."""
        if status is None:
            return False
        at = status.status_at.at
        if self.before is None:
            return at is not None and at > self.asked_at
        return (status.state, at) != (self.before.state, self.before.status_at.at)

    def _reached(self, state: SyncState | None, moved: bool) -> bool:
        was = self._was
        match self.action:
            case ControlAction.START if was in _WAITING:
                # Its next run starts automatically: only the state `starting` proves it.
                return self._left and (state in _ON or state is SyncState.LOCKED)
            case ControlAction.START:
                locked_now = state is SyncState.LOCKED and was is not SyncState.LOCKED and moved
                return state is SyncState.RUNNING or (moved and state in _ON) or locked_now
            case ControlAction.STOP:
                # A sync that was suspended before and still is was not stopped by this.
                return state is SyncState.DEACTIVATED or (state in _DOWN and state is not was)
            case ControlAction.RESTART:
                # Runs start by schedule, and the status time changes with them: only having been down
                # proves it.
                return moved and state in _ON and (self._left or was in _NEVER_BY_ITSELF)

    def _shows_the_request(self, state: SyncState | None) -> bool:
        """Whether only a request leads to `state`: a sync that is on also starts automatically."""
        match self.action:
            case ControlAction.START:
                return self._was is SyncState.DEACTIVATED
            case ControlAction.STOP:
                return state is SyncState.DEACTIVATED
            case ControlAction.RESTART:
                return False

    def _at_deadline(self, status: WorkerStatus | None, moved: bool) -> str:
        waited = age_text(self.deadline_s)
        if status is None:
            return f"{self._accepted_prefix(', but ')}no status is reported after {waited}"
        change = self._unseen if moved and status.known_state in _ON else ""
        if change:
            seen = f"{_words(status)} after {waited}, it was not seen to {change}"
            own = "" if self._was is SyncState.RUNNING else ": this may be a scheduled run"
            return f"{self._accepted_prefix('; ')}{seen}{own}"
        return f"{self._accepted_prefix(', but ')}still {_words(status)} after {waited}"

    @property
    def _unseen(self) -> str:
        """The change of a sync that would have proved the effect and was not seen."""
        match self.action:
            case ControlAction.RESTART:
                return "stop"
            case ControlAction.START if self._was in _WAITING and self._other:
                return "start"
            case _:
                return ""


def _words(status: WorkerStatus) -> str:
    state = status.known_state
    word = (
        state.word
        if state is not None
        else "unknown"
        if status.state is None
        else f"state {status.state}"
    )
    said = one_line(status.text)
    return f"{word}: {said}" if said and state in (SyncState.FAILED, SyncState.LOCKED) else word
