"""The line above a list: its column titles, in the places where the columns stand."""

from textual.widgets import Static

from tui.ui.widgets.columns import Placed
from tui.ui.widgets.row_list import fit


class ColumnTitles(Static):
    """Column titles; one way in: `show`."""

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def show(self, placed: tuple[Placed, ...]) -> None:
        """Write the titles at the columns' places."""
        titles = (fit(column.title, column.width, right=column.right) for column in placed)
        self.update("   " + " ".join(titles))
