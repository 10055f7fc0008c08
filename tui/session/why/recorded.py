"""Adds to the facts what the history knows of the target. Blocking: callers use a thread."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from tui.domain.history.gaps import GapsOf
from tui.domain.history.notable import settled_before
from tui.domain.history.reader import HistoryReader
from tui.domain.history.records import Change, Event, EventKind, Subject, SubjectKind
from tui.domain.history.since import since_of
from tui.domain.why.facts import Action, Facts
from tui.domain.why.past import SAME_MINUTE, Past, past_of, turned_together
from tui.session.levels_begun import gaps_begin

_LOOKED_BACK = timedelta(days=14)


def with_past(facts: Facts, reader: HistoryReader) -> Facts:
    """Where the history cannot be read, or knows nothing, the facts stay as they are."""
    try:
        return _with_past(facts, reader)
    except (OSError, ValueError):
        return facts


def _with_past(facts: Facts, reader: HistoryReader) -> Facts:
    first = reader.extent().since
    if first is None:
        return facts
    subject, now = facts.subject, facts.now
    start = max(first, now - _LOOKED_BACK)
    begun, last = reader.since_at(now), reader.states_at(now).get(subject)
    changes = reader.changes(start, now, subject)
    began = begun.get(subject)
    oldest = min(start, gaps_begin(filter(None, (began,)), start))
    rows = reader.coverage(oldest, now)
    gaps = GapsOf(rows, start, now).of(subject)
    # What was recorded last is of another level where it changed only just now.
    is_same = last is not None and last.after.level is facts.verdict.level
    since = None
    if began is not None and is_same:
        since = since_of(began, GapsOf(rows, oldest, now).of(subject), now)
    past = past_of(changes, gaps, since, last.after if last and is_same else None, start, now)
    events = reader.events(start, now)
    return replace(
        facts,
        past=_with_others(past, reader, subject, begun),
        events=tuple(reversed([one for one in events if one.kind in _TOLD])),
        actions=_merged(facts.actions, events),
    )


_TOLD = (EventKind.MAINTENANCE, EventKind.NOTE)


def _with_others(
    past: Past,
    reader: HistoryReader,
    subject: Subject,
    begun: Mapping[Subject, Change],
) -> Past:
    same_since = {one.key: change.at for one, change in begun.items() if one.kind is SubjectKind.SYNC}
    began = past.began
    if began is None or subject.kind is not SubjectKind.SYNC:
        return replace(past, same_since=same_since)
    window = began - SAME_MINUTE, began + SAME_MINUTE
    turned = turned_together(reader.changes(*window), settled_before(reader, window[0]), subject)
    return replace(past, turned=turned, same_since=same_since)


def _merged(actions: Sequence[Action], events: Sequence[Event]) -> tuple[Action, ...]:
    """The writes of the audit trail, and those that only the history knows."""
    known = {one.ref for one in actions if one.ref}
    more = [
        Action(one.at, one.text, "", one.subject, one.user, one.ref)
        for one in events
        if one.kind is EventKind.ACTION and (not one.ref or one.ref not in known)
    ]
    return tuple(sorted([*actions, *more], key=lambda one: one.at, reverse=True))
