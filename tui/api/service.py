"""`ErpService`: every call of both systems, in domain types. The only way to the network.

Every method raises a subclass of `tui.api.errors.ErpError` and nothing else. Reads may be retried within
their deadline; writes are sent once, never again automatically.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tui.domain.superoffice.connections import HIDDEN
from tui.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from pydantic import SecretStr

    from tui.domain.credentials import CredentialEntry
    from tui.domain.jtl.extensions import Extension, ExtensionPage
    from tui.domain.jtl.server_info import ServerInfo
    from tui.domain.jtl.workers import WorkerStatus, WorkerSync
    from tui.domain.profile import System
    from tui.domain.superoffice.batch_tasks import BatchTask
    from tui.domain.superoffice.connections import (
        Concealed,
        ConfigField,
        ConnectionSummary,
        Connector,
    )
    from tui.domain.superoffice.engine import Connection, EngineStatus
    from tui.domain.superoffice.linked_records import CrmActor, LinkedConnection
    from tui.domain.superoffice.plugin_response import PluginAnswer
    from tui.domain.superoffice.sync_log import SyncLogPage
    from tui.domain.superoffice.tenant import Tenant
    from tui.domain.writes import (
        ChangeEngineInterval,
        ChangeEngineStatus,
        ConfigureWorker,
        ControlWorker,
        CreateExtension,
        DeleteExtension,
        PushManifest,
        Resync,
        SavePriorities,
        SyncAll,
        ToggleConnection,
        UpdateConnectionFields,
        UpdateExtension,
        Write,
    )

MASK = HIDDEN
"""Shown in place of a secret, or of the content of a file."""


@frozen
class RequestPreview:
    """The request that a write will send, headers masked, as the review shows it."""

    system: System
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str
    """Indented JSON, or empty; the content of a file is masked as well."""
    hidden: frozenset[str] = frozenset()
    """The fields of the body that are masked."""

    @property
    def line(self) -> str:
        """Method and address: they must not change between review and sending."""
        return f"{self.method} {self.url}"


class JtlService(Protocol):
    """Workers and extensions of JTL-Wawi; the client is in `api/jtl/client.py`."""

    async def server_info(self) -> ServerInfo | None:
        """GET /info, once: what the server reports of itself; None where it reports nothing."""

    async def workers(self) -> tuple[WorkerSync, ...]:
        """GET /workers: every configured sync (jtl PROTOCOL §1)."""

    async def worker_status(self, sync_id: str | None = None) -> tuple[WorkerStatus, ...]:
        """GET /workers/status: of all syncs, or of one."""

    async def configure_worker(self, write: ConfigureWorker) -> WorkerSync:
        """POST /workers/{syncId}: the sync as the server now has it."""

    async def control_worker(self, write: ControlWorker) -> None:
        """PUT /workers/{syncId}: accepted; watch the status to see the effect."""

    def extensions(self) -> AsyncIterator[ExtensionPage]:
        """GET /extensions: page by page, as they arrive."""

    async def extension(self, id: str) -> Extension:
        """GET /extensions/{extensionId}."""

    async def create_extension(self, write: CreateExtension) -> Extension:
        """POST /v1/extensions."""

    async def update_extension(self, write: UpdateExtension) -> Extension:
        """PATCH /extensions/{extensionId}."""

    async def delete_extension(self, write: DeleteExtension) -> None:
        """DELETE /extensions/{extensionId}."""

    async def push_manifest(self, write: PushManifest) -> None:
        """PUT /extensions/{extensionId}/manifest."""


class SuperOfficeService(Protocol):
    """ErpSync of SuperOffice; the client is in `api/superoffice/client.py`."""

    async def engine_status(self) -> EngineStatus:
        """POST …/ErpSync/GetEngineStatus."""

    async def connections(self, *, include_deleted: bool = False) -> tuple[Connection, ...]:
        """POST …/ErpSync/GetAllConnections."""

    async def connectors(self) -> tuple[Connector, ...]:
        """POST …/ErpSync/GetAllConnectors."""

    async def config_fields(self, connector_id: int) -> tuple[ConfigField, ...]:
        """POST …/ErpSync/GetConfigurationFields: which fields a connector needs; no values."""

    async def connection_summary(self, connection_id: int) -> ConnectionSummary:
        """POST …/ErpSync/GetErpSyncConnectionSummary."""

    async def test_connection(self, connection_id: int) -> bool:
        """POST …/ErpSync/TestConnectionById: whether the connector can be reached; never why not."""

    async def connection_fields(self, connection_id: int) -> Mapping[str, Concealed]:
        """POST …/ErpSync/GetErpConnectionConfigFields: the configuration values, which are secrets."""

    async def change_engine_status(self, write: ChangeEngineStatus) -> EngineStatus:
        """POST …/ErpSync/ChangeEngineStatus: requested; the response may still show the old state."""

    async def change_engine_interval(self, write: ChangeEngineInterval) -> None:
        """POST …/ErpSync/ChangeEngineInterval."""

    async def sync_all(self, write: SyncAll) -> PluginAnswer:
        """POST …/ErpSync/SyncAll or …/ForceSyncAll."""

    async def force_resync(self, write: Resync) -> PluginAnswer | None:
        """POST to the …/ErpSync/ForceResync… call that `write` names; None: queued as a batch task."""

    async def linked(self, actor: CrmActor, entity_id: int) -> tuple[LinkedConnection, ...]:
        """POST …/ErpSync/GetConnectionsAndDisplayFields: what each connection reports of a record."""

    async def batch_tasks(self) -> tuple[BatchTask, ...]:
        """POST …/Batch/GetBatchTaskInfosByState: every listed batch task of the tenant."""

    async def toggle_connection(self, write: ToggleConnection) -> tuple[str, ...]:
        """POST …/ErpSync/ToggleErpConnectionActive: why it was refused; empty: it is done."""

    async def update_connection_fields(self, write: UpdateConnectionFields) -> bool:
        """POST …/ErpSync/UpdateConnectionFields: whether the server reports success."""

    async def save_priorities(self, write: SavePriorities) -> bool:
        """POST …/ErpSync/SaveErpConnectionSyncPriorities: whether the server reports success."""

    async def sync_log(self, following: str = "") -> SyncLogPage:
        """GET …/archive/ErpSyncLog: the newest page, or the one that `following` names."""


class ErpService(Protocol):
    """One object per profile, built by `wiring`."""

    @property
    def jtl(self) -> JtlService:
        """The calls of JTL-Wawi. Raises Absent: the profile does not configure it."""

    @property
    def superoffice(self) -> SuperOfficeService:
        """The calls of SuperOffice; raises as `jtl` does."""

    @property
    def warnings(self) -> Sequence[str]:
        """What an operator should know of the profile's secrets, each once; grows with use."""

    def clock_offset(self, system: System) -> float | None:
        """Seconds that the server's clock is ahead of ours, from its `Date` header; None: unknown."""

    def tenant(self) -> Tenant | None:
        """The last known Online tenant, without a request; None: on site, or not requested yet."""

    def server(self) -> ServerInfo | None:
        """What JTL-Wawi reported of itself, without a request; None: nothing, or not yet."""

    def credentials(self) -> tuple[CredentialEntry, ...]:
        """The state of every secret of the profile, never a value; reads and sends nothing."""

    async def renew_credential(self, entry: CredentialEntry, *, at_terminal: bool = False) -> bool:
        """Read its source now, regardless of the last reading; whether it is a different secret.

        `at_terminal`: a program may prompt at the terminal, which is free.
        """

    def give_credential(self, entry: CredentialEntry, secret: SecretStr) -> None:
        """Use what the operator typed instead, as long as this service lives; kept only in memory."""

    def hurry(self) -> None:
        """Renew a login that is refused now without the usual pause, at the operator's request."""

    def preview(self, write: Write) -> RequestPreview:
        """The exact request that `write` will send; sends nothing.

        Raises:
            Absent: the profile does not configure the system.
            VersionUnknown: the request is not known yet: under `api_version = "auto"` until a list of
                the family was loaded, in this run or, by the cache, in an earlier one.
        """

    async def aclose(self) -> None:
        """Drop every connection at once."""
