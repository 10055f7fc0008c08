"""What needs attention on a tab, and which of it is new since somebody looked.

Which row needs it is `health`'s to say; this only counts, and knows of a connection's test besides.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tui.domain.counts import Counts
from tui.domain.engine import Connection
from tui.domain.health import Level, Verdict, assess_connection


def assess_tested(connection: Connection, passed: bool | None, *, expected: bool = False) -> Verdict:
    """Judge a connection by its row and its last test; None: there was none that ended."""
    verdict = assess_connection(connection, expected=expected)
    if passed is not False or connection.deleted:
        return verdict
    if verdict.level is Level.OK:
        return Verdict(Level.WARNING, "test failed", "")
    return replace(verdict, level=min(verdict.level, Level.WARNING))


@dataclass(slots=True)
class Problems:
    """What needs attention of one kind of things, by their keys."""

    known: dict[str, Level] | None = None
    """None before the first response."""
    _looked_at: dict[str, Level] = field(default_factory=dict)

    def follow(self, verdicts: Iterable[tuple[str, Verdict]]) -> None:
        """Take what is true now. What was there at the first response is counted, but not new."""
        found = {key: verdict.level for key, verdict in verdicts if verdict.needs_attention}
        if self.known is None:
            self._looked_at = found
        else:
            # What went away is new again when it comes back.
            self._looked_at = {key: self._looked_at[key] for key in found if key in self._looked_at}
        self.known = found

    def look(self) -> None:
        """Somebody sees all of it."""
        self._looked_at = dict(self.known or {})

    def counts(self, *, is_unread: bool = False) -> Counts:
        """How many there are; one that became worse is new."""
        known = self.known or {}
        errors = sum(level is Level.ERROR for level in known.values())
        is_new = any(level < self._looked_at.get(key, Level.OFF) for key, level in known.items())
        return Counts(errors, len(known) - errors, is_new, is_unread)
