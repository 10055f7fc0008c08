"""The SuperOffice half of the real service: each call goes to the client, which comes with its first
use."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from tui.domain.writes import (
    ChangeEngineInterval,
    ChangeEngineStatus,
    Resync,
    SavePriorities,
    SyncAll,
    ToggleConnection,
    UpdateConnectionFields,
)

if TYPE_CHECKING:
    from tui.api.superoffice.client import SuperOfficeClient
    from tui.api.superoffice.sync_log_client import SyncLogClient
    from tui.domain.superoffice.batch_tasks import BatchTask
    from tui.domain.superoffice.connections import Concealed, ConfigField, ConnectionSummary, Connector
    from tui.domain.superoffice.engine import Connection, EngineStatus
    from tui.domain.superoffice.linked_records import CrmActor, LinkedConnection
    from tui.domain.superoffice.plugin_response import PluginAnswer
    from tui.domain.superoffice.sync_log import SyncLogPage


class SuperOfficeHalf:
    """What `ErpService` says of SuperOffice."""

    @cached_property
    def _superoffice(self) -> "SuperOfficeClient":
        raise NotImplementedError

    @cached_property
    def _sync_log(self) -> "SyncLogClient":
        from tui.api.superoffice.sync_log_client import SyncLogClient

        return SyncLogClient(*self._superoffice.parts)

    async def engine_status(self, select: Sequence[str] = ()) -> "EngineStatus":
        """POST …/GetEngineStatus."""
        return await self._superoffice.engine_status(select)

    async def connections(self, *, include_deleted: bool = False) -> "tuple[Connection, ...]":
        """POST …/GetAllConnections."""
        return await self._superoffice.connections(include_deleted=include_deleted)

    async def connectors(self) -> "tuple[Connector, ...]":
        """POST …/GetAllConnectors."""
        return await self._superoffice.connectors()

    async def config_fields(self, connector_id: int) -> "tuple[ConfigField, ...]":
        """POST …/GetConfigurationFields."""
        return await self._superoffice.config_fields(connector_id)

    async def connection_summary(self, connection_id: int) -> "ConnectionSummary":
        """POST …/GetErpSyncConnectionSummary."""
        return await self._superoffice.connection_summary(connection_id)

    async def test_connection(self, connection_id: int) -> bool:
        """POST …/TestConnectionById."""
        return await self._superoffice.test_connection(connection_id)

    async def connection_fields(self, connection_id: int) -> "Mapping[str, Concealed]":
        """POST …/GetErpConnectionConfigFields."""
        return await self._superoffice.connection_fields(connection_id)

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

    async def sync_log(self, following: str = "") -> "SyncLogPage":
        """GET …/archive/ErpSyncLog."""
        return await self._sync_log.page(following)
