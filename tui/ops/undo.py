"""Undo: what this session changed, newest first, each with what would reverse it.

Invariant: an undo is not a change of its own; it marks the one that it undid, which can be redone then.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.domain.result import Result
    from tui.domain.systems import ProfileFacts
    from tui.ops.inverses import Before, CarriedOut
    from tui.ops.outcome import Outcome
    from tui.ops.proposal import Proposal
    from tui.store.store import Store

_MOST = 2_000
"""Changes that are kept."""
_DOUBTFUL = "check first: this was sent already, with an unknown result"


@dataclass(frozen=True, slots=True)
class Reversal:
    """What would take a change back."""

    change: "CarriedOut"
    proposal: "Proposal | None"
    reason: str = ""
    """Why there is no proposal; with one: what to heed."""
    undone: "CarriedOut | None" = None
    """What undid it, if it was undone: the proposal then would redo it."""


@dataclass(slots=True)
class _Kept:
    """A change, and what undid it."""

    change: "CarriedOut"
    undone: "CarriedOut | None" = None
    is_doubtful: bool = False
    """Whether something was sent to undo or redo it, with an unknown result."""


class CarriedOutChanges:
    """What was changed since the console was started, newest first; the oldest of very many are left to
    the audit trail."""

    def __init__(self) -> None:
        self._changes: list[_Kept] = []

    def note(
        self,
        proposal: "Proposal",
        outcome: "Outcome",
        together: int = 1,
        address: str = "",
        undoes: "CarriedOut | None" = None,
    ) -> None:
        """Keep a change, unless nothing was changed; `together`: of so many that were one wish;
        `address`: what the system that it was sent to is known by.

        `undoes`: the change that it undoes; where that is an undo, this redoes what was undone.
        """
        from tui.domain.result import Result
        from tui.ops.inverses import CarriedOut

        if outcome.kind.may_have_effect or _changed_in_part(proposal, outcome):
            before = _before(proposal)
            done = CarriedOut(replace(proposal, rests_on=None), outcome, before, together, address)
            of = None if undoes is None else self._kept(undoes)
            if of is None:
                self._changes.insert(0, _Kept(done))
                del self._changes[_MOST:]
            elif outcome.kind in (Result.UNKNOWN, Result.NOT_APPLIED):
                of.is_doubtful = True
            elif of.undone is undoes:
                of.change, of.undone, of.is_doubtful = done, None, False
            else:
                of.undone, of.is_doubtful = done, False

    def _kept(self, change: "CarriedOut") -> _Kept | None:
        """What was kept of a change, or of what undid it."""
        attempt = change.outcome.attempt
        for one in self._changes:
            for other in filter(None, (one.change, one.undone)):
                if other is change or (attempt and other.outcome.attempt == attempt):
                    return one
        return None

    def saw(self, attempt: str, result: "Result") -> None:
        """Keep what a later look showed of the change with this id in the audit trail."""
        for one in self._changes if attempt else ():
            if one.change.outcome.attempt == attempt:
                one.change = _now(one.change, result)
            if one.undone is not None and one.undone.outcome.attempt == attempt:
                one.undone = _now(one.undone, result)

    def reversals(self, store: "Store", facts: "ProfileFacts | None" = None) -> tuple[Reversal, ...]:
        """One per change, on what is known now; `facts`: where the profile's systems are now."""
        return tuple(_reversal(one, store, facts) for one in self._changes)


def _reversal(kept: _Kept, store: "Store", facts: "ProfileFacts | None") -> Reversal:
    """What would undo a change, or redo one that is undone."""
    found = reversal(kept.undone or kept.change, store, facts)
    doubt = _DOUBTFUL if kept.is_doubtful else ""
    reason = "; ".join(filter(None, (doubt, found.reason)))
    return Reversal(kept.change, found.proposal, reason, kept.undone)


def _now(change: "CarriedOut", result: "Result") -> "CarriedOut":
    return replace(change, outcome=replace(change.outcome, kind=result))


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
