"""What happened: all changes, failures and actions of a window, those of one minute together."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tui.domain.history.clock_text import clock_text
from tui.domain.history.gaps import seen_share
from tui.domain.history.grouping import Line
from tui.domain.text import counted
from tui.presentation.columns import WHAT_HAPPENED
from tui.ui.modals.history import lines as texts
from tui.ui.modals.history.dialog import HistoryDialog

if TYPE_CHECKING:
    from tui.session.history_view import HistoryView
    from tui.session.session import Session

_WINDOW = timedelta(hours=8)


class WhatHappenedDialog(HistoryDialog):
    COLUMNS = WHAT_HAPPENED
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,h", "row", "its history", key_display="h"),
        Binding("I", "report", "report", key_display="I"),
        Binding("H", "leave", "Back", show=False),
    ]

    KEYS = (
        *HistoryDialog.KEYS,
        ("h enter", "Show the history of this line's row."),
        ("I", "Report: read, copy or write what happened in this window."),
    )

    def __init__(self, session: "Session", view: "HistoryView") -> None:
        super().__init__("What happened", session, view)
        self._until: datetime | None = None
        """The end of the window; None: now."""
        self._window = (view.at - _WINDOW, view.at)
        self._seen = 1.0

    async def read_lines(self, now: datetime) -> Sequence[Line]:
        until = self._until or now
        read = await self.view.happened(until - _WINDOW, until)
        self._window, self._seen = (read.since, read.until), read.seen
        return read.lines

    def shown(self, lines: Sequence[Line], now: datetime) -> None:
        """Say what is shown of which window."""
        since, until = self._window
        count = counted(len(self.lines), "line")
        if len(lines) < len(self.lines):
            count = f"{len(lines)} of {count}"
        seen = f" · {seen_share(self._seen)}" if self._seen < 1 else ""
        self.show_about(
            f"{clock_text(since, now)} to {clock_text(until, now)} UTC"
            f" · {count} · {texts.problems_text(lines)}{seen}"
        )

    def nothing(self) -> str:
        return "nothing changed in this window: { goes an hour back, t to a time"

    def cells(self, line: Line, now: datetime) -> tuple[str, ...]:
        return texts.all_cells(line, now)

    def go_to_time(self, at: datetime) -> None:
        """Within the window to the nearest line; outside it, the window moves."""
        since, until = self._window
        if since <= at and (at <= until or self._until is None):
            super().go_to_time(at)
            return
        # The time stands in the middle: what led to it and what followed.
        now = self.view.at
        until = at + _WINDOW / 2
        self._until = None if until >= now else until
        self.read_around(min(at, now))

    def beyond(self, *, forward: bool, problems: bool) -> None:
        since, until = self._window
        if forward and self._until is None:
            super().beyond(forward=forward, problems=problems)
        else:
            self.go_to_time(until + _WINDOW / 2 if forward else since - _WINDOW / 2)

    def action_report(self) -> None:
        from tui.ui.modals.history.report import ReportDialog

        self.app.push_screen(ReportDialog(self.session, self.view, self._window))

    def action_row(self) -> None:
        chosen = self.chosen
        if chosen is None or chosen.subject is None:
            none = "no line is shown: { goes an hour back, t to a time"
            self.trouble(none if chosen is None else "this line is about no single row", "off")
            return
        from tui.ui.modals.history.row_history import RowHistoryDialog

        self.app.push_screen(RowHistoryDialog(self.session, self.view, chosen.subject))
