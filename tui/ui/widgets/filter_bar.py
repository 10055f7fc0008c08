"""The filter line: live while typing; enter keeps it, esc clears it. Hidden while not in use."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from tui.ui.widgets.line_input import LineInput

if TYPE_CHECKING:
    from tui.domain.filters import Filter, Names

UNREADABLE = "the filter is invalid, so nothing is selected: press / to correct it, esc to clear it"


class FilterBar(LineInput):
    """One way in: `open`; it reports every change of its text and when it is left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "keep filter"),
        Binding("escape", "give_up", "clear filter", key_display="esc"),
    ]

    class Edited(Message):
        """The text is another."""

    class Left(Message):
        """The operator returned to the list."""

    def __init__(self) -> None:
        super().__init__(placeholder="word  a|b  field:value  !word  age>5m", select_on_focus=False)
        self.display = False

    def read(self, fields: "Names", ages: "Names", numbers: "Names") -> "Filter":
        """The text, as `parse_filter` reads it; finished once the line is left."""
        from tui.domain.filters import parse_filter

        return parse_filter(self.value, fields, ages, numbers, finished=not self.display)

    @on(Input.Changed)
    def _edited(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Edited())

    def open(self) -> None:
        self.display = True
        self.focus()

    async def action_submit(self) -> None:
        self.display = False
        self.post_message(self.Left())

    def action_give_up(self) -> None:
        self.value = ""
        self.display = False
        self.post_message(self.Left())
