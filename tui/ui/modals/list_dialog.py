"""A modal screen whose body is a list below its column titles."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from tui.ui.modals.dialog import Dialog, Result
from tui.ui.widgets.column_titles import ColumnTitles
from tui.ui.widgets.columns import Column
from tui.ui.widgets.row_list import RowList


class ListDialog(Dialog[Result]):
    """The list scrolls by itself, not the body around it: titles and cursor stay in sight."""

    COLUMNS: ClassVar[Sequence[Column]] = ()

    def compose_body(self) -> ComposeResult:
        yield ColumnTitles()
        yield RowList(self.COLUMNS)

    @on(RowList.Arranged)
    def _arranged(self, event: RowList.Arranged) -> None:
        self.query_one(ColumnTitles).show(event.placed)

    def _fit_body(self) -> None:
        super()._fit_body()
        if not self.query("#body"):
            return
        room = self.query_one("#body").styles.max_height
        if room is not None:
            self.query_one(RowList).styles.max_height = max(1, int(room.value) - 1)
