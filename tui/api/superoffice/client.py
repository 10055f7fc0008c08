"""SuperOffice ErpSync: engine, forced resync, connections. Source: superoffice PROTOCOL §2–§6, §11.

What is requested on demand only is imported then.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from tui.api.auth.authorized_caller import Caller, unreadable_response
from tui.api.auth.credential import Credential, Slot, basic_slot, extra_slots, slot
from tui.api.auth.secret_source import SecretSources
from tui.api.error_body import Words, folded, short
from tui.api.http.request import ApiRequest
from tui.api.row_reader import Unreadable
from tui.api.service import RequestPreview
from tui.api.settings import BasicLogin, BearerToken, SoTicket, SuperOfficeSettings, WebSession
from tui.api.superoffice.connection_rows import read_connections, read_reasons
from tui.api.superoffice.engine_rows import read_bare_truth, read_engine
from tui.api.superoffice.requests import SuperOfficeRequests
from tui.domain.profile import System
from tui.domain.superoffice.connections import Concealed, ConfigField, ConnectionSummary, Connector
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.writes import (
    ChangeEngineInterval,
    ChangeEngineStatus,
    ForceResync,
    Resync,
    SavePriorities,
    SuperOfficeWrite,
    SyncAll,
    ToggleConnection,
    UpdateConnectionFields,
)

if TYPE_CHECKING:
    from tui.api.superoffice.sync_log_client import SyncLogClient
    from tui.domain.superoffice.batch_tasks import BatchTask
    from tui.domain.superoffice.linked_records import CrmActor, LinkedConnection
    from tui.domain.superoffice.plugin_response import PluginAnswer
    from tui.domain.superoffice.sync_log import SyncLogPage

T = TypeVar("T")
_ASK_FOR_ACCESS = "request the app's ErpSync access"
"""At its registration. Short: it shares three lines with a server's cause and the last response's
time."""
RENEW_ON = (401, 403)
"""The documentation disagrees on which of them an expired token gives (§11)."""


class SuperOfficeClient:
    """`SuperOfficeService` over HTTP; see there for what each call does."""

    def __init__(self, caller: Caller, requests: SuperOfficeRequests) -> None:
        self._caller = caller
        self._requests = requests

    @cached_property
    def _sync_log(self) -> "SyncLogClient":
        from tui.api.superoffice.sync_log_client import SyncLogClient

        return SyncLogClient(self._caller, self._requests)

    @property
    def credential(self) -> Credential:
        return self._caller.credential

    async def about(self) -> str:
        """GET /api, which needs no login: the server's version, empty if it is not reported (§2)."""
        answer = await self._caller.transport.exchange(self._requests.about())
        known = folded(answer.tree) if isinstance(answer.tree, dict) else {}
        version = known.get("netserverversion") or known.get("version")
        return short(version) if isinstance(version, str) else ""

    async def engine_status(self) -> EngineStatus:
        return await self._read(self._requests.read("GetEngineStatus"), read_engine)

    async def connections(self, *, include_deleted: bool = False) -> tuple[Connection, ...]:
        request = self._requests.read("GetAllConnections", {"IncludeDeleted": include_deleted})
        return await self._read(request, read_connections)

    async def connectors(self) -> tuple[Connector, ...]:
        from tui.api.superoffice.connector_rows import read_connectors

        return await self._read(self._requests.read("GetAllConnectors"), read_connectors)

    async def config_fields(self, connector_id: int) -> tuple[ConfigField, ...]:
        from tui.api.superoffice.connector_rows import read_config_fields

        request = self._requests.read("GetConfigurationFields", {"ErpConnectorId": connector_id})
        return await self._read(request, read_config_fields)

    async def connection_summary(self, connection_id: int) -> ConnectionSummary:
        from tui.api.superoffice.connector_rows import read_summary

        body = {"ErpSyncConnectionId": connection_id}
        request = self._requests.read("GetErpSyncConnectionSummary", body)
        return await self._read(request, read_summary)

    async def test_connection(self, connection_id: int) -> bool:
        body = {"ErpConnectionId": connection_id}
        return await self._truth(self._requests.read("TestConnectionById", body))

    async def connection_fields(self, connection_id: int) -> Mapping[str, Concealed]:
        from tui.api.superoffice.connector_rows import read_values

        request = self._requests.read("GetErpConnectionConfigFields", {"ErpConnectionId": connection_id})
        return await self._read(request, lambda tree, _: read_values(tree))

    async def change_engine_status(self, write: ChangeEngineStatus) -> EngineStatus:
        return await self._read(self._requests.write(write), read_engine)

    async def change_engine_interval(self, write: ChangeEngineInterval) -> None:
        await self._caller.order(self._requests.write(write))

    async def sync_all(self, write: SyncAll) -> "PluginAnswer":
        from tui.api.superoffice.plugin_rows import read_plugin

        return await self._read(self._requests.write(write), read_plugin)

    async def force_resync(self, write: Resync) -> "PluginAnswer | None":
        from tui.api.superoffice.plugin_rows import read_plugin

        request = self._requests.write(write)
        if isinstance(write, ForceResync) and write.as_batch:
            await self._caller.order(request, silent=True)
            return None
        return await self._read(request, read_plugin)

    async def linked(self, actor: "CrmActor", entity_id: int) -> "tuple[LinkedConnection, ...]":
        from tui.api.superoffice.linked_rows import read_linked

        body = {"CrmActorType": actor.value, "EntityId": entity_id}
        request = self._requests.read("GetConnectionsAndDisplayFields", body)
        return await self._read(request, read_linked)

    async def batch_tasks(self) -> "tuple[BatchTask, ...]":
        from tui.api.superoffice import batch_rows as wire_batch

        request = self._requests.read(wire_batch.METHOD, wire_batch.BODY, agent=wire_batch.AGENT)
        return await self._read(request, wire_batch.read_batch_tasks)

    async def toggle_connection(self, write: ToggleConnection) -> tuple[str, ...]:
        return await self._read(self._requests.write(write), read_reasons)

    async def update_connection_fields(self, write: UpdateConnectionFields) -> bool:
        return await self._truth(self._requests.write(write))

    async def save_priorities(self, write: SavePriorities) -> bool:
        return await self._truth(self._requests.write(write))

    async def sync_log(self, following: str = "") -> "SyncLogPage":
        return await self._sync_log.page(following)

    def preview(self, write: SuperOfficeWrite) -> RequestPreview:
        return self._requests.write(write).preview(self._caller.credential.masked)

    async def _truth(self, request: ApiRequest) -> bool:
        return await self._read(request, lambda tree, _: read_bare_truth(tree))

    async def _read(self, request: ApiRequest, read: Callable[[object, str | None], T]) -> T:
        """What `read` makes of the response in the profile's language."""
        answer = await self._caller.call(request)
        try:
            return read(answer.tree, self._requests.settings.language)
        except Unreadable as problem:
            step = f"Check the server's log, or {_ASK_FOR_ACCESS}"
            raise unreadable_response(request, answer, problem, empty_step=step) from None


