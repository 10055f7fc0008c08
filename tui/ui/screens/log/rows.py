"""Entries of the ErpSync change log as rows and as facts."""

from datetime import datetime

from tui.domain.superoffice.sync_log import SyncLogEntry
from tui.presentation.columns import LOG, cells_of, on_screen
from tui.presentation.log import CELLS, LogRow, Names, connection_of
from tui.ui.screens.list_row import ListRow, instant, past, record, sort_values
from tui.ui.widgets.fact_list import Fact, RemarkedText
from tui.ui.widgets.row_list import Row

COLUMNS = on_screen(LOG)


def listed(entry: SyncLogEntry, names: Names, now: datetime) -> ListRow:
    """An entry's row; the default order is the server's."""
    cells = cells_of(COLUMNS, CELLS, LogRow(entry, names, now))
    more = {
        "connection": f"{cells[1]} {entry.connection or ''}",
        "when": f"{cells[0]} {entry.at.plain}",
        "source": entry.source or "",
        "target": entry.target or "",
    }
    sign, tone = ("!", "warning") if entry.problem else (" ", "plain")
    at = entry.at.at.timestamp() if entry.at.at else None
    return ListRow(
        Row(str(entry.number), sign, tone, cells),
        record(COLUMNS, cells, more, {"age": entry.at.age(now), "when": past(entry.at, now)}),
        (entry.number, "", ""),
        entry.problem is not None,
        sort_values(COLUMNS, cells, {"when": at}),
    )


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


def _text(text: str | None) -> str:
    return "not reported" if text is None else text or "(blank)"
