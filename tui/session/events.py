"""What happened in a session, in the past tense; each front end passes the events on in its own way.

A write that ended, an effect that was observed, the audit trail that was read. No decision reads a
sentence of theirs. Named tuples: a data class takes several times as long to define, and the first frame
waits for it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from tui.ops.audit.entries import Entry
    from tui.ops.audit.record import Finding
    from tui.ops.execution.bulk_run import BulkRun
    from tui.ops.execution.outcome import Outcome
    from tui.ops.execution.state_watch import WatchVerdict
    from tui.ops.proposals.proposal import Proposal
    from tui.session.maintenance.run import MaintenanceRun


class OperationFinished(NamedTuple):
    """A write ended, whatever its outcome."""

    proposal: "Proposal"
    outcome: "Outcome"
    profile: str
    """The profile that it was sent for; another one may be in front by now."""


class ControlWatched(NamedTuple):
    """The effect of a control action was observed, or its deadline passed."""

    proposal: "Proposal"
    verdict: "WatchVerdict"


class BulkMoved(NamedTuple):
    """A target of a bulk run ended, a status was observed, or the run is over."""

    run: "BulkRun"


class BulkEnded(NamedTuple):
    """Every request of a bulk run ended, or every watched effect was observed."""

    run: "BulkRun"
    summary: str
    profile: str
    """The profile that it was for; another one may be in front by now."""


class AttemptsChecked(NamedTuple):
    """The targets of attempts without outcome were read again."""

    found: "tuple[tuple[Entry, Finding], ...]"
    of: int
    """How many attempts there were; the others could not be read now."""
    elsewhere: "tuple[tuple[Entry, str], ...]" = ()
    """Attempts that were sent to another server than the profile's, each with the reason."""


class TrailRead(NamedTuple):
    """The audit trail was read again, or could not be read."""


class HistoryChanged(NamedTuple):
    """Since when a row is in its state, a strip, or the time that is looked at became other."""


class MaintenanceChanged(NamedTuple):
    """The open maintenances are others, or a run of this console moved on."""


class MaintenanceEnded(NamedTuple):
    """Opening or closing a maintenance ended, whatever became of it."""

    run: "MaintenanceRun"


Event: TypeAlias = (
    OperationFinished
    | ControlWatched
    | BulkMoved
    | BulkEnded
    | AttemptsChecked
    | TrailRead
    | HistoryChanged
    | MaintenanceChanged
    | MaintenanceEnded
)
Post: TypeAlias = Callable[[Event], object]
"""Receives the events of a session."""
