"""uvicorn, made fit for a simulator: tells when it listens, can drop connections, ends at once."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Generator
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

KEEP_ALIVE = 75
"""Seconds; longer than any refresh interval, so that idle connections are not cut between polls."""


class DroppableProtocol(H11Protocol):
    """Puts the connection's transport into the state of each request, for faults that drop it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class SimulatorServer(uvicorn.Server):
    def __init__(self, app: Any, when_listening: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=DroppableProtocol,
                ws="none",
                loop="asyncio",
                lifespan="off",
                log_config=None,
                log_level="error",
                access_log=False,
                date_header=False,
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE,
            )
        )
        self._when_listening = when_listening

    def stop(self) -> None:
        """End within a moment, whatever is in flight."""
        self.should_exit = self.force_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._when_listening()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Abort what is open: a hanging fault would never end by itself."""
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave signals to the caller: uvicorn would raise them again at the end."""
        yield


def listen(port: int) -> socket.socket:
    """A listening socket on the loopback address; port 0 takes a free one.

    Raises OSError: the port is taken or not allowed.
    """
    # asyncio sets TCP_NODELAY only where the protocol is named; without it each answer is 40 ms late.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(("127.0.0.1", port))
        sock.listen(128)
    except OSError:
        sock.close()
        raise
    return sock
