"""What waits to be written: bounded, and never in the way of those who add to it."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeGuard

from tui.domain.health.rules import Level
from tui.domain.history.records import Cause, Change, Event, Record, Subject

MOST_QUEUED = 10_000
ENOUGH = 200
"""Records that are written without waiting for more."""
_BATCH = 2_000
"""Records that are written at once at most."""
_FIRST = (Cause.KEYFRAME, Cause.APPEARED)


class RecordQueue:
    """Records stay until they are known to be written: `first`, then `done`.

    The first record of a subject is never dropped and does not count: without it the subject would be
    missing until it changes. There are no more of them than subjects.
    """

    def __init__(self, most: int = MOST_QUEUED) -> None:
        self._most = most
        self._records: deque[Record] = deque()
        self._firsts: dict[Subject, Change] = {}
        self._levels: dict[Subject, Level] = {}
        self._changed = threading.Condition()
        self._in_work = 0
        self._is_urgent = False
        self.dropped = 0
        self.closing = False

    def __len__(self) -> int:
        return len(self._records)

    def add(self, records: Sequence[Record]) -> None:
        with self._changed:
            for record in records:
                self._records.append(record)
                if isinstance(record, Change) and record.cause in _FIRST:
                    self._firsts.setdefault(record.subject, record)
                self._is_urgent |= self._gets_worse(record)
            excess = len(self._records) - len(self._firsts) - self._most
            if excess > 0:
                self._drop(excess)
            if self._is_urgent or len(self._records) >= ENOUGH:
                self._changed.notify_all()

    def wait(self, seconds: float, *, for_records: bool = True) -> None:
        """Return after `seconds`, or earlier if something should be written at once."""
        with self._changed:
            self._changed.wait_for(lambda: self.closing or (for_records and self._is_due()), seconds)
            self._is_urgent = False

    def wait_until_empty(self, seconds: float) -> bool:
        """Have everything written; whether it was."""
        end = time.monotonic() + seconds
        with self._changed:
            self.hurry()
            return self._changed.wait_for(lambda: not self._records, end - time.monotonic())

    def hurry(self, *, closing: bool = False) -> None:
        """Wake the waiting threads; `closing`: for the last time."""
        with self._changed:
            self._is_urgent = True
            self.closing |= closing
            self._changed.notify_all()

    def first(self) -> Sequence[Record]:
        """The oldest records; they are not dropped until `done`."""
        with self._changed:
            found = tuple(islice(self._records, _BATCH))
            self._in_work = len(found)
            return found

    def done(self, count: int) -> None:
        """Take away the `count` oldest."""
        with self._changed:
            for _ in range(count):
                self._forget_first(self._records.popleft())
            self._in_work = 0
            self._changed.notify_all()

    def take_older(self, than: datetime) -> Sequence[Change]:
        """Take away what another writer has recorded by now, all but the events; returns its changes."""
        with self._changed:
            old = [one for one in self._records if not isinstance(one, Event) and one.at < than]
            self._records = deque(
                one for one in self._records if isinstance(one, Event) or one.at >= than
            )
            for one in old:
                self._forget_first(one)
        return [one for one in old if isinstance(one, Change)]

    def rewrite(self, rewritten: Callable[[Sequence[Record]], Sequence[Record]]) -> None:
        with self._changed:
            self._records = deque(rewritten(tuple(self._records)))
            self._firsts = {
                one.subject: one
                for one in reversed(self._records)
                if isinstance(one, Change) and one.cause in _FIRST
            }

    def _is_due(self) -> bool:
        return self._is_urgent or len(self._records) >= ENOUGH

    def _gets_worse(self, record: Record) -> bool:
        if not isinstance(record, Change):
            return False
        known = self._levels.get(record.subject, Level.OFF)
        level = self._levels[record.subject] = record.after.level
        return level <= Level.WARNING and level < known and record.cause is not Cause.KEYFRAME

    def _forget_first(self, record: Record) -> None:
        if self._is_first(record):
            del self._firsts[record.subject]

    def _is_first(self, record: Record) -> TypeGuard[Change]:
        return isinstance(record, Change) and self._firsts.get(record.subject) is record

    def _drop(self, count: int) -> None:
        """Drop the oldest that are not problems; if all are problems, the oldest."""
        kept = deque(islice(self._records, self._in_work))
        rest = tuple(islice(self._records, self._in_work, None))
        spare = [number for number, record in enumerate(rest) if not self._is_first(record)]
        gone = set(sorted(spare, key=lambda number: _matters(rest[number]))[:count])
        self.dropped += len(gone)
        self._records = kept + deque(one for number, one in enumerate(rest) if number not in gone)


def _matters(record: Record) -> bool:
    match record:
        case Change():
            return record.after.level <= Level.WARNING
        case Event():
            return True
        case _:
            return False
