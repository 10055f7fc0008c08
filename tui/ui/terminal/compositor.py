"""Textual's compositor, made to redraw everything that must be redrawn.

Asked where a widget is during a change of the layout, Textual lays out the screen at once and treats the
result as the previous layout: what the change uncovered was never drawn (seen with 8.2.8, below a dialog
that became shorter).
"""

from textual._compositor import Compositor, CompositorMap


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
