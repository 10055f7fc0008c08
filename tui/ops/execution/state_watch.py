"""Watches the state of a sync or of the engine after a start or stop: the response only means accepted.

Nothing is inferred: a state is quoted, and if it does not show the effect, the sentence says so
(jtl PROTOCOL §1.3, §1.4). Of the engine only a boolean `IsRunning` counts, never the status text
(superoffice PROTOCOL §5, §11, §13 no. 3).
"""

from abc import ABC, abstractmethod
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar

from tui.api.service import ErpService
from tui.domain.jtl.workers import ControlAction, SyncState, WorkerStatus
from tui.domain.result import Result
from tui.domain.superoffice.engine import ENGINE_NAME, EngineStatus
from tui.domain.text import counted, one_line
from tui.domain.timestamps import age_text
from tui.frozen import frozen
from tui.ops.execution.watch_time import GRACE_S
from tui.ops.targets.from_store import by_id
from tui.store.snapshot import Topic

S = TypeVar("S", WorkerStatus, EngineStatus)
_ON = frozenset({SyncState.RUNNING, SyncState.FINISHED, SyncState.FAILED})
_DOWN = frozenset({SyncState.DEACTIVATED, SyncState.SUSPENDED})
_BETWEEN = frozenset({SyncState.STARTING, SyncState.STOPPING})
_WAITING = frozenset({SyncState.FINISHED, SyncState.FAILED})
"""States that wait for the next run, which starts automatically (jtl PROTOCOL §1.3)."""
_NEVER_BY_ITSELF = frozenset({SyncState.DEACTIVATED, SyncState.SUSPENDED, SyncState.LOCKED})
"""States in which no scheduled run starts (jtl PROTOCOL §1.4)."""
LOST = "the response was lost"
Dated: TypeAlias = tuple[WorkerStatus | None, datetime]
"""A report, and when it was requested, by our clock."""


@frozen
class RunEnd:
    """How the first run after a start or restart ended, as far as it was seen."""

    state: str
    """`ok`, `error` or `locked`; the last state where no run was seen to end."""
    text: str = ""
    """The server's message, harmless and masked."""
    at: datetime | None = None
    """When the report that showed it was requested, by our clock; None: no run was seen to end."""
    is_good: bool | None = None
    """None: unknown."""
    has_recovered: bool = False
    """Whether it did not work before, and this run was good."""

    def words(self, count: int) -> str:
        """Of so many that ended alike: `2 runs ended: error disk full`."""
        if self.at is None:
            return f"{count} {self.state}, no run was seen to end"
        return f"{counted(count, 'run')} ended: {self.result}"

    @property
    def result(self) -> str:
        """`error disk full`."""
        return " ".join(filter(None, (self.state, self.text)))


@frozen
class WatchVerdict:
    """The result of one poll."""

    done: bool
    """The watch has ended: the effect was seen, or the deadline has passed."""
    sentence: str
    reached: bool = False
    """Whether the state is the requested one."""
    sight: str = field(default="", compare=False)
    """The sentence without the name of the target: `now off`."""
    result: Result = field(default=Result.ACCEPTED, compare=False)
    unrecorded: str = field(default="", compare=False)
    """Why the audit trail does not hold all of it; empty: it does."""
    follows_run: bool = field(default=False, compare=False)
    """Whether the first run is watched from now on."""
    run: RunEnd | None = field(default=None, compare=False)
    """Of a watch for a run that is done; its `reached` means a good run."""

    @property
    def is_well(self) -> bool:
        """Whether what was seen is what was wanted, and recorded."""
        is_good = self.reached if self.run else self.result is Result.APPLIED
        return is_good and not self.unrecorded


