"""The last gap of each topic, as the polls come: the files are read seldom, and hold it only later."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from tui.domain.history.gaps import NOTHING_RECORDED, Gap
from tui.domain.history.records import TOPIC_OF, Coverage, Subject, reach
from tui.frozen import frozen

_NEVER = datetime.min.replace(tzinfo=UTC)


@frozen
class _Polled:
    at: datetime
    reaches: float
    """Seconds within which another poll leaves no gap."""


class PollGaps:
    def __init__(self, recorded: Iterable[Coverage] = ()) -> None:
        """`recorded`: what was polled before."""
        self._last: dict[str, _Polled] = {}
        self._gaps: dict[str, Gap] = {}
        for row in recorded:
            last = self._last.get(row.topic)
            if row.ok and not row.error and (last is None or row.end > last.at):
                self._last[row.topic] = _Polled(row.end, row.reaches)

    def polled(self, topic: str, at: datetime, every_s: float) -> None:
        """A successful poll; the next one is expected within `every_s` seconds."""
        last = self._last.get(topic)
        if last is None or (at - last.at).total_seconds() > last.reaches:
            self._gaps[topic] = Gap(last.at if last else _NEVER, at, NOTHING_RECORDED)
        self._last[topic] = _Polled(at, reach(every_s))

    def of(self, subject: Subject) -> Sequence[Gap]:
        """The last gap in which the subject was not seen; empty: none."""
        gap = self._gaps.get(TOPIC_OF.get(subject.kind, ""))
        return () if gap is None else (gap,)

    def ended(self, subject: Subject, read: Iterable[Gap], until: datetime) -> Sequence[Gap]:
        """The gaps of a subject as they were read up to a time: one that lasts there is over where a
        poll came since, which is not written yet.
        """
        own = self.of(subject)
        return [
            replace(gap, end=own[0].end) if own and gap.end >= until and gap.start < own[0].end else gap
            for gap in read
        ]
