"""Writes that turn on what an open maintenance has stopped: the review warns, and their grade rises."""

from dataclasses import replace
from datetime import datetime

from tui.domain.jtl.workers import ControlAction
from tui.domain.maintenance.coverage import Covered
from tui.domain.maintenance.records import MemberKind
from tui.domain.writes import (
    ENGINE,
    ChangeEngineStatus,
    ControlWorker,
    ForceResync,
    ForceResyncExternal,
    SyncAll,
    ToggleConnection,
    Write,
)
from tui.ops.proposals.proposal import Proposal


def heeded(proposal: Proposal, covered: Covered, now: datetime) -> Proposal:
    """The proposal with the warning, if a maintenance covers what it would turn on."""
    woken = _woken(proposal.write)
    found = covered.of(*woken) if woken is not None else None
    said = "" if found is None else found.warning(now)
    others = (one for one in proposal.warnings if one != proposal.maintenance)
    return replace(proposal, maintenance=said, warnings=(*filter(None, (said,)), *others))


def _woken(write: Write) -> tuple[MemberKind, str] | None:
    """What it lets run, by kind and identifier; None: nothing."""
    match write:
        case ControlWorker(sync_id=sync, action=ControlAction.START | ControlAction.RESTART):
            return MemberKind.SYNC, sync
        case ChangeEngineStatus(run=True) | SyncAll():
            return MemberKind.ENGINE, ENGINE
        case (
            ToggleConnection(connection_id=connection, active=True)
            | ForceResync(connection_id=connection)
            | ForceResyncExternal(connection_id=connection)
        ):
            return MemberKind.CONNECTION, str(connection)
        case _:
            return None
