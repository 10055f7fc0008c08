"""`Registrar` over HTTP. The challenge code and the key are `SecretStr`, and in no message.

Source: jtl PROTOCOL §4.2, §10; reads both the flat and the nested form of the first response. Where the
server needs an API version, the ways of `_WAYS` are tried in order; only a response that registered
nothing leads to the next one.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from pydantic import SecretStr

from tui.api.auth.authorized_caller import invalid_response
from tui.api.error_body import folded, words_of
from tui.api.errors import ErpError, NotFound, NotOffered
from tui.api.http.client_pool import ClientPool
from tui.api.http.request import PLAIN, ApiRequest
from tui.api.http.request_log import WireLog
from tui.api.http.transport import Answer, SecretHeaders, Time, Transport
from tui.api.jtl.registration_errors import LOOK_FIRST, explained
from tui.api.jtl.version_memory import means_not_here, wants_version_header
from tui.api.registrar import AppFacts, Verdict
from tui.api.row_reader import as_whole, identifier_in
from tui.api.settings import ConnectionSettings
from tui.domain.jtl.registration import Decision
from tui.domain.profile import System
from tui.domain.text import Altered, header_safe
from tui.frozen import frozen

T = TypeVar("T")


@frozen
class _Way:
    """How a call names the API version: in the path, in the header, or not at all."""

    path: str = ""
    header: str = ""


_WAYS = (_Way(), _Way(header="1.0"), _Way(header="2.0"), _Way("/v1"), _Way("/v2"))
_LOST = "If JTL-Wawi lists the app, remove it there; then register again"
APP_ICON = (
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAABAAQAAAACCEkxzAAAAP0lEQVR42mP4DwUMVGB8IIbBT4DBAATEMBiIYBAyhxj3/P/P"
    "D3M8bgZIKSEGxFa8jA9EMIgxhyj3/CeGQSjeAYgOb5B3GVlTAAAAAElFTkSuQmCC"
)
"""The icon that JTL-Wawi shows beside the app, two arrows: a PNG of 64 by 64 pixels, base64."""
_WORDS = {decision.name.lower(): int(decision) for decision in Decision}


class LiveRegistrar:
    """Registers at one server; sends nothing until the first call."""

    def __init__(
        self,
        base_url: str,
        connection: ConnectionSettings,
        log_file: Path | None = None,
        time: Time | None = None,
        api_version: str = "",
    ) -> None:
        """`api_version`: the header to send; empty: it is found out.

        Raises OSError: `log_file` cannot be opened.
        """
        self._base = base_url.rstrip("/")
        self._ways: tuple[_Way, ...] = _WAYS
        if api_version:
            self._ways = (_Way(header=api_version), _Way("/v1"), _Way("/v2"))
        self._timeout = connection.read_timeout
        self._log = WireLog(log_file) if log_file is not None else None
        pool = ClientPool(connection.ca_bundle, connection.proxy)
        self._transport = Transport(
            System.JTL, pool, explained, connection.max_response_mb, time or Time(), self._log
        )

    @property
    def api_version(self) -> str:
        return self._ways[0].header

    async def request(self, app: AppFacts, challenge: str) -> str:
        """POST /authentication."""

        async def ask(way: _Way) -> str:
            asking = self._asking("POST", way, body=_body(app, camel=way.path == "/v2"))
            try:
                return _request_id(asking, await self._transport.exchange(asking, _code(challenge)))
            except ErpError as failure:
                if failure.sent and (failure.status is None or failure.status < 300):
                    failure.next_step = LOOK_FIRST
                raise

        return await self._negotiated(ask)

    async def verdict(self, request_id: str, challenge: str) -> Verdict:
        """GET /authentication/{id}."""

        async def ask(way: _Way) -> Verdict:
            asking = self._asking("GET", way, f"/{quote(request_id, safe='')}")
            return _verdict(asking, await self._transport.exchange(asking, _code(challenge)))

        return await self._negotiated(ask)

    async def _negotiated(self, ask: Callable[[_Way], Awaitable[T]]) -> T:
        """The answer in the first way that the server offers, which then stays the only one.

        Raises ErpError: the failure in the way that says most, if it offers none.
        """
        refusals: list[ErpError] = []
        missing: set[str] = set()
        for way in self._ways:
            if way.path in missing:
                continue
            try:
                answer = await ask(way)
            except ErpError as failure:
                if not means_not_here(failure):
                    raise
                if isinstance(failure, NotFound | NotOffered):
                    missing.add(way.path)
                refusals.append(failure)
            else:
                self._ways = (way,)
                return answer
        raise next(filter(wants_version_header, refusals), refusals[0])

    def _asking(
        self, method: str, way: _Way, rest: str = "", body: dict[str, object] | None = None
    ) -> ApiRequest:
        headers = [*PLAIN]
        headers += [("Content-Type", "application/json")] if body is not None else []
        headers += [("api-version", way.header)] if way.header else []
        return ApiRequest(
            System.JTL,
            method,
            f"{self._base}{way.path}/authentication{rest}",
            tuple(headers),
            body,
            repeatable=body is None,
            timeout=self._timeout,
        )

    async def aclose(self) -> None:
        await self._transport.pool.aclose()
        if self._log is not None:
            self._log.close()


def _code(challenge: str) -> SecretHeaders:
    return (("x-challengecode", SecretStr(challenge)),)


def _body(app: AppFacts, *, camel: bool) -> dict[str, object]:
    body: dict[str, object] = {
        "AppId": app.app_id,
        "DisplayName": app.display_name,
        "Description": app.description,
        "Version": app.version,
        "ProviderName": app.provider,
        "ProviderWebsite": app.website,
        "MandatoryApiScopes": list(app.mandatory),
        "OptionalApiScopes": list(app.optional),
        "AppIcon": APP_ICON,
    }
    return {f"{key[0].lower()}{key[1:]}": value for key, value in body.items()} if camel else body


def _request_id(asking: ApiRequest, answer: Answer) -> str:
    value = identifier_in(_known(asking, answer), "registrationrequestid")
    if value is None:
        message = words_of(answer.tree).text
        raise invalid_response(
            asking, answer, f"it names no registration request{f': {message}' if message else ''}"
        )
    return value


def _verdict(asking: ApiRequest, answer: Answer) -> Verdict:
    known = _known(asking, answer)
    key, decision = _key(known), _decision(known.get("status"))
    if isinstance(key, str) and key and not isinstance(key, Altered) and header_safe(key):
        # The key is reported only once, and clients disagree about the numbers: it proves acceptance.
        return Verdict(Decision.ACCEPTED, SecretStr(key), _scopes(known.get("grantedscopes")))
    if decision is None:
        raise invalid_response(asking, answer, "it contains no documented decision")
    if decision is not Decision.ACCEPTED:
        return Verdict(decision)
    what = "the app is accepted, but the response contains no usable key"
    raise invalid_response(asking, answer, what, step=_LOST)


def _scopes(value: object) -> tuple[str, ...] | None:
    """The names of scopes, from a list or from one text with commas; None: neither."""
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list):
        return None
    return tuple(name.strip() for name in value if isinstance(name, str) and name.strip())


def _known(asking: ApiRequest, answer: Answer) -> dict[str, object]:
    """The response's fields in lower case, those of `RequestStatusInfo` included."""
    if not isinstance(answer.tree, dict):
        raise invalid_response(asking, answer, "it is empty" if answer.empty else "it is not an object")
    known = folded(answer.tree)
    inner = known.get("requeststatusinfo")
    return known | folded(inner) if isinstance(inner, dict) else known


def _key(known: dict[str, object]) -> object:
    token = known.get("token")
    return folded(token).get("apikey") if isinstance(token, dict) else known.get("apikey")


def _decision(status: object) -> Decision | None:
    if isinstance(status, str):
        status = _WORDS.get(status.strip().lower(), status)
    try:
        number = as_whole(status)
        return Decision(number) if isinstance(number, int) else None
    except ValueError:
        return None
