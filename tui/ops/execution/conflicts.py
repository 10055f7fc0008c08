"""Whether a target that was read again still is as the operator saw it."""

from datetime import datetime

from tui.domain.baseline import Baseline, differences_text, drift
from tui.domain.result import Result
from tui.domain.superoffice.connections import Priorities
from tui.domain.superoffice.engine import EngineStatus
from tui.domain.text import one_line
from tui.domain.writes import Write
from tui.ops.execution.outcome import Conflict, Outcome
from tui.ops.operations.kinds import kind_of
from tui.ops.proposals.proposal import GONE, Proposal
from tui.ops.targets.fitness import DOUBLED
from tui.ops.targets.target import TargetRow, holds

CHECK_AND_CONFIRM = "Check the current values and confirm again"


def conflict(proposal: Proposal, row: TargetRow | None) -> Conflict | None:
    """The differences from what the operator saw; None if there are none."""
    now = kind_of(proposal.write).baseline(proposal.write, row)
    drifts = drift(proposal.baseline, now)
    if not drifts:
        return None
    return Conflict(proposal.baseline, now, drifts, row, made_elsewhere(proposal.write, now))


def made_elsewhere(write: Write, now: Baseline) -> bool:
    """Whether the target already has every value that `write` requests."""
    wanted, values = kind_of(write).wanted(write), {facet.key: facet.value for facet in now}
    return bool(wanted) and holds(wanted, values)


def stops(proposal: Proposal, row: TargetRow | None, at: datetime) -> Outcome | None:
    """Why the proposal must not be sent to the current target; None if it may."""
    faulty, found = not_to_be_written(row), conflict(proposal, row)
    if faulty:
        step = "Refresh; if this stays, make the change in the system itself"
        return Outcome.nothing_sent(faulty, at, step, Result.CONFLICT)
    if found is None:
        return None
    step = "" if found.row is None else CHECK_AND_CONFIRM
    return Outcome.nothing_sent(said(found), at, step, Result.CONFLICT, conflict=found)


def why_stopped(proposal: Proposal, row: TargetRow | None) -> str:
    """The reason of `stops`; empty if it may be sent."""
    found = conflict(proposal, row)
    return not_to_be_written(row) or (said(found) if found else "")


def not_to_be_written(row: TargetRow | None) -> str:
    """Why the row of a target is not safe to write to; empty if it is."""
    if row is None or not row.problem:
        return ""
    if not isinstance(row, Priorities | EngineStatus) and row.doubled:
        return DOUBLED
    return f"its row is currently unreadable ({one_line(row.problem)})"


def said(found: Conflict) -> str:
    if found.row is None:
        return GONE.sentence
    if found.made_elsewhere:
        return "someone else made the same change meanwhile"
    return f"changed elsewhere meanwhile: {differences_text(found.drifts)}"
