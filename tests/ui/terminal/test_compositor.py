"""What a change of the layout uncovers is drawn anew, whoever asks meanwhile where things are; and what
has its layout gets no other for the same size.
"""

from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.ui.terminal.compositor import WatchfulScreen
from tui.ui.widgets.line_input import LineInput

_SETTLED = 0.1
"""Seconds after which no layout is still to come."""


class Box(WatchfulScreen[None]):
    """A box of five lines."""

    def compose(self) -> ComposeResult:
        yield Static("box", id="box")
        yield LineInput()


class Note(ModalScreen[None], WatchfulScreen[None]):
    """What stands in front of it."""


class Stage(App[None]):
    CSS = "#box { height: 5; }"

    def get_default_screen(self) -> Box:
        return Box()


async def test_what_shrinks_while_somebody_asks_is_still_drawn_anew() -> None:
    app = Stage()
    async with app.run_test(size=(20, 8)) as pilot:
        await pilot.pause()
        compositor, box = app.screen._compositor, app.screen.query_one("#box")
        box.styles.height = 2
        box._check_refresh()
        compositor._dirty_regions.clear()
        # As while something scrolls.
        compositor._full_map_invalidated = True
        assert box.region == Region(0, 0, 20, 2)
        assert Region(0, 0, 20, 5) in compositor._dirty_regions


async def test_a_dialog_that_opens_leaves_the_layout_below_it_alone() -> None:
    app = Stage()
    async with app.run_test(size=(20, 8)) as pilot:
        await pilot.pause()
        layouts: list[object] = []
        app.screen.screen_layout_refresh_signal.subscribe(app.screen.query_one("#box"), layouts.append)
        await app.push_screen(Note())
        await pilot.pause()
        assert not layouts
        await pilot.resize_terminal(30, 8)
        assert layouts


async def test_another_size_is_laid_out_once_and_what_is_typed_not_at_all() -> None:
    app = Stage()
    async with app.run_test(size=(20, 8)) as pilot:
        await pilot.pause()
        layouts: list[object] = []
        box, line = app.screen.query_one("#box", Static), app.screen.query_one(LineInput)
        app.screen.screen_layout_refresh_signal.subscribe(box, layouts.append)
        line.focus()
        await pilot.press("a", "n", "a", "m", "e")
        await pilot.pause(_SETTLED)
        assert line.value == "aname"
        assert not layouts
        box.styles.height = 2
        await pilot.pause(_SETTLED)
        assert line.region.y == 2
        assert len(layouts) == 1
