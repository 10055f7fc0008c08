"""The table of failures: what a status code or a broken connection means, and the next step.

Only `transport` raises what is made here. `Hint` lets a system say more than the table knows.
"""

import re
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from typing import TypedDict

import httpx

from tui.api import errors
from tui.api.error_body import Words, short
from tui.api.http.client_pool import NotUsable
from tui.api.http.proxies import Proxy
from tui.api.http.request import ApiRequest
from tui.api.http.response_headers import request_id, retry_after
from tui.api.urgent import is_urgent
from tui.domain.profile import System
from tui.domain.text import brief

Hint = Callable[[ApiRequest, int, Words], tuple[str, str]]
"""(sentence, next step) for this response; empty texts keep those of the table."""

_LOGIN = re.compile(
    r"log-?in|log-?on|sign-?in|oauth|authenticat|authori[sz]e|\b(?:auth|sso|saml2?|adfs|idp)\b",
    re.IGNORECASE,
)
"""Words in the address of a login page."""
_WAIT = "No action needed: reads are retried automatically"
_AGAIN = "Try again; if it fails again, check the server's log"
_MOST_WORDS = 100
"""Characters of a server's message on a failed read: the next step must fit beside it."""
_CORRECT = "Correct the values named in the message, then apply again"
_PROXY_LOGIN = 'Set HTTPS_PROXY to its URL with the login, and proxy = "env" in the profile'
_STATUS = re.compile(r"[1-9]\d\d\b", re.ASCII)
_TABLE: dict[int, tuple[type[errors.ErpError], str, str]] = {
    400: (errors.Rejected, "{product} rejected the request", _CORRECT),
    401: (
        errors.NotAuthorised,
        "{product} refused the login",
        "Check the profile's credentials",
    ),
    402: (
        errors.LicenceRequired,
        "{product} says that a licence is missing",
        "Check the licence, and that the vendor has authorised the app",
    ),
    403: (errors.Forbidden, "{product} refuses this call: permission missing", "Request the permission"),
    404: (
        errors.NotFound,
        "{path} not found on {product}",
        "Refresh: it may be deleted; else check base_url",
    ),
    405: (
        errors.NotOffered,
        "this server does not offer {method} {path}",
        "Check api_version and base_url",
    ),
    407: (
        errors.Unreachable,
        "the proxy requires a login before it forwards to {product}",
        _PROXY_LOGIN,
    ),
    408: (errors.TimedOut, "{product} timed out waiting for the request", "Check the network"),
    409: (
        errors.Conflict,
        "{product} reports a conflict",
        "Refresh and check the current values, then decide",
    ),
    412: (
        errors.PreconditionFailed,
        "{product} reports that a precondition failed",
        "Check tenant_id; for a manifest, its signature",
    ),
    421: (
        errors.Moved,
        "the tenant is not served at this address",
        "Look up its address and change base_url",
    ),
    422: (errors.Rejected, "{product} rejected the values", _CORRECT),
    429: (errors.Throttled, "{product} asks for fewer requests", _WAIT),
    502: (errors.ServerFailed, "the gateway got an invalid response from {product}", _AGAIN),
    503: (errors.ServerFailed, "{product} is temporarily unavailable", _WAIT),
    504: (errors.ServerFailed, "the gateway got no response from {product} in time", _AGAIN),
    511: (
        errors.Unreachable,
        "the network requires a login before it lets requests reach {product}",
        "Log in to the network (hotel, guest Wi-Fi, VPN portal) in a browser, then try again",
    ),
}
_MAYBE_TLS = "Check the server; perhaps this port speaks TLS: then base_url begins with https://"
_NOT_PASSED_ON = (407, 511)
"""Statuses of an intermediary that did not forward the request."""


def refused(
    request: ApiRequest, status: int, words: Words, headers: httpx.Headers, hint: Hint, now: float
) -> errors.ErpError:
    """Translate a response that is not a success; `now` in epoch seconds dates a Retry-After."""
    if 300 <= status < 400:
        return _redirected(request, status, headers)
    kind, sentence, next_step = _TABLE.get(status) or _unlisted(status)
    better, step = hint(request, status, words)
    if kind is errors.Rejected and request.repeatable:
        next_step = "Check api_version and base_url, then the server's log"
    sentence = better or sentence.format(
        product=request.system.product, method=request.method, path=request.path
    )
    pause = retry_after(headers.get("retry-after", ""), now)
    if status == 503 and pause is not None:
        kind = errors.Throttled
    named = next(
        (f"{name}: {texts[0]}" if name else texts[0] for name, texts in words.fields.items()), ""
    )
    message = (named or words.text).rstrip(". ")
    if request.repeatable:
        message = brief(message, _MOST_WORDS)
    if not request.repeatable:
        next_step = _step_of_write(status, next_step, has_reason=bool(message))
    has_sentence = bool(better) or status in _TABLE or status == 500
    known_as = str(status) if has_sentence else _with_phrase(status)
    message = f"{sentence} ({known_as}): {message}" if message else f"{sentence} ({known_as})"
    error = kind(
        **_where(request),
        status=status,
        request_id=request_id(headers),
        sentence=message,
        next_step=step or next_step,
        detail=words.text,
        code=words.code,
        sent=status not in _NOT_PASSED_ON,
    )
    if isinstance(error, errors.Rejected):
        error.fields = words.fields
    if isinstance(error, errors.Throttled):
        error.retry_after = pause
        if not request.repeatable or is_urgent():
            error.next_step = "Try again " + ("later" if pause is None else f"in {pause:.0f}s")
    return error


