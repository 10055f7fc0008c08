"""What an audit trail is told, and the Protocol of one; how it is kept is `audit`'s matter."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from tui.api.receipts import Receipt
from tui.domain.changes import FieldChange, Write
from tui.domain.result import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.ops.history import History


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is about to be sent."""

    at: datetime
    profile: str
    environment: str
    operation: str
    write: Write
    changes: tuple[FieldChange, ...] = ()
    target_name: str = ""
    """What a person calls the target."""
    system: str = ""
    address: str = ""
    """What the system is known by, such as its base address; no login is in it."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How an attempt ended."""

    at: datetime
    result: Result
    sentence: str
    status: int | None = None
    """HTTP status of the response that decided it, where one came."""
    request_id: str = ""
    responses: tuple[Receipt, ...] = ()
    """Every response on the way, that one included."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a look at the target showed."""

    at: datetime
    result: Result
    """`applied`, `not applied`, `unknown`; `accepted` where no effect was seen in time."""
    sentence: str

    @property
    def dated(self) -> str:
        """What was found, as of when."""
        return f"{self.sentence} (seen {self.at:%m-%d %H:%M} UTC)"


class AuditTrail(Protocol):
    """Where attempts and what became of them are kept. Everything raises OSError if that fails."""

    async def attempt(self, attempt: Attempt) -> str:
        """Keep what is about to be sent, durably; its id."""

    def beside(self) -> "Sequence[AuditTrail]":
        """The trails of other profiles on this machine; one of them may use the same server."""

    async def outcome(self, id: str, ending: Ending) -> None:
        """Keep how the attempt `id` ended."""

    async def check(self, id: str, finding: Finding) -> None:
        """Keep what a later look at the target of attempt `id` showed."""

    async def entries(self, most: int) -> "History":
        """What was kept: all that has no outcome, and of the rest the newest `most`."""
