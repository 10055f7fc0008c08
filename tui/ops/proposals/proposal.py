"""A complete write before it is sent, as the review shows it."""

from dataclasses import dataclass

from tui.domain.baseline import Baseline
from tui.domain.jtl.workers import WorkerStatus
from tui.domain.superoffice.engine import EngineStatus
from tui.domain.writes import FieldChange, Write
from tui.ops.operations.operation import Operation
from tui.ops.refusal import Refusal
from tui.store.snapshot import Snapshot

NOTHING_CHANGED = Refusal("no changes, so there is nothing to send")
MADE_ELSEWHERE = Refusal("someone else made the same change meanwhile: there is nothing left to send")
GONE = Refusal("it is no longer in the server's list")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A write with its target as of the key press."""

    operation: Operation
    write: Write
    target: str
    """Display name."""
    changes: tuple[FieldChange, ...] = ()
    consequences: tuple[str, ...] = ()
    """In the ERP's terms, one sentence each."""
    warnings: tuple[str, ...] = ()
    rests_on: Snapshot[object] | None = None
    """The data when the operation was started."""
    baseline: Baseline = ()
    """The target as the operator saw it; a difference before the write is a conflict."""
    sharing: tuple[str, ...] = ()
    """Names of other targets that change too, such as syncs of the same kind."""
    expects: str = ""
    """Toggles only: the current state as stated by the operator, when an earlier toggle has an unknown
    result; empty: not stated."""
    reviewed: str = ""
    """Method and address of the reviewed request; empty if none was shown."""
    status_before: WorkerStatus | EngineStatus | None = None
    """The state before the write, to recognise the effect."""
