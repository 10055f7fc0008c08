"""The target of a write as a typed row, and its baseline."""

from collections.abc import Mapping
from typing import TypeAlias

from tui.domain import baseline as baseline
from tui.domain.baseline import Baseline
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import Worker, WorkerStatus, WorkerSync
from tui.domain.superoffice.connections import Priorities
from tui.domain.superoffice.engine import Connection, EngineStatus

TargetRow: TypeAlias = WorkerSync | WorkerStatus | Extension | Connection | EngineStatus | Priorities


def baseline_of(row: TargetRow | None) -> Baseline:
    """The baseline of a write on this row; empty without a row."""
    match row:
        case WorkerSync():
            return baseline.of_sync(row)
        case Extension():
            return baseline.of_extension(row)
        case Connection():
            return baseline.of_connection(row)
        case Priorities():
            return baseline.of_priorities(row)
        case EngineStatus():
            return baseline.of_engine_state(row)
        case WorkerStatus():
            return baseline.of_state(Worker(row.id, row.sync, row))
        case None:
            return ()


def holds(wanted: Mapping[str, str], values: Mapping[str, str]) -> bool:
    """Whether `values` contains each wanted value."""
    return all(key in values and is_same(key, values[key], value) for key, value in wanted.items())


def is_same(key: str, one: str, other: str) -> bool:
    """Whether two values in words are equal; hashes are case-insensitive (jtl PROTOCOL §3)."""
    return one.lower() == other.lower() if key == "ManifestHash" else one == other
