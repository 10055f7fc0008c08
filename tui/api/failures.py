"""The table of failures: what a status code or a broken connection means, in a sentence and a next step.

Only `transport` raises what is made here. `Hint` lets a system say more than the table knows.
"""

import re
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TypedDict

import httpx

from tui.api import errors
from tui.api.network import NotUsable
from tui.api.proxies import Proxy
from tui.api.request import ApiRequest
from tui.api.urgent import is_urgent
from tui.api.words import Words, short
from tui.domain.doctor_tls import TlsFacts, tls_failure
from tui.domain.systems import System
from tui.domain.text import brief

Hint = Callable[[ApiRequest, int, Words], tuple[str, str]]
"""(sentence, next step) for this answer; an empty text leaves the table's own."""

_LOGIN = re.compile(
    r"log-?in|log-?on|sign-?in|oauth|authenticat|authori[sz]e|\b(?:auth|sso|saml2?|adfs|idp)\b",
    re.IGNORECASE,
)
"""What the address of a login page is made of."""
_LONGEST_WAIT = 3_600.0
"""Seconds that a Retry-After can keep us away: a slip of the server must not end the watch."""
_WAIT = "Wait a moment; a read is asked again by itself"
_AGAIN = "Try again; if it stays, look at the server's own log"
_MOST_WORDS = 100
"""Characters of a server's words on a failed read: the next step must have room beside them."""
_PROXY_LOGIN = 'Set its URL with the login in HTTPS_PROXY, with proxy = "env" in the profile'
_STATUS = re.compile(r"[1-9]\d\d\b", re.ASCII)
_TABLE: dict[int, tuple[type[errors.ErpError], str, str]] = {
    400: (errors.Rejected, "{product} rejected the request", "Correct what it names, then apply again"),
    401: (
        errors.NotAuthorised,
        "{product} did not accept the credentials",
        "Check the profile's credentials",
    ),
    402: (
        errors.LicenceRequired,
        "{product} says that a licence is missing",
        "Check the licence, and that the app is authorised by the vendor",
    ),
    403: (errors.Forbidden, "{product} refuses this call", "Ask for the missing right"),
    404: (errors.NotFound, "{product} knows no {path}", "Refresh: it may be gone; else check base_url"),
    405: (
        errors.NotOffered,
        "this server does not offer {method} {path}",
        "Check api_version and base_url",
    ),
    407: (
        errors.Unreachable,
        "the proxy wants a login before it passes anything on to {product}",
        _PROXY_LOGIN,
    ),
    408: (errors.TimedOut, "{product} waited too long for the request", "Check the network; " + _WAIT),
    409: (
        errors.Conflict,
        "{product} reports a conflict",
        "Refresh, look at what is there now, then decide",
    ),
    412: (
        errors.PreconditionFailed,
        "{product} misses a precondition",
        "Check tenant_id; for a manifest, its signature",
    ),
    421: (
        errors.Moved,
        "the tenant is not served at this address",
        "Look up its address and change base_url",
    ),
    422: (errors.Rejected, "{product} rejected the values", "Correct what it names, then apply again"),
    429: (errors.Throttled, "{product} asks to slow down", _WAIT),
    502: (errors.ServerFailed, "the gateway got no proper answer from {product}", _AGAIN),
    503: (errors.ServerFailed, "{product} is not available at the moment", _WAIT),
    504: (errors.ServerFailed, "the gateway got no answer from {product} in time", _AGAIN),
    511: (
        errors.Unreachable,
        "the network wants a login before it lets anything through to {product}",
        "Log in to the network (hotel, guest Wi-Fi, VPN portal) in a browser, then ask again",
    ),
}
_NOT_PASSED_ON = (407, 511)
"""Who says this stands in between, and has kept the request to himself."""


