"""A night as a recorder keeps it, in memory: what the stories of `history` read."""

from datetime import UTC, datetime, timedelta

from tui.domain.health.rules import Level
from tui.domain.history.records import (
    Cause,
    Change,
    Event,
    EventKind,
    Poll,
    Record,
    State,
    Subject,
    SubjectKind,
)
from tui.history.memory import MemoryHistory

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
START = NOW - timedelta(hours=10)
TEMU = Subject(SubjectKind.SYNC, "s-1", "Temu · Temu DE")
OTTO = Subject(SubjectKind.SYNC, "s-2", "Otto · Otto DE")
AT = Subject(SubjectKind.SYNC, "s-3", "at")
ENGINE = Subject(SubjectKind.ENGINE, "engine", "ErpSync engine")
OK = State("ok", Level.OK, interval_s=300.0)
RUNNING = State("running", Level.RUNNING, interval_s=300.0)
FAILED = State("error", Level.ERROR, "401 from marketplace", interval_s=300.0)
UP = State("running", Level.OK, interval_s=300.0)


def polls(start: datetime, end: datetime, *topics: str, error: str = "") -> list[Record]:
    """A poll every minute."""
    minutes = int((end - start).total_seconds() // 60)
    return [
        Poll(topic, start + timedelta(minutes=n), not error, 60.0, 0.1, error)
        for n in range(minutes + 1)
        for topic in topics
    ]


def at(hours: float) -> datetime:
    """That long before `NOW`."""
    return NOW - timedelta(hours=hours)


def changed(hours: float, subject: Subject, before: State | None, after: State) -> Change:
    cause = Cause.KEYFRAME if before is None else Cause.POLL
    return Change(at(hours), subject, cause, after, before)


def night() -> MemoryHistory:
    """Two syncs fail, one recovers; an hour before, nothing was recording for 20 minutes."""
    kept = MemoryHistory()
    kept.add([changed(10, one, None, OK) for one in (TEMU, OTTO, AT)])
    kept.add([changed(10, ENGINE, None, UP)])
    kept.add(polls(START, at(7), "status", "engine"))
    kept.add(polls(at(7) + timedelta(minutes=20), NOW, "status", "engine"))
    kept.add(
        [
            changed(9, TEMU, OK, RUNNING),
            changed(8.9, TEMU, RUNNING, OK),
            changed(6, TEMU, OK, FAILED),
            changed(6, OTTO, OK, FAILED),
            changed(5, OTTO, FAILED, OK),
            Event(at(5.5), EventKind.NOTE, "token renewed", user="anna"),
        ]
    )
    return kept
