"""How long a watch has looked, and which answers tell how it ends.

Invariants: time in which the program or the machine was stopped counts as one long look, so that it
does not use up the deadline; no answer that was asked for before the deadline says what is so at the
deadline; a clock that is set back makes no watch longer than its deadline and the grace after it.
"""

from dataclasses import dataclass, field
from datetime import datetime

from tui.domain.moments import age_text

LOOK_EVERY = 1.0
"""Seconds between two looks; a look counts for no less."""
_MOST_A_LOOK = 20.0
"""Seconds that one look counts for at most: longer ones were stopped, not slow."""
GRACE_S = 30.0
"""Seconds within which an answer must come that is asked for after the deadline."""


@dataclass(slots=True)
class Waited:
    """The looks of one watch; every moment by our own clock."""

    last: datetime
    """The last look; at first the moment at which the watch began."""
    deadline_s: float
    seconds: float = field(default=0.0, init=False)
    """What the looks count for."""
    _tells_from: datetime | None = field(default=None, init=False)

    def look(self, now: datetime) -> None:
        """Count one more look, which begins `now`."""
        took = (now - self.last).total_seconds()
        self.last = now
        self.seconds += min(max(took, LOOK_EVERY), _MOST_A_LOOK)
        if self.seconds >= self.deadline_s and self._tells_from is None:
            self._tells_from = now

    def tells(self, asked_at: datetime | None) -> bool:
        """Whether an answer that was asked for at this moment says what is so at the deadline."""
        return None not in (asked_at, self._tells_from) and asked_at >= self._tells_from  # type: ignore[operator] # neither is None


def nothing_new(what: str, last: str, deadline_s: float) -> str:
    """What is said where no answer came at the deadline; `what` was awaited, `last` said before."""
    return f"no new {what} after {age_text(deadline_s)}, {last} before"
