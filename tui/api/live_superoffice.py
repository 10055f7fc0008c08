"""The SuperOffice half of the real service: each call goes to the client, which comes with its first
use."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from tui.domain.changes import (
    ChangeEngineInterval,
    ChangeEngineStatus,
    Resync,
    SavePriorities,
    SyncAll,
    ToggleConnection,
    UpdateConnectionFields,
)

if TYPE_CHECKING:
    from tui.api.superoffice import SuperOfficeClient
    from tui.domain.batch import BatchTask
    from tui.domain.engine import Connection, EngineStatus
    from tui.domain.linked import CrmActor, LinkedConnection
    from tui.domain.resync import PluginAnswer


class SuperOfficeHalf:
    """What `ErpService` says of SuperOffice."""

    @cached_property
    def _superoffice(self) -> "SuperOfficeClient":
        raise NotImplementedError

    async def engine_status(self, select: Sequence[str] = ()) -> "EngineStatus":
        """POST …/GetEngineStatus."""
        return await self._superoffice.engine_status(select)

    async def connections(self, *, include_deleted: bool = False) -> "tuple[Connection, ...]":
        """POST …/GetAllConnections."""
        return await self._superoffice.connections(include_deleted=include_deleted)

    async def change_engine_status(self, write: ChangeEngineStatus) -> "EngineStatus":
        """POST …/ChangeEngineStatus."""
        return await self._superoffice.change_engine_status(write)

    async def change_engine_interval(self, write: ChangeEngineInterval) -> None:
        """POST …/ChangeEngineInterval."""
        await self._superoffice.change_engine_interval(write)

    async def sync_all(self, write: SyncAll) -> "PluginAnswer":
        """POST …/SyncAll or …/ForceSyncAll."""
        return await self._superoffice.sync_all(write)

    async def force_resync(self, write: Resync, select: Sequence[str] = ()) -> "PluginAnswer | None":
        """POST to the one of the five resync calls that `write` names."""
        return await self._superoffice.force_resync(write, select)

    async def linked(self, actor: "CrmActor", entity_id: int) -> "tuple[LinkedConnection, ...]":
        """POST …/GetConnectionsAndDisplayFields."""
        return await self._superoffice.linked(actor, entity_id)

    async def batch_tasks(self) -> "tuple[BatchTask, ...]":
        """POST …/Batch/GetBatchTaskInfosByState."""
        return await self._superoffice.batch_tasks()

    async def toggle_connection(self, write: ToggleConnection) -> tuple[str, ...]:
        """POST …/ToggleErpConnectionActive."""
        return await self._superoffice.toggle_connection(write)

    async def update_connection_fields(self, write: UpdateConnectionFields) -> bool:
        """POST …/UpdateConnectionFields."""
        return await self._superoffice.update_connection_fields(write)

    async def save_priorities(self, write: SavePriorities) -> bool:
        """POST …/SaveErpConnectionSyncPriorities."""
        return await self._superoffice.save_priorities(write)
