"""Form fields: each knows its first value, what was typed, and whether that is valid."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Switch, TextArea

from tui.domain.redaction import looks_secret
from tui.ui.widgets.choice import Choice
from tui.ui.widgets.secret_input import OptionInput
from tui.ui.widgets.text_line import TextLine

Check: TypeAlias = Callable[[str], str | None]
"""Returns what is wrong with a text, or None."""

_NEWLINE = "␊"
"""Replaces a line break of the server's in a one-line field: the terminal must not get it."""


class Field(Vertical):
    """A labelled field with a description below, and an error while there is one.

    A text may be taken and read before the field is on screen.
    """

    def __init__(
        self,
        name: str,
        label: str,
        first: str = "",
        *,
        note: str = "",
        required: bool = False,
        key: str = "",
        check: Check | None = None,
    ) -> None:
        """`key` names the value that it is about, where that is not the field's own name."""
        super().__init__(name=name, classes="field")
        self.key = key or name
        self.label = label
        self.before = self._taken = first
        """The original value, in the words of the review."""
        self._note = note
        self._required = required
        self._check = check
        self._is_composed = False

    @property
    def is_secret(self) -> bool:
        """Whether the value may be a secret, by the field's name, and is kept in no draft."""
        return looks_secret(self.label) or looks_secret(self.key)

    def compose(self) -> ComposeResult:
        with Horizontal(classes="field-line"):
            yield TextLine(f"{self.label}{' *' if self._required else ''}", classes="field-label")
            yield from self.compose_control(self._taken)
            self._is_composed = True
        yield TextLine(self._note, classes="field-note" if self._note else "field-note -empty")
        yield TextLine(classes="field-error -empty")

    def compose_control(self, text: str) -> ComposeResult:
        """The control with this text."""
        yield from ()

    def on_descendant_focus(self) -> None:
        self.add_class("-focused")

    def on_descendant_blur(self) -> None:
        self.remove_class("-focused")

    @property
    def text(self) -> str:
        return self.read_control() if self._is_composed else self._taken

    def read_control(self) -> str:
        raise AttributeError(self.name)

    def take(self, text: str) -> None:
        """Set the operator's text, as if it were typed now; one that is impossible changes nothing."""
        if self.can_be(text):
            self._taken = text
            if self._is_composed:
                self.write_control(text)

    def can_be(self, text: str) -> bool:
        return True

    def write_control(self, text: str) -> None:
        raise AttributeError(self.name)

    @property
    def changed(self) -> bool:
        """Whether the operator changed the value."""
        return self.text.strip() != self.before.strip()

    def wrong(self) -> str | None:
        """What is wrong with the current value, or None."""
        return None if self._check is None else self._check(self.text)

    def show_note(self, note: str) -> None:
        self.query_one(".field-note", TextLine).show(note)

    def show_error(self, text: str) -> None:
        """Show an error at the field; empty hides it."""
        self.query_one(".field-error", TextLine).show(text, "error" if text else "")
        self.set_class(bool(text), "-wrong")

    def focus_control(self) -> None:
        self.query("Input, Switch, Choice, TextArea").first().focus()


class TextField(Field):
    """A line of text, checked when the review is requested."""

    def __init__(
        self,
        name: str,
        label: str,
        first: str = "",
        *,
        note: str = "",
        placeholder: str = "",
        required: bool = False,
        check: Check | None = None,
        check_first: bool = False,
        fixed: bool = False,
        key: str = "",
        may_stay_empty: bool = False,
    ) -> None:
        """`check_first`: the first value is checked too; `fixed`: it cannot be changed;
        `may_stay_empty`: required, but the server has none: it blocks no other change."""
        super().__init__(name, label, first, note=note, required=required, key=key, check=check)
        self._placeholder = placeholder
        self._check_first = check_first
        self._fixed = fixed
        self._may_stay_empty = may_stay_empty

    def compose_control(self, text: str) -> ComposeResult:
        """An input without a frame; a secret is shown as dots."""
        placeholder = self._placeholder.replace("\n", _NEWLINE)
        self._input = OptionInput(text.replace("\n", _NEWLINE), placeholder, is_secret=self.is_secret)
        self._input.disabled = self._fixed
        yield self._input

    def can_be(self, text: str) -> bool:
        return not self._fixed

    def write_control(self, text: str) -> None:
        self._input.value = text.replace("\n", _NEWLINE)

    def read_control(self) -> str:
        typed = self._input.value
        return typed.replace(_NEWLINE, "\n") if "\n" in self.before else typed

    def hold_secret(self, is_secret: bool) -> None:
        if self._is_composed:
            self._input.hold_secret(is_secret)

    def wrong(self) -> str | None:
        """Required and empty, or refused by the check; untouched values are not checked."""
        if not self.changed and self._may_stay_empty:
            return None
        if self._required and not self.text.strip():
            return f"{self.label} is required"
        unasked = not (self.changed or self._check_first)
        if unasked or not self.text.strip() or self._check is None:
            return None
        return self._check(self.text.strip())


class FileField(TextField):
    """A path; the file is read here, the path itself is never sent."""

    @property
    def changed(self) -> bool:
        """A path changes nothing of the target."""
        return False


class SwitchField(Field):
    """On or off, as `true` or `false`."""

    is_secret = False

    def compose_control(self, text: str) -> ComposeResult:
        """A switch and a word for its position: colour alone is not enough."""
        yield TextLine(text, classes="switch-word")
        self._switch = Switch(text == "true", animate=False)
        yield self._switch

    def on_switch_changed(self) -> None:
        self.query_one(".switch-word", TextLine).show(self.text)

    def can_be(self, text: str) -> bool:
        return text in ("true", "false")

    def write_control(self, text: str) -> None:
        self._switch.value = text == "true"

    def read_control(self) -> str:
        return "true" if self._switch.value else "false"


class ChoiceField(Field):
    """One of a few words; the first one is chosen until another one is."""

    def __init__(self, name: str, label: str, words: Sequence[str], *, note: str = "") -> None:
        super().__init__(name, label, words[0], note=note)
        self._words = tuple(words)

    def compose_control(self, text: str) -> ComposeResult:
        self._choice = Choice(self._words, text)
        yield self._choice

    def can_be(self, text: str) -> bool:
        return text in self._words

    def write_control(self, text: str) -> None:
        self._choice.choose(text)

    def read_control(self) -> str:
        return self._choice.chosen


class LinesField(Field):
    """Lines of text with their numbers, once there are any; pasted lines stay lines."""

    def compose_control(self, text: str) -> ComposeResult:
        self._area = area = TextArea(text, compact=True, show_line_numbers=bool(text), soft_wrap=True)
        area.cursor_blink = False
        area.highlight_cursor_line = False
        yield area

    @on(TextArea.Changed)
    def _number_lines(self, event: TextArea.Changed) -> None:
        event.text_area.show_line_numbers = bool(event.text_area.text)

    def write_control(self, text: str) -> None:
        self._area.text = text

    def read_control(self) -> str:
        return self._area.text
