"""What is kept of a row that was judged, and which difference between two looks is a change. Pure.

Text of a state is the message of a problem, or the last one of a run that ended. The progress of a
running sync is not kept, and no text says how long something has lasted: it would change by itself.
"""

from collections.abc import Mapping
from datetime import datetime

from tui.domain.health.rules import Level, Verdict
from tui.domain.history.records import LONGEST_TEXT, Cause, State
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import Worker
from tui.domain.redaction import masked_text
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.text import brief, clean, same_words

UP, DOWN = "up", "down"
GONE = State("not listed", Level.OFF)
"""After a subject disappeared from its list."""


def kept_text(text: str) -> str:
    """A server's text as the history keeps it: harmless, masked, on one line, shortened."""
    return brief(masked_text(brief(clean(text), 3 * LONGEST_TEXT)), LONGEST_TEXT) if text else ""


def state_of_worker(worker: Worker, verdict: Verdict, *, last_text: str = "") -> State:
    """`last_text`: the last progress text seen while it ran, for a run that ended without a message."""
    status, sync = worker.status, worker.sync
    text = ""
    if worker.problem is not None:
        text = worker.problem
    elif status is not None and verdict.level is not Level.RUNNING:
        text = status.text or last_text
    # A row that shares its identifier is a problem however old its status is: see `replay`.
    is_timeless = worker.doubled and verdict.word in TRANSIENT
    return State(
        verdict.word,
        verdict.level,
        kept_text(text),
        status.status_at.at if status is not None and not is_timeless else None,
        status.next_at.at if status is not None else None,
        sync.interval.seconds if sync is not None else None,
    )


TRANSIENT = ("starting", "running", "stopping")
"""Words of a sync that say that it will soon be in another state."""


def state_of_engine(status: EngineStatus, verdict: Verdict) -> State:
    text = kept_text(status.message or "")
    return State(verdict.word, verdict.level, text, interval_s=status.interval.seconds)


def state_of_connection(connection: Connection, verdict: Verdict) -> State:
    return State(verdict.word, verdict.level, kept_text(connection.problem or ""))


def state_of_extension(extension: Extension, verdict: Verdict) -> State:
    text = kept_text(extension.problem or "")
    return State(verdict.word, verdict.level, text)


def state_of_system(errors: Mapping[str, str]) -> State:
    """`errors`: the sentence of the last poll's failure by topic, empty after a success. A system is
    down while none of its topics can be read."""
    if not errors or not all(errors.values()):
        return State(UP, Level.OK)
    return State(DOWN, Level.ERROR, kept_text(next(iter(errors.values()))))


def difference(before: State | None, after: State | None) -> Cause | None:
    """Why a change is to be recorded; None: nothing worth a row changed. One of both is given.

    The same words with another number are not news by themselves: a message may count.
    """
    if before is None or after is None:
        return Cause.APPEARED if before is None else Cause.DISAPPEARED
    if (before.state, before.level, before.interval_s) != (after.state, after.level, after.interval_s):
        return Cause.POLL
    has_moved = before.status_at != after.status_at
    has_words = has_moved or not same_words(before.text, after.text)
    if after.level.needs_attention and before.text != after.text and has_words:
        return Cause.POLL
    is_news = has_moved or (after.state in _JUDGED_BY_NEXT and _has_moved(before.next_at, after.next_at))
    return Cause.STATUS_MOVED if is_news and after.state != "running" else None


_JUDGED_BY_NEXT = ("ok", "overdue")
_JITTER = 1.0
"""Seconds by which a server's estimate may differ at every poll."""


def _has_moved(before: datetime | None, after: datetime | None) -> bool:
    if before is None or after is None:
        return before is not after
    return abs((after - before).total_seconds()) > _JITTER
