"""What became of a write, as every front end is told."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tui.api.errors import ErpError
from tui.domain.basis import Basis, Drift
from tui.ops.target import Thing
from tui.ops.trail import Accepted, Finding


class OutcomeKind(StrEnum):
    """How a write ended."""

    APPLIED = "applied"
    """Done, or taken to be done: see `Outcome.accepted_as`."""
    FAILED = "failed"
    UNKNOWN = "unknown"
    """The answer was lost, or contradicts itself."""
    REFUSED = "refused"
    """Nothing was sent."""
    CONFLICT = "conflict"
    """Nothing was sent: the target is no longer what the operator saw."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """The target as it was when the operator began, and as it is."""

    opened: Basis
    now: Basis
    drifts: tuple[Drift, ...]
    thing: Thing | None
    """As it is now; None: it is no longer there."""
    made_elsewhere: bool = False
    """Whether somebody else has made just this change."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a write."""

    kind: OutcomeKind
    sentence: str
    next_step: str
    at: datetime
    error: ErpError | None = None
    result: object | None = None
    """What the service returned, such as the changed object or a `PluginAnswer`."""
    attempt: str = ""
    """Its id in the audit trail; empty where nothing was noted."""
    differences: tuple[str, ...] = ()
    """Where the answer is not what was asked, a sentence each; the write itself was applied."""
    accepted_as: Accepted | None = None
    """What is known of one that was applied, where its effect comes later; None: it was done."""
    conflict: Conflict | None = None
    finding: Finding | None = None
    """What a look at the target showed after the answer was lost."""
