"""What one day's file answers. Rows are found by an index; only those that are returned become objects.

Where our clock was set back on that day, `seq` tells the order of a subject's rows, otherwise `at`.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import Any, TypeAlias

from tui.domain.health.rules import Level
from tui.domain.history.records import (
    Cause,
    Change,
    Coverage,
    Event,
    EventKind,
    State,
    Subject,
    SubjectKind,
)
from tui.domain.text import clean
from tui.history.schema import FORMER_NAMES, coverage_of, from_ms, state_of

Row: TypeAlias = Sequence[Any]
_ALWAYS = 2**60
_STATE = "@.state, @.level, @.status_at, @.next_at, @.interval_s, @.text"
_PARTS = {
    "$with_before": """
SELECT $change, $before
FROM hit CROSS JOIN change c ON c.subject = hit.subject AND c.at = hit.at
LEFT JOIN change p ON p.subject = c.subject AND p.at = (
  SELECT b.at FROM change b WHERE b.subject = c.subject AND b.$order < c.$order
  ORDER BY b.$order DESC LIMIT 1)""",
    "$change": "c.subject, c.at, c.cause, $after",
    "$after": _STATE.replace("@", "c"),
    "$before": _STATE.replace("@", "p"),
}
"""What the queries below have in common; `$order` is `at` or `seq`."""
_LAST = """
WITH hit(subject, at) AS (
  SELECT id, (SELECT at FROM change WHERE subject = id AND at <= :until ORDER BY $order DESC LIMIT 1)
  FROM subject) $with_before"""
_OF_SUBJECT = """
WITH hit(subject, at) AS (
  SELECT subject, at FROM change WHERE subject = :subject AND at BETWEEN :since AND :until)
$with_before ORDER BY c.seq"""
_ALL = """
WITH hit(subject, at) AS (
  SELECT s.id, o.at FROM subject s CROSS JOIN change o
  ON o.subject = s.id AND o.at BETWEEN :since AND :until)
$with_before ORDER BY c.seq"""
_NEWS = """
WITH begun(subject, at) AS (
  SELECT subject, at FROM change WHERE level <= 2 AND at BETWEEN :since AND :until
  UNION SELECT subject, at FROM change
  WHERE (level = 5 OR cause IN ('appeared', 'disappeared', 'time')) AND at BETWEEN :since AND :until
  UNION SELECT subject, at FROM interval_change WHERE at BETWEEN :since AND :until
  UNION SELECT id, (SELECT MIN(at) FROM change WHERE subject = id AND at >= :since) FROM subject),
hit(subject, at) AS (
  SELECT subject, at FROM begun UNION
  SELECT subject, (SELECT MIN(f.at) FROM change f WHERE f.subject = begun.subject AND f.at > begun.at)
  FROM begun)
$with_before WHERE c.at <= :until AND c.cause <> 'keyframe' ORDER BY c.seq"""
"""What may be no routine: problems, what is off, new intervals, and what follows each of them."""
_LEVEL = "SELECT level FROM change WHERE subject = ? AND at <= ? ORDER BY $order DESC LIMIT 1"
_OTHER_LEVEL = """
SELECT $order FROM change c WHERE subject = ?1 AND at <= ?2 AND level <> ?3
AND (level <> 3 OR ?3 = 3) ORDER BY $order DESC LIMIT 1"""
"""A run is not another level, unless it is the present one: see `domain.history.since.level_began`."""
_NOT_OK = """
SELECT subject, MAX($order) FROM (
  SELECT subject, $order FROM change WHERE level <= 2 AND at <= :until
  UNION ALL SELECT subject, $order FROM change
  WHERE (level = 5 OR cause IN ('appeared', 'disappeared', 'time')) AND level = 5 AND at <= :until)
GROUP BY subject"""
"""The same for the level ok, of all subjects at once: most are ok for days, over many runs."""
_NEXT = """
SELECT $order, $change FROM change c
WHERE subject = ? AND at <= ? AND $order > ? AND level = ? ORDER BY $order LIMIT 1"""
_BEFORE = """
SELECT $after FROM change c WHERE subject = ? AND at <= ? AND $order < ? ORDER BY $order DESC LIMIT 1"""
_CELLS = """
SELECT s.id, (c.at * 1000 - :origin) / :width AS cell,
  MIN(c.level), MAX(c.$order * 8 + c.level) % 8, MIN(c.at)
