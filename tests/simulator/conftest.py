"""A world with a clock that only a test moves, and clients that are logged in to each side."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.drivers.simulator import RunningSimulator
from tui.simulator import credentials
from tui.simulator.app import create_app
from tui.simulator.options import SimulateOptions

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
AGENT = "/Cust12345/api/v1/Agents/ErpSync"


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = field(default=NOON)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Erp:
    """An in-process simulator and three ways in."""

    def __init__(self, clock: Clock, **options: Any) -> None:
        app = create_app(SimulateOptions(**options), clock)
        self.world, self.clock = app.world, clock
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://erp", follow_redirects=False
        )

    async def cloud(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {credentials.STATIC_BEARER}",
            "x-tenant-id": credentials.TENANT_ID,
            **more.pop("headers", {}),
        }
        return await self.http.request(method, f"/erp{path}", headers=headers, **more)

    async def agent(self, name: str, body: Any = None, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {credentials.SO_TOKEN}", **more.pop("headers", {})}
        return await self.http.post(f"{AGENT}/{name}", json=body, headers=headers, **more)

    async def status(self, channel: str) -> dict[str, Any]:
        """The status of the sync of that channel."""
        sync_id = self.sync_id(channel)
        rows = (await self.cloud("GET", "/workers/status", params={"syncId": sync_id})).json()
        assert len(rows) == 1
        row: dict[str, Any] = rows[0]
        return row

    async def worker(self, channel: str) -> dict[str, Any]:
        """The sync of that channel as the list shows it."""
        rows = (await self.cloud("GET", "/workers")).json()
        found: list[dict[str, Any]] = [row for row in rows if row["SalesChannelName"] == channel]
        return found[0]

    async def control(self, channel: str, action: int) -> httpx.Response:
        return await self.cloud("PUT", f"/workers/{self.sync_id(channel)}", json={"Action": action})

    async def configure(self, channel: str, body: Any, version: str = "") -> httpx.Response:
        return await self.cloud("POST", f"{version}/workers/{self.sync_id(channel)}", json=body)

    async def merge(self, **tree: Any) -> httpx.Response:
        return await self.http.post("/_sim/state", json=tree)

    def sync_id(self, channel: str) -> str:
        ids: list[str] = [s.id for s in self.world.jtl.syncs.values() if s.channel == channel]
        return ids[0]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def make_erp(clock: Clock) -> AsyncIterator[Callable[..., Erp]]:
    made: list[Erp] = []

    def make(**options: Any) -> Erp:
        made.append(Erp(clock, **options))
        return made[-1]

    yield make
    for erp in made:
        await erp.http.aclose()


@pytest.fixture
def erp(make_erp: Callable[..., Erp]) -> Erp:
    return make_erp()


@pytest.fixture
def still(make_erp: Callable[..., Erp]) -> Erp:
    return make_erp(still=True)


@pytest.fixture
def served() -> Any:
    with RunningSimulator(still=True) as running:
        yield running