def _step_of_write(status: int, step: str, *, has_reason: bool) -> str:
    """The next step after a write where that of a read would be wrong."""
    if status in (400, 422) and not has_reason:
        return "Check the server's log: it gave no reason"
    return _AGAIN if status == 503 else step


def _unlisted(status: int) -> tuple[type[errors.ErpError], str, str]:
    if 400 <= status < 500:
        return errors.Rejected, "{product} refused the request", "Check the server's message"
    return errors.ServerFailed, "{product} failed", _AGAIN


def _with_phrase(status: int) -> str:
    """`423 Locked`: the standard's phrase for a status that has no sentence here."""
    with suppress(ValueError):
        return f"{status} {HTTPStatus(status).phrase}"
    return str(status)


def _redirected(request: ApiRequest, status: int, headers: httpx.Headers) -> errors.ErpError:
    target = short(headers.get("location", "")) or "nowhere"
    login = _LOGIN.search(target)
    kind = errors.NotAuthorised if login else errors.BadAnswer
    where = "a login page" if login else target
    return kind(
        **_where(request),
        status=status,
        request_id=request_id(headers),
        sentence=f"{request.host} redirected to {where} instead of responding ({status})",
        next_step="The server redirected to a login page. Check base_url and the credentials"
        if login
        else "Check base_url: it must be the API's own address",
        detail=target,
    )


def rate_limit_used_up(request: ApiRequest, limit: str, rest: float) -> errors.Throttled:
    """A read that was not sent, because the server's rate limit is used up."""
    return errors.Throttled(
        **_where(request),
        sentence=f"the rate limit of {request.system.product} is used up ({limit})",
        next_step=f"No action needed: retried in {rest:.0f}s; longer intervals prevent this",
        retry_after=rest,
        sent=False,
    )


def unexpected_response(
    request: ApiRequest,
    why: str,
    *,
    detail: str = "",
    step: str = "",
    status: int | None = None,
    known_id: str = "",
) -> errors.BadAnswer:
    """A response that the protocol does not allow; `why` says what is wrong with it."""
    reason = short(why).rstrip(". ")
    return errors.BadAnswer(
        **_where(request),
        status=status,
        request_id=known_id,
        sentence=f"Unexpected response from {request.system.product}: {reason}",
        in_doubt=not request.repeatable,
        next_step=step
        or _after_doubt(request, True)
        or "Check base_url and any proxy or load balancer, then the server's log",
        detail=short(detail),
    )


def timed_out(request: ApiRequest, *, sent: bool = True) -> errors.TimedOut:
    """No response within the deadline, or no connection."""
    what = f"no response from {request.host} within {request.timeout:g} s"
    if not sent:
        what = f"no connection to {request.host} in time"
    return errors.TimedOut(
        **_where(request),
        sentence=f"{what}{_nothing_sent(request, sent)}",
        in_doubt=sent and not request.repeatable,
        next_step=_after_doubt(request, sent)
        or "Check the server's load and the network; reads are retried automatically",
        sent=sent,
    )


def broken(
    request: ApiRequest,
    failure: BaseException,
    bundle: str = "",
    proxy: Proxy | None = None,
    names: tuple[str, ...] = (),
) -> errors.ErpError:
    """Translate a failure of the connection; never quotes the text of a foreign exception.

    `bundle`: the profile's `ca_bundle`, if it has one; `proxy`: the proxy that the request used;
    `names`: those in a certificate that is for another host.
    """
    if isinstance(failure, NotUsable):
        return errors.Unreachable(
            **_where(request), sentence=str(failure), next_step=failure.next_step, sent=False
        )
    if isinstance(failure, httpx.ConnectTimeout | httpx.PoolTimeout):
        return timed_out(request, sent=False)
    causes = list(_causes(failure))
    handshake = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if handshake is not None and isinstance(failure, httpx.ConnectError):
        return _tls_failed(request, handshake, bundle, names)
    if isinstance(failure, httpx.TimeoutException):
        return timed_out(request)
    if isinstance(failure, httpx.DecodingError):
        return unexpected_response(request, "its compression is broken")
    if any(isinstance(cause, httpx.InvalidURL) for cause in causes[1:]):
        return unexpected_response(request, "it redirects to an invalid address")
    if isinstance(failure, httpx.RemoteProtocolError) and any(map(_is_no_http, causes)):
        return unexpected_response(
            request, f"{request.host} does not speak HTTP", step=_no_http_step(request)
        )
    sent = not isinstance(failure, httpx.ConnectError | httpx.ProxyError | httpx.LocalProtocolError)
    if proxy is not None and isinstance(failure, httpx.ProxyError | httpx.ConnectError):
        sentence, step = _not_passed_on(request, failure, causes, proxy)
    else:
        sentence, step = _cut_off(request, failure, causes, proxy)
    return errors.Unreachable(
        **_where(request),
        sentence=f"{sentence}{_nothing_sent(request, sent)}",
        in_doubt=sent and not request.repeatable,
        next_step=_after_doubt(request, sent) or step,
        sent=sent,
    )


