"""D6: a rate limit that is used up holds back polls, never what belongs to a confirmed write."""

from collections.abc import Iterator

import pytest

from tests.drivers.command import Run
from tests.drivers.simulator import RunningSimulator


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        running.state(jtl={"control_delay": 0})
        yield running


def use_up(erp: RunningSimulator) -> None:
    """From now on every response says that nothing remains."""
    erp.world.jtl.calls_this_minute = 1_000_000


def test_d6_a_stop_is_sent_and_its_effect_seen(erp: RunningSimulator, run: Run) -> None:
    run("worker.stop", "Temu DE", "--dry-run")
    use_up(erp)
    done = run("worker.stop", "Temu DE", "--yes")
    assert done.code == 0, done.err
    [request] = erp.received("PUT", "/workers/")
    assert request["body"] == {"Action": 1}
    assert done.out.splitlines()[-1] == "applied · Temu · Temu DE: now off"


def test_d6_so_is_a_change_whose_token_ended_meanwhile(erp: RunningSimulator, run: Run) -> None:
    use_up(erp)
    erp.fault("GET .*/workers$=status:401*1")
    done = run("configure", "Temu DE", "--set", "interval=10m", "--yes")
    assert done.code == 0, done.err
    assert len(erp.received("POST", "/oauth2/token")) == 2
    assert len(erp.received("POST", "/workers/")) == 1


def test_d6_a_lost_response_is_looked_after(erp: RunningSimulator, run: Run) -> None:
    use_up(erp)
    erp.fault("POST .*/workers/=lost*1")
    done = run("configure", "Temu DE", "--set", "interval=10m", "--yes")
    assert done.code == 0, done.out + done.err
    assert len(erp.received("POST", "/workers/")) == 1
    assert "checked: applied" in done.out


def test_d6_a_429_for_the_write_itself_is_a_failure_that_is_not_repeated(
    erp: RunningSimulator, run: Run
) -> None:
    erp.fault("PUT .*/workers/=status:429,17")
    done = run("worker.stop", "Temu DE", "--yes")
    assert done.code == 3
    assert len(erp.received("PUT", "/workers/")) == 1
    assert "failed · Temu · Temu DE" in done.out
    assert "(429)" in done.out
    assert "Try again in 17s" in done.out
    assert "by itself" not in done.out


def test_d6_a_429_for_the_read_before_it_sends_nothing(erp: RunningSimulator, run: Run) -> None:
    erp.fault("GET .*/extensions/[^/]+$=status:429,17")
    done = run("delete", "de.muster.bundle-planer-2", "--yes", "--profile", "sim")
    assert done.code == 3
    assert erp.received("DELETE") == []
    assert "nothing was sent" in done.out
    assert "Try again in 17s" in done.out
