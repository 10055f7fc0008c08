"""JTL-Wawi on the wire: workers, their status, extensions. Source: jtl PROTOCOL §1.2, §1.3, §3, §6."""

from typing import Annotated

from pydantic import BeforeValidator, PlainValidator

from tui.api.row_reader import (
    AnyText,
    Number,
    Row,
    Rows,
    RowSchema,
    Text,
    Truth,
    Unreadable,
    Whole,
    as_text,
    as_whole,
    read_row,
)
from tui.domain.intervals import Interval
from tui.domain.jtl.extensions import Extension, ExtensionStatus
from tui.domain.jtl.workers import Raw, WorkerOption, WorkerStatus, WorkerSync
from tui.domain.text import Altered
from tui.domain.timestamps import Moment

_STATES = {
    "suspended": 0,
    "starting": 1,
    "running": 2,
    "successfullfinished": 3,
    "successfulfinished": 3,
    "sleepingerror": 4,
    "stopping": 5,
    "sleepingerrorgesperrt": 6,
    "deactivated": 7,
}
"""Both spellings of the enum's names, without underscores (§1.3); servers normally send numbers."""


def _as_state(value: object) -> object:
    if (
        isinstance(value, str)
        and (known := _STATES.get(value.strip().lower().replace("_", ""))) is not None
    ):
        return known
    return as_whole(value)


def _as_extension_status(value: object) -> object:
    if isinstance(value, str) and value.strip().upper() in ExtensionStatus.__members__:
        return int(ExtensionStatus[value.strip().upper()])
    return as_whole(value)


class _Option(Row):
    identifier: Text = None
    display_name: Text = None
    display_description: Text = None
    type: Text = None
    current_value: Annotated[str | None, PlainValidator(as_text)] = None
    """Plain, because pydantic would turn a text that is marked as altered into an ordinary `str`."""
    is_required: Truth = None


class _Sync(Row):
    identifier: Text = None
    sync_name: Text = None
    sales_channel_name: Text = None
    sales_channel_id: Text = None
    interval: AnyText = None
    report_progress: Truth = None
    configurations: Rows[_Option] = []  # noqa: RUF012 - pydantic copies a model's defaults


class _Status(Row):
    identifier: Text = None
    state: Annotated[int | None, BeforeValidator(_as_state)] = None
    progress_text: AnyText = None
    progress: Number = None
    last_sync: AnyText = None
    next_sync: AnyText = None


class _Extension(Row):
    id: Text = None
    extension_id: Text = None
    version: Text = None
    created: AnyText = None
    last_changed: AnyText = None
    manifest_hash: Text = None
    status: Annotated[int | None, BeforeValidator(_as_extension_status)] = None


def read_sync(row: object, raw: Raw) -> WorkerSync:
    wire = read_row(_Sync, row)
    return WorkerSync(
        id=wire.identifier or "",
        kind=wire.sync_name or "",
        channel=wire.sales_channel_name or "",
        channel_id=wire.sales_channel_id or "",
        interval=Interval.read(wire.interval),
        reports_progress=bool(wire.report_progress),
        options=tuple(_option(option, place) for place, option in enumerate(wire.configurations, 1)),
        raw=raw,
    )


def _option(wire: _Option, place: int) -> WorkerOption:
    if not wire.identifier:
        raise Unreadable(f"Configurations.{place}: Identifier is missing")
    return WorkerOption(
        id=wire.identifier,
        name=wire.display_name or wire.identifier,
        description=wire.display_description or "",
        type_name=wire.type or "string",
        value=None if wire.current_value is None else str(wire.current_value),
        required=bool(wire.is_required),
        altered=isinstance(wire.current_value, Altered),
    )


def read_status(row: object, raw: Raw) -> WorkerStatus:
    wire = read_row(_Status, row)
    return WorkerStatus(
        id=wire.identifier or "",
        state=wire.state,
        text=wire.progress_text or "",
        progress=wire.progress,
        status_at=Moment.read(wire.last_sync),
        next_at=Moment.read(wire.next_sync),
        raw=raw,
    )


def read_extension(row: object, raw: Raw) -> Extension:
    wire = read_row(_Extension, row)
    return Extension(
        id=wire.id or "",
        extension_id=wire.extension_id or "",
        version=wire.version or "",
        status=wire.status,
        manifest_hash=wire.manifest_hash or "",
        created=Moment.read(wire.created),
        last_changed=Moment.read(wire.last_changed),
        raw=raw,
    )


_ENVELOPE = ("items", "data", "value")

SYNCS = RowSchema(
    "identifier",
    read_sync,
    lambda known_id, problem, raw: WorkerSync(known_id, problem=problem, raw=raw),
    (*_ENVELOPE, "workers"),
)
STATUSES = RowSchema(
    "identifier",
    read_status,
    lambda known_id, problem, raw: WorkerStatus(known_id, problem=problem, raw=raw),
    (*_ENVELOPE, "workers"),
)
EXTENSIONS = RowSchema(
    "id",
    read_extension,
    lambda known_id, problem, raw: Extension(known_id, problem=problem, raw=raw),
    (*_ENVELOPE, "extensions"),
)


class _Paging(Row):
    total_items: Whole = None
    has_next_page: Truth = None


def read_paging(tree: object) -> tuple[int | None, bool | None]:
    """(total of all pages, whether another page follows); None where the server does not say (§6)."""
    try:
        wire = read_row(_Paging, tree)
    except Unreadable:
        return None, None
    return wire.total_items, wire.has_next_page
