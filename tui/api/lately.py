"""What was last known of each of many places. Invariant: no more of them than `MOST` are kept."""

from collections.abc import Hashable
from typing import Generic, TypeVar

P = TypeVar("P", bound=Hashable)
T = TypeVar("T")
MOST = 300
"""More than the pages that are polled of any list but the longest."""


class Lately(Generic[P, T]):
    """A memory that forgets what it was told of longest ago."""

    def __init__(self) -> None:
        self._known: dict[P, T] = {}

    def of(self, place: P) -> T | None:
        """The last that was told of a place."""
        return self._known.get(place)

    def tell(self, place: P, known: T) -> None:
        """Keep this in the place of what was known."""
        self._known.pop(place, None)
        self._known[place] = known
        if len(self._known) > MOST:
            del self._known[next(iter(self._known))]
