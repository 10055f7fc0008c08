"""Every operation, declared once: keys, palette, help, command line, guard and audit read this table.

Invariant: whatever writes has a handler here and an id that `operation_for` maps its command to;
operations without a handler send nothing and are done by the front end itself.
This module is the door to all that concerns operations.
"""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import TypeVar

from tui.api.service import ErpService
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
from tui.ops.consequences import consequence_for
from tui.ops.operation import Danger, Handler, Operation, Scope, grade

__all__ = [
    "OPERATIONS",
    "Danger",
    "Operation",
    "Scope",
    "consequence_for",
    "grade",
    "operation_for",
    "writes",
]

W = TypeVar("W", bound=Write)
Sends = Callable[[Write], bool]


def _sending(kind: type[W], call: Callable[[ErpService, W], Awaitable[object]]) -> Handler:
    async def send(service: ErpService, write: Write) -> object:
        if not isinstance(write, kind):
            raise TypeError(f"{kind.__name__} expected, not {type(write).__name__}")
        return await call(service, write)

    return send


_CONFIGURE = _sending(ConfigureWorker, lambda service, write: service.configure_worker(write))
_CONTROL = _sending(ControlWorker, lambda service, write: service.control_worker(write))
_CREATE = _sending(CreateExtension, lambda service, write: service.create_extension(write))
_UPDATE = _sending(UpdateExtension, lambda service, write: service.update_extension(write))
_DELETE = _sending(DeleteExtension, lambda service, write: service.delete_extension(write))
_PUSH = _sending(PushManifest, lambda service, write: service.push_manifest(write))
_RESYNC = _sending(ForceResync, lambda service, write: service.force_resync(write))


def _a(kind: type[Write]) -> Sends:
    return lambda write: isinstance(write, kind)


def _control(action: ControlAction) -> Sends:
    return lambda write: isinstance(write, ControlWorker) and write.action is action


def _status_alone(write: Write) -> bool:
    return (
        isinstance(write, UpdateExtension)
        and write.status is not None
        and write.version is None
        and write.manifest_hash is None
    )


_WRITES = (
    Operation(
        "worker.configure",
        "Configure sync",
        Scope.WORKER,
        Danger.REVERSIBLE,
        "e",
        "configure",
        "Change the interval and the options of a sync.",
        "worker.configure",
        "A new interval applies from the next run on and does not shorten a pause already running;"
        " options are shared by all syncs of the same type.",
        _CONFIGURE,
        _a(ConfigureWorker),
    ),
    Operation(
        "worker.start",
        "Start sync",
        Scope.WORKER,
        Danger.REVERSIBLE,
        "s",
        "start",
        "Start a sync that is suspended, off or locked.",
        "worker.stop",
        "The JTL-Worker is asked to start it; it stays on until a user stops it.",
        _CONTROL,
        _control(ControlAction.START),
    ),
    Operation(
        "worker.stop",
        "Stop sync",
        Scope.WORKER,
        Danger.DISRUPTIVE,
        "x",
        "stop",
        "Stop a sync until a user starts it again.",
        "worker.start",
        "It stays off, also after a restart of the JTL-Worker, until a user starts it again.",
        _CONTROL,
        _control(ControlAction.STOP),
    ),
    Operation(
        "worker.restart",
        "Restart sync",
        Scope.WORKER,
        Danger.DISRUPTIVE,
        "R",
        "restart",
        "Stop a sync and start it again.",
        None,
        "It is asked to stop, also in the middle of a run, and then started again.",
        _CONTROL,
        _control(ControlAction.RESTART),
    ),
    Operation(
        "extension.create",
        "Create extension",
        Scope.EXTENSION,
        Danger.REVERSIBLE,
        "n",
        "new",
        "Register a new extension.",
        "extension.delete",
        "It is registered as pending and does nothing until it is activated.",
        _CREATE,
        _a(CreateExtension),
    ),
    Operation(
        "extension.update",
        "Update extension",
        Scope.EXTENSION,
        Danger.REVERSIBLE,
        "e",
        "update",
        "Change version, manifest hash or status of an extension.",
        "extension.update",
        "Only the fields shown are sent; the others stay as they are.",
        _UPDATE,
        _a(UpdateExtension),
    ),
    Operation(
        "extension.toggle",
        "Enable or disable",
        Scope.EXTENSION,
        Danger.REVERSIBLE,
        "t",
        "enable/disable",
        "Disable an extension that is active, activate any other.",
        "extension.toggle",
        "Only its status is changed.",
        _UPDATE,
        _status_alone,
    ),
    Operation(
        "extension.push-manifest",
        "Push manifest",
        Scope.EXTENSION,
        Danger.DISRUPTIVE,
        "m",
        "manifest",
        "Replace the manifest of an extension by a signed file.",
        None,
        "The manifest on the server is replaced; the old one cannot be read back.",
        _PUSH,
        _a(PushManifest),
        on_bar=False,
    ),
    Operation(
        "extension.delete",
        "Delete extension",
        Scope.EXTENSION,
        Danger.IRREVERSIBLE,
        "D",
        "delete",
        "Delete an extension from JTL-Wawi.",
        None,
        "It is removed from JTL-Wawi; created again, it is a new one with a new identifier.",
        _DELETE,
        _a(DeleteExtension),
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
        _RESYNC,
        _a(ForceResync),
    ),
)


