"""What an operator is about to do, complete, before anything is sent: the review shows just this."""

from dataclasses import dataclass

from tui.domain.basis import Basis
from tui.domain.changes import FieldChange, Write
from tui.domain.engine import EngineStatus
from tui.domain.workers import WorkerStatus
from tui.ops.operation import Operation
from tui.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Proposal:
    """A write with its target as it was at the key press."""

    operation: Operation
    write: Write
    target: str
    """What a person calls the target."""
    changes: tuple[FieldChange, ...] = ()
    consequences: tuple[str, ...] = ()
    """In the ERP's own terms, one sentence each."""
    warnings: tuple[str, ...] = ()
    rests_on: Snapshot[object] | None = None
    """What was known when the operation was begun."""
    basis: Basis = ()
    """The target as the operator saw it; what differs before the write is a conflict."""
    sharing: tuple[str, ...] = ()
    """The names of other targets that change with this one, such as syncs of the same kind."""
    expects: str = ""
    """Of a toggle: the state that the operator knows it to have, although an earlier one has no known
    result; empty: nothing was said of it."""
    reviewed: str = ""
    """Method and address of the request that the review showed; empty: none was shown."""
    status_before: WorkerStatus | EngineStatus | None = None
    """Where a state is asked for, to see the effect."""
