"""The clock is set back an hour, or a day ahead, while the console runs: it waits by another clock, so
that polling goes on at its pace, and what it says of ages is right all the time."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.drivers.fake_time import FakeTime
from tests.drivers.scripted_service import ScriptedService, down
from tui.domain.jtl.workers import ControlAction
from tui.domain.profile import System
from tui.ops.execution.state_watch import ControlWatch, EngineWatch, WatchVerdict
from tui.ops.execution.watch_time import GRACE_S
from tui.session.effect_watcher import EffectWatcher, PolledReports
from tui.store.freshness import freshness
from tui.store.poller import LONGEST_BACKOFF, Poller
from tui.store.snapshot import Topic
from tui.store.store import Store

EVERY = {Topic.WORKERS: 5.0, Topic.EXTENSIONS: 60.0, Topic.ENGINE: 10.0, Topic.CONNECTIONS: 60.0}
POLLED = tuple(topic for topic in Topic if not topic.on_demand)
SET = [timedelta(hours=-1), timedelta(days=1)]


class Machine:
    """A poller on a machine whose wall clock somebody sets."""

    def __init__(self) -> None:
        self.time, self.service, self.store = FakeTime(), ScriptedService(), Store()
        self.ahead, self.slept = timedelta(0), 0.0
        self.poller = Poller(
            self.service,
            self.store,
            EVERY,
            clock=self.clock,
            monotonic=self.time.monotonic,
            sleep=self.time.sleep,
            jitter=lambda low, high: (low + high) / 2,
            elapsed=self.elapsed,
        )

    def clock(self) -> datetime:
        return self.time.clock() + self.ahead

    def elapsed(self) -> float:
        """The clock that is never set, and goes on in sleep."""
        return self.time.elapsed + self.slept

    def chips(self) -> set[str]:
        """What the header would say of each topic."""
        return {
            freshness(
                self.store.snapshot(topic),
                self.poller.pace(topic),
                self.clock(),
                paused=False,
                elapsed=self.elapsed(),
            ).text
            for topic in POLLED
        }

    async def asked_within(self, seconds: float) -> dict[str, int]:
        self.service.calls.clear()
        await self.time.advance(seconds)
        return {call: self.service.calls.count(call) for call in sorted(set(self.service.calls))}


@pytest.fixture
async def machine() -> AsyncIterator[Machine]:
    machine = Machine()
    machine.poller.start()
    await machine.time.advance(120.5)
    yield machine
    await machine.poller.aclose()


@pytest.mark.parametrize("by", SET)
async def test_polling_goes_on_at_its_pace(machine: Machine, by: timedelta) -> None:
    before = await machine.asked_within(120)
    machine.ahead = by
    assert await machine.asked_within(120) == before
    assert before == {"connections": 2, "engine": 12, "extensions": 2, "status": 24, "workers": 24}


@pytest.mark.parametrize("by", SET)
async def test_t12_what_is_live_stays_so_however_the_clock_is_set(
    machine: Machine, by: timedelta
) -> None:
    machine.ahead = by
    assert machine.chips() == {"live"}
    await machine.time.advance(60)
    assert machine.chips() == {"live"}


@pytest.mark.parametrize("by", SET)
async def test_t12_nothing_looks_live_that_is_not_heard_of_any_more(
    machine: Machine, by: timedelta
) -> None:
    machine.poller.pause(on=True)
    await machine.time.advance(200)
    machine.ahead = by
    assert all(chip.startswith("no response for") for chip in machine.chips())


async def test_t12_after_a_sleep_of_the_machine_nothing_looks_live(machine: Machine) -> None:
    machine.ahead, machine.slept = timedelta(hours=1), 3_600
    assert machine.chips() == {"no response for 1h"}
    machine.poller.refresh()
    await machine.time.settle()
    assert machine.chips() == {"live"}


@pytest.mark.parametrize("by", SET)
async def test_a_failing_system_is_asked_again_within_the_longest_pause(
    machine: Machine, by: timedelta
) -> None:
    machine.service.failing = {call: down() for call in ("workers", "status", "engine")}
    await machine.time.advance(120)
    machine.ahead = by
    assert (await machine.asked_within(2 * LONGEST_BACKOFF + 1))["workers"] >= 1
    assert all(chip == "live" or chip.startswith("stale") for chip in machine.chips())
    machine.service.failing.clear()
    await machine.time.advance(2 * LONGEST_BACKOFF)
    assert machine.chips() == {"live"}
    await machine.time.advance(60)
    assert machine.chips() == {"live"}


async def watched(
    machine: Machine, watch: ControlWatch | EngineWatch, seconds: float
) -> list[WatchVerdict]:
    """What was told of a watch until so many seconds after the clock was set back an hour."""
    seen: list[WatchVerdict] = []
    watching = EffectWatcher(machine.clock, machine.time.sleep)
    assert watching.add(watch, seen.append)
    looking = asyncio.ensure_future(watching.poll(PolledReports(machine.store, machine.poller)))
    await machine.time.advance(5)
    machine.ahead = timedelta(hours=-1)
    await machine.time.advance(seconds)
    looking.cancel()
    return seen


@pytest.mark.parametrize("system", list(System))
async def test_what_is_watched_is_given_up_at_its_deadline(machine: Machine, system: System) -> None:
    now = machine.clock()
    watch = (
        ControlWatch(machine.service.status, now, "a1", "Temu DE", ControlAction.STOP, sent_at=now)
        if system is System.JTL
        else EngineWatch(machine.service.engine, now, False, sent_at=now)
    )
    seen = await watched(machine, watch, 120)
    assert [verdict.done for verdict in seen] == [False] * (59 + int(GRACE_S)) + [True]
    assert "no new " in seen[-1].sentence


@pytest.mark.parametrize("system", list(System))
async def test_d_no_watch_ends_by_an_answer_that_was_asked_for_before_its_deadline(
    machine: Machine, system: System
) -> None:
    now, service = machine.clock(), machine.service
    watch = (
        ControlWatch(service.status, now, "a1", "Temu DE", ControlAction.STOP, sent_at=now)
        if system is System.JTL
        else EngineWatch(service.engine, now, False, sent_at=now)
    )
    seen: list[WatchVerdict] = []
    watching = EffectWatcher(machine.clock, machine.time.sleep)
    watching.add(watch, seen.append)
    looking = asyncio.ensure_future(watching.poll(PolledReports(machine.store, machine.poller)))
    await machine.time.advance(40)
    call = "status" if system is System.JTL else "engine"
    service.held[call] = asyncio.Event()
    await machine.time.advance(30)
    assert not any(verdict.done for verdict in seen)
    service.status = replace(service.status, state=7)
    service.engine = replace(service.engine, running=False)
    service.held.pop(call).set()
    await machine.time.advance(3)
    assert seen[-1].done
    assert seen[-1].reached
    looking.cancel()
