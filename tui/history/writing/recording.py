"""The files of a profile, while we are its writer: which record goes into which file, what a new file
begins with, and what is done with finished days. Used by one thread.

After a failure it is abandoned: another one begins with what the files hold.
"""

import sqlite3
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import TypeGuard

from tui.domain.history.records import (
    Cause,
    Change,
    Event,
    EventKind,
    Named,
    Poll,
    Record,
    State,
    Subject,
)
from tui.domain.history.settings import HistorySettings
from tui.domain.intervals import short
from tui.frozen import frozen
from tui.history.schema import TOTALS_NAME, day_of, file_name
from tui.history.writing.access import Access
from tui.history.writing.day_file import Damaged, DayFile, NewerSchema, is_damage, last_changes
from tui.history.writing.day_totals import DamagedTotals, SumUp, finish, forget_totals, midnight
from tui.history.writing.mounts import is_local
from tui.history.writing.retention import day_files, prune
from tui.paths import set_aside

_SET_BACK = timedelta(seconds=1)
"""What a record may be older than the one before without our clock having been set back."""
FAILED = "the request failed"
"""The error of a poll where no messages are kept."""


@frozen
class Job:
    """What a writer was started for."""

    access: Access
    settings: HistorySettings
    meta: Mapping[str, str]
    clock: Callable[[], datetime]
    sum_up: SumUp | None
    report: Callable[[str], object]
    """Called, from the writer's thread, with what an operator should know."""


