"""Marked rows as a table for pasting: every column in full, times absolute, below one line with the
source."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tui.domain.text import one_line
from tui.domain.timestamps import iso

if TYPE_CHECKING:
    from tui.domain.profile import ProfileFacts
    from tui.domain.timestamps import Moment
    from tui.presentation.columns import Column

_BETWEEN = "  "


def absolute(moment: "Moment | None") -> str:
    """An instant in UTC; a timestamp that is not an instant as received or as text."""
    if moment is None:
        return ""
    return moment.ago(datetime.max) if moment.at is None else iso(moment.at)


def heading(facts: "ProfileFacts", source: str, at: datetime | None) -> str:
    """Profile, system, and when the rows were read."""
    seen = iso(at) if at is not None else "an unknown time"
    return f"{facts.name} ({facts.environment.value}) · {source} · as of {seen}"


def table(columns: Sequence["Column"], rows: Iterable[Sequence[str]]) -> str:
    """Aligned columns below their titles, a line each; blanks at the ends of lines are cut."""
    lines = [[column.title for column in columns], *(list(map(one_line, row)) for row in rows)]
    widths = [max(map(cell_len, cells)) for cells in zip(*lines, strict=True)]
    return "\n".join(_line(columns, widths, cells) for cells in lines)


def _line(columns: Sequence["Column"], widths: Sequence[int], cells: Sequence[str]) -> str:
    padded = []
    for column, width, cell in zip(columns, widths, cells, strict=True):
        blank = " " * (width - cell_len(cell))
        padded.append(blank + cell if column.right else cell + blank)
    return _BETWEEN.join(padded).rstrip()
