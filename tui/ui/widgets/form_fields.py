"""Form fields: each knows its first value, what was typed, and whether that is valid."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Switch, TextArea

from tui.domain.redaction import looks_secret
from tui.ui.widgets.choice import Choice
from tui.ui.widgets.secret_input import OptionInput
from tui.ui.widgets.text_line import TextLine

Check: TypeAlias = Callable[[str], str | None]
"""Returns what is wrong with a text, or None."""

_NEWLINE = "␊"
"""Replaces a line break of the server's in a one-line field: the terminal must not get it."""


class Field(Vertical):
    """A labelled field with a description below, and an error while there is one."""

    def __init__(
        self, name: str, label: str, *, note: str = "", required: bool = False, key: str = ""
    ) -> None:
        """`key` names the value that it is about, where that is not the field's own name."""
        super().__init__(name=name, classes="field")
        self.key = key or name
        self.label = label
        self._note = note
        self._required = required

    @property
    def is_secret(self) -> bool:
        """Whether the value may be a secret, by the field's name, and is kept in no draft."""
        return looks_secret(self.label) or looks_secret(self.key)

    def compose(self) -> ComposeResult:
        """Label and control on one line, then the note, then the error."""
        with Horizontal(classes="field-line"):
            label = TextLine(classes="field-label")
            label.show(f"{self.label}{' *' if self._required else ''}")
            yield label
            yield from self.compose_control()
        note = TextLine(classes="field-note" if self._note else "field-note -empty")
        note.show(self._note)
        yield note
        yield TextLine(classes="field-error -empty")

    def compose_control(self) -> ComposeResult:
        yield from ()

    def on_descendant_focus(self) -> None:
        """Mark the field that is being edited."""
        self.add_class("-focused")

    def on_descendant_blur(self) -> None:
        """Another field is being edited."""
        self.remove_class("-focused")

    @property
    def before(self) -> str:
        """The original value, in the words of the review."""
        raise AttributeError(self.name)

    @property
    def text(self) -> str:
        """The current text; also before the field is on screen."""
        raise AttributeError(self.name)

    def take(self, text: str) -> None:
        """Set the operator's text, as if it were typed now; also before the field is on screen."""
        raise AttributeError(self.name)

    @property
    def changed(self) -> bool:
        """Whether the operator changed the value."""
        return self.text.strip() != self.before.strip()

    def wrong(self) -> str | None:
        """What is wrong with the current value, or None."""
        return None

    def show_note(self, note: str) -> None:
        """Replace the description."""
        self.query_one(".field-note", TextLine).show(note)

    def show_error(self, text: str) -> None:
        """Show an error at the field; empty hides it."""
        self.query_one(".field-error", TextLine).show(text, "error" if text else "")
        self.set_class(bool(text), "-wrong")

    def focus_control(self) -> None:
        self.query("Input, Switch").first().focus()


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
    ) -> None:
        """`check_first`: the first value is checked too; `fixed`: it cannot be changed."""
        super().__init__(name, label, note=note, required=required, key=key)
        self._first = self._typed = first
        self._placeholder = placeholder
        self._check = check
        self._check_first = check_first
        self._fixed = fixed
        self._input: OptionInput | None = None

    def compose_control(self) -> ComposeResult:
        """An input without a frame; a secret is shown as dots."""
        shown = self._typed.replace("\n", _NEWLINE)
        placeholder = self._placeholder.replace("\n", _NEWLINE)
        control = OptionInput(shown, placeholder, is_secret=self.is_secret)
        control.disabled = self._fixed
        self._input = control
        yield control

    @property
    def before(self) -> str:
        return self._first

    def take(self, text: str) -> None:
        """Replace the text; a fixed field keeps its own."""
        if self._fixed:
            return
        self._typed = text
        if self._input is not None:
            self._input.value = text.replace("\n", _NEWLINE)

    @property
    def text(self) -> str:
        if self._input is None:
            return self._typed
        typed = self._input.value
        return typed.replace(_NEWLINE, "\n") if "\n" in self._first else typed

    def hold_secret(self, is_secret: bool) -> None:
        """Hold a secret from now on, or no longer."""
        if self._input is not None:
            self._input.hold_secret(is_secret)

    def fill(self, text: str) -> None:
        """Set the text as if it had been typed."""
        self.query_one(Input).value = text

    def wrong(self) -> str | None:
        """Required and empty, or refused by the check; untouched values are not checked."""
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
    """On or off."""

    def __init__(
        self,
        name: str,
        label: str,
        *,
        first: bool,
        note: str = "",
        required: bool = False,
        key: str = "",
    ) -> None:
        super().__init__(name, label, note=note, required=required, key=key)
        self._first = self._turned = first
        self._switch: Switch | None = None

    def compose_control(self) -> ComposeResult:
        """A switch and a word for its position: colour alone is not enough."""
        word = TextLine(classes="switch-word")
        word.show(_word(self._turned))
        yield word
        self._switch = Switch(self._turned, animate=False)
        yield self._switch

    @property
    def is_secret(self) -> bool:
        """On or off is not a secret."""
        return False

    def on_switch_changed(self) -> None:
        """Show the new position as a word."""
        self.query_one(".switch-word", TextLine).show(self.text)

    def take(self, text: str) -> None:
        """Set it; any other text than `true` or `false` changes nothing."""
        if text not in ("true", "false"):
            return
        self._turned = text == "true"
        if self._switch is not None:
            self._switch.value = self._turned

    @property
    def before(self) -> str:
        """`true` or `false`."""
        return _word(self._first)

    @property
    def text(self) -> str:
        """`true` or `false`."""
        return _word(self._turned if self._switch is None else self._switch.value)


def _word(turned: bool) -> str:
    return "true" if turned else "false"


class ChoiceField(Field):
    """One of a few words."""

    def __init__(self, name: str, label: str, words: Sequence[str], *, note: str = "") -> None:
        """The first word is chosen until another one is."""
        super().__init__(name, label, note=note)
        self._words = tuple(words)
        self._taken = self._words[0]
        self._choice: Choice | None = None

    def compose_control(self) -> ComposeResult:
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
        self._taken = text
        if self._area is not None:
            self._area.text = text

    @property
    def before(self) -> str:
        """Always empty."""
        return ""

    @property
    def text(self) -> str:
        return self._taken if self._area is None else self._area.text

    def wrong(self) -> str | None:
        """Refused by the check."""
        return None if self._check is None else self._check(self.text)

    def focus_control(self) -> None:
        self.query_one(TextArea).focus()
