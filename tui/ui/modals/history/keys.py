"""The keys of the history dialogs, which do not all fit into one line."""

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.ops.operations.registry import OPERATIONS
from tui.ui.bindings import PAST
from tui.ui.modals.dialog import READING, Dialog
from tui.ui.widgets.fact_list import Fact, Facts


class HistoryKeysDialog(Dialog[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "leave", "Back", show=False),
        *READING,
    ]

    def __init__(self, own: Iterable[Fact]) -> None:
        """`own`: keys of the dialog below that are not operations."""
        super().__init__("Help · history")
        self._own = tuple(own)

    def compose_body(self) -> ComposeResult:
        past = tuple((OPERATIONS[one].key, OPERATIONS[one].help) for one in PAST)
        yield Facts((*past, *self._own, ("esc", "Go back.")))
