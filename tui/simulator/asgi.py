"""The ASGI front of both systems: reads a request whole, records it, lets a fault happen, answers.

Everything behind it is plain functions. `/_sim` does not come through here: it is neither
recorded nor faulted.
"""

import asyncio
import re
import socket
import struct
from email.utils import format_datetime
from typing import Any

from starlette.types import Receive, Scope, Send

from tui.simulator.faults.corruptions import spoiled
from tui.simulator.faults.replacements import LOGIN, LOGIN_PATH, instead
from tui.simulator.faults.table import Fault, take
from tui.simulator.http_messages import Answer, Received
from tui.simulator.jtl import auth as jtl_auth
from tui.simulator.jtl import routes as jtl_routes
from tui.simulator.jtl.errors import error_answer
from tui.simulator.superoffice.archive import SCAN, scans
from tui.simulator.superoffice.routes import superoffice
from tui.simulator.world import World

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


class Front:
    def __init__(self, world: World) -> None:
        self.world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = await _read(scope, receive)
        entry = self._record(request)
        fault = take(self.world.faults, request.method, request.path)
        if fault is None:
            return await self._send(send, entry, dispatch(self.world, request))
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
            await self._send_endless(send, entry, int(float(fault.arg or 64) * 16))
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
            await self._send_half(scope, receive, send, entry, answer)
        else:
            await self._send(send, entry, answer)

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

    def _headers(
        self, entry: dict[str, Any], answer: Answer, length: int | None
    ) -> list[tuple[bytes, bytes]]:
        headers = [
            ("Date", format_datetime(self.world.clock(), usegmt=True)),
            ("X-Request-Id", f"sim-{entry['n']:06}"),
            *answer.headers,
        ]
        if answer.status not in (204, 304):
            headers += [("Content-Type", answer.media)]
            headers += [] if length is None else [("Content-Length", str(length))]
        return [(name.lower().encode(), value.encode()) for name, value in headers]

    async def _start(
        self, send: Send, entry: dict[str, Any], answer: Answer, length: int | None
    ) -> None:
        entry["status"] = answer.status
        headers = self._headers(entry, answer, length)
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})

    async def _send(self, send: Send, entry: dict[str, Any], answer: Answer) -> None:
        body = answer.body
        await self._start(send, entry, answer, len(body))
        await send({"type": "http.response.body", "body": body})

    async def _send_half(
        self, scope: Scope, receive: Receive, send: Send, entry: dict[str, Any], answer: Answer
    ) -> None:
        body = answer.body
        await self._start(send, entry, answer, len(body) + 1)
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        _transport(scope).close()
        await receive()

    async def _send_endless(self, send: Send, entry: dict[str, Any], chunks: int) -> None:
        await self._start(send, entry, Answer(), None)
        await send({"type": "http.response.body", "body": b"[", "more_body": True})
        for _ in range(chunks):
            await send({"type": "http.response.body", "body": CHUNK, "more_body": True})
        await send({"type": "http.response.body", "body": b"]"})


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

    Raises:
        ConnectionResetError: in-process there is no connection to drop.
    """
    transport = scope.get("state", {}).get("transport")
    if not isinstance(transport, asyncio.Transport):
        raise ConnectionResetError("the simulated connection was dropped")
    return transport
