"""What the history adds to a row of a list: since when it has its level, and a strip of the last hours.

Light: nothing of the history is imported for rows of which nothing is known.
"""

from collections.abc import Mapping
from types import MappingProxyType

from tui.frozen import frozen

STRIP_CELLS = 24
"""Cells of a strip that are read: a day, an hour each."""


@frozen
class PastCells:
    cells: Mapping[str, str]
    """`since` and `strip`."""
    seconds: float | None = None
    """How long, for the filter and the order."""


NOTHING_KNOWN = PastCells(MappingProxyType({"since": "", "strip": ""}))
