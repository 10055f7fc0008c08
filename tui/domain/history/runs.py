"""Runs of a sync, as far as they were seen. Pure.

A run is a change from running to ok or to an error, or a direct change between the two. A status time
that moved may be a run and is never called one (jtl PROTOCOL §1.4).
"""

from collections.abc import Iterable
from datetime import datetime

from tui.domain.history.gaps import Gap, is_right_after, unseen_seconds
from tui.domain.history.records import Cause, Change, State, SubjectKind
from tui.frozen import frozen

_FAILED = ("error", "locked")
_GOOD = ("ok", "no time", "no zone")
"""Words of a sync after a good run; of two the server gives no time that can be used."""
_RESTING = (*_GOOD, "overdue")
"""Words of a sync whose last run was good."""


@frozen
class Runs:
    seen: int = 0
    failed: int = 0
    longest_s: float = 0.0
    """Of runs whose beginning and end were seen, with no gap between."""
    good_before: int = 0
    """Good runs before the present failure; without a failure all good ones."""
    failed_before: int = 0
    is_failing: bool = False
    """Whether the last run that was seen failed."""
    last_good_at: datetime | None = None
    """The end of the last good run that was seen."""


def run_ended(change: Change) -> bool | None:
    """Whether a run ended well (True) or badly (False) with this change; None: it is not a run."""
    before, after = change.before, change.after
    if change.subject.kind is not SubjectKind.SYNC or change.cause is not Cause.POLL or before is None:
        return None
    if after.state in _FAILED:
        began = before.state == "running" or before.state in _RESTING
        return False if began and not _was_locked_idle(before, after) else None
    if after.state in _GOOD:
        return True if before.state in ("running", "error") else None
    return None


def _was_locked_idle(before: State, after: State) -> bool:
    """Whether it was locked while nothing ran: only a new status time speaks for a run."""
    return after.state == "locked" and before.state != "running" and before.status_at == after.status_at


def runs_of(changes: Iterable[Change], gaps: Iterable[Gap] = ()) -> Runs:
    """Of one subject's changes, oldest first.

    What ended in a gap is not a run that was seen: there may have been none, or several.
    """
    missing = tuple(gaps)
    good = failed = good_before = failed_before = 0
    longest = 0.0
    last_good: datetime | None = None
    failing = False
    began: datetime | None = None
    for change in changes:
        ended = run_ended(change)
        if ended is not None:
            if not ended and not failing:
                good_before, failed_before = good, failed
            failing = not ended
            if not is_right_after(change.at, missing):
                good, failed = good + ended, failed + (not ended)
                last_good = change.at if ended else last_good
            if began is not None and not unseen_seconds(missing, began, change.at):
                longest = max(longest, (change.at - began).total_seconds())
        if change.after.state == "running":
            began = change.at if began is None or not _is_running(change.before) else began
        else:
            began = None
    if not failing:
        good_before, failed_before = good, failed
    return Runs(good + failed, failed, longest, good_before, failed_before, failing, last_good)


def _is_running(state: State | None) -> bool:
    return state is not None and state.state == "running"
