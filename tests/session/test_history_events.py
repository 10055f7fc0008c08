"""A maintenance stands in the history, whichever program opened it and whether or not one records."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.drivers.console import write_config
from tests.drivers.fake_time import FakeTime
from tests.drivers.simulator import RunningSimulator
from tui.config.file import read
from tui.domain.history.records import EventKind
from tui.history_access import open_history
from tui.launch import RunOptions
from tui.ops.maintenance.planning import OpeningPlan, plan_opening
from tui.session.maintenance.beginning import Beginning, Terms
from tui.session.maintenance.run import MaintenanceRun
from tui.wiring import build_core


@pytest.fixture
def erp(private_places: Path) -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        running.state(jtl={"control_delay": 0})
        yield running


@pytest.mark.parametrize(("lasts", "end"), [(2, "05:00"), (26, "03-02 05:00")])
async def test_opening_a_maintenance_is_an_event_with_its_reason_and_one_with_its_result(
    erp: RunningSimulator, lasts: int, end: str
) -> None:
    file, time = read(write_config(erp, history=True)), FakeTime()

    async def sleep(seconds: float) -> None:
        erp.state(jtl={"workers": {"Hauptshop": {"state": 7}}})
        time.elapsed += seconds

    core = build_core(file, "sim", RunOptions())
    plan = await plan_opening(core.guard, "nightly", ("channel:Hauptshop",))
    assert isinstance(plan, OpeningPlan)
    now = datetime.now(UTC)
    terms = Terms("database update", time.clock() + timedelta(hours=lasts))
    run = await Beginning(core, time.clock, sleep).opening(plan, terms)
    assert isinstance(run, MaintenanceRun)
    await run.open()
    await run.open()
    assert core.late_history is not None
    assert core.late_history.made is None, "a command must not begin to record"
    await core.aclose()
    events = open_history(file, "sim").events(now - timedelta(hours=1), now + timedelta(hours=1))
    begins, ended, again, _ = [event for event in events if event.kind is EventKind.MAINTENANCE]
    assert begins.text == f"nightly begins: database update · until {end} UTC"
    assert (ended.text, ended.ref) == ("nightly: 1 stopped", run.one.id)
    assert again.text == f"nightly goes on: database update · until {end} UTC", "it begins once"
    assert begins.user == run.one.user
