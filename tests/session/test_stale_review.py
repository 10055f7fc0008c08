"""A review of a maintenance that somebody else works on meanwhile decides nothing any more; over real
HTTP."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.drivers.simulator import RunningSimulator
from tests.headless.maintenance.conftest import LOCKED, OFF, OK
from tests.session.test_maintenance import Console, opened
from tui.domain.maintenance.records import Maintenance, SetState
from tui.ops.maintenance.planning import ClosingPlan
from tui.ops.refusal import Refusal
from tui.session.maintenance.run import MaintenanceRun


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        running.state(jtl={"control_delay": 0, "workers": {"*": {"state": OK, "locked": False}}})
        yield running


@pytest.fixture
async def first(erp: RunningSimulator) -> AsyncIterator[Console]:
    one = Console(erp)
    yield one
    await one.session.aclose()


@pytest.fixture
async def one(first: Console, erp: RunningSimulator) -> Maintenance:
    """Half open: Amazon FR could not be stopped."""
    erp.fault(f"PUT .*/{erp.worker_id('Amazon FR')}=status:409")
    run = await opened(first)
    assert not run.is_well
    erp.clear_faults()
    return noted(first)


@pytest.fixture
async def second(one: Maintenance, erp: RunningSimulator) -> AsyncIterator[Console]:
    """Another console, which finds it."""
    console = Console(erp)
    yield console
    await console.session.aclose()


def noted(console: Console) -> Maintenance:
    assert console.core.maintenances is not None
    (one,) = console.core.maintenances.read().items
    return one


async def planned(console: Console, one: Maintenance) -> ClosingPlan:
    plan = await console.view.plan_closing(one)
    assert isinstance(plan, ClosingPlan), plan
    return plan


def state_of(erp: RunningSimulator, channel: str) -> int:
    workers = erp.state()["jtl"]["workers"]
    return next(one["state"] for one in workers if one["channel"] == channel)


async def test_f1_closing_by_a_stale_review_forgets_nothing_that_was_stopped_since(
    first: Console, second: Console, one: Maintenance, erp: RunningSimulator
) -> None:
    plan = await planned(first, one)
    await second.ended(await second.view.go_on(one))
    before = noted(second)
    erp.clear_log()
    refused = await first.view.close(plan)
    assert isinstance(refused, Refusal), refused
    assert refused.sentence == "changed since the review: Amazon · Amazon FR: stop applied"
    assert refused.next_step == "Nothing was sent. Open the review again"
    assert first.controls() == []
    assert noted(first) == before
    # The review that is opened again starts all of it.
    done = await second.ended(await second.view.close(await planned(second, one)))
    assert done.one.state is SetState.CLOSED
    assert sorted(first.controls()) == ["Amazon DE", "Amazon FR"]
    assert state_of(erp, "Amazon FR") != OFF


async def test_f2_an_opening_is_not_gone_on_with_once_closing_has_begun(
    first: Console, second: Console, one: Maintenance, erp: RunningSimulator
) -> None:
    erp.state(jtl={"workers": {"Amazon DE": {"state": LOCKED, "locked": True}}})
    closing = await second.ended(await second.view.close(await planned(second, one)))
    assert [target.name for target in closing.rest] == ["Amazon · Amazon DE"]
    before = noted(second)
    erp.clear_log()
    for reviewed in (one, before):
        refused = await first.view.go_on(reviewed)
        assert isinstance(refused, Refusal), refused
        assert refused.sentence == "closing nightly has begun, so nothing more is stopped"
    assert erp.received("PUT") == []
    assert noted(first) == before
    assert state_of(erp, "Amazon FR") == OK


async def test_what_was_gone_on_with_meanwhile_is_not_gone_on_with_by_a_stale_review(
    first: Console, second: Console, one: Maintenance, erp: RunningSimulator
) -> None:
    await second.ended(await second.view.go_on(one))
    before = noted(second)
    erp.clear_log()
    refused = await first.view.go_on(one)
    assert isinstance(refused, Refusal), refused
    assert "changed since the review" in refused.sentence
    assert erp.received("PUT") == []
    assert noted(first) == before


async def test_a_closing_whose_second_reading_fails_changes_nothing(
    first: Console, one: Maintenance, erp: RunningSimulator
) -> None:
    plan = await planned(first, one)
    erp.clear_log()
    erp.fault("GET .*/workers=status:500")
    refused = await first.view.close(plan)
    assert isinstance(refused, Refusal), refused
    assert erp.received("PUT") == []
    assert noted(first) == one
    erp.clear_faults()
    assert isinstance(await first.view.close(plan), MaintenanceRun)


async def test_f18_a_plan_made_again_knows_the_stops_of_going_on_as_its_own(
    first: Console, second: Console, one: Maintenance, erp: RunningSimulator
) -> None:
    """By the journal as it was first reviewed, and the audit trail of now."""
    await second.ended(await second.view.go_on(one))
    plan = await planned(second, one)
    assert plan.maintenance == noted(first)
    assert sorted(target.name for target in plan.started) == [
        "Amazon · Amazon DE",
        "Amazon · Amazon FR",
        "ErpSync engine",
    ]
    done = await second.ended(await second.view.close(plan))
    assert done.one.state is SetState.CLOSED
    assert state_of(erp, "Amazon FR") != OFF