FROM subject s CROSS JOIN change c ON c.subject = s.id AND c.at BETWEEN :since AND :until
GROUP BY s.id, cell"""
_EXTENT = """
SELECT MIN(first), MAX(last) FROM (
  SELECT (SELECT MIN(at) FROM change WHERE subject = id) AS first,
    (SELECT MAX(at) FROM change WHERE subject = id) AS last FROM subject
  UNION ALL SELECT MIN(start), MAX(end) FROM coverage)"""


class DayReader:
    """Answers from an open file; times are milliseconds."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._texts: dict[object, str] = {None: ""}
        self._words: dict[str, str] = {}
        self._problems: dict[int, Mapping[int, int]] = {}
        self._newest: dict[int, tuple[Row, State]] = {}
        """By subject, what was made last: mostly it is the state before the next change."""

    @cached_property
    def subjects(self) -> Mapping[int, Subject]:
        rows = self._connection.execute("SELECT id, kind, key, name FROM subject")
        return {
            int(number): Subject(SubjectKind(kind), clean(key), clean(name))
            for number, kind, key, name in rows
        }

    @property
    def changed_subjects(self) -> frozenset[Subject]:
        """Those that have changes; an event can name others."""
        ids = self._connection.execute(
            "SELECT id FROM subject WHERE EXISTS (SELECT 1 FROM change WHERE subject = id)"
        )
        return frozenset(self.subjects[number] for (number,) in ids)

    @property
    def former_names(self) -> Sequence[Subject]:
        """Subjects by the names that they had on that day before their last one."""
        rows = self._connection.execute(FORMER_NAMES)
        named = (json.loads(value) for (value,) in rows)
        return [Subject(SubjectKind(kind), clean(key), clean(name)) for kind, key, name in named]

    @cached_property
    def was_set_back(self) -> bool:
        """Whether our clock stepped back on that day."""
        found = self._connection.execute("SELECT 1 FROM event WHERE kind = 'clock' LIMIT 1")
        return found.fetchone() is not None

    def last(self, until: int = _ALWAYS) -> Sequence[Change]:
        """The last change of each subject."""
        return tuple(self._changes(_LAST, until=until))

    def changes(self, since: int, until: int) -> Iterator[Change]:
        return self._changes(_ALL, since=since, until=until)

    def news(self, since: int, until: int) -> Iterator[Change]:
        """All that is not routine, and a little that is."""
        return self._changes(_ALL if self.was_set_back else _NEWS, since=since, until=until)

    def changes_of(self, subject: Subject, since: int, until: int) -> Iterator[Change]:
        for number, known in self.subjects.items():
            if known == subject:
                yield from self._changes(_OF_SUBJECT, subject=number, since=since, until=until)

    def level_of(self, id: int, until: int) -> Level | None:
        row = self._one(_LEVEL, id, until)
        return Level(row[0]) if row else None

    def begin(self, id: int, until: int, level: Level) -> tuple[Change | None, State | None, bool]:
        """The first change of the unbroken `level` that leads to `until`, the state before it (without
        it: the last one), and whether another level was before; None: this file does not have it."""
        if level is Level.OK:
            other = self._not_ok(until).get(id)
        else:
            found = self._one(_OTHER_LEVEL, id, until, level)
            other = found[0] if found else None
        row = self._one(_NEXT, id, until, -1 if other is None else other, level)
        edge = (_ALWAYS, row[0]) if row else (until, _ALWAYS)
        is_keyframe = row is not None and row[3] == Cause.KEYFRAME
        known = None if is_keyframe else self._one(_BEFORE, id, *edge)
        before = self._state(known) if known else None
        return (self._change((*row[1:], *_NOTHING)) if row else None), before, other is not None

    def cells(
        self, origin_us: int, width_us: int, since: int, until: int
    ) -> Iterator[tuple[Subject, int, Level, Level, int]]:
        """Subject, number of the cell, its worst level, its last one, and its first change."""
        rows = self._connection.execute(
            self._ordered(_CELLS),
            {"origin": origin_us, "width": width_us, "since": since, "until": until},
        )
        for number, cell, worst, last, first in rows:
            yield self.subjects[number], cell, Level(worst), Level(last), first

    def coverage(self, since: int, until: int) -> Sequence[Coverage]:
        rows = self._connection.execute(
            "SELECT topic, start, end, every_ms, ok, failed, slowest_ms, error FROM coverage"
            " WHERE start <= ? AND end >= ? ORDER BY start",
            (until, since),
        )
        return [
            coverage_of((clean(topic), *measured, self._text(error))) for topic, *measured, error in rows
        ]

    def events(self, since: int, until: int) -> Sequence[Event]:
        rows = self._connection.execute(
            "SELECT at, kind, text, subject, user, ref FROM event WHERE at BETWEEN ? AND ? ORDER BY id",
            (since, until),
        )
        return [
            Event(
                from_ms(at),
                EventKind(kind),
                clean(text),
                None if subject is None else self.subjects[subject],
                clean(user),
                clean(ref),
            )
            for at, kind, text, subject, user, ref in rows
        ]

    def extent(self) -> tuple[int, int] | None:
        first, last = self._connection.execute(_EXTENT).fetchone()
        return None if first is None else (int(first), int(last))

    def _not_ok(self, until: int) -> Mapping[int, int]:
        if until not in self._problems:
            rows = self._connection.execute(self._ordered(_NOT_OK), {"until": until})
            self._problems[until] = dict(rows.fetchall())
        return self._problems[until]

    def _changes(self, query: str, **values: int) -> Iterator[Change]:
        for row in self._connection.execute(self._ordered(query), values):
            yield self._change(row)

    def _one(self, query: str, *values: int) -> Row | None:
        row: Row | None = self._connection.execute(self._ordered(query), values).fetchone()
        return row

    def _ordered(self, query: str) -> str:
        return _complete(query, "seq" if self.was_set_back else "at")

    def _change(self, row: Row) -> Change:
        """Of the columns of a change and of the state before it."""
        number, at, cause = row[:3]
        after = self._state(row[3:9])
        before = None
        if cause != Cause.KEYFRAME and row[9] is not None:
            made = self._newest.get(number)
            before = made[1] if made and made[0] == row[9:] else self._state(row[9:])
        self._newest[number] = row[3:9], after
        return Change(from_ms(at), self.subjects[number], Cause(cause), after, before)

    def _state(self, row: Row) -> State:
        state, level, *times_and_interval, text = row
        if state not in self._words:
            self._words[state] = clean(state)
        return state_of((self._words[state], level, self._text(text), *times_and_interval))

    def _text(self, id: object) -> str:
        if id not in self._texts:
            row = self._connection.execute("SELECT body FROM text WHERE id = ?", (id,)).fetchone()
            self._texts[id] = clean(row[0]) if row else ""
        return self._texts[id]


_NOTHING = (None,) * 6


@cache
def _complete(query: str, order: str) -> str:
    for name, part in _PARTS.items():
        query = query.replace(name, part)
    return query.replace("$order", order)
