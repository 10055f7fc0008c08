"""Marked rows as a table to be pasted: every column in full, times absolute, below one line that says
where they are from."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tui.domain.text import one_line

if TYPE_CHECKING:
    from tui.domain.moments import Moment
    from tui.domain.systems import ProfileFacts
    from tui.ui.widgets.columns import Column

_BETWEEN = "  "


def absolute(moment: "Moment | None") -> str:
    """An instant in UTC; what is none, as it came or in words."""
    if moment is None:
        return ""
    return moment.ago(datetime.max) if moment.at is None else iso(moment.at)


def iso(at: datetime) -> str:
    """`2026-03-02T03:07:12Z`."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def heading(facts: "ProfileFacts", source: str, at: datetime | None) -> str:
    """Profile, system, and when the rows were true."""
    seen = iso(at) if at is not None else "a time that is not known"
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
