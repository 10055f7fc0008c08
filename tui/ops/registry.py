"""Every operation, declared once: keys, palette, help, command line, guard and audit read this table.

Invariant: whatever writes has a sender (`tui.ops.sending`) under its id, and an id that
`operation_for` maps its command to; the others send nothing and are done by the front end itself.
This module is the door to all that concerns operations.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from tui.ops.operation import Danger, Operation, Scope, grade
from tui.ops.operations_jtl import JTL_WRITES
from tui.ops.operations_reads import READS
from tui.ops.operations_superoffice import SUPEROFFICE_WRITES

if TYPE_CHECKING:
    from tui.domain.changes import Write

__all__ = [
    "OPERATIONS",
    "Danger",
    "Operation",
    "Scope",
    "grade",
    "operation_for",
    "writes",
]

_WRITES = (*JTL_WRITES, *SUPEROFFICE_WRITES)

OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {operation.id: operation for operation in (*_WRITES, *READS)}
)


def writes() -> tuple[Operation, ...]:
    """Every operation that changes something remote: what the guard has to cover, one by one."""
    return _WRITES


def operation_for(write: "Write") -> Operation:
    """The operation that `write` belongs to: the first of the table that sends it."""
    from tui.ops.sending import SENDERS

    return next(operation for operation in _WRITES if SENDERS[operation.id].takes(write))
