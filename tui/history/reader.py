"""Reads the files of a history beside the program that writes them.

A file is opened for one query and closed again, so that a writer can rename it or change its journal.
One that cannot be read is left out, and `troubles` says so.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from tui.domain.health.rules import Level
from tui.domain.history.records import (
    Cause,
    Change,
    Coverage,
    DayTotal,
    Event,
    Extent,
    State,
    Subject,
    SubjectKind,
)
from tui.domain.text import clean
from tui.frozen import frozen
from tui.history import inbox
from tui.history.day_reader import DayReader
from tui.history.memory import joined
from tui.history.read_only import UnreadableFileError, opened
from tui.history.schema import TOTALS_NAME, day_of, file_name, from_ms, to_ms
from tui.paths import reason_of

T = TypeVar("T")
_MICROSECOND = timedelta(microseconds=1)
_MILLISECOND, _DAY = timedelta(milliseconds=1), timedelta(days=1)
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC) + _DAY, datetime.max.replace(tzinfo=UTC) - _DAY
"""Times that have a day before and after them."""


@frozen
class HistoryFile:
    path: Path
    day: str
    """Empty: it holds records of any day."""
    is_newest: bool = True
    is_finished: bool = False
    """Nobody writes it."""


class FileReader:
    """`HistoryReader` over the folder of a profile. Usable from several threads."""

    def __init__(self, place: Path, fallback_place: Path | None = None) -> None:
        """`fallback_place`: where our own notes are if `place` cannot be written."""
        self._place, self._fallback = place, fallback_place
        self._troubles: dict[Path, str] = {}
        self._known: dict[Path, tuple[tuple[int, int], frozenset[Subject]]] = {}
        """The subjects of files that do not change any more, by time and size."""

    @property
    def troubles(self) -> Sequence[str]:
        """What could not be read the last time it was needed."""
        return tuple(f"{path.name} {why}" for path, why in sorted(self._troubles.items()))

    def extent(self) -> Extent:
        found = [span for file in self._files() if (span := self._ask(file, DayReader.extent))]
        size = sum(size_of(path) for path in self._paths())
        if not found:
            return Extent(size=size)
        first, last = from_ms(min(found)[0]), from_ms(max(end for _, end in found))
        return Extent(first, last, size, (last.date() - first.date()).days + 1)

    def subjects(self) -> Sequence[Subject]:
        named: set[Subject] = set()
        for file in reversed(self._files()):
            named |= self._subjects_of(file) - named
        return sorted(named, key=lambda subject: (subject.kind, subject.key))

    def former_names(self) -> Mapping[Subject, frozenset[str]]:
        newest = {subject: subject.name for subject in self.subjects()}
        found: dict[Subject, set[str]] = {}
        for file in self._files():
            named = self._ask(file, lambda day: (*day.former_names, *day.subjects.values())) or ()
            for subject in named:
                if subject.name not in ("", newest.get(subject, "")):
                    found.setdefault(subject, set()).add(subject.name)
        return {subject: frozenset(names) for subject, names in found.items()}

    def states_at(self, at: datetime) -> Mapping[Subject, Change]:
        files = self._files(until=at)
        found: dict[Subject, Change] = {}
        for number, file in reversed(tuple(enumerate(files))):
            if self._adds(file, found):
                last = self._ask(file, lambda day: day.last(to_ms(at))) or ()
                new = [change for change in last if change.subject not in found]
                found |= {change.subject: change for change in self._linked(new, files[:number])}
        return found

    def since_at(self, at: datetime) -> Mapping[Subject, Change]:
        begun: dict[Subject, Change] = {}
        settled: set[Subject] = set()
        until = to_ms(at)
        for file in reversed(self._files(until=at)):
            if self._adds(file, settled):
                self._ask(file, lambda day: _walk_back(day, until, begun, settled))
        return begun

    def changes(
        self,
        since: datetime,
        until: datetime,
        subject: Subject | None = None,
        *,
        with_routine: bool = True,
    ) -> Sequence[Change]:
        window = _first_ms(since), to_ms(until)

        def wanted(day: DayReader) -> Sequence[Change]:
            if subject is not None:
                rows = day.changes_of(subject, *window)
            else:
                rows = day.changes(*window) if with_routine else day.news(*window)
            return [change for change in rows if change.cause is not Cause.KEYFRAME]

        files = self._files(until=until)
        return tuple(
            change
            for number, file in enumerate(files)
            if not file.day or file.day >= day_of(since)
            for change in self._linked(self._ask(file, wanted) or (), files[:number])
            if with_routine or not change.is_routine
        )

    def coverage(self, since: datetime, until: datetime) -> Sequence[Coverage]:
        # Rows end at midnight. What goes on from the day before or on the day after is one row with it.
        begin, end = max(since, _FIRST) - _DAY, min(until, _LAST) + _DAY
        files = self._files(begin, end)
        limits = _first_ms(begin), to_ms(end)
        rows = [
            row for file in files for row in self._ask(file, lambda day: day.coverage(*limits)) or ()
        ]
        known: dict[str, list[Coverage]] = {}
        for row in rows:
            of_topic = known.setdefault(row.topic, [])
            of_topic[-1:] = _joined(of_topic[-1], row) if of_topic else (row,)
        joined = (row for of_topic in known.values() for row in of_topic)
        found = (row for row in joined if row.start <= until and row.end >= since)
        return tuple(sorted(found, key=lambda row: row.start))

    def events(self, since: datetime, until: datetime) -> Sequence[Event]:
        window = _first_ms(since), to_ms(until)
        # The inbox first: what the writer takes in meanwhile is then seen twice, which does not matter.
        waiting = [event for event in self._waiting() if window[0] <= to_ms(event.at) <= window[1]]
        files = self._files(since, until)
        kept = [
            event for file in files for event in self._ask(file, lambda day: day.events(*window)) or ()
        ]
        if not waiting:
            return tuple(kept)
        return tuple(sorted(dict.fromkeys((*kept, *waiting)), key=lambda event: event.at))

    def strips(
        self, since: datetime, until: datetime, cells: int
    ) -> Mapping[Subject, Sequence[Level | None]]:
        width = max((until - since) / cells, _MICROSECOND)
        end = since + width * cells - _MICROSECOND
        origin_us, width_us = (since - from_ms(0)) // _MICROSECOND, width // _MICROSECOND
        carried = {subject: change.after.level for subject, change in self.states_at(since).items()}
        drawn: dict[Subject, list[list[Level]]] = {}
        left: dict[Subject, dict[int, Level]] = {}
        exact: set[tuple[Subject, int]] = set()
        for file in self._files(since, end):
            rows = self._ask(
                file,
                lambda day: tuple(day.cells(origin_us, width_us, _first_ms(since), to_ms(end))),
            )
            for subject, cell, worst, last, first in rows or ():
                drawn.setdefault(subject, [[] for _ in range(cells)])[cell].append(worst)
                left.setdefault(subject, {})[cell] = last
                if first * 1_000 == origin_us + cell * width_us:
                    exact.add((subject, cell))
        strips: dict[Subject, Sequence[Level | None]] = {}
        for subject in self.subjects():
            level, strip = carried.get(subject), []
            changed = drawn.get(subject)
            for cell in range(cells):
                levels = list(changed[cell]) if changed else []
                if level is not None and (subject, cell) not in exact:
                    levels.append(level)
                strip.append(min(levels, default=None))
                level = left.get(subject, {}).get(cell, level)
            strips[subject] = tuple(strip)
        return strips

    def totals(self, since: datetime, until: datetime) -> Sequence[DayTotal]:
        path = self._place / TOTALS_NAME
        if not path.exists():
            return ()
        try:
            with opened(path) as connection:
                rows = connection.execute(
                    "SELECT kind, subject_key, name, day, runs, failed_runs, ok_s, running_s, error_s,"
                    " locked_s, off_s, unseen_s, longest_run_s FROM day WHERE day BETWEEN ? AND ?"
                    " ORDER BY day, kind, subject_key",
                    (day_of(since + _DAY - _MICROSECOND), day_of(until)),
                )
                found = tuple(
                    DayTotal(Subject(SubjectKind(kind), clean(key), clean(name)), clean(day), *sums)
                    for kind, key, name, day, *sums in rows
                )
        except UnreadableFileError as failure:
            self._troubles[path] = str(failure)
            return ()
        self._troubles.pop(path, None)
        return found

    def _paths(self) -> Sequence[Path]:
        try:
            found = sorted(self._place.iterdir())
        except FileNotFoundError:
            found = []
        except OSError as failure:
            self._troubles[self._place] = f"cannot be read: {reason_of(failure)}"
            return ()
        self._troubles.pop(self._place, None)
        return found

    def _files(
        self, since: datetime | None = None, until: datetime | None = None
    ) -> Sequence[HistoryFile]:
        """Those of the days of a window, oldest first."""
        found = [path for path in self._paths() if is_day_file(path)]
        files = [HistoryFile(path, path.stem, path == found[-1]) for path in found]
        first, last = day_of(since) if since else "", day_of(until) if until else "9999"
        return [file for file in files if first <= file.day <= last]

    def _waiting(self) -> Iterable[Event]:
        return inbox.waiting(*(place for place in (self._place, self._fallback) if place))

    def _ask(self, file: HistoryFile, question: Callable[[DayReader], T]) -> T | None:
        """What a file answers; None: it cannot be read."""
        try:
            with opened(file.path, finished=file.is_finished) as connection:
                answer = question(DayReader(connection))
        except UnreadableFileError as failure:
            self._troubles[file.path] = str(failure)
            return None
        self._troubles.pop(file.path, None)
        return answer

    def _subjects_of(self, file: HistoryFile) -> frozenset[Subject]:
        """Of a file that is not written any more they are read once."""
        facts = _stamp(file.path)
        known = self._known.get(file.path)
        if known and known[0] == facts and not file.is_newest:
            return known[1]
        found = self._ask(file, lambda day: day.changed_subjects) or frozenset()
        self._known[file.path] = (facts, found)
        return found

    def _adds(self, file: HistoryFile, found: Iterable[Subject]) -> bool:
        """Whether a file may know of subjects that were not found in newer ones."""
        return file.is_newest or bool(self._subjects_of(file).difference(found))

    def _linked(self, changes: Sequence[Change], older: Sequence[HistoryFile]) -> Sequence[Change]:
        """With what was before where an older file has it: at midnight the subject was not there."""
        alone = {
            change.subject
            for change in changes
            if change.before is None and change.cause is not Cause.KEYFRAME
        }
        before: dict[Subject, State] = {}
        for file in reversed(older):
            if not alone - before.keys():
                break
            if self._subjects_of(file) & alone - before.keys():
                for change in self._ask(file, DayReader.last) or ():
                    before.setdefault(change.subject, change.after)
        return [_after(change, before.get(change.subject)) for change in changes]


def is_day_file(path: Path) -> bool:
    try:
        return path.name == file_name(date.fromisoformat(path.stem).isoformat())
    except ValueError:
        return False


def size_of(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def _stamp(path: Path) -> tuple[int, int]:
    try:
        facts = path.stat()
    except OSError:
        return (0, 0)
    return (facts.st_mtime_ns, facts.st_size)


def _first_ms(since: datetime) -> int:
    """The first whole millisecond that is not before `since`."""
    return -((from_ms(0) - since) // _MILLISECOND)


def _after(change: Change, before: State | None) -> Change:
    if before is None or change.before is not None or change.cause is Cause.KEYFRAME:
        return change
    return replace(change, before=before)


def _walk_back(day: DayReader, until: int, begun: dict[Subject, Change], settled: set[Subject]) -> None:
    """Take into `begun` where each level began as far as this day knows; `settled`: it began here."""
    for number, subject in day.subjects.items():
        if subject in settled:
            continue
        later = begun.get(subject)
        level = later.after.level if later else day.level_of(number, until)
        if level is None:
            continue
        first, before, is_settled = day.begin(number, until, level)
        earliest = first or later
        if earliest:
            begun[subject] = _after(earliest, before)
        if is_settled:
            settled.add(subject)


def _joined(row: Coverage, later: Coverage) -> Sequence[Coverage]:
    """Both as one row where the second one goes on after midnight, as if there were one file."""
    return joined(row, later) if day_of(row.end) != day_of(later.start) else (row, later)
