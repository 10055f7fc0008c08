"""The agent's methods by name: those that an operator needs. Source: superoffice PROTOCOL §5."""

from collections.abc import Callable
from typing import Any, TypeAlias

from tui.simulator.http_messages import Answer
from tui.simulator.superoffice import batch, connections, engine, sync
from tui.simulator.world import World

Method: TypeAlias = Callable[[World, dict[str, Any]], Answer]

METHODS: dict[str, tuple[str, Method]] = {
    name.lower(): (name, method)
    for name, method in {
        "GetEngineStatus": engine.status,
        "ChangeEngineStatus": engine.change_status,
        "ChangeEngineInterval": engine.change_interval,
        "SyncAll": sync.sync_all,
        "ForceSyncAll": lambda world, fields: sync.sync_all(world, fields, "forcesyncall"),
        "ForceResync": sync.resync,
        "ForceResyncNoBlankValues": sync.resync,
        "ForceResyncBatchTask": sync.resync_batch,
        "ForceResyncExternal": sync.resync_external,
        "ForceResyncExternalNoBlankValues": sync.resync_external,
        "GetAllConnections": connections.get_all,
        "GetConnection": connections.get_one,
        "GetErpConnectionConfigFields": connections.config_values,
        "GetConfigurationFields": connections.config_metadata,
        "ToggleErpConnectionActive": connections.toggle,
        "TestConnectionById": connections.try_by_id,
        "GetErpSyncConnectionSummary": connections.summary,
        "GetAllConnectors": connections.connectors,
        "GetErpSyncConnectorEntity": connections.connector,
        "SaveErpConnectionSyncPriorities": connections.save_priorities,
        "UpdateConnectionFields": connections.try_by_id,
        "GetConnectionsAndDisplayFields": connections.display_fields,
    }.items()
}
"""Wire name in lower case → (wire name, what answers)."""

BATCH_METHODS: dict[str, tuple[str, Method]] = {
    "getbatchtaskinfosbystate": ("GetBatchTaskInfosByState", batch.task_infos),
}
"""The same of the Batch agent, as far as a batch resync is followed with it."""

AGENTS = {"erpsync": ("ErpSync", METHODS), "batch": ("Batch", BATCH_METHODS)}
"""Agent in lower case → (its name, its methods)."""
