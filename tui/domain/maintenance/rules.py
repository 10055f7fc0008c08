"""What opening and closing do with each target, by its state now. Pure; no decision reads a sentence."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto

from tui.domain.jtl.workers import SyncState, Worker
from tui.domain.maintenance.records import NotedTarget
from tui.domain.result import Result
from tui.domain.superoffice.engine import Connection, EngineStatus

SETTLED_AFTER = timedelta(minutes=10)
"""A stop that was never seen to have an effect may still take it for so long: the run that was under way
ends first. A target that runs after that was not stopped by it.
"""


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
_MINUTE = timedelta(minutes=1)
"""Times in sentences have no seconds."""

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
    if isinstance(target, Worker):
        return target.state_word
    if isinstance(target, EngineStatus):
        return target.word
    return {True: "active", False: "inactive", None: "unknown"}[target.active]


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


@dataclass(frozen=True, slots=True)
class Decision:
    target: NotedTarget
    act: Act
    sentence: str
    step: str = ""
    """The next step for a person."""


def decide(
    target: NotedTarget, seen: Seen, now: datetime, command: str = "", *, stopped_by: str = ""
) -> Decision:
    """What closing does with a target that is not settled.

    `command` starts it by hand. `stopped_by`: who stopped it after us, where the audit trail says so.
    """
    if seen in (Seen.ON, Seen.IDLE) and (settled_at := _settles_at(target, now)) is not None:
        # Started now, it would go off for good once the stop takes effect.
        said = "it still runs, and our stop may take effect yet: it is still stopping"
        step = f"Close again once it is off, or after {settled_at:%H:%M} UTC if it still runs then"
        return Decision(target, Act.TELL, said, step)
    match seen:
        case Seen.GONE if not _may_have_stopped(target):
            return Decision(target, Act.LEAVE, "it was not stopped")
        case Seen.GONE:
            # A server that is coming up may list nothing: that must not close a maintenance.
            step = "Close again once it is listed; if it was deleted, forget the maintenance"
            return Decision(target, Act.TELL, "it is not in the server's list", step)
        case Seen.ON | Seen.IDLE:
            return Decision(target, Act.LEAVE, _running(target, seen))
        case Seen.LOCKED:
            step = f"Unlock its account, then start it: {command}".rstrip(": ")
            return Decision(target, Act.TELL, "it is locked, and a start does not unlock it", step)
        case Seen.UNKNOWN:
            step = "Look at it in the system itself, then close again"
            return Decision(target, Act.TELL, "its state is unknown, so it is not started", step)
        case Seen.STOPPING:
            return Decision(target, Act.TELL, "it is still stopping", "Close again in a moment")
    if not _may_have_stopped(target):
        return Decision(target, Act.LEAVE, "it is off, but not by this maintenance")
    if stopped_by:
        return Decision(target, Act.LEAVE, f"it is off, but not by this maintenance: {stopped_by}")
    if not target.was_stopped or (target.stop is not None and target.stop.is_doubtful):
        said = "it is off, and whether our stop did that is unknown"
        return Decision(target, Act.ASK, said, f"If it belongs to this maintenance: {command}")
    return Decision(target, Act.START, f"stopped by us; it was {target.before} before")


def _running(target: NotedTarget, seen: Seen) -> str:
    if seen is Seen.IDLE:
        return "suspended: it starts together with the JTL-Worker"
    if target.was_seen_off:
        return "it was started meanwhile"
    return "it runs: our stop had no lasting effect" if target.was_stopped else "it was not stopped"


def _settles_at(target: NotedTarget, now: datetime) -> datetime | None:
    """Until when a stop that was not seen to have an effect may still have it; None: not any more."""
    step = target.stop
    if step is None or not _may_have_stopped(target) or target.was_seen_off:
        return None
    is_recent = abs(now - step.at) < SETTLED_AFTER
    return step.at + SETTLED_AFTER + _MINUTE if is_recent else None


def _may_have_stopped(target: NotedTarget) -> bool:
    """Whether it is off by us or may be: what was not seen at once may have come later."""
    not_seen = target.stop is not None and target.stop.result is Result.NOT_APPLIED
    return target.was_stopped or not_seen
