"""The last gap of each topic, as the polls come: the files are read seldom, and hold it only later."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from tui.domain.history.gaps import NOTHING_RECORDED, Gap, gaps_of
from tui.domain.history.records import TOPIC_OF, Coverage, Poll, Subject
from tui.history.memory import extended

_NEVER = datetime.min.replace(tzinfo=UTC)


class PollGaps:
    def __init__(self, recorded: Iterable[Coverage] = ()) -> None:
        """`recorded`: what was polled before, oldest first."""
        self._rows: dict[str, list[Coverage]] = {}
        """Of each topic its last successful polls, and the failures since."""
        self._gaps: dict[str, Sequence[Gap]] = {}
        for row in recorded:
            rows = self._rows.setdefault(row.topic, [])
            rows[:] = [row] if _succeeded(row) else [*rows, row]

    def polled(self, poll: Poll) -> bool:
        """Whether a gap ended with this poll."""
        rows = self._rows.setdefault(poll.topic, [])
        last = rows[0].end if rows and _succeeded(rows[0]) else None
        rows[-1:] = extended(rows[-1] if rows else None, poll)
        if not _succeeded(rows[-1]):
            return False
        if last is None:
            gaps: Sequence[Gap] = (Gap(_NEVER, poll.at, NOTHING_RECORDED),)
        else:
            gaps = gaps_of(rows, poll.topic, last, poll.at)
        del rows[:-1]
        if gaps:
            self._gaps[poll.topic] = gaps
        return bool(gaps)

    def of(self, subject: Subject) -> Sequence[Gap]:
        """The last gap in which the subject was not seen, a part for each reason; empty: none."""
        return self._gaps.get(TOPIC_OF.get(subject.kind, ""), ())

    def ended(self, subject: Subject, read: Iterable[Gap], until: datetime) -> Sequence[Gap]:
        """The gaps of a subject as they were read up to a time: one that lasts there is over where a
        poll came since, which is not written yet."""
        own = self.of(subject)
        return [
            replace(gap, end=own[-1].end)
            if own and gap.end >= until and gap.start < own[-1].end
            else gap
            for gap in read
        ]


def _succeeded(row: Coverage) -> bool:
    return bool(row.ok) and not row.error
