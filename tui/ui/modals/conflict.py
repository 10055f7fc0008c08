"""A form's target was changed elsewhere: opened, now and yours side by side, and how to go on."""

from collections.abc import Sequence
from enum import Enum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.domain.merge import Merged, Side
from tui.ui.modals.dialog import Dialog
from tui.ui.widgets.text_line import TextLine
from tui.ui.widgets.versions import Versions


class Choice(Enum):
    """How to go on."""

    CONTINUE = "continue on what is there now"
    LEAVE = "leave the form"


class ConflictDialog(Dialog[Choice | None]):
    """Shows three versions of every value that differs; None: back to where the operator was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "continue", "continue"),
        Binding("f10", "leave_form", "leave", key_display="F10"),
        Binding("q", "leave", "Back", show=False),
        Binding("j", "scroll(1)", "Down", show=False),
        Binding("k", "scroll(-1)", "Up", show=False),
        Binding("down", "more", "more", key_display="↓"),
    ]

    LAST_KEYS: ClassVar[frozenset[str]] = frozenset({"continue"})

    def __init__(self, target: str, merged: Sequence[Merged], *, note: str = "") -> None:
        super().__init__(f"Changed elsewhere · {target}")
        self._merged = tuple(merged)
        self._note = note

    def compose_body(self) -> ComposeResult:
        """What c does, then the versions."""
        said = TextLine(id="said")
        said.show(self._said())
        yield said
        yield Versions()

    def on_mount(self) -> None:
        """Show the versions."""
        self.query_one(Versions).show(self._merged)

    def _said(self) -> str:
        collisions = sum(one.side is Side.COLLISION for one in self._merged)
        parts = [self._note or "Nothing was sent."]
        parts.append("With c, untouched fields take the server's value and touched ones keep yours.")
        if collisions:
            what = "One value was" if collisions == 1 else f"{collisions} values were"
            parts.append(f"{what} changed by both: yours would overwrite theirs.")
        return " ".join(parts)

    def action_continue(self) -> None:
        """Go on from what is there now; nothing is sent by this."""
        self.last_key.take(lambda: self.dismiss(Choice.CONTINUE), self._refuse_key)

    def _refuse_key(self) -> None:
        self.trouble("wait: that came too soon to count. Read this, then press c again", "warning")

    def action_leave_form(self) -> None:
        """Leave the form as well; its draft is kept."""
        self.dismiss(Choice.LEAVE)
