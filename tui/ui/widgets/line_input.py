"""The base of all inputs of one line."""

from typing import Any

from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input


class LineInput(Input):
    """It does not blink; what is typed moves nothing on the screen, so nothing is laid out for it."""

    virtual_size = Reactive(Size(0, 0))

    def __init__(self, value: str = "", placeholder: str = "", **more: Any) -> None:
        super().__init__(value, placeholder, compact=True, **more)
        self.cursor_blink = False
