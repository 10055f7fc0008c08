"""`syncdeck simulate` in a process of its own: steered and asked over HTTP, killed and started again."""

import json
import os
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.drivers.forked import Forked
from tests.drivers.terminal import PATIENCE


class ErpProcess:
    """The other side. Its config file is `config`; the secrets lie beside it."""

    def __init__(self, folder: Path, environment: Mapping[str, str], *options: str) -> None:
        self.config = folder / "sim.toml"
        self._environment = dict(environment)
        self._options = options
        self._folder = folder
        self.port = 0
        self._process: Forked | None = None
        self.start("--write-config", str(self.config))

    def start(self, *more: str) -> None:
        """Listen; after the first time on the same port as ever."""
        arguments = ["simulate", "--port", str(self.port), *self._options, *more]
        reading, writing = os.pipe()
        with Path(os.devnull).open("r+b") as nothing:
            streams = [nothing.fileno(), writing, nothing.fileno()]
            self._process = Forked(arguments, self._environment, streams, self._folder)
        os.close(writing)
        self._said = os.fdopen(reading)
        line = self._said.readline()
        assert "base_url=http://127.0.0.1:" in line, f"the simulator said {line!r}"
        self.port = int(line.split("127.0.0.1:")[1].split("/")[0])

    def kill(self) -> None:
        """End at once, as a crash does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._said.close()
            self._process = None

    # Steering.

    def hang(self) -> None:
        """From now on nothing is answered."""
        self._call("POST", "faults", ".*=hang")

    def fault(self, text: str) -> None:
        """Set a fault: `REGEX=KIND[:ARG][*COUNT]`."""
        self._call("POST", "faults", text)

    def clear_faults(self) -> None:
        """Remove every fault."""
        self._call("DELETE", "faults")

    # Asking.

    def log(self) -> list[dict[str, Any]]:
        """What was received, in order."""
        entries: list[dict[str, Any]] = self._call("GET", "log")
        return entries

    def clear_log(self) -> None:
        """Forget what was received."""
        self._call("DELETE", "log")

    def received(self, method: str, part: str) -> list[dict[str, Any]]:
        """What was received with that method and with `part` in its path."""
        return [one for one in self.log() if one["method"] == method and part in one["path"]]

    def writes(self) -> list[dict[str, Any]]:
        """Everything received that changes something: no read, no login."""
        reading = ("/oauth2/token", "/GetEngineStatus", "/GetAllConnections")
        return [
            one for one in self.log() if one["method"] != "GET" and not one["path"].endswith(reading)
        ]

    def wait_received(self, method: str, part: str, count: int = 1) -> list[dict[str, Any]]:
        """The same as `received`, as soon as there are `count`."""
        end = time.monotonic() + PATIENCE
        while len(found := self.received(method, part)) < count:
            assert time.monotonic() < end, f"{len(found)} of {count} × {method} …{part}… were received"
            time.sleep(0.05)
        return found

    def merge(self, change: dict[str, Any]) -> None:
        """Change the world, as `POST /_sim/state` does."""
        self._call("POST", "state", change)

    def state(self) -> dict[str, Any]:
        """The whole world."""
        tree: dict[str, Any] = self._call("GET", "state")
        return tree

    def _call(self, method: str, path: str, tree: Any = None) -> Any:
        link = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            body = None if tree is None else json.dumps(tree)
            link.request(method, f"/_sim/{path}", body, {"Content-Type": "application/json"})
            answer = link.getresponse()
            text = answer.read()
        finally:
            link.close()
        assert answer.status < 300, text.decode()
        return json.loads(text) if text else None
