"""The other side in memory: an `ErpService` that answers what a test lays out and counts the calls."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from typing import Self

from tui.api.errors import ErpError, Unreachable
from tui.api.service import RequestPreview
from tui.domain.credentials import CredentialEntry
from tui.domain.intervals import Interval
from tui.domain.jtl.extensions import Extension, ExtensionPage
from tui.domain.jtl.server_info import ServerInfo
from tui.domain.jtl.workers import WorkerStatus, WorkerSync
from tui.domain.profile import System
from tui.domain.superoffice.batch_tasks import BatchTask
from tui.domain.superoffice.connections import Concealed, ConfigField, ConnectionSummary, Connector
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.superoffice.linked_records import CrmActor, LinkedConnection
from tui.domain.superoffice.plugin_response import PluginAnswer
from tui.domain.superoffice.sync_log import SyncLogEntry, SyncLogPage
from tui.domain.superoffice.tenant import Tenant
from tui.domain.timestamps import Moment
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


def down(sentence: str = "JTL-Wawi cannot be reached", *, sent: bool = True) -> Unreachable:
    """A connection that failed."""
    return Unreachable(system=System.JTL, sentence=sentence, next_step="check the network", sent=sent)


class ScriptedService:
    """Answers from its attributes; `failing[call]` is raised, `held[call]` is waited for."""

    def __init__(self) -> None:
        self.sync = WorkerSync("a1", "Temu", "Temu DE", interval=Interval.read("00:05:00"))
        self.status = WorkerStatus("a1", 3, next_at=Moment.read("2100-01-01T00:00:00Z"))
        self.more_statuses: tuple[WorkerStatus, ...] = ()
        self.engine = EngineStatus(True, "waiting", Interval.read("00:15:00"))
        self.pages: list[ExtensionPage] = [ExtensionPage((Extension("e1", "shop"),), 1, 1, True)]
        self.log: dict[str, SyncLogPage] = {"": SyncLogPage((SyncLogEntry("7", field="NAME"),))}
        """By what is asked for; the newest page has no name."""
        self.answer = PluginAnswer(True, "Ok", "done")
        self.summary = ConnectionSummary(Moment())
        self.passes = True
        self.reasons: tuple[str, ...] = ()
        self.failing: dict[str, BaseException] = {}
        self.held: dict[str, asyncio.Event] = {}
        self.calls: list[str] = []
        self.writes: list[Write] = []
        self.warnings: tuple[str, ...] = ()
        self.writing = asyncio.Event()
        """Set once a write has arrived."""
        self.at_once: dict[str, int] = defaultdict(int)
        """Calls in flight at this moment."""

    @property
    def jtl(self) -> Self:
        return self

    @property
    def superoffice(self) -> Self:
        return self

    def clock_offset(self, system: System) -> float | None:
        return None

    def tenant(self) -> Tenant | None:
        return None

    def server(self) -> ServerInfo | None:
        return None

    async def server_info(self) -> ServerInfo | None:
        return None

    def credentials(self) -> tuple[CredentialEntry, ...]:
        return ()

    async def renew_credential(self, entry: CredentialEntry, *, at_terminal: bool = False) -> bool:
        return False

    def give_credential(self, entry: CredentialEntry, secret: object) -> None:
        pass

    def hurry(self) -> None:
        pass

    async def _called(self, call: str) -> None:
        self.calls.append(call)
        self.at_once[call] += 1
        try:
            if call in self.held:
                await self.held[call].wait()
            if call in self.failing:
                raise self.failing[call]
        finally:
            self.at_once[call] -= 1

    async def workers(self) -> tuple[WorkerSync, ...]:
        await self._called("workers")
        return (self.sync,)

    async def worker_status(self, sync_id: str | None = None) -> tuple[WorkerStatus, ...]:
        await self._called("status")
        return (self.status, *self.more_statuses)

    async def engine_status(self) -> EngineStatus:
        await self._called("engine")
        return self.engine

    async def connections(self, *, include_deleted: bool = False) -> tuple[Connection, ...]:
        await self._called("connections")
        return (Connection(7, "Main", active=True),)

    async def sync_log(self, following: str = "") -> SyncLogPage:
        await self._called("log")
        return self.log[following]

    async def connectors(self) -> tuple[Connector, ...]:
        await self._called("connectors")
        return (Connector(3, "Business Central"),)

    async def config_fields(self, connector_id: int) -> tuple[ConfigField, ...]:
        await self._called("config fields")
        return (ConfigField("SERVER"),)

    async def connection_summary(self, connection_id: int) -> ConnectionSummary:
        await self._called("summary")
        return self.summary

    async def test_connection(self, connection_id: int) -> bool:
        await self._called("test")
        return self.passes

    async def connection_fields(self, connection_id: int) -> Mapping[str, Concealed]:
        await self._called("fields")
        return {"SERVER": Concealed("erp.example")}

    async def extensions(self) -> AsyncIterator[ExtensionPage]:
        for page in self.pages:
            await self._called("extensions")
            yield page

    async def extension(self, id: str) -> Extension:
        await self._called("extension")
        return Extension(id)

    async def _written(self, write: Write) -> None:
        self.writes.append(write)
        self.writing.set()
        await self._called("write")

    async def configure_worker(self, write: ConfigureWorker) -> WorkerSync:
        await self._written(write)
        return self.sync

    async def control_worker(self, write: ControlWorker) -> None:
        await self._written(write)

    async def create_extension(self, write: CreateExtension) -> Extension:
        await self._written(write)
        return Extension("new", write.extension_id)

    async def update_extension(self, write: UpdateExtension) -> Extension:
        await self._written(write)
        return Extension(write.id)

    async def delete_extension(self, write: DeleteExtension) -> None:
        await self._written(write)

    async def push_manifest(self, write: PushManifest) -> None:
        await self._written(write)

    async def force_resync(self, write: Resync) -> PluginAnswer | None:
        await self._written(write)
        return self.answer

    async def linked(self, actor: CrmActor, entity_id: int) -> tuple[LinkedConnection, ...]:
        await self._called("linked")
        return (LinkedConnection(7, "Main", connected=True),)

    async def batch_tasks(self) -> tuple[BatchTask, ...]:
        await self._called("batch tasks")
        return ()

    async def change_engine_status(self, write: ChangeEngineStatus) -> EngineStatus:
        await self._written(write)
        return self.engine

    async def change_engine_interval(self, write: ChangeEngineInterval) -> None:
        await self._written(write)

    async def sync_all(self, write: SyncAll) -> PluginAnswer:
        await self._written(write)
        return self.answer

    async def toggle_connection(self, write: ToggleConnection) -> tuple[str, ...]:
        await self._written(write)
        return self.reasons

    async def update_connection_fields(self, write: UpdateConnectionFields) -> bool:
        await self._written(write)
        return True

    async def save_priorities(self, write: SavePriorities) -> bool:
        await self._written(write)
        return True

    def preview(self, write: Write) -> RequestPreview:
        return RequestPreview(System.JTL, "POST", "https://erp.example", (), type(write).__name__)

    async def aclose(self) -> None:
        pass


def lost(error: type[ErpError], **fields: object) -> ErpError:
    """An error of JTL-Wawi with a sentence."""
    return error(system=System.JTL, sentence="it went wrong", next_step="do this", **fields)  # type: ignore[arg-type] # fields of the subclass
