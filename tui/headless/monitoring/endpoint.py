"""Serves the metrics over HTTP: `/metrics` of all profiles, `/probe?profile=NAME` of one.

A request is answered from what the recorder has in memory; none reaches an ERP.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import CancelledError
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import AF_INET6
from socketserver import TCPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from tui.headless.monitoring.address import Address
from tui.headless.monitoring.exposition import Exposition
from tui.headless.monitoring.samples import Sample

Read = Callable[[str | None], list[Sample] | None]
"""The samples of a profile, or of all; None: there is no such profile. Called in the event loop."""
_PATIENCE = 5.0
"""Seconds that a response waits for the event loop, and a connection for its request."""
_PLAIN = "text/plain; charset=utf-8"


class Endpoint:
    """Listens at once, answers once it was started, and ends with the process."""

    def __init__(self, address: Address) -> None:
        """Raises OSError: the address cannot be listened on."""
        server = _Server6 if ":" in address.host else _Server
        self._server = server((address.host, address.port), _Handler)
        self._host = address.host

    @property
    def url(self) -> str:
        return f"http://{Address(self._host, self._server.server_address[1])}/metrics"

    def start(self, read: Read) -> None:
        """Answer from now on. Needs a running event loop."""
        loop = asyncio.get_running_loop()

        async def samples(profile: str | None) -> list[Sample] | None:
            return read(profile)

        def ask(profile: str | None) -> list[Sample] | None:
            """Called in the thread of a request."""
            return asyncio.run_coroutine_threadsafe(samples(profile), loop).result(_PATIENCE)

        self._server.ask, self._server.expositions = ask, {}
        Thread(target=self._server.serve_forever, name="metrics", daemon=True).start()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    ask: Read
    expositions: dict[str | None, Exposition]
    """By profile; None: of all of them."""

    def server_bind(self) -> None:
        """Without the look-up of the host's name, which may take long."""
        TCPServer.server_bind(self)

    def handle_error(self, request: object, client_address: object) -> None:
        """A scraper that goes away in the middle is not an error of ours."""


class _Server6(_Server):
    address_family = AF_INET6


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version, sys_version = "syncdeck", ""
    timeout = _PATIENCE

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        match url.path:
            case "/metrics":
                self._answer(None)
            case "/probe":
                named = parse_qs(url.query).get("profile", [])
                if len(named) == 1:
                    self._answer(named[0])
                else:
                    self._send(HTTPStatus.BAD_REQUEST, b"/probe needs ?profile=NAME\n")
            case _:
                self._send(HTTPStatus.NOT_FOUND, b"try /metrics or /probe?profile=NAME\n")

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Scrapes are not worth a line each."""

    def _answer(self, profile: str | None) -> None:
        try:
            samples = self.server.ask(profile)
        except (TimeoutError, CancelledError, RuntimeError):
            self._send(HTTPStatus.SERVICE_UNAVAILABLE, b"the recorder is busy or ending\n")
            return
        if samples is None:
            self._send(HTTPStatus.NOT_FOUND, b"this recorder has no such profile\n")
        else:
            exposition = self.server.expositions.setdefault(profile, Exposition())
            accepted = self.headers.get("Accept", "")
            self._send(HTTPStatus.OK, *exposition.document(samples, accepted))

    def _send(self, status: HTTPStatus, body: bytes, content_type: str = _PLAIN) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
