"""The only place that sends a request, and the only translator of failures into the error tree.

Invariants: a write is sent at most once; nothing but `ErpError` and cancellation comes out; a secret
that was sent and is repeated in the response does not leave this module.
"""

import asyncio
import random
import time as clocks
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import partial
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from tui.api.error_body import words_of, words_of_text
from tui.api.errors import BadAnswer, ErpError, ServerFailed, Unreachable
from tui.api.http import error_mapping
from tui.api.http.certificate_names import certificate_names
from tui.api.http.client_pool import ClientPool, NotUsable
from tui.api.http.decode import NotJson, excerpt, in_thread_if_large, tree_of
from tui.api.http.polled_responses import PolledResponses
from tui.api.http.proxies import proxy_for
from tui.api.http.rate_limit import RateLimit, read_rate_limit
from tui.api.http.request import ApiRequest
from tui.api.http.request_log import WireLog
from tui.api.http.response_headers import request_id
from tui.api.http.secret_masking import (
    Secrets,
    masked,
    masked_tree,
    may_hold,
    secrets_in_header,
    without_secrets,
)
from tui.api.http.unexpected_response import unexpected_text
from tui.api.receipts import Receipt, note
from tui.api.stages import Stage, at_stage, connection_trace
from tui.api.urgent import is_urgent
from tui.domain.elapsed import elapsed
from tui.domain.profile import System
from tui.frozen import frozen

SecretHeaders = tuple[tuple[str, SecretStr], ...]
_MEGABYTE = 1_048_576
_MOST_ERROR_BYTES = _MEGABYTE
_MOST_ERROR_SECONDS = 3.0
"""Seconds to wait for an error's body once its status is known."""
_NO_CLOCK = 3e9
"""Seconds: a clock that is a century off is not believed."""
_DATE_LASTS = 2.0
"""Seconds: servers write a `Date` of whole seconds, and renew it about once a second."""
_IN_PART = (206, 226)
"""Responses to range and conditional requests, which we never send."""
_WORTH_ANOTHER_TRY = (502, 503, 504)


def _jitter() -> float:
    return random.uniform(0.1, 0.3)


@frozen
class Time:
    """The clocks of the service; tests pass their own."""

    monotonic: Callable[[], float] = clocks.monotonic
    wall: Callable[[], float] = clocks.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    elapsed: Callable[[], float] = elapsed
    """Also counts while the machine sleeps."""
    jitter: Callable[[], float] = _jitter
    """Seconds before a read's second attempt; twice as long before the third."""


@frozen
class Answer:
    """A 2xx response, decoded and cleaned."""

    status: int
    tree: object
    """The JSON value; None also where there was no body."""
    empty: bool
    request_id: str = ""
    size: int = 0
    """Bytes of the body."""


@dataclass(slots=True)
class _Received:
    status: int
    headers: httpx.Headers
    content: bytes = b""

    @property
    def content_type(self) -> str:
        return str(self.headers.get("content-type", ""))


