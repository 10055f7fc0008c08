"""Doubtful writes whose effect a later look shows. Blocking."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from tui.domain.history.records import TOPIC_OF, Change, State, Subject
from tui.domain.maintenance.records import Maintenance, NotedTarget
from tui.ops.audit.entries import Entry, Standing
from tui.ops.execution.verification import UNDER_WAY
from tui.ops.operations.kinds import kind_for
from tui.session.history_events import subject_of
from tui.session.report.sources import Sources

_STATES: Mapping[str, tuple[str, ...]] = {
    "worker.start": ("ok", "running", "error", "overdue", "off", "locked", "suspended"),
    "worker.stop": ("off", "ok", "running", "error", "overdue", "locked", "suspended"),
    "engine.start": ("running", "stopped"),
    "engine.stop": ("stopped", "running"),
    "connection.toggle": ("active", "inactive"),
}
"""States that show what is now, of operations that do no more than switch."""
_SETTLE = (Standing.APPLIED, Standing.UNCHANGED)


def settled_by(sources: Sources) -> Mapping[str, str]:
    """By the id of each settled attempt, what shows its effect."""
    unknown = sources.trail.of_unknown_effect(sources.now)
    if not unknown:
        return {}
    states = sources.reader.states_at(sources.now)
    found = {}
    for entry in unknown:
        shown = (
            _by_maintenance(entry, sources.maintenances)
            or _by_later_write(entry, sources)
            or _by_history(entry, states, sources)
        )
        if shown:
            found[entry.id] = shown
    return found


def _by_maintenance(entry: Entry, maintenances: Iterable[Maintenance]) -> str:
    """A maintenance reads everything again before it is closed."""
    for one in maintenances:
        if entry.plan == one.id and one.closed_at is not None:
            target = next((each for each in one.targets if each.id in entry.targets), None)
            if target is None or not _is_doubtful(target):
                return "its maintenance is closed and all of it settled"
    return ""


def _is_doubtful(target: NotedTarget) -> bool:
    return target.start is not None and target.start.is_doubtful


def _by_later_write(entry: Entry, sources: Sources) -> str:
    """One that did the same again, and was seen to work."""
    kind = kind_for(entry.operation)
    if kind is None or not kind.does_same_again:
        return ""
    for one in sources.trail.entries:
        if one.at <= entry.at:
            break
        is_same = one.targets == entry.targets and _kind(one) == _kind(entry)
        sets_all = set(entry.after) <= set(one.after)
        if is_same and sets_all and sources.trail.standing(one, sources.now) in _SETTLE:
            return "a later change of the same was applied"
    return ""


def _kind(entry: Entry) -> str:
    system, _, what = entry.operation.partition(".")
    return f"{system} {'switch' if what in ('start', 'stop', 'restart', 'toggle') else what}"


def _by_history(entry: Entry, states: Mapping[Subject, Change], sources: Sources) -> str:
    """A state that was polled once its effect must have been there."""
    subject = subject_of(entry)
    known = states.get(subject) if subject is not None else None
    if subject is None or known is None or known.after.state not in _STATES.get(entry.operation, ()):
        return ""
    if not any(_polled_after(entry.at, subject, sources)):
        return ""
    return _seen(known.after)


def _polled_after(at: datetime, subject: Subject, sources: Sources) -> Iterator[bool]:
    start = at + UNDER_WAY
    for row in sources.reader.coverage(start, max(start, sources.now)):
        yield row.topic == TOPIC_OF.get(subject.kind) and bool(row.ok) and row.end > start


def _seen(state: State) -> str:
    return f"seen {state.state} since then"
