"""The Batch agent's rows, as far as following a batch resync needs them.

Source: superoffice PROTOCOL §7, §14. States, progress, result and LastStarted are documented; method
and body are taken from the names of its pages; identifier, name and creation time are [inferred]. Only
this module contains these names.
"""

from collections.abc import Mapping
from contextlib import suppress

from tui.api.error_body import folded
from tui.api.row_reader import Number, Row, Text, as_text, list_of, read_each, read_row
from tui.api.superoffice.engine_rows import carrier
from tui.domain.superoffice.batch_tasks import BatchTask
from tui.domain.superoffice.localized_text import readable
from tui.domain.timestamps import Moment

AGENT = "Batch"
METHOD = "GetBatchTaskInfosByState"
BODY = {"State": "All"}
"""[inferred] The parameter's name; `All` is a documented BatchTaskState."""
_IDS = ("id", "batchtaskid")
_NAMES = ("name", "displayname", "batchtaskname", "description")
_CREATED = ("created", "createdtime", "registered", "starttime")
"""[inferred] Keys in order of preference."""
_STATES = {
    "0": "Unknown",
    "1": "New",
    "2": "Aquired",
    "3": "Started",
    "4": "Succeeded",
    "5": "Failed",
    "6": "SucceededManualCleanup",
}


class _Task(Row):
    state: Text = None
    progress_percent: Number = None
    progress_description: Text = None
    result: Text = None
    last_started: Text = None


def read_batch_tasks(tree: object, language: str | None = None) -> tuple[BatchTask, ...]:
    """BatchTaskInfo[] → tasks in the server's order; an unreadable row has its `problem` set.

    Raises Unreadable: it is not a list, or none of its rows can be read.
    """
    return read_each(list_of(tree), lambda row, place: _task(row, place, language), _broken)


def _broken(row: object, place: int, problem: str) -> BatchTask:
    raw = row if isinstance(row, dict) else {}
    return BatchTask(_first(folded(raw), _IDS) or f"#{place}", problem=problem)


def _task(row: object, place: int, language: str | None) -> BatchTask:
    known, wire = carrier(row), read_row(_Task, row)
    percent = wire.progress_percent
    state = (wire.state or "").strip()
    return BatchTask(
        _first(known, _IDS) or f"#{place}",
        readable(_first(known, _NAMES), language),
        _STATES.get(state, state),
        None if percent is None else round(percent),
        readable(wire.progress_description or "", language),
        readable(wire.result or "", language),
        Moment.read(_first(known, _CREATED) or None),
        Moment.read(wire.last_started),
    )


def _first(known: Mapping[str, object], names: tuple[str, ...]) -> str:
    for name in names:
        if known.get(name) is not None:
            with suppress(ValueError):
                return as_text(known[name]) or ""
    return ""
