"""The target of a write as the store has it now. Sends no request."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import WorkerStatus, WorkerSync
from tui.domain.superoffice.engine import Connection
from tui.frozen import frozen
from tui.ops.targets.target import TargetRow
from tui.store.snapshot import Snapshot

Row = TypeVar("Row", WorkerSync, WorkerStatus, Extension, Connection)


@frozen
class Present:
    """The current knowledge about a target, with its time."""

    row: TargetRow | None
    """None: it no longer exists, or is a sync to be controlled that reports no status."""
    is_gone: bool
    snapshot: Snapshot[object]
    """The source of the row."""
    named_by: Snapshot[object] | None = None
    """The source of the name of a sync to be controlled."""

    @property
    def asked_at(self) -> datetime | None:
        """When the response with the row was requested, by our clock."""
        return self.snapshot.asked_at

    @property
    def named_at(self) -> datetime | None:
        """When the response with the name was requested."""
        return None if self.named_by is None else self.named_by.asked_at


def found(snapshot: Snapshot[tuple[Row, ...]], id_: str) -> Present | None:
    """The row of that id as the store has it now; None if the store does not know."""
    if snapshot.data is None:
        return None
    row = by_id(snapshot.data, id_)
    # A list that is still loading may contain it later.
    return None if row is None and not snapshot.complete else Present(row, row is None, snapshot)


def by_id(rows: Iterable[Row], id_: str) -> Row | None:
    """Case-insensitive."""
    return next((row for row in rows if str(row.id).lower() == id_.lower()), None)
