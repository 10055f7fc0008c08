"""The history of one row: a sentence, a strip of a day, and its changes, newest first."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tui.domain.history.grouping import Line
from tui.domain.history.records import Subject
from tui.domain.history.strip import Strip, legend
from tui.domain.timestamps import age_text
from tui.presentation.columns import ROW_HISTORY
from tui.ui.host import app_of
from tui.ui.modals.history import lines as texts
from tui.ui.modals.history.dialog import SHORT, HistoryDialog

if TYPE_CHECKING:
    from tui.session.history_view import HistoryView, SubjectHistory
    from tui.session.session import Session

_WINDOW = timedelta(hours=24)
_CELLS, _FEW_CELLS = 48, 24
"""Of the strip: half an hour each, or an hour in a narrow window."""
_NARROW = 76


class RowHistoryDialog(HistoryDialog):
    COLUMNS = ROW_HISTORY
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "routine", "every run"),
        Binding("h", "leave", "Back", show=False),
    ]

    KEYS = (*HistoryDialog.KEYS, ("v", "Show or hide every run and every status time that moved."))

    def __init__(self, session: "Session", view: "HistoryView", subject: Subject) -> None:
        self._called = subject.name or subject.key
        super().__init__(self._called, session, view)
        self._subject = subject
        self._with_routine = False

    async def read_lines(self, now: datetime) -> Sequence[Line]:
        cells = _FEW_CELLS if self.size.width < _NARROW else _CELLS
        since, with_runs = now - _WINDOW, self._with_routine
        read = await self.view.of_subject(self._subject, since, now, cells, with_runs=with_runs)
        every = " · every run is shown" if with_runs else ""
        self.rename(f"{self._called}{_recorded(read, now)}{every}")
        self.show_about(read.sentence, self._drawn(read.strip))
        shown = (one for one in read.lines if with_runs or not texts.is_routine(one))
        return tuple(texts.with_also(shown))

    def nothing(self) -> str:
        return "nothing changed in the last 24 hours: H shows what happened elsewhere"

    def go_to_time(self, at: datetime) -> None:
        now = self.view.at
        first = now - _WINDOW
        lead = "this shows 24 hours, H goes back further; " if at < first else ""
        self._to_nearest(min(max(at, first), now), lead)

    def cells(self, line: Line, now: datetime) -> tuple[str, ...]:
        return texts.row_cells(line, now)

    def _drawn(self, strip: Strip) -> str:
        """The strip with the time at either end, and what its signs mean."""
        poor = app_of(self).in_ascii
        drawn = strip.text(ascii_only=poor)
        ends = "24h ago", "now"
        if self.view.past is not None:
            ends = f"{strip.since:%m-%d %H:%M}", f"{strip.until:%m-%d %H:%M}"
        line = f"{ends[0]} {drawn} {ends[1]}"
        return line if self.size.height < SHORT else f"{line}\n{legend(ascii_only=poor)}"

    def action_routine(self) -> None:
        """Show or hide runs that ended well."""
        self._with_routine = not self._with_routine
        self.read()


def _recorded(read: "SubjectHistory", now: datetime) -> str:
    if read.recorded_from is None:
        return ""
    return f" · recorded since {age_text((now - read.recorded_from).total_seconds())}"
