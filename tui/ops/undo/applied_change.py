"""An applied change as the audit trail has it, and what the target shows of it now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from typing import TypeVar

from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import WorkerSync
from tui.domain.result import Result
from tui.domain.superoffice.engine import Connection
from tui.domain.writes import Write
from tui.frozen import frozen
from tui.ops.operations.registry import title_of
from tui.ops.proposals.proposal import GONE, Planned
from tui.ops.refusal import Refusal
from tui.ops.targets.fitness import unfit
from tui.store.snapshot import Snapshot

NOT_KNOWN = Refusal("the previous value is unknown")
LOOK_FIRST = "check first: whether it was applied is unknown"
AS_BEFORE = Refusal("it is already as it was before")
NOT_READ = Refusal("the list was not read since the change: press r to refresh")
Row = TypeVar("Row", WorkerSync, Extension, Connection)


@frozen
class AppliedChange:
    attempt: str
    """Its id in the audit trail."""
    operation: str
    """Its id, perhaps of another version."""
    write: Write | None
    """Secrets are missing in it; None: this version cannot read it."""
    target: str
    """Display name."""
    at: datetime
    """When the response came; without one, when it was sent. By our clock."""
    result: Result
    shown: Mapping[str, str] = field(default_factory=dict)
    """The values before in words, by label."""
    was: Mapping[str, object] | None = None
    """The exact values before, see `OperationKind.values`; None: not known."""
    left: Mapping[str, object] = field(default_factory=dict)
    """The exact values after, as far as they were seen."""
    address: str = ""
    """Address of the system that it was sent to."""
    maintenance: str = ""
    """Name of the maintenance that sent it; empty: none."""

    @property
    def title(self) -> str:
        return title_of(self.operation)

    @property
    def summary(self) -> str:
        """`Stop sync of 03:12:04 UTC`."""
        return " ".join(filter(None, (self.title, self.by, f"of {self.at:%H:%M:%S} UTC")))

    @property
    def by(self) -> str:
        """`by maintenance nightly`; empty where a person sent it alone."""
        return f"by maintenance {self.maintenance}" if self.maintenance else ""


def lowered(title: str) -> str:
    """A title within a sentence."""
    return f"{title[:1].lower()}{title[1:]}"


def present(change: AppliedChange, snapshot: Snapshot[tuple[Row, ...]], key: str | int) -> Row | Refusal:
    """The target in a list that was read since the change."""
    if not is_newer(snapshot, change):
        return NOT_READ
    now = next((row for row in snapshot.data or () if row.id == key), None)
    if now is None:
        return GONE
    reason = unfit(now)
    return now if reason is None else Refusal(reason)


def is_newer(snapshot: Snapshot[object], change: AppliedChange) -> bool:
    """Whether the snapshot was requested after the response to the change."""
    return snapshot.asked_at is not None and snapshot.asked_at >= change.at


def with_notes(
    back: Planned, lost: Sequence[str], drift: Iterator[str], secret: Sequence[str] = ()
) -> Planned:
    """`back` with warnings: values that it does not restore, and later changes."""
    unrestored = "; ".join(
        f"{why}, so it cannot be restored: {', '.join(names)}"
        for why, names in (
            ("not reported before", lost),
            ("may be a secret, which the audit trail does not hold", secret),
        )
        if names
    )
    if isinstance(back, Refusal):
        return Refusal(unrestored) if unrestored else AS_BEFORE
    changed = "; ".join(drift)
    notes = (f"changed again since: {changed}" if changed else "", unrestored)
    return replace(back, warnings=(*back.warnings, *filter(None, notes)))
