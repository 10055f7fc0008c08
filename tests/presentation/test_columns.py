"""Screens and tables share their columns: each has its cell, and is on a screen or printed."""

import pytest

from tui.presentation import columns, connections, engine, extensions, log, workers
from tui.presentation.item import PrintedList

LISTS = {
    "workers": (columns.WORKERS, workers.CELLS),
    "extensions": (columns.EXTENSIONS, extensions.CELLS),
    "connections": (columns.CONNECTIONS, connections.CELLS),
    "engine": (columns.ENGINE, engine.CELLS),
    "log": (columns.LOG, log.CELLS),
}


@pytest.mark.parametrize("name", LISTS)
def test_every_column_has_a_cell_and_a_place(name: str) -> None:
    declared, cells = LISTS[name]
    # What the history adds to a row on the screen is no cell of the row.
    own = [column.id for column in declared if column.id not in ("since", "strip")]
    assert own == list(cells)
    assert [column.id for column in declared if not column.width and column.printed is None] == []


def test_a_table_leaves_empty_what_a_screen_marks_as_not_reported() -> None:
    cells = {"old": lambda _row: columns.NOT_KNOWN, "new": lambda _row: "(blank)"}
    shared = [column for column in columns.LOG if column.id in cells]
    assert columns.cells_of(shared, cells, None) == (columns.NOT_KNOWN, "(blank)")
    printed = PrintedList(tuple(shared), cells, lambda _row: {})
    assert printed.texts(None) == {"old": "", "new": "(blank)"}
