"""Applies a proposal to the current values of its target: the requested values stay."""

from dataclasses import replace

from tui.domain.baseline import NAME, Baseline, BaselineValue
from tui.ops.operations.kinds import kind_of
from tui.ops.proposals.proposal import MADE_ELSEWHERE, NOTHING_CHANGED, Planned, Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.target import TargetRow
from tui.store.snapshot import Snapshot


def rebase(proposal: Proposal, row: TargetRow | None, rests_on: Snapshot[object]) -> Planned:
    """The proposal based on `row`, the current target; or why nothing is left to send."""
    fresh = kind_of(proposal.write).rebase(replace(proposal, rests_on=rests_on), proposal.write, row)
    if isinstance(fresh, Refusal):
        return MADE_ELSEWHERE if fresh is NOTHING_CHANGED else fresh
    name = _name(proposal.baseline)
    renamed = None not in (name, _name(fresh.baseline)) and _name(fresh.baseline) != name
    baseline = fresh.baseline if name is None or _name(fresh.baseline) else (name, *fresh.baseline)
    return replace(
        fresh,
        target=fresh.target if renamed or not proposal.baseline else proposal.target,
        baseline=baseline,
        expects=proposal.expects,
        reviewed=proposal.reviewed,
        undoes=proposal.undoes,
    )


def _name(baseline: Baseline) -> BaselineValue | None:
    return next((facet for facet in baseline if facet.key in (NAME, "Connection")), None)
