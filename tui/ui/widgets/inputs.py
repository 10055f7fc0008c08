"""Where a profile's name is typed to confirm an irreversible operation.

Invariant: its text was typed by hand, and the first character came when typing was allowed to begin.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from tui.ui.widgets.line_input import LineInput

_AT_ONCE = 0.005
"""Seconds between two characters that nobody types faster twice in a row."""
_FASTEST = 0.02
"""Seconds that a person takes for a character, at least and on average."""


class NameInput(LineInput):
    """The scroll keys scroll what is confirmed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "screen.more", "more", key_display="↓"),
        Binding("up", "screen.scroll(-1)", "Up", show=False),
        Binding("pagedown", "screen.page(1)", "Page down", show=False),
        Binding("pageup", "screen.page(-1)", "Page up", show=False),
    ]

    class TooSoon(Message):
        """A character came before a name may be started; nothing of it was kept."""

    class Pasted(Message):
        """A text was pasted; nothing of it was kept."""

    def __init__(self, may_begin: Callable[[], bool]) -> None:
        """`may_begin`: whether the current key may be the first of a name."""
        super().__init__(id="profile-name")
        self._may_begin = may_begin
        self.has_begun = False
        """Whether there is a first character that was allowed."""
        self._came_at: list[float] = []
        """When each character was typed, by the clock of the events."""
        self.is_waiting = False
        """Whether the last character came too soon."""
        self.was_pasted = False
        """Whether a text was pasted, and nothing was typed since."""

    @property
    def is_by_hand(self) -> bool:
        """Whether the text came as slowly as a person types."""
        return typed_by_hand(self._came_at)

    def start_over(self) -> None:
        """Discard the text; a name has to be started again."""
        self.value = ""
        self.has_begun = self.is_waiting = self.was_pasted = False
        self._came_at = []

    def on_key(self, event: events.Key) -> None:
        """Accept a character, unless it is the first of a name and too early."""
        if not event.is_printable:
            return
        if self.has_begun or self._may_begin():
            self.has_begun, self.is_waiting, self.was_pasted = True, False, False
            self._came_at.append(event.time)
            return
        event.stop()
        event.prevent_default()
        self.start_over()
        self.is_waiting = True
        self.post_message(self.TooSoon())

    def on_paste(self, event: events.Paste) -> None:
        """A pasted text does not confirm."""
        event.stop()
        event.prevent_default()
        self.action_paste()

    def action_paste(self) -> None:
        """Neither does a text that was copied here."""
        self.start_over()
        self.was_pasted = True
        self.post_message(self.Pasted())


def typed_by_hand(came_at: Sequence[float]) -> bool:
    """Whether characters that came at these times were typed: a paste without brackets is a burst."""
    gaps = [later - earlier for earlier, later in pairwise(came_at)]
    if any(one < _AT_ONCE and other < _AT_ONCE for one, other in pairwise(gaps)):
        return False
    return sum(gaps) >= _FASTEST * len(gaps)
