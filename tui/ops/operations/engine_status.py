"""Starts and stops the ErpSync engine."""

from datetime import datetime

from tui.api.service import ErpService
from tui.domain.baseline import of_engine_state
from tui.domain.superoffice.engine import ENGINE_NAME, EngineStatus, requested
from tui.domain.writes import ChangeEngineStatus, FieldChange
from tui.ops.audit.json_values import Sent, given, truth
from tui.ops.execution.state_watch import EngineWatch
from tui.ops.execution.verification import STATE_ONLY
from tui.ops.operations.base import EngineKind
from tui.ops.operations.operation import Operation
from tui.ops.operations.registry import OPERATIONS
from tui.ops.proposals.proposal import Planned, Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.operand import TheEngine
from tui.ops.targets.target import TargetRow
from tui.ops.text_commands.request import Request
from tui.ops.undo.applied_change import AS_BEFORE, AppliedChange, is_newer
from tui.store.snapshot import Snapshot, Topic
from tui.store.store import Store

_UNKNOWN = "unknown: no response received"


class EngineStatusKind(EngineKind[ChangeEngineStatus]):
    operations = (
        OPERATIONS["engine.start"],
        OPERATIONS["engine.stop"],
    )
    commands = (ChangeEngineStatus,)
    unseen = STATE_ONLY
    is_watched = True
    needs_whole_row = False

    def operation_of(self, write: ChangeEngineStatus) -> Operation:
        return OPERATIONS["engine.start" if write.run else "engine.stop"]

    async def send(self, service: ErpService, write: ChangeEngineStatus) -> object:
        return await service.superoffice.change_engine_status(write)

    def accepted(self, write: ChangeEngineStatus) -> str:
        return "accepted by SuperOffice"

    def is_opposite(self, write: ChangeEngineStatus, row: TargetRow | None) -> bool:
        return isinstance(row, EngineStatus) and row.running is (not write.run)

    def watch(self, proposal: Proposal, write: ChangeEngineStatus, asked_at: datetime) -> EngineWatch:
        before = proposal.status_before if isinstance(proposal.status_before, EngineStatus) else None
        return EngineWatch(before, asked_at, write.run)

    def requested(self, write: ChangeEngineStatus) -> str:
        return requested(write.run)

    def turns_on(self, write: ChangeEngineStatus) -> bool:
        return write.run

    def rebased(self, proposal: Proposal, write: ChangeEngineStatus, row: EngineStatus) -> Proposal:
        return run_engine(row, write.run, proposal.rests_on)

    def values(self, write: ChangeEngineStatus, row: object) -> Sent:
        return given(running=row.running) if isinstance(row, EngineStatus) else {}

    def invert(self, change: AppliedChange, write: ChangeEngineStatus, store: Store) -> Planned:
        running = (change.was or {}).get("running")
        was = None if running is None else truth(running)
        if was is None:
            return Refusal("the previous state is unknown")
        word = "running" if was else "stopped"
        if was is write.run:
            return Refusal(f"it was {word} before, so there is nothing to undo")
        snapshot = store.snapshot(Topic.ENGINE)
        if snapshot.data is not None and snapshot.data.running is was and is_newer(snapshot, change):
            return AS_BEFORE
        return run_engine(snapshot.data, was, snapshot)

    def propose(self, request: Request) -> Proposal:
        status, run = request.target_as(TheEngine).status, request.operation.id == "engine.start"
        return run_engine(status, run, request.rests_on)


def run_engine(
    status: EngineStatus | None, run: bool, rests_on: Snapshot[object] | None = None
) -> Proposal:
    """Start or stop the engine; `status`: last reported, None if there was no report."""
    operation = OPERATIONS["engine.start" if run else "engine.stop"]
    consequences = [operation.consequence]
    if status is not None and status.running is run:
        consequences.append(f"It is already {status.word}.")
    return Proposal(
        operation,
        ChangeEngineStatus(run),
        ENGINE_NAME,
        changes=(FieldChange("State", status.summary if status else _UNKNOWN, requested(run)),),
        consequences=tuple(consequences),
        rests_on=rests_on if status else None,
        baseline=of_engine_state(status) if status else (),
        status_before=status,
    )
