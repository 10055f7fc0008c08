"""What became of a write, as every front end is told."""

from dataclasses import dataclass
from datetime import datetime

from tui.api.errors import ErpError
from tui.domain.basis import Basis, Drift
from tui.domain.result import Result, told
from tui.ops.target import Thing
from tui.ops.trail import Finding

GATEWAY = (502, 504, 520, 524, 598, 599)
"""A gateway lost the response; the server behind it may have done the work, or may still be at it. The
last four are not in any standard: content networks and proxies made them up for that."""
OutcomeKind = Result
"""The same words; the name under which most of the code knows them."""


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

    kind: Result
    sentence: str
    """What happened; the front end puts the word of `kind` in front."""
    next_step: str
    at: datetime
    error: ErpError | None = None
    result: object | None = None
    """What the service returned, such as the changed object or a `PluginAnswer`."""
    attempt: str = ""
    """Its id in the audit trail; empty where nothing was noted."""
    differences: tuple[str, ...] = ()
    """Where the server's values are not what was requested or seen, a sentence each."""
    conflict: Conflict | None = None
    finding: Finding | None = None
    """What a look at the target showed."""
    unrecorded: str = ""
    """Why the audit trail does not hold all of it; empty: it does."""

    @property
    def told(self) -> str:
        """The result and its sentence."""
        return told(self.kind, self.sentence)

    @property
    def responded(self) -> bool:
        """Whether a response came, whatever it said."""
        return self.error is None or self.error.status is not None

    @property
    def may_be_under_way(self) -> bool:
        """Whether a server that sent no response of its own may still carry out the request."""
        error = self.error
        return error is not None and (error.status is None or error.status in GATEWAY)
