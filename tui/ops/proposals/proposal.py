"""A complete write before it is sent, as the review shows it."""

from typing import TypeAlias

from tui.domain.baseline import Baseline
from tui.domain.jtl.workers import WorkerStatus
from tui.domain.superoffice.engine import EngineStatus
from tui.domain.writes import FieldChange, Write
from tui.frozen import frozen
from tui.ops.operations.operation import Operation
from tui.ops.refusal import Refusal
from tui.store.snapshot import Snapshot

NOTHING_CHANGED = Refusal("no changes, so there is nothing to send")
MADE_ELSEWHERE = Refusal("someone else made the same change meanwhile: there is nothing left to send")
REVIEW_AGAIN = "Review it again: it shows the new address"
GONE = Refusal("it is no longer in the server's list")


@frozen
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
    plan: str = ""
    """Id in the audit trail of the bulk that it is part of."""
    undoes: str = ""
    """Id in the audit trail of the change that it undoes."""
    maintenance: str = ""
    """Which open maintenance has stopped what it turns on, one of the warnings; empty: none."""
    status_before: WorkerStatus | EngineStatus | None = None
    """The state before the write, to recognise the effect."""


Planned: TypeAlias = Proposal | Refusal
"""A proposal, or why there is none."""


def going_elsewhere(reviewed: str, now: str) -> str:
    """A sentence about the new address; both arguments are method and address.

    A common ending of the addresses is left out.
    """
    old, new = reviewed.split("/"), now.split("/")
    while len(old) > 1 and len(new) > 1 and old[-1] == new[-1]:
        del old[-1], new[-1]
    was, to = "/".join(old), "/".join(new)
    return f"the request now goes to {_address(to)}, not to {_address(was)} as reviewed"


def _address(line: str) -> str:
    """The line without its method, unless only the method differs."""
    method, _, address = line.partition(" ")
    return address or method
