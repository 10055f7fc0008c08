"""Taking back: what this session changed, newest first, each with what would reverse it."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.domain.result import Result
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

    def note(self, proposal: "Proposal", outcome: "Outcome", together: int = 1) -> None:
        """Keep a change, unless nothing was changed; `together`: of so many that were one wish."""
        from tui.ops.inverses import CarriedOut

        if outcome.kind.may_have_effect or _changed_in_part(proposal, outcome):
            before = _before(proposal)
            kept = replace(proposal, rests_on=None)
            self._changes.insert(0, CarriedOut(kept, outcome, before, together))
            del self._changes[_MOST:]

    def saw(self, attempt: str, result: "Result") -> None:
        """Keep what a later look showed of the change with this id in the audit trail."""
        for at, change in enumerate(self._changes):
            if attempt and change.outcome.attempt == attempt:
                self._changes[at] = replace(change, outcome=replace(change.outcome, kind=result))

    def reversals(self, store: "Store") -> tuple[Reversal, ...]:
        """One per change, on what is known now."""
        return tuple(reversal(change, store) for change in self._changes)


def _changed_in_part(proposal: "Proposal", outcome: "Outcome") -> bool:
    """Whether something changed, though not all that was requested: a rounded interval, a new thing
    with other values."""
    from tui.domain.basis import drift
    from tui.ops.outcome import OutcomeKind
    from tui.ops.target import Thing, basis_of

    left = outcome.result
    if outcome.kind is not OutcomeKind.NOT_APPLIED or not isinstance(left, Thing):
        return False
    return bool(drift(proposal.basis, basis_of(proposal.write, left)))


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


def reversal(change: "CarriedOut", store: "Store") -> Reversal:
    """What would take `change` back now, or why nothing does."""
    from tui.ops.inverses import LOOK_FIRST, inverse_of
    from tui.ops.outcome import OutcomeKind

    inverse = inverse_of(change, store)
    if isinstance(inverse, str):
        return Reversal(change, None, inverse)
    if change.outcome.kind is OutcomeKind.UNKNOWN:
        inverse = replace(inverse, warnings=(LOOK_FIRST, *inverse.warnings))
    return Reversal(change, inverse, "; ".join(inverse.warnings))
