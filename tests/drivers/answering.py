"""A server that gives what it is told to, for answers that no simulator gives: over real HTTP."""

import json
import re
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tui.paths import config_path

KEY = "01234567-89ab-4cde-8f01-23456789abcd"
NOTHING: dict[str, Any] = {"TotalItems": 0, "PageNumber": 1, "PageSize": 100, "Items": []}


class AnsweringServer:
    """JTL-Wawi on premises with these syncs, statuses and extensions; each a value or a function."""

    def __init__(self, syncs: Any = (), statuses: Any = (), extensions: Any = NOTHING) -> None:
        self.routes: list[tuple[str, Any]] = [
            (r"^GET .*/v1/workers/status", statuses),
            (r"^GET .*/v1/workers", syncs),
            (r"^GET .*/v1/extensions", extensions),
            (r"^PUT .*/v1/workers/", ""),
        ]
        self.ahead = timedelta()
        """How far the server's own clock, and so its Date header, is ahead of ours."""
        self.received: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                """Nothing is printed."""

            def date_time_string(self, timestamp: float | None = None) -> str:
                return format_datetime(datetime.now(UTC) + outer.ahead, usegmt=True)

            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                call = f"{self.command} {self.path}"
                outer.received.append(call)
                body = next((body for match, body in outer.routes if re.search(match, call)), None)
                if callable(body):
                    body = body()
                data = json.dumps(body).encode() if body or isinstance(body, list | tuple) else b""
                self.send_response(404 if body is None else 200 if data else 204)
                self.send_header("Content-Type", "application/json")
                if data or body is None:
                    self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def configured(self) -> Path:
        """Write a config for it where the test's own config lies."""
        path = config_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        secret = path.parent / "key"
        secret.write_text(KEY)
        secret.chmod(0o600)
        path.write_text(
            'default_profile = "p"\n[profiles.p]\nenvironment = "staging"\n[profiles.p.jtl]\n'
            f'deployment = "on-premises"\nbase_url = "http://127.0.0.1:{self._server.server_port}/api/x"\n'
            'api_version = "v1"\n[profiles.p.jtl.auth]\ntype = "wawi"\n'
            f'api_key = {{ file = "{secret}" }}\n'
            "[profiles.p.refresh]\nworkers = 1\nextensions = 2\n"
        )
        path.chmod(0o600)
        return path


def sync(number: int, **changed: Any) -> dict[str, Any]:
    """A sync as the server lists it."""
    return {
        "Identifier": identifier(number),
        "SyncName": "Shop",
        "SalesChannelName": f"Laden {number}",
        "SalesChannelId": f"1-1-{number}",
        "Interval": "00:05:00",
        "ReportProgress": False,
        "Configurations": [],
        **changed,
    }


def status(number: int, last: Any, upcoming: Any = None, **changed: Any) -> dict[str, Any]:
    """A status as the server lists it; times are seconds from now, or text as it is."""
    return {
        "Identifier": identifier(number),
        "State": 3,
        "ProgressText": "",
        "Progress": -1.0,
        "LastSync": stamped(last),
        "NextSync": stamped(upcoming),
        **changed,
    }


def identifier(number: int) -> str:
    """Of the sync with that number."""
    return f"00000000-0000-4000-8000-{number:012}"


def stamped(when: Any) -> Any:
    """Seconds from now as the server writes a time in UTC."""
    if not isinstance(when, int | float):
        return when
    return (datetime.now(UTC) + timedelta(seconds=when)).strftime("%Y-%m-%dT%H:%M:%S.0000000+00:00")
