"""Entries of the audit trail as rows and as facts."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from tui.domain.result import with_result
from tui.domain.text import one_line
from tui.domain.timestamps import ago_text
from tui.ops.audit.entries import Entry, Standing
from tui.ops.audit.run_ends import run_end_of
from tui.ops.operations.registry import title_of
from tui.presentation.columns import ACTIVITY
from tui.ui.screens.list_row import ListRow, record, sort_values
from tui.ui.screens.signs import RESULT_SIGNS
from tui.ui.widgets.fact_list import Fact
from tui.ui.widgets.row_list import Row

_BAD_RUN = ("!", "warning")
"""A start or restart that took effect, and then its run failed."""
_NEWEST = 10**15
"""A line number above all others: in the order, later lines of the same moment come first."""


def listed(entry: Entry, standing: Standing, now: datetime) -> ListRow:
    """An entry's row; the default order is newest first."""
    run = run_end_of(entry)
    is_bad_run = standing is Standing.APPLIED and run is not None and not run.is_good
    sign, tone = _BAD_RUN if is_bad_run else RESULT_SIGNS[standing.value]
    title = title_of(entry.operation)
    cells = (
        standing.value,
        _at(entry.at, now),
        title,
        one_line(entry.target) or "–",
        one_line(entry.user) or "–",
        news(entry, standing),
    )
    more = {
        "message": f"{cells[-1]} {last_word(entry, standing)}",
        "operation": f"{title} {entry.operation}",
        "id": " ".join((entry.id, *entry.targets)),
        "host": entry.host,
        "request": entry.request_id,
    }
    return ListRow(
        Row(entry.id, sign, tone, cells),
        record(ACTIVITY, cells, more, {"age": (now - entry.at).total_seconds()}, standing.value),
        order(entry),
        standing.is_open,
        sort_values(ACTIVITY, cells, {"time": entry.at.timestamp()}),
    )


def order(entry: Entry) -> tuple[int, str, str]:
    return -int(entry.at.timestamp() * 1000), str(_NEWEST - entry.line), entry.id


def last_word(entry: Entry, standing: Standing) -> str:
    """The latest message about it, on one line: from a later check, or from its response."""
    return one_line(entry.checks[-1].dated if entry.checks else _message(entry, standing))


def news(entry: Entry, standing: Standing) -> str:
    """What the row is for comes first, for its end may be cut: the change, or the result's reason."""
    word = entry.checks[-1].sentence if entry.checks else _message(entry, standing)
    for before in ("read again: ", "checked: "):
        word = word.rpartition(before)[2]
    word = one_line(word.removeprefix(f"{standing.value}, ").removeprefix(f"{standing.value}; "))
    if standing is not Standing.APPLIED:
        return word
    return " · ".join(filter(None, (*(f"{name} {change}" for name, change in _changes(entry)), word)))


def _at(at: datetime, now: datetime) -> str:
    """The time of today, else the date; in UTC, as everywhere."""
    return f"{at:%H:%M:%S}" if at.date() == now.date() else f"{at:%Y-%m-%d}"


def facts(
    entry: Entry, standing: Standing, now: datetime, others: Iterable[Entry] = ()
) -> tuple[Fact, ...]:
    """`others`: among which those are that it undoes, or that undo it."""
    return (
        ("Result", standing.value),
        *_why(entry, standing),
        *_undo(entry, others),
        ("Operation", f"{title_of(entry.operation)} ({entry.operation})"),
        ("Target", entry.target or "not recorded"),
        ("Identifier", ", ".join(entry.targets) or "not recorded"),
        ("At", _full(entry.at, now)),
        ("Ended", _ended(entry)),
        ("By", " on ".join(filter(None, (entry.user, entry.host))) or "not recorded"),
        ("Profile", " · ".join(filter(None, (entry.profile, entry.environment))) or "not recorded"),
        ("Server", one_line(entry.address) or "not recorded"),
        ("HTTP status", "not recorded" if entry.status is None else str(entry.status)),
        ("Request id", entry.request_id or "not recorded"),
        *_headed("Responses", tuple(_responses(entry))),
        *_headed("Before → after", tuple(_changes(entry))),
        *_headed("Sent", tuple(_sent(entry.sent))),
        *_headed("Checked since", tuple(_checks(entry, now))),
    )


_NO_SENTENCE = {
    Standing.NO_OUTCOME: "the console ended before the response arrived; the effect is unknown",
    Standing.IN_FLIGHT: "it was sent; no response yet",
}


def _message(entry: Entry, standing: Standing) -> str:
    return entry.sentence or _NO_SENTENCE.get(standing, "")


def _why(entry: Entry, standing: Standing) -> Iterator[Fact]:
    """The reason of the result, and the first result where a later check replaced it."""
    message = _message(entry, standing)
    settled = entry.result is not None and entry.result.value != standing.value
    if not (settled and entry.checks):
        yield "", message or "no message"
        return
    yield "", entry.checks[-1].sentence
    if entry.result is not None:
        yield "First result", with_result(entry.result, message)


def _undo(entry: Entry, others: Iterable[Entry]) -> Iterator[Fact]:
    for one in others:
        named = f"{title_of(one.operation)} of {one.at:%Y-%m-%d %H:%M:%S} UTC"
        if one.id == entry.undoes:
            yield "Undoes", named
        elif one.undoes == entry.id:
            yield "Undone", f"by {named}: {one.result or 'no outcome'}"


def _full(at: datetime, now: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC ({ago_text(max(0.0, (now - at).total_seconds()))})"


def _ended(entry: Entry) -> str:
    if entry.ended_at is None:
        return "no outcome was recorded"
    took = (entry.ended_at - entry.at).total_seconds()
    return f"{entry.ended_at:%Y-%m-%d %H:%M:%S} UTC, after {took:.1f} s"


def _headed(heading: str, lines: tuple[Fact, ...]) -> tuple[Fact, ...]:
    return (("", ""), (heading, ""), *lines) if lines else ()


def _responses(entry: Entry) -> Iterator[Fact]:
    """Every response on the way, where there were more than the one above."""
    for one in entry.responses if len(entry.responses) > 1 else ():
        known = f" · {one.request_id}" if one.request_id else ""
        yield str(one.status), one_line(f"{one.method} {one.path}{known}")


def _changes(entry: Entry) -> Iterator[Fact]:
    for name in dict.fromkeys((*entry.before, *entry.after)):
        yield name, f"{_shown(entry.before.get(name))} → {_shown(entry.after.get(name))}"


def _sent(sent: Mapping[str, object]) -> Iterator[Fact]:
    for name, value in sent.items():
        if isinstance(value, Mapping):
            yield from ((str(part), _shown(item)) for part, item in value.items())
        else:
            yield name, _shown(value)


def _checks(entry: Entry, now: datetime) -> Iterator[Fact]:
    for check in entry.checks:
        yield check.result, check.sentence
        yield "", _full(check.at, now)


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "not recorded" if value is None else str(value) or "empty"
