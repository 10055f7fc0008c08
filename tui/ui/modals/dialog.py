"""The frame that all modal screens share: a title, a body that scrolls, one line of keys."""

from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from tui.ui.widgets.key_bar import KeyBar
from tui.ui.widgets.text_line import TextLine

Result = TypeVar("Result")


class Dialog(ModalScreen[Result]):
    """A modal screen; esc and F10 leave it. No key of the screens below reaches through it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back", key_display="esc"),
        Binding("f10", "leave", "Back", show=False),
    ]

    def __init__(self, title: str) -> None:
        super().__init__()
        self.heading = title

    def compose(self) -> ComposeResult:
        """Title, body, messages, keys."""
        with Vertical(id="dialog"):
            heading = TextLine(id="heading")
            heading.show(self.heading)
            yield heading
            with VerticalScroll(id="body", can_focus=False):
                yield from self.compose_body()
            yield from self.compose_tail()
            yield TextLine(id="trouble", classes="-empty")
            yield KeyBar()

    def compose_body(self) -> ComposeResult:
        """What the dialog is about."""
        yield from ()

    def compose_tail(self) -> ComposeResult:
        """What stays in sight below the body."""
        yield from ()

    def trouble(self, text: str, tone: str = "error") -> None:
        """Say what went wrong, where it went wrong."""
        self.query_one("#trouble", TextLine).show(text, tone)

    def action_leave(self) -> None:
        """Close without a result."""
        self.dismiss(None)
