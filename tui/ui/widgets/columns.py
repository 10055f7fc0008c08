"""Which columns fit: some are dropped first, one takes the rest; nothing here knows the meaning of a
cell."""

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter

from tui.frozen import frozen
from tui.presentation.columns import Column


@frozen
class PlacedColumn:
    """A column at the current width."""

    index: int
    """Position of the cell in the row."""
    title: str
    width: int
    right: bool
    beside: int | None = None
    """Position of the cell that its text is compared with."""


_USEFUL = 12
"""Cells beyond its minimum that the flexible column gets before other columns widen."""
_LEAST = 4
"""Cells that the flexible column keeps, however narrow the list."""


def arrange(columns: Sequence[Column], room: int, needs: Sequence[int] = ()) -> tuple[PlacedColumn, ...]:
    """Place the columns that fit into `room` cells, one blank between them.

    `needs`: cells of the longest text of each column, where that is known: no text is cut beside a
    column that is wider than all of its own.
    """
    kept = [(i, column) for i, column in enumerate(columns) if column.wants <= room]
    while _needed(kept) > room:
        optional = [pair for pair in kept if pair[1].drops]
        if not optional:
            break
        kept.remove(min(optional, key=lambda pair: pair[1].drops))
    need = dict(enumerate(needs)) or {i: max(c.width + _USEFUL * c.flexible, c.wide) for i, c in kept}
    widths = {i: _least(column, need[i]) if needs else column.width for i, column in kept}
    spare = room - sum(widths.values()) - max(0, len(kept) - 1)
    for i, most in _wishes(kept, need):
        more = max(0, min(most - widths[i], spare))
        widths[i] += more
        spare -= more
    for i, column in kept:
        if column.flexible:
            widths[i] = max(_LEAST, widths[i] + spare)
    at = {column.id: i for i, column in enumerate(columns)}
    return tuple(PlacedColumn(i, c.title, widths[i], c.right, at.get(c.beside)) for i, c in kept)


def _least(column: Column, need: int) -> int:
    return min(column.width, max(column.least, need)) if column.least else column.width


def _wishes(kept: Sequence[tuple[int, Column]], need: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """Which column widens up to which width, in this order: the flexible one to a useful width, the
    others to what they usually take, then all to their longest text, the shortest of these first; last
    those that shrank widen again."""
    flexible = [(i, column) for i, column in kept if column.flexible]
    others = [(i, column) for i, column in kept if not column.flexible]
    yield from ((i, min(need[i], column.width + _USEFUL)) for i, column in flexible)
    yield from ((i, min(need[i], max(column.width, column.wide))) for i, column in others)
    yield from sorted(((i, need[i]) for i, _ in kept), key=itemgetter(1))
    yield from ((i, column.width) for i, column in others)


def _needed(kept: Sequence[tuple[int, Column]]) -> int:
    return sum(column.width for _, column in kept) + max(0, len(kept) - 1)
