"""The lines of a history, newest first; the same change of several subjects in a minute is one. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from tui.domain.health.rules import Level
from tui.domain.history.clock_text import long_age
from tui.domain.history.gaps import Gap
from tui.domain.history.observing import TRANSIENT, same_words
from tui.domain.history.records import Cause, Change, Event, EventKind, State, Subject
from tui.domain.intervals import short

_NAMED = 3
"""Names of a group that are written out."""


class LineKind(StrEnum):
    CHANGE = "change"
    GAP = "gap"
    ACTION = "action"
    NOTE = "note"
    MAINTENANCE = "maintenance"
    UNLOCK = "unlock"
    CLOCK = "clock"
    RECORDER = "recorder"


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    kind: LineKind
    text: str
    """`ok → error`, `interval 5m → 1m`, `not seen for 6m`, or the event's text."""
    detail: str = ""
    """The message of the state, who did it, or why nothing was seen."""
    subject: Subject | None = None
    level: Level | None = None
    """Of a change: the level after it."""
    also: tuple[Subject, ...] = ()
    """Others with the same change in the same minute."""
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
    if change.after.level > Level.WARNING or change.cause is Cause.KEYFRAME:
        return False
    return change.before is None or change.after.level < change.before.level


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


def timeline(
    changes: Iterable[Change],
    events: Iterable[Event] = (),
    gaps: Iterable[Gap] = (),
    *,
    folded: bool = True,
) -> tuple[Line, ...]:
    """All of it, newest first; the changes come oldest first.

    `folded`: runs are no lines of their own, only what they changed; a failure that repeats is one line.
    """
    changes = tuple(changes)
    repeats: dict[tuple[Subject, datetime], int] = {}
    if folded:
        changes = _folded(changes, repeats)
    events = tuple(events)
    lines = [_of_event(event) for event in events]
    lines += [
        Line(gap.start, LineKind.GAP, f"not seen for {long_age(gap.seconds)}", gap.reason, gap=gap)
        for gap in gaps
    ]
    for line in _grouped(changes):
        count = repeats.get((line.subject, line.at), 0) if line.subject else 0
        lines.append(replace(line, repeats=count, detail=_author(line, events) or line.detail))
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True))


def _author(line: Line, events: Sequence[Event]) -> str:
    """`by anna, from here` for a new interval right after somebody configured the sync; else empty."""
    change = line.change
    if change is None or change.before is None or change.before.interval_s == change.after.interval_s:
        return ""
    for event in events:
        is_of_it = event.kind is EventKind.ACTION and event.subject == change.subject
        if is_of_it and event.user and timedelta(0) <= change.at - event.at <= _SOON_SEEN:
            return f"by {event.user}, from here"
    return ""


_SOON_SEEN = timedelta(minutes=2)
"""After a write, in which its effect is polled."""


def _folded(
    changes: Sequence[Change], repeats: dict[tuple[Subject, datetime], int]
) -> tuple[Change, ...]:
    """What the runs changed: `ok → error` for `ok → running` and `running → error`."""
    settled: dict[Subject, State] = {}
    newest: dict[Subject, datetime] = {}
    kept: list[Change] = []
    for change in changes:
        subject, after = change.subject, change.after
        if subject not in settled and change.before is not None and not _is_run(change.before):
            settled[subject] = change.before
        before = settled.get(subject)
        if change.cause is Cause.STATUS_MOVED or (
            _is_run(after) and before and before.level in _WAITING
        ):
            continue
        if before is not None and change.cause is Cause.POLL and _says_the_same(before, after):
            if subject in newest and after.level <= Level.LOCKED:
                repeats[subject, newest[subject]] = repeats.get((subject, newest[subject]), 0) + 1
            continue
        bridges = change.before is not None and _is_run(change.before) and before is not None
        kept.append(replace(change, before=before) if bridges else change)
        newest[subject] = change.at
        if not _is_run(after):
            settled[subject] = after
    return tuple(kept)


_WAITING = (Level.OK, Level.WARNING, Level.ERROR)
"""Levels after which a run is nothing special."""


def _is_run(state: State) -> bool:
    return state.state in TRANSIENT and state.level is Level.RUNNING


def _says_the_same(before: State, after: State) -> bool:
    same = (before.state, before.level, before.interval_s) == (
        after.state,
        after.level,
        after.interval_s,
    )
    return same and (after.level > Level.WARNING or same_words(before.text, after.text))


def _grouped(changes: Iterable[Change]) -> Sequence[Line]:
    groups: dict[tuple[object, ...], Line] = {}
    for change in changes:
        text = change_text(change)
        minute = change.at.replace(second=0, microsecond=0)
        key = (minute, change.subject.kind, text, change.after.text)
        known = groups.get(key)
        if known is None:
            groups[key] = Line(
                change.at,
                LineKind.CHANGE,
                text,
                change.after.text,
                change.subject,
                change.after.level,
                is_problem=is_problem(change),
                change=change,
            )
        elif change.subject != known.subject and change.subject not in known.also:
            groups[key] = replace(known, also=(*known.also, change.subject))
        else:
            # The same subject twice in a minute: two facts.
            groups[(*key, change.at)] = replace(
                known, at=change.at, subject=change.subject, also=(), change=change
            )
    return list(groups.values())


def _of_event(event: Event) -> Line:
    by = f"by {event.user}" if event.user else ""
    return Line(event.at, _KINDS[event.kind], event.text, by, event.subject, event=event)


_KINDS = {
    EventKind.ACTION: LineKind.ACTION,
    EventKind.NOTE: LineKind.NOTE,
    EventKind.MAINTENANCE: LineKind.MAINTENANCE,
    EventKind.UNLOCK: LineKind.UNLOCK,
    EventKind.CLOCK: LineKind.CLOCK,
    EventKind.RECORDER: LineKind.RECORDER,
}


def neighbour(
    lines: Sequence[Line], at: datetime, *, forward: bool, problems: bool = False
) -> Line | None:
    """The next line after `at` (or before it), of lines newest first; `problems`: only where something
    became worse."""
    wanted = [line for line in lines if line.is_problem or not problems]
    if forward:
        return next((line for line in reversed(wanted) if line.at > at), None)
    return next((line for line in wanted if line.at < at), None)
