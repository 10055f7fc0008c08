"""Whether a server's times are plausible: its time zone may be wrong or missing. Pure.

The server's own `Date` is the clock for ages; a status time ahead of it is local time labelled as UTC,
or from a wrong clock. Nothing is judged by such a time.
"""

from collections.abc import Iterable
from datetime import datetime
from math import inf

from tui.domain.jtl.workers import Worker
from tui.domain.text import counted
from tui.domain.timestamps import Moment, MomentKind, age_text, is_believed

SERVER_CLOCK = "the server's clock"
OUR_CLOCK = "this computer's clock"
TOLERANCE = 120.0
"""Seconds that a status time may be ahead: two machines never agree exactly."""
_LONGEST_PACE = 1_800.0
"""Longest interval in seconds for which the age of a status says something about the zone."""
_MOST_HOURS_OFF = 14
_ENOUGH = 2
"""Syncs that must be late by the same number of hours before we suspect the zone."""


def clock_meant(offset: float | None) -> str:
    """The clock used for ages, given the offset of the server's."""
    return SERVER_CLOCK if is_believed(offset) else OUR_CLOCK


def ahead_of(moment: Moment, now: datetime) -> float | None:
    """Seconds that `moment` is ahead of `now`; infinite for the last year there is; None if it is not
    ahead, or only slightly."""
    if moment.kind is MomentKind.OPEN:
        return inf
    age = moment.age(now)
    return -age if age is not None and age < -TOLERANCE else None


def ahead_text(seconds: float, clock: str = SERVER_CLOCK) -> str:
    """`times are 55m ahead of the server's clock: zone?`."""
    if seconds == inf:
        return "times are in the year 9999: a placeholder?"
    return f"times are {age_text(seconds)} ahead of {clock}: zone?"


def is_zoneless(moment: Moment) -> bool:
    """Whether it names a time of day without a zone."""
    return moment.kind in (MomentKind.LOCAL, MomentKind.UNREADABLE)


def times_note(workers: Iterable[Worker], now: datetime, clock: str = SERVER_CLOCK) -> str:
    """What is odd about the times of a whole list, on one line; or empty."""
    listed = tuple(workers)
    moments = [worker.status.status_at for worker in listed if worker.status is not None]
    ahead = [seconds for one in moments if (seconds := ahead_of(one, now)) is not None]
    if ahead:
        return f"{ahead_text(max(ahead), clock)} Overdue is not judged for {counted(len(ahead), 'sync')}"
    zoneless = sum(map(is_zoneless, moments))
    if zoneless:
        return f"times without an offset: overdue is not judged for {counted(zoneless, 'sync')}"
    hours = hours_behind(listed, now)
    if hours:
        return f"all times are about {hours}h behind: zone? Or no sync has run since"
    return ""


def hours_behind(workers: Iterable[Worker], now: datetime) -> int:
    """Whole hours by which all frequent syncs are late by the same amount; 0: they are not."""
    found: set[int] = set()
    count = 0
    for worker in workers:
        every = worker.sync.interval.seconds if worker.sync else None
        age = worker.status.status_at.age(now) if worker.status else None
        if age is None or every is None or not 0 < every <= _LONGEST_PACE:
            continue
        hours = int((age + TOLERANCE) // 3_600)
        if age - hours * 3_600 > every + TOLERANCE:
            return 0
        found.add(hours)
        count += 1
    whole = found.pop() if len(found) == 1 and count >= _ENOUGH else 0
    return whole if whole <= _MOST_HOURS_OFF else 0
