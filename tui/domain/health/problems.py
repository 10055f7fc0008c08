"""What needs attention on a tab, and which of it nobody has viewed yet.

`health.rules` decides which rows need it; this module counts, and adds a connection's test.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tui.domain.health.counts import Counts
from tui.domain.health.rules import Level, Verdict, assess_connection
from tui.domain.superoffice.engine import Connection


def assess_tested(connection: Connection, passed: bool | None, *, expected: bool = False) -> Verdict:
    """Judge a connection by its row and its last test; None: no test has ended."""
    verdict = assess_connection(connection, expected=expected)
    if passed is not False or connection.deleted:
        return verdict
    if verdict.level is Level.OK:
        return Verdict(Level.WARNING, "test failed", "")
    return replace(verdict, level=min(verdict.level, Level.WARNING))


@dataclass(slots=True)
class Problems:
    """The problems of one kind of rows, by their keys."""

    known: dict[str, Level] | None = None
    """None before the first response."""
    _looked_at: dict[str, Level] = field(default_factory=dict)

    def follow(self, verdicts: Iterable[tuple[str, Verdict]]) -> None:
        """Replace the known problems. Those of the first response are counted, but are not new."""
        found = {key: verdict.level for key, verdict in verdicts if verdict.needs_attention}
        if self.known is None:
            self._looked_at = found
        else:
            # A problem that went away is new again when it comes back.
            self._looked_at = {key: self._looked_at[key] for key in found if key in self._looked_at}
        self.known = found

    def look(self) -> None:
        """Mark all of them as viewed."""
        self._looked_at = dict(self.known or {})

    def counts(self, *, is_unread: bool = False) -> Counts:
        """How many there are; one that became worse is new."""
        known = self.known or {}
        errors = sum(level is Level.ERROR for level in known.values())
        is_new = any(level < self._looked_at.get(key, Level.OFF) for key, level in known.items())
        return Counts(errors, len(known) - errors, is_new, is_unread)
