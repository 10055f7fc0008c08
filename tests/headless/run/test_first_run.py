"""`syncdeck run … --wait run`: it ends by the result of the first run after a start or restart."""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.drivers.command import Finished, Run, trail
from tests.drivers.console import write_config
from tests.drivers.fake_time import FakeTime
from tests.drivers.raw_answers import RawAnswers
from tests.drivers.simulator import RunningSimulator
from tests.headless.run.test_at_a_terminal import Desk
from tui.config.file import read
from tui.core import Core
from tui.headless.run.command import RunRequest
from tui.headless.run.command import run as run_request
from tui.launch import RunOptions
from tui.simulator.jtl.json_rows import sync_status
from tui.simulator.jtl.world import (
    DEACTIVATED,
    FAILED,
    FINISHED,
    LOCKED,
    RUNNING,
    STARTING,
    STOPPING,
)
from tui.wiring import build_core

Waited = Callable[..., Finished]
STATUS = r"GET .*/workers/status"


@pytest.fixture
def erp(unstarted: RunningSimulator, raw: RawAnswers) -> Iterator[RunningSimulator]:
    with unstarted as running:
        running.state(jtl={"control_delay": 3_600})
        yield running


@pytest.fixture
def waited(erp: RunningSimulator, raw: RawAnswers, capsys: pytest.CaptureFixture[str]) -> Waited:
    """Restart or start Temu DE from state `before`; each pause brings the next of `states`, a number or
    a pair with the message, and takes `apart` seconds. Their statuses are `dated` so many seconds after
    the first, one each; by default none is newer.
    """
    time, file = FakeTime(), read(write_config(erp))
    sync = erp.world.jtl.syncs[erp.worker_id("Temu DE")]
    row = sync_status(erp.world.jtl, sync, erp.world.seen_at)

    def reports(state: int, text: str = "", dated: float = 0.0) -> None:
        at = (datetime.fromisoformat(row["LastSync"]) + timedelta(seconds=dated)).isoformat()
        raw.answer(STATUS, [row | {"State": state, "ProgressText": text, "LastSync": at}])

    def waited(
        before: int,
        *states: int | tuple[int, str],
        operation: str = "worker.restart",
        apart: float = 5,
        as_json: bool = False,
        limit: float = 900,
        dated: tuple[float, ...] = (),
    ) -> Finished:
        left, times = iter(states), iter(dated)

        async def sleep(seconds: float) -> None:
            match next(left, None):
                case int(state):
                    reports(state, dated=next(times, 0.0))
                case (state, text):
                    reports(state, text, next(times, 0.0))
            time.elapsed += apart

        def clock() -> datetime:
            return time.clock()

        def core() -> Core:
            return build_core(file, "sim", RunOptions())

        reports(before)
        request = RunRequest(operation, ("Temu DE",), yes=True, as_json=as_json, first_run_s=limit)
        code = run_request(request, core, clock=clock, sleep=sleep)
        said = capsys.readouterr()
        return Finished(code, said.out, said.err)

    return waited


def last(done: Finished) -> str:
    return done.out.splitlines()[-1]


def test_a_run_that_fails_is_no_recovery_although_the_restart_was_applied(
    waited: Waited, private_places: Path
) -> None:
    done = waited(FAILED, STOPPING, STARTING, RUNNING, RUNNING, (FAILED, "disk\nfull"))
    assert done.code == 1
    assert last(done) == (
        "applied · Temu · Temu DE: restarted 03:00 · run ended 03:00:25: error disk full"
    )
    effect, run = trail(private_places)[2:]
    assert (effect["result"], run["result"]) == ("applied", "applied")
    assert "now running" in effect["sentence"]
    assert run["sentence"].endswith("run ended 03:00:25: error disk full")


@pytest.mark.parametrize(
    ("before", "ends"), [(FAILED, " · recovered"), (LOCKED, " · recovered"), (FINISHED, "")]
)
def test_only_a_good_run_of_what_did_not_work_is_a_recovery(
    waited: Waited, before: int, ends: str
) -> None:
    done = waited(before, STOPPING, STARTING, RUNNING, FINISHED)
    assert done.code == 0
    assert last(done).endswith(f"restarted 03:00 · run ended 03:00:20: ok{ends}")


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ((RUNNING, DEACTIVATED), "now off; no run was seen to end"),
        ((RUNNING, 9), "state 9 after 1m; no run was seen to end"),
        ((RUNNING,), "running after 1m; no run was seen to end"),
        ((FINISHED,), "ok after 1m; no run was seen to end"),
    ],
    ids=["stopped", "unlisted", "long", "too short"],
)
def test_what_was_not_seen_is_said_as_not_seen(
    waited: Waited, states: tuple[int, ...], said: str
) -> None:
    done = waited(FAILED, STOPPING, STARTING, *states, limit=60)
    assert done.code == 1
    assert last(done).endswith(f"restarted 03:00 · {said}")
    assert "recovered" not in done.out


SHORT = "run ended by 03:00:15, too short to be seen: "


