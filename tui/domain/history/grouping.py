"""The lines of a history, newest first; the same change of several subjects in a minute is one. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from tui.domain.health.rules import Level
from tui.domain.history.clock_text import long_age
from tui.domain.history.gaps import Gap
from tui.domain.history.observing import TRANSIENT
from tui.domain.history.records import Cause, Change, Event, EventKind, State, Subject
from tui.domain.intervals import short
from tui.domain.text import same_words
from tui.frozen import frozen

NOT_SEEN = "not seen"
_MINUTE, _DAY = 60.0, 86_400.0
_NAMED = 3
"""Names of a group that are written out."""


class LineKind(StrEnum):
    """A change, a gap, or the kind of an event."""

    CHANGE = "change"
    GAP = "gap"
    ACTION = "action"
    NOTE = "note"
    MAINTENANCE = "maintenance"
    UNLOCK = "unlock"
    CLOCK = "clock"
    RECORDER = "recorder"


@frozen
class Line:
    at: datetime
    kind: LineKind
    text: str
    """`ok → error`, `interval 5m → 1m`, `not seen`, or the event's text."""
    detail: str = ""
    """The message of the state, who did it, or when and why nothing was seen."""
    subject: Subject | None = None
    level: Level | None = None
    """Of a change: the level after it; OFF where that was planned."""
    also: tuple[Subject, ...] = ()
    """Others with the same change in the same minute."""
    span: tuple[datetime, datetime] | None = None
    """The first and the last of them, where they did not all change in the same second."""
    repeats: int = 0
    """How many further runs ended the same way after it."""
    is_problem: bool = False
    """Whether something became worse and needs attention."""
    change: Change | None = None
    event: Event | None = None
    gap: Gap | None = None

    @property
    def also_text(self) -> str:
        """`also Temu AT, Temu FR (same minute, same words)`; empty: it is alone."""
        if not self.also:
            return ""
        names = ", ".join(one.name or one.key for one in self.also[:_NAMED])
        more = f" and {len(self.also) - _NAMED:,} more" if len(self.also) > _NAMED else ""
        return f"also {names}{more} (same minute, same words)"


def is_problem(change: Change) -> bool:
    """Whether it got worse and needs attention now."""
    if not change.after.level.needs_attention or change.cause is Cause.KEYFRAME:
        return False
    return change.before is None or change.after.level < change.before.level


def is_lasting(line: Line) -> bool:
    """Whether it says what needed attention all through: see `throughout`."""
    has_level = line.level is not None and line.level.needs_attention
    return line.kind is LineKind.CHANGE and line.change is None and has_level


def change_text(change: Change) -> str:
    """`ok → error`, `interval 5m → 1m`, `appeared: ok`, `status moved`, `error, other message`."""
    before, after = change.before, change.after
    match change.cause:
        case Cause.APPEARED:
            return f"appeared: {after.state}"
        case Cause.DISAPPEARED:
            return f"disappeared, last {before.state}" if before else "disappeared"
        case Cause.STATUS_MOVED:
            return "status moved"
    if before is None:
        return f"first seen: {after.state}"
    parts = []
    if before.state != after.state or before.level != after.level:
        parts.append(f"{before.state} → {after.state}")
    if before.interval_s != after.interval_s:
        parts.append(f"interval {_pace(before.interval_s)} → {_pace(after.interval_s)}")
    return ", ".join(parts) or f"{after.state}, other message"


def _pace(seconds: float | None) -> str:
    return "?" if seconds is None else short(seconds)


_NOTHING: Mapping[Subject, State] = MappingProxyType({})


