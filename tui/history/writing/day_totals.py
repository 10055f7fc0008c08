"""The sums of a finished day: read from its file a subject at a time, and kept in `days.db`."""

import sqlite3
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from tui.domain.history.records import (
    LEAST_GAP,
    Cause,
    Change,
    Coverage,
    DayTotal,
    Subject,
    SubjectKind,
)
from tui.history.schema import SCHEMA, TOTALS, TOTALS_NAME, coverage_of, day_of, file_name, to_ms
from tui.history.writing.access import Access
from tui.history.writing.day_file import (
    SUMMED,
    Damaged,
    change_of,
    connect,
    damage_told,
    is_damage,
    require_known,
    require_whole,
    set_journal,
)

SumUp: TypeAlias = Callable[
    [str, Sequence[Change], Sequence[Coverage], Mapping[Subject, Change]], Sequence[DayTotal]
]
"""Of a day, its changes with what was before, coverage, and the states it began with."""
_CHANGES = """
SELECT c.at, c.cause, c.state, c.level, t.body, c.status_at, c.next_at, c.interval_s
FROM change c LEFT JOIN text t ON t.id = c.text WHERE c.subject = ? ORDER BY c.seq"""
_COVERAGE = """
SELECT c.topic, c.start, c.end, c.every_ms, c.ok, c.failed, c.slowest_ms, t.body
FROM coverage c LEFT JOIN text t ON t.id = c.error
WHERE c.end + max(2 * c.every_ms, ?) >= ? ORDER BY c.start"""


class DamagedTotals(Exception):
    """`days.db` cannot be used."""


def finish(access: Access, day: str, sum_up: SumUp | None) -> Generator[None, None, bool]:
    """Sum a day up and leave its file as one that readers can open; a subject at a time. Returns whether
    nothing is left to do.

    Raises:
        NewerSchema, Damaged, DamagedTotals, sqlite3.Error, OSError
    """
    path = access.place / file_name(day)
    with closing(connect(path)) as source:
        require_known(source, path.name)
        meta = dict(source.execute("SELECT key, value FROM meta").fetchall())
        if meta.get("closed") is None:
            require_whole(source)
            source.execute("UPDATE meta SET value='' WHERE key='closed'")
        is_alone = set_journal(source, "DELETE")
        if sum_up is not None and meta.get(SUMMED) is None:
            yield from _sum(access, day, source, sum_up)
            # Rows came in the order of time and lie in that of subjects: a third of the file is air.
            # Where there is no room for a copy, it stays as it is.
            with suppress(sqlite3.OperationalError):
                source.execute("VACUUM")
            source.execute("INSERT OR REPLACE INTO meta VALUES(?, '1')", (SUMMED,))
    return is_alone


def forget_totals(access: Access, now: datetime, keep: float) -> None:
    """Delete the sums of days that ended more than `keep` seconds ago.

    Raises:
        NewerSchema, DamagedTotals, sqlite3.Error, OSError
    """
    if (access.place / TOTALS_NAME).exists():
        oldest = f"{(now - timedelta(seconds=keep)).astimezone(UTC):%Y-%m-%d}"
        with _totals(access) as target:
            target.execute("DELETE FROM day WHERE day < ?", (oldest,))


def _sum(access: Access, day: str, source: sqlite3.Connection, sum_up: SumUp) -> Iterator[None]:
    coverage = [*_coverage_before(access, day), *_coverage(source, day)]
    totals: list[DayTotal] = []
    for whose in source.execute("SELECT id, kind, key, name FROM subject").fetchall():
        subject, known = _changes(source, *whose)
        if known:
            is_carried = known[0].cause is Cause.KEYFRAME and known[0].at == midnight(day)
            start = {subject: known[0]} if is_carried else {}
            befores = [None, *(change.after for change in known)]
            changes = [replace(one, before=old) for one, old in zip(known, befores, strict=False)]
            totals += sum_up(day, changes[is_carried:], coverage, start)
        yield
    with _totals(access) as target:
        target.execute("BEGIN IMMEDIATE")
        target.executemany(f"INSERT OR REPLACE INTO day VALUES({','.join('?' * 13)})", map(_row, totals))
        target.execute("COMMIT")


def _changes(
    source: sqlite3.Connection, number: int, kind: str, key: str, name: str
) -> tuple[Subject, list[Change]]:
    with damage_told(key):
        subject = Subject(SubjectKind(kind), key, name)
        rows = source.execute(_CHANGES, (number,)).fetchall()
        return subject, [change_of(subject, row) for row in rows]


def midnight(day: str) -> datetime:
    """The beginning of a UTC day."""
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def _coverage(source: sqlite3.Connection, day: str) -> list[Coverage]:
    """The rows that reach into a day."""
    least = round(LEAST_GAP * 1_000)
    with damage_told(day):
        rows = source.execute(_COVERAGE, (least, to_ms(midnight(day)))).fetchall()
        return [coverage_of(row) for row in rows]


def _coverage_before(access: Access, day: str) -> list[Coverage]:
    """Of the day before: polls shortly before midnight, after which there is no gap."""
    path = access.place / file_name(day_of(midnight(day) - timedelta(days=1)))
    if not path.exists():
        return []
    with suppress(sqlite3.Error, Damaged), closing(connect(path)) as source:
        return _coverage(source, day)
    return []


def _row(total: DayTotal) -> tuple[object, ...]:
    subject = total.subject
    return (
        subject.kind.value,
        subject.key,
        subject.name,
        total.day,
        total.runs,
        total.failed_runs,
        total.ok_s,
        total.running_s,
        total.error_s,
        total.locked_s,
        total.off_s,
        total.unseen_s,
        total.longest_run_s,
    )


@contextmanager
def _totals(access: Access) -> Iterator[sqlite3.Connection]:
    try:
        with closing(_open_totals(access)) as target:
            yield target
    except sqlite3.Error as failure:
        if is_damage(failure):
            raise DamagedTotals from failure
        raise


def _open_totals(access: Access) -> sqlite3.Connection:
    path = access.place / TOTALS_NAME
    access.create(path)
    try:
        target = connect(path)
    except Damaged as failure:
        raise DamagedTotals from failure
    try:
        if not target.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall():
            # Readers of other users need no more than the file itself.
            target.execute("PRAGMA journal_mode=DELETE")
            target.executescript(TOTALS)
            target.execute("INSERT OR REPLACE INTO meta VALUES('schema', ?)", (str(SCHEMA),))
        require_known(target, TOTALS_NAME)
    except BaseException as failure:
        target.close()
        if isinstance(failure, Damaged) or (isinstance(failure, sqlite3.Error) and is_damage(failure)):
            raise DamagedTotals from failure
        raise
    return target
