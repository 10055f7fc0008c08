"""A fixed-size cache. Invariant: it keeps at most `MOST` entries."""

from collections.abc import Hashable
from typing import Generic, TypeVar

P = TypeVar("P", bound=Hashable)
T = TypeVar("T")
MOST = 300
"""Larger than the number of pages of any polled list but the longest."""


class BoundedCache(Generic[P, T]):
    """Evicts the oldest entry first."""

    def __init__(self) -> None:
        self._known: dict[P, T] = {}

    def get(self, place: P) -> T | None:
        return self._known.get(place)

    def put(self, place: P, known: T) -> None:
        self._known.pop(place, None)
        self._known[place] = known
        if len(self._known) > MOST:
            del self._known[next(iter(self._known))]
