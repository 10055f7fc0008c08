"""Whether the key that is acted on may take a last step: what it confirms was read before it was typed.

Invariants: what counts was in sight for a reading time and the terminal's round trip, and the keyboard
paused before the key; a key that came too soon starts the reading time again; a held key never counts.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from tui.ui.app import SyncdeckApp
    from tui.ui.modals.dialog import Dialog

READING_TIME = 0.4
"""Seconds for which it must have been in sight, beside the round trip."""
PAUSE = 0.3
"""Seconds without any key before the one that counts."""
_REPEATS_WITHIN = 0.15
"""Seconds in which a held key comes again, once it has begun to repeat."""


class LastKey:
    """Of one dialog: since when what counts is in sight, and what a key may do about it."""

    def __init__(self, dialog: "Dialog[object]") -> None:
        self._dialog = dialog
        self._since: float | None = None

    @property
    def _app(self) -> "SyncdeckApp":
        return cast("SyncdeckApp", self._dialog.app)

    @property
    def seconds(self) -> float:
        """The reading time, with the time that the picture and a key take on the line."""
        return READING_TIME + self._app.round_trip

    # What is in sight.

    def void(self) -> None:
        """What counts is about to be drawn: until then no key does."""
        self._since = None

    def begin(self) -> None:
        """It is in sight from now on, or has to be read again from now on."""
        self._since = self._app.monotonic()
        self._dialog.reading_began(self.seconds)

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

    # What was typed.

    def counts(self) -> bool:
        """Whether the key that is acted on was typed after the reading time and after a pause."""
        typed = self._app.typed
        if self._since is None or typed.typed_at - self._since < self.seconds:
            return False
        return typed.pause >= PAUSE

    def take(self, act: Callable[[], object], refuse: Callable[[], object]) -> None:
        """Act on the key, or start the reading time again and say so."""
        if not self.counts():
            self._refuse(refuse)
        elif self._app.typed.may_be_held:
            # Only what follows tells a key that is held from one that is pressed once more.
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
