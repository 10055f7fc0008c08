"""GetConnectionsAndDisplayFields on the wire. Source: superoffice-erpsync §5, §6."""

from collections.abc import Iterator

from tui.api.wire import Row, Text, Truth, Unreadable, Whole, read_row
from tui.api.wire_rows import rows_of
from tui.api.words import folded, short
from tui.domain.linked import LinkedConnection
from tui.domain.tenant_text import readable


class _Linked(Row):
    erp_connection_id: Whole = None
    connection_name: Text = None
    connected: Truth = None
    erp_actor_type: Text = None


class _Field(Row):
    field_key: Text = None
    display_name: Text = None


def read_linked(tree: object, language: str | None = None) -> tuple[LinkedConnection, ...]:
    """ErpConnectionData[] → what each connection says; a row that cannot be read says so itself.

    Raises:
        Unreadable: it is no list, or no row of it can be read.
    """
    return rows_of(tree, lambda row, _place: _linked(row, language))


def _linked(row: object, language: str | None) -> LinkedConnection:
    try:
        wire = read_row(_Linked, row)
    except Unreadable as problem:
        return LinkedConnection(None, problem=short(str(problem)))
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
