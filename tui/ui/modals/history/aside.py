"""The cells that the history adds to the rows of a list."""

from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from tui.domain.history.clock_text import clock_text
from tui.domain.history.records import SubjectKind
from tui.domain.history.since import AT_LEAST, Since, since_text
from tui.ui.screens.past_cells import PastCells
from tui.ui.widgets.fact_list import Fact

if TYPE_CHECKING:
    from tui.session.history_view import HistoryView, SubjectHistory

DAY = timedelta(hours=24)
_LAST = 4
"""Changes that stand beside a list."""
_MINUTE = 60.0
_SHOWN = 12
"""Cells of the strip that stand in a row: the last ones, an hour each."""


def facts_of(read: "SubjectHistory", *, in_ascii: bool) -> tuple[Fact, ...]:
    """A day as a strip, and the last changes."""
    from tui.ui.modals.history.lines import is_routine, row_cells

    strip = f"Last 24h {read.strip.text(ascii_only=in_ascii)}"
    lines = [one for one in read.lines if not is_routine(one)]
    shown = (
        (clock_text(line.at, read.until), " · ".join(filter(None, row_cells(line, read.until)[1:])))
        for line in lines[:_LAST]
    )
    return ((strip, ""), *shown, ("", ""))


def cells_of(view: "HistoryView", kind: str, key: str, at: datetime, *, in_ascii: bool) -> PastCells:
    """`at`: the minute that all ages of the list refer to, by our own clock."""
    of = SubjectKind(kind)
    since, strip = view.since(of, key), view.strip(of, key)
    drawn = "" if strip is None else strip.text(ascii_only=in_ascii)[-_SHOWN:]
    seconds = None if since is None else max(0.0, (at - since.at).total_seconds())
    cells = MappingProxyType({"since": _text(since, at), "strip": drawn})
    return PastCells(cells, seconds)


def _text(since: Since | None, at: datetime) -> str:
    """Seconds are not shown: all ages turn once a minute."""
    if since is None or (at - since.at).total_seconds() >= _MINUTE:
        return since_text(since, at)
    return "now" if since.is_known else f"{AT_LEAST}0m"
