"""A working day of polling on a clock of its own: at its end the console holds what it held in the
morning.
"""

import asyncio
import gc
import tracemalloc
from dataclasses import replace
from itertools import cycle

from tests.drivers.fake_time import FakeTime
from tests.drivers.scripted_service import ScriptedService, down
from tui.api.errors import ServerFailed
from tui.domain.jtl.extensions import Extension, ExtensionPage
from tui.domain.jtl.workers import WorkerStatus
from tui.domain.profile import System
from tui.domain.superoffice.sync_log import SyncLogEntry, SyncLogPage
from tui.store.poller import Poller
from tui.store.snapshot import Topic
from tui.store.store import Store

EVERY = {Topic.WORKERS: 30.0, Topic.EXTENSIONS: 120.0, Topic.ENGINE: 60.0, Topic.CONNECTIONS: 240.0}
HOUR = 3_600.0
MAY_GROW = 50_000
"""Bytes; eight hours of one small leak a poll are several times as much."""


class Day:
    """A system that works, changes, fails and recovers, and whoever looks at it."""

    def __init__(self) -> None:
        self.time, self.service, self.store = FakeTime(), ScriptedService(), Store()
        self.heard = 0
        self.store.subscribe(self._hear)
        self.poller = Poller(
            self.service,
            self.store,
            EVERY,
            clock=self.time.clock,
            monotonic=self.time.monotonic,
            sleep=self.time.sleep,
            jitter=lambda low, high: (low + high) / 2,
        )
        self._states = cycle((2, 3, 4, 1))

    def _hear(self, _topic: Topic) -> None:
        self.heard += 1

    async def hour(self, number: int) -> None:
        """The next one: half of it well, a quarter down, a quarter of it in errors of other kinds."""
        service, mark = self.service, f"hour {number}"
        for part in range(12):
            service.status = WorkerStatus("a1", next(self._states), f"{mark} part {part}")
            service.engine = replace(service.engine, running=part % 2 == 0, message=f"{mark}, {part}")
            rows = tuple(Extension(f"e{row}", f"{mark} {part} {row}") for row in range(50))
            service.pages = [ExtensionPage(rows, 1, 1, True)]
            service.log = {"": SyncLogPage((SyncLogEntry("7", field=f"{mark} {part}"),))}
            service.failing = {}
            if part in (6, 7, 8):
                service.failing = dict.fromkeys(("workers", "status", "engine"), down(f"{mark} {part}"))
            if part in (9, 10):
                refused = ServerFailed(
                    system=System.JTL, sentence=f"failed in {mark} {part}", next_step="wait"
                )
                service.failing = {"extensions": refused, "workers": refused}
            self.poller.show(frozenset(list(Topic)[part % 3 :: 3]) | {Topic.ENGINE})
            self.poller.refresh(Topic.SYNC_LOG)
            if part == 11:
                self.poller.pause(True)
                self.poller.pause(False)
            await self.time.advance(HOUR / 12)
            service.calls.clear()
            self.time.asked.clear()


def held() -> int:
    """Bytes, after everything that can go has gone."""
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


async def test_memory_and_tasks_are_flat_over_a_working_day() -> None:
    day = Day()
    day.poller.start()
    # The observations of the engine are full after that.
    for number in range(20):
        await day.hour(number)
    tracemalloc.start()
    try:
        await day.hour(20)
        before, tasks = held(), len(asyncio.all_tasks())
        for number in range(21, 29):
            await day.hour(number)
        grown = held() - before
    finally:
        tracemalloc.stop()
    assert grown < MAY_GROW
    assert len(asyncio.all_tasks()) == tasks
    assert len(day.store.observations()) == 200
    assert day.heard > 1_000
    await day.poller.aclose()
