"""What an operator is about to do, complete, before anything is sent: the review shows just this."""

from dataclasses import dataclass

from tui.domain.changes import FieldChange, Write
from tui.domain.workers import WorkerStatus
from tui.ops.registry import Operation


@dataclass(frozen=True, slots=True)
class Proposal:
    """A write with its target as it was under the cursor at the key press."""

    operation: Operation
    write: Write
    target: str
    """What a person calls the target."""
    changes: tuple[FieldChange, ...] = ()
    consequences: tuple[str, ...] = ()
    """In the ERP's own terms, one sentence each."""
    warnings: tuple[str, ...] = ()
    as_of: str = ""
    """Age of the data that this rests on."""
    status_before: WorkerStatus | None = None
    """For control actions, to see the effect."""
