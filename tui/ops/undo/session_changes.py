"""Undo: the changes of this session, newest first, each with the proposal that reverses it.

Invariant: an undo is not listed as a change; it marks the change that it undid, which can be redone.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.domain.profile import ProfileFacts
    from tui.domain.result import Result
    from tui.ops.execution.outcome import Outcome
    from tui.ops.proposals.proposal import Proposal
    from tui.ops.undo.applied_change import AppliedChange
    from tui.store.store import Store

_MOST = 2_000
"""Maximum of kept changes."""
_DOUBTFUL = "check first: this was already sent, with an unknown result"


@dataclass(frozen=True, slots=True)
class Reversal:
    change: "AppliedChange"
    proposal: "Proposal | None"
    reason: str = ""
    """Why there is no proposal; with a proposal: its warnings."""
    undone: "AppliedChange | None" = None
    """The change that undid it, if any: the proposal then redoes it."""


@dataclass(slots=True)
class _Kept:
    change: "AppliedChange"
    undone: "AppliedChange | None" = None
    is_doubtful: bool = False
    """Whether an undo or redo was sent with an unknown result."""


class SessionChanges:
    """The changes since the console was started, newest first; beyond the maximum, only the audit
    trail has the oldest."""

    def __init__(self) -> None:
        self._changes: list[_Kept] = []

    def note(
        self,
        proposal: "Proposal",
        outcome: "Outcome",
        together: int = 1,
        address: str = "",
        undoes: "AppliedChange | None" = None,
    ) -> None:
        """Keep a change, unless nothing was changed; `together`: number of changes in the same request;
        `address`: of the system that it was sent to.

        `undoes`: the change that it undoes; if that is an undo, this is a redo.
        """
        from tui.domain.result import Result
        from tui.ops.undo.applied_change import AppliedChange, target_before

        if outcome.kind.may_have_effect or _changed_in_part(proposal, outcome):
            slim, before = replace(proposal, rests_on=None), target_before(proposal)
            done = AppliedChange(slim, outcome, before, together, address)
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

    def _kept(self, change: "AppliedChange") -> _Kept | None:
        """The kept entry of a change, or of the change that undid it."""
        attempt = change.outcome.attempt
        for one in self._changes:
            for other in filter(None, (one.change, one.undone)):
                if other is change or (attempt and other.outcome.attempt == attempt):
                    return one
        return None

    def saw(self, attempt: str, result: "Result") -> None:
        """Keep the finding of a later check; `attempt` is the id of the change in the audit trail."""
        for one in self._changes if attempt else ():
            if one.change.outcome.attempt == attempt:
                one.change = _now(one.change, result)
            if one.undone is not None and one.undone.outcome.attempt == attempt:
                one.undone = _now(one.undone, result)

    def reversals(self, store: "Store", facts: "ProfileFacts | None" = None) -> tuple[Reversal, ...]:
        """One per change, from current data; `facts`: the current addresses of the profile's systems."""
        return tuple(_reversal(one, store, facts) for one in self._changes)


def _reversal(kept: _Kept, store: "Store", facts: "ProfileFacts | None") -> Reversal:
    found = reversal(kept.undone or kept.change, store, facts)
    doubt = _DOUBTFUL if kept.is_doubtful else ""
    reason = "; ".join(filter(None, (doubt, found.reason)))
    return Reversal(kept.change, found.proposal, reason, kept.undone)


def _now(change: "AppliedChange", result: "Result") -> "AppliedChange":
    return replace(change, outcome=replace(change.outcome, kind=result))


def _changed_in_part(proposal: "Proposal", outcome: "Outcome") -> bool:
    """Whether something changed, but not all that was requested: a rounded interval, or a new target
    with other values."""
    from tui.domain.baseline import drift
    from tui.domain.result import Result
    from tui.ops.operations.kinds import kind_of
    from tui.ops.targets.target import TargetRow

    left = outcome.result
    if outcome.kind is not Result.NOT_APPLIED or not isinstance(left, TargetRow):
        return False
    return bool(drift(proposal.baseline, kind_of(proposal.write).baseline(proposal.write, left)))


def reversal(change: "AppliedChange", store: "Store", facts: "ProfileFacts | None" = None) -> Reversal:
    """The proposal that undoes `change` now, or why there is none."""
    from tui.domain.result import Result
    from tui.ops.operations.kinds import kind_of
    from tui.ops.refusal import Refusal
    from tui.ops.server_binding import elsewhere
    from tui.ops.undo.applied_change import LOOK_FIRST

    operation = change.proposal.operation.id
    if facts is not None and (reason := elsewhere(operation, change.address, facts)):
        return Reversal(change, None, reason)
    write = change.proposal.write
    inverse = kind_of(write).invert(change, write, store)
    if isinstance(inverse, Refusal):
        return Reversal(change, None, inverse.sentence)
    if change.outcome.kind is Result.UNKNOWN:
        inverse = replace(inverse, warnings=(LOOK_FIRST, *inverse.warnings))
    return Reversal(change, inverse, "; ".join(inverse.warnings))
