"""Since when subjects are in their level, of changes that were just recorded.

The files get them some seconds later, and not at all while nothing can be written.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tui.domain.health.rules import Level
from tui.domain.history.gaps import LONGEST_PAUSE, Gap, GapsOf
from tui.domain.history.records import Change, Subject
from tui.domain.history.since import Since, across, since_of

if TYPE_CHECKING:
    from tui.domain.history.reader import HistoryReader
    from tui.history.poll_gaps import PollGaps

_JUST_BEFORE = timedelta(milliseconds=1)
_AS_WRITTEN = timedelta(milliseconds=1)
"""Files keep times to the millisecond."""


def gaps_begin(begun: Iterable[Change], at: datetime) -> datetime:
    """From when on gaps are wanted of levels that last at a time, by the changes with which they began:
    a level may have begun in a gap that goes back to the poll before."""
    return min((change.at for change in begun), default=at) - LONGEST_PAUSE


def since_of_all(reader: "HistoryReader", at: datetime) -> Mapping[Subject, Since]:
    """Since when each subject is in its level. Blocking."""
    begun = reader.since_at(at)
    oldest = gaps_begin(begun.values(), at)
    gaps = GapsOf(reader.coverage(oldest, at), oldest, at)
    return {subject: since_of(change, gaps.of(subject), at) for subject, change in begun.items()}


class LevelsBegun:
    def __init__(self) -> None:
        self._settled: dict[Subject, tuple[Level, Since]] = {}
        """What was before the present run."""
        self._reported: dict[Subject, tuple[datetime, Since]] = {}
        """Of each subject's last change: when it came, and what it says."""

    def follow(self, change: Change, known: Since | None, gaps: Sequence[Gap]) -> Since:
        """Of a change of level; `known`: what held of its subject before."""
        begun = self._begun(change, known, gaps)
        self._reported[change.subject] = (change.at, begun)
        return begun

    def _begun(self, change: Change, known: Since | None, gaps: Sequence[Gap]) -> Since:
        """As `level_began`: a run between two equal levels does not end them."""
        subject, level = change.subject, change.after.level
        if level is Level.RUNNING:
            if change.before is not None and known is not None:
                self._settled[subject] = (change.before.level, known)
            return since_of(change, gaps)
        before = self._settled.pop(subject, None)
        if before is None or before[0] is not level:
            return since_of(change, gaps)
        return across(before[1], gaps)

    def settle(self, reader: "HistoryReader", begun: Mapping[Subject, Change], gaps: GapsOf) -> None:
        """Of what runs already when it is read first: what was before, which the run may not end."""
        for subject, run in begun.items():
            if run.after.level is Level.RUNNING and subject not in self._settled:
                before = reader.since_at(run.at - _JUST_BEFORE).get(subject)
                if before is not None:
                    known = before.after.level, since_of(before, gaps.of(subject))
                    self._settled.setdefault(subject, known)

    def unwritten(
        self, reader: "HistoryReader", at: datetime, gaps: "PollGaps"
    ) -> Mapping[Subject, Since]:
        """Of the changes up to `at` that the files do not hold yet; `gaps`: that have ended by now."""
        reported = self._reported.copy()
        written = reader.states_at(at) if reported else {}
        return {
            subject: across(since, gaps.of(subject))
            for subject, (came, since) in reported.items()
            if subject not in written or came - written[subject].at >= _AS_WRITTEN
        }
