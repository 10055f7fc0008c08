"""One of a few words, chosen by left and right; a sign shows which one, not the colour alone."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget


class Choice(Widget, can_focus=True):
    """A line of words with a dot at the chosen one; in a narrow line, only that one and its place."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "move(1)", "next", key_display="→"),
        Binding("left", "move(-1)", "Previous", show=False),
    ]

    class Changed(Message):
        def __init__(self, choice: "Choice") -> None:
            super().__init__()
            self.choice = choice

        @property
        def control(self) -> "Choice":
            return self.choice

    def __init__(self, words: Sequence[str], chosen: str) -> None:
        super().__init__()
        self._words = tuple(words)
        self.chosen = chosen

    def choose(self, word: str) -> None:
        """Choose a word; an unknown one changes nothing."""
        if word in self._words and word != self.chosen:
            self.chosen = word
            self.refresh()
            self.post_message(self.Changed(self))

    def action_move(self, by: int) -> None:
        """Choose the next word, or the one before; after the last comes the first."""
        self.choose(self._words[(self._words.index(self.chosen) + by) % len(self._words)])

    def render(self) -> RenderResult:
        line = "  ".join(f"{'●' if word == self.chosen else '○'} {word}" for word in self._words)
        if cell_len(line) > self.content_size.width:
            place = self._words.index(self.chosen) + 1
            line = f"‹ {self.chosen} ›  {place} of {len(self._words)}"
        return Content(line)
