"""One command of every kind."""

from tui.domain.changes import (
    ConfigureWorker,
    ControlWorker,
    CreateExtension,
    DeleteExtension,
    ForceResync,
    PushManifest,
    UpdateExtension,
    Write,
)
from tui.domain.workers import ControlAction

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
)
