"""A part of a history as one file for a ticket, and reading such a file, which anybody may have made.

The file has the tables of a day's file, begins with a keyframe, and holds records of any number of days.
"""

import errno
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from unicodedata import category

from tui.domain.history.notes import with_strikes
from tui.domain.history.reader import HistoryReader
from tui.domain.history.records import (
    Cause,
    Change,
    Coverage,
    DayTotal,
    Event,
    EventKind,
    Subject,
    SubjectKind,
)
from tui.domain.history.replay import whole_number
from tui.history.read_only import UnreadableFileError, opened
from tui.history.reader import FileReader, HistoryFile, is_day_file
from tui.history.schema import (
    INTERVALS,
    SCHEMA,
    TABLES,
    change_row,
    coverage_row,
    event_row,
    text_hash,
    to_ms,
)

_LATEST = 253_370_764_800_000
"""The year 9999: no later time can be shown."""
_OWN_META = ("profile", "host", "version")
"""Of the source, what a cut keeps beside its own."""


class NotReplayableError(ValueError):
    """Why a file cannot be replayed; a sentence."""


def cut(place: Path, since: datetime, until: datetime, target: Path) -> Sequence[str]:
    """Write what was recorded from `since` to `until` to the new file `target`, 0600.

    Returns what could not be read. Raises:
        FileExistsError: it exists already; it does not change.
        OSError: it cannot be written; nothing is left of it.
    """
    source = FileReader(place)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    try:
        with closing(sqlite3.connect(target, isolation_level=None)) as file:
            # Nothing beside it, and no half of it is left if this fails.
            file.execute("PRAGMA journal_mode = OFF")
            file.executescript(TABLES)
            file.execute(INTERVALS)
            file.execute("BEGIN")
            meta = {**_meta_of(place), "schema": SCHEMA, "since": to_ms(since), "until": to_ms(until)}
            file.executemany("INSERT INTO meta VALUES(?, ?)", [(k, str(v)) for k, v in meta.items()])
            _Copy(file).write(source, since, until)
            file.execute("COMMIT")
    except sqlite3.Error as failure:
        target.unlink()
        raise OSError(errno.EIO, f"cannot be written: {failure}", str(target)) from failure
    except BaseException:
        target.unlink()
        raise
    return source.troubles


class _Copy:
    """Writes records of a reader into the tables; subjects and texts once."""

    def __init__(self, file: sqlite3.Connection) -> None:
        self._file = file
        self._subjects: dict[Subject, int] = {}
        self._texts: dict[str, int | None] = {"": None}

    def write(self, source: HistoryReader, since: datetime, until: datetime) -> None:
        before = since - timedelta(milliseconds=1)
        begin = [
            replace(change, at=before, cause=Cause.KEYFRAME)
            for change in source.states_at(before).values()
            if change.cause is not Cause.DISAPPEARED
        ]
        changes = source.changes(since, until)
        begin += _first_seen(source, {one.subject for one in begin}, changes, until)
        self._write("change", 10, self._change_rows((*begin, *changes)))
        self._write("coverage", 8, map(self._coverage_row, _clipped(source, since, until)))
        self._write("event", 7, map(self._event_row, with_strikes(source, since, until)))

    def _write(self, table: str, columns: int, rows: Iterable[Sequence[object]]) -> None:
        marks = ", ".join("?" * columns)
        self._file.executemany(f"INSERT INTO {table} VALUES({marks})", rows)

    def _change_rows(self, changes: Iterable[Change]) -> Iterator[Sequence[object]]:
        for seq, change in enumerate(changes, 1):
            subject = self._subject(change.subject)
            yield change_row(change, subject, self._text(change.after.text), seq)

    def _coverage_row(self, row: Coverage) -> Sequence[object]:
        return coverage_row(row, self._text(row.error))

    def _event_row(self, event: Event) -> Sequence[object]:
        return event_row(event, None if event.subject is None else self._subject(event.subject))

    def _subject(self, subject: Subject) -> int:
        if subject not in self._subjects:
            number = self._subjects[subject] = len(self._subjects) + 1
            row = (number, subject.kind, subject.key, subject.name)
            self._file.execute("INSERT INTO subject VALUES(?, ?, ?, ?)", row)
        return self._subjects[subject]

    def _text(self, text: str) -> int | None:
        if text not in self._texts:
            number = self._texts[text] = len(self._texts)
            self._file.execute("INSERT INTO text VALUES(?, ?, ?)", (number, text_hash(text), text))
        return self._texts[text]


def _first_seen(
    source: HistoryReader, known: Collection[Subject], changes: Sequence[Change], until: datetime
) -> Iterator[Change]:
    """A keyframe of each subject that was first seen in the window without a change: there the recording
    began."""
    begun = source.extent().since
    first = {change.subject: change for change in reversed(changes)}
    for subject, last in source.states_at(until).items():
        if subject in known or begun is None:
            continue
        change = first.get(subject)
        if change is None:
            yield replace(last, cause=Cause.KEYFRAME)
        elif change.before is not None:
            yield Change(begun, subject, Cause.KEYFRAME, change.before)


