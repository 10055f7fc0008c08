"""The line above a list: its column titles, in the places of the columns."""

from collections.abc import Sequence

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from tui.presentation.columns import Column
from tui.ui.widgets.columns import PlacedColumn, arrange
from tui.ui.widgets.row_list import GUTTER, fit


class ColumnTitles(Widget):
    """Column titles; one way in: `show`. Until then they stand as if the list had no scrollbar."""

    def __init__(self, columns: Sequence[Column] = ()) -> None:
        super().__init__()
        self._columns = columns
        self._placed: tuple[PlacedColumn, ...] = ()

    def show(self, placed: tuple[PlacedColumn, ...]) -> None:
        if placed != self._drawn:
            self._placed = placed
            self.refresh()

    @property
    def _drawn(self) -> tuple[PlacedColumn, ...]:
        return self._placed or arrange(self._columns, max(0, self.size.width - GUTTER))

    def render(self) -> RenderResult:
        titles = (fit(column.title, column.width, right=column.right) for column in self._drawn)
        return Content(" " * GUTTER + " ".join(titles))
