"""Where a profile's name is typed: the last step of what cannot be taken back."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input


class NameInput(Input):
    """An input that stands still: no blinking, and the keys that scroll scroll what is confirmed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "screen.more", "more", key_display="↓"),
        Binding("up", "screen.scroll(-1)", "Up", show=False),
        Binding("pagedown", "screen.page(1)", "Page down", show=False),
        Binding("pageup", "screen.page(-1)", "Page up", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(id="profile-name", compact=True)
        self.cursor_blink = False
