"""Which columns fit: some are dropped first, one takes the rest; nothing here knows the meaning of a
cell.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tui.presentation.columns import Column


@dataclass(frozen=True, slots=True)
class PlacedColumn:
    """A column at the current width."""

    index: int
    """Position of the cell in the row."""
    title: str
    width: int
    right: bool


_USEFUL = 12
"""Cells beyond its minimum that the flexible column gets before other columns widen."""
_LEAST = 4
"""Cells that the flexible column keeps, however narrow the list."""


def arrange(columns: Sequence[Column], room: int, needs: Sequence[int] = ()) -> tuple[PlacedColumn, ...]:
    """Place the columns that fit into `room` cells, one blank between them.

    `needs`: cells of the longest text of each column, where that is known.
    """
    kept = [(i, column) for i, column in enumerate(columns) if column.wants <= room]
    while _needed(kept) > room:
        optional = [pair for pair in kept if pair[1].drops]
        if not optional:
            break
        kept.remove(min(optional, key=lambda pair: pair[1].drops))
    spare = room - _needed(kept)
    widths = {i: column.width for i, column in kept}
    for i, column in kept:
        # The flexible column gets a useful width before the others widen.
        more = max(0, min(column.wide - column.width, spare - _USEFUL))
        widths[i] += more
        spare -= more
    for i, column in kept:
        if column.flexible:
            widths[i] = max(_LEAST, column.width + spare)
    if needs:
        _give_way(kept, widths, needs)
    return tuple(PlacedColumn(i, c.title, widths[i], c.right) for i, c in kept)


def _give_way(kept: Sequence[tuple[int, Column]], widths: dict[int, int], needs: Sequence[int]) -> None:
    """No text is cut beside a column that is wider than all of its own; the last ones shrink first."""
    for taker, _ in sorted(kept, key=lambda pair: not pair[1].flexible):
        for giver, other in reversed(kept):
            least = max(other.least, needs[giver])
            if other.least and taker != giver and widths[giver] > least:
                moved = min(widths[giver] - least, max(0, needs[taker] - widths[taker]))
                widths[giver], widths[taker] = widths[giver] - moved, widths[taker] + moved


def _needed(kept: Sequence[tuple[int, Column]]) -> int:
    return sum(column.width for _, column in kept) + max(0, len(kept) - 1)
