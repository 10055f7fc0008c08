"""What is known of a window: changes, events, and what was not seen. Blocking: it reads the history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tui.domain.history.gaps import LONGEST_PAUSE, Gap, gap_until, gaps_of, seen_part
from tui.domain.history.notable import notable_changes, settled_before
from tui.domain.history.notes import events_of
from tui.domain.history.reader import HistoryReader
from tui.domain.history.records import (
    LEADING_TOPICS,
    TOPIC_OF,
    Change,
    Event,
    State,
    Subject,
    SubjectKind,
)
from tui.frozen import frozen

_NEAR = timedelta(seconds=30)
"""Ends of gaps of several topics that are the same gap."""


@frozen
class Window:
    since: datetime
    until: datetime
    subjects: tuple[Subject, ...]
    """Those asked for; empty: all."""
    changes: Sequence[Change]
    events: Sequence[Event]
    gaps: tuple[Gap, ...]
    complete: float
    """How much of it was seen, 0 to 1."""
    was_seen: bool
    """Whether anything was recorded, be it that every poll failed."""
    unseen: frozenset[str]
    """Topics of which nothing was seen."""
    carried: tuple[Change, ...]
    """The last changes before the window and in it, of what was seen in it."""
    before: Mapping[Subject, State]
    """What subjects were where it begins, before the runs of then."""

    @property
    def has_problems(self) -> bool:
        """Whether anything needed attention, also since before it."""
        return any(one.after.level.needs_attention for one in (*self.carried, *self.changes))


def read_window(
    reader: HistoryReader,
    since: datetime,
    until: datetime,
    subjects: tuple[Subject, ...] = (),
    actions: Iterable[Event] = (),
) -> Window:
    """`actions`: events from the audit trail, of any time. Without subjects, routine is left out."""
    rows = reader.coverage(since - LONGEST_PAUSE, until)
    topics = _topics(subjects or reader.subjects())
    reaching = [row for row in rows if (since - row.end).total_seconds() < row.reaches]
    seen = {row.topic for row in reaching if row.ok and not row.error}
    if not topics:
        topics = frozenset({"status"})
    leading = [one for one in LEADING_TOPICS if one in topics][:1]
    of_gaps = sorted(topics) if subjects else leading or sorted(topics)
    gaps = union(gap for topic in of_gaps for gap in gaps_of(rows, topic, since, until))
    events = [*events_of(reader, since, until), *(one for one in actions if since <= one.at <= until)]
    # A recording that begins in the window knows what it found only at the end.
    known = [*reader.states_at(since).values(), *reader.states_at(until).values()]
    carried = [one for one in known if not subjects or one.subject in subjects]
    return Window(
        since,
        until,
        subjects,
        _changes(reader, since, until, subjects),
        [one for one in events if not subjects or one.subject is None or one.subject in subjects],
        gaps,
        seen_part(gaps, since, until) if seen else 0.0,
        bool(reaching),
        topics - seen,
        tuple(one for one in carried if TOPIC_OF.get(one.subject.kind) in seen),
        settled_before(reader, since),
    )


def _changes(
    reader: HistoryReader, since: datetime, until: datetime, subjects: tuple[Subject, ...]
) -> Sequence[Change]:
    if not subjects:
        return notable_changes(reader, since, until)
    found = [change for one in subjects for change in reader.changes(since, until, one)]
    return sorted(found, key=lambda change: change.at)


def _topics(subjects: Iterable[Subject]) -> frozenset[str]:
    """What has to be polled for them to be seen."""
    return frozenset(TOPIC_OF[one.kind] for one in subjects if one.kind in TOPIC_OF)


def union(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """The gaps of several topics as one list without overlaps, oldest first."""
    found: list[Gap] = []
    for gap in sorted(gaps, key=lambda one: (one.start, one.end)):
        last = found[-1] if found else None
        if last is None or gap.start > last.end:
            found.append(gap)
        elif gap.reason == last.reason or gap.end <= last.end + _NEAR:
            found[-1] = replace(last, end=max(last.end, gap.end))
        else:
            found.append(replace(gap, start=last.end))
    return tuple(found)


def is_seen(reader: HistoryReader, kind: SubjectKind, at: datetime) -> bool:
    """Whether subjects of that kind were seen at a time."""
    topic = TOPIC_OF.get(kind)
    start = at - LONGEST_PAUSE
    return topic is None or gap_until(reader.coverage(start, at), topic, start, at) is None
