"""What covers a window in which nothing can be read any more: a word, instead of pieces of a screen."""

from typing import Any

from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

LEAST = Size(30, 8)
"""Columns and lines below which dialogs lose their last line."""


class TooSmall(Widget):
    """Lies over everything of its screen and takes nothing away."""

    def render(self) -> str:
        """How large it is and how large it must be."""
        size, least = self.app.size, LEAST
        return (
            f"{size.width}x{size.height} is too small: {least.width}x{least.height} is the least. "
            "Nothing is lost. ctrl+q quits; twice, if something was not sent"
        )


def is_too_small(size: Size) -> bool:
    """Whether keys would act on what cannot be read."""
    return size.width < LEAST.width or size.height < LEAST.height


def cover(screen: Screen[Any], size: Size) -> None:
    """Cover a screen in a window of this size, or uncover it."""
    covers = screen.query(TooSmall)
    if not is_too_small(size):
        covers.remove()
    elif not covers:
        screen.mount(TooSmall())