def refused(
    request: ApiRequest, status: int, words: Words, headers: httpx.Headers, hint: Hint, now: float
) -> errors.ErpError:
    """Translate an answer that is no success; `now` in epoch seconds dates a Retry-After."""
    if 300 <= status < 400:
        return _redirected(request, status, headers)
    kind, sentence, next_step = _TABLE.get(status) or _unlisted(status)
    better, step = hint(request, status, words)
    if kind is errors.Rejected and request.repeatable:
        next_step = "Check api_version and base_url; else look at the server's own log"
    sentence = better or sentence.format(
        product=request.system.product, method=request.method, path=request.path
    )
    retry_after = _retry_after(headers.get("retry-after", ""), now)
    if status == 503 and retry_after is not None:
        kind = errors.Throttled
    named = next(
        (f"{name}: {texts[0]}" if name else texts[0] for name, texts in words.fields.items()), ""
    )
    said = (named or words.text).rstrip(". ")
    if request.repeatable:
        said = brief(said, _MOST_WORDS)
    has_sentence = bool(better) or status in _TABLE or status == 500
    known_as = str(status) if has_sentence else _with_phrase(status)
    said = f"{sentence} ({known_as}): {said}" if said else f"{sentence} ({known_as})"
    error = kind(
        **_where(request),
        status=status,
        request_id=request_id(headers),
        sentence=said,
        next_step=step or next_step,
        detail=words.text,
        sent=status not in _NOT_PASSED_ON,
    )
    if isinstance(error, errors.Rejected):
        error.fields = words.fields
    if isinstance(error, errors.Throttled):
        error.retry_after = retry_after
        if not request.repeatable or is_urgent():
            error.next_step = "Try again " + (
                "later" if retry_after is None else f"in {retry_after:.0f}s"
            )
    return error


def _unlisted(status: int) -> tuple[type[errors.ErpError], str, str]:
    if 400 <= status < 500:
        return errors.Rejected, "{product} refused the request", "Look at the answer's own words"
    return errors.ServerFailed, "{product} failed", _AGAIN


def _with_phrase(status: int) -> str:
    """`423 Locked`: the standard's own words for a status that has no sentence here."""
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
        sentence=f"{request.host} redirected to {where} instead of answering ({status})",
        next_step="Check the credentials and base_url: an API answers itself"
        if login
        else "Check base_url: it must be the API's own address",
        detail=target,
    )


def resting(request: ApiRequest, limit: str, rest: float) -> errors.Throttled:
    """A read that was not sent, because the server's rate limit is used up."""
    return errors.Throttled(
        **_where(request),
        sentence=f"the rate limit of {request.system.product} is used up ({limit})",
        next_step=f"Nothing to do: it is asked again in {rest:.0f}s; longer intervals prevent it",
        retry_after=rest,
        sent=False,
    )


def nonsense(
    request: ApiRequest,
    why: str,
    *,
    detail: str = "",
    step: str = "",
    status: int | None = None,
    known_id: str = "",
) -> errors.BadAnswer:
    """An answer that the protocol does not know; `why` is what is wrong with it."""
    told = short(why).rstrip(". ")
    return errors.BadAnswer(
        **_where(request),
        status=status,
        request_id=known_id,
        sentence=f"{request.system.product} gave no proper answer: {told}{_doubt(request, True)}",
        next_step=step
        or _after_doubt(request, True)
        or "Check base_url and what stands between; else look at the server's own log",
        detail=short(detail),
    )


def timed_out(request: ApiRequest, *, sent: bool = True) -> errors.TimedOut:
    """No answer within the deadline, or not even a connection."""
    what = f"no answer from {request.host} within {request.timeout:g} s"
    if not sent:
        what = f"no connection to {request.host} in time"
    return errors.TimedOut(
        **_where(request),
        sentence=f"{what}{_doubt(request, sent)}",
        next_step=_after_doubt(request, sent)
        or "Check the server's load and the network; it is asked again",
        sent=sent,
    )


