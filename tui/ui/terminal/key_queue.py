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
_LOOK_EVERY = 0.05
"""Seconds between two looks at whether the marker was lost."""
_MOST_LOOKS = 10
"""Looks after which a key no longer waits for the one before it: where the console itself is slow, they
come late as well, so that the order is kept."""
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
            self._look_later(self._number)

    async def _next(self) -> None:
        self._target = None
        while self._waiting and self._target is None:
            event, target = self._waiting.popleft(), self._app.focused or self._app.screen
            if isinstance(event, events.Paste):
                event = fitted(event, target)
            self._number += 1
            self._note(event)
            await self._act(event)
            if event.is_forwarded and target.post_message(KeyDone(self._number)):
                self._target = target
        if self._waiting:
            self._look_later(self._number)

    def _note(self, event: Typed) -> None:
        key = event.key if isinstance(event, events.Key) else ""
        self.pause, self.typed_at = event.time - self.typed_at, event.time
        self.may_be_held = bool(key) and key == self._last and self.pause < _HELD_WITHIN
        self._last = key

    async def followed(self, marker: KeyDone) -> None:
        """The marker arrived: send it round again, or go on with the next key."""
        if marker.number != self._number:
            return
        again = KeyDone(marker.number, marker.lap + 1)
        if again.lap > _LAPS or self._target is None or not self._target.post_message(again):
            await self._next()

    def _look_later(self, number: int, look: int = 1) -> None:
        """While keys wait, one look is due: a widget that closes takes its marker with it."""
        look_at = partial(self._app.call_later, self._look, number, look)
        self._app.set_timer(_LOOK_EVERY, look_at)

    async def _look(self, number: int, look: int) -> None:
        if number != self._number:
            return
        if look < _MOST_LOOKS and self._target is not None and self._target.is_attached:
            self._look_later(number, look + 1)
        else:
            await self._next()
