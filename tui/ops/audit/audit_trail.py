"""The Protocol of an audit trail, implemented in `file_trail` for files and for memory."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.ops.audit.entries import History
    from tui.ops.audit.record import Attempt, Ending, Finding


class AuditTrail(Protocol):
    """Records attempts and their results. Every method raises OSError on failure."""

    async def attempt(self, attempt: "Attempt") -> str:
        """Record an attempt durably before it is sent; returns its id."""

    def beside(self) -> "Sequence[AuditTrail]":
        """The trails of other profiles on this machine, which may use the same server."""

    async def outcome(self, id: str, ending: "Ending") -> None:
        """Record the outcome of the attempt `id`."""

    async def check(self, id: str, finding: "Finding") -> None:
        """Record a later check of the target of attempt `id`."""

    async def entries(self, most: int) -> "History":
        """Read the trail: all entries without outcome, and the newest `most` of the others."""