def _is_no_http(cause: BaseException) -> bool:
    """Whether the parser rejected the received bytes; a closed connection has no such cause."""
    return type(cause).__module__.startswith("h11.")


def _no_http_step(request: ApiRequest) -> str:
    tls = "; perhaps this port speaks TLS: then it begins with https://" if _is_plain(request) else ""
    step = f"Check scheme and port of base_url, and which program listens there{tls}"
    return _after_doubt(request, True) or step


def _is_plain(request: ApiRequest) -> bool:
    return request.url.lower().startswith("http://")


def _cut_off(
    request: ApiRequest, failure: BaseException, causes: list[BaseException], proxy: Proxy | None
) -> tuple[str, str]:
    host = request.host
    if isinstance(failure, httpx.LocalProtocolError | httpx.UnsupportedProtocol):
        return f"the request to {host} could not be written", "Check base_url and the profile's headers"
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            return (
                f"the name {host} cannot be resolved",
                "Check base_url, the VPN and this machine's DNS",
            )
        if isinstance(cause, ConnectionRefusedError):
            return (
                f"{host} refused the connection",
                "Check that the server runs, and the port in base_url",
            )
    if isinstance(failure, httpx.ConnectError):
        return f"no connection to {host}", "Check the network, the VPN and base_url"
    if proxy is not None:
        dropped = (
            f"{host}, or the proxy {proxy.url} before it, dropped the connection without a response"
        )
        return dropped, f"Check the server, the network and {proxy.origin}"
    step = _MAYBE_TLS if _is_plain(request) else "Check the server and the network"
    return f"{host} dropped the connection before it responded", step


def _not_passed_on(
    request: ApiRequest, failure: BaseException, causes: list[BaseException], proxy: Proxy
) -> tuple[str, str]:
    """A failure on the way to or at the proxy; the host got nothing."""
    name, step = f"the proxy {proxy.url}".rstrip(), f"Check {proxy.origin}"
    if isinstance(failure, httpx.ProxyError):
        code = _STATUS.match(str(failure))
        if code is not None and code[0] == "407":
            return f"{name} requires a login before it connects to {request.host} (407)", _PROXY_LOGIN
        return f"{name} did not connect to {request.host}" + (f" ({code[0]})" if code else ""), step
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return f"the name of {name} cannot be resolved", step
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return f"{name} refused the connection", f"{step}, and that the proxy runs"
    return f"no connection to {request.host} through {name}", step


def is_for_another_host(failure: BaseException) -> bool:
    """Whether the server's certificate was refused only because of its name."""
    from tui.domain.checks.tls import WRONG_NAMES

    return any(getattr(cause, "verify_code", None) in WRONG_NAMES for cause in _causes(failure))


def _tls_failed(
    request: ApiRequest, cause: ssl.SSLError, bundle: str, names: tuple[str, ...]
) -> errors.TlsFailed:
    from tui.domain.checks.tls import UNKNOWN_AUTHORITY, TlsFacts, tls_failure

    words = short((cause.reason or "handshake failed").replace("_", " ").lower())
    facts = TlsFacts(request.host, words=words, bundle=bundle, names=names)
    if isinstance(cause, ssl.SSLCertVerificationError):
        facts = replace(facts, refused=cause.verify_code, words=short(cause.verify_message))
    sentence, step = tls_failure(facts)
    return errors.TlsFailed(
        **_where(request),
        sentence=sentence,
        next_step=step,
        sent=False,
        authority_is_unknown=facts.refused in UNKNOWN_AUTHORITY,
    )


def _nothing_sent(request: ApiRequest, sent: bool) -> str:
    return "" if request.repeatable or sent else "; nothing was sent"


def _after_doubt(request: ApiRequest, sent: bool) -> str:
    if request.repeatable or not sent:
        return ""
    return "Refresh and check before you send it again"


class _Where(TypedDict):
    system: System
    method: str
    path: str


def _where(request: ApiRequest) -> _Where:
    return {"system": request.system, "method": request.method, "path": request.path}


def _causes(failure: BaseException) -> Iterator[BaseException]:
    """The failure and its causes, exception groups included."""
    seen: set[int] = set()
    waiting = [failure]
    while waiting:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, BaseExceptionGroup):
            waiting.extend(current.exceptions)
        waiting.extend(cause for cause in (current.__cause__, current.__context__) if cause is not None)
