"""Watches a sync whose start or restart took effect, until its first run has ended.

A run's end is what `domain/history/runs.py` calls one, between two reports that follow each other
closely: in a gap several runs may have ended. A run that is shorter than the time between two reports
counts only where nothing but the action began it: see `_too_short_to_see`. What was not seen is never
called a run.
"""

from dataclasses import dataclass, field
from datetime import datetime

from tui.domain.health.rules import Level
from tui.domain.history.observing import GONE, kept_text
from tui.domain.history.records import Cause, Change, State, Subject, SubjectKind
from tui.domain.history.runs import run_ended
from tui.domain.jtl.workers import ControlAction, SyncState, WorkerStatus
from tui.domain.result import Result
from tui.ops.execution.state_watch import ControlWatch, RunEnd, SyncWatch, Watch, WatchVerdict
from tui.ops.execution.watch_time import GRACE_S

_DONE = {ControlAction.START: "started", ControlAction.RESTART: "restarted"}
_NO_RUN_FOLLOWS = (SyncState.DEACTIVATED, SyncState.SUSPENDED, SyncState.LOCKED)
_DID_NOT_WORK = (SyncState.FAILED, SyncState.SUSPENDED, SyncState.LOCKED)
"""States before the action from which a good run is a recovery."""
_ENDED = (SyncState.FINISHED, SyncState.FAILED)
_CLOSE = 30.0
"""Seconds between two reports within which one run may have ended, but not several."""


def first_run_after(
    watch: Watch, state: object, seen_at: datetime | None, within_s: float
) -> "RunWatch | None":
    """What follows a start or restart whose effect `state` shows; None where no run follows.

    `seen_at`: when the state was requested, by our clock; `within_s`: seconds since the action.
    """
    if not isinstance(watch, ControlWatch) or watch.action not in _DONE or seen_at is None:
        return None
    if not isinstance(state, WorkerStatus) or state.known_state in _NO_RUN_FOLLOWS:
        return None
    was = watch.before.known_state if watch.before else None
    was_down = was in _DID_NOT_WORK
    run = RunWatch(
        state,
        watch.asked_at,
        watch.sync_id,
        watch.name,
        watch.action,
        seen_at,
        was_down,
        deadline_s=within_s,
        sent_at=seen_at,
    )
    run.short = _too_short_to_see(watch, state, seen_at, was_down=was_down)
    return run


def _too_short_to_see(
    watch: ControlWatch, state: WorkerStatus, seen_at: datetime, *, was_down: bool
) -> RunEnd | None:
    """The run that ended between the report before the effect and the one that showed it.

    Certain only if the sync was starting right before: no scheduled run was under way then, and a new
    status now says how the last run ended. Or if it was locked, which no run ends but one that follows a
    start (jtl PROTOCOL §1.4). The status time alone proves no run.
    """
    if watch.earlier is None or watch.before is None or state.known_state not in _ENDED:
        return None
    (earlier, at), is_good = watch.earlier, state.known_state is SyncState.FINISHED
    if earlier is None or (seen_at - at).total_seconds() > _CLOSE:
        return None
    now, then, was = (one.status_at.at for one in (state, earlier, watch.before))
    is_new = now is not None and now != was and (then is None or now >= then)
    is_unlocked = earlier.known_state is SyncState.LOCKED and is_good
    if not is_new or not (earlier.known_state is SyncState.STARTING or is_unlocked):
        return None
    kept = _kept(state)
    text = "" if is_good else kept.text
    return RunEnd(kept.state, text, seen_at, is_good, has_recovered=is_good and was_down)


@dataclass(slots=True)
class RunWatch(SyncWatch):
    """`before` is the state that showed the effect, `sent_at` the time of the latest report."""

    is_patient = True
    began_at: datetime
    """When the effect was seen, by our clock."""
    was_down: bool
    """Whether it did not work before the action."""
    short: RunEnd | None = field(default=None, init=False)
    """How the run ended that was over with the report that showed the effect; None: no such run."""
    _state: WorkerStatus | None = field(default=None, init=False)
    """The latest report."""

    def __post_init__(self) -> None:
        self._state = self.before

    def judge(
        self,
        state: WorkerStatus | None,
        now: datetime,
        fetched_at: datetime | None = None,
        *,
        fresh: bool = True,
    ) -> WatchVerdict:
        if self.short is not None:
            ended = f"run ended by {self.began_at:%H:%M:%S}, too short to be seen: {self.short.result}"
            return self._over(self.short, ended)
        waited = (now - self.asked_at).total_seconds()
        if fetched_at is not None and self.sent_at is not None and fetched_at > self.sent_at:
            is_close = (fetched_at - self.sent_at).total_seconds() <= _CLOSE
            before, self._state, self.sent_at = self._state, state, fetched_at
            subject = Subject(SubjectKind.SYNC, self.sync_id)
            change = Change(fetched_at, subject, Cause.POLL, _kept(state), _kept(before))
            is_good = run_ended(change) if is_close else None
            if is_good is not None:
                end = RunEnd(
                    change.after.state,
                    "" if is_good else change.after.text,
                    fetched_at,
                    is_good,
                    has_recovered=is_good and self.was_down,
                )
                return self._over(end, f"run ended {fetched_at:%H:%M:%S}: {end.result}")
        _, is_down = self._look(self._state)
        if is_down:
            return self._unseen(f"now {self._words(self._state)}")
        if waited >= self.deadline_s and fresh:
            return self._unseen(f"{self._words(self._state)} after {self._waited}")
        if waited >= self.deadline_s + GRACE_S:
            stale = f"{self._words(self._state)} before"
            return self._unseen(f"no new {self.noun} after {self._waited}, {stale}")
        return self._verdict(False, self._words(self._state))

    def is_replaced_by(self, newer: Watch) -> bool:
        return isinstance(newer, SyncWatch) and newer.sync_id == self.sync_id

    def replaced(self) -> WatchVerdict:
        return self._unseen("then another change was requested")

    def _look(self, state: WorkerStatus | None) -> tuple[bool, bool]:
        """The second: whether it is in a state that no run follows."""
        return state != self.before, state is not None and state.known_state in _NO_RUN_FOLLOWS

    def _unseen(self, sight: str) -> WatchVerdict:
        end = RunEnd(_kept(self._state).state)
        return self._over(end, f"{sight}; no run was seen to end")

    def _over(self, end: RunEnd, sight: str) -> WatchVerdict:
        began = f"{_DONE[self.action]} {self.began_at:%H:%M}"
        sight = " · ".join((began, sight, *(["recovered"] if end.has_recovered else [])))
        return WatchVerdict(
            True, f"{self.name}: {sight}", end.is_good is True, sight, Result.APPLIED, run=end
        )


def _kept(status: WorkerStatus | None) -> State:
    """As the history keeps it; the level is of no interest here."""
    if status is None:
        return GONE
    return State(status.word, Level.OK, kept_text(status.text), status.status_at.at)
