"""What each operation sends, and by which call: the only place where a command leaves for the service.

Invariant: every operation that changes something stands here, and nothing else does. It is loaded when
something is written, not when the table of operations is shown.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from tui.domain.changes import (
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
from tui.domain.workers import ControlAction

if TYPE_CHECKING:
    from tui.api.service import ErpService

W = TypeVar("W", bound=Write)
Handler: TypeAlias = "Callable[[ErpService, Write], Awaitable[object]]"
Takes: TypeAlias = Callable[[Write], bool]


@dataclass(frozen=True, slots=True)
class Sender:
    """How one operation sends."""

    takes: Takes
    """Whether a command is one of this operation's."""
    handler: Handler
    """Sends it; a command of another kind is a TypeError, and nothing is sent."""


def _by(kind: type[W], call: Callable[["ErpService", W], Awaitable[object]]) -> Handler:
    async def send(service: "ErpService", write: Write) -> object:
        if not isinstance(write, kind):
            raise TypeError(f"{type(write).__name__} is not what is sent here")
        return await call(service, write)

    return send


def _whole(kind: type[W], call: Callable[["ErpService", W], Awaitable[object]]) -> Sender:
    """All commands of one kind."""
    return Sender(lambda write: isinstance(write, kind), _by(kind, call))


_CONTROL = _by(ControlWorker, lambda service, write: service.control_worker(write))
_UPDATE = _whole(UpdateExtension, lambda service, write: service.update_extension(write))
_STATUS = _by(ChangeEngineStatus, lambda service, write: service.change_engine_status(write))
_SYNC = _by(SyncAll, lambda service, write: service.sync_all(write))


def _control(action: ControlAction) -> Sender:
    return Sender(lambda write: isinstance(write, ControlWorker) and write.action is action, _CONTROL)


def _run(run: bool) -> Sender:
    return Sender(lambda write: isinstance(write, ChangeEngineStatus) and write.run is run, _STATUS)


def _sync(forced: bool) -> Sender:
    return Sender(lambda write: isinstance(write, SyncAll) and write.forced is forced, _SYNC)


def _is_status_alone(write: Write) -> bool:
    return (
        isinstance(write, UpdateExtension)
        and write.status is not None
        and write.version is None
        and write.manifest_hash is None
    )


async def _resync(service: "ErpService", write: Write) -> object:
    if not isinstance(write, ForceResync | ForceResyncExternal):
        raise TypeError(f"{type(write).__name__} is not what is sent here")
    return await service.force_resync(write)


SENDERS: Mapping[str, Sender] = MappingProxyType(
    {
        "worker.configure": _whole(
            ConfigureWorker, lambda service, write: service.configure_worker(write)
        ),
        "worker.start": _control(ControlAction.START),
        "worker.stop": _control(ControlAction.STOP),
        "worker.restart": _control(ControlAction.RESTART),
        "extension.create": _whole(
            CreateExtension, lambda service, write: service.create_extension(write)
        ),
        "extension.update": _UPDATE,
        "extension.toggle": Sender(_is_status_alone, _UPDATE.handler),
        "extension.push-manifest": _whole(
            PushManifest, lambda service, write: service.push_manifest(write)
        ),
        "extension.delete": _whole(
            DeleteExtension, lambda service, write: service.delete_extension(write)
        ),
        "engine.start": _run(True),
        "engine.stop": _run(False),
        "engine.interval": _whole(
            ChangeEngineInterval, lambda service, write: service.change_engine_interval(write)
        ),
        "engine.sync-all": _sync(False),
        "engine.force-sync-all": _sync(True),
        "engine.force-resync": Sender(
            lambda write: isinstance(write, ForceResync | ForceResyncExternal), _resync
        ),
        "connection.toggle": _whole(
            ToggleConnection, lambda service, write: service.toggle_connection(write)
        ),
        "connection.update-fields": _whole(
            UpdateConnectionFields, lambda service, write: service.update_connection_fields(write)
        ),
        "connection.priorities": _whole(
            SavePriorities, lambda service, write: service.save_priorities(write)
        ),
    }
)
