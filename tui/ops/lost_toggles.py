"""Toggles whose answer was lost: until the server has surely let go of one, no other may follow it.

A toggle flips what is there. One that is still under way at the server would be undone by a second one,
or undo it, whatever a look in between shows.
"""

from collections.abc import Callable

from tui.domain.changes import ToggleConnection, Write
from tui.ops.outcome import Outcome, OutcomeKind
from tui.ops.target import Thing, asked, basis_of

HELD_FOR = 120.0
"""Seconds for which a server may still be at a toggle: our own longest wait for one (§5)."""


class LostToggles:
    """Those of this session, the last one of each connection."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._sent: dict[int, tuple[ToggleConnection, float]] = {}

    def sends(self, write: Write) -> None:
        """It goes out; until it has `ended` its answer counts as lost."""
        if isinstance(write, ToggleConnection):
            self._sent[write.connection_id] = write, self._monotonic()

    def ended(self, write: Write, outcome: Outcome) -> None:
        """What the answer says of it; an unknown outcome leaves it lost."""
        if isinstance(write, ToggleConnection) and outcome.kind is not OutcomeKind.UNKNOWN:
            self._sent.pop(write.connection_id, None)

    def hinders(self, write: Write, thing: Thing | None) -> str:
        """Why `write` must wait, its connection being `thing` as just read; empty: it need not."""
        lost = self._sent.get(write.connection_id) if isinstance(write, ToggleConnection) else None
        if lost is None:
            return ""
        earlier, sent_at = lost
        gone = self._monotonic() - sent_at
        left = HELD_FOR - gone
        if left <= 0 or asked(earlier)["State"] in {one.value for one in basis_of(earlier, thing)}:
            del self._sent[earlier.connection_id]
            return ""
        return (
            f"the answer to a toggle of this connection was lost {gone:.0f}s ago; it may still take"
            f" effect, and a second one would undo it: wait {left:.0f}s"
        )
