"""Keys take effect in the order in which they were typed, however fast.

Textual gives a key to the focused widget and the next one before the first was acted on: where a slow
line delivers `backspace` `m` `enter` together, they would be done as `m` `enter` `backspace`. Here a key
waits until the one before it was acted on; a marker that follows it through the widgets shows that.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from textual import events
from textual.message import Message

from tui.ui.terminal.pasted_text import fitted

if TYPE_CHECKING:
    from textual.app import App
    from textual.dom import DOMNode

Typed: TypeAlias = events.Key | events.Paste
_LAPS = 2
"""The key itself, then what a widget posted about it."""
_LONGEST_WAIT = 0.25
"""Seconds after which a key no longer waits for one whose marker was lost."""
_HELD_WITHIN = 1.0
"""Seconds in which terminals begin to repeat a key that is held."""


class KeyDone(Message, bubble=True):
    """The marker: everything typed before it has been acted on."""

    def __init__(self, number: int, lap: int = 1) -> None:
        super().__init__()
        self.number = number
        self.lap = lap


class KeyQueue:
    """The keys that were typed and not yet acted on."""

    def __init__(self, app: "App[int]", act: Callable[[events.Event], Awaitable[None]]) -> None:
        """`act` passes an event to Textual."""
        self._app = app
        self._act = act
        self._waiting: deque[Typed] = deque()
        self._number = 0
        self.typed_at = 0.0
        """When the current key was typed, by the clock of Textual's messages."""
        self.pause = 0.0
        """Seconds between that key and the one before it."""
        self.may_be_held = False
        """Whether that key may be the one before it, held down."""
        self.arrived = 0
        """How many were typed."""
        self._last = ""
        self._target: DOMNode | None = None
        """The widget that is acting on a key now."""

    @property
    def at_rest(self) -> bool:
        """Whether everything typed has been acted on."""
        return self._target is None or not (self._target.is_attached or self._waiting)

    async def take(self, event: Typed) -> None:
        """Act on the key, or queue it behind those typed before."""
        self._waiting.append(event)
        self.arrived += 1
        if self._target is None or not self._target.is_attached:
            await self._next()
        elif len(self._waiting) == 1:
            self._app.set_timer(_LONGEST_WAIT, partial(self._done, self._number))

    async def _next(self) -> None:
        self._target = None
        while self._waiting and self._target is None:
            event, target = self._waiting.popleft(), self._app.focused or self._app.screen
            if isinstance(event, events.Paste):
                event = fitted(event, target)
            self._number += 1
            self._note(event)
            await self._act(event)
            if event.is_forwarded:
                self._target = target
                target.post_message(KeyDone(self._number))

    def _note(self, event: Typed) -> None:
        key = event.key if isinstance(event, events.Key) else ""
        self.pause, self.typed_at = event.time - self.typed_at, event.time
        self.may_be_held = bool(key) and key == self._last and self.pause < _HELD_WITHIN
        self._last = key

    async def followed(self, marker: KeyDone) -> None:
        """The marker arrived: send it round again, or go on with the next key."""
        if marker.lap < _LAPS and self._target is not None and marker.number == self._number:
            self._target.post_message(KeyDone(marker.number, marker.lap + 1))
        else:
            await self._done(marker.number)

    async def _done(self, number: int) -> None:
        if number == self._number:
            await self._next()
