"""`Registrar` over HTTP. The challenge code and the key are `SecretStr`, and in no message.

Source: jtl PROTOCOL §4.2; reads both the flat and the nested form of the first response.
"""

from pathlib import Path
from urllib.parse import quote

from pydantic import SecretStr

from tui import __version__
from tui.api.auth.authorized_caller import invalid_response
from tui.api.error_body import folded, words_of
from tui.api.errors import ErpError
from tui.api.http.client_pool import ClientPool
from tui.api.http.request import ApiRequest
from tui.api.http.request_log import WireLog
from tui.api.http.transport import Answer, SecretHeaders, Time, Transport
from tui.api.jtl.app_icon import app_icon
from tui.api.jtl.registration_errors import LOOK_FIRST, explained
from tui.api.registrar import AppFacts, Verdict
from tui.api.row_reader import as_whole, identifier_in
from tui.api.settings import ConnectionSettings
from tui.domain.jtl.registration import Decision
from tui.domain.profile import System
from tui.domain.text import Altered, header_safe

_LOST = "If JTL-Wawi lists the app, remove it there; then register again"
_WORDS = {decision.name.lower(): int(decision) for decision in Decision}


class LiveRegistrar:
    """Registers at one server; sends nothing until the first call."""

    def __init__(
        self,
        base_url: str,
        connection: ConnectionSettings,
        log_file: Path | None = None,
        time: Time | None = None,
    ) -> None:
        """Raises:
        OSError: `log_file` cannot be opened.
        """
        self._url = f"{base_url.rstrip('/')}/authentication"
        self._timeout = connection.read_timeout
        self._log = WireLog(log_file) if log_file is not None else None
        pool = ClientPool(connection.ca_bundle, connection.proxy)
        self._transport = Transport(
            System.JTL, pool, explained, connection.max_response_mb, time or Time(), self._log
        )

    async def request(self, app: AppFacts, challenge: str) -> str:
        """POST /authentication."""
        asking = ApiRequest(
            System.JTL,
            "POST",
            self._url,
            (("Content-Type", "application/json"), *_headers()),
            _body(app),
            timeout=self._timeout,
        )
        try:
            answer = await self._transport.exchange(asking, _code(challenge))
            return _request_id(asking, answer)
        except ErpError as failure:
            if failure.sent and (failure.status is None or failure.status < 300):
                failure.next_step = LOOK_FIRST
            raise

    async def verdict(self, request_id: str, challenge: str) -> Verdict:
        """GET /authentication/{id}."""
        asking = ApiRequest(
            System.JTL,
            "GET",
            f"{self._url}/{quote(request_id, safe='')}",
            _headers(),
            repeatable=True,
            timeout=self._timeout,
        )
        return _verdict(asking, await self._transport.exchange(asking, _code(challenge)))

    async def aclose(self) -> None:
        await self._transport.pool.aclose()
        if self._log is not None:
            self._log.close()


def _headers() -> tuple[tuple[str, str], ...]:
    return (("Accept", "application/json"), ("User-Agent", f"syncdeck/{__version__}"))


def _code(challenge: str) -> SecretHeaders:
    return (("x-challengecode", SecretStr(challenge)),)


def _body(app: AppFacts) -> dict[str, object]:
    return {
        "AppId": app.app_id,
        "DisplayName": app.display_name,
        "Description": app.description,
        "Version": app.version,
        "ProviderName": app.provider,
        "ProviderWebsite": app.website,
        "MandatoryApiScopes": list(app.mandatory),
        "OptionalApiScopes": list(app.optional),
        "AppIcon": app_icon(),
    }


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
    if decision is None:
        raise invalid_response(asking, answer, "it contains no documented decision")
    if decision is not Decision.ACCEPTED:
        return Verdict(decision)
    if not (isinstance(key, str) and key) or isinstance(key, Altered) or not header_safe(key):
        what = "the app is accepted, but the response contains no usable key"
        raise invalid_response(asking, answer, what, step=_LOST)
    scopes = known.get("grantedscopes")
    names = [name for name in scopes if isinstance(name, str)] if isinstance(scopes, list) else None
    return Verdict(decision, SecretStr(key), None if names is None else tuple(names))


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