@dataclass(slots=True)
class StateWatch(ABC, Generic[S]):
    """Judges one state after the other, and remembers what it saw."""

    topic: ClassVar[Topic]
    """What reports the state."""
    noun: ClassVar[str]
    """What a report of it is called."""
    is_patient: ClassVar[bool] = False
    """Whether it may take long: only its end is reported, and it is polled less often after a minute."""
    before: S | None
    asked_at: datetime
    """By the same clock as `now` in `judge`."""
    _: KW_ONLY
    deadline_s: float = 60.0
    sent_at: datetime | None = None
    """By our clock; an older report proves nothing. None: any counts."""
    accepted: bool = True
    """False if the response to the request itself was lost, or does not state the result."""
    unanswered: str = LOST
    """What is reported in that case: that it was lost, or the text that came instead."""
    _other: bool = field(default=False, init=False)
    """Whether a state other than the one before the action was seen."""
    _last: str = field(default="", init=False)
    """The last report since the action, in words; empty if none."""

    @property
    @abstractmethod
    def what(self) -> str:
        """`stop of Temu DE`."""

    @property
    def awaits(self) -> bool | None:
        """The requested `IsRunning`; None for another target than the engine."""
        return None

    def is_replaced_by(self, newer: "Watch") -> bool:
        return False

    def replaced(self) -> WatchVerdict | None:
        """Its last verdict where it is replaced; None: the newer one has the word."""
        return None

    @abstractmethod
    async def read(self, service: ErpService, *, alone: bool) -> object:
        """What its topic reports now, by one request; of its target only if it is watched `alone`.

        Raises ErpError: it cannot be read.
        """

    @abstractmethod
    def state_in(self, data: Any) -> S | None:
        """Its state in what the topic reports; None if that does not contain it."""

    def judge(
        self, state: S | None, now: datetime, fetched_at: datetime | None = None, *, fresh: bool = True
    ) -> WatchVerdict:
        """Judge the latest known state, requested at `fetched_at` by our clock.

        `fresh`: whether it was requested after the deadline; an older one does not show the state then.
        """
        waited = (now - self.asked_at).total_seconds()
        late, given_up = waited >= self.deadline_s, waited >= self.deadline_s + GRACE_S
        if self.sent_at is not None and (fetched_at is None or fetched_at < self.sent_at):
            return self._without_news(late, given_up)
        changed, reached = self._look(state)
        if reached:
            return self._verdict(True, f"{self._lost}now {self._words(state)}", reached=True)
        if late and fresh:
            return self._verdict(True, self._at_deadline(state, changed))
        if given_up:
            return self._verdict(True, self._given_up)
        return self._verdict(False, self._not_yet(state, changed))

    @abstractmethod
    def _look(self, state: S | None) -> tuple[bool, bool]:
        """Remember a report; whether the state changed since the action, and is the requested one."""

    @abstractmethod
    def _words(self, state: S | None) -> str: ...

    def _at_deadline(self, state: S | None, changed: bool) -> str:
        return f"{self._accepted_prefix(', but ')}{self._stands(state)} after {self._waited}"

    def _stands(self, state: S | None) -> str:
        """A state that is not the requested one."""
        return f"still {self._words(state)}"

    def _not_yet(self, state: S | None, changed: bool) -> str:
        return f"{self._accepted_prefix(', ')}no effect seen yet"

    def _without_news(self, late: bool, given_up: bool) -> WatchVerdict:
        if self._last:
            yet = f"{self._accepted_prefix(', ')}no new {self.noun} yet"
            return self._verdict(given_up, self._given_up if given_up else yet)
        prefix = self._accepted_prefix(", but " if late else ", ")
        sight = f"{prefix}no {self.noun} since the request{'' if late else ' yet'}"
        return self._verdict(late, sight)

    def _verdict(self, done: bool, sight: str, *, reached: bool = False) -> WatchVerdict:
        open_yet = Result.ACCEPTED if self.accepted else Result.UNKNOWN
        result = Result.APPLIED if reached else open_yet
        return WatchVerdict(done, f"{self.what}: {sight}", reached, sight, result)

    @property
    def _waited(self) -> str:
        return age_text(self.deadline_s)

    @property
    def _given_up(self) -> str:
        prefix = self._accepted_prefix(", but ")
        return f"{prefix}no new {self.noun} after {self._waited}, {self._last} before"

    @property
    def _lost(self) -> str:
        return "" if self.accepted else f"{self.unanswered}; "

    def _accepted_prefix(self, then: str) -> str:
        """`accepted` only if the server said so."""
        return f"accepted{then}" if self.accepted else self._lost


@dataclass(slots=True)
class EngineWatch(StateWatch[EngineStatus]):
    topic = Topic.ENGINE
    noun = "response"
    run: bool
    """The requested `IsRunning`."""

    @property
    def what(self) -> str:
        return f"{'start' if self.run else 'stop'} of the {ENGINE_NAME}"

    @property
    def awaits(self) -> bool:
        return self.run

    def is_replaced_by(self, newer: "Watch") -> bool:
        """There is one engine."""
        return isinstance(newer, EngineWatch)

    async def read(self, service: ErpService, *, alone: bool) -> EngineStatus:
        return await service.superoffice.engine_status()

    def state_in(self, data: EngineStatus | None) -> EngineStatus | None:
        return data

    def _look(self, state: EngineStatus | None) -> tuple[bool, bool]:
        self._last = state.word if state else self._last
        running, was = (one.running if one else None for one in (state, self.before))
        changed = None not in (was, running) and running is not was
        self._other = self._other or changed
        # Without a response, a state that was there before the request is not its effect.
        return changed, running is self.run and (self.accepted or self._other)

    def _words(self, state: EngineStatus | None) -> str:
        return state.word if state else "unknown"

    def _at_deadline(self, state: EngineStatus | None, changed: bool) -> str:
        if state is not None and state.running is not None:
            return StateWatch._at_deadline(self, state, changed)
        return f"{self._accepted_prefix(', but ')}its state is unknown after {self._waited}"


