"""Whether a target that was read again still is as the operator saw it."""

from datetime import datetime

from tui.domain.baseline import Baseline, differences_text, drift
from tui.domain.superoffice.connections import Priorities
from tui.domain.superoffice.engine import EngineStatus
from tui.domain.text import one_line
from tui.domain.writes import Write
from tui.ops.execution.outcome import Conflict, Outcome, OutcomeKind
from tui.ops.operations.kinds import kind_of
from tui.ops.proposals.proposal import Proposal
from tui.ops.targets.fitness import DOUBLED
from tui.ops.targets.target import TargetRow, holds

CHECK_AND_CONFIRM = "Check the current values and confirm again"


def rests_on_something(proposal: Proposal) -> bool:
    """Whether there is a baseline that may have changed."""
    return bool(proposal.baseline) and not kind_of(proposal.write).creates


def asks_for_the_same(proposal: Proposal) -> bool:
    """Whether it requests only values that were there before, so that reading them proves nothing."""
    return made_elsewhere(proposal.write, proposal.baseline)


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
    faulty = not_to_be_written(row)
    if faulty:
        sentence = f"nothing was sent: {faulty}"
        step = "Refresh; if this stays, make the change in the system itself"
        return Outcome(OutcomeKind.CONFLICT, sentence, step, at)
    found = conflict(proposal, row)
    if found is None:
        return None
    step = "" if found.row is None else CHECK_AND_CONFIRM
    return Outcome(OutcomeKind.CONFLICT, f"nothing was sent: {said(found)}", step, at, conflict=found)


def not_to_be_written(row: TargetRow | None) -> str:
    """Why the row of a target is not safe to write to; empty if it is."""
    if row is None or not row.problem:
        return ""
    if not isinstance(row, Priorities | EngineStatus) and row.doubled:
        return DOUBLED
    return f"its row is currently unreadable ({one_line(row.problem)})"


def said(found: Conflict) -> str:
    if found.row is None:
        return "it is no longer in the server's list"
    if found.made_elsewhere:
        return "someone else made the same change meanwhile"
    return f"changed elsewhere meanwhile: {differences_text(found.drifts)}"
