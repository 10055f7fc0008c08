"""An operation sends nothing but its own command, whatever it is handed: each one with each command."""

import pytest

from tests.drivers.fake_time import FakeTime
from tests.drivers.scripted_service import ScriptedService
from tests.ops.commands import COMMANDS
from tui.domain.jtl.workers import ControlAction
from tui.domain.profile import Environment, ProfileFacts, System
from tui.domain.result import Result
from tui.domain.writes import (
    ChangeEngineInterval,
    ChangeEngineStatus,
    ConfigureWorker,
    ControlWorker,
    CreateExtension,
    DeleteExtension,
    ForceResync,
    ForceResyncExternal,
    PushManifest,
    SavePriorities,
    SyncAll,
    ToggleConnection,
    UpdateConnectionFields,
    UpdateExtension,
    Write,
)
from tui.ops.audit.file_trail import MemoryTrail
from tui.ops.execution.guard import Guard
from tui.ops.operations.operation import Operation
from tui.ops.operations.registry import writes
from tui.ops.proposals.proposal import Proposal

MORE: tuple[Write, ...] = (
    UpdateExtension("e1", manifest_hash="cd" * 64),
    UpdateExtension("e1", version="1.0.1", status=2),
    UpdateExtension("e1", manifest_hash="cd" * 64, status=2),
    UpdateExtension("e1", status=0),
    ToggleConnection(3, active=False),
)


def belongs(operation: str, write: Write) -> bool:
    """Whether `write` is one of the operation's own, told by the command's own values."""
    match write:
        case ConfigureWorker():
            return operation == "worker.configure"
        case ControlWorker(action=action):
            words = {ControlAction.START: "start", ControlAction.STOP: "stop"}
            return operation == f"worker.{words.get(action, 'restart')}"
        case CreateExtension():
            return operation == "extension.create"
        case UpdateExtension(version=None, manifest_hash=None):
            return operation in ("extension.update", "extension.toggle")
        case UpdateExtension():
            return operation == "extension.update"
        case DeleteExtension():
            return operation == "extension.delete"
        case PushManifest():
            return operation == "extension.push-manifest"
        case ChangeEngineStatus(run=run):
            return operation == ("engine.start" if run else "engine.stop")
        case ChangeEngineInterval():
            return operation == "engine.interval"
        case SyncAll(forced=forced):
            return operation == ("engine.force-sync-all" if forced else "engine.sync-all")
        case ForceResync() | ForceResyncExternal():
            return operation == "engine.force-resync"
        case ToggleConnection():
            return operation == "connection.toggle"
        case UpdateConnectionFields():
            return operation == "connection.update-fields"
        case SavePriorities():
            return operation == "connection.priorities"


@pytest.mark.parametrize("operation", writes(), ids=lambda one: one.id)
async def test_an_operation_sends_its_own_commands_and_no_other(operation: Operation) -> None:
    own = 0
    for write in (*COMMANDS, *MORE):
        service, trail = ScriptedService(), MemoryTrail()
        facts = ProfileFacts("acme", Environment.STAGING, False, frozenset(System))
        guard = Guard(service, facts, trail, clock=FakeTime().clock)
        if belongs(operation.id, write):
            own += 1
            outcome = await guard.run(Proposal(operation, write, ""))
            assert outcome.kind in (Result.APPLIED, Result.ACCEPTED), write
            assert service.writes == [write]
            continue
        with pytest.raises(ValueError, match="does not send"):
            await guard.run(Proposal(operation, write, ""))
        assert (service.writes, trail.records) == ([], []), write
    assert own