def hint(request: ApiRequest, status: int, _words: Words) -> tuple[str, str]:
    """What a failure means for this agent; a `error_mapping.Hint`."""
    match status:
        case 401 | 403:
            return "", f"Renew the credential, or {_ASK_FOR_ACCESS}"
        case 404:
            return "", "Check base_url: it is the tenant's root, with or without /api"
        case 421:
            return "", "Look up the tenant's address at the tenant state service, and change base_url"
        case _ if status >= 500 and not request.repeatable:
            return "", "Check the engine and the records before you send it again"
    return "", ""


def credential(settings: SuperOfficeSettings, references: SecretSources) -> Credential:
    """The secret headers of a profile (§4)."""
    source = references.source
    slots: list[Slot] = []
    match settings.auth:
        case BearerToken(token=ref):
            slots.append(slot("Authorization", "Bearer", source(ref, "token")))
        case BasicLogin(username=username, password=ref):
            slots.append(basic_slot(username, source(ref, "password")))
        case SoTicket(ticket=ref):
            slots.append(slot("Authorization", "SOTicket", source(ref, "ticket")))
        case WebSession(cookie=cookie, xsrf=xsrf):
            slots.append(slot("Cookie", "", source(cookie, "cookie")))
            slots.append(slot("X-XSRF-TOKEN", "", source(xsrf, "XSRF token")))
    if settings.app_token is not None:
        slots.append(slot("SO-AppToken", "", source(settings.app_token, "app token")))
    slots += extra_slots(settings.headers, references)
    return Credential(System.SUPEROFFICE, tuple(slots))
