"""Textual's compositor, which forgets nothing that must be drawn anew.

Asked where a widget is while a change of the layout is under way, Textual lays out the screen at once
and takes that for what was there before: what the change uncovered was never drawn (seen with 8.2.8,
below a dialog that became shorter).
"""

from textual._compositor import Compositor, CompositorMap


class WatchfulCompositor(Compositor):
    """For screens on which widgets become smaller."""

    @property
    def full_map(self) -> CompositorMap:
        """Where every widget is; what moved by the asking is drawn anew."""
        before = self._full_map
        after = super().full_map
        if after is not before:
            moved = (place for _, place in before.items() ^ after.items())
            self._dirty_regions.update(
                filter(None, (one.clip.intersection(one.region) for one in moved))
            )
        return after
