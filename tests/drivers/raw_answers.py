"""Answers of a test's own in front of the simulator: any status, body and headers, byte for byte."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from tests.drivers.simulator import AsgiApp, RunningSimulator
from tui.simulator.app import Receive, Scope, Send

JSON = "application/json; charset=utf-8"


@dataclass(slots=True)
class RawAnswers:
    """Answers what matches itself, carries nothing of it out, and leaves the rest to the simulator."""

    app: AsgiApp
    answers: list[tuple[str, int, bytes, dict[str, str]]] = field(default_factory=list)
    received: list[str] = field(default_factory=list)
    """`METHOD /path` of what was answered here."""

    def answer(
        self, match: str, body: Any = "", *, status: int = 200, media: str = JSON, **headers: str
    ) -> None:
        """Answer requests in whose `METHOD /path` the regex `match` is found; text goes out as it is."""
        content = body if isinstance(body, str) else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.insert(0, (match, status, content.encode(), {"content-type": media, **named}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        called = f"{scope.get('method', '')} {scope.get('path', '')}"
        for match, status, content, headers in self.answers:
            if scope["type"] == "http" and re.search(match, called):
                self.received.append(called)
                pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
                if status != 204:
                    pairs.append((b"content-length", str(len(content)).encode()))
                await send({"type": "http.response.start", "status": status, "headers": pairs})
                await send({"type": "http.response.body", "body": b"" if status == 204 else content})
                return
        await self.app(scope, receive, send)


def in_front_of(erp: RunningSimulator) -> RawAnswers:
    """Put them before a simulator that is not started yet."""
    raw = RawAnswers(erp.app)
    erp.app = raw
    return raw
