"""What the history can be asked for, and who takes records in. Blocking: callers use a thread."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from tui.domain.health.rules import Level
from tui.domain.history.records import (
    Change,
    Coverage,
    DayTotal,
    Event,
    Extent,
    Record,
    Subject,
)


class HistorySink(Protocol):
    def add(self, records: Sequence[Record]) -> None:
        """Take records in, in their order; never blocks and never fails."""


class HistoryReader(Protocol):
    """A window is closed: `since` <= at <= `until`. Results are oldest first."""

    def extent(self) -> Extent: ...

    def subjects(self) -> Sequence[Subject]:
        """Every subject there is a record of, with its newest name."""

    def former_names(self) -> Mapping[Subject, frozenset[str]]:
        """Names that subjects had before, as far as they are kept."""

    def states_at(self, at: datetime) -> Mapping[Subject, Change]:
        """The last change of each subject at or before `at`; whether it was seen then is coverage."""

    def since_at(self, at: datetime) -> Mapping[Subject, Change]:
        """The change that began each subject's level of that time (`since.level_began`: runs in between
        do not end it); a keyframe if it was never seen to begin."""

    def changes(
        self,
        since: datetime,
        until: datetime,
        subject: Subject | None = None,
        *,
        with_routine: bool = True,
    ) -> Sequence[Change]:
        """Changes with what was before; keyframes are left out. `with_routine`: see `Change.is_routine`;
        those of one subject always hold all of them that matter for its runs."""

    def coverage(self, since: datetime, until: datetime) -> Sequence[Coverage]:
        """What reaches into the window, of all topics."""

    def events(self, since: datetime, until: datetime) -> Sequence[Event]: ...

    def strips(
        self, since: datetime, until: datetime, cells: int
    ) -> Mapping[Subject, Sequence[Level | None]]:
        """The worst level of each of `cells` equal parts of the window; None: not known then. Gaps are
        not looked at."""

    def totals(self, since: datetime, until: datetime) -> Sequence[DayTotal]:
        """The sums of finished days that begin in the window."""
