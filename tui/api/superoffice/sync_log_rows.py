"""The ErpSyncLog archive on the wire. Source: superoffice PROTOCOL §3 (times), §11, §14."""

from collections.abc import Mapping
from dataclasses import dataclass

from tui.api.error_body import folded, short, words_of
from tui.api.row_reader import Row, Text, Unreadable, kind_of, moment, read_each, read_row
from tui.domain.superoffice.sync_log import SyncLogEntry
from tui.domain.timestamps import Moment, MomentKind

COLUMNS = ("connection", "source", "target", "crmfieldkey", "oldvalue", "newvalue", "updated")
"""The documented ones; `$select` names them."""
_NEXT = ("odata.nextlink", "@odata.nextlink")


@dataclass(frozen=True, slots=True)
class ArchivePage:
    entries: tuple[SyncLogEntry, ...]
    link: str
    """The server's link to the next page; empty if there was none."""


class _Entry(Row):
    connection: Text = None
    source: Text = None
    target: Text = None
    crmfieldkey: Text = None
    oldvalue: Text = None
    newvalue: Text = None
    updated: Text = None


def read_sync_log(tree: object) -> ArchivePage:
    """`{"odata.metadata", "odata.nextLink", "value": […]}` → entries and link.

    Raises:
        Unreadable: it has no list, or none of its rows can be read; with the server's message.
    """
    if not isinstance(tree, Mapping):
        raise Unreadable(f"expected an object with a list, got {kind_of(tree)}")
    known = folded(tree)
    rows = known.get("value")
    if not isinstance(rows, list):
        raise Unreadable(words_of(tree).text or f"value: expected a list, got {kind_of(rows)}")
    entries = read_each(rows, lambda row, _place: _entry(row))
    link = next((known[key] for key in _NEXT if known.get(key)), "")
    return ArchivePage(entries, link if isinstance(link, str) else "")


def _entry(row: object) -> SyncLogEntry:
    raw = row if isinstance(row, Mapping) else {"": row}
    try:
        wire = read_row(_Entry, row)
    except Unreadable as problem:
        return SyncLogEntry(problem=short(str(problem)), raw=raw)
    if not any(name in folded(raw) for name in COLUMNS):
        return SyncLogEntry(problem="it has none of the requested columns", raw=raw)
    return SyncLogEntry(
        connection=wire.connection,
        source=wire.source,
        target=wire.target,
        field=wire.crmfieldkey,
        old=wire.oldvalue,
        new=wire.newvalue,
        at=_utc(wire.updated),
        raw=raw,
    )


def _utc(text: str | None) -> Moment:
    """`updated` columns are always UTC, even without an offset (§3)."""
    read = moment(text)
    return moment(f"{read.text.strip()}Z") if read.kind is MomentKind.LOCAL else read
