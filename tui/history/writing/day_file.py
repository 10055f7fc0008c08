"""One day's file, open for writing. Used by one thread; all that is written is in a transaction."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from itertools import count
from os.path import samestat
from pathlib import Path
from typing import Any

from tui.domain.history.records import (
    LONGEST_TEXT,
    Cause,
    Change,
    Coverage,
    Event,
    Poll,
    Subject,
    SubjectKind,
)
from tui.history.memory import extended
from tui.history.schema import (
    FORMER_NAMES,
    INTERVALS,
    SCHEMA,
    TABLES,
    change_row,
    coverage_of,
    coverage_row,
    event_row,
    from_ms,
    state_of,
    text_hash,
    to_ms,
)

_BUSY = 5.0
"""Seconds that a reader may hold up the writer."""
_SHORT_WAIT = 200
"""Milliseconds that a reader may hold up another journal."""
_MOST_FORMER = 1_000
"""Names that are kept beside the newest ones."""
_CACHE = 512
"""KB of a file that are kept in memory."""
SUMMED = "summed"
"""Of `meta`: the day's sums are in `days.db`."""
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
"""The last one: its tables are not ours."""
UNREADABLE = (ValueError, TypeError, OverflowError)
"""What a value that we do not write leads to."""
_COLUMNS = """
SELECT m.name, p.cid, p.name, p.pk FROM sqlite_master m JOIN pragma_table_info(m.name) p
WHERE m.type = 'table'"""
_REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk is full or reports an error",
    sqlite3.SQLITE_READONLY: "the file is read-only",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened",
    sqlite3.SQLITE_BUSY: "the file is in use",
    sqlite3.SQLITE_CORRUPT: "the file is damaged",
    sqlite3.SQLITE_NOTADB: "the file is damaged",
}
_LAST = """
SELECT s.kind, s.key, s.name, c.at, c.cause, c.state, c.level, t.body, c.status_at, c.next_at,
       c.interval_s, max(c.seq)
FROM change c JOIN subject s ON s.id = c.subject LEFT JOIN text t ON t.id = c.text GROUP BY c.subject"""
_LAST_COVERAGE = """
SELECT c.topic, max(c.start), c.end, c.every_ms, c.ok, c.failed, c.slowest_ms, t.body
FROM coverage c LEFT JOIN text t ON t.id = c.error GROUP BY c.topic"""


class NewerSchema(Exception):
    """A newer version of the program wrote the file; it is left alone."""


class Damaged(Exception):
    """The file is not a history that can be used."""


