"""What happens to one target, or to the output, does not end a maintenance in the middle."""

import subprocess

from tests.drivers.command import Run, command
from tests.drivers.simulator import RunningSimulator
from tests.headless.maintenance.conftest import OFF, Operator
from tui.cli.main import PIPE_CLOSED
from tui.domain.maintenance.records import SetState
from tui.ops.execution.bulk_run import AT_ONCE

EVERY = "kind:sync !sync:Datenbankpflege"
SURE = ("--yes", "--profile", "sim")
FOUR = ("Temu DE", "Amazon DE", "Amazon FR", "Otto Market")


def test_an_expired_token_costs_one_target_not_the_rest(
    operator: Operator, erp: RunningSimulator, syncs: list[str]
) -> None:
    erp.fault("PUT .*/workers=expired*1")
    opened = operator.open(EVERY)
    failed = opened.out.count("failed · ")
    assert 1 <= failed <= AT_ONCE
    assert opened.out.count("it was renewed since") >= failed
    assert [operator.state_of(one) for one in syncs].count(OFF) == len(syncs) - failed
    assert len(operator.stops()) == len(syncs)
    again = operator.go_on()
    assert again.code == 0, again
    assert len(operator.stops()) == len(syncs) + failed
    assert [operator.state_of(one) for one in syncs] == [OFF] * len(syncs)


def test_nor_do_the_targets_of_run_that_follow(
    operator: Operator, erp: RunningSimulator, run: Run
) -> None:
    erp.fault("PUT .*/workers=expired*1")
    done = run("worker.stop", *FOUR, "--yes", "--no-wait")
    assert len(operator.stops()) == len(FOUR)
    assert [line.partition(" ")[0].rstrip(":") for line in done.out.splitlines()].count("failed") == 1


def started(*arguments: str) -> subprocess.Popen[str]:
    act = command("maintenance", *arguments)
    return subprocess.Popen(act, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str], lines: int) -> str:
    """Read so many lines of its output, close it, and wait for its end; returns its errors."""
    assert process.stdout is not None
    for _ in range(lines):
        process.stdout.readline()
    process.stdout.close()
    _, said = process.communicate(timeout=60)
    assert process.returncode == PIPE_CLOSED, said
    return said


def test_a_closed_output_does_not_end_it(
    operator: Operator, erp: RunningSimulator, syncs: list[str]
) -> None:
    erp.fault("PUT .*/workers=slow:0.2")
    terms = ("--target", EVERY, "--reason", "a story", "--until", "2h", *SURE)
    # A headline, a line for each, and a sum.
    assert ended(started("open", "nightly", *terms), lines=len(syncs) + 2) == ""
    assert sorted(operator.stops()) == sorted(syncs)
    assert ended(started("close", "nightly", *SURE), lines=len(syncs) + 1) == ""
    assert sorted(operator.starts()) == sorted(syncs)
    assert operator.noted().state is SetState.CLOSED


def test_a_plan_that_nobody_could_read_is_not_carried_out(operator: Operator) -> None:
    terms = ("--target", EVERY, "--reason", "a story", "--until", "2h", *SURE)
    said = ended(started("open", "nightly", *terms), lines=0)
    assert said.startswith("syncdeck: nothing was sent: the output was closed")
    assert operator.stops() == []


def test_what_the_server_never_lets_be_stopped_is_left(
    operator: Operator, erp: RunningSimulator, syncs: list[str]
) -> None:
    opened = operator.open("kind:sync")
    assert opened.code == 0, opened
    assert "left · Datenbankpflege · eazybusiness: it cannot be stopped: " in opened.out
    assert operator.noted().state is SetState.OPEN
    assert operator.open("kind:sync").code == 2
    closed = operator.close()
    assert closed.code == 0, closed
    assert sorted(operator.starts()) == sorted(syncs)