@pytest.mark.parametrize(
    ("before", "end", "said", "code"),
    [
        (FAILED, (FINISHED, "7 orders"), f"{SHORT}ok · recovered", 0),
        (FINISHED, (FINISHED, ""), f"{SHORT}ok", 0),
        (FAILED, (FAILED, "disk full"), f"{SHORT}error disk full", 1),
    ],
)
def test_a_run_between_two_polls_counts_where_the_restart_certainly_began_it(
    waited: Waited, before: int, end: tuple[int, str], said: str, code: int
) -> None:
    """It was seen starting, and the status is newer."""
    done = waited(before, STOPPING, STARTING, end, limit=60, dated=(1, 6, 11))
    assert done.code == code
    assert last(done).endswith(f"restarted 03:00 · {said}")


def test_a_lock_is_ended_only_by_a_run_after_the_start(waited: Waited) -> None:
    done = waited(LOCKED, FINISHED, operation="worker.start", limit=60, dated=(3,))
    assert done.code == 0
    assert last(done).endswith("run ended by 03:00:05, too short to be seen: ok · recovered")


@pytest.mark.parametrize(
    ("before", "states", "dated", "apart"),
    [
        (FAILED, (STOPPING, FINISHED), (1, 6), 5),
        (FAILED, (STOPPING, STARTING, FINISHED), (1, 6, 6), 40),
        (FAILED, (STOPPING, STARTING, FINISHED), (6, 6, 1), 5),
        (FAILED, (STOPPING, STARTING, FINISHED), (), 5),
        (DEACTIVATED, (FINISHED,), (3,), 5),
    ],
    ids=["a run that the stop let end", "a gap", "an older status", "no new status", "waits only"],
)
def test_a_good_state_whose_run_may_be_another_is_unknown(
    waited: Waited, before: int, states: tuple[int, ...], dated: tuple[float, ...], apart: float
) -> None:
    """A scheduled run, one from before, or none at all."""
    operation = "worker.start" if before == DEACTIVATED else "worker.restart"
    done = waited(before, *states, operation=operation, limit=60, dated=dated, apart=apart)
    assert done.code == 1
    assert last(done).endswith("; no run was seen to end")
    assert "recovered" not in done.out


def test_after_a_gap_a_good_state_is_no_run_that_was_seen(waited: Waited) -> None:
    """In a minute without a response several runs may have ended."""
    done = waited(FAILED, STOPPING, STARTING, RUNNING, FINISHED, apart=40, limit=100)
    assert done.code == 1
    assert last(done).endswith("ok after 1m; no run was seen to end")


def test_a_lock_is_not_waited_for(waited: Waited) -> None:
    done = waited(DEACTIVATED, STARTING, (LOCKED, "account locked"), RUNNING, operation="worker.start")
    assert done.code == 1
    assert last(done) == "applied · Temu · Temu DE: now locked: account locked"


@pytest.mark.parametrize(
    ("end", "run"),
    [
        ((FINISHED, "7 orders"), {"result": "ok", "state": "ok", "message": None, "recovered": True}),
        (
            (FAILED, "401"),
            {"result": "failed", "state": "error", "message": "401", "recovered": False},
        ),
    ],
)
def test_the_document_says_how_the_run_ended(
    waited: Waited, end: tuple[int, str], run: dict[str, object]
) -> None:
    (result,) = json.loads(waited(FAILED, STOPPING, STARTING, RUNNING, end, as_json=True).out)["results"]
    assert result["result"] == "applied"
    assert result["run"] == run | {"seen_at": "2026-03-01T03:00:20Z"}


def test_a_person_is_told_once_what_is_waited_for_and_a_script_is_not(
    waited: Waited, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = (STOPPING, STARTING, RUNNING, RUNNING, FINISHED)
    assert "waiting" not in waited(FAILED, *states).err
    desk = Desk()
    monkeypatch.setattr(sys, "stderr", desk.writer)
    assert "waiting" not in waited(FAILED, *states).out
    said = "syncdeck: waiting at most 15m for the effect and for the first run to end\n"
    assert desk.said().count(said) == 1


def test_it_belongs_to_a_start_or_restart(erp: RunningSimulator, run: Run) -> None:
    done = run("worker.stop", "Temu DE", "--yes", "--wait", "run")
    assert done.code == 2
    assert "--wait run is for worker.start and worker.restart" in done.err
    assert erp.received("PUT") == []
    for wrong in (("--wait", "effect"), ("--wait", "run:5"), ("--no-wait", "--wait", "run")):
        assert run("worker.start", "Temu DE", "--yes", *wrong).code == 2


def test_the_limit_holds_for_the_effect_as_well(waited: Waited) -> None:
    done = waited(FAILED, apart=5, limit=10)
    assert done.code == 1
    assert "accepted, but still error" in last(done)
    assert last(done).endswith(" after 10s")


def test_what_somebody_else_stopped_meanwhile_is_not_still_off(waited: Waited) -> None:
    done = waited(FINISHED, RUNNING, DEACTIVATED, limit=10)
    assert last(done).endswith("accepted, but now off after 10s")
