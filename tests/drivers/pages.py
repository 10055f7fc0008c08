"""Page objects of the console: a screen with a list, and the form in front."""

from typing import TYPE_CHECKING

from textual.widgets import Input, Switch

from tui.ui.forms.form import FormDialog
from tui.ui.widgets.form_fields import Field
from tui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from tests.drivers.console import Console

_MOST_WORDS = 10
_LONGEST_TYPED = 30
"""Characters; nobody types a hash."""


class ListPage:
    """A full screen with a list."""

    def __init__(self, deck: "Console", key: str) -> None:
        self._deck, self._key = deck, key

    async def show(self) -> None:
        """Go there, and wait for its rows."""
        await self._deck.press(self._key)
        await self._deck.until(lambda: bool(self._deck.cursor_row()), "row under a cursor")

    async def focus(self, text: str) -> "Console":
        """Put the cursor on the row with that text, by the keys that move it."""
        await self._deck.press("g")
        seen = None
        while text not in self._deck.cursor_row():
            assert seen != self._deck.cursor_row(), f"no row {text!r} in:\n" + "\n".join(
                self._deck.lines()
            )
            seen = self._deck.cursor_row()
            await self._deck.press("j")
        return self._deck

    async def filter(self, text: str) -> None:
        """Type a filter and keep it."""
        await self._deck.press("slash")
        await self._deck.type(text)
        await self._deck.until(lambda: f"/{text}" in self._deck.said("status"), f"filter /{text}")
        await self._deck.press("enter")


class FormPage:
    """The form in front."""

    def __init__(self, deck: "Console") -> None:
        self._deck = deck

    async def go_to(self, label: str) -> Field:
        """Move to a field by tab."""
        field = self._field(label)
        for _ in range(2 * len(self._deck.app.screen.focus_chain)):
            if field.has_focus_within:
                return field
            await self._deck.press("tab")
        raise AssertionError(f"tab does not reach {label}")

    async def fill(self, label: str, text: str) -> None:
        """Replace a field's text."""
        await self.go_to(label)
        await self._deck.press("end", "ctrl+u")
        await (self._deck.paste(text) if len(text) > _LONGEST_TYPED else self._deck.type(text))

    async def choose(self, label: str, word: str) -> None:
        """Choose one of a few words."""
        field = await self.go_to(label)
        for _ in range(_MOST_WORDS):
            if field.text == word:
                return
            await self._deck.press("right")
        raise AssertionError(f"{label} has no {word}")

    async def toggle(self, label: str) -> None:
        """Turn a switch."""
        await self.go_to(label)
        await self._deck.press("space")

    async def review(self) -> None:
        """Ask for the review."""
        await self._deck.press("f2")

    def text_of(self, label: str) -> str:
        """What stands in a field."""
        return self._field(label).text

    def error_at(self, label: str) -> str:
        """What the form says is wrong at a field."""
        return self._field(label).query_one(".field-error", TextLine).shown

    def labels(self) -> list[str]:
        """The fields in tab order."""
        return [field.label for field in self._fields()]

    @property
    def focused(self) -> str:
        """The label of the field with the focus."""
        return next((field.label for field in self._fields() if field.has_focus_within), "")

    def has_switch(self) -> bool:
        """Whether a switch has the focus."""
        return isinstance(self._deck.app.focused, Switch)

    def typed(self) -> str:
        """What stands in the input with the focus."""
        focused = self._deck.app.focused
        return focused.value if isinstance(focused, Input) else ""

    def _field(self, label: str) -> Field:
        return next(field for field in self._fields() if field.label.startswith(label))

    def _fields(self) -> list[Field]:
        dialog = self._deck.app.screen
        if isinstance(dialog, FormDialog):
            return dialog.all_fields
        return list(dialog.query(Field))
