"""Making a history forget."""

import errno
import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from tui.frozen import frozen
from tui.history import inbox
from tui.history.reader import is_day_file, size_of
from tui.history.schema import TOTALS_NAME, day_of, to_ms
from tui.history.writing.lock import LOCK_NAME

_BESIDE = ("-wal", "-shm", "-journal", "")
"""What belongs to a database; the file itself goes last, so that a killed run can be repeated."""
_WAIT = 5.0
_KEYFRAMES = """
UPDATE change SET at = :before, cause = 'keyframe' WHERE cause <> 'disappeared' AND (subject, at) IN (
  SELECT id, (SELECT at FROM change WHERE subject = id AND at < :before ORDER BY seq DESC LIMIT 1)
  FROM subject WHERE NOT EXISTS (SELECT 1 FROM change WHERE subject = id AND at = :before))"""
"""The states of that time stay, so that the rest of the day has a beginning."""
_FORGET = (
    "DELETE FROM change WHERE at < :before",
    "DELETE FROM interval_change WHERE at < :before",
    "DELETE FROM coverage WHERE end < :before",
    "DELETE FROM event WHERE at < :before",
)
_UNUSED_TEXTS = """
DELETE FROM text WHERE id NOT IN (SELECT text FROM change WHERE text IS NOT NULL)
  AND id NOT IN (SELECT error FROM coverage WHERE error IS NOT NULL)"""


@frozen
class Forgotten:
    days: Sequence[str]
    """Whose files were deleted."""
    rows: int
    """That were deleted of the day that went on."""
    size: int
    """Bytes that are free now."""
    in_use: bool = False
    """The day that is being recorded was kept."""


def forget(place: Path, before: datetime) -> Forgotten:
    """Delete what was recorded before that time, so that it cannot be read from free pages either.

    Raises OSError: something could not be deleted.
    """
    size_before = _size_of_folder(place)
    whole: list[str] = []
    rows, in_use = 0, False
    with _nobody_records(place) as is_free:
        known = [path for path in _day_files(place) if path.stem <= day_of(before)]
        for path in known:
            if not is_free and _is_recorded(path):
                in_use = True
            elif path.stem == day_of(before):
                rows += _forget_rows(path, before)
            else:
                for end in _BESIDE:
                    path.with_name(path.name + end).unlink(missing_ok=True)
                whole.append(path.stem)
        _forget_totals(place, before)
        if is_free:
            rows += inbox.drop(place, before)
    gone = max(0, size_before - _size_of_folder(place))
    return Forgotten(whole, rows, gone, in_use)


def _is_recorded(path: Path) -> bool:
    """Whether the writer has it open, or may have; its clock may have been set back since the newest."""
    if path == _day_files(path.parent)[-1]:
        return True
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, timeout=_WAIT, uri=True)) as file:
            return bool(
                file.execute("SELECT 1 FROM meta WHERE key='closed' AND value IS NULL").fetchall()
            )
    except sqlite3.Error:
        return True


def _forget_rows(path: Path, before: datetime) -> int:
    with _changed(path) as file:
        file.execute("BEGIN IMMEDIATE")
        values = {"before": to_ms(before)}
        file.execute(_KEYFRAMES, values)
        rows = sum(file.execute(statement, values).rowcount for statement in _FORGET)
        # A poll that went on over that time did so from then on.
        file.execute("UPDATE coverage SET start = :before WHERE start < :before", values)
        file.execute(_UNUSED_TEXTS)
        file.execute("COMMIT")
        file.execute("VACUUM")
    return rows


def _forget_totals(place: Path, before: datetime) -> None:
    path = place / TOTALS_NAME
    if path.exists():
        with _changed(path) as file:
            # The sums of the day that went on hold what was before.
            day = day_of(before + timedelta(days=1) - timedelta(microseconds=1))
            file.execute("DELETE FROM day WHERE day < ?", (day,))
            file.execute("VACUUM")


@contextmanager
def _changed(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        uri = f"{path.absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(uri, timeout=_WAIT, isolation_level=None, uri=True)) as file:
            file.execute("PRAGMA secure_delete = ON")
            yield file
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as failure:
        raise OSError(errno.EIO, f"cannot be changed: {failure}", str(path)) from failure


@contextmanager
def _nobody_records(place: Path) -> Iterator[bool]:
    """Whether the writer's lock is free; it is then ours."""
    try:
        handle = os.open(place / LOCK_NAME, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        yield True
        return
    try:
        is_free = False
        with suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_free = True
        yield is_free
    finally:
        os.close(handle)


def _day_files(place: Path) -> Sequence[Path]:
    try:
        return sorted(filter(is_day_file, place.iterdir()))
    except FileNotFoundError:
        return ()


def _size_of_folder(place: Path) -> int:
    with suppress(FileNotFoundError):
        return sum(map(size_of, place.iterdir()))
    return 0
