"""Columns fit, drop in their order, and are never negative."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.domain.text import clean, one_line
from tui.presentation.columns import (
    ACTIVITY,
    CONNECTIONS,
    EXTENSIONS,
    LOG,
    OBSERVATIONS,
    WORKERS,
    Column,
    on_screen,
)
from tui.ui.widgets.columns import arrange
from tui.ui.widgets.row_list import fit

LISTS = {
    "workers": on_screen(WORKERS),
    "extensions": on_screen(EXTENSIONS),
    "connections": on_screen(CONNECTIONS),
    "log": on_screen(LOG),
    "activity": ACTIVITY,
    "seen": OBSERVATIONS,
}
GUTTER = 3


def taken(columns: tuple[Column, ...], width: int) -> int:
    placed = arrange(columns, width - GUTTER)
    return GUTTER + sum(p.width for p in placed) + len(placed) - 1


@pytest.mark.parametrize("name", LISTS)
def test_every_column_that_the_design_size_shows_fits_into_80_cells(name: str) -> None:
    columns = LISTS[name]
    placed = arrange(columns, 80 - GUTTER)
    kept = [columns[p.index].id for p in placed]
    assert taken(columns, 80) == 80
    assert kept == [column.id for column in columns if not column.wants]


def test_at_60_cells_sync_goes_first_then_every() -> None:
    titles = {
        width: [p.title for p in arrange(LISTS["workers"], width - GUTTER)] for width in range(40, 81)
    }
    dropped = [
        tuple(title for title in ("Sync", "Every") if title not in titles[width])
        for width in range(80, 39, -1)
    ]
    assert list(dict.fromkeys(dropped)) == [(), ("Sync",), ("Sync", "Every")]
    assert titles[60] == ["State", "Channel", "Reported", "Message"]


def test_a_column_gives_way_to_texts_that_are_cut_but_never_below_its_title_or_its_own_texts() -> None:
    titles = [column.id for column in LISTS["connections"]]
    needs = [8, 3, 1, 25, 16, 6, 0, 0, 0, 0]
    widths = {titles[p.index]: p.width for p in arrange(LISTS["connections"], 77, needs)}
    assert (widths["connection"], widths["connector"]) == (25, 16)
    assert widths["test"] >= len("Test")
    assert sum(widths.values()) + len(widths) - 1 == 77
    tested = {
        titles[p.index]: p.width
        for p in arrange(LISTS["connections"], 77, [8, 3, 1, 25, 16, 6, 15, 0, 0, 0])
    }
    assert tested["test"] == 15


@pytest.mark.parametrize("name", LISTS)
@given(width=st.integers(0, 400), seed=st.lists(st.integers(0, 300), min_size=10, max_size=10))
def test_whatever_the_texts_the_columns_fill_the_same_room(
    name: str, width: int, seed: list[int]
) -> None:
    columns = LISTS[name]
    plain, fitted = arrange(columns, width), arrange(columns, width, seed[: len(columns)])
    total, room = sum(p.width for p in fitted), sum(p.width for p in plain)
    assert total == room or width - len(plain) < total < room
    assert [p.index for p in fitted] == [p.index for p in plain]
    assert all(p.width >= min(columns[p.index].least or 1, columns[p.index].width) for p in fitted)


def widths(name: str, width: int, needs: list[int]) -> dict[str, int]:
    columns = LISTS[name]
    return {columns[p.index].id: p.width for p in arrange(columns, width - GUTTER, needs)}


def test_no_long_name_is_cut_beside_blank_columns() -> None:
    """Wide windows: the list uses the width that it has."""
    placed = widths("workers", 160, [8, 3, 15, 52, 5, 8, 8, 12, 21])
    assert placed["channel"] >= 52
    assert placed["message"] >= 21
    placed = widths("log", 140, [8, 20, 30, 16, 21, 21])
    assert all(placed[name] >= need for name, need in (("route", 30), ("old", 21), ("new", 21)))


def test_one_long_message_leaves_the_names_their_room() -> None:
    placed = widths("workers", 160, [8, 3, 15, 46, 5, 8, 8, 12, 300])
    assert placed["channel"] >= 46
    assert placed["message"] > 40


def test_at_80_cells_activity_gives_the_message_what_short_columns_do_not_need() -> None:
    assert widths("activity", 80, [7, 8, 9, 14, 7, 80])["message"] >= 35


def test_room_adds_the_next_run() -> None:
    assert "Next run" in [p.title for p in arrange(LISTS["workers"], 120)]


@pytest.mark.parametrize("name", LISTS)
@given(width=st.integers(0, 400))
def test_no_column_is_negative_and_all_stand_within_the_width(name: str, width: int) -> None:
    columns = LISTS[name]
    placed = arrange(columns, width)
    least = sum(c.width for c in columns if not c.drops and not c.wants)
    least += sum(1 for c in columns if not c.drops and not c.wants) - 1
    total = sum(p.width for p in placed) + len(placed) - 1
    assert all(p.width > 0 for p in placed)
    assert [p.index for p in placed] == sorted(p.index for p in placed)
    assert total == max(width, total if width < least else width)


@given(text=st.text(max_size=60), width=st.integers(0, 40), right=st.booleans())
def test_a_cell_takes_exactly_its_width(text: str, width: int, right: bool) -> None:
    text = one_line(clean(text))
    shown = fit(text, width, right=right)
    assert cell_len(shown) == width
    assert "…" in shown or width == 0 or cell_len(text) <= width


@pytest.mark.parametrize("letter", ["a", "名", "é", "e\u0301", "👩‍🚀"])
@pytest.mark.parametrize("width", [0, 1, 7])
def test_a_text_without_an_end_is_cut_as_a_long_one(letter: str, width: int) -> None:
    assert fit(letter * 100_000, width) == fit(letter * (width + 1), width)
