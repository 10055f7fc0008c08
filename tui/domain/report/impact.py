"""Which targets had a problem in a window, from when to when, and how many runs failed. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tui.domain.history.gaps import Gap, GapsOf, is_right_after, unseen_seconds
from tui.domain.history.grouping import folded_runs
from tui.domain.history.observing import GONE
from tui.domain.history.records import Cause, Change, State, Subject, SubjectKind
from tui.domain.history.runs import Runs, runs_of
from tui.domain.history.window import Window
from tui.domain.maintenance.stops import PlannedStops
from tui.frozen import frozen

_NO_STOPS = PlannedStops(())


@frozen
class Spell:
    """A time without a break in which a subject needed attention."""

    start: datetime
    start_is_known: bool
    end: datetime | None
    """None: it lasts to the end of the window."""
    worst: State
    ended_as: str


@frozen
class Trouble:
    """The spells of one subject, oldest first, and its runs."""

    subject: Subject
    spells: tuple[Spell, ...]
    runs: Runs
    bad_s: float
    unseen_s: float

    @property
    def is_lasting(self) -> bool:
        """Whether it is not over at the end of the window."""
        return self.spells[-1].end is None

    @property
    def worst(self) -> State:
        return min((one.worst for one in self.spells), key=lambda state: state.level)


def troubles_of(window: Window, gaps: GapsOf, planned: PlannedStops = _NO_STOPS) -> Sequence[Trouble]:
    """By the time at which they began; overdue is a problem, too, and a planned stop is none."""
    changes: dict[Subject, list[Change]] = {one.subject: [] for one in window.carried}
    for change in window.changes:
        changes.setdefault(change.subject, []).append(change)
    first = _known_at_first(window, changes, gaps)
    found = []
    for subject, own in changes.items():
        if subject.kind not in _KINDS:
            continue
        missing = gaps.of(subject)
        spells = [
            one
            for one in _spells(subject, own, first.get(subject), missing)
            if not planned.cover(subject, one.worst, one.start)
        ]
        if spells:
            ends = [(one.start, one.end or window.until) for one in spells]
            bad = sum((end - start).total_seconds() for start, end in ends)
            unseen = sum(unseen_seconds(missing, start, end) for start, end in ends)
            found.append(Trouble(subject, tuple(spells), runs_of(own, missing), bad, unseen))
    return sorted(found, key=lambda one: (one.spells[0].start, one.worst.level, one.subject.name))


_KINDS = frozenset(SubjectKind) - {SubjectKind.MAINTENANCE}


def _known_at_first(
    window: Window, changes: Mapping[Subject, Sequence[Change]], gaps: GapsOf
) -> Mapping[Subject, tuple[datetime, State]]:
    """What each subject was when it was seen first in the window."""
    found = {subject: (window.since, state) for subject, state in window.before.items()}
    last = {one.subject: one for one in window.carried}
    for subject, own in changes.items():
        first = own[0] if own else last.get(subject)
        if subject in found or first is None:
            continue
        if first.cause is Cause.KEYFRAME:
            found[subject] = max(first.at, window.since), first.after
        elif first.before is not None:
            # The recording began in the window.
            found[subject] = _seen_first(window, gaps.of(subject)), first.before
    return found


def _seen_first(window: Window, gaps: Sequence[Gap]) -> datetime:
    is_gap = bool(gaps) and gaps[0].start <= window.since
    return gaps[0].end if is_gap else window.since


def _spells(
    subject: Subject,
    changes: Sequence[Change],
    first: tuple[datetime, State] | None,
    gaps: Iterable[Gap],
) -> Sequence[Spell]:
    missing = tuple(gaps)
    known = {subject: first[1]} if first else {}
    spells: list[Spell] = []
    at: datetime | None = None
    is_known, worst = False, GONE
    if first is not None and first[1].level.needs_attention:
        at, worst = first
    for change in folded_runs(changes, known, {}):
        after = change.after
        if after.level.needs_attention:
            if at is None:
                at, worst = change.at, after
                is_known = not is_right_after(change.at, missing)
            elif after.level < worst.level:
                worst = after
        elif at is not None:
            spells.append(Spell(at, is_known, change.at, worst, after.state))
            at = None
    if at is not None:
        spells.append(Spell(at, is_known, None, worst, ""))
    return spells
