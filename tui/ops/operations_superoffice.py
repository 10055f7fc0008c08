"""What changes something in SuperOffice ErpSync, declared once: engine, resync, connections."""

from typing import TYPE_CHECKING

from tui.domain.changes import (
    ChangeEngineInterval,
    ChangeEngineStatus,
    ForceResync,
    ForceResyncExternal,
    Resync,
    SavePriorities,
    SyncAll,
    ToggleConnection,
    UpdateConnectionFields,
    Write,
)
from tui.ops.operation import Danger, Operation, Scope
from tui.ops.sending import Sends, a, sending

if TYPE_CHECKING:
    from tui.api.service import ErpService

_STATUS = sending(ChangeEngineStatus, lambda service, write: service.change_engine_status(write))
_INTERVAL = sending(ChangeEngineInterval, lambda service, write: service.change_engine_interval(write))
_SYNC = sending(SyncAll, lambda service, write: service.sync_all(write))
_TOGGLE = sending(ToggleConnection, lambda service, write: service.toggle_connection(write))
_FIELDS = sending(UpdateConnectionFields, lambda service, write: service.update_connection_fields(write))
_PRIORITIES = sending(SavePriorities, lambda service, write: service.save_priorities(write))


async def _resync(service: "ErpService", write: Write) -> object:
    if not isinstance(write, Resync):
        raise TypeError(f"{type(write).__name__} is not what is sent here")
    return await service.force_resync(write)


def _run(run: bool) -> Sends:
    return lambda write: isinstance(write, ChangeEngineStatus) and write.run is run


def _sync(forced: bool) -> Sends:
    return lambda write: isinstance(write, SyncAll) and write.forced is forced


SUPEROFFICE_WRITES = (
    Operation(
        "engine.start",
        "Start engine",
        Scope.ENGINE,
        Danger.REVERSIBLE,
        "s",
        "start",
        "Start the ErpSync engine.",
        "engine.stop",
        "The batch system is asked to start it; it then polls CRM and every active connection on its"
        " timer.",
        _STATUS,
        _run(True),
    ),
    Operation(
        "engine.stop",
        "Stop engine",
        Scope.ENGINE,
        Danger.DISRUPTIVE,
        "x",
        "stop",
        "Stop the ErpSync engine.",
        "engine.start",
        "The batch system is asked to stop it; until it is started again nothing is synchronised by"
        " itself, over no connection.",
        _STATUS,
        _run(False),
    ),
    Operation(
        "engine.interval",
        "Engine interval",
        Scope.ENGINE,
        Danger.REVERSIBLE,
        "e",
        "interval",
        "Change the time between two runs of the engine.",
        "engine.interval",
        "It is the time between two runs over all connections.",
        _INTERVAL,
        a(ChangeEngineInterval),
    ),
    Operation(
        "engine.sync-all",
        "Sync all",
        Scope.ENGINE,
        Danger.DISRUPTIVE,
        "S",
        "sync all",
        "Sync all active connections now.",
        None,
        "All active connections are synchronised now; values on both sides may change.",
        _SYNC,
        _sync(False),
    ),
    Operation(
        "engine.force-sync-all",
        "Force sync all",
        Scope.ENGINE,
        Danger.DISRUPTIVE,
        "F",
        "force sync",
        "Sync all active connections now, even while automatic sync is off.",
        None,
        "All active connections are synchronised now, even while automatic sync is off; values on both"
        " sides may change.",
        _SYNC,
        _sync(True),
        on_bar=False,
    ),
    Operation(
        "engine.force-resync",
        "Forced resync",
        Scope.ENGINE,
        Danger.IRREVERSIBLE,
        "f",
        "forced resync",
        "Copy records one way between an ERP connection and CRM, whatever their timestamps say.",
        None,
        "Values on the receiving side are overwritten, whatever their timestamps say.",
        _resync,
        a(ForceResync, ForceResyncExternal),
    ),
    Operation(
        "connection.toggle",
        "Activate or deactivate",
        Scope.CONNECTION,
        Danger.DISRUPTIVE,
        "t",
        "on/off",
        "Deactivate a connection that is active, activate any other.",
        "connection.toggle",
        "What the server has is flipped.",
        _TOGGLE,
        a(ToggleConnection),
    ),
    Operation(
        "connection.update-fields",
        "Update fields",
        Scope.CONNECTION,
        Danger.DISRUPTIVE,
        "L",
        "load fields",
        "Have actor types and fields read from the connector anew.",
        None,
        "Actor types and fields are read from the connector anew; what it no longer offers can no longer"
        " be mapped.",
        _FIELDS,
        a(UpdateConnectionFields),
        on_bar=False,
    ),
    Operation(
        "connection.priorities",
        "Priorities",
        Scope.CONNECTION,
        Danger.REVERSIBLE,
        "w",
        "priorities",
        "Change the order in which connections win over one another.",
        "connection.priorities",
        "The order of the connections is their priority, the highest first.",
        _PRIORITIES,
        a(SavePriorities),
        on_bar=False,
    ),
)