def broken(
    request: ApiRequest, failure: BaseException, bundle: str = "", proxy: Proxy | None = None
) -> errors.ErpError:
    """Translate a failure of the connection; no text of a foreign exception is used.

    `bundle`: the profile's `ca_bundle`, if it has one; `proxy`: what the request went through.
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
        return _tls_failed(request, handshake, bundle)
    if isinstance(failure, httpx.TimeoutException):
        return timed_out(request)
    if isinstance(failure, httpx.DecodingError):
        return nonsense(request, "its compression is broken")
    if any(isinstance(cause, httpx.InvalidURL) for cause in causes[1:]):
        return nonsense(request, "it redirects to what is no address")
    if isinstance(failure, httpx.RemoteProtocolError) and any(map(_is_no_http, causes)):
        return nonsense(request, f"what {request.host} sent is no HTTP", step=_no_http_step(request))
    sent = not isinstance(failure, httpx.ConnectError | httpx.ProxyError | httpx.LocalProtocolError)
    if proxy is not None and isinstance(failure, httpx.ProxyError | httpx.ConnectError):
        sentence, step = _not_passed_on(request, failure, causes, proxy)
    else:
        sentence, step = _cut_off(request, failure, causes, proxy)
    return errors.Unreachable(
        **_where(request),
        sentence=f"{sentence}{_doubt(request, sent)}",
        next_step=_after_doubt(request, sent) or step,
        sent=sent,
    )


def _is_no_http(cause: BaseException) -> bool:
    """Whether the parser refused what came; that nothing more came has no such cause."""
    return type(cause).__module__.startswith("h11.")


def _no_http_step(request: ApiRequest) -> str:
    return _after_doubt(request, True) or "Check scheme and port of base_url, and what listens there"


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
        dropped = f"{host}, or the proxy {proxy.url} before it, dropped the connection without an answer"
        return dropped, f"Check the server, the network and {proxy.origin}"
    return f"{host} dropped the connection before it had answered", "Check the server and the network"


def _not_passed_on(
    request: ApiRequest, failure: BaseException, causes: list[BaseException], proxy: Proxy
) -> tuple[str, str]:
    """Between us and the host stands a proxy, and no further did it go."""
    name, step = f"the proxy {proxy.url}".rstrip(), f"Check {proxy.origin}"
    if isinstance(failure, httpx.ProxyError):
        told = _STATUS.match(str(failure))
        if told is not None and told[0] == "407":
            return f"{name} wants a login before it connects to {request.host} (407)", _PROXY_LOGIN
        return f"{name} did not connect to {request.host}" + (f" ({told[0]})" if told else ""), step
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return f"the name of {name} cannot be resolved", step
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return f"{name} refused the connection", f"{step}, and that the proxy runs"
    return f"no connection to {request.host} through {name}", step


def _tls_failed(request: ApiRequest, cause: ssl.SSLError, bundle: str) -> errors.TlsFailed:
    facts = TlsFacts(request.host, bundle=bundle)
    if isinstance(cause, ssl.SSLCertVerificationError):
        facts = replace(facts, refused=cause.verify_code, words=short(cause.verify_message))
    else:
        why = (cause.reason or "handshake failed").replace("_", " ").lower()
        facts = replace(facts, words=short(why))
    sentence, step = tls_failure(facts)
    return errors.TlsFailed(**_where(request), sentence=sentence, next_step=step, sent=False)


def _doubt(request: ApiRequest, sent: bool) -> str:
    if request.repeatable:
        return ""
    return "; whether it took effect is unknown" if sent else "; nothing was sent"


def _after_doubt(request: ApiRequest, sent: bool) -> str:
    if request.repeatable or not sent:
        return ""
    return "Refresh and look before you send it again"


class _Where(TypedDict):
    system: System
    method: str
    path: str


def _where(request: ApiRequest) -> _Where:
    return {"system": request.system, "method": request.method, "path": request.path}


def _causes(failure: BaseException) -> Iterator[BaseException]:
    """The failure and everything that led to it, groups included."""
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


def request_id(headers: httpx.Headers) -> str:
    """The identifier by which the server's own log knows this call."""
    for name in (
        "x-request-id",
        "request-id",
        "x-correlation-id",
        "x-ms-request-id",
        "traceid",
        "traceparent",
    ):
        if value := headers.get(name):
            return short(value)[:100]
    return ""


def _retry_after(text: str, now: float) -> float | None:
    """Seconds to wait, from seconds or an HTTP date; never negative."""
    if text.strip().isascii() and text.strip().isdecimal() and len(text.strip()) < 9:
        return min(float(text), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = (moment - datetime.fromtimestamp(now, UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(0.0, seconds), _LONGEST_WAIT)
