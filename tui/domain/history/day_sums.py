"""A day of each subject in sums. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from tui.domain.health.rules import Level
from tui.domain.history.gaps import Gap, GapsOf, unseen_seconds
from tui.domain.history.observing import GONE
from tui.domain.history.records import Change, Coverage, DayTotal, Subject
from tui.domain.history.runs import runs_of

_BUCKETS = {
    Level.OK: "ok_s",
    Level.RUNNING: "running_s",
    Level.ERROR: "error_s",
    Level.LOCKED: "locked_s",
    Level.OFF: "off_s",
}


def day_totals(
    day: str,
    changes: Iterable[Change],
    coverage: Sequence[Coverage],
    states_at_start: Mapping[Subject, Change],
) -> Sequence[DayTotal]:
    """Sums of the UTC day `2026-11-29`; `changes` of that day, with what was before, oldest first.

    Seconds that were not seen count for no level. What is missing to 86,400 was a warning, such as
    overdue, or the subject did not exist.
    """
    start = datetime.fromisoformat(day).replace(tzinfo=UTC)
    end = start + timedelta(days=1)
    of_subject: dict[Subject, list[Change]] = {subject: [] for subject in states_at_start}
    for change in changes:
        if start <= change.at < end:
            of_subject.setdefault(change.subject, []).append(change)
    gaps = GapsOf(coverage, start, end)
    return [
        _total(subject, day, (start, end), own, states_at_start.get(subject), gaps.of(subject))
        for subject, own in of_subject.items()
    ]


def _total(
    subject: Subject,
    day: str,
    window: tuple[datetime, datetime],
    changes: Sequence[Change],
    carried: Change | None,
    gaps: Sequence[Gap],
) -> DayTotal:
    start, end = window
    sums = dict.fromkeys(_BUCKETS.values(), 0.0)
    at, state = start, carried.after if carried is not None else None
    for moment, after in (*((one.at, one.after) for one in changes), (end, None)):
        bucket = _BUCKETS.get(state.level) if state is not None and state != GONE else None
        if bucket is not None:
            sums[bucket] += (moment - at).total_seconds() - unseen_seconds(gaps, at, moment)
        at, state = moment, after
    runs = runs_of(changes, gaps)
    return DayTotal(
        subject,
        day,
        runs.seen,
        runs.failed,
        unseen_s=unseen_seconds(gaps, start, end),
        longest_run_s=runs.longest_s,
        **sums,
    )
