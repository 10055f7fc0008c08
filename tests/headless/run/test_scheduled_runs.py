"""A waiting sync whose next run begins by schedule, after a request that the server dropped."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drivers.command import Run, trail
from tests.drivers.simulator import RunningSimulator


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        running.state(jtl={"control_delay": 3_600})
        yield running


@pytest.mark.parametrize(("operation", "seen"), [("worker.restart", "stop"), ("worker.start", "start")])
def test_d_a_run_by_schedule_is_no_effect_of_a_request(
    erp: RunningSimulator, run_slowly: Run, private_places: Path, operation: str, seen: str
) -> None:
    def runs() -> None:
        erp.state(jtl={"workers": {"B2B-Shop": {"state": 2}}})

    done = run_slowly(operation, "B2B-Shop", runs)
    assert done.code == 1
    assert done.out.splitlines()[-1] == (
        f"accepted · Shop · B2B-Shop: accepted; running after 1m, it was not seen to {seen}:"
        " this may be a scheduled run"
    )
    assert trail(private_places)[-1]["result"] == "accepted"