@dataclass(slots=True)
class SyncWatch(StateWatch[WorkerStatus]):
    """Of one sync."""

    topic = Topic.STATUS
    noun = "status"
    sync_id: str
    name: str
    action: ControlAction

    @property
    def what(self) -> str:
        return f"{self.action.name.lower()} of {self.name}"

    async def read(self, service: ErpService, *, alone: bool) -> tuple[WorkerStatus, ...]:
        return await service.jtl.worker_status(self.sync_id if alone else None)

    def state_in(self, data: tuple[WorkerStatus, ...] | None) -> WorkerStatus | None:
        return by_id(data or (), self.sync_id)

    def _words(self, state: WorkerStatus | None) -> str:
        if state is None:
            return "not reported"
        text = one_line(state.text)
        has_message = text and state.known_state in (SyncState.FAILED, SyncState.LOCKED)
        return f"{state.word}: {text}" if has_message else state.word


@dataclass(slots=True)
class ControlWatch(SyncWatch):
    """After a start, stop or restart of a sync; remembers whether it left its state."""

    _left: bool = field(default=False, init=False)
    _latest: Dated | None = field(default=None, init=False)
    earlier: Dated | None = field(default=None, init=False)
    """The last report that differed from the latest one; before the action its state then."""

    def judge(
        self,
        state: WorkerStatus | None,
        now: datetime,
        fetched_at: datetime | None = None,
        *,
        fresh: bool = True,
    ) -> WatchVerdict:
        if fetched_at is not None and (self.sent_at is None or fetched_at >= self.sent_at):
            latest = self._latest or (self.before, self.sent_at or fetched_at)
            if latest[0] != state:
                self.earlier = latest
            self._latest = (state, fetched_at)
        return StateWatch.judge(self, state, now, fetched_at, fresh=fresh)

    def _look(self, state: WorkerStatus | None) -> tuple[bool, bool]:
        self._last = self._words(state)
        moved = self._moved(state)
        known = state.known_state if state else None
        self._other = self._other or (self._was is not None and known not in (None, self._was))
        # A state that it was already changing to before the action is not its effect.
        new = self._other or self._was is None
        self._left = self._left or (new and known in _BETWEEN) or (moved and known in _DOWN)
        # Without a response, a state that was there before the request is not its effect.
        tells = self.accepted or (self._other and self._shows_the_request(known))
        return moved, state is not None and tells and self._reached(known, moved)

    def _not_yet(self, state: WorkerStatus | None, changed: bool) -> str:
        if changed:
            return f"{self._lost}now {self._words(state)}"
        return StateWatch._not_yet(self, state, changed)

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
                # proves it, whether the status time changes or not.
                return state in _ON and (self._left or was in _NEVER_BY_ITSELF)

    def _shows_the_request(self, state: SyncState | None) -> bool:
        """Whether only a request leads to `state`: a sync that is on also starts automatically."""
        match self.action:
            case ControlAction.START:
                return self._was is SyncState.DEACTIVATED
            case ControlAction.STOP:
                return state is SyncState.DEACTIVATED
            case ControlAction.RESTART:
                return False

    def _at_deadline(self, state: WorkerStatus | None, changed: bool) -> str:
        if state is None:
            return f"{self._accepted_prefix(', but ')}no status is reported after {self._waited}"
        change = self._unseen if changed and state.known_state in _ON else ""
        if change:
            seen = f"{self._words(state)} after {self._waited}, it was not seen to {change}"
            own = "" if self._was is SyncState.RUNNING else ": this may be a scheduled run"
            return f"{self._accepted_prefix('; ')}{seen}{own}"
        return StateWatch._at_deadline(self, state, changed)

    def _stands(self, state: WorkerStatus | None) -> str:
        """Somebody else may have stopped or locked it meanwhile."""
        words, known = self._words(state), state.known_state if state else None
        if known in _NEVER_BY_ITSELF and self._was is not None and self._other:
            return f"{words} again" if known is self._was else f"now {words}"
        return StateWatch._stands(self, state)

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


Watch: TypeAlias = StateWatch[Any]
