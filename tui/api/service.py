"""`ErpService`: every operation of both systems, in domain types. The only door to the network.

Every method raises a subclass of `tui.api.errors.ErpError` and nothing else. Reads may be retried
within their deadline; writes are sent once, never again by themselves.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tui.domain.batch import BatchTask
from tui.domain.changes import (
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
from tui.domain.connections import (
    HIDDEN,
    Concealed,
    ConfigField,
    ConnectionSummary,
    Connector,
)
from tui.domain.credentials import CredentialEntry
from tui.domain.engine import Connection, EngineStatus
from tui.domain.extensions import Extension, ExtensionPage
from tui.domain.linked import CrmActor, LinkedConnection
from tui.domain.resync import PluginAnswer
from tui.domain.sync_log import SyncLogPage
from tui.domain.systems import System
from tui.domain.tenant import Tenant
from tui.domain.workers import WorkerStatus, WorkerSync

if TYPE_CHECKING:
    from pydantic import SecretStr

MASK = HIDDEN
"""Stands for a secret, or for the content of a file, wherever one would be shown."""


@dataclass(frozen=True, slots=True)
class RequestPreview:
    """The request that a write will send, headers masked, as the review shows it."""

    system: System
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str
    """Indented JSON, or empty; the content of a file is masked as well."""
    withheld: frozenset[str] = frozenset()
    """The fields of the body that are masked."""

    @property
    def line(self) -> str:
        """Method and address: what may not change between the review and the sending."""
        return f"{self.method} {self.url}"


class ErpService(Protocol):
    """One object per profile, built by `wiring`, handed in."""

    @property
    def warnings(self) -> Sequence[str]:
        """What an operator should know of the profile's secrets, each once; grows with use."""

    def clock_offset(self, system: System) -> float | None:
        """Seconds that the server's clock is ahead of ours, from its `Date` header; None: unknown."""

    def tenant(self) -> Tenant | None:
        """The Online tenant as it was last told, without a request; None: on site, or not asked yet."""

    def credentials(self) -> tuple[CredentialEntry, ...]:
        """Every secret of the profile as it stands, never a value; reads and sends nothing."""

    async def renew_credential(self, entry: CredentialEntry, *, at_terminal: bool = False) -> bool:
        """Read its source now, whenever that was done last; whether it is another one than before.

        `at_terminal`: a program may ask there for what it needs, and the terminal is free.
        """

    def give_credential(self, entry: CredentialEntry, secret: "SecretStr") -> None:
        """Use what the operator typed instead, as long as this service lives; it is kept in memory."""

    async def workers(self) -> tuple[WorkerSync, ...]:
        """GET /workers: every configured sync (jtl-erp-api §1)."""

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

    async def engine_status(self, select: Sequence[str] = ()) -> EngineStatus:
        """POST …/ErpSync/GetEngineStatus; `select` names the properties wanted, empty: all."""

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
        """POST …/ErpSync/ChangeEngineStatus: requested; the answer may still show the old state."""

    async def change_engine_interval(self, write: ChangeEngineInterval) -> None:
        """POST …/ErpSync/ChangeEngineInterval."""

    async def sync_all(self, write: SyncAll) -> PluginAnswer:
        """POST …/ErpSync/SyncAll or …/ForceSyncAll."""

    async def force_resync(self, write: Resync, select: Sequence[str] = ()) -> PluginAnswer | None:
        """POST to the one of …/ErpSync/ForceResync… that `write` names; None: queued as a batch task."""

    async def linked(self, actor: CrmActor, entity_id: int) -> tuple[LinkedConnection, ...]:
        """POST …/ErpSync/GetConnectionsAndDisplayFields: what each connection says of a record."""

    async def batch_tasks(self) -> tuple[BatchTask, ...]:
        """POST …/Batch/GetBatchTaskInfosByState: every batch task of the tenant that is listed."""

    async def toggle_connection(self, write: ToggleConnection) -> tuple[str, ...]:
        """POST …/ErpSync/ToggleErpConnectionActive: why it was not done; empty: it was."""

    async def update_connection_fields(self, write: UpdateConnectionFields) -> bool:
        """POST …/ErpSync/UpdateConnectionFields: whether the server says that it was done."""

    async def save_priorities(self, write: SavePriorities) -> bool:
        """POST …/ErpSync/SaveErpConnectionSyncPriorities: whether the server says that it was saved."""

    async def sync_log(self, following: str = "") -> SyncLogPage:
        """GET …/archive/ErpSyncLog: the newest page, or the one that `following` names."""

    def preview(self, write: Write) -> RequestPreview:
        """The exact request that `write` will send; sends nothing.

        Raises `VersionUnknown` while it is not known which one that is: under `api_version = "auto"`
        until a list of the family was answered, in this run or, by the cache, in an earlier one.
        """

    async def aclose(self) -> None:
        """Drop every connection at once."""
