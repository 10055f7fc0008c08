"""The requests of one polled topic: when the last one began and ended, and which one follows."""

import asyncio
from dataclasses import dataclass, field
from math import inf

_SECONDS_PER_PAGE = 2.0
"""Seconds per page: a long list is polled less often, and stays below 30 pages a minute."""


@dataclass(slots=True, eq=False)
class PollLine:
    every: float
    pace: float = 0.0
    """Seconds planned from the last response to the next request."""
    pages: int = 1
    """Pages of the last response."""
    generation: int = 0
    failures: int = 0
    ended: float | None = None
    """Monotonic time at which the last request ended."""
    loop: asyncio.Task[None] | None = None
    overtaken: asyncio.Task[None] | None = None
    asking: set[asyncio.Task[None] | None] = field(default_factory=set)
    began: float = 0.0
    """Monotonic time at which the last request began."""
    again: bool = False
    """Another request follows the running one."""
    overtaking: asyncio.Task[None] | None = None
    """Makes it follow even if the running one hangs."""
    again_at: float = -inf
    """Monotonic time planned for the last request by key."""
    planned: bool = False
    """Whether it is still to come."""
    wants_more: bool = False
    """The next request is for the page after the known ones."""

    @property
    def spread(self) -> float:
        """Seconds over which to spread the pages of the last response, also after a failure."""
        return self.pages * _SECONDS_PER_PAGE if self.pages > 1 else 0.0
