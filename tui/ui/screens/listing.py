"""All that a list knows of its things: their rows, made a slice at a time, and the order they stand in.

Invariants: a row is made anew only where its thing, or what all rows depend on, has changed; until the
last one is made, the rows of before are shown; a filter never sorts.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Generic, TypeVar

from tui.ui.screens.listed import Listed, Sorting, in_order

if TYPE_CHECKING:
    from tui.domain.filters import Filter

Thing = TypeVar("Thing")
SLICE = 200
"""Rows made in one go: a key that comes meanwhile waits for less than a frame."""
_SORTED_AT_ONCE = 2_000
_ORDER = attrgetter("order")


class Listing(Generic[Thing]):
    """The rows of one list."""

    def __init__(self) -> None:
        self.things: Mapping[str, Thing] = {}
        """The newest, by key; their rows may still be made."""
        self.rows: dict[str, Listed] = {}
        """What is shown, filter aside, by key."""
        self.attention = 0
        """How many of them need it."""
        self.is_making = False
        """Whether there are rows still to be made."""
        self.sorting = Sorting()
        self._default: list[Listed] = []
        self._order: list[Listed] = []
        self._basis: object = None
        self._of: dict[str, Thing] = {}
        self._made: dict[str, Listed] = {}
        """What was made on this basis of which thing, also by a pass that another one overtook."""

    @property
    def has_begun(self) -> bool:
        """Whether anything was received."""
        return self._basis is not None

    def follow(
        self, things: Mapping[str, Thing], basis: object, make: Callable[[Thing], Listed]
    ) -> Iterator[None]:
        """Make the rows that are missing, a slice a step; after the last step they are shown.

        `basis`: what every row depends on beside its thing.
        """
        if basis != self._basis:
            self._basis, self._of, self._made = basis, {}, {}
        self.things, self.is_making = things, True
        waiting = iter(things.items())
        while part := tuple(islice(waiting, SLICE)):
            self._make(part, make)
            if len(things) > SLICE:
                if not self.rows:
                    yield from self._stand([key for key, _ in part])
                yield
        yield from self._stand(things)
        self.is_making = False

    def _make(self, part: Sequence[tuple[str, Thing]], make: Callable[[Thing], Listed]) -> None:
        of, made = self._of, self._made
        for key, thing in part:
            known = of.get(key)
            if known is not thing:
                if known != thing:
                    made[key] = make(thing)
                of[key] = thing

    def _stand(self, keys: Sequence[str] | Mapping[str, Thing]) -> Iterator[None]:
        """Show the rows of these keys; sorted in parts first, which the last sort only merges."""
        rows = {key: self._made[key] for key in keys}
        order = [one for one in self._default if rows.get(one.row.key) is one]
        fresh = [one for key, one in rows.items() if self.rows.get(key) is not one]
        for start in range(0, len(fresh), _SORTED_AT_ONCE):
            if start:
                yield
            order += sorted(fresh[start : start + _SORTED_AT_ONCE], key=_ORDER)
        order.sort(key=_ORDER)
        self.rows, self._default = rows, order
        self.attention = sum(one.attention for one in order)
        self._order = in_order(order, self.sorting)

    def sort(self, sorting: Sorting) -> None:
        """Have them stand in another order."""
        self.sorting = sorting
        self._order = in_order(self._default, sorting)

    def keys(self, wanted: "Filter | None") -> list[str]:
        """Those that the filter lets through, in order; without one, all."""
        if wanted is None or not wanted.terms:
            return [one.row.key for one in self._order]
        matches = wanted.test
        return [one.row.key for one in self._order if matches(one.record)]

    def first(self, most: int) -> list[Listed]:
        """Those that stand first without sorting."""
        return self._default[:most]
