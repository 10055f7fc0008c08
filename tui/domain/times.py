"""Whether the times of a server's answers can be believed: its zone may be wrong, or not told. Pure.

Ages go by the server's own `Date`; a status time that lies ahead of it is local time stamped as UTC,
or a clock that is wrong. What rests on such a time is not judged.
"""

from collections.abc import Iterable
from datetime import datetime

from tui.domain.moments import Moment, MomentKind, age_text, is_believed
from tui.domain.workers import Worker

SERVER_CLOCK = "the server's clock"
OUR_CLOCK = "this computer's clock"
TOLERANCE = 120.0
"""Seconds that a status time may be ahead: two machines are never quite together."""
_LONGEST_PACE = 1_800.0
"""Seconds of interval up to which the age of a status says something of the zone."""
_MOST_HOURS_OFF = 14
_ENOUGH = 2
"""Syncs that must be late by the same number of hours to be taken for a zone."""


def clock_meant(offset: float | None) -> str:
    """Whose clock ages are told by, given the offset of the server's."""
    return SERVER_CLOCK if is_believed(offset) else OUR_CLOCK


def ahead_of(moment: Moment, now: datetime) -> float | None:
    """Seconds that `moment` is ahead of `now`; None where it is not, or not by much."""
    age = moment.age(now)
    return -age if age is not None and age < -TOLERANCE else None


def ahead_text(seconds: float, clock: str = SERVER_CLOCK) -> str:
    """`times are 55m ahead of the server's clock: zone?`."""
    return f"times are {age_text(seconds)} ahead of {clock}: zone?"


def is_zoneless(moment: Moment) -> bool:
    """Whether it names a time of day, but not when that is."""
    return moment.kind in (MomentKind.LOCAL, MomentKind.UNREADABLE)


def times_note(workers: Iterable[Worker], now: datetime, clock: str = SERVER_CLOCK) -> str:
    """What is odd about the times of a whole list, in one line; or empty."""
    listed = tuple(workers)
    moments = [worker.status.status_at for worker in listed if worker.status is not None]
    ahead = [seconds for one in moments if (seconds := ahead_of(one, now)) is not None]
    if ahead:
        return f"{ahead_text(max(ahead), clock)} Overdue is not judged for {_counted(len(ahead))}"
    zoneless = sum(map(is_zoneless, moments))
    if zoneless:
        return f"times without an offset: overdue is not judged for {_counted(zoneless)}"
    hours = _hours_behind(listed, now)
    if hours:
        return f"all times are about {hours}h behind: zone? Or no sync has run since"
    return ""


def _counted(count: int) -> str:
    return f"{count} sync{'' if count == 1 else 's'}"


def _hours_behind(workers: Iterable[Worker], now: datetime) -> int:
    """Whole hours by which all syncs that run often are late alike; 0: they are not."""
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
