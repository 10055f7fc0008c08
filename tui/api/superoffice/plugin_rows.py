"""What the connector reports of a sync or resync. Source: superoffice PROTOCOL §6, §7, §11."""

from collections.abc import Mapping

from tui.api.error_body import folded, words_of
from tui.api.row_reader import AnyText, Row, Text, Truth, Unreadable, Whole, read_row
from tui.api.superoffice.engine_rows import carrier
from tui.domain.superoffice.localized_text import readable
from tui.domain.superoffice.plugin_response import STATUSES, PluginAnswer, RecordRef

_STATUS_NAMES = {name.lower(): name for name in STATUSES} | {"warn": "Warning"}
_CHANGES = (("addedrecords", "added"), ("updatedrecords", "updated"), ("deletedrecords", "deleted"))


class _Plugin(Row):
    is_ok: Truth = None
    user_explanation: AnyText = None
    tech_explanation: AnyText = None
    error_code: AnyText = None
    status: AnyText = None


class _Record(Row):
    tablename: Text = None
    record_id: Whole = None


def read_plugin(tree: object, language: str | None = None) -> PluginAnswer:
    """PluginResponse → answer, its explanation in `language` if there are several.

    Raises Unreadable: it has neither `IsOk` nor `Status`.
    """
    known = carrier(tree)
    if "isok" not in known and "status" not in known:
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


def _status(text: str) -> str:
    number = text.strip()
    if number.isascii() and number.isdecimal() and len(number) < 4 and int(number) < len(STATUSES):
        return STATUSES[int(number)]
    return _STATUS_NAMES.get(number.lower(), text)


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