class DayFile:
    """Raises, also from every method: OSError, sqlite3.Error. After that it can only be closed.

    Raises:
        NewerSchema, Damaged
    """

    def __init__(self, path: Path, journal: str, meta: Mapping[str, str], now: datetime) -> None:
        self.day = path.stem
        self._subjects: dict[Subject, tuple[int, str]] = {}
        self._grown: dict[str, Coverage] = {}
        self._open = connect(path)
        self._path, self._identity = path, path.stat()
        try:
            with damage_told(path.name):
                self._check()
                set_journal(self._open, journal)
                self._open.execute(f"PRAGMA synchronous={'NORMAL' if journal == 'WAL' else 'FULL'}")
                with self.transaction():
                    self._begin({**meta, "schema": str(SCHEMA), "opened": str(to_ms(now))})
                    _require_tables(self._open)
                self.last = _last_changes(self._open)
                """The last change of each subject, as it was opened; empty: the file has to be begun."""
                self._seq = count(1 + (self._value("SELECT max(seq) FROM change") or 0))
                self._coverage = {row.topic: row for row in _last_coverage(self._open)}
                self.newest = self._newest()
                """The time of what was recorded last, also if our clock was set back before."""
        except BaseException:
            self._open.close()
            raise

    @property
    def is_in_place(self) -> bool:
        """False: somebody removed or replaced the file; what is written now is in no folder."""
        with suppress(FileNotFoundError):
            return samestat(self._path.stat(), self._identity)
        return False

    def _newest(self) -> datetime | None:
        times = [self._value("SELECT at FROM change ORDER BY seq DESC LIMIT 1")]
        if self._value("SELECT 1 FROM event WHERE kind='clock' LIMIT 1") is None:
            times.append(self._value("SELECT max(end) FROM coverage"))
        known = [time for time in times if time is not None]
        return from_ms(max(known)) if known else None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self._open.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._write_coverage()
        except BaseException:
            if self._open.in_transaction:
                self._open.execute("ROLLBACK")
            raise
        self._open.execute("COMMIT")

    def add_change(self, change: Change) -> None:
        subject, text = self._subject_id(change.subject), self._text_id(change.after.text)
        row = change_row(change, subject, text, next(self._seq))
        self._insert_at("INSERT OR IGNORE INTO change VALUES(?,?,?,?,?,?,?,?,?,?)", row)

    def add_poll(self, poll: Poll) -> None:
        """Its coverage is written with the transaction."""
        known = self._coverage.get(poll.topic)
        row = extended(known, poll)[-1]
        if known is None or row.start != known.start:
            self._write_coverage()
            sql = "INSERT OR IGNORE INTO coverage VALUES(?,?,?,?,?,?,?,?)"
            start = self._insert_at(sql, self._coverage_row(row))
            row = replace(row, start=from_ms(start), end=max(row.end, from_ms(start)))
        self._coverage[poll.topic] = self._grown[poll.topic] = row

    def add_name(self, subject: Subject) -> None:
        self._subject_id(subject)

    def add_event(self, event: Event) -> None:
        subject = None if event.subject is None else self._subject_id(event.subject)
        row = event_row(replace(event, text=event.text[:LONGEST_TEXT]), subject)
        self._open.execute("INSERT INTO event VALUES(?,?,?,?,?,?,?)", row)

    def close(self, now: datetime) -> None:
        """Note that it was closed."""
        with closing(self._open):
            self._open.execute(*_setting("closed", str(to_ms(now))))

    def abandon(self) -> None:
        """Close it as after a crash."""
        self._open.close()

    def _check(self) -> None:
        """Raise unless it is ours and whole."""
        if not _has_tables(self._open):
            return
        require_known(self._open, f"{self.day}.db")
        if self._value("SELECT value FROM meta WHERE key='closed'") is None:
            require_whole(self._open)

    def _begin(self, meta: Mapping[str, str]) -> None:
        for statement in (*TABLES.split(";"), INTERVALS):
            self._open.execute(statement)
        for key, value in {**meta, "closed": None, SUMMED: None}.items():
            self._open.execute(*_setting(key, value))

    def _insert_at(self, sql: str, row: tuple[Any, ...]) -> int:
        """Insert a row at its time, or a millisecond after the one that is there; when it is."""
        at: int
        whose, at, *values = row
        while self._open.execute(sql, (whose, at, *values)).rowcount == 0:
            at += 1
        return at

    def _coverage_row(self, row: Coverage) -> tuple[object, ...]:
        return coverage_row(row, self._text_id(row.error))

    def _write_coverage(self) -> None:
        for row in self._grown.values():
            self._open.execute(
                "UPDATE coverage SET end=?3, every_ms=?4, ok=?5, failed=?6, slowest_ms=?7, error=?8 "
                "WHERE topic=?1 AND start=?2",
                self._coverage_row(row),
            )
        self._grown.clear()

    def _subject_id(self, subject: Subject) -> int:
        known, name = self._subjects.get(subject, (0, ""))
        if known and name == subject.name:
            return known
        sql = (
            "INSERT INTO subject(kind, key, name) VALUES(?,?,?) "
            "ON CONFLICT(kind, key) DO UPDATE SET name=coalesce(nullif(excluded.name, ''), name) "
            "RETURNING id"
        )
        self._keep_former_name(subject)
        found: int = self._value(sql, subject.kind.value, subject.key, subject.name)
        self._subjects[subject] = (found, subject.name)
        return found

    def _keep_former_name(self, subject: Subject) -> None:
        """By it the subject is still found; a server that invents names without end fills no file."""
        whose = (subject.kind.value, subject.key)
        name = self._value("SELECT name FROM subject WHERE kind=? AND key=?", *whose)
        if not name or not subject.name or name == subject.name:
            return
        if len(self._open.execute(FORMER_NAMES).fetchall()) < _MOST_FORMER:
            value = json.dumps((*whose, name))
            self._open.execute(*_setting(f"was {value}", value))

    def _text_id(self, text: str) -> int | None:
        if not text:
            return None
        text = text[:LONGEST_TEXT]
        digest = text_hash(text)
        self._open.execute("INSERT OR IGNORE INTO text(hash, body) VALUES(?,?)", (digest, text))
        found: int = self._value("SELECT id FROM text WHERE hash=?", digest)
        return found

    def _value(self, sql: str, *values: object) -> Any:
        row = self._open.execute(sql, values).fetchall()
        return row[0][0] if row else None


