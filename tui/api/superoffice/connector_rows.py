"""Connectors, their fields, and what a connection holds: requested on demand. Source: superoffice
PROTOCOL §3, §5, §6, §11.

Invariant: a configuration value leaves this module as `Concealed`; no sentence quotes one.
"""

import re
from collections.abc import Mapping
from typing import TypeVar

from tui.api.error_body import folded, short, words_of
from tui.api.row_reader import (
    Row,
    Text,
    Truth,
    Unreadable,
    Whole,
    as_any_text,
    as_text,
    kind_of,
    list_of,
    read_row,
)
from tui.api.superoffice.engine_rows import masked_raw
from tui.domain.superoffice.connections import (
    ActorSummary,
    Concealed,
    ConfigField,
    ConnectionSummary,
    Connector,
)
from tui.domain.superoffice.localized_text import readable
from tui.domain.timestamps import Moment

R = TypeVar("R", bound=Row)
_MESSAGE = {"message", "messagedetail"}
"""Keys of the response to a call that lacks something, instead of its carrier (§11)."""
_ADDRESS = re.compile(r"(https?|app)://", re.IGNORECASE)
"""How the address of a connector begins."""


class _Connector(Row):
    id: Whole = None
    name: Text = None
    tool_tip: Text = None


class _Field(Row):
    field_key: Text = None
    display_name: Text = None
    field_type: Text = None


class _Actor(Row):
    actor_type: Text = None
    has_mappings: Truth = None
    defaults: Text = None
    mappings: Text = None


def read_connectors(tree: object, language: str | None = None) -> tuple[Connector, ...]:
    """ListItem[] → connectors; leaves out items without an id.

    Raises Unreadable: it is not a list, or none of its items can be read.
    """
    items = _readable_rows(_Connector, list_of(tree), "connector")
    return tuple(_connector(one.id, one, language) for one in items if one.id is not None)


def _connector(number: int, wire: _Connector, language: str | None) -> Connector:
    name, tip = readable(wire.name or "", language), wire.tool_tip or ""
    if _ADDRESS.match(tip):
        return Connector(number, name, url=tip)
    return Connector(number, name, tool_tip=readable(tip, language))


def read_config_fields(tree: object, language: str | None = None) -> tuple[ConfigField, ...]:
    """FieldMetadata[] → the fields that a connector needs; leaves out fields without a key.

    Raises Unreadable: it is not a list, or none of its fields can be read.
    """
    items = _readable_rows(_Field, list_of(tree), "field")
    return tuple(
        ConfigField(
            one.field_key,
            readable(one.display_name or "", language),
            one.field_type or "",
        )
        for one in items
        if one.field_key
    )


def read_summary(tree: object, language: str | None = None) -> ConnectionSummary:
    """ErpSyncConnectionSummary → summary; counts actors that cannot be read and leaves them out.

    Raises Unreadable: it is not such a carrier.
    """
    known = folded(tree) if isinstance(tree, Mapping) else {}
    if "lastsync" not in known and "actors" not in known:
        raise Unreadable(words_of(tree).text or f"expected a summary, got {kind_of(tree)}")
    last_sync = as_any_text(known.get("lastsync"))
    actors, problem = _actors(known.get("actors"), language)
    return ConnectionSummary(Moment.read(last_sync), actors, problem, masked_raw(tree))


def read_values(tree: object) -> dict[str, Concealed]:
    """Map of name to configuration value, concealed at once.

    Raises Unreadable: it is not a map; the message never quotes the response, which could be a value.
    """
    if not isinstance(tree, Mapping):
        raise Unreadable(f"expected the fields by name, got {kind_of(tree)}")
    if tree and {name.lower() for name in tree} <= _MESSAGE:
        raise Unreadable("it contains a message instead of the fields")
    try:
        return {str(name): Concealed(str(as_text(value) or "")) for name, value in tree.items()}
    except ValueError:
        raise Unreadable("the value of a field is not a text") from None


def _readable_rows(model: type[R], rows: list[object], noun: str) -> list[R]:
    """The readable ones; they only add names, so the others are left out."""
    found: list[R] = []
    problem = ""
    for row in rows:
        try:
            found.append(read_row(model, row))
        except Unreadable as failure:
            problem = short(str(failure))
    if rows and not found:
        raise Unreadable(f"none of {len(rows)} {noun}s can be read: {problem}")
    return found


def _actors(value: object, language: str | None) -> tuple[tuple[ActorSummary, ...], str]:
    if not isinstance(value, list):
        return (), "" if value is None else f"actors unreadable: expected a list, got {kind_of(value)}"
    try:
        rows = _readable_rows(_Actor, value, "actor")
    except Unreadable as problem:
        return (), str(problem)
    actors = tuple(
        ActorSummary(
            one.actor_type or "",
            one.has_mappings,
            readable(one.defaults or "", language),
            readable(one.mappings or "", language),
        )
        for one in rows
    )
    left = len(value) - len(actors)
    return actors, f"{left} of {len(value)} actors cannot be read" if left else ""