@dataclass(slots=True)
class Transport:
    """Sends the requests of one system."""

    system: System
    pool: ClientPool
    hint: error_mapping.Hint
    max_response_mb: float = 32
    time: Time = field(default_factory=Time)
    wire_log: WireLog | None = None
    certificate_name: tuple[str, str] | None = None
    """A host, and the name that its certificate has instead."""
    rate_limit: RateLimit | None = None
    """From the last response that had one."""
    polled: PolledResponses = field(default_factory=PolledResponses)
    known: Callable[[], Secrets] = tuple
    """The profile's secrets as far as they were read; they are masked like those of the request."""
    _server_at: tuple[float, float] | None = field(default=None, init=False, repr=False)
    """The server's clock in seconds since 1970, and the `Time.elapsed` of that moment."""

    async def exchange(self, request: ApiRequest, secrets: SecretHeaders = ()) -> Answer:
        """Send `request` and return its 2xx response; a read is attempted up to three times.

        Raises ErpError: every other result.
        """
        self._obey_rate_limit(request)
        stage = Stage.LOGIN if request.login else Stage.READING
        try:
            with at_stage(self.system, stage):
                async with asyncio.timeout(request.timeout):
                    return await self._tries(request, secrets)
        except TimeoutError:
            raise error_mapping.timed_out(request) from None
        except ErpError as error:
            without_secrets(error, self._secrets(request, secrets))
            raise

    def _secrets(self, request: ApiRequest, headers: SecretHeaders) -> Secrets:
        """What the response must not repeat. A login may be given the token that it had before."""
        known = () if request.login else self.known()
        return tuple(dict.fromkeys((*_sent(request, headers), *known)))

    def _obey_rate_limit(self, request: ApiRequest) -> None:
        """Polls pause while no request remains; an operator's requests, and those they need, are the
        server's to refuse. A login is shared by all that wait for it, so it never pauses."""
        limit = self.rate_limit
        if limit is None or not request.repeatable or request.login or is_urgent():
            return
        rest = limit.rest(self.time.monotonic())
        if rest > 0:
            raise error_mapping.rate_limit_used_up(request, limit.words, rest)

    async def _tries(self, request: ApiRequest, secrets: SecretHeaders) -> Answer:
        for factor in (1, 2) if request.repeatable else ():
            try:
                return await self._judged(request, await self._once(request, secrets), secrets)
            except ErpError as error:
                if self.pool.closed or not _worth_another_try(error):
                    raise
            await self.time.sleep(self.time.jitter() * factor)
        return await self._judged(request, await self._once(request, secrets), secrets)

    async def _once(self, request: ApiRequest, secrets: SecretHeaders) -> _Received:
        """One request on the wire; its line in the wire log is always written."""
        began, started = self.time.wall(), self.time.monotonic()
        received: _Received | None = None
        outcome = "no-answer"
        try:
            received = await self._streamed(request, secrets)
            outcome = str(received.status)
            self._compare_clocks(received.headers, started)
            self.rate_limit = read_rate_limit(received.headers, self.time.monotonic()) or self.rate_limit
        except ErpError as error:
            outcome = type(error).__name__
            raise
        except (httpx.HTTPError, httpx.InvalidURL, OSError, RuntimeError) as failure:
            if isinstance(failure, RuntimeError) and not (
                self.pool.closed or isinstance(failure, NotUsable)
            ):
                raise
            translated = await self._translated(request, failure)
            outcome = type(translated).__name__
            # The exception's own text may quote a header: it must not be chained.
            raise translated from None
        finally:
            if self.wire_log is not None:
                known_id = request_id(received.headers) if received else ""
                self.wire_log.write(
                    at=began,
                    method=request.method,
                    url=request.url,
                    outcome=outcome,
                    took=self.time.monotonic() - started,
                    size=len(received.content) if received else 0,
                    request_id=masked(known_id, self._secrets(request, secrets)),
                )
        return received

    async def _translated(self, request: ApiRequest, failure: BaseException) -> ErpError:
        """A failure of the connection; looks up the names of a certificate that is for another host."""
        proxy = proxy_for(request.url, self.pool.proxy)
        names: tuple[str, ...] = ()
        if proxy is None and error_mapping.is_for_another_host(failure):
            parts = urlsplit(request.url)
            host, port = parts.hostname or "", parts.port or 443
            names = await certificate_names(host, port, self.pool.ca_bundle)
        return error_mapping.broken(request, failure, str(self.pool.ca_bundle or ""), proxy, names)

    async def _streamed(self, request: ApiRequest, secrets: SecretHeaders) -> _Received:
        client = self.pool.client(request.url, fresh=not request.repeatable)
        revealed = [(name, value.get_secret_value()) for name, value in secrets]
        asked = self.polled.validator(request.url) if request.polled else ()
        headers = [
            (name.encode(), value.encode("latin-1"))
            for name, value in (*revealed, *request.headers, *asked)
        ]
        try:
            content = request.content
        except UnicodeEncodeError:
            why = "a value to be sent is not valid Unicode text"
            raise NotUsable(why, "Type it again, or correct the file that it comes from") from None
        try:
            named = self._extensions(request.url)
            built = client.build_request(
                request.method, request.url, headers=headers, content=content, extensions=named
            )
        except (httpx.InvalidURL, UnicodeError):
            raise NotUsable(f"'{request.host}' is not a valid host name", "Check base_url") from None
        response = await client.send(built, stream=True)
        try:
            received = _Received(response.status_code, response.headers)
            known_id = masked(request_id(response.headers), self._secrets(request, secrets))
            note(Receipt(request.method, request.path, response.status_code, known_id))
            if response.is_success:
                received.content = await self._body(request, response)
            else:
                received.content = await _error_body(response)
        finally:
            await response.aclose()
        return received

    def _extensions(self, url: str) -> dict[str, object]:
        host, name = self.certificate_name or ("", "")
        trace = connection_trace(self.system)
        named = {"sni_hostname": name} if name and urlsplit(url).hostname == host else {}
        return named | ({"trace": trace} if trace else {})

    async def _body(self, request: ApiRequest, response: httpx.Response) -> bytes:
        most = int(self.max_response_mb * _MEGABYTE)
        unexpected = partial(
            error_mapping.unexpected_response,
            request,
            status=response.status_code,
            known_id=request_id(response.headers),
        )
        if response.status_code in _IN_PART:
            raise unexpected("partial content (206) where a full response was expected")
        if _is_folded(response):
            raise unexpected("it is compressed more than once")
        announced = response.headers.get("content-length", "")
        chunks, size = [], int(announced) if announced.isascii() and announced.isdecimal() else 0
        if size <= most:
            size = 0
            try:
                async for chunk in response.aiter_bytes():
                    size += len(chunk)
                    if size > most:
                        break
                    chunks.append(chunk)
            except httpx.RemoteProtocolError:
                raise unexpected(f"it ended after {size} bytes") from None
        if size > most:
            raise unexpected(
                f"it is larger than {self.max_response_mb:g} MB",
                step="Raise max_response_mb in the profile if the list is really that long",
            )
        return b"".join(chunks)

    async def _judged(self, request: ApiRequest, received: _Received, secrets: SecretHeaders) -> Answer:
        """Return a success decoded; raise everything else."""
        sent, size = self._secrets(request, secrets), len(received.content)
        known_id = request_id(received.headers)
        known = self.polled.get(request.url) if request.polled and received.status == 304 else None
        if known is not None:
            return Answer(200, known.tree, False, masked(known_id, sent), known.size)
        success = 200 <= received.status < 300
        if success and not received.content.strip():
            return Answer(received.status, None, True, masked(known_id, sent))
        try:
            if not success or may_hold(received.content, sent):
                tree = await in_thread_if_large(size, tree_of, received.content, received.content_type)
                tree = await in_thread_if_large(size, masked_tree, tree, sent)
            else:
                tree = await self._decoded(request, received)
            words = words_of(tree)
        except NotJson as problem:
            tree, why = None, str(problem)
            words = words_of_text(masked(excerpt(received.content, received.content_type), sent))
            if success:
                raise error_mapping.unexpected_response(
                    request,
                    words.text if words.html else unexpected_text(request, words.text) or why,
                    detail="" if request.confidential else words.text,
                    status=received.status,
                    known_id=known_id,
                ) from None
        if success:
            return Answer(received.status, tree, False, masked(known_id, sent), size)
        raise error_mapping.refused(
            request, received.status, words, received.headers, self.hint, self.time.wall()
        )

    async def _decoded(self, request: ApiRequest, received: _Received) -> object:
        """The tree of a response; the same object if it is byte for byte the last one.

        Raises NotJson: as `tree_of`.
        """
        content, media = received.content, received.content_type
        if request.polled:
            return await self.polled.decoded(request.url, content, media, received.headers)
        return await in_thread_if_large(len(content), tree_of, content, media)

    def _compare_clocks(self, headers: httpx.Headers, started: float) -> None:
        """The server's `Date` has whole seconds and was written between `started` and now.

        Where our clock may be right it is taken for the server's: ages do not waver by what the header
        cannot tell.
        """
        with suppress(ValueError, TypeError, OverflowError):
            if "date" not in headers:
                return
            written, wall = parsedate_to_datetime(headers["date"]).timestamp(), self.time.wall()
            if abs(written - wall) < _NO_CLOCK:
                took = self.time.monotonic() - started
                is_ours = written <= wall <= written + _DATE_LASTS + took
                self._server_at = wall if is_ours else written + 0.5 + took / 2, self.time.elapsed()

    @property
    def offset(self) -> float | None:
        """Seconds that the server's clock is ahead of ours, corrected if ours was set since; None: no
        response had a usable `Date`."""
        if self._server_at is None:
            return None
        server, at = self._server_at
        return server + self.time.elapsed() - at - self.time.wall()


