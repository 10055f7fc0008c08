"""Where a profile's name is typed: the last step of what cannot be taken back."""

from textual.widgets import Input


class NameInput(Input):
    """An input that stands still: no blinking, nothing but what was typed."""

    def __init__(self) -> None:
        super().__init__(id="profile-name", compact=True)
        self.cursor_blink = False
