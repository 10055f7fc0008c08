"""All that a list knows of its targets: their rows, made a slice at a time, and their order.

Invariants: a row is made again only where its target, or what all rows depend on, has changed. Until the
last row is made, the previous rows are shown; the first ones as soon as their order is known, and those
in sight are made at once. Targets and their order change in one step; a filter never sorts.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from tui.ui.screens.list_row import ListRow, Sorting, in_order

if TYPE_CHECKING:
    from tui.domain.filters import Filter
    from tui.store.snapshot import Snapshot, Topic

TargetRow = TypeVar("TargetRow")
SLICE = 200
"""Rows made without a pause: a key that arrives meanwhile waits for less than a frame."""
_SORTED_AT_ONCE = 2_000
Rank: TypeAlias = tuple[tuple[int, str, str], bool]
"""Its default order, and whether it needs attention."""
_ORDER, _RECORD = attrgetter("order"), attrgetter("record")


class Listing(Generic[TargetRow]):
    def __init__(self) -> None:
        self.targets: Mapping[str, TargetRow] = {}
        """The targets whose rows are shown, filter aside, by key."""
        self.rows: dict[str, ListRow] = {}
        """Their rows, by key."""
        self.seen: Mapping[Topic, Snapshot[object]] = MappingProxyType({})
        """The snapshots that they were made from."""
        self.attention = 0
        """How many of the targets need attention."""
        self.is_making = False
        """Whether there are rows still to be made."""
        self.has_shown = False
        """Whether the order of anything received is known: before, nothing is shown."""
        self.sorting = Sorting()
        self._default: list[ListRow] = []
        self._order: list[ListRow] = []
        self._early: Sequence[str] = ()
        """The keys in their order, while the first rows are made."""
        self._maker: Callable[[TargetRow], ListRow] | None = None
        self._forget_passed()
        self._baseline: object = None
        self._of: dict[str, TargetRow] = {}
        self._made: dict[str, ListRow] = {}
        """The rows made on this baseline, also by a pass that failed, with their targets."""

    @property
    def has_begun(self) -> bool:
        """Whether anything was received."""
        return self._baseline is not None

    def follow(
        self,
        targets: Sequence[TargetRow],
        key_of: Callable[[TargetRow], str],
        baseline: object,
        make: Callable[[TargetRow], ListRow],
        seen: "Mapping[Topic, Snapshot[object]]" = MappingProxyType({}),
        rank: Callable[[TargetRow], Rank] | None = None,
    ) -> Iterator[bool]:
        """Make the rows that are missing, a slice per step; after the last step all are shown. A step
        yields True once the first rows can be shown, in sight first.

        `baseline`: what every row depends on besides its target; `seen`: the snapshots of the targets;
        `rank`: the place of a target, where it is known without its row.
        """
        if baseline != self._baseline:
            self._baseline, self._of, self._made = baseline, {}, {}
        self.is_making = True
        try:
            if rank is not None and not self.has_shown and len(targets) > SLICE:
                yield from self._show_order(targets, key_of, make, seen, rank)
                targets = [self.targets[key] for key in self._early]
            by_key: dict[str, TargetRow] = {}
            waiting = iter(targets)
            while part := {key_of(target): target for target in islice(waiting, SLICE)}:
                by_key |= part
                self._make(part, make)
                if len(targets) > SLICE:
                    yield False
            yield from self._show(by_key, seen)
        finally:
            self.is_making = False

    def _show_order(
        self,
        targets: Sequence[TargetRow],
        key_of: Callable[[TargetRow], str],
        make: Callable[[TargetRow], ListRow],
        seen: "Mapping[Topic, Snapshot[object]]",
        rank: Callable[[TargetRow], Rank],
    ) -> Iterator[bool]:
        by_key: dict[str, TargetRow] = {}
        ranks: list[tuple[tuple[int, str, str], str]] = []
        waiting, attention = iter(targets), 0
        while part := list(islice(waiting, SLICE)):
            for target in part:
                key, (order, needs_attention) = key_of(target), rank(target)
                by_key[key] = target
                ranks.append((order, key))
                attention += needs_attention
            yield False
        for start in range(0, len(ranks), _SORTED_AT_ONCE):
            ranks[start : start + _SORTED_AT_ONCE] = sorted(ranks[start : start + _SORTED_AT_ONCE])
            yield False
        ranks.sort()
        self.targets, self.seen, self.attention, self._maker = by_key, seen, attention, make
        self._early, self.has_shown = [key for _, key in ranks], True
        yield True

    def clear(self) -> None:
        """Show nothing, as before anything was received; the sorting stays."""
        self.targets, self.rows, self.seen, self.attention = {}, {}, MappingProxyType({}), 0
        self._default, self._early, self.has_shown, self._baseline = [], (), False, None
        self.sort(self.sorting)

    def forget(self, keys: Collection[str] | None) -> None:
        """Make these rows again in the next pass, though their targets are the same; None: all."""
        if keys is None:
            self._baseline = None
            return
        for key in keys:
            self._of.pop(key, None)

    def row(self, key: str) -> ListRow:
        """A shown target's row; made now if its turn has not come yet."""
        if key not in self._made and self._maker is not None:
            self._make({key: self.targets[key]}, self._maker)
        return self._made[key] if self._early else self.rows[key]

    def _make(self, part: Mapping[str, TargetRow], make: Callable[[TargetRow], ListRow]) -> None:
        of, made = self._of, self._made
        for key, target in part.items():
            known = of.get(key)
            if known is not target:
                if known != target:
                    made[key] = make(target)
                of[key] = target

    def _show(
        self, targets: Mapping[str, TargetRow], seen: "Mapping[Topic, Snapshot[object]]"
    ) -> Iterator[bool]:
        """Show these targets; the rows of many are sorted in parts, which the last sort only merges.

        Nothing that is shown, nor the requested order, changes before the last step.
        """
        pause = (False,) if len(targets) > SLICE else ()
        rows = {key: self._made[key] for key in targets}
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
        self.targets, self.rows, self.seen, self.attention = targets, rows, seen, attention
        self._default, self.has_shown, self._early, self._maker = order, True, (), None
        self.sort(self.sorting)

    def sort(self, sorting: Sorting) -> None:
        self.sorting = sorting
        self._order = in_order(self._default, sorting)
        self._forget_passed()

    def _so_far(self, wanted: "Filter | None") -> list[ListRow]:
        """Of the first rows those that are made, arranged as they all will be."""
        made = in_order([self._made[key] for key in self._early if key in self._made], self.sorting)
        return made if wanted is None else [*wanted.among(made, _RECORD)]

    def keys(self, wanted: "Filter | None") -> list[str]:
        """The keys that the filter matches, in order; without one, all."""
        is_all = wanted is None or not (wanted.terms or wanted.problem)
        if self._early:
            as_known = is_all and self.sorting == Sorting()
            return [*self._early] if as_known else [one.key for one in self._so_far(wanted)]
        if wanted is None or is_all:
            return [one.row.key for one in self._order]
        if wanted not in self._passed:
            # Adding to the filter searches only what is left; the result of a deleted text is known
            # already.
            wider = [known for known in self._passed if wanted.narrows(known)]
            left = min((self._passed[known] for known in wider), key=len, default=self._order)
            self._passed[wanted] = wanted.among(left, _RECORD)
        return [one.row.key for one in self._passed[wanted]]

    def _forget_passed(self) -> None:
        self._passed: dict[Filter, Sequence[ListRow]] = {}

    def first(self, most: int) -> list[ListRow]:
        return [self.row(key) for key in self._early[:most]] or self._default[:most]
