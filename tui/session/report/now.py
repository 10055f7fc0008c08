"""What a profile is when a report is written, as far as the history knows. Blocking."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from tui.domain.health.rules import Level
from tui.domain.history.gaps import GapsOf
from tui.domain.history.notable import settled_at
from tui.domain.history.observing import GONE
from tui.domain.history.reader import HistoryReader
from tui.domain.history.records import (
    LEADING_TOPICS,
    TOPIC_OF,
    Change,
    Coverage,
    State,
    Subject,
    SubjectKind,
)
from tui.domain.history.since import since_of
from tui.domain.history.window import is_seen
from tui.domain.maintenance.stops import PlannedStops
from tui.domain.report.facts import Deed, Now, StateNow
from tui.domain.report.names import Names
from tui.frozen import frozen
from tui.ops.audit.entries import Entry, Standing
from tui.ops.audit.run_ends import RUN_FOLLOWS
from tui.session.levels_begun import gaps_begin

_KINDS = frozenset(SubjectKind) - {SubjectKind.MAINTENANCE}


@frozen
class Later:
    """What was done to a subject from here, and what was known of that at last."""

    entry: Entry
    standing: Standing
    deed: Deed
    at: datetime
    seen: str


def state_now(
    reader: HistoryReader,
    now: datetime,
    troubled: Collection[Subject],
    about: Collection[Subject],
    names: Names,
    done: Mapping[Subject, Later],
    planned: PlannedStops,
) -> Now:
    """`troubled`: what had a problem in the window; `about`: what it is limited to, empty: all; `done`:
    the last switch of each from here."""
    known, begun = settled_at(reader, now)
    states = [
        (subject, change)
        for subject, change in known.items()
        if subject.kind in _KINDS
        and change.after.state != GONE.state
        and (not about or subject in about)
    ]
    rows = _Rows(reader, now, begun, done, names)
    bad: list[StateNow] = []
    good: list[StateNow] = []
    changed: list[StateNow] = []
    off: list[StateNow] = []
    well = 0
    for subject, change in sorted(states, key=lambda one: (one[1].after.level, one[0].name, one[0].key)):
        after, later = change.after, rows.newer(subject)
        if later is not None and _replaces(later, after):
            changed.append(rows.of(subject, after))
        elif after.level > Level.WARNING:
            if subject in troubled:
                good.append(rows.of(subject, after))
            else:
                well += 1
        else:
            where = off if planned.cover(subject, after, now) else bad
            where.append(rows.of(subject, after))
    last = rows.last_seen if states else None
    return Now(tuple(bad), tuple(good), well, last, tuple(changed), tuple(off))


class _Rows:
    """Each subject with since when it is as it is, and what was done to it since it was polled last."""

    def __init__(
        self,
        reader: HistoryReader,
        now: datetime,
        begun: Mapping[Subject, Change],
        done: Mapping[Subject, Later],
        names: Names,
    ) -> None:
        self._now, self._begun, self._done, self._names = now, begun, done, names
        oldest = gaps_begin(begun.values(), now)
        rows = reader.coverage(oldest, now)
        self._gaps = GapsOf(rows, oldest, now)
        self._polled = _polled(rows)
        self.last_seen = _last_seen(rows, now)
        """None: it is polled now, or never was."""
        known = self.last_seen is None
        self._seen = {kind for kind in _KINDS if is_seen(reader, kind, now)} if known else set()

    def newer(self, subject: Subject) -> Later | None:
        """What was done since it was polled last."""
        later, last = self._done.get(subject), self._polled.get(subject.kind)
        return later if later is not None and (last is None or later.at > last) else None

    def of(self, subject: Subject, state: State) -> StateNow:
        first, names, later = self._begun.get(subject), self._names, self.newer(subject)
        since = since_of(first, self._gaps.of(subject), self._now) if first is not None else None
        earlier = since.before_gap if since is not None else None
        return StateNow(
            names.target(subject),
            names.text(state.state),
            state.level,
            problem_text(state, names),
            since.at if since else None,
            since is not None and since.is_known,
            subject.kind in self._seen,
            earlier.at if earlier else None,
            earlier is not None and earlier.is_known,
            later.deed if later else None,
            later.seen if later else "",
        )


def _polled(rows: Iterable[Coverage]) -> Mapping[SubjectKind, datetime]:
    """When each kind was seen last."""
    ends: dict[str, datetime] = {}
    for row in rows:
        if row.ok and not row.error:
            ends[row.topic] = max(row.end, ends.get(row.topic, row.end))
    return {kind: ends[topic] for kind, topic in TOPIC_OF.items() if topic in ends}


def _replaces(later: Later, state: State) -> bool:
    """Whether it is no longer what was recorded: of a sync that fails only a good run shows that."""
    if later.standing is not Standing.APPLIED:
        return False
    is_failing = state.state == "error" and later.entry.operation in RUN_FOLLOWS
    return not is_failing or (later.deed.run is not None and later.deed.run.is_good)


def problem_text(state: State, names: Names) -> str:
    """The message of a problem; while overdue it is that of the last good run."""
    return names.text(state.text) if state.level <= Level.WARNING and state.state != "overdue" else ""


def _last_seen(known: Iterable[Coverage], now: datetime) -> datetime | None:
    """None: it is polled now, or never was."""
    rows = [row for row in known if row.ok and not row.error]
    leading = next((topic for topic in LEADING_TOPICS if any(row.topic == topic for row in rows)), "")
    last = max((row for row in rows if row.topic == leading), key=lambda row: row.end, default=None)
    return None if last is None or (now - last.end).total_seconds() <= last.reaches else last.end
