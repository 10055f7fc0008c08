"""SuperOffice ErpSync: engine, forced resync, connections. Source: superoffice-erpsync §2–§6, §11."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from tui import __version__
from tui.api.auth import Credential, ReferenceSource, Slot, basic_slot, slot
from tui.api.caller import Caller, bad
from tui.api.request import ApiRequest, Headers
from tui.api.secrets import Warn
from tui.api.service import RequestPreview
from tui.api.settings import (
    BasicLogin,
    BearerToken,
    ConnectionSettings,
    SecretRef,
    SoTicket,
    SuperOfficeSettings,
    WebSession,
    describe,
)
from tui.api.transport import Time
from tui.api.wire import Unreadable
from tui.api.wire_superoffice import read_connections, read_engine, read_plugin
from tui.api.words import Words
from tui.domain.changes import ForceResync
from tui.domain.engine import Connection, EngineStatus
from tui.domain.resync import PluginAnswer
from tui.domain.systems import System

T = TypeVar("T")
_ASK_FOR_ACCESS = "access to the ErpSync agent must be requested when the app is registered"
RENEW_ON = (401, 403)
"""The pages disagree on which of them an expired token gives (§11)."""


def root_of(base_url: str) -> str:
    """The agents' address below a tenant's root, given with or without `/api` (§12)."""
    root = base_url.rstrip("/")
    return f"{root}/v1/Agents" if root.lower().endswith("/api") else f"{root}/api/v1/Agents"


@dataclass(frozen=True, slots=True)
class SuperOfficeRequests:
    """Builds requests for one profile; no I/O, no secret."""

    settings: SuperOfficeSettings
    connection: ConnectionSettings
    base: Callable[[], str]
    """The tenant's root, with or without `/api`, as far as it is known now."""

    def engine_status(self, select: Sequence[str]) -> ApiRequest:
        """POST …/GetEngineStatus, without a body."""
        return self._request("GetEngineStatus", None, select, repeatable=True)

    def connections(self, *, include_deleted: bool) -> ApiRequest:
        """POST …/GetAllConnections."""
        return self._request(
            "GetAllConnections", {"IncludeDeleted": include_deleted}, (), repeatable=True
        )

    def force_resync(self, write: ForceResync, select: Sequence[str] = ()) -> ApiRequest:
        """POST …/ForceResync; an empty key list means everything."""
        body = {"ErpConnectionId": write.connection_id, "InternalKeyIds": list(write.keys)}
        return self._request("ForceResync", body, select, repeatable=False)

    def _request(
        self, name: str, body: Mapping[str, object] | None, select: Sequence[str], *, repeatable: bool
    ) -> ApiRequest:
        query = f"?$select={quote(','.join(select), safe=',/')}" if select else ""
        return ApiRequest(
            System.SUPEROFFICE,
            "POST",
            f"{root_of(self.base())}/ErpSync/{name}{query}",
            self._headers(),
            body,
            repeatable=repeatable,
            timeout=self.connection.read_timeout if repeatable else self.connection.sync_timeout,
        )

    def _headers(self) -> Headers:
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


class SuperOfficeClient:
    """The SuperOffice half of the service; its methods are those of `ErpService`."""

    def __init__(self, caller: Caller, requests: SuperOfficeRequests) -> None:
        self._caller = caller
        self._requests = requests

    async def engine_status(self, select: Sequence[str] = ()) -> EngineStatus:
        """POST …/GetEngineStatus."""
        request = self._requests.engine_status(select)
        return await self._read(request, lambda tree: read_engine(tree, select))

    async def force_resync(self, write: ForceResync, select: Sequence[str] = ()) -> PluginAnswer:
        """POST …/ForceResync."""
        request = self._requests.force_resync(write, select)
        return await self._read(request, lambda tree: read_plugin(tree, select))

    async def connections(self, *, include_deleted: bool = False) -> tuple[Connection, ...]:
        """POST …/GetAllConnections."""
        request = self._requests.connections(include_deleted=include_deleted)
        return await self._read(request, read_connections)

    def preview(self, write: ForceResync) -> RequestPreview:
        """The request that `write` would send."""
        return self._requests.force_resync(write).preview(self._caller.credential.masked)

    async def _read(self, request: ApiRequest, read: Callable[[object], T]) -> T:
        answer = await self._caller.call(request)
        try:
            return read(answer.tree)
        except Unreadable as problem:
            nothing = answer.tree is None
            why = "it answered with nothing" if nothing else str(problem)
            step = f"Look at the server's log, or ask: {_ASK_FOR_ACCESS}" if nothing else ""
            raise bad(request, answer, why, detail="" if nothing else str(problem), step=step) from None


def hint(request: ApiRequest, status: int, words: Words) -> tuple[str, str]:
    """What a failure means for this agent in particular; a `failures.Hint`."""
    del words
    match status:
        case 401 | 403:
            return "", f"Check the credentials; if they are right, {_ASK_FOR_ACCESS}"
        case 404:
            return "", "Check base_url: it is the tenant's root, with or without /api"
        case 421:
            return "", "Ask the tenant state service where the tenant lives now, and change base_url"
        case _ if status >= 500 and not request.repeatable:
            return "", "Look at the engine and the records before you send it again"
    return "", ""


def credential(settings: SuperOfficeSettings, time: Time, warn: Warn) -> Credential:
    """The secret headers of a profile (§4)."""

    def kept(ref: SecretRef) -> ReferenceSource:
        return ReferenceSource(ref, System.SUPEROFFICE, time.monotonic, warn)

    slots: list[Slot] = []
    match settings.auth:
        case BearerToken(token=ref):
            slots.append(slot("Authorization", "Bearer", kept(ref), describe(ref)))
        case BasicLogin(username=username, password=ref):
            slots.append(basic_slot(username, kept(ref)))
        case SoTicket(ticket=ref):
            slots.append(slot("Authorization", "SOTicket", kept(ref), describe(ref)))
        case WebSession(cookie=cookie, xsrf=xsrf):
            slots.append(slot("Cookie", "", kept(cookie), describe(cookie)))
            slots.append(slot("X-XSRF-TOKEN", "", kept(xsrf), describe(xsrf)))
    if settings.app_token is not None:
        slots.append(slot("SO-AppToken", "", kept(settings.app_token), describe(settings.app_token)))
    return Credential(System.SUPEROFFICE, tuple(slots))
