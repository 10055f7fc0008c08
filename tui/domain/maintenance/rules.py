"""What opening and closing do with each target, by its state now. Pure; no decision reads a sentence."""

from dataclasses import replace
from datetime import datetime
from enum import Enum, StrEnum, auto

from tui.domain.jtl.workers import SyncState, Worker
from tui.domain.maintenance.doubt import ARRIVES_WITHIN, SETTLED_AFTER, Clocks, arriving, has_gone_off
from tui.domain.maintenance.records import MemberKind, NotedTarget, Step
from tui.domain.result import Result
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.frozen import frozen


class Seen(Enum):
    """What a target is doing, as far as maintenance is concerned."""

    ON = auto()
    """It runs, or waits for its next run."""
    OFF = auto()
    STOPPING = auto()
    IDLE = auto()
    """Suspended: it starts together with the JTL-Worker."""
    LOCKED = auto()
    UNKNOWN = auto()
    """Its state was not reported, or its row is not safe to write to."""
    GONE = auto()


_OF_STATE = {
    SyncState.STARTING: Seen.ON,
    SyncState.RUNNING: Seen.ON,
    SyncState.FINISHED: Seen.ON,
    SyncState.FAILED: Seen.ON,
    SyncState.SUSPENDED: Seen.IDLE,
    SyncState.STOPPING: Seen.STOPPING,
    SyncState.DEACTIVATED: Seen.OFF,
    SyncState.LOCKED: Seen.LOCKED,
}
_LEFT = {
    Seen.OFF: "it was off, and not by this maintenance",
    Seen.STOPPING: "it was being stopped by somebody else",
    Seen.IDLE: "suspended: the JTL-Worker does not run it, and starts it when it starts itself",
    Seen.LOCKED: "locked: unlock the account, then start it",
    Seen.UNKNOWN: "its state is unknown, so it cannot be stopped safely",
    Seen.GONE: "it is no longer in the server's list",
}

Target = Worker | Connection | EngineStatus


def seen_of(target: Target | None) -> Seen:
    match target:
        case None:
            return Seen.GONE
        case Worker():
            if target.problem or target.doubled or target.state is None:
                return Seen.UNKNOWN
            return _OF_STATE[target.state]
        case Connection():
            if target.deleted:
                return Seen.GONE
            doubtful = target.problem or target.doubled
            return Seen.UNKNOWN if doubtful else _of_flag(target.active)
        case EngineStatus():
            return _of_flag(target.running)


def word_of(target: Target) -> str:
    """Its state in words: `running`, `ok`, `active`."""
    return target.state_word if isinstance(target, Worker) else target.word


def _of_flag(on: bool | None) -> Seen:
    return {True: Seen.ON, False: Seen.OFF, None: Seen.UNKNOWN}[on]


def why_left(seen: Seen) -> str:
    """Why opening leaves it as it was; empty: it is stopped."""
    return _LEFT.get(seen, "")


class Act(StrEnum):
    """What closing does with a target."""

    START = "start"
    LEAVE = "leave"
    """Nothing is to be done."""
    TELL = "tell"
    """It stays in the rest: somebody has to do something first."""
    ASK = "ask"
    """It is off, and whether our stop did that is unknown: only a person can say."""


@frozen
class Decision:
    target: NotedTarget
    act: Act
    sentence: str
    step: str = ""
    """The next step for a person."""
    seen: Seen = Seen.UNKNOWN
    """By what it was decided."""

    @property
    def shows_start(self) -> bool:
        """Whether it is left because it is on."""
        return self.act is Act.LEAVE and self.seen in (Seen.ON, Seen.IDLE)


@frozen
class OnRecord:
    """What the audit trail says of a target."""

    stopped_by: str = ""
    """Who stopped it after us; empty: nobody is known."""
    started_by: str = ""
    """Who started it after our stop, having seen it off; empty: nobody is known."""
    has_stop: bool = False
    """Whether it holds the attempt of our stop."""


def decide(
    target: NotedTarget,
    seen: Seen,
    now: datetime,
    command: str = "",
    *,
    record: OnRecord | None = None,
    by_server: datetime | None = None,
    is_busy: bool = False,
    settle: str = "",
) -> Decision:
    """What closing does with a target that is not settled, and was `seen` so.

    `command` starts it by hand, `settle` says that it is as it should be. `by_server`: now, by the
    server's clock. `is_busy`: whether a run is under way.
    """
    record, clocks = record or OnRecord(), Clocks(now, by_server)
    stop = target.stop
    start = target.start if target.is_start_in_doubt else None
    if seen in (Seen.ON, Seen.IDLE) and stop is not None and stop.is_pending:
        if record.started_by:
            waits = _arriving(stop, clocks) if stop.is_doubtful else None
        else:
            waits = _until_it_ends(seen, is_busy=is_busy) or _recent(stop, clocks)
        if waits is not None:
            # Started now, it would go off for good once the stop takes effect.
            said, step = waits
            may_settle = settle and arriving(target, clocks) is None
            by_hand = f"; if it is certain that it stays on: {settle}" if may_settle else ""
            return Decision(target, Act.TELL, said, step + by_hand, seen)
    late = arriving(target, clocks)
    if late is not None and seen is Seen.OFF and late is start and not record.stopped_by:
        said = "it is still off, and our start may take effect yet"
        then = clocks.then(late, ARRIVES_WITHIN)
        step = f"Close again once it is on, or {then} if it is still off then"
        return Decision(target, Act.TELL, said, step, seen)
    flips = target.kind is MemberKind.CONNECTION and late is not None and late.is_doubtful
    if late is not None and flips and seen in (Seen.OFF, Seen.ON):
        said = f"it is {seen.name.lower()}, and our toggle may arrive yet and invert that"
        return Decision(target, Act.TELL, said, f"Close again {clocks.then(late, ARRIVES_WITHIN)}", seen)
    is_ours = record.has_stop and has_gone_off(target, clocks)
    decided = _decided(target, seen, command, record, is_ours=is_ours)
    if decided.act is Act.ASK and settle:
        decided = replace(decided, step=f"{decided.step}; if it is to stay off: {settle}")
    return replace(decided, seen=seen)


