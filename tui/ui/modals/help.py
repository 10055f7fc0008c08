"""Help for a screen, read from the operation table, or for a dialog with many keys."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.ops.operations.registry import Danger, Operation
from tui.ui.modals.dialog import READING, Dialog
from tui.ui.widgets.fact_list import Fact, Facts

_MOVING: tuple[Fact, ...] = (
    ("j k up down", "Move the cursor."),
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
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "leave", "Back", show=False),
        *READING,
    ]

    def __init__(self, title: str, keys: Iterable[Fact]) -> None:
        super().__init__(f"Help · {title}")
        self._keys = tuple(keys)

    def compose_body(self) -> ComposeResult:
        yield Facts(self._keys)


def keys_of(operations: Iterable[tuple[Operation, str | None]]) -> Iterator[Fact]:
    """The operations of a screen, with their danger; first the reasons why some are refused now."""
    operations = tuple(operations)
    reasons: dict[str, list[str]] = {}
    for operation, refusal in operations:
        if refusal is not None:
            reasons.setdefault(refusal, []).append(operation.key)
    for refusal, keys in reasons.items():
        yield "Not now", f"{' '.join(keys)}: {refusal}"
    if reasons:
        yield "", ""
    for operation, refusal in operations:
        now = "" if refusal is None else " Not now."
        yield operation.key, f"{operation.help}{_GRADES[operation.danger]}{now}"
    yield from (("", ""), *_MOVING)
