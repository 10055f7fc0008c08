"""Help for the screen below, read from the operation table."""

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.ops.operations.registry import Danger, Operation
from tui.ui.modals.dialog import READING, Dialog
from tui.ui.widgets.fact_list import Fact, Facts

_MOVING: tuple[Fact, ...] = (
    ("j k ↑ ↓", "Move the cursor."),
    ("g G", "First, last row."),
    ("PgUp PgDn", "A screenful."),
    ("esc", "Clear the message, then the filter."),
)
_GRADES = {
    Danger.READ: "",
    Danger.REVERSIBLE: " Reviewed, then confirmed with a.",
    Danger.DISRUPTIVE: " Confirmed with y; on production by typing the profile's name.",
    Danger.IRREVERSIBLE: " Confirmed by typing the profile's name.",
}


class HelpDialog(Dialog[None]):
    """The operations of a screen, with their danger, and why some are refused now."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "leave", "Back", show=False),
        *READING,
    ]

    def __init__(self, title: str, operations: Iterable[tuple[Operation, str | None]]) -> None:
        """`operations`: each with the reason why it is refused now, if it is."""
        super().__init__(f"Help · {title}")
        self._operations = tuple(operations)

    def compose_body(self) -> ComposeResult:
        yield Facts((*self._lines(), ("", ""), *_MOVING))

    def _lines(self) -> Iterable[Fact]:
        for operation, refusal in self._operations:
            yield operation.key, f"{operation.help}{_GRADES[operation.danger]}"
            if refusal is not None:
                yield "", f"not now: {refusal}"