def _clipped(source: HistoryReader, since: datetime, until: datetime) -> Iterator[Coverage]:
    for row in source.coverage(since, until):
        yield replace(row, start=max(row.start, since), end=min(row.end, until))


def _meta_of(place: Path) -> dict[str, str]:
    """What the newest file that can be read says of its origin."""
    for path in sorted(filter(is_day_file, place.iterdir()), reverse=True):
        try:
            with opened(path) as file:
                known = dict(file.execute("SELECT key, value FROM meta").fetchall())
        except UnreadableFileError:
            continue
        return {key: value for key in _OWN_META if (value := known.get(key)) is not None}
    return {}


def open_replay(path: Path) -> HistoryReader:
    """Read a file that `cut` wrote, or a day's file; it is checked as a whole first.

    Raises NotReplayableError: it is missing, no history file, newer, or broken.
    """
    try:
        with opened(path, finished=True) as file:
            _require_tables(file)
            _require_whole(file)
            _require_values(file)
            _require_keys(file)
    except UnreadableFileError as failure:
        raise NotReplayableError(f"{path.name} {failure}") from failure
    return _Replay(path)


class _Replay(FileReader):
    """One finished file; nothing beside it is read."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.parent)
        self._path = path

    def _paths(self) -> Sequence[Path]:
        return (self._path,)

    def _files(
        self, since: datetime | None = None, until: datetime | None = None
    ) -> Sequence[HistoryFile]:
        return (HistoryFile(self._path, "", is_finished=True),)

    def _waiting(self) -> Sequence[Event]:
        return ()

    def totals(self, since: datetime, until: datetime) -> Sequence[DayTotal]:
        return ()


def _require_tables(file: sqlite3.Connection) -> None:
    """Exactly our tables: no view, no trigger of somebody else."""
    with closing(sqlite3.connect(":memory:")) as own:
        own.executescript(TABLES)
        tables = _schema_of(own)
        own.execute(INTERVALS)
        if _schema_of(file) not in (tables, _schema_of(own)):
            raise UnreadableFileError("is not a history file: its tables differ")


def _require_whole(file: sqlite3.Connection) -> None:
    if file.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
        raise UnreadableFileError("is broken")


def _schema_of(file: sqlite3.Connection) -> set[object]:
    return set(file.execute("SELECT type, name, sql FROM sqlite_master"))


def _require_values(file: sqlite3.Connection) -> None:
    """Values of the right type and range: SQLite itself takes any in any column."""
    kinds, causes, events = (
        ", ".join(f"'{one}'" for one in known) for known in (SubjectKind, Cause, EventKind)
    )
    numbers = ("subject", "at", "level", "seq")
    wrong = {
        "subject": [_not_text("key", "name"), f"kind NOT IN ({kinds})"],
        "text": [_not_text("body")],
        "change": [
            _not_text("state"),
            f"cause NOT IN ({causes})",
            "level NOT BETWEEN 0 AND 5",
            *(f"typeof({name}) <> 'integer'" for name in numbers),
            *(f"{name} NOT BETWEEN 0 AND {_LATEST}" for name in ("at", "status_at", "next_at")),
            "typeof(status_at) NOT IN ('integer', 'null') OR typeof(next_at) NOT IN ('integer', 'null')",
            "typeof(interval_s) NOT IN ('real', 'null') OR interval_s NOT BETWEEN 0 AND 1e12",
            "subject NOT IN (SELECT id FROM subject)",
        ],
        "coverage": [
            _not_text("topic"),
            *(
                f"typeof({name}) <> 'integer' OR {name} NOT BETWEEN 0 AND {_LATEST}"
                for name in ("start", "end", "every_ms", "ok", "failed", "slowest_ms")
            ),
        ],
        "event": [
            _not_text("user", "text", "ref"),
            f"kind NOT IN ({events})",
            f"typeof(at) <> 'integer' OR at NOT BETWEEN 0 AND {_LATEST}",
            "subject IS NOT NULL AND subject NOT IN (SELECT id FROM subject)",
        ],
    }
    for table, rules in wrong.items():
        is_wrong = " ".join(("SELECT 1 FROM", table, "WHERE (", ") OR (".join(rules), ") LIMIT 1"))
        if file.execute(is_wrong).fetchone():
            raise UnreadableFileError(f"is not a history file: {table} has values of another kind")


def _require_keys(file: sqlite3.Connection) -> None:
    """Keys as a server gives them: without control characters, and of a connection a number."""
    for kind, key in file.execute("SELECT kind, key FROM subject"):
        no_number = kind == SubjectKind.CONNECTION and whole_number(key) is None
        if no_number or any(category(one) == "Cc" for one in key):
            raise UnreadableFileError("is not a history file: subject has keys of another kind")


def _not_text(*names: str) -> str:
    return " OR ".join(f"typeof({name}) <> 'text'" for name in names)
