"""What to copy of some details: everything, one field's value, or the raw JSON.

The choices are those of the moment: data that arrives while the dialog is open does not change them.
"""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.domain.text import one_line
from tui.frozen import frozen
from tui.presentation.columns import CHOICES
from tui.ui.modals.dialog import Dialog
from tui.ui.widgets.fact_list import Fact, RemarkedText, plain_text
from tui.ui.widgets.row_list import Cause, Row, RowList

EVERYTHING, RAW = "everything", "raw"
"""The keys of the first and the last choice."""


@frozen
class Choice:
    key: str
    label: str
    shown: str
    """Shown in its row beside the label."""
    text: str

    @property
    def name(self) -> str:
        """How the notice names it."""
        named = {EVERYTHING: "the details", RAW: "the raw JSON"}
        return named.get(self.key) or self.label


class CopyDialog(Dialog[Choice | None]):
    """The result is what to copy, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "copy", "copy", key_display="enter"),
        Binding("q", "leave", "Back", show=False),
    ]

    def __init__(self, title: str, choices: Sequence[Choice], start: str) -> None:
        """`start`: the key of the choice under the cursor at first."""
        super().__init__(f"Copy · {title}")
        self._choices = {choice.key: choice for choice in choices}
        self._start = start

    def compose_body(self) -> ComposeResult:
        yield RowList(CHOICES)

    def on_mount(self) -> None:
        rows = self.query_one(RowList)
        rows.show(list(self._choices), self._row, Cause.ARRANGE)
        rows.go_to(self._start)
        rows.focus()

    def give_room(self, lines: int) -> None:
        """The list scrolls, not the body around it: the cursor stays in sight."""
        super().give_room(lines)
        self.query_one(RowList).styles.max_height = lines

    def _row(self, key: str) -> Row:
        choice = self._choices[key]
        return Row(key, " ", "plain", (choice.label, choice.shown))

    def action_copy(self) -> None:
        if self.query_one(RowList).reveal():
            return
        key = self.query_one(RowList).target
        self.dismiss(None if key is None else self._choices[key])


def choices_of(facts: Iterable[Fact], raw: str) -> tuple[Choice, ...]:
    """Everything shown, each labelled value, and the raw JSON."""
    facts = tuple(facts)
    lines = f"{len(facts)} lines"
    fields = (
        Choice(f"field {number}", label, one_line(value), value)
        for number, (label, value) in enumerate(fields_of(facts), start=1)
    )
    return (
        Choice(EVERYTHING, "everything", f"as shown, {lines}", plain_text(facts)),
        *fields,
        Choice(RAW, "raw JSON", f"as received, {len(raw):,} characters", raw),
    )


def fields_of(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Label and value of each field, without headings and remarks."""
    return tuple(
        (label.strip(), value.alone if isinstance(value, RemarkedText) else value)
        for label, value in facts
        if label and value
    )
