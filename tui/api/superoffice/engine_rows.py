"""SuperOffice ErpSync on the wire. Source: superoffice PROTOCOL §3, §6, §7, §11."""

from collections.abc import Mapping

from tui.api.error_body import folded, words_of
from tui.api.row_reader import AnyText, Row, Text, Truth, Unreadable, kind_of, raw_of, read_row
from tui.api.service import MASK
from tui.domain.intervals import Interval
from tui.domain.jtl.workers import Raw
from tui.domain.superoffice.engine import EngineStatus, TableRight
from tui.domain.superoffice.localized_text import readable


class _Engine(Row):
    is_running: Truth = None
    status_message: AnyText = None
    interval: AnyText = None


class _Right(Row):
    mask: Text = None
    reason: Text = None


def read_engine(tree: object, language: str | None = None) -> EngineStatus:
    """ErpSyncEngineStatus → status; only a boolean `IsRunning` makes it one (§11).

    Raises Unreadable: it is not such a carrier; with the server's message if it has one.
    """
    known = carrier(tree)
    running = known.get("isrunning")
    if not isinstance(running, bool):
        raise Unreadable(
            words_of(tree).text or f"IsRunning: expected true or false, got {kind_of(running)}"
        )
    wire = read_row(_Engine, tree)
    properties = known.get("fieldproperties")
    return EngineStatus(
        running=running,
        message=wire.status_message and readable(wire.status_message, language),
        interval=Interval.read(wire.interval),
        table_right=_right(known.get("tableright")),
        field_properties=properties if isinstance(properties, Mapping) else None,
        raw=masked_raw(tree),
    )


def read_bare_truth(tree: object) -> bool:
    """A bare `true` or `false` (§3). Raises Unreadable: it is neither."""
    if not isinstance(tree, bool):
        raise Unreadable(words_of(tree).text or f"expected true or false, got {kind_of(tree)}")
    return tree


def masked_raw(tree: object) -> Raw:
    """The row for the raw view, configuration values masked."""
    return masked(tree) if isinstance(tree, Mapping) else raw_of(tree)


def masked(row: Mapping[str, object]) -> Raw:
    """Mask the values of `ConfigFields`: they are credentials of the connector (§5)."""
    return {
        key: _mask(value) if key.lower() == "configfields" and value is not None else value
        for key, value in row.items()
    }


def _mask(value: object) -> object:
    return dict.fromkeys(value, MASK) if isinstance(value, Mapping) else MASK


def carrier(tree: object) -> dict[str, object]:
    """Its properties by their names in lower case. Raises Unreadable: it is not an object."""
    if not isinstance(tree, Mapping):
        raise Unreadable(f"expected an object, got {kind_of(tree)}")
    return folded(tree)


def _right(value: object) -> TableRight | None:
    if not isinstance(value, Mapping):
        return None
    try:
        wire = read_row(_Right, value)
    except Unreadable:
        return None
    return TableRight(wire.mask or "", wire.reason or "")
