"""Records a profile's history into files, in a thread of its own.

Nothing here delays or fails a caller that adds records: if the files cannot be written, the queue waits.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from tui.domain.history.records import Change, Event, Poll, Record, Subject, reach
from tui.domain.history.settings import HistorySettings
from tui.frozen import frozen
from tui.history.writing.access import Access
from tui.history.writing.record_queue import RecordQueue
from tui.paths import reason_of

if TYPE_CHECKING:
    from tui.history.writing.day_file import NewerSchema
    from tui.history.writing.day_totals import SumUp
    from tui.history.writing.recording import Recording

Store: TypeAlias = Callable[[Sequence[Event]], None]
TakeIn: TypeAlias = Callable[[Path, Store], object]
_OTHERS_DELAY = timedelta(minutes=10)
"""How late the writer that we stand in for may be with what it writes: it can be stopped, or rest."""
_AHEAD = timedelta(days=1)
"""Events of another program that are later than this are none: no clock is as wrong."""
_AT_A_TIME = 0.01
"""Seconds between two steps of a chore, which leave the processor to the console."""


class WriterKind(StrEnum):
    RECORDING = "recording"
    READING_ALONG = "reading_along"
    """Another program records."""
    PAUSED = "paused"
    OFF = "off"


@frozen
class WriterStatus:
    kind: WriterKind
    why: str = ""
    since: datetime | None = None
    """None: it is just beginning."""
    dropped: int = 0
    """Records that were given up because the queue was full."""


@frozen
class Pace:
    """Seconds."""

    commit: float = 5.0
    retry: float = 60.0
    """After a failure."""
    take_over: float = 2.0
    """Between two looks whether the lock is free."""
    upkeep: float = 600.0
    """Between two looks whether days are to be given up."""
    rest: float = 60.0
    """Without a record, after which another program may record; longer where polls are further apart."""


class Writer:
    """A `HistorySink`. Its thread begins at once, and ends with `close`."""

    def __init__(
        self,
        place: Path,
        settings: HistorySettings,
        meta: Mapping[str, str],
        clock: Callable[[], datetime],
        *,
        take_in: TakeIn = lambda _place, _store: None,
        sum_up: "SumUp | None" = None,
        report: Callable[[str], object] = lambda _text: None,
        pace: Pace | None = None,
    ) -> None:
        """`take_in`: hands the inbox's events on and deletes them. `sum_up`: a day's sums.
        `report`: called in the thread with what an operator should know, such as of a damaged file."""
        self._access, self._settings, self._meta = Access(place, settings.group), settings, meta
        self._clock, self._take_in, self._sum_up, self._report = clock, take_in, sum_up, report
        self._pace = pace or Pace()
        self._queue = RecordQueue()
        self._missed: dict[Subject, Change] = {}
        self._stood_by = self._rests = False
        self._state: tuple[WriterKind, str, datetime | None] = (WriterKind.RECORDING, "", None)
        self._thread = threading.Thread(target=self._run, name="history", daemon=True)
        if settings.enabled:
            self._thread.start()
        else:
            self._turn(WriterKind.OFF, "switched off in the config")

    @property
    def status(self) -> WriterStatus:
        kind, why, since = self._state
        return WriterStatus(kind, why, since, self._queue.dropped)

    def add(self, records: Sequence[Record]) -> None:
        if self._settings.enabled:
            self._queue.add(records)

    def flush(self, seconds: float) -> bool:
        """Write what waits, without waiting for longer; whether all is written."""
        return self._queue.wait_until_empty(seconds)

    def close(self, seconds: float = 0.2) -> None:
        """Write what waits and end, or leave the thread behind after that time: then it is paused."""
        self._queue.hurry(closing=True)
        if self._thread.ident is not None:
            self._thread.join(seconds)
        if self._thread.is_alive() and self._state[0] is WriterKind.RECORDING:
            self._turn(WriterKind.PAUSED, f"the disk took longer than {seconds:g} s")

    def _run(self) -> None:
        from tui.history.writing.day_file import NewerSchema

        while True:
            try:
                wait = self._record()
            except NewerSchema as newer:
                wait = self._leave_alone(newer)
            except Exception as failure:  # noqa: BLE001 - the thread's boundary: recording goes on later
                wait = self._pause(failure)
            if wait is None or (self._queue.closing and not self._rests):
                return
            self._queue.wait(wait, for_records=False)

    def _record(self) -> float | None:
        """Record as long as it works; returns after how many seconds to try again, None: never.

        Raises:
            NewerSchema, OSError, sqlite3.Error
        """
        from tui.history.writing.lock import WriterLock
        from tui.history.writing.recording import Job, Recording

        if self._rests and not len(self._queue):
            return None if self._queue.closing else self._pace.take_over
        self._rests = False
        job = Job(self._access, self._settings, self._meta, self._clock, self._sum_up, self._report)
        lock = WriterLock(self._access, self._clock)
        if not lock.take():
            self._stand_by(lock.holder())
            return self._pace.take_over
        with ExitStack() as ends:
            ends.callback(lock.release)
            recording = Recording(job)
            abandoned = ends.enter_context(ExitStack())
            abandoned.callback(recording.abandon)
            self._go_on(recording)
            self._write_until_closed(recording)
            abandoned.pop_all()
            recording.close()
        # Twice: the others are first.
        return 2 * self._pace.take_over if self._rests else None

    def _go_on(self, recording: "Recording") -> None:
        if self._stood_by:
            if self._state[0] is WriterKind.OFF:
                self._take_away(recording.begins)
            missed = tuple(self._missed.values())
            self._queue.rewrite(lambda waiting: recording.missed(missed, waiting))
            self._stood_by = False
            self._missed.clear()
        self._turn(WriterKind.RECORDING)

    def _write_until_closed(self, recording: "Recording") -> None:
        """Or until we rest: nothing came for a while, and another program may have seen something."""
        chores: Iterator[None] = iter(())
        day, due = "", 0.0
        polled: dict[str, Poll] = {}
        rests_at = time.monotonic() + self._pace.rest
        while True:
            is_closing = self._queue.closing
            self._empty_inbox(recording)
            while records := self._queue.first():
                if _comes_after_gap(records, polled) and not is_closing:
                    self._rest()
                    return
                count = recording.write(records)
                polled |= {one.topic: one for one in records[:count] if isinstance(one, Poll)}
                self._queue.done(count)
                reaches = (reach(poll.every_s) for poll in polled.values())
                rests_at = time.monotonic() + max(self._pace.rest, min(reaches, default=0.0))
            if time.monotonic() >= rests_at and not is_closing:
                self._rest()
                return
            if is_closing:
                return
            if recording.day != day or time.monotonic() >= due:
                chores, day = recording.chores(), recording.day
                due = time.monotonic() + self._pace.upkeep
            is_over = self._step(chores)
            self._queue.wait(self._pace.commit if is_over else _AT_A_TIME)

    def _rest(self) -> None:
        self._queue.done(0)
        self._rests = self._stood_by = True
        self._turn(WriterKind.READING_ALONG, "nothing to record")

    def _empty_inbox(self, recording: "Recording") -> None:
        def store(events: Sequence[Event]) -> None:
            latest = self._clock() + _AHEAD
            events = [event for event in events if event.at <= latest]
            while events:
                events = events[recording.write(events) :]

        # An inbox that cannot be read does not stop the recording.
        with suppress(OSError):
            self._take_in(self._access.place, store)

    def _step(self, chores: Iterator[None]) -> bool:
        """Do a little of what can wait; whether it is over. What fails is tried again by the upkeep."""
        import sqlite3

        try:
            return next(chores, self) is self
        except (OSError, sqlite3.Error):
            return True
        except Exception as fault:  # noqa: BLE001 - sums of the past must not end the recording
            self._report(f"Finished days could not be summed up: {type(fault).__name__}")
            return True

    def _stand_by(self, holder: str) -> None:
        """Another one records what we see as well, some seconds later than we do."""
        self._take_away(self._clock() - _OTHERS_DELAY)
        self._turn(WriterKind.READING_ALONG, holder)

    def _take_away(self, than: datetime) -> None:
        """Keep of what is older than that only the last states."""
        self._stood_by = True
        for change in self._queue.take_older(than):
            self._missed[change.subject] = change

    def _leave_alone(self, newer: "NewerSchema") -> float:
        """What is seen meanwhile has no file; the next day's file begins with the last states."""
        self._queue.done(0)
        self._take_away(self._clock())
        self._turn(WriterKind.OFF, str(newer))
        return self._pace.retry

    def _pause(self, failure: Exception) -> float:
        import sqlite3

        from tui.history.writing.day_file import reason_of_failure

        self._queue.done(0)
        match failure:
            case OSError():
                why = reason_of(failure)
            case sqlite3.Error():
                why = reason_of_failure(failure)
            case _:
                why = f"unexpected {type(failure).__name__}"
        self._turn(WriterKind.PAUSED, why)
        return self._pace.retry

    def _turn(self, kind: WriterKind, why: str = "") -> None:
        """What stays the same keeps its time, unless it is just beginning."""
        if self._state[:2] != (kind, why) or self._state[2] is None:
            self._state = (kind, why, self._clock())


def _comes_after_gap(records: Sequence[Record], polled: Mapping[str, Poll]) -> bool:
    """Whether nothing was recording before a topic was polled again; `polled`: its last poll before."""
    first = {one.topic: one for one in reversed(records) if isinstance(one, Poll)}
    return any(
        (first[topic].at - last.at).total_seconds() - first[topic].took_s > reach(last.every_s)
        for topic, last in polled.items()
        if topic in first
    )
