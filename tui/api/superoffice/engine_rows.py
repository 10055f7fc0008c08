"""SuperOffice ErpSync on the wire. Source: superoffice PROTOCOL §3, §6, §7, §11."""

from collections.abc import Mapping, Sequence

from tui.api.error_body import folded, words_of
from tui.api.row_reader import AnyText, Row, Text, Truth, Unreadable, Whole, kind_of, read_row
from tui.api.service import MASK
from tui.domain.intervals import Interval
from tui.domain.jtl.workers import Raw
from tui.domain.superoffice.engine import EngineStatus, TableRight
from tui.domain.superoffice.localized_text import readable
from tui.domain.superoffice.plugin_response import STATUSES, PluginAnswer, RecordRef

_STATUS_NAMES = {name.lower(): name for name in STATUSES} | {"warn": "Warning"}
_CHANGES = (("addedrecords", "added"), ("updatedrecords", "updated"), ("deletedrecords", "deleted"))


class _Engine(Row):
    is_running: Truth = None
    status_message: AnyText = None
    interval: AnyText = None


class _Plugin(Row):
    is_ok: Truth = None
    user_explanation: AnyText = None
    tech_explanation: AnyText = None
    error_code: AnyText = None
    status: AnyText = None


class _Right(Row):
    mask: Text = None
    reason: Text = None


class _Record(Row):
    tablename: Text = None
    record_id: Whole = None


def read_engine(tree: object, select: Sequence[str], language: str | None = None) -> EngineStatus:
    """ErpSyncEngineStatus → status; only a boolean `IsRunning` makes it one (§11).

    Raises:
        Unreadable: it is not such a carrier; with the server's message if it has one.
    """
    known = _carrier(tree)
    running = known.get("isrunning")
    if not isinstance(running, bool) and not (running is None and _left_out("IsRunning", select)):
        raise Unreadable(
            words_of(tree).text or f"IsRunning: expected true or false, got {kind_of(running)}"
        )
    wire = read_row(_Engine, tree)
    properties = known.get("fieldproperties")
    return EngineStatus(
        running=running if isinstance(running, bool) else None,
        message=wire.status_message and readable(wire.status_message, language),
        interval=Interval.read(wire.interval),
        table_right=_right(known.get("tableright")),
        field_properties=properties if isinstance(properties, Mapping) else None,
        raw=masked_raw(tree),
    )


def read_plugin(tree: object, select: Sequence[str], language: str | None = None) -> PluginAnswer:
    """PluginResponse → answer, its explanation in `language` if there are several.

    Raises:
        Unreadable: it has neither `IsOk` nor `Status` though both were requested.
    """
    known = _carrier(tree)
    wanted = not (_left_out("IsOk", select) and _left_out("Status", select))
    if wanted and "isok" not in known and "status" not in known:
        raise Unreadable(words_of(tree).text or "it has neither IsOk nor Status")
    wire = read_row(_Plugin, tree)
    changes, unreadable = _changes(known.get("changes"))
    return PluginAnswer(
        is_ok=wire.is_ok,
        status=_status(wire.status or ""),
        explanation=readable(wire.user_explanation or "", language),
        technical=wire.tech_explanation or "",
        error_code=wire.error_code or "",
        changes=changes,
        unreadable=unreadable,
    )


def read_bare_truth(tree: object) -> bool:
    """A bare `true` or `false` (§3).

    Raises:
        Unreadable: it is neither.
    """
    if not isinstance(tree, bool):
        raise Unreadable(words_of(tree).text or f"expected true or false, got {kind_of(tree)}")
    return tree


def masked_raw(tree: object) -> Raw:
    """The object for the raw view, configuration values masked."""
    return masked(tree) if isinstance(tree, Mapping) else {}


def masked(row: Mapping[str, object]) -> Raw:
    """Mask the values of `ConfigFields`: they are credentials of the connector (§5)."""
    return {
        key: _mask(value) if key.lower() == "configfields" and value is not None else value
        for key, value in row.items()
    }


def _mask(value: object) -> object:
    return dict.fromkeys(value, MASK) if isinstance(value, Mapping) else MASK


def _carrier(tree: object) -> dict[str, object]:
    if not isinstance(tree, Mapping):
        raise Unreadable(f"expected an object, got {kind_of(tree)}")
    return folded(tree)


def _left_out(name: str, select: Sequence[str]) -> bool:
    return bool(select) and name.lower() not in {item.split("/")[0].strip().lower() for item in select}


def _status(text: str) -> str:
    number = text.strip()
    if number.isascii() and number.isdecimal() and len(number) < 4 and int(number) < len(STATUSES):
        return STATUSES[int(number)]
    return _STATUS_NAMES.get(number.lower(), text)


def _right(value: object) -> TableRight | None:
    if not isinstance(value, Mapping):
        return None
    try:
        wire = read_row(_Right, value)
    except Unreadable:
        return None
    return TableRight(wire.mask or "", wire.reason or "")


def _changes(value: object) -> tuple[tuple[RecordRef, ...] | None, int]:
    """ChangedData: the records that it lists, None if it lists no kind of record; and the number of
    unreadable items."""
    known = folded(value) if isinstance(value, Mapping) else {}
    listed = [(known[key], change) for key, change in _CHANGES if known.get(key) is not None]
    if not listed:
        return ((), 1) if value is not None and not isinstance(value, Mapping) else (None, 0)
    found: list[RecordRef] = []
    unreadable = 0
    for records, change in listed:
        for record in records if isinstance(records, list) else (records,):
            try:
                wire = read_row(_Record, record)
            except Unreadable:
                unreadable += 1
            else:
                found.append(RecordRef(change, wire.tablename or "", wire.record_id))
    return tuple(found), unreadable
