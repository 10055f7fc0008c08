"""The changes of a window that somebody wants to see, without the good runs between them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tui.domain.history.grouping import folded_runs, is_run
from tui.domain.history.reader import HistoryReader
from tui.domain.history.records import Change, State, Subject, SubjectKind

_BEFORE = timedelta(minutes=10)
"""Before a change, in which the run that led to it began."""
_JUST_BEFORE = timedelta(milliseconds=1)
_MOST_MINUTES = 50
_MOST = 200
"""Syncs with problems whose runs are read one by one."""


def notable_changes(reader: HistoryReader, since: datetime, until: datetime) -> Sequence[Change]:
    """Oldest first. Of syncs that had a problem all changes are there: a run that ended well is routine,
    and after a failure it is the recovery. Blocking."""
    changes = reader.changes(since, until, with_routine=False)
    troubled = {
        one.subject: None for one in changes if one.subject.kind is SubjectKind.SYNC and _is_trouble(one)
    }
    whole = list(troubled)[:_MOST]
    found = [one for one in changes if one.subject not in set(whole)]
    for subject in whole:
        found += reader.changes(since, until, subject)
    return sorted(found, key=lambda change: change.at)


def settled_before(reader: HistoryReader, at: datetime) -> Mapping[Subject, State]:
    """What each subject was at a time, or before the run that was under way then; those of which that
    was not seen are left out. Blocking."""
    found: dict[Subject, State] = {}
    for subject, last in reader.states_at(at).items():
        state = last.before if is_run(last.after) else last.after
        if state is not None and not is_run(state):
            found[subject] = state
    return found


def settled_at(
    reader: HistoryReader, at: datetime
) -> tuple[Mapping[Subject, Change], Mapping[Subject, Change]]:
    """The states of a time, and the changes with which their levels began; of a sync that fails
    and runs again what was before: it is well again after a good run only."""
    states, begun = dict(reader.states_at(at)), dict(reader.since_at(at))
    for subject, change in states.items():
        before = change.before
        if not is_run(change.after) or before is None or not before.level.needs_attention:
            continue
        states[subject] = replace(change, after=before)
        earlier = reader.since_at(change.at - _JUST_BEFORE).get(subject)
        if earlier is not None:
            begun[subject] = earlier
    return states, begun


def _is_trouble(change: Change) -> bool:
    states = (change.before, change.after)
    return any(state is not None and state.level.needs_attention for state in states)


def changes_of_others(
    reader: HistoryReader, own: Sequence[Change], known: Mapping[Subject, State]
) -> Sequence[Change]:
    """What other subjects did in the minutes in which a subject changed, runs before that included; a
    failure that repeats with every run is no such minute. `known`: `settled_before`. Blocking."""
    found: dict[tuple[Subject, datetime], Change] = {}
    changed = folded_runs(own, known, {})
    notable = [one.at.replace(second=0, microsecond=0) for one in changed if not one.is_routine]
    for minute in list(dict.fromkeys(notable))[-_MOST_MINUTES:]:
        changes = reader.changes(minute - _BEFORE, minute + timedelta(minutes=1))
        late = {one.subject for one in changes if minute <= one.at and not one.is_routine}
        found |= {(one.subject, one.at): one for one in changes if one.subject in late}
    others = (one for one in found.values() if one.subject != own[0].subject)
    return sorted(others, key=lambda one: one.at)
