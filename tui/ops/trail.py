"""What an audit trail is told, and the Protocol of one; how it is kept is `audit`'s matter."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tui.domain.changes import FieldChange, Write


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is about to be sent."""

    at: datetime
    profile: str
    environment: str
    operation: str
    write: Write
    changes: tuple[FieldChange, ...] = ()


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


class AuditTrail(Protocol):
    """Where attempts and their outcomes are kept. Both raise OSError if that is not possible."""

    async def attempt(self, attempt: Attempt) -> str:
        """Keep what is about to be sent, durably; its id."""

    async def outcome(self, id: str, ending: Ending) -> None:
        """Keep how the attempt `id` ended."""
