"""The requests of the SuperOffice ErpSync agent. Source: superoffice PROTOCOL §2–§5, §12."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from tui import __version__
from tui.api.http.request import PLAIN, ApiRequest, Headers
from tui.api.settings import ConnectionSettings, SuperOfficeSettings
from tui.domain.profile import System
from tui.domain.writes import (
    ChangeEngineInterval,
    ChangeEngineStatus,
    ForceResync,
    ForceResyncExternal,
    SavePriorities,
    SuperOfficeWrite,
    SyncAll,
    ToggleConnection,
    UpdateConnectionFields,
)
from tui.frozen import frozen

Body: TypeAlias = Mapping[str, object]


def api_of(base_url: str) -> str:
    """The address of the web API; `base_url` is the tenant's root with or without `/api` (§12)."""
    root = base_url.rstrip("/")
    return root if root.lower().endswith("/api") else f"{root}/api"


def api_root(base_url: str) -> str:
    """The address of its version 1."""
    return f"{api_of(base_url)}/v1"


def call_of(write: SuperOfficeWrite) -> tuple[str, Body | None]:
    """The method's name and its body; None: it has none (§5)."""
    match write:
        case ForceResync(connection_id=source, keys=keys):
            return write.method, {"ErpConnectionId": source, "InternalKeyIds": list(keys)}
        case ForceResyncExternal(connection_id=source, actor_type=actor, keys=external):
            return write.method, {
                "ErpConnectionId": source,
                "ErpActorType": actor,
                "ExternalKeys": list(external),
            }
        case ChangeEngineStatus(run=run):
            return "ChangeEngineStatus", {"Run": run}
        case ChangeEngineInterval(interval=interval):
            return "ChangeEngineInterval", {"Interval": interval}
        case SyncAll(forced=forced):
            return "ForceSyncAll" if forced else "SyncAll", None
        case ToggleConnection(connection_id=number):
            return "ToggleErpConnectionActive", {"ErpConnectionId": number}
        case UpdateConnectionFields(connection_id=number):
            return "UpdateConnectionFields", {"ErpConnectionId": number}
        case SavePriorities(connection_ids=ids):
            return "SaveErpConnectionSyncPriorities", {"ErpConnectionIds": list(ids)}


_CONFIDENTIAL = ("GetAllConnections", "GetErpConnectionConfigFields")
"""Calls whose answers hold the connectors' credentials (§5)."""


@frozen
class SuperOfficeRequests:
    """Builds requests for one profile; no I/O, no secret."""

    settings: SuperOfficeSettings
    connection: ConnectionSettings
    base: Callable[[], str]
    """The tenant's root, with or without `/api`, as currently known."""

    def write(self, write: SuperOfficeWrite) -> ApiRequest:
        """The request of a write, which is sent once."""
        name, body = call_of(write)
        return self._request(name, body, repeatable=False)

    def read(self, name: str, body: Body | None = None, *, agent: str = "ErpSync") -> ApiRequest:
        """POST …/`name`, which changes nothing."""
        return self._request(name, body, repeatable=True, agent=agent)

    def about(self) -> ApiRequest:
        """GET /api, which describes the server and needs no login (§2)."""
        return ApiRequest(
            System.SUPEROFFICE,
            "GET",
            api_of(self.base()),
            PLAIN,
            repeatable=True,
            timeout=self.connection.read_timeout,
        )

    def _request(
        self, name: str, body: Body | None, *, repeatable: bool, agent: str = "ErpSync"
    ) -> ApiRequest:
        return ApiRequest(
            System.SUPEROFFICE,
            "POST",
            f"{api_root(self.base())}/Agents/{agent}/{name}",
            self.headers(),
            body,
            repeatable=repeatable,
            timeout=self.connection.read_timeout if repeatable else self.connection.sync_timeout,
            confidential=name in _CONFIDENTIAL,
        )

    def headers(self) -> Headers:
        wanted = {
            "SO-Language": self.settings.language,
            "Accept-Language": self.settings.language,
            "SO-Culture": self.settings.culture,
            "SO-TimeZone": self.settings.time_zone,
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": f"syncdeck/{__version__}",
        }
        return tuple((name, value) for name, value in wanted.items() if value)