def timeline(
    changes: Iterable[Change],
    events: Iterable[Event] = (),
    gaps: Iterable[Gap] = (),
    *,
    folded: bool = True,
    known: Mapping[Subject, State] = _NOTHING,
    planned: Callable[[Change], bool] = lambda _: False,
) -> tuple[Line, ...]:
    """All of it, newest first; the changes come oldest first.

    `folded`: runs are not lines of their own, only what they changed; a repeated failure is one line.
    `known`: what subjects were before all of it (`notable.settled_before`). `planned`: whether a change
    is not a problem, however bad it looks.
    """
    changes, events = tuple(changes), tuple(dict.fromkeys(events))
    repeats: dict[tuple[Subject, datetime], int] = {}
    if folded:
        changes = folded_runs(changes, known, repeats)
    changes, reported = _reported_by_actions(changes, events)
    lines = [_of_event(event, change) for event, change in reported]
    lines += map(_of_gap, gaps)
    for line in _grouped(changes, events, planned):
        count = repeats.get((line.subject, line.at), 0) if line.subject else 0
        lines.append(replace(line, repeats=count))
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True))


def gap_times(gap: Gap) -> str:
    """`00:41 to 00:47`."""
    form = "%H:%M:%S" if gap.seconds < _MINUTE else "%H:%M" if gap.seconds < _DAY else "%m-%d %H:%M"
    return f"{gap.start:{form}} to {gap.end:{form}}"


def span_text(span: tuple[datetime, datetime]) -> str:
    """`10:04:06–10:04:49`."""
    return "–".join(f"{at:%H:%M:%S}" for at in span)


def _of_gap(gap: Gap) -> Line:
    lasting = f"{gap_times(gap)} ({long_age(gap.seconds)})"
    return Line(gap.start, LineKind.GAP, NOT_SEEN, f"{lasting} · {gap.reason}", gap=gap)


_SET_A_PACE = ("Configure sync", "Engine interval")
"""Titles of the operations that set an interval."""
_WORKED = ("applied", "accepted")
_SOON_SEEN = timedelta(minutes=2)
"""After a write, in which its effect is polled."""


def _reported_by_actions(
    changes: Sequence[Change], events: Sequence[Event]
) -> tuple[tuple[Change, ...], Sequence[tuple[Event, Change | None]]]:
    """The changes that are left, and each event with the new interval that was seen right after it."""
    made: dict[int, Change] = {}
    left: list[Change] = []
    for change in changes:
        makers = [
            number
            for number, event in enumerate(events)
            if number not in made and is_pace_only(change) and _made(event, change)
        ]
        if makers:
            made[max(makers, key=lambda number: events[number].at)] = change
        else:
            left.append(change)
    return tuple(left), [(event, made.get(number)) for number, event in enumerate(events)]


def is_pace_only(change: Change) -> bool:
    """Whether the interval alone became other."""
    before, after = change.before, change.after
    if change.cause is not Cause.POLL or before is None or before.interval_s == after.interval_s:
        return False
    return (before.state, before.level) == (after.state, after.level)


def _made(event: Event, change: Change) -> bool:
    """Whether an action set the interval that was seen."""
    title, result = event.text.partition(" · ")[0], event.text.rpartition(": ")[2]
    return (
        event.kind is EventKind.ACTION
        and event.subject == change.subject
        and title in _SET_A_PACE
        and result in _WORKED
        and timedelta(0) <= change.at - event.at <= _SOON_SEEN
    )


def folded_runs(
    changes: Sequence[Change],
    known: Mapping[Subject, State],
    repeats: dict[tuple[Subject, datetime], int],
) -> tuple[Change, ...]:
    """What the runs changed: `ok → error` for `ok → running` and `running → error`.

    `repeats` is filled: how many further runs ended as the change of that subject and time.
    """
    settled = dict(known)
    newest: dict[Subject, datetime] = {}
    shown_last: dict[Subject, State] = {}
    kept: list[Change] = []
    for change in changes:
        subject, after = change.subject, change.after
        if change.before is not None and not is_run(change.before):
            # Also where the end of a run before it, which is routine, was not read.
            settled[subject] = change.before
        before = settled.get(subject)
        if change.cause is Cause.STATUS_MOVED or (is_run(after) and before and before.level in _WAITING):
            continue
        shown = shown_last.get(subject)
        if shown is not None and is_run(shown) and not is_run(after) and before is not None:
            # A start was shown: what the run led to follows from that line.
            before = shown
        if before is not None and change.cause is Cause.POLL and _says_the_same(before, after):
            if subject in newest and after.level <= Level.LOCKED:
                repeats[subject, newest[subject]] = repeats.get((subject, newest[subject]), 0) + 1
            continue
        ends_run = change.before is not None and is_run(change.before) and not is_run(after)
        if ends_run and before is None and change.cause is Cause.POLL and after.level is Level.OK:
            # It began before the window: that it ended well is not news.
            settled[subject] = after
            continue
        kept.append(replace(change, before=before) if ends_run else change)
        newest[subject], shown_last[subject] = change.at, after
        if not is_run(after):
            settled[subject] = after
    return tuple(kept)


