"""A forced resync as an operator requests it, and the calls that do it. Source: superoffice PROTOCOL §5.

Invariant: *everything* is a scope that was chosen, never a list of keys that happens to be empty.
"""

from collections.abc import Iterator
from enum import StrEnum

from tui.domain.writes import ForceResync, ForceResyncExternal, Resync
from tui.frozen import frozen

MOST_IN_CALL = 500
"""Keys in one call; more are sent in several [inferred: no limit is published, one call has 120 s]."""
ACTOR_TYPES = ("Customer", "Supplier", "Partner", "Person", "Project", "Employee", "Sale")
"""ErpActorType without Unknown (§7)."""
NOT_SYNCED = ("Employee", "Sale")
"""Actor types that are documented as not synced today (§7)."""


class Scope(StrEnum):
    """How much is resynced."""

    INTERNAL = "internal"
    """Records by their ErpInternalKey ids."""
    EXTERNAL = "external"
    """Records of one actor type by the ERP's own keys."""
    EVERYTHING = "everything"


@frozen
class ResyncRequest:
    source: int
    """The connection that is the source; 0: CRM is."""
    scope: Scope = Scope.INTERNAL
    keys: tuple[int, ...] = ()
    external: tuple[str, ...] = ()
    actor_type: str = ""
    keeps: bool = True
    """Whether an empty source value leaves the other side's value unchanged."""
    as_batch: bool = False

    @property
    def refusal(self) -> str:
        """Why no call does this, and the alternative; empty: one does."""
        if self.as_batch and self.scope is Scope.EXTERNAL:
            return (
                "there is no batch task for external keys: wait for the response, or use internal keys"
            )
        if self.as_batch and self.keeps:
            return "there is no batch task that ignores empty values: choose overwrite, or wait"
        if self.scope is Scope.EXTERNAL and self.source == 0:
            return "external keys belong to a connection: choose that connection as the source"
        return ""

    @property
    def whole(self) -> Resync:
        """All of it as one command, however many keys: for display, not for sending.

        Raises ValueError: there is no such call.
        """
        if self.refusal:
            raise ValueError(self.refusal)
        everything = self.scope is Scope.EVERYTHING
        return self._call(() if everything else self.keys, self.external)

    def writes(self) -> tuple[Resync, ...]:
        """The commands, in order; several if one call would carry too many keys.

        Raises ValueError: there is no such call, or no key though the scope needs keys.
        """
        if self.scope is Scope.EVERYTHING:
            return (self.whole,)
        if self.refusal:
            raise ValueError(self.refusal)
        if not (self.keys if self.scope is Scope.INTERNAL else self.external):
            raise ValueError("no keys: an empty list would mean everything")
        return tuple(self._chunks())

    def _chunks(self) -> Iterator[Resync]:
        count = len(self.keys if self.scope is Scope.INTERNAL else self.external)
        for first in range(0, count, MOST_IN_CALL):
            part = slice(first, first + MOST_IN_CALL)
            yield self._call(self.keys[part], self.external[part])

    def _call(self, keys: tuple[int, ...], external: tuple[str, ...]) -> Resync:
        if self.scope is Scope.EXTERNAL:
            return ForceResyncExternal(self.source, self.actor_type, external, no_blanks=self.keeps)
        return ForceResync(self.source, keys, no_blanks=self.keeps, as_batch=self.as_batch)
