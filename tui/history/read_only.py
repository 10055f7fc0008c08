"""Opens a file of the history for reading.

Invariant: nothing is created beside it, no lock outlasts a query, and no code in its schema is run.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tui.history.schema import SCHEMA
from tui.paths import read_regular, reason_of

_MAGIC = b"SQLite format 3\0"
_READ_VERSION, _WAL = 19, 2
"""Where the header says which journal a reader needs (sqlite.org/fileformat.html, Database Header)."""
_WAIT = 2.0
"""Seconds that a writer in the middle of a commit is waited for."""
_LONGEST_VALUE = 1_000_000


class UnreadableFileError(Exception):
    """Why a file cannot be read, in words that follow its name."""


@contextmanager
def opened(path: Path, *, finished: bool = False) -> Iterator[sqlite3.Connection]:
    """A read transaction on a file with a known schema.

    `finished`: nobody writes it, whatever lies beside it.

    Raises:
        UnreadableFileError: it is missing, broken, newer or no history file; also raised for what goes
            wrong while it is being read.
    """
    try:
        is_complete = _has_no_log(path) or finished
        mode = "immutable=1" if is_complete else "mode=ro"
        uri = f"{path.absolute().as_uri()}?{mode}"
        connection = sqlite3.connect(uri, timeout=_WAIT, isolation_level=None, uri=True)
        with closing(connection):
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
            connection.text_factory = _decoded
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA query_only = ON")
            connection.execute("BEGIN")
            _require_known(connection)
            yield connection
    except OSError as failure:
        raise UnreadableFileError(f"cannot be read: {reason_of(failure)}") from failure
    except (sqlite3.Error, ValueError, TypeError, LookupError, OverflowError) as failure:
        raise UnreadableFileError(f"cannot be read: {failure}") from failure


def _has_no_log(path: Path) -> bool:
    """Whether the file is complete without a write-ahead log.

    SQLite would create one, and its index, to read a closed file of that journal. Where the index of a
    log is missing (a copy, or a restart after a crash) the log is left to the next writer.

    A file that this process itself writes is not opened here: closing it would drop the writer's locks.
    """
    if _has(path, "-journal") or (_has(path, "-wal") and _has(path, "-shm")):
        return False
    with read_regular(path) as file:
        header = file.read(100)
    if header[:16] != _MAGIC:
        raise UnreadableFileError("is not a database")
    return header[_READ_VERSION] == _WAL


def _has(path: Path, end: str) -> bool:
    return path.with_name(path.name + end).exists()


def _require_known(connection: sqlite3.Connection) -> None:
    try:
        row = connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
    except sqlite3.OperationalError as failure:
        if "no such" not in str(failure):
            raise
        row = None
    if row is None or not str(row[0]).isdecimal():
        raise UnreadableFileError("is not a history file")
    if int(row[0]) > SCHEMA:
        raise UnreadableFileError("was written by a newer syncdeck")


def _decoded(raw: bytes) -> str:
    return raw.decode(errors="replace")
