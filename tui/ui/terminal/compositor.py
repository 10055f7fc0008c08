"""Textual's compositor, made to redraw everything that must be redrawn; and screens on it.

Asked where a widget is during a change of the layout, Textual lays out the screen at once and treats the
result as the previous layout: what the change uncovered was never drawn (seen with 8.2.8, below a dialog
that became shorter).
"""

from typing import Any, TypeVar

from textual._compositor import Compositor, CompositorMap
from textual.geometry import Size
from textual.screen import Screen

Result = TypeVar("Result")


class WatchfulCompositor(Compositor):
    """For screens on which widgets become smaller."""

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


class WatchfulScreen(Screen[Result]):
    """A screen on it, which is laid out once for a size."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._compositor = WatchfulCompositor()

    def _screen_resized(self, size: Size) -> None:
        """Lay it out, unless it is: at each new dialog it would be once more, and all below it, too."""
        if size != self._compositor.size:
            super()._screen_resized(size)
