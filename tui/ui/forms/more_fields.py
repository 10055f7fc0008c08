"""Form fields beyond a line of text and a switch: one of a few words, and lines."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.widgets import TextArea

from tui.ui.forms.fields import Check, Field
from tui.ui.widgets.choice import Choice


class ChoiceField(Field):
    """One of a few words."""

    def __init__(self, name: str, label: str, words: Sequence[str], *, note: str = "") -> None:
        """The first word is chosen until another one is."""
        super().__init__(name, label, note=note)
        self._words = tuple(words)
        self._taken = self._words[0]
        self._choice: Choice | None = None

    def compose_control(self) -> ComposeResult:
        """The words."""
        self._choice = Choice(self._words, self._taken)
        yield self._choice

    def take(self, text: str) -> None:
        """Choose a word; any other text changes nothing."""
        if text in self._words:
            self._taken = text
        if self._choice is not None:
            self._choice.choose(text)

    @property
    def before(self) -> str:
        """The word that is chosen at first."""
        return self._words[0]

    @property
    def text(self) -> str:
        """The word that is chosen now."""
        return self._taken if self._choice is None else self._choice.chosen

    def focus_control(self) -> None:
        """Put the focus on the words."""
        self.query_one(Choice).focus()


class LinesField(Field):
    """Lines of text with their numbers, once there are any; pasted lines stay lines."""

    def __init__(self, name: str, label: str, *, note: str = "", check: Check | None = None) -> None:
        super().__init__(name, label, note=note)
        self._check = check
        self._taken = ""
        self._area: TextArea | None = None

    def compose_control(self) -> ComposeResult:
        """An area of a few lines without a frame."""
        numbered = bool(self._taken)
        self._area = area = TextArea(
            self._taken, compact=True, show_line_numbers=numbered, soft_wrap=True
        )
        area.cursor_blink = False
        area.highlight_cursor_line = False
        yield area

    @on(TextArea.Changed)
    def _number_lines(self, event: TextArea.Changed) -> None:
        event.text_area.show_line_numbers = bool(event.text_area.text)

    def take(self, text: str) -> None:
        """Replace what is typed."""
        self._taken = text
        if self._area is not None:
            self._area.text = text

    @property
    def before(self) -> str:
        """Nothing."""
        return ""

    @property
    def text(self) -> str:
        """What is typed now."""
        return self._taken if self._area is None else self._area.text

    def wrong(self) -> str | None:
        """Refused by the check."""
        return None if self._check is None else self._check(self.text)

    def focus_control(self) -> None:
        """Put the focus on the lines."""
        self.query_one(TextArea).focus()
