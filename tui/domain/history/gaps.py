"""Times in which nothing was seen: nothing was recording, or the polls failed. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tui.domain.history.records import TOPIC_OF, Coverage, Subject
from tui.frozen import frozen

NOTHING_RECORDED = "nothing was recording"
NOT_YET = "no response yet, or nothing was recording"
"""At the end of a window: a request under way is not recorded before it ends."""
_LONGEST_REQUEST = 30.0
"""Seconds that a request of a poll waits for its response, unless the config says otherwise."""
_WIDTHS = tuple(timedelta(hours=hours) for hours in (1, 24, 24 * 40))
"""Most gaps are short; the last one is more than is kept by default."""
LONGEST_PAUSE = timedelta(days=1)
"""Longer than any interval between two polls."""
RIGHT_AFTER = timedelta(seconds=1)
"""Within it a change belongs to the poll that ended a gap."""


@frozen
class Gap:
    start: datetime
    end: datetime
    reason: str
    """`nothing was recording`, the error of the polls, or that neither is known yet."""

    @property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds()


def gaps_of(
    coverage: Iterable[Coverage], topic: str, since: datetime, until: datetime
) -> tuple[Gap, ...]:
    """The gaps of a topic in a window, oldest first: more than two intervals, at least 10 s, without a
    successful poll.

    A gap with several reasons is several gaps, one after the other.
    """
    rows = sorted((one for one in coverage if one.topic == topic), key=lambda row: row.start)
    seen = [row for row in rows if not row.error and row.ok]
    failed = [row for row in rows if row.error or not row.ok]
    found: list[Gap] = []
    for start, end, reach, later in _unseen(seen, since, until):
        seconds = (end - start).total_seconds()
        if seconds <= reach:
            continue
        inside = [row for row in failed if row.end >= start and row.start <= end]
        # A slow response is not a gap, unless polls failed before it.
        if inside or seconds > later:
            found += _by_reason(start, end, inside)
            is_open = end == until and start > since and found[-1] == Gap(start, end, NOTHING_RECORDED)
            if is_open and found[-1].seconds <= reach + _LONGEST_REQUEST:
                found[-1] = replace(found[-1], reason=NOT_YET)
    return tuple(found)


def _unseen(
    seen: Sequence[Coverage], since: datetime, until: datetime
) -> Iterator[tuple[datetime, datetime, float, float]]:
    """Times between successful polls, with the seconds that each may last without being a gap: by the
    poll before it, and by the one after it."""
    at, reach = since, seen[0].reaches if seen else 0.0
    for row in seen:
        if row.end < since:
            # It may reach into the window.
            at, reach = max(at, row.end), row.reaches
            continue
        if row.start > until:
            break
        yield at, max(at, row.start), reach, row.reaches
        at, reach = max(at, row.end), row.reaches
    if at < until:
        yield at, until, reach, 0.0


def _by_reason(start: datetime, end: datetime, inside: Sequence[Coverage]) -> Iterator[Gap]:
    """`inside`: the polls that failed then. While a request waits for its response, it is recording: of
    a failure and of what ended the gap, the request was sent up to so many seconds before."""
    at = start
    last: Gap | None = None
    for row in inside:
        # A failure without its duration, as older versions recorded it, starts when it ended.
        waited = 0.0 if row.slowest_s else _LONGEST_REQUEST
        if (row.start - at).total_seconds() > row.reaches + waited:
            if last is not None:
                yield last
            last, at = Gap(at, row.start, NOTHING_RECORDED), row.start
        reached = min(max(row.end, at), end)
        reason = row.error or "the polls failed"
        if last is not None and last.reason == reason:
            last = replace(last, end=reached)
        else:
            if last is not None:
                yield replace(last, end=at)
            last = Gap(at, reached, reason)
        at = reached
    if last is None:
        yield Gap(start, end, NOTHING_RECORDED)
    elif (end - at).total_seconds() > inside[-1].reaches + _LONGEST_REQUEST:
        yield last
        yield Gap(at, end, NOTHING_RECORDED)
    else:
        yield replace(last, end=end)


def gap_at(
    coverage: Callable[[datetime, datetime], Iterable[Coverage]],
    topic: str,
    at: datetime,
    within: tuple[datetime, datetime],
) -> Gap | None:
    """The gap that `at` lies in, with both of its ends; None: it was seen. `coverage` reads a window,
    `within` is all that can have been recorded: its first time and now."""
    found: Gap | None = None
    for width in _WIDTHS:
        since, until = max(at - width, within[0]), min(at + width, within[1])
        gaps = gaps_of(coverage(since, until), topic, since, until)
        # The poll that ends a gap sees, unless it failed, which begins another one.
        inside = [one for one in gaps if one.start <= at < one.end]
        if not inside or not any(one.start < at <= one.end for one in gaps):
            return None
        found = inside[-1]
        if (found.start > since or since == within[0]) and (found.end < until or until == within[1]):
            break
    return found


def gap_until(coverage: Iterable[Coverage], topic: str, since: datetime, at: datetime) -> Gap | None:
    """The gap in which `at` lies, as far as is known at that time; None: it was seen. A gap that ends
    with a successful poll at that very time is over."""
    rows = [row for row in coverage if row.topic == topic]
    if any(row.ok and not row.error and row.start <= at <= row.end for row in rows):
        return None
    gaps = gaps_of(rows, topic, since, at)
    return gaps[-1] if gaps and gaps[-1].end >= at else None


def unseen_seconds(gaps: Iterable[Gap], start: datetime, end: datetime) -> float:
    """How much of the time from `start` to `end` lies in gaps."""
    parts = (min(gap.end, end) - max(gap.start, start) for gap in gaps)
    return sum(max(0.0, part.total_seconds()) for part in parts)


def seen_part(gaps: Iterable[Gap], since: datetime, until: datetime) -> float:
    """How much of a window was seen, 0 to 1."""
    whole = (until - since).total_seconds()
    return max(0.0, 1.0 - unseen_seconds(gaps, since, until) / whole) if whole > 0 else 0.0


def seen_share(part: float) -> str:
    """`98 % seen`, rounded down."""
    return f"{int(part * 100)} % seen" if part >= 0.01 else "less than 1 % seen"


def is_right_after(at: datetime, gaps: Iterable[Gap]) -> bool:
    """Whether what was seen first at `at` may have happened in a gap."""
    return any(gap.start < at <= gap.end + RIGHT_AFTER for gap in gaps)


class GapsOf:
    """Gaps of a window by subject, worked out once per topic."""

    def __init__(self, rows: Iterable[Coverage], since: datetime, until: datetime) -> None:
        self._rows, self._since, self._until = tuple(rows), since, until
        self._known: dict[str, tuple[Gap, ...]] = {"": ()}

    def of(self, subject: Subject) -> tuple[Gap, ...]:
        topic = TOPIC_OF.get(subject.kind, "")
        if topic not in self._known:
            self._known[topic] = gaps_of(self._rows, topic, self._since, self._until)
        return self._known[topic]
