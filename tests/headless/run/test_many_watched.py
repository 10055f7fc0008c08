"""What `syncdeck run` requests while it waits for the effect on several targets, and what proves it."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.command import Run, trail
from tests.drivers.console import write_config
from tests.drivers.fake_time import FakeTime
from tests.drivers.raw_answers import RawAnswers
from tests.drivers.simulator import RunningSimulator
from tests.headless.history.recorder import until
from tui.config.file import read
from tui.headless.run.command import RunRequest
from tui.headless.run.command import run as run_request
from tui.launch import RunOptions
from tui.simulator.jtl.json_rows import sync_status
from tui.simulator.jtl.world import RUNNING, STARTING, STOPPING
from tui.wiring import build_core

TARGETS = ("Temu DE", "Amazon DE", "Amazon FR", "Hauptshop")


@pytest.fixture
def erp(unstarted: RunningSimulator, raw: RawAnswers) -> Iterator[RunningSimulator]:
    with unstarted as running:
        running.state(jtl={"control_delay": 3_600})
        yield running


def test_l2_all_watched_targets_share_one_status_request_a_poll(
    erp: RunningSimulator, capsys: pytest.CaptureFixture[str], private_places: Path
) -> None:
    time, file = FakeTime(), read(write_config(erp))
    polls: list[int] = []

    def all_have_outcomes() -> bool:
        return [one["record"] for one in trail(private_places)].count("outcome") == len(TARGETS)

    async def sleep(seconds: float) -> None:
        # From then on all are watched: none begins, and ends, later than the others.
        await asyncio.to_thread(until, all_have_outcomes)
        await time.settle()
        time.elapsed += 20 * seconds
        polls.append(len(erp.received("GET", "/workers/status")))

    def clock() -> datetime:
        return time.clock()

    request = RunRequest("worker.restart", TARGETS, yes=True)
    code = run_request(request, lambda: build_core(file, "sim", RunOptions()), clock=clock, sleep=sleep)
    assert code == 1
    assert capsys.readouterr().out.count("still") == len(TARGETS)
    # A poll takes twenty seconds here, and the deadline is a minute: for all together, not for each.
    assert 3 <= len(polls) <= 5
    assert polls == list(range(polls[0], polls[0] + len(polls)))
    assert len(erp.received("GET", "/workers/status")) == polls[-1] + 1


def test_l10_a_restart_is_confirmed_by_the_states_on_the_way(
    erp: RunningSimulator, raw: RawAnswers, run_slowly: Run
) -> None:
    sync = erp.world.jtl.syncs[erp.worker_id("Temu DE")]
    erp.state(jtl={"workers": {"Temu DE": {"state": RUNNING}}})
    before = sync_status(erp.world.jtl, sync, erp.world.seen_at)
    states = iter([STOPPING, STARTING, RUNNING])

    def reports(state: int) -> Any:
        return raw.answer(r"GET .*/workers/status", [before | {"State": state}])

    reports(RUNNING)
    done = run_slowly("worker.restart", "Temu DE", lambda: reports(next(states)))
    assert (done.code, done.out.splitlines()[-1]) == (0, "applied · Temu · Temu DE: now running")
