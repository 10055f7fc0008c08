"""The list of all kinds of operations that write, for guard, executor, audit and undo.

Invariant: each command of `tui.domain.writes` and each writing row of the table belongs to one kind.
The kinds are loaded at the first look-up: read-only use and `audit` do not need them.
"""

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from tui.ops.operations.registry import writes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.domain.writes import Write
    from tui.ops.operations.base import OperationKind
    from tui.ops.operations.operation import Operation

W = TypeVar("W", bound="Write")


@cache
def kinds() -> "tuple[OperationKind[Any, Any], ...]":
    from tui.ops.operations.configure_worker import ConfigureWorkerKind
    from tui.ops.operations.control_worker import ControlWorkerKind
    from tui.ops.operations.create_extension import CreateExtensionKind
    from tui.ops.operations.delete_extension import DeleteExtensionKind
    from tui.ops.operations.engine_interval import EngineIntervalKind
    from tui.ops.operations.engine_status import EngineStatusKind
    from tui.ops.operations.force_resync import ForceResyncKind
    from tui.ops.operations.push_manifest import PushManifestKind
    from tui.ops.operations.save_priorities import SavePrioritiesKind
    from tui.ops.operations.sync_all import SyncAllKind
    from tui.ops.operations.toggle_connection import ToggleConnectionKind
    from tui.ops.operations.update_extension import UpdateExtensionKind
    from tui.ops.operations.update_fields import UpdateFieldsKind

    return (
        ConfigureWorkerKind(),
        ControlWorkerKind(),
        CreateExtensionKind(),
        UpdateExtensionKind(),
        PushManifestKind(),
        DeleteExtensionKind(),
        EngineStatusKind(),
        EngineIntervalKind(),
        SyncAllKind(),
        ForceResyncKind(),
        ToggleConnectionKind(),
        UpdateFieldsKind(),
        SavePrioritiesKind(),
    )


@cache
def _by_command() -> "Mapping[type[object], OperationKind[Any, Any]]":
    return {command: kind for kind in kinds() for command in kind.commands}


@cache
def _by_id() -> "Mapping[str, OperationKind[Any, Any]]":
    found = {operation.id: kind for kind in kinds() for operation in kind.operations}
    without = [operation.id for operation in writes() if operation.id not in found]
    if without:
        raise LookupError(f"no kind in tui/ops/operations/kinds.py sends {', '.join(without)}")
    return found


def kind_of(write: W) -> "OperationKind[W, Any]":
    return _by_command()[type(write)]


def kind_for(operation_id: str) -> "OperationKind[Any, Any] | None":
    """The kind of the operation of that id; None if it only reads or does not exist."""
    return _by_id().get(operation_id)


def writing_kind(operation: "Operation") -> "OperationKind[Any, Any]":
    return _by_id()[operation.id]


def sends(operation_id: str, write: "Write") -> bool:
    return kind_of(write).belongs(write, operation_id)
