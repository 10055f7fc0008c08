"""What is known of one topic: the last data, when it came, and what has gone wrong since."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from tui.api.errors import ErpError
from tui.domain.systems import System

T_co = TypeVar("T_co", covariant=True)


class Topic(StrEnum):
    """One thing that is asked for on its own."""

    WORKERS = "workers"
    STATUS = "status"
    EXTENSIONS = "extensions"
    ENGINE = "engine"
    CONNECTIONS = "connections"
    SYNC_LOG = "log"

    @property
    def system(self) -> System:
        """The system that answers."""
        return System.SUPEROFFICE if self in _OF_SUPEROFFICE else System.JTL

    @property
    def on_demand(self) -> bool:
        """Whether it is asked for when it is wanted, and never by itself."""
        return self is Topic.SYNC_LOG


_OF_SUPEROFFICE = (Topic.ENGINE, Topic.CONNECTIONS, Topic.SYNC_LOG)


@dataclass(frozen=True, slots=True)
class Snapshot(Generic[T_co]):
    """The state of our knowledge of one topic."""

    data: T_co | None = None
    """Kept through failures; None before the first answer."""
    fetched_at: datetime | None = None
    """When `data` was last confirmed, by our clock."""
    took: float | None = None
    """Seconds that the last answer took."""
    error: ErpError | None = None
    """Why the last ask failed; None after a success."""
    generation: int = 0
    """Of the last ask that was heard."""
    complete: bool = True
    """False while a list is still streaming in, or where its stream broke off."""
    heard: float | None = None
    """When `data` was last confirmed, by the clock that is never set; None where that is not known."""
