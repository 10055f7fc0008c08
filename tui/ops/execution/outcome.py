"""The outcome of a write, for every front end."""

from datetime import datetime
from typing import Any, Self

from tui.api.errors import ErpError
from tui.domain.baseline import Baseline, Difference
from tui.domain.result import Result, with_result
from tui.frozen import frozen
from tui.ops.audit.record import Finding
from tui.ops.targets.target import TargetRow

GATEWAY = (502, 504, 520, 524, 598, 599)
"""A gateway lost the response; the server behind it may have done the work, or may still be doing it.
The last four are not standardised: content networks and proxies use them."""


@frozen
class Conflict:
    """The target when the operator began, and now."""

    opened: Baseline
    now: Baseline
    drifts: tuple[Difference, ...]
    row: TargetRow | None
    """The current target; None if it no longer exists."""
    made_elsewhere: bool = False
    """Whether someone else made the same change."""


@frozen
class Outcome:
    kind: Result
    sentence: str
    """What happened; the front end puts the word of `kind` in front."""
    next_step: str
    at: datetime
    error: ErpError | None = None
    result: object | None = None
    """The return value of the service, such as the changed object or a `PluginAnswer`."""
    attempt: str = ""
    """Its id in the audit trail; empty if nothing was recorded."""
    differences: tuple[str, ...] = ()
    """Differences of the server's values from the requested or seen ones, a sentence each."""
    conflict: Conflict | None = None
    finding: Finding | None = None
    """The result of reading the target."""
    unrecorded: str = ""
    """Why the audit trail is incomplete; empty if it is complete."""
    is_of_target: bool = False
    """Whether the reason is in this target alone."""

    @classmethod
    def nothing_sent(
        cls, reason: str, at: datetime, step: str = "", kind: Result = Result.REFUSED, **more: Any
    ) -> Self:
        """The outcome where `reason` forbids it."""
        return cls(kind, f"nothing was sent: {reason}", step, at, **more)

    @property
    def text(self) -> str:
        return with_result(self.kind, self.sentence)

    @property
    def responded(self) -> bool:
        return self.error is None or self.error.status is not None

    @property
    def may_be_under_way(self) -> bool:
        """Whether a server whose own response is missing may still carry out the request."""
        error = self.error
        return error is not None and (error.status is None or error.status in GATEWAY)
