"""What a profile is when a report is written, as far as the history knows. Blocking."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from tui.domain.health.rules import Level
from tui.domain.history.gaps import GapsOf
from tui.domain.history.grouping import is_run
from tui.domain.history.observing import GONE
from tui.domain.history.reader import HistoryReader
from tui.domain.history.records import LEADING_TOPICS, Change, State, Subject, SubjectKind
from tui.domain.history.since import since_of
from tui.domain.history.window import is_seen
from tui.domain.report.facts import Now, StateNow
from tui.domain.report.names import Names

_KINDS = frozenset(SubjectKind) - {SubjectKind.MAINTENANCE}
_JUST_BEFORE = timedelta(milliseconds=1)


def state_now(
    reader: HistoryReader,
    now: datetime,
    troubled: Collection[Subject],
    about: Collection[Subject],
    names: Names,
) -> Now:
    """`troubled`: what had a problem in the window; `about`: what it is limited to, empty: all."""
    known, begun = settled_at(reader, now)
    states = {
        subject: change
        for subject, change in known.items()
        if subject.kind in _KINDS
        and change.after.state != GONE.state
        and (not about or subject in about)
    }
    oldest = min((change.at for change in begun.values()), default=now)
    gaps = GapsOf(reader.coverage(oldest, now), oldest, now)
    last_seen = _last_seen(reader, now, oldest)
    seen = {kind for kind in _KINDS if is_seen(reader, kind, now)} if last_seen is None else set()

    def row(subject: Subject, change: Change) -> StateNow:
        first = begun.get(subject)
        since = since_of(first, gaps.of(subject), now) if first is not None else None
        after = change.after
        return StateNow(
            names.target(subject),
            names.text(after.state),
            after.level,
            problem_text(after, names),
            since.at if since else None,
            since is not None and since.is_known,
            subject.kind in seen,
        )

    found = sorted(states.items(), key=lambda item: (item[1].after.level, item[0].name, item[0].key))
    bad = tuple(row(*one) for one in found if one[1].after.level <= Level.WARNING)
    good = tuple(row(*one) for one in found if one[1].after.level > Level.WARNING and one[0] in troubled)
    return Now(bad, good, len(found) - len(bad) - len(good), last_seen if found else None)


def settled_at(
    reader: HistoryReader, at: datetime
) -> tuple[Mapping[Subject, Change], Mapping[Subject, Change]]:
    """The states of a time, and the changes with which their levels began; of a sync that fails
    and runs again what was before: it is well again after a good run only."""
    states, begun = dict(reader.states_at(at)), dict(reader.since_at(at))
    for subject, change in states.items():
        before = change.before
        if not is_run(change.after) or before is None or before.level > Level.WARNING:
            continue
        states[subject] = replace(change, after=before)
        earlier = reader.since_at(change.at - _JUST_BEFORE).get(subject)
        if earlier is not None:
            begun[subject] = earlier
    return states, begun


def problem_text(state: State, names: Names) -> str:
    """The message of a problem; while overdue it is that of the last good run."""
    return names.text(state.text) if state.level <= Level.WARNING and state.state != "overdue" else ""


def _last_seen(reader: HistoryReader, now: datetime, oldest: datetime) -> datetime | None:
    """None: it is polled now, or never was."""
    rows = [row for row in reader.coverage(oldest, now) if row.ok and not row.error]
    leading = next((topic for topic in LEADING_TOPICS if any(row.topic == topic for row in rows)), "")
    last = max((row for row in rows if row.topic == leading), key=lambda row: row.end, default=None)
    return None if last is None or (now - last.end).total_seconds() <= last.reaches else last.end
