"""All that a list knows of its things: their rows, made a slice at a time, and the order they stand in.

Invariants: a row is made anew only where its thing, or what all rows depend on, has changed; until the
last one is made, what was shown before is shown, at first nothing: what is broken may come last; things
and rows change in one step; a filter never sorts.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Generic, TypeVar

from tui.ui.screens.listed import Listed, Sorting, in_order

if TYPE_CHECKING:
    from tui.domain.filters import Filter
    from tui.store.snapshot import Snapshot, Topic

Thing = TypeVar("Thing")
SLICE = 200
"""Rows made in one go: a key that comes meanwhile waits for less than a frame."""
_SORTED_AT_ONCE = 2_000
_ORDER, _RECORD = attrgetter("order"), attrgetter("record")


class Listing(Generic[Thing]):
    """The rows of one list."""

    def __init__(self) -> None:
        self.things: Mapping[str, Thing] = {}
        """Those whose rows are shown, filter aside, by key."""
        self.rows: dict[str, Listed] = {}
        """Their rows, by key."""
        self.seen: Mapping[Topic, Snapshot[object]] = MappingProxyType({})
        """What was known when they were taken from it."""
        self.attention = 0
        """How many of them need it."""
        self.is_making = False
        """Whether there are rows still to be made."""
        self.has_shown = False
        """Whether all rows of anything received were made: before, none is shown."""
        self.sorting = Sorting()
        self._default: list[Listed] = []
        self._order: list[Listed] = []
        self._forget_passed()
        self._basis: object = None
        self._of: dict[str, Thing] = {}
        self._made: dict[str, Listed] = {}
        """What was made on this basis of which thing, also by a pass that failed."""

    @property
    def has_begun(self) -> bool:
        """Whether anything was received."""
        return self._basis is not None

    def follow(
        self,
        things: Sequence[Thing],
        key_of: Callable[[Thing], str],
        basis: object,
        make: Callable[[Thing], Listed],
        seen: "Mapping[Topic, Snapshot[object]]" = MappingProxyType({}),
    ) -> Iterator[None]:
        """Make the rows that are missing, a slice a step; after the last step all are shown.

        `basis`: what every row depends on beside its thing; `seen`: what the things were taken from.
        """
        if basis != self._basis:
            self._basis, self._of, self._made = basis, {}, {}
        self.is_making = True
        try:
            by_key: dict[str, Thing] = {}
            waiting = iter(things)
            while part := {key_of(thing): thing for thing in islice(waiting, SLICE)}:
                by_key |= part
                self._make(part, make)
                if len(things) > SLICE:
                    yield
            yield from self._show(by_key, seen)
        finally:
            self.is_making = False

    def _make(self, part: Mapping[str, Thing], make: Callable[[Thing], Listed]) -> None:
        of, made = self._of, self._made
        for key, thing in part.items():
            known = of.get(key)
            if known is not thing:
                if known != thing:
                    made[key] = make(thing)
                of[key] = thing

    def _show(
        self, things: Mapping[str, Thing], seen: "Mapping[Topic, Snapshot[object]]"
    ) -> Iterator[None]:
        """Show these things; the rows of many are sorted in parts, which the last sort only merges.

        Nothing that is shown, nor the order that is wanted, is touched before the last step.
        """
        pause = (None,) if len(things) > SLICE else ()
        rows = {key: self._made[key] for key in things}
        yield from pause
        order = [one for one in self._default if rows.get(one.row.key) is one]
        yield from pause
        fresh = [one for key, one in rows.items() if self.rows.get(key) is not one]
        for start in range(0, len(fresh), _SORTED_AT_ONCE):
            yield from pause
            order += sorted(fresh[start : start + _SORTED_AT_ONCE], key=_ORDER)
        if fresh:
            yield from pause
            order.sort(key=_ORDER)
        yield from pause
        attention = sum(one.attention for one in order)
        yield from pause
        self.things, self.rows, self.seen, self.attention = things, rows, seen, attention
        self._default, self.has_shown = order, True
        self.sort(self.sorting)

    def sort(self, sorting: Sorting) -> None:
        """Have them stand in another order."""
        self.sorting = sorting
        self._order = in_order(self._default, sorting)
        self._forget_passed()

    def keys(self, wanted: "Filter | None") -> list[str]:
        """Those that the filter lets through, in order; without one, all."""
        if wanted is None or not (wanted.terms or wanted.problem):
            return [one.row.key for one in self._order]
        if wanted not in self._passed:
            # What is typed on looks only among what is left; what is taken back is known already.
            wider = [known for known in self._passed if wanted.narrows(known)]
            left = min((self._passed[known] for known in wider), key=len, default=self._order)
            self._passed[wanted] = wanted.among(left, _RECORD)
        return [one.row.key for one in self._passed[wanted]]

    def _forget_passed(self) -> None:
        self._passed: dict[Filter, Sequence[Listed]] = {}

    def first(self, most: int) -> list[Listed]:
        """Those that stand first without sorting."""
        return self._default[:most]
