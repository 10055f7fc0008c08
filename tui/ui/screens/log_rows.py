"""Entries of the ErpSync change log as rows and as facts."""

from collections.abc import Mapping
from datetime import datetime

from tui.domain.moments import Moment
from tui.domain.sync_log import SyncLogEntry
from tui.domain.text import one_line
from tui.ui.screens.listed import Listed, instant, past, record
from tui.ui.widgets.columns import LOG
from tui.ui.widgets.facts import Fact, Remarked
from tui.ui.widgets.row_list import Row

FIELDS = tuple(column.id for column in LOG)
Names = Mapping[str, str]
"""Names of the connections by their number."""


def listed(entry: SyncLogEntry, names: Names, now: datetime) -> Listed:
    """An entry's row; the default order is the server's."""
    key = str(entry.number)
    cells = (
        _when(entry.at, now),
        one_line(connection_of(entry, names)) or "–",
        f"{one_line(entry.source or '–')} → {one_line(entry.target or '–')}",
        one_line(entry.field or "") or "–",
        _value(entry.old),
        f"row not readable: {entry.problem}" if entry.problem else _value(entry.new),
    )
    more = {
        "connection": f"{cells[1]} {entry.connection or ''}",
        "when": f"{cells[0]} {entry.at.plain}",
        "source": entry.source or "",
        "target": entry.target or "",
    }
    sign, tone = ("!", "warning") if entry.problem else (" ", "plain")
    at = entry.at.at.timestamp() if entry.at.at else None
    return Listed(
        Row(key, sign, tone, cells),
        record(LOG, cells, more, {"age": entry.at.age(now), "when": past(entry.at, now)}),
        (entry.number, "", ""),
        entry.problem is not None,
        (at, *(cell.casefold() for cell in cells[1:])),
    )


def _when(at: Moment, now: datetime) -> str:
    """The time of today, else date and minute; what is no instant, as it came or in words."""
    if at.at is None:
        return one_line(at.plain or at.ago(now))
    return f"{at.at:%H:%M:%S}" if at.at.date() == now.date() else f"{at.at:%m-%d %H:%M}"


def connection_of(entry: SyncLogEntry, names: Names) -> str:
    """The connection's name where its number is known, else what the server wrote."""
    written = (entry.connection or "").strip()
    return names.get(written) or written


def facts(entry: SyncLogEntry, names: Names, now: datetime) -> tuple[Fact, ...]:
    """Everything known of an entry."""
    problem: tuple[Fact, ...] = (("Not readable", entry.problem),) if entry.problem else ()
    return (
        *problem,
        ("When", instant(entry.at, now)),
        ("Connection", _connection(entry, names)),
        ("Source", _said(entry.source)),
        ("Target", _said(entry.target)),
        ("Field", _said(entry.field)),
        ("Old", _said(entry.old)),
        ("New", _said(entry.new)),
    )


def _connection(entry: SyncLogEntry, names: Names) -> str:
    name, written = connection_of(entry, names), _said(entry.connection)
    return Remarked(f"{name} (number {written})", name) if name != written and name else written


def _value(text: str | None) -> str:
    """A value in a cell: what is blank and what was not reported are not the same."""
    return "–" if text is None else one_line(text) or "(blank)"


def _said(text: str | None) -> str:
    return "not reported" if text is None else text or "(blank)"
