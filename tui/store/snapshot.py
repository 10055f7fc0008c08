"""The known data of one topic: the last response, its time, and the last error."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar

from tui.domain.profile import System
from tui.frozen import frozen

if TYPE_CHECKING:
    from tui.api.errors import BadAnswer, ErpError

T_co = TypeVar("T_co", covariant=True)


class Topic(StrEnum):
    """A kind of data that is requested on its own."""

    WORKERS = "workers"
    STATUS = "status"
    EXTENSIONS = "extensions"
    ENGINE = "engine"
    CONNECTIONS = "connections"
    SYNC_LOG = "log"

    @property
    def system(self) -> System:
        return System.SUPEROFFICE if self in _OF_SUPEROFFICE else System.JTL

    @property
    def on_demand(self) -> bool:
        """Whether it is requested only when needed, and never polled."""
        return self is Topic.SYNC_LOG


_OF_SUPEROFFICE = (Topic.ENGINE, Topic.CONNECTIONS, Topic.SYNC_LOG)


@frozen
class Snapshot(Generic[T_co]):
    data: T_co | None = None
    """Kept through failures; None before the first response."""
    fetched_at: datetime | None = None
    """When `data` was last confirmed, by our clock."""
    took: float | None = None
    """Seconds that the last response took."""
    error: "ErpError | None" = None
    """Why the last request failed; None after a success."""
    generation: int = 0
    """Of the last request with a result."""
    complete: bool = True
    """False while a list is still streaming in, or if its stream broke off."""
    heard: float | None = None
    """When `data` was last confirmed, by the clock that nobody can set; None if unknown."""

    @property
    def asked_at(self) -> datetime | None:
        """When `data` was last requested: a response already on its way shows the time before that."""
        return self.fetched_at and self.fetched_at - timedelta(seconds=self.took or 0.0)


def processing_error(system: System, why: str, answer: str = "the response") -> "BadAnswer":
    """The error to show; `why` names the fault, `answer` what was requested."""
    from tui.api.errors import BadAnswer

    return BadAnswer(
        system=system,
        sentence=f"{answer} could not be processed ({why})",
        next_step="press r to try again; report it if it stays",
    )
