"""A history in memory, for the demo: takes records in and is read, and is forgotten at the end."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock

from tui.domain.health.rules import Level
from tui.domain.history.records import (
    Cause,
    Change,
    Coverage,
    DayTotal,
    Event,
    Extent,
    Named,
    Poll,
    Record,
    Subject,
)
from tui.domain.history.since import level_began


class MemoryHistory:
    """Both `HistorySink` and `HistoryReader`; read in other threads than the one that adds."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._changes: dict[Subject, list[Change]] = {}
        self._coverage: dict[str, list[Coverage]] = {}
        self._events: list[Event] = []
        self._former: dict[Subject, set[str]] = {}

    def add(self, records: Sequence[Record]) -> None:
        with self._lock:
            for record in records:
                self._add(record)

    def _add(self, record: Record) -> None:
        match record:
            case Change():
                self._add_change(record)
            case Poll():
                known = self._coverage.setdefault(record.topic, [])
                known[-1:] = extended(known[-1] if known else None, record)
            case Event():
                self._events.append(record)
            case Named():
                changes = self._changes.pop(record.subject, [])
                self._rename(record.subject, changes)
                if changes:
                    renamed = [replace(one, subject=record.subject) for one in changes]
                    self._changes[record.subject] = renamed

    def _add_change(self, change: Change) -> None:
        known = self._changes.pop(change.subject, [])
        is_news = known and change.cause is not Cause.KEYFRAME
        before = known[-1].after if is_news else None
        # The newest name replaces the older one.
        self._rename(change.subject, known)
        known.append(change if change.before == before else replace(change, before=before))
        self._changes[change.subject] = known

    def _rename(self, subject: Subject, changes: Sequence[Change]) -> None:
        former = changes[-1].subject.name if changes else ""
        if former not in ("", subject.name):
            self._former.setdefault(subject, set()).add(former)

    def _known(self) -> dict[Subject, tuple[Change, ...]]:
        with self._lock:
            return {subject: tuple(changes) for subject, changes in self._changes.items()}

    def _rows(self) -> list[Coverage]:
        with self._lock:
            return [row for rows in self._coverage.values() for row in rows]

    def extent(self) -> Extent:
        times = [one.at for one in self._all()]
        times += [at for row in self._rows() for at in (row.start, row.end)]
        if not times:
            return Extent()
        first, last = min(times), max(times)
        return Extent(first, last, days=(last.date() - first.date()).days + 1)

    def subjects(self) -> Sequence[Subject]:
        return tuple(self._known())

    def former_names(self) -> Mapping[Subject, frozenset[str]]:
        with self._lock:
            return {subject: frozenset(names) for subject, names in self._former.items()}

    def states_at(self, at: datetime) -> Mapping[Subject, Change]:
        found = ((subject, _last(changes, at)) for subject, changes in self._known().items())
        return {subject: change for subject, change in found if change is not None}

    def since_at(self, at: datetime) -> Mapping[Subject, Change]:
        begun: dict[Subject, Change] = {}
        for subject, changes in self._known().items():
            last = _last(changes, at)
            if last is not None:
                begun[subject] = level_began(one for one in reversed(changes) if one.at <= at) or last
        return begun

    def changes(
        self,
        since: datetime,
        until: datetime,
        subject: Subject | None = None,
        *,
        with_routine: bool = True,
    ) -> Sequence[Change]:
        return tuple(
            change
            for change in self._all()
            if since <= change.at <= until
            and change.cause is not Cause.KEYFRAME
            and (subject is None or change.subject == subject)
            and (with_routine or not change.is_routine)
        )

    def coverage(self, since: datetime, until: datetime) -> Sequence[Coverage]:
        found = (row for row in self._rows() if row.start <= until and row.end >= since)
        return tuple(sorted(found, key=lambda row: row.start))

    def events(self, since: datetime, until: datetime) -> Sequence[Event]:
        return tuple(event for event in self._events if since <= event.at <= until)

    def strips(
        self, since: datetime, until: datetime, cells: int
    ) -> Mapping[Subject, Sequence[Level | None]]:
        width = (until - since) / cells
        return {
            subject: tuple(_worst(known, since + n * width, width) for n in range(cells))
            for subject, known in self._known().items()
        }

    def totals(self, since: datetime, until: datetime) -> Sequence[DayTotal]:
        return ()

    def _all(self) -> Iterator[Change]:
        changes = (change for known in self._known().values() for change in known)
        return iter(sorted(changes, key=lambda change: change.at))


def extended(row: Coverage | None, poll: Poll) -> Sequence[Coverage]:
    """The last row of a topic's coverage with one more poll: itself, longer, or itself and a new one.

    A success counts from its response on, a failure from its request on: then nothing came. Less than a
    second does not count.
    """
    start = poll.at if poll.ok else poll.at - timedelta(seconds=int(poll.took_s))
    if row is not None and start < row.end <= poll.at:
        start = row.end
    new = Coverage(
        poll.topic,
        start,
        poll.at,
        poll.every_s,
        int(poll.ok),
        int(not poll.ok),
        poll.took_s,
        poll.error,
    )
    return (new,) if row is None else joined(row, new)


def joined(row: Coverage, later: Coverage) -> Sequence[Coverage]:
    """Two rows of a topic as one, if they are alike and no gap lies between them."""
    is_same = (row.every_s, row.error, bool(row.ok)) == (later.every_s, later.error, bool(later.ok))
    if not is_same or not 0 <= (later.start - row.end).total_seconds() <= row.reaches:
        return (row, later)
    ok, failed = row.ok + later.ok, row.failed + later.failed
    slowest_s = max(row.slowest_s, later.slowest_s)
    return (Coverage(row.topic, row.start, later.end, row.every_s, ok, failed, slowest_s, row.error),)


def _last(changes: Sequence[Change], at: datetime) -> Change | None:
    return next((change for change in reversed(changes) if change.at <= at), None)


def _worst(known: Sequence[Change], start: datetime, width: timedelta) -> Level | None:
    carried = _last(known, start)
    levels = [change.after.level for change in known if start < change.at < start + width]
    levels += [carried.after.level] if carried is not None else []
    return min(levels, default=None)