def _decided(
    target: NotedTarget, seen: Seen, command: str, record: OnRecord, *, is_ours: bool
) -> Decision:
    if not target.was_stopped and seen is not Seen.OFF:
        return Decision(target, Act.LEAVE, _running(target, seen, record.started_by))
    match seen:
        case Seen.GONE:
            # A server that is coming up may list nothing: that must not close a maintenance.
            step = "Close again once it is listed; if it was deleted, forget the maintenance"
            return Decision(target, Act.TELL, "it is not in the server's list", step)
        case Seen.ON | Seen.IDLE:
            return Decision(target, Act.LEAVE, _running(target, seen, record.started_by))
        case Seen.LOCKED:
            step = f"Unlock its account, then start it: {command}".rstrip(": ")
            return Decision(target, Act.TELL, "it is locked, and a start does not unlock it", step)
        case Seen.UNKNOWN:
            step = "Look at it in the system itself, then close again"
            return Decision(target, Act.TELL, "its state is unknown, so it is not started", step)
        case Seen.STOPPING:
            return Decision(target, Act.TELL, "it is still stopping", "Close again in a moment")
    if not target.was_stopped:
        return Decision(target, Act.LEAVE, "it is off, but not by this maintenance")
    if record.stopped_by:
        said = f"it is off, but not by this maintenance: {record.stopped_by}"
        return Decision(target, Act.LEAVE, said)
    was = f"it was {target.before} before"
    if target.stop is not None and target.stop.is_doubtful:
        if is_ours:
            return Decision(target, Act.START, f"it went off right after our stop; {was}")
        said = "it is off, and whether our stop did that is unknown"
        step = f"It stays off. If it belongs to this maintenance: {command}"
        return Decision(target, Act.ASK, said, step)
    if target.start is not None and target.is_start_in_doubt:
        return Decision(target, Act.START, f"our start had no effect, it is still off; {was}")
    return Decision(target, Act.START, f"stopped by us; {was}")


def _running(target: NotedTarget, seen: Seen, started_by: str) -> str:
    if seen is Seen.IDLE:
        return "suspended: it starts together with the JTL-Worker"
    if not target.was_stopped:
        return "it was not stopped"
    if target.is_start_in_doubt:
        return "it runs again: our start had its effect"
    if started_by:
        return f"it was started meanwhile: {started_by}"
    if target.was_seen_off:
        return "it was started meanwhile"
    return "it runs: our stop had no lasting effect"


def _recent(step: Step, clocks: Clocks) -> tuple[str, str] | None:
    """What is said of a stop that may take effect yet, as it is young by one of the clocks."""
    if not clocks.may_come(step, SETTLED_AFTER):
        return None
    said = "it still runs, and whether our stop arrived is unknown"
    if step.result is Result.ACCEPTED:
        said = "it still runs: the stop was accepted, and may take effect yet"
    then = clocks.then(step, SETTLED_AFTER)
    return said, f"Close again once it is off, or {then} if it still runs then"


def _arriving(step: Step, clocks: Clocks) -> tuple[str, str] | None:
    """What is said of a stop without a response while it may still arrive, though it was off since."""
    if not clocks.may_come(step, ARRIVES_WITHIN):
        return None
    said = "it was started meanwhile, and our stop may arrive yet"
    return said, f"Close again {clocks.then(step, ARRIVES_WITHIN)}"


def _until_it_ends(seen: Seen, *, is_busy: bool) -> tuple[str, str] | None:
    """What a stop that was not seen to have an effect may still wait for, however old it is."""
    if is_busy:
        said = "a run is under way, and our stop may take effect when it ends"
        return said, "Close again once that run has ended"
    if seen is Seen.IDLE:
        said = "it is suspended, and our stop may take effect when the JTL-Worker runs it again"
        return said, "Close again once the JTL-Worker runs it"
    return None


def is_busy(target: Target | None) -> bool:
    """Whether a run is under way: a stop may wait for its end, however long it takes."""
    return isinstance(target, Worker) and target.state in (SyncState.STARTING, SyncState.RUNNING)
