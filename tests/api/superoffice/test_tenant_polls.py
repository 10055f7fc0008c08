"""The poller on a real tenant: it slows down while the tenant does not run, and goes on by itself."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.api.conftest import Open, Profiles
from tests.drivers.fake_time import FakeTime
from tests.drivers.simulator import PATIENCE, RunningSimulator
from tui.api.errors import TenantUnavailable
from tui.store.poller import Poller
from tui.store.snapshot import Topic
from tui.store.store import Store


class Paused(FakeTime):
    """A fake time that tells of every pause as it begins."""

    def __init__(self) -> None:
        super().__init__()
        self._begun: asyncio.Queue[float] = asyncio.Queue()

    async def sleep(self, delay: float) -> None:
        self._begun.put_nowait(delay)
        await super().sleep(delay)

    async def pause(self) -> float:
        """Seconds of the next pause, once it has begun."""
        return await asyncio.wait_for(self._begun.get(), PATIENCE)


@pytest.fixture
def time() -> Paused:
    return Paused()


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
async def poller(
    erp: RunningSimulator, open_service: Open, profiles: Profiles, store: Store, time: Paused
) -> AsyncIterator[Poller]:
    erp.state(superoffice={"tenant_state": "Suspended", "moved": False})
    made = Poller(
        open_service(None, profiles.online()),
        store,
        {Topic.ENGINE: 10.0},
        clock=time.clock,
        monotonic=time.monotonic,
        sleep=time.sleep,
        jitter=lambda low, high: (low + high) / 2,
    )
    yield made
    await made.aclose()
    erp.state(superoffice={"tenant_state": "Running"})


async def test_polls_wait_as_long_as_the_state_is_valid_and_go_on_when_it_runs(
    erp: RunningSimulator, store: Store, time: Paused, poller: Poller
) -> None:
    poller.start()
    pause = await time.pause()
    assert pause == pytest.approx(60, abs=2)
    assert isinstance(store.snapshot(Topic.ENGINE).error, TenantUnavailable)
    erp.state(superoffice={"tenant_state": "Running"})
    await time.advance(pause)
    assert await time.pause() == 10
    assert store.snapshot(Topic.ENGINE).error is None


async def test_r_asks_at_once_while_polls_wait(
    erp: RunningSimulator, store: Store, time: Paused, poller: Poller
) -> None:
    poller.start()
    await time.pause()
    erp.state(superoffice={"tenant_state": "Running"})
    poller.refresh(Topic.ENGINE)
    assert await time.pause() == 10
    assert store.snapshot(Topic.ENGINE).error is None
    assert time.elapsed == 0
