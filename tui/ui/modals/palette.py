"""The palette: every operation of the screen below, found by a few letters, started by enter.

An operation acts on what was selected when the palette was opened. Operations that are refused now are
listed with the reason.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui.ops.operations.names import last_part
from tui.ops.operations.registry import Operation
from tui.presentation.columns import PALETTE
from tui.ui.host import AppHost, ScreenHost
from tui.ui.modals.dialog import Dialog
from tui.ui.widgets.line_input import LineInput
from tui.ui.widgets.row_list import Cause, Row, RowList
from tui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from tui.session.selection import Selection

Entry: TypeAlias = tuple[Operation, str | None]
"""An operation, and why it is refused now, if it is."""


class PaletteInput(LineInput):
    """The search text; the arrows move in the list above."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.choose", "run"),
        Binding("down", "screen.move(1)", "Down", show=False),
        Binding("up", "screen.move(-1)", "Up", show=False),
        Binding("pagedown", "screen.turn(1)", "Page down", show=False),
        Binding("pageup", "screen.turn(-1)", "Page up", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(placeholder="letters of an operation", select_on_focus=False)


class PaletteDialog(Dialog[None]):
    AUTO_FOCUS = "PaletteInput"

    def __init__(self, entries: Sequence[Entry], choose: Callable[[str], None]) -> None:
        """`choose` runs an operation by its id; it is called when the palette is closed."""
        super().__init__("Palette")
        self._entries = {operation.id: (operation, refusal) for operation, refusal in entries}
        self._choose = choose
        self._shown_for: str | None = None

    def compose_body(self) -> ComposeResult:
        yield RowList(PALETTE)

    def compose_tail(self) -> ComposeResult:
        yield TextLine(id="palette-help")
        yield PaletteInput()

    def on_mount(self) -> None:
        self.query_one(RowList).can_focus = False
        self._show()

    def give_room(self, lines: int) -> None:
        """The list has a line for each operation, or what is left of the screen."""
        super().give_room(lines)
        self.query_one(RowList).styles.height = min(len(self._entries), lines)

    def _show(self) -> None:
        self._shown_for = self.query_one(PaletteInput).value
        words = self._shown_for.casefold().split()
        fitting = [entry for entry in self._entries.values() if _fits(entry[0], words)]
        fitting.sort(key=lambda entry: _rank(entry[0], words))
        rows = {operation.id: _row(operation, refusal) for operation, refusal in fitting}
        self.query_one(RowList).show(list(rows), rows.__getitem__, Cause.ARRANGE)
        self.query_one(RowList).action_edge(0)
        self._tell()

    def _tell(self) -> None:
        key = self.query_one(RowList).target or ""
        operation, refusal = self._entries.get(key, (None, None))
        help_text = "no matching operation" if operation is None else operation.help
        text = f"not now: {refusal}" if refusal else help_text
        self.query_one("#palette-help", TextLine).show(text, "warning" if refusal else "")
        self.trouble("")

    @on(Input.Changed)
    def _edited(self) -> None:
        self._show()

    @on(RowList.CursorMoved)
    def _moved(self) -> None:
        self._tell()

    def action_move(self, step: int) -> None:
        self.query_one(RowList).action_move(step)

    def action_turn(self, direction: int) -> None:
        self.query_one(RowList).action_page(direction)

    def action_choose(self) -> None:
        """Run the one under the cursor; the palette stays open with the reason where it is refused."""
        if self.query_one(PaletteInput).value != self._shown_for:
            self._show()
        if self.query_one(RowList).reveal():
            return
        key = self.query_one(RowList).target
        if key is None:
            self.trouble("no matching operation")
            return
        operation, refusal = self._entries[key]
        if refusal is not None:
            self.trouble(f"{operation.title}: {refusal}")
            return
        self.dismiss(None)
        self._choose(operation.id)


def _fits(operation: Operation, words: Sequence[str]) -> bool:
    text = f"{operation.title} {operation.id} {operation.help} {operation.key}".casefold()
    return all(word in text for word in words)


def _rank(operation: Operation, words: Sequence[str]) -> int:
    """Operations that start with the word come before those that contain it."""
    start = words[0] if words else ""
    if last_part(operation).startswith(start) or operation.title.casefold().startswith(start):
        return 0
    return 1 if start in f"{operation.title} {operation.id}".casefold() else 2


def _row(operation: Operation, refusal: str | None) -> Row:
    help_text = operation.help if refusal is None else f"not now: {refusal}"
    tone = "plain" if refusal is None else "off"
    return Row(operation.id, " ", tone, (operation.key, operation.title, help_text))


def open_palette(host: AppHost, screen: ScreenHost, selection: "Selection") -> None:
    """The palette of a screen's operations, on what was selected when it was opened."""
    entries = [(one, screen.refusal(one, selection.marks)) for one in screen.offered()]
    host.push_screen(PaletteDialog(entries, partial(screen.operate, bound=selection)))