def _sent(request: ApiRequest, headers: SecretHeaders) -> Secrets:
    """Every secret in the request's headers and body."""
    in_headers = (secret for _, value in headers for secret in secrets_in_header(value))
    in_body = (value for value in (request.body or {}).values() if isinstance(value, SecretStr))
    return (*in_headers, *in_body)


def _is_folded(response: httpx.Response) -> bool:
    """Whether it is compressed more than once: a few bytes would then fill the memory."""
    codings = response.headers.get_list("content-encoding", split_commas=True)
    return sum(coding.strip().lower() not in ("", "identity") for coding in codings) > 1


async def _error_body(response: httpx.Response) -> bytes:
    """An error's body; a broken or endless one still has its status."""
    content = b""
    if _is_folded(response):
        return content
    with suppress(httpx.TransportError, httpx.DecodingError, TimeoutError):
        async with asyncio.timeout(_MOST_ERROR_SECONDS):
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > _MOST_ERROR_BYTES:
                    break
    return content


def _worth_another_try(error: ErpError) -> bool:
    if isinstance(error, Unreachable):
        return True
    if type(error) is BadAnswer and error.status is None:
        # A leftover of an earlier response may have caused this; the next connection is a new one.
        return True
    return type(error) is ServerFailed and error.status in _WORTH_ANOTHER_TRY
