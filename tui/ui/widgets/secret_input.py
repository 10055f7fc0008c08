"""Where a secret is typed: shown as dots, and nothing of it is ever copied or cut to a clipboard."""

from textual.widgets import Input


class SecretInput(Input):
    """An input that stands still and keeps what it holds to itself."""

    def __init__(self) -> None:
        super().__init__(id="secret", password=True, compact=True)
        self.cursor_blink = False

    def action_copy(self) -> None:
        """Nothing: a clipboard is read by others."""

    def action_cut(self) -> None:
        """Delete alone, for the same reason."""
        self.delete_selection()