def connect(path: Path) -> sqlite3.Connection:
    """Open an existing file for writing; transactions are begun by hand.

    Raises:
        Damaged, sqlite3.Error
    """
    if (path.is_symlink() or path.exists()) and not path.is_file():
        raise Damaged(f"{path.name} is not a file")
    address = f"{path.absolute().as_uri()}?mode=rw"
    opened = sqlite3.connect(address, _BUSY, isolation_level=None, cached_statements=32, uri=True)
    try:
        with damage_told(path.name):
            opened.execute(f"PRAGMA cache_size=-{_CACHE}")
    except BaseException:
        opened.close()
        raise
    return opened


def set_journal(connection: sqlite3.Connection, journal: str) -> bool:
    """Whether it has that journal now: it cannot be changed while somebody reads."""
    connection.execute(f"PRAGMA busy_timeout={_SHORT_WAIT}")
    try:
        found = connection.execute(f"PRAGMA journal_mode={journal}").fetchall()
    except sqlite3.OperationalError as failure:
        if _code(failure) != sqlite3.SQLITE_BUSY:
            raise
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout={round(_BUSY * 1_000)}")
    return found == [(journal.lower(),)]


def last_changes(path: Path) -> dict[Subject, Change]:
    """What a file says last of each subject; it is only read.

    Raises:
        NewerSchema, Damaged, sqlite3.Error
    """
    with closing(connect(path)) as source, damage_told(path.name):
        require_known(source, path.name)
        return _last_changes(source)


@contextmanager
def damage_told(name: str) -> Iterator[None]:
    """Raise Damaged where what is done with a file shows that it is."""
    try:
        yield
    except UNREADABLE as failure:
        raise Damaged(name) from failure
    except sqlite3.DatabaseError as failure:
        if is_damage(failure):
            raise Damaged(name) from failure
        raise


def is_damage(failure: sqlite3.Error) -> bool:
    return _code(failure) in _DAMAGED


def reason_of_failure(failure: sqlite3.Error) -> str:
    return _REASONS.get(_code(failure), str(failure))


def require_known(connection: sqlite3.Connection, name: str) -> None:
    """Check that we know the schema.

    Raises:
        NewerSchema: it is one of later.
        Damaged: it has none.
    """
    try:
        [[value]] = connection.execute("SELECT value FROM meta WHERE key='schema'").fetchall()
        schema = int(value)
    except (ValueError, TypeError) as failure:
        raise Damaged("it has no schema") from failure
    except sqlite3.OperationalError as failure:
        if _code(failure) != sqlite3.SQLITE_ERROR:
            raise
        raise Damaged("it has no schema") from failure
    if schema > SCHEMA:
        raise NewerSchema(f"{name} was written by a newer version of syncdeck")


def _require_tables(connection: sqlite3.Connection) -> None:
    """Raise Damaged unless the tables have our columns."""
    with closing(sqlite3.connect(":memory:")) as ours:
        ours.executescript(TABLES)
        expected = set(ours.execute(_COLUMNS).fetchall())
    if not expected <= set(connection.execute(_COLUMNS).fetchall()):
        raise Damaged("its tables are not ours")


def require_whole(connection: sqlite3.Connection) -> None:
    """Check the whole file.

    Raises:
        Damaged
    """
    found = connection.execute("PRAGMA quick_check(1)").fetchall()
    if found != [("ok",)]:
        raise Damaged(str(found[0][0]))


def change_of(subject: Subject, row: Sequence[Any]) -> Change:
    """Of at, cause, state, level, text, status_at, next_at, interval_s.

    Raises ValueError, TypeError, OverflowError: it holds what we do not write.
    """
    at, cause, *after = row
    return Change(from_ms(at), subject, Cause(cause), state_of(after))


def _last_changes(connection: sqlite3.Connection) -> dict[Subject, Change]:
    """The last change of each subject, in the order they were recorded."""
    rows = connection.execute(_LAST).fetchall()
    subjects = [Subject(SubjectKind(kind), key, name) for kind, key, name, *_ in rows]
    return {subject: change_of(subject, row[3:11]) for subject, row in zip(subjects, rows, strict=True)}


def _last_coverage(connection: sqlite3.Connection) -> list[Coverage]:
    return [coverage_of(row) for row in connection.execute(_LAST_COVERAGE)]


def _has_tables(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall())


def _setting(key: str, value: str | None) -> tuple[str, tuple[str, str | None]]:
    return "INSERT OR REPLACE INTO meta VALUES(?,?)", (key, value)


def _code(failure: sqlite3.Error) -> int:
    # Errors of the Python module itself have no code. The low byte is the kind.
    return getattr(failure, "sqlite_errorcode", 0) & 0xFF
