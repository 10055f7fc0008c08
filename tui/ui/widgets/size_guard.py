"""Covers a window that is too small to read, with a message instead of pieces of a screen."""

from typing import Any

from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

LEAST = Size(30, 8)
"""Columns and lines below which dialogs lose their last line."""


class TooSmall(Widget):
    """Covers everything of its screen and removes nothing."""

    def render(self) -> str:
        size, least = self.app.size, LEAST
        return (
            f"{size.width}x{size.height} is too small: at least {least.width}x{least.height} is needed. "
            "Nothing is lost. ctrl+q quits; twice, if something was not sent"
        )


def is_too_small(size: Size) -> bool:
    """Whether keys would act on something unreadable."""
    return size.width < LEAST.width or size.height < LEAST.height


def cover(screen: Screen[Any], size: Size) -> None:
    """Cover a screen in a window of this size, or uncover it."""
    covers = screen.query(TooSmall)
    if not is_too_small(size):
        covers.remove()
    elif not covers:
        screen.mount(TooSmall())
