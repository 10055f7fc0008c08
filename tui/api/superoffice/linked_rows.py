"""GetConnectionsAndDisplayFields on the wire. Source: superoffice PROTOCOL §5, §6."""

from collections.abc import Iterator

from tui.api.error_body import folded
from tui.api.row_reader import Row, Text, Truth, Unreadable, Whole, list_of, read_each, read_row
from tui.domain.superoffice.linked_records import LinkedConnection
from tui.domain.superoffice.localized_text import readable


class _Linked(Row):
    erp_connection_id: Whole = None
    connection_name: Text = None
    connected: Truth = None
    erp_actor_type: Text = None


class _Field(Row):
    field_key: Text = None
    display_name: Text = None


def read_linked(tree: object, language: str | None = None) -> tuple[LinkedConnection, ...]:
    """ErpConnectionData[] → what each connection reports; an unreadable row has its `problem` set.

    Raises Unreadable: it is not a list, or none of its rows can be read.
    """
    return read_each(
        list_of(tree),
        lambda row, _: _linked(row, language),
        lambda _row, _, problem: LinkedConnection(None, problem=problem),
    )


def _linked(row: object, language: str | None) -> LinkedConnection:
    wire = read_row(_Linked, row)
    return LinkedConnection(
        wire.erp_connection_id,
        readable(wire.connection_name or "", language),
        wire.connected,
        wire.erp_actor_type or "",
        tuple(_field_names(row, language)),
    )


def _field_names(row: object, language: str | None) -> Iterator[str]:
    fields = folded(row).get("erpfields") if isinstance(row, dict) else None
    for one in fields if isinstance(fields, list) else ():
        try:
            wire = read_row(_Field, one)
        except Unreadable:
            continue
        name, key = readable(wire.display_name or "", language), wire.field_key or ""
        yield f"{name} ({key})" if name and key and name != key else name or key
