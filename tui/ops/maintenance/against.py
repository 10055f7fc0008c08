"""Writes that turn on what an open maintenance has stopped: the review warns, and their grade rises."""

from dataclasses import replace
from datetime import datetime

from tui.domain.jtl.workers import WorkerStatus
from tui.domain.maintenance.coverage import Covered
from tui.domain.maintenance.records import MemberKind
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.writes import target_of
from tui.ops.operations.kinds import kind_of
from tui.ops.proposals.proposal import Proposal

_KINDS = {
    WorkerStatus: MemberKind.SYNC,
    Connection: MemberKind.CONNECTION,
    EngineStatus: MemberKind.ENGINE,
}
"""By the type of the target."""


def heeded(proposal: Proposal, covered: Covered, now: datetime) -> Proposal:
    """The proposal with the warning, if a maintenance covers what it would turn on."""
    write, kind = proposal.write, kind_of(proposal.write)
    found = covered.of(_KINDS[kind.row], target_of(write)) if kind.turns_on(write) else None
    said = "" if found is None else found.warning(now)
    others = (one for one in proposal.warnings if one != proposal.maintenance)
    return replace(proposal, maintenance=said, warnings=(*filter(None, (said,)), *others))
