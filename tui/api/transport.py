"""The only place that sends a request, and the only translator of failures into the error tree.

Invariants: a write goes out at most once, and nothing but `ErpError` and cancellation comes out; a
secret that was sent and is repeated in the answer stays in here.
"""

import asyncio
import random
import time as clocks
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from hashlib import blake2b

import httpx
from pydantic import SecretStr

from tui.api import failures
from tui.api.came import prose_instead
from tui.api.decode import NotJson, aside, excerpt, tree_of
from tui.api.errors import BadAnswer, ErpError, ServerFailed, Unreachable
from tui.api.lately import Lately
from tui.api.masking import (
    Secrets,
    masked,
    masked_tree,
    may_hold,
    secrets_in_header,
    without_secrets,
)
from tui.api.network import ClientPool, NotUsable
from tui.api.proxies import proxy_for
from tui.api.rate_limit import RateLimit, read_rate_limit
from tui.api.receipts import Receipt, note
from tui.api.request import ApiRequest
from tui.api.urgent import is_urgent
from tui.api.wirelog import WireLog
from tui.api.words import words_of, words_of_text
from tui.domain.elapsed import elapsed
from tui.domain.systems import System

SecretHeaders = tuple[tuple[str, SecretStr], ...]
_MEGABYTE = 1_048_576
_MOST_ERROR_BYTES = _MEGABYTE
_MOST_ERROR_SECONDS = 3.0
"""How long the words of an error are waited for, once its status is known."""
_NO_CLOCK = 3e9
"""Seconds: who is a century off tells no time at all."""
_IN_PART = (206, 226)
"""Answers to who asks for a range, or for what differs: nobody does."""
_WORTH_KNOWING = 8_192
"""Bytes from which an answer is compared with the last one instead of being decoded again."""
_WORTH_ANOTHER_TRY = (502, 503, 504)


def _jitter() -> float:
    return random.uniform(0.1, 0.3)


