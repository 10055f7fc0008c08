"""The past of a profile for a front end: since when, what happened, and lists as they were.

Invariant: while looking back, the lists show what was recorded and every write is refused; polling and
recording go on behind. What only a history screen shows is imported with the first one.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tui.domain.history.clock_text import clock_text
from tui.domain.history.gaps import LONGEST_PAUSE, Gap, GapsOf, gaps_of, seen_part
from tui.domain.history.records import (
    LEADING_TOPICS,
    Change,
    Event,
    EventKind,
    Subject,
    SubjectKind,
)
from tui.domain.history.since import Since, since_of
from tui.frozen import frozen
from tui.session.levels_begun import LevelsBegun, gaps_begin, since_of_all

if TYPE_CHECKING:
    from tui.core import Core
    from tui.domain.history.grouping import Line
    from tui.domain.history.strip import Strip
    from tui.history.history import History
    from tui.session.audit_view import AuditView
    from tui.session.past_store import Past

STRIP_HOURS = 24
_WINDOW = timedelta(hours=STRIP_HOURS)
_READ_LASTS = timedelta(minutes=1)
"""A cell of a strip is many minutes wide."""
_REMEMBERED = 2_000
"""Changes of which each list knows what it has to draw again."""


@frozen
class SubjectHistory:
    """What a screen shows of one subject."""

    subject: Subject
    until: datetime
    sentence: str
    strip: "Strip"
    lines: "tuple[Line, ...]"
    """Newest first."""
    gaps: tuple[Gap, ...]
    recorded_from: datetime | None
    """The oldest record; None: there is none."""


@frozen
class Happened:
    """What happened in a window, of all subjects."""

    since: datetime
    until: datetime
    lines: "tuple[Line, ...]"
    """Newest first, the same changes of a minute in one."""
    seen: float
    """How much of it was seen, 0 to 1."""


class HistoryView:
    """The blocking reader, asked in a thread; what every row needs is held."""

    def __init__(
        self,
        core: "Core",
        history: "History",
        trail: "AuditView",
        clock: Callable[[], datetime],
        changed: Callable[[], object] = lambda: None,
        strip_cells: int = 0,
    ) -> None:
        """`changed` is called when `since` or `strips` or the past that is looked at became other;
        `strip_cells`: as `want_strips`."""
        self._core, self.history, self._trail = core, history, trail
        self._clock, self._changed = clock, changed
        self._since: dict[Subject, Since] = {}
        self._strips: Mapping[Subject, Strip] = {}
        self._strip_cells = strip_cells
        self._worse: set[Subject] = set()
        self._begun = LevelsBegun()
        self.past: Past | None = None
        """What is looked at; None: now."""
        self.ends_at: datetime | None = None
        """Of a replayed file, which has no now."""
        self._log: deque[Subject | None] = deque(maxlen=_REMEMBERED)
        """Of the last versions, whose `since` became other; None: perhaps everyone's."""
        self.version = 0
        """Incremented with every change of `since` and `strips`."""
        self._reading: asyncio.Task[None] | None = None
        self._read_at: datetime | None = None
        self._is_due = False
        if history.recorder is not None:
            history.recorder.on_change(self._follow)
            history.recorder.on_gap_ended(self.refresh)
        history.on_close(self._close)

    # What every list shows.

    def since(self, kind: SubjectKind, key: str) -> Since | None:
        """Since when a row is in its level, at the time that is looked at; None: not known (yet)."""
        return self._since.get(Subject(kind, key))

    def strip(self, kind: SubjectKind, key: str) -> "Strip | None":
        """The last 24 hours of a row, once `want_strips` was called."""
        return self._strips.get(Subject(kind, key))

    def want_strips(self, cells: int) -> None:
        """Have strips of that many cells read from now on; 0: none."""
        if cells != self._strip_cells:
            self._strip_cells = cells
            self.refresh()

    def refresh(self) -> None:
        """Read `since` and the strips again, in a thread."""
        self._is_due = True
        if self._reading is None or self._reading.done():
            self._reading = asyncio.ensure_future(self._read())

    async def settled(self) -> None:
        """Wait until `since` and the strips are read."""
        if self._reading is not None:
            await self._reading

    async def _read(self) -> None:
        while self._is_due:
            self._is_due = False
            past, at, cells, version = self.past, self.at, self._strip_cells, self.version
            self._read_at = self._clock()
            try:
                since, strips = await asyncio.to_thread(self._read_all, at, cells)
            except (OSError, ValueError):
                return
            if self.past is past:
                # What was recorded meanwhile is newer than what was read.
                meanwhile = (self.changed_since(version) or ()) if self.past is None else ()
                newer = {one: self._since[one] for one in meanwhile if one in self._since}
                self._since = {**since, **newer}
                self._strips = strips
                self._notify()

    def _read_all(
        self, at: datetime, cells: int
    ) -> "tuple[dict[Subject, Since], Mapping[Subject, Strip]]":
        reader = self.history.reader
        recorder = self.history.recorder if self.past is None else None
        # First: what is written from here on is found by the reads that follow.
        unwritten = {} if recorder is None else self._begun.unwritten(reader, at, recorder.gaps)
        begun = reader.since_at(at)
        oldest = gaps_begin(begun.values(), at)
        gaps = GapsOf(reader.coverage(oldest, at), oldest, at)
        since = {}
        for subject, one in begun.items():
            read = gaps.of(subject)
            seen = read if recorder is None else recorder.gaps.ended(subject, read, at)
            since[subject] = since_of(one, seen, at)
        if recorder is not None:
            self._begun.settle(reader, begun, gaps)
        since |= unwritten
        if not cells:
            return since, {}
        from tui.domain.history.strip import strip_of

        drawn = reader.strips(at - _WINDOW, at, cells)
        return since, {
            subject: strip_of(levels, gaps.of(subject), at - _WINDOW, at, subject.kind)
            for subject, levels in drawn.items()
        }

    def _follow(self, change: Change) -> None:
        """A change was recorded: what it says of `since` is known at once; strips, and what another
        program recorded, follow in a while."""
        is_old = self._read_at is not None and self._clock() - self._read_at >= _READ_LASTS
        if self.past is None and is_old:
            self.refresh()
        if change.before is not None and change.before.level is change.after.level:
            return
        known = self._since.get(change.subject) if self.past is None else None
        recorder = self.history.recorder
        gaps = recorder.gaps.of(change.subject) if recorder is not None else ()
        begun = self._begun.follow(change, known, gaps)
        if self.past is None:
            self._since[change.subject] = begun
        else:
            from tui.domain.history.grouping import is_problem

            note = self._worse.add if is_problem(change) else self._worse.discard
            note(change.subject)
        self._notify(change.subject)

    def _notify(self, subject: Subject | None = None) -> None:
        """`subject`: whose `since` became other; None: perhaps everyone's."""
        self.version += 1
        self._log.append(subject)
        self._changed()

    def changed_since(self, version: int) -> frozenset[Subject] | None:
        """Whose `since` or strip became other after a version; None: perhaps everyone's."""
        count = self.version - version
        recent = list(self._log)[-count:] if count else []
        if len(recent) < count or None in recent:
            return None
        return frozenset(one for one in recent if one is not None)

    # What happened.

    async def of_subject(
        self,
        subject: Subject,
        since: datetime,
        until: datetime,
        cells: int,
        *,
        with_runs: bool = False,
    ) -> SubjectHistory:
        """What the history screen of one row shows; the strip covers the window.

        `with_runs`: every run is a line.
        """
        return await asyncio.to_thread(self._of_subject, subject, since, until, cells, with_runs)

    def _of_subject(
        self, subject: Subject, since: datetime, until: datetime, cells: int, with_runs: bool
    ) -> SubjectHistory:
        from tui.domain.history.grouping import timeline
        from tui.domain.history.notable import changes_of_others, settled_before
        from tui.domain.history.runs import runs_of
        from tui.domain.history.sentence import sentence
        from tui.domain.history.strip import strip_of

        reader = self.history.reader
        last = reader.states_at(until).get(subject)
        changes = reader.changes(since, until, subject)
        recorded_from = reader.extent().since
        shown = max(since, recorded_from or since)
        # With the poll that reaches into the window.
        rows = reader.coverage(gaps_begin((), since), until)
        gaps = GapsOf(rows, shown, until).of(subject)
        begun = since_of_all(reader, until).get(subject)
        levels = reader.strips(since, until, cells).get(subject, (None,) * cells)
        runs = runs_of(changes, gaps)
        own = [one for one in self._events(since, until) if _is_about(one, subject)]
        # Its own changes come first, so that it leads its groups.
        known = settled_before(reader, since)
        both = (*changes, *changes_of_others(reader, changes, known))
        planned = self._planned()
        lines = timeline(both, own, gaps, folded=not with_runs, known=known, planned=planned)
        return SubjectHistory(
            subject,
            until,
            sentence(last, begun, runs, gaps, until),
            strip_of(levels, gaps, since, until, subject.kind),
            tuple(line for line in lines if line.change is None or line.subject == subject),
            gaps,
            recorded_from,
        )

    async def happened(self, since: datetime, until: datetime) -> Happened:
        """Changes, failures and actions of a window."""
        return await asyncio.to_thread(self._happened, since, until)

    def _happened(self, since: datetime, until: datetime) -> Happened:
        from tui.domain.history.grouping import timeline
        from tui.domain.history.notable import notable_changes, settled_before
        from tui.domain.history.throughout import with_lasting

        reader = self.history.reader
        rows = reader.coverage(since - LONGEST_PAUSE, until)
        gaps = tuple(gap for one in self._leading for gap in gaps_of(rows, one, since, until))
        changes = notable_changes(reader, since, until)
        known, events = settled_before(reader, since), self._events(since, until)
        lines = timeline(changes, events, gaps, known=known, planned=self._planned())
        lines = with_lasting(lines, reader, since, until, self.at)
        return Happened(since, until, lines, seen_part(gaps, since, until))

    def _planned(self) -> Callable[[Change], bool]:
        from tui.session.history_events import was_planned

        return was_planned(self._core)

    @property
    def _leading(self) -> list[str]:
        """The topic whose gaps stand for those of the profile; none where none of these is polled."""
        absent = {topic.value for topic in self._core.store.absent}
        return [one for one in LEADING_TOPICS if one not in absent][:1]

    def _events(self, since: datetime, until: datetime) -> Sequence[Event]:
        """Events and, from the audit trail, what was done from here."""
        from tui.domain.history.notes import events_of
        from tui.session.history_events import action_event

        read = self._trail.history
        entries = read.entries if read else ()
        actions = [action_event(one) for one in entries if since <= one.at <= until]
        return [*events_of(self.history.reader, since, until), *actions]

    # Looking back.

    @property
    def at(self) -> datetime:
        """The time that is looked at."""
        return self.past.at if self.past is not None else self._clock()

    async def look_at(self, at: datetime | None) -> None:
        """Have every list show that time; None: now. A time ahead of now is now; of a replayed file, its
        end."""
        if self.ends_at is not None:
            at = min(at or self.ends_at, self.ends_at)
        if at is None or at >= self._clock():
            self._leave()
            return
        past = await asyncio.to_thread(self._past, at)
        if self.past is None:
            self._worse.clear()
        self.past = past
        self._core.guard.looking_at = _clock(at, self._clock())
        self._turn()

    def _leave(self) -> None:
        if self.past is None:
            return
        self.past = None
        self._core.guard.looking_at = ""
        self._turn()

    def _turn(self) -> None:
        """Another time: what was read of the one before says nothing of it."""
        self._since, self._strips = {}, {}
        self.refresh()
        self._notify()

    def _past(self, at: datetime) -> "Past":
        from tui.session.past_store import past_at

        now = self.ends_at or self._clock()
        return past_at(self.history.reader, self._core.store, at, now, self._leading)

    @property
    def looking_at(self) -> str:
        """`LOOKING AT 01:14 · 16h ago`; empty: the lists show now."""
        if self.past is None:
            return ""
        from tui.domain.timestamps import age_text

        now = self._clock()
        age = age_text(max(0.0, (now - self.past.at).total_seconds()))
        unseen = f" · {self.past.unseen}" if self.past.unseen else ""
        return f"LOOKING AT {_clock(self.past.at, now)} · {age} ago{unseen}"

    @property
    def is_paused(self) -> bool:
        """Whether nothing can be written now; polling goes on."""
        return self.history.status.startswith("paused")

    @property
    def worse_now(self) -> str:
        """`now: 3 worse`: what got worse while the past is looked at; empty: nothing did."""
        return f"now: {len(self._worse)} worse" if self.past is not None and self._worse else ""

    def _close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()


def _clock(at: datetime, now: datetime) -> str:
    """To the second only where it matters: two lists within a minute differ."""
    return clock_text(at, now, seconds=bool(at.second or at.microsecond))


def _is_about(event: Event, subject: Subject) -> bool:
    """Whether an event belongs to the history of one subject: notes and the like concern all."""
    if event.kind is EventKind.ACTION:
        return event.subject is not None and event.subject.key == subject.key
    return event.subject is None or event.subject == subject
