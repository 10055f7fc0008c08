"""A form's target was changed elsewhere: opened, now and yours side by side, and how to continue."""

from collections.abc import Sequence
from enum import Enum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.domain.three_way_merge import Merged, Side
from tui.ui.modals.dialog import READING, Dialog
from tui.ui.widgets.text_line import TextLine
from tui.ui.widgets.value_comparison import Versions


class Choice(Enum):
    CONTINUE = "continue with the current values"
    LEAVE = "leave the form"


class ConflictDialog(Dialog[Choice | None]):
    """Shows three versions of every value that differs; None: back to the form as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "continue", "continue"),
        Binding("f10", "leave_form", "leave", key_display="F10"),
        *READING,
        Binding("down", "more", "more", key_display="↓"),
    ]

    LAST_KEYS: ClassVar[frozenset[str]] = frozenset({"continue"})

    def __init__(self, target: str, merged: Sequence[Merged], *, note: str = "") -> None:
        super().__init__(f"Changed elsewhere · {target}")
        self._merged = tuple(merged)
        self._note = note

    def compose_body(self) -> ComposeResult:
        yield TextLine(self._explanation(), id="remark")
        yield Versions()

    def on_mount(self) -> None:
        self.query_one(Versions).show(self._merged)

    def _explanation(self) -> str:
        collisions = sum(one.side is Side.COLLISION for one in self._merged)
        parts = [self._note or "Nothing was sent."]
        parts.append("With c, untouched fields take the server's value and touched ones keep yours.")
        if collisions:
            what = "One value was" if collisions == 1 else f"{collisions} values were"
            parts.append(f"{what} changed by both: yours would overwrite theirs.")
        return " ".join(parts)

    def action_continue(self) -> None:
        """Continue with the current values; this sends nothing."""
        self.take_key(lambda: self.dismiss(Choice.CONTINUE), "press c again")

    def action_leave_form(self) -> None:
        """Leave the form as well; its draft is kept."""
        self.dismiss(Choice.LEAVE)
