"""What a change of the layout uncovers is drawn anew, whoever asks meanwhile where things are."""

from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.screen import Screen
from textual.widgets import Static

from tui.ui.terminal.compositor import WatchfulCompositor


class Box(Screen[None]):
    """A box of five lines."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = WatchfulCompositor()

    def compose(self) -> ComposeResult:
        yield Static("box", id="box")


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
