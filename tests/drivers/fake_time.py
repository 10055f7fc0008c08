"""Clocks, sleeps and deadlines that only move when a test says so."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

START = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
_TURNS = 25
"""Turns of the event loop after which everything that was woken has come to rest."""


class FakeTime:
    """Hand `clock`, `monotonic` and `sleep` to what is tested; move with `advance`."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        self.asked: list[float] = []
        """Every delay that was slept for, in order."""
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def clock(self) -> datetime:
        return START + timedelta(seconds=self.elapsed)

    def monotonic(self) -> float:
        return 1_000.0 + self.elapsed

    async def sleep(self, delay: float) -> None:
        self.asked.append(delay)
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.elapsed + delay, woken))
        await woken

    async def settle(self) -> None:
        """Let everything that can run, run."""
        for _ in range(_TURNS):
            await asyncio.sleep(0)

    async def advance(self, seconds: float) -> None:
        """Let time pass, waking sleepers one after the other at their own times."""
        end = self.elapsed + seconds
        await self.settle()
        while due := self._due(end):
            self.elapsed = max(self.elapsed, due[0])
            self._sleepers.remove(due)
            if not due[1].done():
                due[1].set_result(None)
            await self.settle()
        self.elapsed = end

    def _due(self, end: float) -> tuple[float, asyncio.Future[None]] | None:
        self._sleepers = [sleeper for sleeper in self._sleepers if not sleeper[1].done()]
        waiting = [sleeper for sleeper in self._sleepers if sleeper[0] <= end]
        return min(waiting, key=lambda sleeper: sleeper[0]) if waiting else None


class LoopTime:
    """The running event loop's clock: deadlines of `asyncio.timeout` pass without any waiting."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        loop = asyncio.get_running_loop()
        self._now = loop.time()
        monkeypatch.setattr(loop, "time", lambda: self._now)

    async def advance(self, seconds: float) -> None:
        """Let what can run run, move the clock, and let run what became due."""
        await FakeTime().settle()
        self._now += seconds
        await FakeTime().settle()
