"""A change that was carried out, and what the present thing still shows of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeAlias, TypeVar

from tui.domain.engine import Connection, EngineStatus
from tui.domain.extensions import Extension
from tui.domain.workers import WorkerStatus, WorkerSync
from tui.ops.guard import Outcome
from tui.ops.proposal import Proposal
from tui.ops.unfit import unfit
from tui.store.snapshot import Snapshot

Before: TypeAlias = WorkerSync | WorkerStatus | Extension | EngineStatus | None
GONE = "it is no longer in the server's list"
NOT_KNOWN = "what it was before is not known"
AS_BEFORE = "it is as it was before"
Row = TypeVar("Row", WorkerSync, Extension, Connection)


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """One change of this session."""

    proposal: Proposal
    """Without the snapshot that it rested on: only the target of it is kept."""
    outcome: Outcome
    before: Before
    """The target as it was, where that was known."""
    together: int = 1
    """How many targets it was done to at the same time, this one included."""
    address: str = ""
    """What the system that it was sent to is known by."""

    @property
    def told(self) -> str:
        """`Stop sync of 03:12:04 UTC, one of 3 done together`."""
        among = f", one of {self.together} done together" if self.together > 1 else ""
        return f"{self.proposal.operation.title} of {self.outcome.at:%H:%M:%S} UTC{among}"


def present(
    change: CarriedOut, snapshot: Snapshot[tuple[Row, ...]], key: str | int, kind: type[Row]
) -> Row | str:
    """The target as it is now: from the list, or from the answer while that is the newer one."""
    answer = change.outcome.result
    if not is_newer(snapshot, change):
        if isinstance(answer, kind) and answer.id == key:
            return answer
        return "the list has not been read since the change: press r"
    now = next((row for row in snapshot.data or () if row.id == key), None)
    if now is None:
        return GONE
    return unfit(now) or now


def is_newer(snapshot: Snapshot[object], change: CarriedOut) -> bool:
    """Whether it was asked for after the change had been answered."""
    asked_at = snapshot.fetched_at and snapshot.fetched_at - timedelta(seconds=snapshot.took or 0)
    return asked_at is not None and asked_at >= change.outcome.at


def told(back: Proposal | str, lost: list[str], drift: Iterator[str]) -> Proposal | str:
    """The way back with what it does not restore and what was changed since."""
    unrestored = f"not reported before, so it cannot be restored: {', '.join(lost)}" if lost else ""
    if isinstance(back, str):
        return unrestored or AS_BEFORE
    changed = "; ".join(drift)
    notes = (f"changed again since: {changed}" if changed else "", unrestored)
    return replace(back, warnings=(*back.warnings, *filter(None, notes)))
