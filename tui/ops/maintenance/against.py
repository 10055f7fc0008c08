"""Writes to what an open maintenance covers: where they turn it on, the review warns, and their grade
rises; while a step of the maintenance may still arrive at their target, they wait."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from tui.domain.jtl.workers import SyncState, WorkerStatus
from tui.domain.maintenance.coverage import Covered
from tui.domain.maintenance.doubt import ARRIVES_WITHIN, Clocks, arriving
from tui.domain.maintenance.records import MemberKind
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.writes import Write, target_of
from tui.ops.audit.file_trail import AuditTrail
from tui.ops.execution.guard import undo_baseline
from tui.ops.maintenance.earlier_steps import read_earlier
from tui.ops.operations.kinds import kind_of
from tui.ops.proposals.proposal import Proposal
from tui.ops.refusal import Refusal

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


def may_be_held(write: Write) -> MemberKind | None:
    """The kind of target that it starts or stops; None: it does neither, or is a toggle, which the audit
    trail holds back (`pending_toggles.py`)."""
    kind = kind_of(write)
    return None if kind.turns_on(write) is None or kind.flips else _KINDS[kind.row]


def held_back(proposal: Proposal, covered: Covered, clocks: Clocks) -> Refusal | None:
    """Why it must wait, if a stop or start of a maintenance may still arrive at its target."""
    member = may_be_held(proposal.write)
    found = None if member is None else covered.of(member, target_of(proposal.write))
    late = None if found is None else arriving(found.target, clocks)
    if found is None or late is None:
        return None
    is_start = late is found.target.start
    if _is_off(proposal) is not is_start:
        return None  # What is seen shows that it has arrived.
    verb = "start" if is_start else "stop"
    said = f"a {verb} by maintenance {found.maintenance.name} may take effect yet"
    return Refusal(said, f"Try again {clocks.then(late, ARRIVES_WITHIN)}")


async def was_seen_off(trail: AuditTrail, write: Write, covered: Covered) -> bool:
    """Whether an accepted stop of a maintenance has had its effect, by the audit trail: its target was
    started since, from off. That start was let through, so what follows it need not wait either."""
    found = covered.of(_KINDS[kind_of(write).row], target_of(write))
    if found is None or (stop := found.target.last) is None or stop is not found.target.stop:
        return False
    if stop.is_doubtful:
        return False  # Somebody else may have stopped it, and ours may still arrive.
    with suppress(OSError):
        earlier = await read_earlier(trail, found.maintenance)
        return bool(earlier.on_record(found.target).started_by)
    return False


def _is_off(proposal: Proposal) -> bool:
    was = undo_baseline(proposal) or {}
    return was.get("running") is False or was.get("state") == SyncState.DEACTIVATED
