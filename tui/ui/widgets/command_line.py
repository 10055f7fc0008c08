"""The command line: `:`, then an operation and its settings. Hidden while not in use.

An error is shown above the command, and the text stays.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from tui.ui.widgets.line_input import LineInput
from tui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from tui.ops.text_commands.command_line import Completion


class CommandInput(LineInput):
    """The input itself; all its keys but the typed ones go to the command line around it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "do", "run")]

    def action_do(self) -> None:
        next(parent for parent in self.ancestors if isinstance(parent, CommandLine)).do()


class CommandLine(Vertical):
    """One way in: `open`. It passes a finished line to `act`, which returns an error or empty."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", "complete"),
        Binding("up", "recall(-1)", "earlier", show=False),
        Binding("down", "recall(1)", "later", show=False),
        Binding("escape", "leave", "leave", key_display="esc"),
        Binding("f10", "leave", "Leave", show=False),
    ]

    def __init__(
        self,
        act: Callable[[str], str],
        completed: Callable[[str], "Completion"],
        back: Callable[[], None],
        history: list[str],
    ) -> None:
        """`back` returns the focus; `history` is shared by all screens, oldest first."""
        super().__init__()
        self._act, self._completed, self._back = act, completed, back
        self._history = history
        self._place = 0
        self._draft = ""
        self.display = False

    def compose(self) -> ComposeResult:
        yield TextLine(id="command-message", classes="-empty")
        with Horizontal():
            yield TextLine(":", id="command-sign")
            yield CommandInput(select_on_focus=False)

    @property
    def _input(self) -> CommandInput:
        return self.query_one(CommandInput)

    def open(self, text: str = "", message: str = "") -> None:
        """Show the line and take the focus, before any other key is acted on."""
        self._place, self._draft = len(self._history), ""
        self.display = True
        self._write(text)
        self._say(message, "error")
        self.screen.set_focus(self._input)

    def action_leave(self) -> None:
        self.display = False
        self._say("")
        self._back()

    def do(self) -> None:
        """Run the command; on an error, show the line again with the message."""
        text = self._input.value.strip()
        self.action_leave()
        if not text:
            return
        from tui.ops.text_commands.command_line import holds_secret

        if self._history[-1:] != [text] and not holds_secret(text):
            self._history.append(text)
        wrong = self._act(text)
        if wrong:
            self.open(text, wrong)
            # The current line is the last of the history: the arrows continue from it.
            self._place = len(self._history) - (self._history[-1:] == [text])

    def action_complete(self) -> None:
        """Complete the last word as far as it is unambiguous, and list the candidates."""
        found = self._completed(self._input.value)
        self._write(found.text)
        self._say("  ".join(found.offers) if len(found.offers) > 1 else "")

    def action_recall(self, step: int) -> None:
        """An earlier or a later command; after the last one, the line that was being typed."""
        place = self._place + step
        if not 0 <= place <= len(self._history):
            return
        if self._place == len(self._history):
            self._draft = self._input.value
        self._place = place
        self._write(self._draft if place == len(self._history) else self._history[place])
        self._say("")

    def _write(self, text: str) -> None:
        self._input.value = text
        self._input.cursor_position = len(text)

    def _say(self, text: str, tone: str = "off") -> None:
        self.query_one("#command-message", TextLine).show(text, tone if text else "")

    @on(Input.Changed)
    def _edited(self, event: Input.Changed) -> None:
        event.stop()
