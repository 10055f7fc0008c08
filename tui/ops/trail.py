"""What an audit trail is told, and the Protocol of one; how it is kept is `audit`'s matter."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from tui.domain.changes import FieldChange, Write

if TYPE_CHECKING:
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


class Accepted(StrEnum):
    """What the answer to a write tells at most whose effect comes later: not that it was done."""

    HANDED_OVER = "handed over"
    REQUESTED = "requested"
    QUEUED = "queued"


@dataclass(frozen=True, slots=True)
class Ending:
    """How an attempt ended."""

    at: datetime
    result: str
    """`applied`, `failed`, `unknown`; `refused` where it was cancelled before it was sent."""
    sentence: str
    status: int | None = None
    """The answer's HTTP status, where one came."""
    request_id: str = ""
    accepted_as: Accepted | None = None
    """Set where `applied` says too much."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a look at the target showed, after an outcome that was unknown or is missing."""

    at: datetime
    result: str
    """`applied`, `not applied`; of a late look `as asked`, `as before`; `unknown`."""
    sentence: str

    @property
    def dated(self) -> str:
        """What was found, as of when."""
        return f"{self.sentence} (seen {self.at:%m-%d %H:%M} UTC)"


class AuditTrail(Protocol):
    """Where attempts and what became of them are kept. Everything raises OSError if that fails."""

    async def attempt(self, attempt: Attempt) -> str:
        """Keep what is about to be sent, durably; its id."""

    async def outcome(self, id: str, ending: Ending) -> None:
        """Keep how the attempt `id` ended."""

    async def check(self, id: str, finding: Finding) -> None:
        """Keep what a later look at the target of attempt `id` showed."""

    async def entries(self, most: int) -> "History":
        """What was kept: all that has no outcome, and of the rest the newest `most`."""
