"""The event loop's own clock, moved by hand: deadlines of `asyncio.timeout` pass without any waiting."""

import asyncio

import pytest

from tests.drivers.fake_time import FakeTime


class LoopTime:
    """Use inside a running loop; `advance` makes its timers due."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        loop = asyncio.get_running_loop()
        self._now = loop.time()
        monkeypatch.setattr(loop, "time", lambda: self._now)

    async def advance(self, seconds: float) -> None:
        """Let what can run run, move the clock, and let run what became due."""
        await FakeTime().settle()
        self._now += seconds
        await FakeTime().settle()
