"""What a report or a hand-over says, before it is a document. Frozen.

Invariant: every text of a server or of a person is one line, cleaned and masked; times are UTC.
"""

from datetime import datetime, tzinfo

from tui.domain.health.rules import Level
from tui.domain.history.gaps import Gap
from tui.domain.history.records import SubjectKind
from tui.domain.writes import FieldChange
from tui.frozen import frozen


@frozen
class Target:
    """What a row is about."""

    kind: SubjectKind
    id: str
    name: str
    group: str = ""
    """The kind of a sync, such as `Temu`; empty: none."""


@frozen
class Head:
    profile: str
    environment: str
    since: datetime
    until: datetime
    written_at: datetime
    zone: tzinfo
    """Of all times in the document."""
    author: str
    version: str
    complete: float
    """How much of the window was seen, 0 to 1."""
    gaps: tuple[Gap, ...]
    was_recorded: bool
    """Whether anything was recorded in the window."""
    about: tuple[str, ...] = ()
    """Names of the targets that it is limited to; empty: all."""
    is_anonymous: bool = False

    @property
    def seconds(self) -> float:
        return (self.until - self.since).total_seconds()


@frozen
class Impact:
    """The problems of one target in the window."""

    target: Target
    state: str
    """The worst one: `error`, `locked`, `overdue` …"""
    level: Level
    text: str
    start: datetime
    start_is_known: bool
    end: datetime | None
    """When the last problem ended; None: it had not at the end of the window."""
    ended_as: str
    """The state after it: `ok`, `off` …"""
    spells: int
    """How many times it got into a problem, or was in one when the window began."""
    bad_s: float
    """Seconds in a problem, those that were not seen included."""
    unseen_s: float
    """Seconds of these that were not seen."""
    runs: int = 0
    """Runs of a sync that were seen to end in the window."""
    failed: int = 0
    later_end: datetime | None = None
    """Of one that was not over at the end of the window: when it ended after that."""
    later_state: str = ""
    """The state after that end."""


@frozen
class RunAfter:
    """How the first run after a start or restart ended."""

    at: datetime | None = None
    """None: it was not watched to its end, and the history has no end of it."""
    words: str = ""
    """`ok`, `error disk full`."""
    is_good: bool = False


@frozen
class Deed:
    at: datetime
    user: str
    title: str
    target: str
    changes: tuple[FieldChange, ...]
    result: str
    remark: str
    """What the result rests on, or what a later check showed."""
    id: str
    """Of the audit trail; of a maintenance that of its journal; empty: it has no record there."""
    run: RunAfter | None = None
    """Of a start or restart that worked."""
    undoes_at: datetime | None = None
    """When that was done which it undoes, or does again."""
    is_redo: bool = False
    undone_at: datetime | None = None
    undone_by: str = ""
    settled: str = ""
    """What shows the effect of a write whose result is unknown."""

    @property
    def is_plain(self) -> bool:
        """Whether it says no more than its title, target and result."""
        return self.run is None and self.undoes_at is None and self.undone_at is None


@frozen
class Row:
    at: datetime
    kind: str
    """A `LineKind`."""
    what: str
    """`ok → error`, an operation's title, or empty."""
    message: str
    targets: tuple[Target, ...] = ()
    """All with the same change in the same minute."""
    level: Level | None = None
    repeats: int = 0
    """How many further runs ended the same way."""
    by: str = ""
    ref: str = ""
    until: datetime | None = None
    """The end of a time that was not seen, or when the last of the targets changed."""
    struck_by: str = ""
    """Who struck a note through; empty: nobody did."""
    deed: Deed | None = None
    """Of an action: all of it."""


@frozen
class StateNow:
    target: Target
    state: str
    level: Level
    text: str
    since: datetime | None
    since_is_known: bool
    is_seen: bool
    """Whether it is polled now; else this is what was seen last."""
    before_gap: datetime | None = None
    """Where it was not seen for a while in between: since when it was seen before that."""
    before_gap_is_known: bool = False
    then: Deed | None = None
    """What was done to it from here after it was seen last."""
    then_seen: str = ""
    """What was seen of that by those who did it."""


@frozen
class Now:
    """The profile when the report was written."""

    troubled: tuple[StateNow, ...]
    """What needs attention, problems first."""
    recovered: tuple[StateNow, ...]
    """What had a problem in the window, and has none now."""
    well: int
    """How many others there are that need no attention."""
    last_seen: datetime | None
    """None: it is seen now, or never was."""
    changed: tuple[StateNow, ...] = ()
    """What was changed from here since it was seen last: the state is that of before."""
    planned: tuple[StateNow, ...] = ()
    """What is off in an open maintenance."""

    @property
    def is_known(self) -> bool:
        return bool(self.troubled or self.recovered or self.well or self.changed or self.planned)


@frozen
class ReportFacts:
    head: Head
    impact: tuple[Impact, ...]
    """Oldest first."""
    rows: tuple[Row, ...]
    """Oldest first."""
    deeds: tuple[Deed, ...]
    """Oldest first."""
    now: Now
    unknown: tuple[str, ...]
    """Sentences of what else is not known; `parts.unknown_lines` has those of gaps and beginnings."""
    doubtful: tuple[Deed, ...]
    """Writes whose effect is unknown."""
    is_postmortem: bool = False
    earlier: tuple[Row, ...] = ()
    """From before the window: how the problems began that are not over, and the notes since. Oldest
    first."""


@frozen
class Open:
    """Something that the next shift takes over: maintenance, an unsent rest, a draft."""

    title: str
    """Of the operation; empty: the target says it."""
    target: str
    at: datetime
    text: str = ""
    """Our sentence about it."""
    until: datetime | None = None
    user: str = ""
    foreign: str = ""
    """What a person wrote of it."""
    command: str = ""
    """What finishes it."""


@frozen
class HandoverFacts:
    report: ReportFacts
    maintenance: tuple[Open, ...] = ()
    unsent: tuple[Open, ...] = ()
    drafts: tuple[Open, ...] = ()
    troubles: tuple[str, ...] = ()
    """What of these could not be read, and why."""
