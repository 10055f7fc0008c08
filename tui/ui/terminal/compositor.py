"""Textual's compositor, made to redraw what must be redrawn, once; and screens on it.

Asked where a widget is during a change of the layout, Textual lays out the screen at once and treats the
result as the previous layout: what the change uncovered was never drawn. And it lays out and draws a new
screen twice, and any screen once more after a widget has got another size (all seen with 8.2.8).
"""

from typing import Any, TypeVar

from textual._compositor import Compositor, CompositorMap, ReflowResult
from textual._time import get_time
from textual.events import ScreenResume
from textual.geometry import Size
from textual.messages import Layout
from textual.screen import Screen
from textual.widget import Widget

Result = TypeVar("Result")


class WatchfulCompositor(Compositor):
    """For screens on which widgets become smaller."""

    def __init__(self) -> None:
        super().__init__()
        self._content: dict[Widget, tuple[bool, bool]] = {}
        self.laid_out_at = 0.0
        """The time of messages."""

    @property
    def full_map(self) -> CompositorMap:
        """Where every widget is; what the call moved is redrawn."""
        before = self._full_map
        after = super().full_map
        if after is not before:
            moved = (place for _, place in before.items() ^ after.items())
            self._dirty_regions.update(
                filter(None, (one.clip.intersection(one.region) for one in moved))
            )
        return after

    def reflow(self, parent: Widget, size: Size) -> ReflowResult:
        """Lay out, and note who did not ask for another layout, with which scrollbars."""
        self.laid_out_at = get_time()
        parent._layout_required = False
        changed = super().reflow(parent, size)
        # Textual would find out a second time what it has just found.
        self._full_map_invalidated = False
        self._content = {
            one: one.scrollbars_enabled for one in self._full_map if not one._layout_required
        }
        return changed

    def has_settled(self) -> None:
        """Nobody asks for another layout because of a size from this one: Textual would do each a second
        time. Only a scrollbar that came or went changes the room."""
        for widget, scrollbars in self._content.items():
            if widget._layout_required and widget.scrollbars_enabled == scrollbars:
                widget._layout_required = False
        self._content.clear()


class WatchfulScreen(Screen[Result]):
    """A screen on it, which is laid out and drawn once for what changed."""

    _compositor: WatchfulCompositor

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._compositor = WatchfulCompositor()

    def _screen_resized(self, size: Size) -> None:
        """Lay it out, unless it is: at each new dialog it would be once more, and all below it, too."""
        if size != self._compositor.size:
            super()._screen_resized(size)

    def _on_screen_resume(self, event: ScreenResume) -> None:
        """Where it is laid out for that, all of it is drawn: Textual would draw it again."""
        is_new = self._compositor.size != self.app.size
        event.prevent_default()
        super()._on_screen_resume(event)
        self._repaint_required &= not is_new

    async def _on_layout(self, message: Layout) -> None:
        """What was asked for before the last layout is done by it."""
        if message.time < self._compositor.laid_out_at:
            message.stop()
            message.prevent_default()

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:
        super()._refresh_layout(size, scroll)
        self._compositor.has_settled()
