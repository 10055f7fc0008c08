"""One command of every kind."""

from tui.domain.jtl.workers import ControlAction
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
from tui.ops.operations.kinds import kind_of
from tui.ops.operations.operation import Operation

COMMANDS: tuple[Write, ...] = (
    ConfigureWorker("a1", "00:10:00", (("o1", "true"),)),
    ControlWorker("a1", ControlAction.START),
    ControlWorker("a1", ControlAction.STOP),
    ControlWorker("a1", ControlAction.RESTART),
    CreateExtension("shop", "1.0.0", "ab" * 64),
    UpdateExtension("e1", version="1.0.1"),
    UpdateExtension("e1", status=2),
    DeleteExtension("e1"),
    PushManifest("e1", b"{manifest}", b"signed"),
    ForceResync(7, (670, 47)),
    ForceResync(0),
    ForceResync(7, (670,), no_blanks=True),
    ForceResync(7, (670,), as_batch=True),
    ForceResyncExternal(7, "Customer", ("A1", "A2")),
    ForceResyncExternal(7, "Customer", no_blanks=True),
    ChangeEngineStatus(run=True),
    ChangeEngineStatus(run=False),
    ChangeEngineInterval("00:15:00"),
    SyncAll(),
    SyncAll(forced=True),
    ToggleConnection(3, active=True),
    UpdateConnectionFields(3),
    SavePriorities((2, 1)),
)


def operation_for(write: Write) -> Operation:
    """The first operation that sends it."""
    return kind_of(write).operation_of(write)
