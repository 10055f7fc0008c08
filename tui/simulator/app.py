"""The simulator as an ASGI application: reads a request whole, records it, lets a fault happen, answers.

Everything behind it is plain functions. What comes to `/_sim` is neither recorded nor faulted.
"""

import asyncio
import re
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from typing import Any, TypeAlias

from tui.domain.elapsed import utc_now
from tui.simulator.control_api import PREFIX, control
from tui.simulator.faults.corruptions import spoiled
from tui.simulator.faults.replacements import LOGIN, LOGIN_PATH, instead
from tui.simulator.faults.table import Fault, parse_fault, take
from tui.simulator.http_messages import Answer, Received
from tui.simulator.jtl import auth as jtl_auth
from tui.simulator.jtl import routes as jtl_routes
from tui.simulator.jtl.errors import error_answer
from tui.simulator.options import SimulateOptions
from tui.simulator.superoffice.archive import SCAN, scans
from tui.simulator.superoffice.routes import superoffice
from tui.simulator.world import World, born

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

DEFAULTS = SimulateOptions()
CLOUD = re.compile(r"/erp(?=/|$)(.*)", re.IGNORECASE)
ON_PREMISES = re.compile(r"/api/[^/]+(?=/|$)(.*)", re.IGNORECASE)
CHUNK = b" " * 65_536


def dispatch(world: World, request: Received) -> Answer:
    if request.path == "/oauth2/token":
        return jtl_auth.token(world, request)
    if request.path == LOGIN_PATH:
        return LOGIN
    if (answer := superoffice(world, request)) is not None:
        return answer
    if match := CLOUD.fullmatch(request.path):
        return jtl_routes.cloud(world, request, match[1])
    if match := ON_PREMISES.fullmatch(request.path):
        return jtl_routes.on_premises(world, request, match[1])
    return error_answer(404, "NOT_FOUND", "The path was not found.")


class App:
    def __init__(self, world: World) -> None:
        self.world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = await _read(scope, receive)
        if request.path.startswith(PREFIX):
            return await _respond(send, control(self.world, request))
        entry = self._record(request)
        fault = take(self.world.faults, request.method, request.path)
        if fault is None:
            return await _respond(send, self._told(entry, dispatch(self.world, request)))
        return await self._faulted(fault, request, entry, scope, receive, send)

    async def _faulted(
        self,
        fault: Fault,
        request: Received,
        entry: dict[str, Any],
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        if fault.kind == "hang":
            await receive()
            return
        if fault.kind == "reset":
            await _drop(scope, receive)
            return
        if fault.kind == "oversized":
            await _send_endless(send, self._told(entry, Answer()), int(float(fault.arg or 64) * 16))
            return
        if fault.kind == "slow" and await _gone_within(float(fault.arg), receive):
            return
        scan = float(fault.arg or SCAN) if fault.kind == "large-log" and scans(request) else 0.0
        if scan and await _gone_within(scan, receive):
            return
        answer = instead(self.world, fault, request) or spoiled(fault, dispatch(self.world, request))
        if fault.kind == "lost":
            await _drop(scope, receive)
        elif fault.kind == "truncated":
            await _send_half(scope, receive, send, self._told(entry, answer))
        else:
            await _respond(send, self._told(entry, answer))

    def _record(self, request: Received) -> dict[str, Any]:
        self.world.received += 1
        entry = {
            "n": self.world.received,
            "at": self.world.clock().isoformat(),
            "method": request.method,
            "path": request.path,
            "query": request.query,
            "headers": dict(request.headers),
            "body": _recorded_body(request),
            "status": None,
        }
        self.world.log.append(entry)
        return entry

    def _told(self, entry: dict[str, Any], answer: Answer) -> Answer:
        """The answer with the headers of every response; its status is recorded."""
        entry["status"] = answer.status
        date = format_datetime(self.world.clock(), usegmt=True)
        known = (("Date", date), ("X-Request-Id", f"sim-{entry['n']:06}"))
        return replace(answer, headers=(*known, *answer.headers))


class WithoutAWorld(App):
    """It knows no path: whatever is requested is not found."""

    def __init__(self) -> None:
        """Of a world that there is not, nothing is known."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await _respond(send, Answer(404, text="Not Found", media="text/plain; charset=utf-8"))


def create_app(options: SimulateOptions = DEFAULTS, clock: Callable[[], datetime] = utc_now) -> App:
    """A new world and the application that answers for it.

    Raises ValueError: a fault in `options` cannot be read; the sentence says why.
    """
    world = born(options, clock)
    world.faults = [parse_fault(text) for text in options.faults]
    return App(world)


async def _respond(send: Send, answer: Answer) -> None:
    body = answer.body
    await _start(send, answer, len(body))
    await send({"type": "http.response.body", "body": body})


async def _send_half(scope: Scope, receive: Receive, send: Send, answer: Answer) -> None:
    body = answer.body
    await _start(send, answer, len(body) + 1)
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    _transport(scope).close()
    await receive()


async def _send_endless(send: Send, answer: Answer, chunks: int) -> None:
    await _start(send, answer, None)
    await send({"type": "http.response.body", "body": b"[", "more_body": True})
    for _ in range(chunks):
        await send({"type": "http.response.body", "body": CHUNK, "more_body": True})
    await send({"type": "http.response.body", "body": b"]"})


async def _start(send: Send, answer: Answer, length: int | None) -> None:
    """`length` None: the response does not say it."""
    headers = list(answer.headers)
    if answer.status not in (204, 304):
        headers += [("Content-Type", answer.media)]
        headers += [] if length is None else [("Content-Length", str(length))]
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})


async def _read(scope: Scope, receive: Receive) -> Received:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
    }
    query = scope.get("query_string", b"").decode("latin-1")
    return Received(scope["method"], scope["path"], query, headers, body)


def _recorded_body(request: Received) -> Any:
    try:
        return request.parsed
    except ValueError:
        return request.body.decode("utf-8", "replace")


async def _gone_within(seconds: float, receive: Receive) -> bool:
    """Wait, but no longer than the client does."""
    try:
        await asyncio.wait_for(receive(), seconds)
    except TimeoutError:
        return False
    return True


async def _drop(scope: Scope, receive: Receive) -> None:
    """Reset the connection, and wait until that is done: or the server would still answer 500."""
    transport = _transport(scope)
    wire = transport.get_extra_info("socket")
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    await receive()


def _transport(scope: Scope) -> asyncio.Transport:
    """The connection itself, which `server` puts into the state of a served request.

    Raises ConnectionResetError: in-process there is no connection to drop.
    """
    transport = scope.get("state", {}).get("transport")
    if not isinstance(transport, asyncio.Transport):
        raise ConnectionResetError("the simulated connection was dropped")
    return transport
