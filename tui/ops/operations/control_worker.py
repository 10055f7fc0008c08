"""Starts, stops and restarts a sync."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from tui.api.service import ErpService
from tui.domain.baseline import Baseline, drift, of_state
from tui.domain.health.rules import assess
from tui.domain.jtl.workers import OFF, ON, ControlAction, SyncState, Worker, WorkerStatus
from tui.domain.writes import ControlWorker, FieldChange
from tui.ops.audit.json_values import Sent, given, number
from tui.ops.execution.state_watch import ControlWatch
from tui.ops.execution.verification import STATE_ONLY
from tui.ops.operations.base import OperationKind
from tui.ops.operations.operation import Operation
from tui.ops.operations.registry import OPERATIONS
from tui.ops.proposals.proposal import GONE, Planned, Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.fitness import DOUBLED
from tui.ops.targets.from_server import Reread
from tui.ops.targets.from_store import Present, by_id
from tui.ops.targets.target import TargetRow, baseline_of
from tui.ops.text_commands.request import Request
from tui.ops.undo.applied_change import AS_BEFORE, AppliedChange, is_newer
from tui.store.snapshot import Snapshot, Topic
from tui.store.store import Store

_ACTIONS = {f"worker.{action.name.lower()}": action for action in ControlAction}

_AFTER = {
    ControlAction.START: "start requested",
    ControlAction.STOP: "stop requested",
    ControlAction.RESTART: "restart requested",
}
_OF_STATE = {
    ("worker.start", SyncState.LOCKED): "It is locked, and a start does not unlock it:"
    " unlock the account first; the lock is checked again before the run.",
    ("worker.start", SyncState.RUNNING): "It is already running.",
    ("worker.start", SyncState.STARTING): "It is already starting.",
    ("worker.start", SyncState.FINISHED): "It is on and waits for its next run;"
    " a start is only documented for suspended, off and locked syncs.",
    ("worker.start", SyncState.FAILED): "It is on and waits for its next run;"
    " a start is only documented for suspended, off and locked syncs.",
    ("worker.start", SyncState.SUSPENDED): "It also starts automatically when the JTL-Worker starts.",
    ("worker.stop", SyncState.RUNNING): "A run is in progress.",
    ("worker.stop", SyncState.DEACTIVATED): "It is already off.",
    ("worker.stop", SyncState.LOCKED): "It is locked and does not run anyway.",
    ("worker.restart", SyncState.LOCKED): "It is locked, and a restart does not unlock it:"
    " unlock the account first.",
    ("worker.restart", SyncState.DEACTIVATED): "A user stopped it on purpose; this starts it again.",
}

_OPPOSITE = {ControlAction.START: ControlAction.STOP, ControlAction.STOP: ControlAction.START}
_IN_TURN = (SyncState.STARTING, SyncState.RUNNING, SyncState.FINISHED)


class ControlWorkerKind(OperationKind[ControlWorker, WorkerStatus]):
    operations = (
        OPERATIONS["worker.start"],
        OPERATIONS["worker.stop"],
        OPERATIONS["worker.restart"],
    )
    commands = (ControlWorker,)
    row = WorkerStatus
    topics = (Topic.WORKERS, Topic.STATUS)
    needs_whole_row = False
    unseen = STATE_ONLY
    is_watched = True

    def is_course(self, shown: Proposal, now: Proposal) -> bool:
        """A run began or ended well."""
        both = (shown.status_before, now.status_before)
        differ = {one.key for one in drift(shown.baseline, now.baseline)}
        return differ <= {"State"} and all(
            isinstance(one, WorkerStatus) and one.known_state in _IN_TURN for one in both
        )

    def operation_of(self, write: ControlWorker) -> Operation:
        return OPERATIONS[f"worker.{write.action.name.lower()}"]

    async def send(self, service: ErpService, write: ControlWorker) -> None:
        await service.jtl.control_worker(write)

    def to_json(self, write: ControlWorker) -> Sent:
        return {"action": write.action.name.lower()}

    def from_json(self, operation_id: str, target: str, sent: Sent) -> ControlWorker | None:
        action = _ACTIONS[operation_id]
        return ControlWorker(target, action) if sent["action"] == action.name.lower() else None

    def baseline(self, write: ControlWorker, row: TargetRow | None) -> Baseline:
        return of_state(Worker(write.sync_id, None, None)) if row is None else baseline_of(row)

    def in_store(self, write: ControlWorker, store: Store) -> Present | None:
        """A sync is missing only if neither list has it; without a status its state is unknown."""
        statuses, syncs = store.snapshot(Topic.STATUS), store.snapshot(Topic.WORKERS)
        if statuses.data is None:
            return None
        status = by_id(statuses.data, write.sync_id)
        sync = by_id(syncs.data or (), write.sync_id)
        unlisted = syncs.data is not None and sync is None
        named = replace(status, sync=sync) if status else None
        return Present(named, status is None and unlisted, statuses, syncs)

    async def on_server(self, write: ControlWorker, server: Reread, since: float) -> WorkerStatus | None:
        return await server.status(write.sync_id)

    def accepted(self, write: ControlWorker) -> str:
        return "accepted by the JTL-Worker"

    def is_opposite(self, write: ControlWorker, row: TargetRow | None) -> bool:
        state = row.known_state if isinstance(row, WorkerStatus) else None
        return state in (OFF if self.turns_on(write) else ON)

    def watch(self, proposal: Proposal, write: ControlWorker, asked_at: datetime) -> ControlWatch:
        before = proposal.status_before if isinstance(proposal.status_before, WorkerStatus) else None
        return ControlWatch(before, asked_at, write.sync_id, proposal.target, write.action)

    def turns_on(self, write: ControlWorker) -> bool:
        return write.action is not ControlAction.STOP

    def rebase(self, proposal: Proposal, write: ControlWorker, row: TargetRow | None) -> Planned:
        """A sync without a status can be controlled as well."""
        if not isinstance(row, WorkerStatus | None):
            return GONE
        worker = Worker(write.sync_id, row.sync if row else None, row)
        return control(worker, write.action, worker.state_word, proposal.rests_on)

    def values(self, write: ControlWorker, row: object) -> Sent:
        return given(state=row.state) if isinstance(row, WorkerStatus) else {}

    def invert(self, change: AppliedChange, write: ControlWorker, store: Store) -> Planned:
        """Restores the previous state if the opposite action leads to it."""
        if write.action is ControlAction.RESTART:
            return Refusal("a restart cannot be undone")
        state = (change.was or {}).get("state")
        was = WorkerStatus(write.sync_id, None if state is None else number(state)).known_state
        if was is None:
            return Refusal("the previous state is unknown")
        if was in (ON if write.action is ControlAction.START else OFF):
            return Refusal(f"it was {_shown(change, was)} before, so there is nothing to undo")
        worker = next((one for one in store.workers() if one.id == write.sync_id), None)
        if worker is None or worker.doubled:
            return GONE if worker is None else Refusal(DOUBLED)
        group = ON if was in ON else OFF if was in OFF else ()
        if worker.state in group and is_newer(store.snapshot(Topic.STATUS), change):
            return AS_BEFORE
        action = _OPPOSITE[write.action]
        back = control(worker, action, worker.state_word, store.snapshot(Topic.STATUS))
        return replace(back, warnings=(*back.warnings, *_state_warnings(write.action, was, worker)))

    def propose(self, request: Request) -> Proposal:
        worker = request.target_as(Worker)
        asked = (
            request.store.snapshot(topic).data is not None for topic in (Topic.STATUS, Topic.WORKERS)
        )
        status_asked, sync_asked = asked
        verdict = assess(worker, request.now, status_asked=status_asked, sync_asked=sync_asked)
        action = _ACTIONS[request.operation.id]
        return control(worker, action, verdict.summary, request.rests_on)


def _shown(change: AppliedChange, was: SyncState) -> str:
    """The state in the word that it was shown by: the last run of an overdue one succeeded as well."""
    if was is not SyncState.FINISHED:
        return was.word
    return change.shown.get("State", was.word).partition(":")[0]


def control(
    worker: Worker, action: ControlAction, before: str, rests_on: Snapshot[object] | None = None
) -> Proposal:
    """Start, stop or restart a sync; `before`: its state in words."""
    operation = OPERATIONS[f"worker.{action.name.lower()}"]
    consequence = consequence_in(worker.state, operation)
    return Proposal(
        operation,
        ControlWorker(worker.id, action),
        worker.name,
        changes=(FieldChange("State", before, _AFTER[action]),),
        consequences=(consequence,) if consequence else (),
        rests_on=rests_on,
        baseline=of_state(worker),
        status_before=worker.status,
    )


def consequence_in(state: SyncState | None, operation: Operation) -> str:
    """The consequence of `operation` for a sync in `state` (None if unknown)."""
    special = "" if state is None else _OF_STATE.get((operation.id, state), "")
    return f"{operation.consequence} {special}".strip()


def _state_warnings(action: ControlAction, was: SyncState, worker: Worker) -> Iterator[str]:
    if action is ControlAction.START and was not in OFF:
        yield f"it was {was.word} before; a stop leaves it off"
    if action is ControlAction.STOP and was not in ON:
        yield f"it was {was.word} before; a start requests a run"
    left = ON if action is ControlAction.START else OFF
    if worker.state is not None and worker.state not in left:
        yield f"changed again since: it is {worker.state.word}"
