"""One writer per profile: who holds the lock on `lock` records.

The file says who it is. It stays when the lock is released, so that nobody locks a file that is gone.
"""

import fcntl
import json
import os
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path

from tui.domain.elapsed import utc_now
from tui.domain.text import clean
from tui.history.writing.access import Access

LOCK_NAME = "lock"
_MOST = 1_000
"""Bytes of the file that are read."""


class WriterLock:
    def __init__(self, access: Access, clock: Callable[[], datetime]) -> None:
        self._access, self._clock = access, clock
        self._path = access.place / LOCK_NAME
        self._handle: int | None = None

    def take(self) -> bool:
        """Whether we are the writer now.

        Raises OSError: nobody is, and we cannot be: the folder cannot be written.
        """
        try:
            self._access.prepare()
            self._access.create(self._path)
            handle = os.open(self._path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
        except OSError:
            if self.is_held():
                return False
            raise
        with ExitStack() as unless_taken:
            unless_taken.callback(os.close, handle)
            if not _locked(handle, fcntl.LOCK_EX):
                return False
            unless_taken.pop_all()
        self._handle = handle
        self._introduce(handle)
        return True

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def holder(self) -> str:
        """The writer for display, such as `pid 4711 on erp1, since 2026-11-29 01:14 UTC`."""
        try:
            with self._path.open("rb") as file:
                known = json.loads(file.read(_MOST))
            return clean(f"pid {known['pid']} on {known['host']}, since {known['since']}")
        except (OSError, ValueError, TypeError, LookupError):
            return "another syncdeck"

    def _introduce(self, handle: int) -> None:
        since = f"{self._clock().astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        known = {"pid": os.getpid(), "host": os.uname().nodename, "since": since}
        # Only for display: where a disk is full, the recording says so.
        with suppress(OSError):
            os.ftruncate(handle, 0)
            os.pwrite(handle, json.dumps(known).encode(), 0)

    def is_held(self) -> bool:
        """Whether another user, in whose folder we may only read, records."""
        try:
            handle = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        except OSError:
            return False
        try:
            return not _locked(handle, fcntl.LOCK_SH)
        finally:
            os.close(handle)


def _locked(handle: int, how: int) -> bool:
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def holder_of(place: Path) -> str:
    """Who records there now, as `holder` says it; empty: nobody does."""
    lock = WriterLock(Access(place), utc_now)
    return lock.holder() if lock.is_held() else ""