_WAITING = (Level.OK, Level.WARNING, Level.ERROR)
"""Levels after which a run is nothing special."""


def is_run(state: State) -> bool:
    """Whether it lasts only as long as a run does."""
    return state.state in TRANSIENT and state.level is Level.RUNNING


def _says_the_same(before: State, after: State) -> bool:
    same = (before.state, before.level, before.interval_s) == (
        after.state,
        after.level,
        after.interval_s,
    )
    return same and (not after.level.needs_attention or same_words(before.text, after.text))


def _grouped(
    changes: Sequence[Change], events: Sequence[Event], planned: Callable[[Change], bool]
) -> Sequence[Line]:
    """In the order of the changes. None is in a group over a time in which anything else happened to one
    of the group: its line would stand before its cause, or after what followed it."""
    happened: dict[Subject, set[datetime]] = {}
    times = [(one.subject, one.at) for one in changes] + [(one.subject, one.at) for one in events]
    for subject, at in times:
        if subject is not None:
            happened.setdefault(subject, set()).add(at)
    groups: list[list[Change]] = []
    newest: dict[tuple[object, ...], list[Change]] = {}
    for change in changes:
        minute = change.at.replace(second=0, microsecond=0)
        key = (minute, change.subject.kind, change_text(change), change.after.text, planned(change))
        group = newest.get(key)
        if group is not None and _may_join(change, group, happened):
            group.append(change)
        else:
            newest[key] = [change]
            groups.append(newest[key])
    return [_of_group(group, is_planned=planned(group[0])) for group in groups]


def _may_join(
    change: Change, group: Sequence[Change], happened: Mapping[Subject, set[datetime]]
) -> bool:
    if any(change.subject == one.subject for one in group):
        # The same subject twice in a minute: two facts.
        return False
    both = (*group, change)
    first, last = min(one.at for one in both), max(one.at for one in both)
    return first == last or not any(
        first <= at <= last and at != one.at for one in both for at in happened[one.subject]
    )


def _of_group(group: Sequence[Change], *, is_planned: bool) -> Line:
    change, others = group[0], group[1:]
    is_bad = is_problem(change)
    first, last = min(one.at for one in group), max(one.at for one in group)
    return Line(
        change.at,
        LineKind.CHANGE,
        change_text(change),
        change.after.text,
        change.subject,
        Level.OFF if is_bad and is_planned else change.after.level,
        tuple(one.subject for one in others),
        (first, last) if first.replace(microsecond=0) != last.replace(microsecond=0) else None,
        is_problem=is_bad and not is_planned,
        change=change,
    )


def _of_event(event: Event, change: Change | None) -> Line:
    """`change`: the new interval that it made."""
    here = ", from here" if event.kind is EventKind.ACTION and event.ref else ""
    by = f"by {event.user}{here}" if event.user else ""
    if event.struck_by:
        by = " · ".join(filter(None, (by, f"struck through by {event.struck_by}")))
    text = event.text
    if change is not None:
        head, _, result = text.rpartition(": ")
        text = f"{head}: {change_text(change)} · {result}"
    kind = LineKind(event.kind.value)
    return Line(event.at, kind, text, by, event.subject, change=change, event=event)


def neighbour(
    lines: Sequence[Line], at: datetime, *, forward: bool, problems: bool = False
) -> Line | None:
    """The next line after `at` (or before it), of lines newest first; `problems`: only where something
    became worse."""
    wanted = [line for line in lines if line.is_problem or not problems]
    if forward:
        return next((line for line in reversed(wanted) if line.at > at), None)
    return next((line for line in wanted if line.at < at), None)
