"""Taking back: what this session changed, newest first, each with what would reverse it."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.domain.systems import ProfileFacts
    from tui.ops.inverses import Before, CarriedOut
    from tui.ops.outcome import Outcome
    from tui.ops.proposal import Proposal
    from tui.store.store import Store

_MOST = 2_000
"""Changes that are kept."""


@dataclass(frozen=True, slots=True)
class Reversal:
    """What would take a change back."""

    change: "CarriedOut"
    proposal: "Proposal | None"
    reason: str = ""
    """Why there is no proposal; with one: what to heed."""


class CarriedOutChanges:
    """What was changed since the console was started, newest first; the oldest of very many are left to
    the audit trail."""

    def __init__(self) -> None:
        self._changes: list[CarriedOut] = []

    def note(
        self, proposal: "Proposal", outcome: "Outcome", together: int = 1, address: str = ""
    ) -> None:
        """Keep a change, unless nothing was changed; `together`: of so many that were one wish;
        `address`: what the system that it was sent to is known by."""
        from tui.ops.inverses import CarriedOut
        from tui.ops.outcome import OutcomeKind

        if outcome.kind in (OutcomeKind.APPLIED, OutcomeKind.UNKNOWN):
            before = _before(proposal)
            kept = replace(proposal, rests_on=None)
            self._changes.insert(0, CarriedOut(kept, outcome, before, together, address))
            del self._changes[_MOST:]

    def reversals(self, store: "Store", facts: "ProfileFacts | None" = None) -> tuple[Reversal, ...]:
        """One per change, on what is known now; `facts`: where the profile's systems are now."""
        return tuple(reversal(change, store, facts) for change in self._changes)


def _before(proposal: "Proposal") -> "Before":
    from tui.domain.changes import (
        ChangeEngineInterval,
        ChangeEngineStatus,
        ConfigureWorker,
        ControlWorker,
        UpdateExtension,
    )
    from tui.domain.engine import EngineStatus

    match proposal.write:
        case ControlWorker() | ChangeEngineStatus():
            return proposal.status_before
        case ChangeEngineInterval():
            known = proposal.rests_on.data if proposal.rests_on else None
            return known if isinstance(known, EngineStatus) else None
        case ConfigureWorker(sync_id=key) | UpdateExtension(id=key):
            known = proposal.rests_on.data if proposal.rests_on else None
            rows = known if isinstance(known, tuple) else ()
            return next((row for row in rows if row.id == key), None)
        case _:
            return None


def reversal(change: "CarriedOut", store: "Store", facts: "ProfileFacts | None" = None) -> Reversal:
    """What would take `change` back now, or why nothing does."""
    from tui.ops.inverses import LOOK_FIRST, inverse_of
    from tui.ops.outcome import OutcomeKind
    from tui.ops.places import elsewhere

    operation = change.proposal.operation.id
    if facts is not None and (reason := elsewhere(operation, change.address, facts)):
        return Reversal(change, None, reason)
    inverse = inverse_of(change, store)
    if isinstance(inverse, str):
        return Reversal(change, None, inverse)
    if change.outcome.kind is OutcomeKind.UNKNOWN:
        inverse = replace(inverse, warnings=(LOOK_FIRST, *inverse.warnings))
    return Reversal(change, inverse, "; ".join(inverse.warnings))
