"""The simulator served over real HTTP beside a test: start, steer, ask what it received, stop."""

import asyncio
import json
import re
import threading
import time
from collections.abc import Awaitable, Callable
from http.client import HTTPConnection
from types import TracebackType
from typing import Any, Self, TypeAlias

from tui.simulator import credentials
from tui.simulator.app import Message, Receive, Scope, Send, create_app
from tui.simulator.options import SimulateOptions
from tui.simulator.server import SimulatorServer, listen
from tui.simulator.superoffice.system_user_key import PRIVATE_KEY

AsgiApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

_LOOK_EVERY = 0.01
PATIENCE = 40.0
"""Seconds in which a start or stop must be done; they take a fraction of one."""


class _Holding:
    """What matches `held` is carried out, and its response sent once it is let go."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app
        self.held: re.Pattern[str] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        called = f"{scope['method']} {scope['path']}"

        async def when_let_go(message: Message) -> None:
            while self.held and self.held.search(called):  # noqa: ASYNC110 - let go by another thread
                await asyncio.sleep(_LOOK_EVERY)
            await send(message)

        await self._app(scope, receive, send if "/_sim/" in called else when_let_go)


class RunningSimulator:
    """A context manager: `with RunningSimulator(SimulateOptions(still=True)) as erp: …`.

    Everything in `/_sim` is within reach by methods; `world` is the world itself, for asserts.
    """

    client_id = credentials.CLIENT_ID
    client_secret = credentials.CLIENT_SECRET
    tenant_id = credentials.TENANT_ID
    static_bearer = credentials.STATIC_BEARER
    api_key = credentials.API_KEY
    so_tenant = credentials.SO_TENANT
    so_token = credentials.SO_TOKEN
    so_ticket = credentials.SO_TICKET
    so_app_token = credentials.SO_APP_TOKEN
    so_system_user_token = credentials.SO_SYSTEM_USER_TOKEN
    so_private_key = PRIVATE_KEY
    so_user = credentials.SO_USER
    so_password = credentials.SO_PASSWORD
    so_cookie = credentials.SO_COOKIE
    so_xsrf = credentials.SO_XSRF

    def __init__(self, options: SimulateOptions | None = None, **more: Any) -> None:
        self.options = options or SimulateOptions(port=0, **more)
        app = create_app(self.options)
        self._holding = _Holding(app)
        self.app: AsgiApp = self._holding
        self.world = app.world
        sock = listen(0)
        self.port = sock.getsockname()[1]
        self._sock = sock
        self._server: SimulatorServer | None = None
        self._thread: threading.Thread | None = None
        self.url = f"http://127.0.0.1:{self.port}"
        self.cloud_base = f"{self.url}/erp"
        self.token_url = f"{self.url}/oauth2/token"
        self.onprem_base = f"{self.url}/api/eazybusiness"
        self.so_base = f"{self.url}/{self.so_tenant}"
        self.so_state_url = f"{self.url}/api/state"
        self.so_login_url = f"{self.url}/Login/api/PartnerSystemUser/Authenticate"
        self.so_online = (
            f'environment = "sod"\ncustomer_id = "{self.so_tenant}"\nstate_url = "{self.so_state_url}"'
        )
        """The lines of a config that name the tenant by its customer id."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nobody waits for its end: the next story has one of its own."""
        if self._server is None:
            self._sock.close()
        else:
            self._server.stop()

    def start(self) -> None:
        """Listen on the same port as ever; the world is still the same one."""
        if self._server is not None:
            return
        listening = threading.Event()
        sock = self._sock if self._sock.fileno() != -1 else listen(self.port)
        server = self._server = SimulatorServer(self.app, listening.set)
        self._sock = sock

        def serve() -> None:
            with sock:
                asyncio.run(server.serve(sockets=[sock]))

        self._thread = threading.Thread(target=serve, name="simulator", daemon=True)
        self._thread.start()
        assert listening.wait(PATIENCE), "the simulator did not start"

    def stop(self) -> None:
        """End at once, whatever hangs; connections are dropped."""
        if self._server is None or self._thread is None:
            self._sock.close()
            return
        self._server.stop()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "the simulator did not stop"
        self._server = self._thread = None

    def log(self) -> list[dict[str, Any]]:
        """What was received, in order."""
        return list(self.world.log)

    def received(self, method: str, part: str = "") -> list[dict[str, Any]]:
        """What was received with that method and with `part` in its path."""
        return [entry for entry in self.log() if entry["method"] == method and part in entry["path"]]

    def wait_received(self, method: str, part: str = "", count: int = 1) -> list[dict[str, Any]]:
        """The same, as soon as there are `count` of them; also requests that are still unanswered."""
        end = time.monotonic() + PATIENCE
        while len(found := self.received(method, part)) < count:
            assert time.monotonic() < end, f"{len(found)} of {count} × {method} …{part}… were received"
            time.sleep(0.005)
        return found

    def clear_log(self) -> None:
        """Forget what was received."""
        self.world.log.clear()

    def fault(self, text: str) -> None:
        """Set a fault: `REGEX=KIND[:ARG][*COUNT]`."""
        self._control("POST", "faults", text)

    def fails(self, match: str, kind: str, arg: str = "") -> None:
        """Set a fault whose argument may be any text."""
        self._control("POST", "faults", {"match": match, "kind": kind, "arg": arg})

    def clear_faults(self) -> None:
        """Remove every fault."""
        self._control("DELETE", "faults")

    def hold(self, match: str) -> None:
        """Hold the responses to requests in whose `METHOD /path` the regex `match` is found, and to none
        else: what takes however long until `let_go`."""
        self._holding.held = re.compile(match)

    def let_go(self) -> None:
        """Send what is held."""
        self._holding.held = None

    def state(self, **merge: Any) -> dict[str, Any]:
        """Merge into the state, as `POST /_sim/state` does; the whole state afterwards."""
        if merge:
            self._control("POST", "state", merge)
        tree: dict[str, Any] = self._control("GET", "state")
        return tree

    def worker_id(self, channel: str) -> str:
        """The identifier of the sync of that channel."""
        ids: list[str] = [s.id for s in self.world.jtl.syncs.values() if s.channel == channel]
        return ids[0]

    def _control(self, method: str, path: str, tree: Any = None) -> Any:
        body = None if tree is None else json.dumps(tree).encode()
        link = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            link.request(method, f"/_sim/{path}", body, {"Content-Type": "application/json"})
            answer = link.getresponse()
            text = answer.read()
        finally:
            link.close()
        assert answer.status < 300, text.decode()
        return json.loads(text) if text else None
