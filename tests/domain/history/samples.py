"""Changes and coverage in a few words."""

from datetime import UTC, datetime, timedelta

from tui.domain.health.rules import Level
from tui.domain.history.records import Cause, Change, Coverage, State, Subject, SubjectKind

NOON = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
TEMU = Subject(SubjectKind.SYNC, "temu", "Temu · Temu DE")
OTTO = Subject(SubjectKind.SYNC, "otto", "Otto · Otto Market")
LEVELS = {
    "ok": Level.OK,
    "running": Level.RUNNING,
    "error": Level.ERROR,
    "locked": Level.LOCKED,
    "overdue": Level.WARNING,
    "no time": Level.WARNING,
    "off": Level.OFF,
}


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def state(word: str, text: str = "", *, every: float | None = 300.0) -> State:
    return State(word, LEVELS[word], text, interval_s=every)


def life(
    *steps: tuple[float, str], subject: Subject = TEMU, text: str = "401", cause: Cause = Cause.POLL
) -> list[Change]:
    """Changes at minutes after noon, each from the state before it."""
    made: list[Change] = []
    for minutes, word in steps:
        before = made[-1].after if made else None
        new = state(word, text if word == "error" else "")
        made.append(Change(after(minutes), subject, cause, new, before))
    return made


def polled(start: float, end: float, *, every: float = 5.0, error: str = "") -> Coverage:
    ok, failed = (0, 3) if error else (3, 0)
    return Coverage("status", after(start), after(end), every, ok, failed, error=error)
