"""What happened to a subject, in one sentence, with what was not seen. Pure."""

from collections.abc import Sequence
from datetime import datetime

from tui.domain.health.rules import Level
from tui.domain.history.clock_text import clock_text, long_age
from tui.domain.history.gaps import Gap
from tui.domain.history.records import Change, SubjectKind
from tui.domain.history.runs import Runs
from tui.domain.history.since import Since, before_gap_words
from tui.domain.text import counted

NOTHING_SEEN = "nothing was recorded of it yet"


def sentence(
    change: Change | None, since: Since | None, runs: Runs, gaps: Sequence[Gap], now: datetime
) -> str:
    """`error since 01:14 (16h 2m) · before that 143 good runs seen, none failed; 2 gaps`.

    `change`: the last one of the subject, `since`: of its level; `runs` and `gaps` of the window that is
    shown. Where a gap lasts until `now`, the state is the last one that was seen.
    """
    if change is None or since is None:
        return NOTHING_SEEN
    parts = [_state(change, since, gaps, now)]
    if change.subject.kind is SubjectKind.SYNC:
        parts.append(runs_text(runs, change.after.level))
    text = " · ".join(filter(None, parts))
    return f"{text}; {counted(len(gaps), 'gap')}" if gaps else text


def _state(change: Change, since: Since, gaps: Sequence[Gap], now: datetime) -> str:
    lost = gaps[-1] if gaps and gaps[-1].end >= now else None
    at = clock_text(since.at, now)
    known = at if since.is_known else f"{at} or earlier"
    if lost is not None:
        return (
            f"last seen {change.after.state} at {clock_text(lost.start, now)}, then not seen for"
            f" {long_age(lost.seconds)} ({lost.reason})"
        )
    age = long_age((now - since.at).total_seconds())
    least = "" if since.is_known else "at least "
    return f"{change.after.state} since {known} ({least}{age}){before_gap_words(since, now)}"


def runs_text(runs: Runs, level: Level) -> str:
    """`before that 143 good runs seen, none failed`; `level`: the present one."""
    failing = level <= Level.LOCKED
    if level is Level.RUNNING and runs.is_failing:
        return f"the last run failed; {runs_text(runs, Level.ERROR)}"
    good, failed = runs.good_before, runs.failed_before
    if not good and not failed:
        return "no run was seen before that" if failing else "no run was seen to end"
    lead = "before that " if failing else ""
    bad = f"{failed:,} failed" if failed else "none failed"
    return f"{lead}{counted(good, 'good run')} seen, {bad}"
