"""The first screen, from and to the saved last state."""

import os
import re
from typing import TYPE_CHECKING, Any, cast

from textual.geometry import Region

from tui.domain.terminal import palette_of
from tui.startup.last_screen import MOST_ROWS, LastState
from tui.store.snapshot import Topic
from tui.ui.widgets.row_list import TONES, Row
from tui.ui.widgets.screen_header import ScreenHeader, where_of

if TYPE_CHECKING:
    from tui.domain.profile import ProfileFacts
    from tui.ui.screens.list_screen import ListScreen

_SGR = re.compile(r"\x1b\[([\d;]*)m")


def rows_of(state: LastState) -> list[Row]:
    return [
        Row(key, sign, tone if tone in TONES else "plain", tuple(cells))
        for key, sign, tone, *cells in state.rows
    ]


def state_of(screen: "ListScreen[Any]", facts: "ProfileFacts") -> LastState | None:
    """What the first screen shows, for the next start; None while it shows nothing received.

    It is as old as what its rows were made from, whatever came since while it was hidden or is being
    made. `facts`: the profile as its config defines it, without this session's unlock.
    """
    if not screen.is_mounted or not screen.shows_received:
        return None
    fetched = [screen.shown(topic).fetched_at for topic in screen.TOPICS]
    known = [at.timestamp() for at in fetched if at is not None]
    if len(known) < len(fetched):
        return None
    columns = [(one.index, one.width, one.right, one.title) for one in screen.rows.placed]
    rows = [(row.key, row.sign, row.tone, *row.cells) for row in screen.first_rows(MOST_ROWS)]
    tabs = screen.query_one(ScreenHeader).tabs
    listed = cast("tuple[object, ...]", screen.shown(Topic.WORKERS).data or ())
    return LastState(min(known), where_of(facts), tabs, columns, rows, _bar(screen), len(listed))


def _bar(screen: "ListScreen[Any]") -> tuple[str, str]:
    """The palette, and the SGR parameters that the title bar is drawn with on it."""
    [strip] = screen.query_one("#where").render_lines(Region(0, 0, 1, 1))
    drawn = _SGR.match(strip.render(screen.app.console))
    return palette_of(os.environ), drawn[1] if drawn else ""
