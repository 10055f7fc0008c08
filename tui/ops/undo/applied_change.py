"""An applied change, and what the target shows of it now."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import WorkerSync
from tui.domain.superoffice.engine import Connection
from tui.domain.writes import target_of
from tui.ops.execution.outcome import Outcome
from tui.ops.proposals.proposal import GONE, Planned, Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.fitness import unfit
from tui.store.snapshot import Snapshot

NOT_KNOWN = Refusal("the previous value is unknown")
LOOK_FIRST = "check first: whether it was applied is unknown"
AS_BEFORE = Refusal("it is already as it was before")
Row = TypeVar("Row", WorkerSync, Extension, Connection)


@dataclass(frozen=True, slots=True)
class AppliedChange:
    proposal: Proposal
    """Without its snapshot: only the target of that is kept."""
    outcome: Outcome
    before: object
    """The target as it was, if that was known."""
    together: int = 1
    """Number of targets changed at the same time, this one included."""
    address: str = ""
    """Address of the system that it was sent to."""

    @property
    def summary(self) -> str:
        """`Stop sync of 03:12:04 UTC, one of 3 done together`."""
        among = f", one of {self.together} done together" if self.together > 1 else ""
        return f"{self.proposal.operation.title} of {self.outcome.at:%H:%M:%S} UTC{among}"


def target_before(proposal: Proposal) -> object:
    """The target as `proposal` knew it: its state, or its row in the snapshot; None if unknown."""
    known = proposal.rests_on.data if proposal.rests_on else None
    if proposal.status_before is not None or not isinstance(known, tuple):
        return proposal.status_before or known
    return next((row for row in known if row.id == target_of(proposal.write)), None)


def present(
    change: AppliedChange, snapshot: Snapshot[tuple[Row, ...]], key: str | int, kind: type[Row]
) -> Row | Refusal:
    """The target as it is now: from the list, or from the response if that is newer."""
    answer = change.outcome.result
    if not is_newer(snapshot, change):
        if isinstance(answer, kind) and answer.id == key:
            return answer
        return Refusal("the list was not read since the change: press r to refresh")
    now = next((row for row in snapshot.data or () if row.id == key), None)
    if now is None:
        return GONE
    reason = unfit(now)
    return now if reason is None else Refusal(reason)


def is_newer(snapshot: Snapshot[object], change: AppliedChange) -> bool:
    """Whether the snapshot was requested after the response to the change."""
    return snapshot.asked_at is not None and snapshot.asked_at >= change.outcome.at


def with_notes(back: Planned, lost: list[str], drift: Iterator[str]) -> Planned:
    """`back` with warnings: values that it does not restore, and later changes."""
    unrestored = f"not reported before, so it cannot be restored: {', '.join(lost)}" if lost else ""
    if isinstance(back, Refusal):
        return Refusal(unrestored) if unrestored else AS_BEFORE
    changed = "; ".join(drift)
    notes = (f"changed again since: {changed}" if changed else "", unrestored)
    return replace(back, warnings=(*back.warnings, *filter(None, notes)))
