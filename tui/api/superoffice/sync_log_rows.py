"""The ErpSyncLog archive on the wire. Source: superoffice PROTOCOL §3 (times), §11, §14."""

from collections.abc import Mapping

from tui.api.error_body import folded, words_of
from tui.api.row_reader import AnyText, Row, Text, Unreadable, kind_of, raw_of, read_each, read_row
from tui.domain.superoffice.localized_text import readable
from tui.domain.superoffice.neutral_values import plain_time, plain_value
from tui.domain.superoffice.sync_log import SyncLogEntry
from tui.domain.timestamps import Moment, MomentKind
from tui.frozen import frozen

ID = "id"
"""Needed to order by it (§16)."""
COLUMNS = ("connection", "source", "target", "crmfieldkey", "oldvalue", "newvalue", "updated")
"""The documented ones; `$select` names them."""
_NEXT = ("odata.nextlink", "@odata.nextlink")


@frozen
class ArchivePage:
    entries: tuple[SyncLogEntry, ...]
    link: str
    """The server's link to the next page; empty if there was none."""


class _Entry(Row):
    connection: Text = None
    source: Text = None
    target: Text = None
    crmfieldkey: Text = None
    oldvalue: AnyText = None
    newvalue: AnyText = None
    updated: AnyText = None


def read_sync_log(tree: object, language: str | None = None) -> ArchivePage:
    """`{"odata.metadata", "odata.nextLink", "value": […]}` → entries and link; of a text in several
    languages it takes the one in `language`.

    Raises Unreadable: it has no list, or none of its rows can be read; with the server's message.
    """
    if not isinstance(tree, Mapping):
        raise Unreadable(f"expected an object with a list, got {kind_of(tree)}")
    known = folded(tree)
    rows = known.get("value")
    if not isinstance(rows, list):
        raise Unreadable(words_of(tree).text or f"value: expected a list, got {kind_of(rows)}")
    entries = read_each(
        rows,
        lambda row, _: _entry(row, language),
        lambda row, _, problem: SyncLogEntry(problem=problem, raw=raw_of(row)),
    )
    link = next((known[key] for key in _NEXT if known.get(key)), "")
    return ArchivePage(entries, link if isinstance(link, str) else "")


def _entry(row: object, language: str | None) -> SyncLogEntry:
    raw, wire = raw_of(row), read_row(_Entry, row)
    if not any(name in folded(raw) for name in COLUMNS):
        raise Unreadable("it has none of the requested columns")
    return SyncLogEntry(
        connection=wire.connection and readable(wire.connection, language),
        source=wire.source and readable(wire.source, language),
        target=wire.target and readable(wire.target, language),
        field=wire.crmfieldkey and readable(wire.crmfieldkey, language),
        old=wire.oldvalue and plain_value(readable(wire.oldvalue, language)),
        new=wire.newvalue and plain_value(readable(wire.newvalue, language)),
        at=_utc(wire.updated),
        raw=raw,
    )


def _utc(text: str | None) -> Moment:
    """`updated` columns are always UTC, even without an offset (§3)."""
    read = Moment.read(text and plain_time(text))
    return Moment.read(f"{read.text.strip()}Z") if read.kind is MomentKind.LOCAL else read
