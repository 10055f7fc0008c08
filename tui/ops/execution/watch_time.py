"""The duration of a watch, and which responses decide its result.

Invariants: time in which the program or the machine was suspended counts as one long poll, so that it
does not use up the deadline; a response that was requested before the deadline does not show the state
at the deadline; a clock that is set back does not make a watch longer than deadline plus grace.
"""

from dataclasses import dataclass, field
from datetime import datetime

LOOK_EVERY = 1.0
"""Seconds between two polls; a poll counts for at least this."""
_MOST_A_LOOK = 20.0
"""Maximum seconds that one poll counts for: a longer one was suspended, not slow."""
GRACE_S = 30.0
"""Timeout in seconds of the response that is requested after the deadline."""


@dataclass(slots=True)
class Waited:
    """The polls of one watch; all times by our clock."""

    last: datetime
    """The last poll; initially the start of the watch."""
    deadline_s: float
    seconds: float = 0.0
    """Seconds that the polls count for."""
    _fresh_from: datetime | None = field(default=None, init=False)

    def look(self, now: datetime) -> None:
        """Count one more poll, which begins `now`."""
        took = (now - self.last).total_seconds()
        self.last = now
        self.seconds += min(max(took, LOOK_EVERY), _MOST_A_LOOK)
        if self.seconds >= self.deadline_s and self._fresh_from is None:
            self._fresh_from = now

    def tells(self, asked_at: datetime | None) -> bool:
        """Whether a response requested at this time shows the state at the deadline."""
        return asked_at is not None and self._fresh_from is not None and asked_at >= self._fresh_from
