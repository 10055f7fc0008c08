"""Whether the current key may confirm: what it confirms was read before the key was typed.

Invariants: what counts was in sight for a reading time and the terminal's round trip, and the keyboard
paused before the key; a key that came too soon starts the reading time again; a held key never counts.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from tui.ui.host import app_of

if TYPE_CHECKING:
    from textual.screen import Screen

    from tui.ui.host import AppHost

READING_TIME = 0.4
"""Seconds that it must have been in sight, besides the round trip."""
PAUSE = 0.3
"""Seconds without any key before the one that counts."""
_REPEATS_WITHIN = 0.15
"""Seconds in which a held key repeats, once it has begun to repeat."""


class LastKey:
    """Of one dialog: since when what counts is in sight, and whether a key may confirm it."""

    def __init__(self, dialog: "Screen[Any]", began: Callable[[float], None]) -> None:
        """`began` is called with its seconds each time the reading time begins."""
        self._dialog, self._began = dialog, began
        self._since: float | None = None

    @property
    def _app(self) -> "AppHost":
        return app_of(self._dialog)

    @property
    def seconds(self) -> float:
        """The reading time, with the time that the picture and a key take on the line."""
        return READING_TIME + self._app.round_trip

    def void(self) -> None:
        """What counts is about to be drawn: until then no key counts."""
        self._since = None

    @property
    def is_void(self) -> bool:
        """Whether what counts was not in sight yet."""
        return self._since is None

    def begin(self) -> None:
        """It is in sight from now on, or has to be read again from now on."""
        self._since = self._app.monotonic()
        self._began(self.seconds)

    def drawn(self) -> None:
        """It was drawn; only the first time counts."""
        if self._since is None:
            self.begin()

    def again(self) -> None:
        """What was in sight has to be read again."""
        if self._since is not None:
            self.begin()

    @property
    def is_ready(self) -> bool:
        """Whether the reading time is over."""
        return self._since is not None and self._app.monotonic() - self._since >= self.seconds

    def counts(self) -> bool:
        """Whether the current key was typed after the reading time and after a pause."""
        typed = self._app.typed
        if self._since is None or typed.typed_at - self._since < self.seconds:
            return False
        return typed.pause >= PAUSE

    def take(self, act: Callable[[], object], refuse: Callable[[], object]) -> None:
        """Act on the key, or start the reading time again and refuse."""
        if not self.counts():
            self._refuse(refuse)
        elif self._app.typed.may_be_held:
            # Only the next key event distinguishes a held key from a key pressed once.
            after = _REPEATS_WITHIN + self._app.round_trip
            came = self._app.typed.arrived
            self._dialog.set_timer(after, partial(self._released, came, self._since, act, refuse))
        else:
            act()

    def _released(
        self,
        came: int,
        since: float | None,
        act: Callable[[], object],
        refuse: Callable[[], object],
    ) -> None:
        if self._app.typed.arrived == came and self._since == since and self._dialog.is_active:
            act()
        else:
            self._refuse(refuse)

    def _refuse(self, refuse: Callable[[], object]) -> None:
        self.again()
        refuse()
