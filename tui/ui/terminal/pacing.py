"""How much may be on its way on a slow line: what a held key draws must not run on after its release.

A query behind a frame comes back once the terminal has drawn it; until then little more is sent, and
frames that come meanwhile become one. A terminal that does not respond to queries is not paced.
"""

from tui.ui.terminal import round_trip

_SLOW = 0.1
"""Seconds of a round trip from which a line is paced."""
_SMALL, _WINDOW = 200, 512
"""Bytes of a frame that needs no query, and bytes that may follow one."""
LONGEST = 1.5
"""Seconds after which a response no longer counts."""


class Pacing:
    """What was sent and is not known to have arrived; times by the monotonic clock."""

    def __init__(self) -> None:
        self._asked_at: float | None = None
        self._since = 0

    def holds(self, now: float) -> bool:
        """Whether the next frame has to wait."""
        return self._is_awaited(now) and self._since >= _WINDOW

    def asks(self, size: int, now: float) -> bool:
        """Note a frame of `size` bytes; whether a query has to follow it."""
        if self._is_awaited(now):
            self._since += size
            return False
        asks = size >= _SMALL and (round_trip.measured() or 0.0) >= _SLOW
        self._asked_at, self._since = now if asks else None, 0
        return asks

    def arrived(self) -> None:
        """The response came, or none is expected any more."""
        self._asked_at = None

    def _is_awaited(self, now: float) -> bool:
        return self._asked_at is not None and now - self._asked_at < LONGEST
