"""Entries of the ErpSync change log as rows and as facts."""

from collections.abc import Mapping
from datetime import datetime

from tui.domain.superoffice.sync_log import SyncLogEntry
from tui.domain.text import one_line
from tui.domain.timestamps import Moment
from tui.ui.screens.list_row import ListRow, instant, past, record
from tui.ui.widgets.columns import LOG
from tui.ui.widgets.fact_list import Fact, RemarkedText
from tui.ui.widgets.row_list import Row

Names = Mapping[str, str]
"""Names of the connections by their number."""


def listed(entry: SyncLogEntry, names: Names, now: datetime) -> ListRow:
    """An entry's row; the default order is the server's."""
    key = str(entry.number)
    cells = (
        _when(entry.at, now),
        one_line(connection_of(entry, names)) or "–",
        f"{one_line(entry.source or '–')} → {one_line(entry.target or '–')}",
        one_line(entry.field or "") or "–",
        _value(entry.old),
        f"row unreadable: {entry.problem}" if entry.problem else _value(entry.new),
    )
    more = {
        "connection": f"{cells[1]} {entry.connection or ''}",
        "when": f"{cells[0]} {entry.at.plain}",
        "source": entry.source or "",
        "target": entry.target or "",
    }
    sign, tone = ("!", "warning") if entry.problem else (" ", "plain")
    at = entry.at.at.timestamp() if entry.at.at else None
    return ListRow(
        Row(key, sign, tone, cells),
        record(LOG, cells, more, {"age": entry.at.age(now), "when": past(entry.at, now)}),
        (entry.number, "", ""),
        entry.problem is not None,
        (at, *(cell.casefold() for cell in cells[1:])),
    )


def _when(at: Moment, now: datetime) -> str:
    """The time of today, else date and minute; a timestamp that is not an instant as received or as
    text.
    """
    if at.at is None:
        return one_line(at.plain or at.ago(now))
    return f"{at.at:%H:%M:%S}" if at.at.date() == now.date() else f"{at.at:%m-%d %H:%M}"


def connection_of(entry: SyncLogEntry, names: Names) -> str:
    """The connection's name where its number is known, else the server's text."""
    written = (entry.connection or "").strip()
    return names.get(written) or written


def facts(entry: SyncLogEntry, names: Names, now: datetime) -> tuple[Fact, ...]:
    problem: tuple[Fact, ...] = (("Unreadable", entry.problem),) if entry.problem else ()
    return (
        *problem,
        ("When", instant(entry.at, now)),
        ("Connection", _connection(entry, names)),
        ("Source", _text(entry.source)),
        ("Target", _text(entry.target)),
        ("Field", _text(entry.field)),
        ("Old", _text(entry.old)),
        ("New", _text(entry.new)),
    )


def _connection(entry: SyncLogEntry, names: Names) -> str:
    name, written = connection_of(entry, names), _text(entry.connection)
    return RemarkedText(f"{name} (number {written})", name) if name != written and name else written


def _value(text: str | None) -> str:
    """A value in a cell: an empty value and one that was not reported look different."""
    return "–" if text is None else one_line(text) or "(blank)"


def _text(text: str | None) -> str:
    return "not reported" if text is None else text or "(blank)"
