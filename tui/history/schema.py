"""The tables of a day's file, and how values are written into them and read back.

Times are milliseconds since 1970 in UTC. `seq` orders rows where our clock was set back.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from tui.domain.health.rules import Level
from tui.domain.history.records import Change, Coverage, Event, State

SCHEMA = 1
TABLES = """
CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS subject(
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, UNIQUE(kind, key));
CREATE TABLE IF NOT EXISTS text(id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS change(
  subject INTEGER NOT NULL, at INTEGER NOT NULL, cause TEXT NOT NULL, state TEXT NOT NULL,
  level INTEGER NOT NULL, status_at INTEGER, next_at INTEGER, interval_s REAL, text INTEGER,
  seq INTEGER NOT NULL, PRIMARY KEY(subject, at)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS change_problem ON change(at) WHERE level <= 2;
CREATE INDEX IF NOT EXISTS change_rare ON change(at)
  WHERE level = 5 OR cause IN ('appeared', 'disappeared', 'time');
CREATE TABLE IF NOT EXISTS interval_change(
  at INTEGER NOT NULL, subject INTEGER NOT NULL, PRIMARY KEY(at, subject)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS coverage(
  topic TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, every_ms INTEGER NOT NULL,
  ok INTEGER NOT NULL, failed INTEGER NOT NULL, slowest_ms INTEGER NOT NULL, error INTEGER,
  PRIMARY KEY(topic, start)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS event(
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, subject INTEGER, user TEXT NOT NULL,
  text TEXT NOT NULL, ref TEXT NOT NULL);
"""
"""Of a day's file. Rows of a time are found a subject at a time: an index on `at` would be a quarter of
the file. What is not routine is found by the partial indexes and `interval_change`, without reading the
millions of rows that are. Any change of these tables needs another `SCHEMA`."""
INTERVALS = """
CREATE TRIGGER IF NOT EXISTS change_interval AFTER INSERT ON change
  WHEN new.cause <> 'keyframe' AND new.interval_s IS NOT (
    SELECT interval_s FROM change WHERE subject = new.subject AND at < new.at ORDER BY at DESC LIMIT 1)
  BEGIN INSERT OR IGNORE INTO interval_change VALUES(new.at, new.subject); END"""
"""Fills `interval_change`; a single statement."""
TOTALS = """
CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS day(
  kind TEXT NOT NULL, subject_key TEXT NOT NULL, name TEXT NOT NULL, day TEXT NOT NULL,
  runs INTEGER NOT NULL, failed_runs INTEGER NOT NULL, ok_s REAL NOT NULL, running_s REAL NOT NULL,
  error_s REAL NOT NULL, locked_s REAL NOT NULL, off_s REAL NOT NULL, unseen_s REAL NOT NULL,
  longest_run_s REAL NOT NULL, PRIMARY KEY(kind, subject_key, day)) WITHOUT ROWID;
"""
"""Of `days.db`."""
FORMER_NAMES = "SELECT value FROM meta WHERE key GLOB 'was *'"
"""Kind, key and a former name of a subject, as a JSON array; the key is `was ` and the same."""
TOTALS_NAME = "days.db"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(at: datetime) -> int:
    return (at - _EPOCH) // _MILLISECOND


def from_ms(number: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=number)


def day_of(at: datetime) -> str:
    """`2026-11-29`: the UTC day whose file a record belongs to."""
    return f"{at.astimezone(UTC):%Y-%m-%d}"


def file_name(day: str) -> str:
    return f"{day}.db"


def text_hash(text: str) -> str:
    return blake2b(text.encode(errors="surrogatepass"), digest_size=12).hexdigest()


def change_row(change: Change, subject: int, text: int | None, seq: int) -> tuple[object, ...]:
    """The columns of `change`; `subject` and `text` are ids."""
    after = change.after
    status_at, next_at = (None if at is None else to_ms(at) for at in (after.status_at, after.next_at))
    known = (change.cause.value, after.state, int(after.level))
    return (subject, to_ms(change.at), *known, status_at, next_at, after.interval_s, text, seq)


def coverage_row(row: Coverage, error: int | None) -> tuple[object, ...]:
    """The columns of `coverage`; `error` is the id of a text."""
    every, slowest = round(row.every_s * 1_000), round(row.slowest_s * 1_000)
    return (row.topic, to_ms(row.start), to_ms(row.end), every, row.ok, row.failed, slowest, error)


def event_row(event: Event, subject: int | None) -> tuple[object, ...]:
    """The columns of `event`, which numbers its rows itself; `subject` is an id."""
    return (None, to_ms(event.at), event.kind.value, subject, event.user, event.text, event.ref)


def state_of(row: Sequence[Any]) -> State:
    """Of state, level, text, status_at, next_at, interval_s.

    Raises ValueError, TypeError, OverflowError: it holds what we do not write.
    """
    state, level, text, status_at, next_at, interval_s = row
    return State(
        state,
        Level(level),
        text or "",
        None if status_at is None else from_ms(status_at),
        None if next_at is None else from_ms(next_at),
        interval_s,
    )


def coverage_of(row: Sequence[Any]) -> Coverage:
    """Of topic, start, end, every_ms, ok, failed, slowest_ms, text; raises as `state_of`."""
    topic, start, end, every, ok, failed, slowest, text = row
    times = (from_ms(start), from_ms(end), every / 1_000)
    return Coverage(topic, *times, int(ok), int(failed), slowest / 1_000, text or "")