def _read(
    id_: str, title: str, scope: Scope, key: str, short: str, help_: str, *, on_bar: bool = False
) -> Operation:
    return Operation(id_, title, scope, Danger.READ, key, short, help_, on_bar=on_bar)


_APP, _LIST = Scope.APP, Scope.LIST
_READS = (
    _read("details", "Details", _LIST, "enter", "details", "Show all that is known of it.", on_bar=True),
    _read("filter", "Filter", _LIST, "/", "filter", "Show only rows that match.", on_bar=True),
    _read("copy", "Copy", _LIST, "y", "copy", "Copy the row to the clipboard and to a private file."),
    _read(
        "mark", "Mark", _LIST, "space", "mark", "Mark the row or take its mark away, and go to the next."
    ),
    _read("mark.all", "Mark all", _LIST, "*", "mark all", "Mark every row that the filter shows."),
    _read("mark.none", "Unmark all", _LIST, "-", "unmark", "Take every mark away."),
    _read("sort", "Sort", _LIST, "o", "sort", "Sort by the next column."),
    _read("sort.reverse", "Reverse sort", _LIST, "O", "reverse", "Reverse the order."),
    _read("log.more", "More", Scope.LOG, "m", "more", "Ask for the next page of the log.", on_bar=True),
    _read("screen.workers", "Workers", _APP, "1", "workers", "Show the worker syncs."),
    _read("screen.extensions", "Extensions", _APP, "2", "extensions", "Show the extensions."),
    _read("screen.engine", "Engine", _APP, "3", "engine", "Show the ErpSync engine."),
    _read("screen.connections", "Connections", _APP, "4", "connections", "Show its connections."),
    _read("screen.activity", "Activity", _APP, "5", "activity", "Show what was changed from here."),
    _read("screen.log", "Change log", _APP, "6", "log", "Show what ErpSync changed, field by field."),
    _read("profile", "Switch profile", _APP, "P", "profile", "Go to another profile of the config."),
    _read(
        "unlock",
        "Unlock",
        _APP,
        "U",
        "unlock",
        "Allow writes on a read-only profile, or forbid them again.",
    ),
    _read("undo", "Undo", _APP, "u", "undo", "List what this session changed, and take it back."),
    _read(
        "command",
        "Command line",
        _APP,
        ":",
        "command",
        "Write an operation and its settings; tab completes, ↑ recalls.",
    ),
    _read(
        "palette", "Palette", _APP, "ctrl+p", "palette", "Find an operation of this screen and do it."
    ),
    _read("refresh", "Refresh", _APP, "r", "refresh", "Ask the servers now."),
    _read("pause", "Pause polling", _APP, "p", "pause", "Stop asking by itself, or go on."),
    _read("help", "Help", _APP, "?", "help", "Show the keys of this screen."),
    _read("quit", "Back or quit", _APP, "q", "quit", "Go back; on a top screen, quit.", on_bar=True),
)

OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {operation.id: operation for operation in (*_WRITES, *_READS)}
)


def writes() -> tuple[Operation, ...]:
    """Every operation that changes something remote: what the guard has to cover, one by one."""
    return _WRITES


def operation_for(write: Write) -> Operation:
    """The one operation that `write` belongs to."""
    match write:
        case ConfigureWorker():
            return OPERATIONS["worker.configure"]
        case ControlWorker(action=ControlAction.START):
            return OPERATIONS["worker.start"]
        case ControlWorker(action=ControlAction.STOP):
            return OPERATIONS["worker.stop"]
        case ControlWorker():
            return OPERATIONS["worker.restart"]
        case CreateExtension():
            return OPERATIONS["extension.create"]
        case UpdateExtension():
            return OPERATIONS["extension.update"]
        case DeleteExtension():
            return OPERATIONS["extension.delete"]
        case PushManifest():
            return OPERATIONS["extension.push-manifest"]
        case ForceResync():
            return OPERATIONS["engine.force-resync"]
