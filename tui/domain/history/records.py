"""What the history keeps: changes of subjects, how often was polled, and events beside them. Pure.

All times are aware and in UTC, by our own clock; the server's own times are kept beside them.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from tui.domain.health.rules import Level
from tui.frozen import frozen

LONGEST_TEXT = 300
"""Characters of a text that are kept."""
LEAST_GAP = 10.0
"""Seconds without a poll that are not a gap yet, however short the interval."""


class SubjectKind(StrEnum):
    SYNC = "sync"
    ENGINE = "engine"
    CONNECTION = "connection"
    EXTENSION = "extension"
    SYSTEM = "system"
    TENANT = "tenant"
    MAINTENANCE = "maintenance"


TOPIC_OF: Mapping[SubjectKind, str] = MappingProxyType(
    {
        SubjectKind.SYNC: "status",
        SubjectKind.ENGINE: "engine",
        SubjectKind.CONNECTION: "connections",
        SubjectKind.EXTENSION: "extensions",
    }
)
"""Which topic has to be polled for a subject to be seen."""
LEADING_TOPICS = ("status", "engine")
"""Polled most often: the gaps of the first that is polled stand for those of the whole profile."""


@frozen
class Subject:
    """What a change is about. The name is the newest one and does not distinguish subjects."""

    kind: SubjectKind
    key: str
    """The server's identifier; of a system `jtl` or `superoffice`, of the engine `engine`."""
    name: str = field(default="", compare=False)


class Cause(StrEnum):
    """Why a change was recorded."""

    POLL = "poll"
    """A poll showed another state, level, interval or problem text."""
    APPEARED = "appeared"
    DISAPPEARED = "disappeared"
    TIME = "time"
    """Only time passed: overdue began."""
    STATUS_MOVED = "status moved"
    """The status time moved and nothing else: perhaps a run too short to be seen; never called a run."""
    KEYFRAME = "keyframe"
    """The state at the start of a day's file or of a recording; no change."""


@frozen
class State:
    """What was known of a subject."""

    state: str
    """The verdict's word: `ok`, `error`, `overdue`, `running`, `stopped`, `inactive` …"""
    level: Level
    text: str = ""
    """The message: of a problem, or the last one of a run that ended; cleaned, masked, shortened."""
    status_at: datetime | None = None
    """The server's own time of its status."""
    next_at: datetime | None = None
    interval_s: float | None = None


@frozen
class Change:
    """From `at` on, the subject was in the state `after`."""

    at: datetime
    subject: Subject
    cause: Cause
    after: State
    before: State | None = None
    """None: the subject was not known before."""

    @property
    def is_routine(self) -> bool:
        """Whether it is of no interest by itself: a run began or ended well, a status time moved."""
        if self.cause in (Cause.KEYFRAME, Cause.STATUS_MOVED):
            return True
        if self.before is None or self.cause is not Cause.POLL:
            return False
        calm = (Level.RUNNING, Level.OK)
        same = self.before.interval_s == self.after.interval_s
        return same and self.before.level in calm and self.after.level in calm


@frozen
class Poll:
    """One request for a topic, and whether it succeeded."""

    topic: str
    at: datetime
    ok: bool
    every_s: float
    """Seconds within which the next poll was expected."""
    took_s: float
    error: str = ""


def reach(every_s: float) -> float:
    """Seconds after a poll within which another one leaves no gap; `every_s`: between two polls."""
    return max(2 * every_s, LEAST_GAP)


@frozen
class Coverage:
    """A time in which a topic was polled as expected, always with the same outcome."""

    topic: str
    start: datetime
    end: datetime
    every_s: float
    ok: int = 0
    failed: int = 0
    slowest_s: float = 0.0
    error: str = ""
    """Of the failed polls; empty: they succeeded."""

    @property
    def reaches(self) -> float:
        """Seconds after `end` within which another poll leaves no gap."""
        return reach(self.every_s)


class EventKind(StrEnum):
    ACTION = "action"
    """A write from here; `ref` is its attempt id in the audit trail."""
    NOTE = "note"
    MAINTENANCE = "maintenance"
    UNLOCK = "unlock"
    CLOCK = "clock"
    """Our clock was set back."""
    RECORDER = "recorder"
    """A recording began, ended, paused or went on."""


@frozen
class Event:
    at: datetime
    kind: EventKind
    text: str
    subject: Subject | None = None
    user: str = ""
    ref: str = ""
    struck_by: str = ""
    """Of a note: who struck it through; it is not kept with it, see `notes.events_of`."""


@frozen
class Named:
    """A subject has another name, and did not change otherwise."""

    at: datetime
    subject: Subject


Record: TypeAlias = Change | Poll | Event | Named


@frozen
class DayTotal:
    """A subject's day in sums; seconds."""

    subject: Subject
    day: str
    """`2026-11-29`, UTC."""
    runs: int = 0
    failed_runs: int = 0
    ok_s: float = 0.0
    running_s: float = 0.0
    error_s: float = 0.0
    locked_s: float = 0.0
    off_s: float = 0.0
    unseen_s: float = 0.0
    longest_run_s: float = 0.0


@frozen
class Extent:
    """How much is kept."""

    since: datetime | None = None
    """The oldest record; None: nothing was recorded yet."""
    until: datetime | None = None
    size: int = 0
    """Bytes on disk; 0 in memory."""
    days: int = 0
