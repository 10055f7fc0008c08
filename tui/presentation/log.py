"""Entries of the ErpSync change log: the cells of a row, and the row as `--json` writes it."""

from collections.abc import Mapping
from datetime import datetime

from tui.domain.superoffice.sync_log import SyncLogEntry
from tui.domain.text import one_line
from tui.domain.timestamps import stamp
from tui.frozen import frozen
from tui.presentation.columns import LOG, NOT_KNOWN, Cells
from tui.presentation.item import Item, PrintedList, text_of, unread

Names = Mapping[str, str]
"""Names of the connections by their number."""


@frozen
class LogRow:
    entry: SyncLogEntry
    names: Names
    now: datetime


def connection_of(entry: SyncLogEntry, names: Names) -> str:
    """The connection's name where its number is known, else the server's text."""
    written = (entry.connection or "").strip()
    return names.get(written) or written


def _when(row: LogRow) -> str:
    """The time of today, else date and minute; a timestamp that is not an instant as received or as
    text."""
    at = row.entry.at
    if at.at is None:
        return at.plain or at.ago(row.now)
    return f"{at.at:%H:%M:%S}" if at.at.date() == row.now.date() else f"{at.at:%m-%d %H:%M}"


def _new(row: LogRow) -> str:
    """An unreadable row says so in place of its new value."""
    problem = row.entry.problem
    return f"row unreadable: {problem}" if problem else _value(row.entry.new)


def _value(text: str | None) -> str:
    """An empty value and one that was not reported look different."""
    return NOT_KNOWN if text is None else one_line(text) or "(blank)"


CELLS: Cells[LogRow] = {
    "when": _when,
    "at": lambda row: stamp(row.entry.at.at) or row.entry.at.text,
    "connection": lambda row: connection_of(row.entry, row.names) or NOT_KNOWN,
    "route": lambda row: f"{row.entry.source or NOT_KNOWN} → {row.entry.target or NOT_KNOWN}",
    "source": lambda row: row.entry.source or "",
    "target": lambda row: row.entry.target or "",
    "field": lambda row: row.entry.field or NOT_KNOWN,
    "old": lambda row: _value(row.entry.old),
    "new": _new,
}


def _item(row: LogRow) -> Item:
    entry = row.entry
    return {
        "at": stamp(entry.at.at),
        "at_text": unread(entry.at),
        "connection": text_of(entry.connection),
        "source": text_of(entry.source),
        "target": text_of(entry.target),
        "field": text_of(entry.field),
        "old": text_of(entry.old),
        "new": text_of(entry.new),
        "problem": text_of(entry.problem),
    }


PRINTED = PrintedList(LOG, CELLS, _item)
