"""ErpSync connections on the wire. Source: superoffice PROTOCOL §3, §5, §6, §11.

Invariant: a configuration value leaves this module masked; no sentence quotes one.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from tui.api.error_body import folded, words_of
from tui.api.row_reader import (
    Row,
    Text,
    Truth,
    Unreadable,
    Whole,
    identifier_in,
    kind_of,
    list_of,
    read_each,
    read_row,
)
from tui.api.superoffice.engine_rows import masked_raw
from tui.domain.superoffice.engine import Connection
from tui.domain.superoffice.localized_text import readable

R = TypeVar("R", bound=Row)


class _Connection(Row):
    erp_connection_id: Whole = None
    erp_connector_id: Whole = None
    display_name: Text = None
    display_description: Text = None
    active: Truth = None
    connection_id: Text = None
    most_recent_timestamp: Text = None
    deleted: Truth = None


def read_connections(tree: object, language: str | None = None) -> tuple[Connection, ...]:
    """ErpConnection[] → connections, configuration values masked. A row without an id of its own gets
    minus its position, and so does every further row with the same id; of a text in several languages
    it takes the one in `language`.

    Raises Unreadable: it is not a list, or none of its rows can be read.
    """
    rows = read_each(list_of(tree), lambda row, _: _connection(row, language), _broken)
    counts = Counter(connection.id for connection in rows)
    seen: set[int] = set()
    return tuple(
        one if counts[one.id] == 1 else _doubled(one, position, seen)
        for position, one in enumerate(rows, 1)
    )


def _doubled(connection: Connection, position: int, seen: set[int]) -> Connection:
    """A row that shares its id; only the first keeps it."""
    number = connection.id
    problem = "; ".join(
        filter(None, (f"the same ErpConnectionId as another row: {number}", connection.problem))
    )
    known_as = -position if number in seen else number
    seen.add(number)
    return replace(connection, id=known_as, problem=problem, doubled=True)


def read_reasons(tree: object, language: str | None = None) -> tuple[str, ...]:
    """Why a toggle was refused, each reason in full; none: it is done (§5).

    Raises Unreadable: it is not a list of texts.
    """
    if not isinstance(tree, list) or not all(isinstance(reason, str) for reason in tree):
        raise Unreadable(words_of(tree).text or f"expected a list of reasons, got {kind_of(tree)}")
    return tuple(readable(reason, language) for reason in tree)


def _broken(row: object, position: int, problem: str) -> Connection:
    number = _id_of(row)
    return Connection(-position if number is None else number, problem=problem, raw=masked_raw(row))


def _id_of(row: object) -> int | None:
    known_id = identifier_in(row, "erpconnectionid")
    return int(known_id) if known_id and re.fullmatch(r"[0-9]{1,10}", known_id) else None


def _connection(row: object, language: str | None) -> Connection:
    number = _id_of(row)
    if number is None:
        raise Unreadable("no usable ErpConnectionId")
    wire = read_row(_Connection, row)
    return Connection(
        id=number,
        name=readable(wire.display_name or "", language),
        description=readable(wire.display_description or "", language),
        active=wire.active,
        deleted=bool(wire.deleted),
        connector_id=wire.erp_connector_id,
        guid=wire.connection_id or "",
        most_recent=wire.most_recent_timestamp or "",
        config_field_names=_field_names(row),
        raw=masked_raw(row),
    )


def _field_names(row: object) -> tuple[str, ...]:
    fields = folded(row).get("configfields") if isinstance(row, dict) else None
    return tuple(str(name) for name in fields) if isinstance(fields, Mapping) else ()
