"""Reads the target of a write again, as the server has it at this moment."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from tui.api.errors import ErpError, NotFound, NotOffered
from tui.api.service import ErpService
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
from tui.domain.connections import priorities_of
from tui.domain.extensions import Extension
from tui.domain.workers import WorkerStatus, WorkerSync
from tui.ops.shared import Shared
from tui.ops.target import Thing

Row = TypeVar("Row", WorkerSync, WorkerStatus, Extension)


class Reread:
    """Asks the service; one list serves all who ask for it at the same time."""

    def __init__(self, service: ErpService, monotonic: Callable[[], float]) -> None:
        self._service = service
        self._workers = Shared(service.workers, monotonic)
        self._connections = Shared(service.connections, monotonic)
        self._engine = Shared(service.engine_status, monotonic)
        self._extensions = Shared(self._all_extensions, monotonic)

    async def thing(self, write: Write, since: float) -> Thing | None:
        """The target by an answer that was asked for after `since`; None: it is not there.

        Raises:
            ErpError: it cannot be told.
        """
        match write:
            case ConfigureWorker(sync_id=sync_id):
                return _by_id(await self._workers.answer(since), sync_id)
            case ControlWorker(sync_id=sync_id):
                return await self._status(sync_id)
            case UpdateExtension(id=id_) | DeleteExtension(id=id_) | PushManifest(id=id_):
                return await self._extension(id_, since)
            case CreateExtension(extension_id=name):
                known = await self._extensions.answer(since)
                return next((one for one in known if one.extension_id == name), None)
            case ChangeEngineStatus() | ChangeEngineInterval():
                return await self._engine.answer(since)
            case (
                ForceResync(connection_id=number)
                | ForceResyncExternal(connection_id=number)
                | ToggleConnection(connection_id=number)
                | UpdateConnectionFields(connection_id=number)
            ):
                found = await self._connections.answer(since)
                return next((one for one in found if one.id == number), None)
            case SavePriorities():
                return priorities_of(await self._connections.answer(since))
            case SyncAll():
                return None

    async def named(self, thing: Thing | None, since: float) -> Thing | None:
        """A thing that was read with its name: that of a sync is in another answer than its status.

        Where that cannot be read, the name stays untold: what is controlled is the identifier.
        """
        if not isinstance(thing, WorkerStatus):
            return thing
        try:
            return replace(thing, sync=_by_id(await self._workers.answer(since), thing.id))
        except ErpError:
            return thing

    async def _status(self, sync_id: str) -> WorkerStatus | None:
        try:
            return _by_id(await self._service.worker_status(sync_id), sync_id)
        except NotFound as error:
            if not error.sent:
                raise
            return None

    async def _extension(self, id_: str, since: float) -> Extension | None:
        """By itself, or from the list: a server may lack the single call, and 404 may mean either."""
        try:
            return await self._service.extension(id_)
        except (NotFound, NotOffered) as error:
            if not error.sent:
                raise
        return _by_id(await self._extensions.answer(since), id_)

    async def _all_extensions(self) -> tuple[Extension, ...]:
        return tuple([item async for page in self._service.extensions() for item in page.items])


def _by_id(rows: Iterable[Row], id_: str) -> Row | None:
    return next((row for row in rows if row.id.lower() == id_.lower()), None)
