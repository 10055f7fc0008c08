"""How many runs of each sync were seen, and when one last ended well: since recording began, not since
this process did.

Finished days come from their sums, the rest is counted again from the changes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tui.domain.history.reader import HistoryReader
from tui.domain.history.records import Change, DayTotal, Subject, SubjectKind
from tui.domain.history.runs import run_ended

_ALL_TOTALS = timedelta(days=4_000)
_PART = timedelta(hours=1)
"""Of a day that is read at a time: a busy one has hundreds of thousands of changes."""
_MOMENT = timedelta(microseconds=1)


@dataclass(slots=True)
class Tally:
    runs: int = 0
    failed: int = 0
    last_success: datetime | None = None

    def add(self, ended: bool, at: datetime) -> None:
        """A run that ended well, or badly."""
        self.runs += 1
        self.failed += not ended
        if ended:
            self.last_success = max(at, self.last_success or at)


class SeenRuns:
    def __init__(self) -> None:
        self.of_sync: dict[str, Tally] = {}
        """By identifier; a sync that is missing had no run."""
        self.is_known = False
        """Whether what was recorded before is included."""

    def saw(self, change: Change) -> None:
        """Count a change that comes in."""
        ended = run_ended(change)
        if ended is not None:
            self._of(change.subject).add(ended, change.at)

    def include(self, earlier: "SeenRuns") -> None:
        """Add what was recorded before the changes that came in here."""
        for key, tally in earlier.of_sync.items():
            own = self.of_sync.setdefault(key, Tally())
            own.runs, own.failed = own.runs + tally.runs, own.failed + tally.failed
            own.last_success = own.last_success or tally.last_success
        self.is_known = True

    def _of(self, subject: Subject) -> Tally:
        return self.of_sync.setdefault(subject.key, Tally())


def recorded_runs(reader: HistoryReader, until: datetime) -> SeenRuns:
    """What was recorded before `until`; not known where there is no history. Blocking."""
    found = SeenRuns()
    since = reader.extent().since
    if since is None:
        return found
    found.is_known = True
    totals = [
        one for one in reader.totals(until - _ALL_TOTALS, until) if one.subject.kind is SubjectKind.SYNC
    ]
    for total in totals:
        tally = found.of_sync.setdefault(total.subject.key, Tally())
        tally.runs, tally.failed = tally.runs + total.runs, tally.failed + total.failed_runs
    if totals:
        since = max(since, _start_of(max(total.day for total in totals)) + timedelta(days=1))
    for change in _changes(reader, since, until):
        found.saw(change)
    for subject, day in _days_of_success(totals).items():
        tally = found.of_sync[subject.key]
        if tally.last_success is None:
            tally.last_success = _last_success(reader, subject, day)
    return found


def _changes(reader: HistoryReader, since: datetime, until: datetime) -> Iterator[Change]:
    while since < until:
        end = min(since + _PART, until)
        yield from reader.changes(since, end - _MOMENT)
        since = end


def _days_of_success(totals: Iterable[DayTotal]) -> dict[Subject, str]:
    """The last day on which a run of the sync ended well."""
    return {total.subject: total.day for total in totals if total.runs > total.failed_runs}


def _last_success(reader: HistoryReader, subject: Subject, day: str) -> datetime | None:
    """None: the changes of that day are not kept any more."""
    start = _start_of(day)
    changes = reader.changes(start, start + timedelta(days=1) - _MOMENT, subject)
    return max((change.at for change in changes if run_ended(change)), default=None)


def _start_of(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)