class Recording:
    """Raises, also from every method: OSError, sqlite3.Error, NewerSchema."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._place = job.access.place
        self._clock = job.clock
        self._states: dict[Subject, Change] = {}
        self._finished: set[str] = set()
        self._notices: list[Event] = []
        today = day_of(self._clock())
        self._states = self._last_states(today)
        self._file = self._open(today)
        self._states |= self._file.last
        self._newest = self._file.newest
        try:
            self._begin_file()
        except BaseException:
            self.abandon()
            raise

    @property
    def day(self) -> str:
        return self._file.day

    @property
    def begins(self) -> datetime:
        return midnight(self._file.day)

    def write(self, records: Sequence[Record]) -> int:
        """Write the first records, as many as go into one file; returns how many."""
        first = records[0]
        day = self._day(first)
        if _is_event(first) and day < self._file.day:
            self._write_late(first, day)
            return 1
        same = list(takewhile(lambda record: self._day(record) == day, records))
        if day != self._file.day:
            self._turn_to(day)
        if not self._file.is_in_place:
            self._begin_again()
        before = self._newest, dict(self._states)
        while True:
            with self._file.transaction():
                for record in same:
                    self._put(record)
            if self._file.is_in_place:
                return len(same)
            # It went in the middle of it.
            self._newest, self._states = before[0], dict(before[1])
            self._begin_again()

    def missed(self, changes: Sequence[Change], waiting: Sequence[Record]) -> Sequence[Record]:
        """What another writer, whose place we take, has not recorded: of older `changes` the last states
        that differ from the files, of those `waiting` what came after its end."""
        newest = self._newest
        late = [r for r in waiting if newest is None or isinstance(r, Event) or r.at > newest]
        older = [r for r in waiting if newest is not None and isinstance(r, Change) and r.at <= newest]
        last = {change.subject: change for change in (*changes, *older)}
        known = {subject: change.after for subject, change in self._states.items()}
        return [
            replace(change, at=max(change.at, newest or self.begins))
            for change in last.values()
            if not _is_same(known.get(change.subject), change.after)
        ] + late

    def chores(self) -> Iterator[None]:
        """Sum up and close finished days, and give up the oldest; a little at a time."""
        for day in day_files(self._place):
            path = self._place / file_name(day)
            if day >= self._file.day or day in self._finished or not path.exists():
                continue
            try:
                if (yield from self._finish(day)):
                    self._finished.add(day)
            except NewerSchema:
                self._finished.add(day)
            except Damaged:
                self._give_up(path)
            except DamagedTotals:
                self._give_up(self._place / TOTALS_NAME)
        now, settings = self._clock(), self._job.settings
        prune(self._place, now, settings.keep, settings.max_mb)
        with suppress(NewerSchema, DamagedTotals):
            forget_totals(self._job.access, now, settings.keep_days_totals)

    def close(self) -> None:
        self._file.close(self._clock())

    def abandon(self) -> None:
        """Close without a word, after a failure."""
        self._file.abandon()

    def _last_states(self, today: str) -> dict[Subject, Change]:
        """From the newest file before today that can be read; today's has its own."""
        for day in reversed([day for day in day_files(self._place) if day < today]):
            path = self._place / file_name(day)
            if path.exists():
                with suppress(NewerSchema, Damaged):
                    return last_changes(path)
        return {}

    def _open(self, day: str) -> DayFile:
        path = self._place / file_name(day)
        try:
            return self._open_file(path)
        except Damaged:
            self._give_up(path)
            return self._open_file(path)

    def _open_file(self, path: Path) -> DayFile:
        self._job.access.create(path)
        return DayFile(path, self._journal(path.stem), self._job.meta, self._clock())

    def _journal(self, day: str) -> str:
        """Readers of other users cannot open a WAL, and network file systems cannot hold one."""
        if day < day_of(self._clock()):
            return "DELETE"
        return "TRUNCATE" if self._job.access.shared or not is_local(self._place) else "WAL"

    def _begin_file(self, at: datetime | None = None) -> None:
        """Write the states that the file does not have: all into a new one, and what is newer into one
        that we come back to after our clock was set back. `at`: since when they are known in it."""
        file = self._file
        at = at or (self._clock() if file.last else midnight(file.day))
        with file.transaction():
            for subject, change in self._states.items():
                known = file.last.get(subject)
                if change.cause is not Cause.DISAPPEARED and (not known or known.after != change.after):
                    file.add_change(replace(change, at=at, cause=Cause.KEYFRAME))
            for notice in self._notices:
                file.add_event(notice)
        self._notices.clear()

    def _turn_to(self, day: str) -> None:
        """Go on in another day's file; an earlier one if our clock was set back."""
        if self._file.is_in_place:
            self._file.close(self._clock())
        else:
            self._file.abandon()
        self._finished.discard(day)
        self._file = self._open(day)
        self._begin_file()

    def _begin_again(self) -> None:
        """Our file was removed or replaced: go on in another one, from what was recorded last."""
        day = self._file.day
        self._file.abandon()
        for ending in ("-wal", "-shm", "-journal"):
            # They belong to the file that is gone, and would be replayed into the new one.
            (self._place / f"{file_name(day)}{ending}").unlink(missing_ok=True)
        self._job.report(f"The history of {day} was removed while it was recorded; a new one was begun")
        self._file = self._open(day)
        self._begin_file(max(self._newest or midnight(day), midnight(day)))

    def _finish(self, day: str) -> Generator[None, None, bool]:
        try:
            return (yield from finish(self._job.access, day, self._job.sum_up))
        except sqlite3.DatabaseError as failure:
            if is_damage(failure):
                raise Damaged(day) from failure
            raise

    def _give_up(self, path: Path) -> None:
        """Rename a damaged file with what SQLite has beside it, and say so."""
        aside = set_aside(path)
        for ending in ("-wal", "-journal"):
            with suppress(FileNotFoundError):
                path.with_name(path.name + ending).replace(aside.with_name(aside.name + ending))
        path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
        text = f"The history of {path.stem} was damaged; it is kept as {aside.name}"
        self._notices.append(Event(self._clock(), EventKind.RECORDER, text))
        self._job.report(text)

    def _day(self, record: Record) -> str:
        """Whose file a record belongs to; one that is late just after midnight stays."""
        if isinstance(record, Event):
            # Another program's clock may be ahead of ours.
            return min(day_of(record.at), max(self._file.day, day_of(self._clock())))
        is_late = timedelta(0) < midnight(self._file.day) - record.at <= _SET_BACK
        return self._file.day if is_late else day_of(record.at)

    def _is_set_back(self, at: datetime) -> bool:
        return self._newest is not None and at < self._newest - _SET_BACK

    def _put(self, record: Record) -> None:
        if isinstance(record, Event):
            if record.kind is EventKind.CLOCK:
                self._newest = record.at
            self._file.add_event(record)
            return
        if isinstance(record, Named):
            known = self._states.get(record.subject)
            if known is not None:
                self._states[record.subject] = replace(known, subject=record.subject)
            self._file.add_name(record.subject)
            return
        if self._newest is not None and self._is_set_back(record.at):
            back = short(round((self._newest - record.at).total_seconds()))
            text = f"the clock was set back by {back}"
            self._file.add_event(Event(record.at, EventKind.CLOCK, text))
            self._newest = record.at
        self._newest = max(record.at, self._newest or record.at)
        if self._job.settings.messages == "none":
            record = _without_text(record)
        if isinstance(record, Poll):
            self._file.add_poll(record)
            return
        self._states[record.subject] = record
        self._file.add_change(record)

    def _write_late(self, event: Event, day: str) -> None:
        """An event of a finished day; into today's file if that one is not ours to write."""
        try:
            file = self._open(day)
        except NewerSchema:
            with self._file.transaction():
                self._file.add_event(event)
            return
        try:
            with file.transaction():
                file.add_event(event)
        except BaseException:
            file.abandon()
            raise
        file.close(self._clock())
        self._finished.discard(day)


def _is_event(record: Record) -> TypeGuard[Event]:
    """Of a time of its own; a step of the clock belongs to what follows it."""
    return isinstance(record, Event) and record.kind is not EventKind.CLOCK


def _without_text(record: Change | Poll) -> Change | Poll:
    if isinstance(record, Poll):
        return replace(record, error=FAILED) if record.error else record
    return replace(record, after=replace(record.after, text=""))


def _is_same(known: State | None, other: State) -> bool:
    return known is not None and replace(known, text="", status_at=None, next_at=None) == replace(
        other, text="", status_at=None, next_at=None
    )
