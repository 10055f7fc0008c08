"""Writes records into day files as `schema.py` says, without the writer."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from tui.domain.history.records import (
    Cause,
    Change,
    Coverage,
    DayTotal,
    Event,
    Poll,
    Record,
    State,
    Subject,
)
from tui.history.memory import extended
from tui.history.schema import INTERVALS, SCHEMA, TABLES, TOTALS, TOTALS_NAME, day_of, file_name, to_ms


def with_keyframes(records: Iterable[Record]) -> Iterator[Record]:
    """At the start of each day the states of all subjects that exist."""
    states: dict[Subject, State] = {}
    today = ""
    for record in records:
        day = _day(record)
        if today and day > today:
            midnight = datetime.fromisoformat(day).replace(tzinfo=UTC)
            for subject, state in states.items():
                yield Change(midnight, subject, Cause.KEYFRAME, state)
        today = max(today, day)
        if isinstance(record, Change):
            states[record.subject] = record.after
            if record.cause is Cause.DISAPPEARED:
                del states[record.subject]
        yield record


def write(place: Path, records: Iterable[Record]) -> None:
    place.mkdir(parents=True, exist_ok=True)
    for day, of_day in groupby(records, _day):
        with closing(begin(place / file_name(day))) as file:
            fill(file, tuple(of_day))


def begin(path: Path, journal: str = "DELETE") -> sqlite3.Connection:
    file = sqlite3.connect(path, isolation_level=None)
    file.execute(f"PRAGMA journal_mode = {journal}")
    file.execute("PRAGMA synchronous = OFF")
    file.executescript(TABLES)
    file.execute(INTERVALS)
    file.execute("INSERT OR REPLACE INTO meta VALUES('schema', ?)", (str(SCHEMA),))
    return file


def fill(file: sqlite3.Connection, records: Sequence[Record], seq: int = 1) -> None:
    coverage: dict[str, list[Coverage]] = {}
    file.execute("BEGIN")
    for number, record in enumerate(records, seq):
        match record:
            case Change():
                _insert(file, "change", *_change(file, record), number)
            case Event():
                about = record.subject and _subject_id(file, record.subject)
                ends = (record.user, record.text, record.ref)
                _insert(file, "event", None, to_ms(record.at), record.kind, about, *ends)
            case Poll():
                rows = coverage.setdefault(record.topic, [])
                rows[-1:] = extended(rows[-1] if rows else None, record)
    for row in (row for rows in coverage.values() for row in rows):
        counts = (round(row.every_s * 1000), row.ok, row.failed, round(row.slowest_s * 1000))
        times = (to_ms(row.start), to_ms(row.end))
        _insert(file, "coverage", row.topic, *times, *counts, _text_id(file, row.error))
    file.execute("COMMIT")


def write_totals(place: Path, totals: Iterable[DayTotal]) -> None:
    with closing(sqlite3.connect(place / TOTALS_NAME, isolation_level=None)) as file:
        file.executescript(TOTALS)
        _insert(file, "meta", "schema", str(SCHEMA))
        for one in totals:
            who = (one.subject.kind, one.subject.key, one.subject.name)
            seconds = (one.ok_s, one.running_s, one.error_s, one.locked_s, one.off_s, one.unseen_s)
            _insert(file, "day", *who, one.day, one.runs, one.failed_runs, *seconds, one.longest_run_s)


def _change(file: sqlite3.Connection, change: Change) -> Sequence[object]:
    after = change.after
    times = [at and to_ms(at) for at in (after.status_at, after.next_at)]
    head = (_subject_id(file, change.subject), to_ms(change.at), change.cause, after.state)
    return (*head, int(after.level), *times, after.interval_s, _text_id(file, after.text))


def _subject_id(file: sqlite3.Connection, subject: Subject) -> int:
    file.execute(
        "INSERT INTO subject(kind, key, name) VALUES(?, ?, ?)"
        " ON CONFLICT(kind, key) DO UPDATE SET name = excluded.name",
        (subject.kind, subject.key, subject.name),
    )
    ids = file.execute("SELECT id FROM subject WHERE kind = ? AND key = ?", (subject.kind, subject.key))
    return int(ids.fetchone()[0])


def _text_id(file: sqlite3.Connection, text: str) -> int | None:
    if not text:
        return None
    file.execute("INSERT OR IGNORE INTO text(hash, body) VALUES(?, ?)", (text, text))
    return int(file.execute("SELECT id FROM text WHERE hash = ?", (text,)).fetchone()[0])


def _insert(file: sqlite3.Connection, table: str, *values: object) -> None:
    marks = ", ".join("?" * len(values))
    file.execute(f"INSERT INTO {table} VALUES({marks})", values)


def _day(record: Record) -> str:
    return day_of(record.at)
