"""A start or stop by hand whose outcome nobody knows holds back what it would undo, as a step of a
maintenance does."""

import pytest

from tests.drivers.simulator import RunningSimulator
from tests.headless.maintenance.conftest import OFF, OFF_BEFORE, OK, Operator
from tui.domain.maintenance.records import SetState
from tui.headless.run.command import RunRequest, run

FR = 'name:"Amazon FR"'
SLOW = 100_000


def by_hand(operator: Operator, operation: str, *channels: str) -> int:
    targets = tuple(f"id:{operator.erp.worker_id(one)}" for one in channels)
    request = RunRequest(operation, targets, yes=True, no_wait=True)
    return run(request, operator.core, clock=operator.clock, sleep=operator.sleep)


@pytest.fixture
def slow(erp: RunningSimulator) -> RunningSimulator:
    """A server that takes long, and whose next response is lost."""
    erp.state(jtl={"control_delay": SLOW})
    erp.fault("PUT .*/workers/=lost*1")
    return erp


def test_the_opposite_and_the_same_wait_and_other_targets_do_not(
    operator: Operator, slow: RunningSimulator, capsys: pytest.CaptureFixture[str]
) -> None:
    assert by_hand(operator, "worker.stop", "Amazon FR") == 1
    assert by_hand(operator, "worker.start", "Amazon FR", "Amazon DE") == 2
    assert "has an unknown result, and may take effect yet" in capsys.readouterr().out
    assert operator.starts() == ["Amazon DE"]
    assert by_hand(operator, "worker.stop", "Amazon FR") == 2
    assert operator.stops() == ["Amazon FR"]
    operator.wait(130)
    assert by_hand(operator, "worker.start", "Amazon FR") == 0
    assert operator.starts() == ["Amazon DE", "Amazon FR"]


def test_a_maintenance_opened_right_after_it_stops_nothing_yet(
    operator: Operator, slow: RunningSimulator
) -> None:
    assert by_hand(operator, "worker.restart", "Amazon FR") == 1
    opened = operator.open(FR)
    assert opened.code == 1, opened
    assert "may take effect yet. Try again after " in opened.err
    assert operator.stops() == []
    slow.state(jtl={"control_delay": 0})
    operator.wait(130)
    assert operator.open(FR).code == 0
    assert operator.stops() == ["Amazon FR"]


def test_closing_starts_what_a_start_by_hand_may_start_only_after_it(
    operator: Operator, erp: RunningSimulator
) -> None:
    assert operator.open(FR).code == 0
    erp.state(jtl={"control_delay": SLOW})
    erp.fault("PUT .*/workers/=lost*1")
    assert by_hand(operator, "worker.start", "Amazon FR") == 1
    closed = operator.close()
    assert closed.code == 1, closed
    assert operator.starts() == ["Amazon FR"]
    assert operator.noted().state is SetState.PARTLY
    erp.state(jtl={"control_delay": 0})
    operator.wait(130)
    assert operator.close().code == 0
    assert operator.starts() == ["Amazon FR", "Amazon FR"]


def test_a_stop_of_a_maintenance_that_was_seen_off_and_started_since_holds_nothing_again(
    operator: Operator, erp: RunningSimulator
) -> None:
    erp.state(jtl={"control_delay": SLOW})
    assert operator.open(FR).code == 1
    assert by_hand(operator, "worker.restart", "Amazon FR") == 2
    # Its effect comes once nobody waits for it any more.
    operator.is_now("Amazon FR", OFF)
    erp.state(jtl={"control_delay": 0})
    assert by_hand(operator, "worker.start", "Amazon FR") == 0
    operator.wait(5)
    assert by_hand(operator, "worker.restart", "Amazon FR") == 0


def test_what_is_seen_to_have_taken_effect_holds_nothing(
    operator: Operator, erp: RunningSimulator
) -> None:
    erp.fault("PUT .*/workers/=lost*1")
    assert by_hand(operator, "worker.start", OFF_BEFORE) == 1
    assert operator.state_of(OFF_BEFORE) != OFF
    assert by_hand(operator, "worker.stop", OFF_BEFORE) == 0


@pytest.mark.parametrize("has_arrived", [True, False])
def test_what_is_off_and_may_be_started_yet_is_not_left_but_looked_at_by_going_on(
    operator: Operator, slow: RunningSimulator, has_arrived: bool
) -> None:
    assert by_hand(operator, "worker.start", OFF_BEFORE) == 1
    slow.state(jtl={"control_delay": 0})
    opened = operator.open(FR, f'name:"{OFF_BEFORE}"')
    assert opened.code == 1, opened
    assert f"{OFF_BEFORE} · off: it is off, and a start at " in opened.out
    assert "may take effect yet. Try again after " in opened.err
    assert [one.name.endswith(OFF_BEFORE) for one in operator.noted().not_stopped] == [True]
    if has_arrived:
        operator.is_now(OFF_BEFORE, OK)
    operator.wait(130)
    assert operator.go_on().code == 0
    assert operator.stops() == ["Amazon FR", *([OFF_BEFORE] if has_arrived else [])]
    assert [bool(one.left) for one in operator.noted().targets] == [False, not has_arrived]


@pytest.mark.parametrize("by_toggle", [True, False])
def test_a_start_that_was_accepted_and_a_toggle_are_waited_for_as_well(
    operator: Operator, erp: RunningSimulator, by_toggle: bool
) -> None:
    if by_toggle:
        erp.state(superoffice={"connections": {"1": {"active": False}}})
        erp.fault("POST .*ToggleErpConnectionActive=status:504*1")
        begun = RunRequest("connection.toggle", ("id:1",), yes=True, no_wait=True)
    else:
        erp.state(jtl={"control_delay": SLOW})
        target = f"id:{erp.worker_id(OFF_BEFORE)}"
        begun = RunRequest("worker.start", (target,), yes=True, no_wait=True)
    run(begun, operator.core, clock=operator.clock, sleep=operator.sleep)
    opened = operator.open("kind:connection id:1" if by_toggle else f'name:"{OFF_BEFORE}"')
    assert opened.code == 1, opened
    assert "  wait  " in opened.out