@dataclass(frozen=True, slots=True)
class Time:
    """The clocks of the service; tests hand in their own."""

    monotonic: Callable[[], float] = clocks.monotonic
    wall: Callable[[], float] = clocks.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    elapsed: Callable[[], float] = elapsed
    """Goes on while the machine sleeps."""
    jitter: Callable[[], float] = _jitter
    """Seconds before a read's second try; twice as long before the third."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A 2xx answer, decoded and cleaned."""

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
    hint: failures.Hint
    max_response_mb: float = 32
    time: Time = field(default_factory=Time)
    wire_log: WireLog | None = None
    rate_limit: RateLimit | None = None
    """As the last answer told it."""
    decoded: Lately[str, tuple[bytes, object]] = field(default_factory=Lately)
    """By the address of a polled list: the digest of its last answer, and what that was decoded to."""
    _server_at: tuple[float, float] | None = field(default=None, init=False, repr=False)
    """What the server's clock showed, in seconds since 1970, and when that was, by `Time.elapsed`."""

    async def exchange(self, request: ApiRequest, secrets: SecretHeaders = ()) -> Answer:
        """Send `request` and return its 2xx answer; a read is tried up to three times.

        Raises:
            ErpError: whatever else happened.
        """
        self._obey_rate_limit(request)
        try:
            async with asyncio.timeout(request.timeout):
                return await self._tries(request, secrets)
        except TimeoutError:
            raise failures.timed_out(request) from None
        except ErpError as error:
            without_secrets(error, _sent(request, secrets))
            raise

    def _obey_rate_limit(self, request: ApiRequest) -> None:
        """Polls rest while nothing remains; what an operator sends, and what that needs, is the server's
        to refuse. A login is shared by all who wait for it, so it never rests."""
        limit = self.rate_limit
        if limit is None or not request.repeatable or request.login or is_urgent():
            return
        rest = limit.rest(self.time.monotonic())
        if rest > 0:
            raise failures.resting(request, limit.words, rest)

    async def _tries(self, request: ApiRequest, secrets: SecretHeaders) -> Answer:
        for pause in self._pauses(request):
            try:
                return await self._judged(request, await self._once(request, secrets), secrets)
            except ErpError as error:
                if self.pool.closed or not _worth_another_try(error):
                    raise
            await self.time.sleep(pause)
        return await self._judged(request, await self._once(request, secrets), secrets)

    def _pauses(self, request: ApiRequest) -> Iterator[float]:
        for factor in (1, 2) if request.repeatable else ():
            yield self.time.jitter() * factor

    async def _once(self, request: ApiRequest, secrets: SecretHeaders) -> _Received:
        """One request on the wire; its line in the wire log is written however it ends."""
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
            proxy = proxy_for(request.url, self.pool.proxy)
            translated = failures.broken(request, failure, str(self.pool.ca_bundle or ""), proxy)
            outcome = type(translated).__name__
            # The exception's own text may quote a header: it must not travel along.
            raise translated from None
        finally:
            took = self.time.monotonic() - started
            self._log(request, outcome, began, took, received, _sent(request, secrets))
        return received

    async def _streamed(self, request: ApiRequest, secrets: SecretHeaders) -> _Received:
        client = self.pool.client(request.url, fresh=not request.repeatable)
        revealed = [(name, value.get_secret_value()) for name, value in secrets]
        headers = [
            (name.encode(), value.encode("latin-1")) for name, value in (*revealed, *request.headers)
        ]
        try:
            content = request.content
        except UnicodeEncodeError:
            why = "a value to be sent is not valid Unicode text"
            raise NotUsable(why, "Type it again, or correct the file that it comes from") from None
        try:
            built = client.build_request(request.method, request.url, headers=headers, content=content)
        except (httpx.InvalidURL, UnicodeError):
            raise NotUsable(f"{request.host} is no name of a host", "Check base_url") from None
        response = await client.send(built, stream=True)
        try:
            received = _Received(response.status_code, response.headers)
            known_id = masked(failures.request_id(response.headers), _sent(request, secrets))
            note(Receipt(request.method, request.path, response.status_code, known_id))
            if response.is_success:
                received.content = await self._body(request, response)
            else:
                received.content = await _error_body(response)
        finally:
            await response.aclose()
        return received

    async def _body(self, request: ApiRequest, response: httpx.Response) -> bytes:
        most = int(self.max_response_mb * _MEGABYTE)
        if response.status_code in _IN_PART:
            raise self._nonsense(request, response, "a part was sent where all was asked for")
        if _is_folded(response):
            raise self._nonsense(request, response, "it is compressed more than once")
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
                raise self._nonsense(request, response, f"it broke off after {size} bytes") from None
        if size > most:
            raise self._nonsense(
                request,
                response,
                f"it is larger than {self.max_response_mb:g} MB",
                step="Raise max_response_mb in the profile if the list is really that long",
            )
        return b"".join(chunks)

    def _nonsense(
        self, request: ApiRequest, response: httpx.Response, why: str, step: str = ""
    ) -> ErpError:
        return failures.nonsense(
            request,
            why,
            step=step,
            status=response.status_code,
            known_id=failures.request_id(response.headers),
        )

    async def _judged(self, request: ApiRequest, received: _Received, secrets: SecretHeaders) -> Answer:
        """Return a success decoded; raise anything else."""
        sent, size = _sent(request, secrets), len(received.content)
        known_id = failures.request_id(received.headers)
        success = 200 <= received.status < 300
        if success and not received.content.strip():
            return Answer(received.status, None, True, masked(known_id, sent))
        try:
            if not success or may_hold(received.content, sent):
                tree = await aside(size, tree_of, received.content, received.content_type)
                tree = await aside(size, masked_tree, tree, sent)
            else:
                tree = await self._decoded(request, received)
            words = words_of(tree)
        except NotJson as problem:
            tree, why = None, str(problem)
            words = words_of_text(masked(excerpt(received.content, received.content_type), sent))
            if success:
                raise failures.nonsense(
                    request,
                    words.text if words.html else prose_instead(request, words.text) or why,
                    detail="" if request.confidential else words.text,
                    status=received.status,
                    known_id=known_id,
                ) from None
        if success:
            return Answer(received.status, tree, False, masked(known_id, sent), size)
        raise failures.refused(
            request, received.status, words, received.headers, self.hint, self.time.wall()
        )

    async def _decoded(self, request: ApiRequest, received: _Received) -> object:
        """The tree of an answer; of one that is byte for byte the last one, the very same tree.

        Raises:
            NotJson: as `tree_of`.
        """
        content, size = received.content, len(received.content)
        if size < _WORTH_KNOWING or not request.polled:
            return await aside(size, tree_of, content, received.content_type)
        digest = await aside(size, _digest, content + received.content_type.encode())
        known, tree = self.decoded.of(request.url) or (b"", None)
        if known != digest:
            tree = await aside(size, tree_of, content, received.content_type)
            self.decoded.tell(request.url, (digest, tree))
        return tree

    def _compare_clocks(self, headers: httpx.Headers, started: float) -> None:
        """The server's `Date` has whole seconds and was written between `started` and now."""
        with suppress(ValueError, TypeError, OverflowError):
            if "date" not in headers:
                return
            written = parsedate_to_datetime(headers["date"]).timestamp() + 0.5
            if abs(written - self.time.wall()) < _NO_CLOCK:
                took = self.time.monotonic() - started
                self._server_at = written + took / 2, self.time.elapsed()

    @property
    def offset(self) -> float | None:
        """Seconds that the server's clock is ahead of ours, also where ours was set since; None: no
        response had a `Date` that could be used."""
        if self._server_at is None:
            return None
        server, at = self._server_at
        return server + self.time.elapsed() - at - self.time.wall()

    def _log(
        self,
        request: ApiRequest,
        outcome: str,
        began: float,
        took: float,
        received: _Received | None,
        sent: Secrets,
    ) -> None:
        if self.wire_log is not None:
            self.wire_log.write(
                at=began,
                method=request.method,
                url=request.url,
                outcome=outcome,
                took=took,
                size=len(received.content) if received else 0,
                request_id=masked(failures.request_id(received.headers), sent) if received else "",
            )


def _sent(request: ApiRequest, headers: SecretHeaders) -> Secrets:
    """Every secret that goes out with a request, in its headers and in its body."""
    in_headers = (secret for _, value in headers for secret in secrets_in_header(value))
    in_body = (value for value in (request.body or {}).values() if isinstance(value, SecretStr))
    return (*in_headers, *in_body)


def _is_folded(response: httpx.Response) -> bool:
    """Whether it is compressed several times over: a few bytes would then fill the memory."""
    codings = response.headers.get_list("content-encoding", split_commas=True)
    return sum(coding.strip().lower() not in ("", "identity") for coding in codings) > 1


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=16).digest()


async def _error_body(response: httpx.Response) -> bytes:
    """What an error says; a broken or endless one still has its status."""
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
        # What an earlier answer left over may have been in the way; the next connection is a new one.
        return True
    return type(error) is ServerFailed and error.status in _WORTH_ANOTHER_TRY
