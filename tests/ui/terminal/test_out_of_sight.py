"""What an operation acts on is in sight when it begins (X10)."""

import pytest
from textual import events

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tui.ui.screens.list_status import NO_ROOM
from tui.ui.widgets.row_list import RowList
from tui.ui.widgets.text_line import TextLine


async def wheel(deck: Console, lines: int) -> None:
    """Turn the mouse wheel over the list in front, until its cursor is out of sight."""
    rows = deck.app.screen.query_one(RowList)
    kind = events.MouseScrollDown if lines > 0 else events.MouseScrollUp
    x, y = rows.region.x + 4, rows.region.y + 1
    for _ in range(abs(lines)):
        turned = kind(rows, x, y, 0, lines, 0, False, False, False, screen_x=x, screen_y=y)
        deck.app.post_message(turned)
        await deck.press("shift")
    assert not deck.cursor_row()


@pytest.mark.parametrize("key", ["s", "enter", "e", "space", "colon", "ctrl+p"])
async def test_x10_a_key_scrolls_to_the_row_that_it_acts_on(erp: RunningSimulator, key: str) -> None:
    async with console(erp, size=(80, 12)) as deck:
        await deck.workers.focus("Outlet")
        await wheel(deck, 8)
        await deck.press(key)
        await deck.press("escape")
        row = "PayPal" if key == "space" else "Outlet"
        await deck.until(lambda: row in deck.cursor_row(), "the row under the cursor")


async def test_x10_a_row_for_which_the_window_has_no_line_is_not_acted_on(erp: RunningSimulator) -> None:
    async with console(erp, size=(30, 8)) as deck:
        await deck.workers.focus("Outlet")
        screen = deck.app.tab_screen
        assert screen is not None
        screen.notice("\n".join(f"line {number}" for number in range(8)))
        banner = screen.query_one("#banner", TextLine)
        banner.show("\n".join("abcd"))
        await deck.press("shift")
        assert not deck.cursor_row()
        await deck.press("s")
        assert deck.heading() == ""
        assert deck.said("notice") == NO_ROOM
        banner.show("")
        await deck.press("escape", "s")
        await deck.opens("Start sync · Ebay · Outlet")


@pytest.mark.parametrize("key", ["pagedown", "pageup"])
async def test_x10_a_screenful_takes_the_cursor_along(erp: RunningSimulator, key: str) -> None:
    async with console(erp, size=(80, 12)) as deck:
        await wheel(deck, 8)
        await deck.press(key)
        assert deck.cursor_row()


async def test_x10_a_smaller_window_and_the_filter_line_leave_the_row_in_sight(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.press("G")
        row = deck.cursor_row().split()[1]
        await deck.resize(80, 10)
        assert row in deck.cursor_row()
        await deck.press("slash")
        await deck.until(lambda: row in deck.cursor_row(), "the row above the filter")


async def test_x10_the_palette_does_nothing_that_is_out_of_sight(erp: RunningSimulator) -> None:
    async with console(erp, size=(80, 14)) as deck:
        await deck.press("ctrl+p")
        await deck.opens("Palette")
        await wheel_choice(deck)
        await deck.press("enter")
        assert deck.heading() == "Palette"
        assert deck.choice()


async def wheel_choice(deck: Console) -> None:
    rows = deck.app.screen.query_one(RowList)
    rows.scroll_to(y=10, animate=False, force=True)
    await deck.press("shift")
    assert not deck.choice()
