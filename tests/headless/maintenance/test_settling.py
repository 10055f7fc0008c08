"""What is in doubt is settled by looking, and nothing is sent again that may have worked."""

from datetime import timedelta

import pytest

from tests.drivers.simulator import RunningSimulator
from tests.headless.maintenance.conftest import OFF, Before, Operator
from tests.headless.maintenance.test_doubt import killed, killed_once_accepted
from tui.domain.maintenance.records import SetState

FR = 'name:"Amazon FR"'


# A stop without a response.


def test_what_is_off_right_after_a_stop_without_a_response_was_stopped_by_it(
    operator: Operator, erp: RunningSimulator
) -> None:
    killed(operator, erp, "PUT", "/workers/", FR)
    operator.is_now("Amazon FR", OFF)
    closed = operator.close()
    assert closed.code == 0, closed
    assert "start  Amazon · Amazon FR: it went off right after our stop; it was ok before" in closed.out
    assert operator.starts() == ["Amazon FR"]


def test_going_on_takes_it_for_stopped_and_says_so(operator: Operator, erp: RunningSimulator) -> None:
    killed(operator, erp, "PUT", "/workers/", FR)
    operator.is_now("Amazon FR", OFF)
    resumed = operator.open(FR)
    assert resumed.code == 0, resumed
    assert "applied · Amazon · Amazon FR: now off" in resumed.out
    assert len(operator.stops()) == 1
    operator.wait(7_200)
    assert operator.close().code == 0
    assert operator.starts() == ["Amazon FR"]


@pytest.mark.parametrize("by", ["ours", "the server's"])
def test_what_is_seen_off_later_by_one_of_the_clocks_is_asked_for_with_both_commands(
    operator: Operator, erp: RunningSimulator, by: str
) -> None:
    """With `--yes` nobody answers: it is said plainly that it stays off."""
    killed(operator, erp, "PUT", "/workers/", FR)
    operator.is_now("Amazon FR", OFF)
    if by == "ours":
        operator.wait(660)
    else:
        erp.world.clock = lambda: operator.clock() + timedelta(seconds=660)
    closed = operator.close()
    assert closed.code == 1, closed
    assert operator.starts() == []
    key = erp.worker_id("Amazon FR")
    start = f"syncdeck run worker.start {key} --profile sim"
    close = f"syncdeck maintenance close {operator.noted().id} --settle {key} --profile sim"
    expected = f"It stays off. If it belongs to this maintenance: {start}; if it is to stay off: {close}"
    assert expected in closed.err
    assert operator.noted().state is SetState.PARTLY


def test_a_toggle_without_a_response_is_ours_once_it_cannot_arrive_any_more(
    operator: Operator, erp: RunningSimulator
) -> None:
    one = "kind:connection id:1"
    killed(operator, erp, "POST", "ToggleErpConnectionActive", one)
    erp.state(superoffice={"connections": {"1": {"active": False}}})
    early = operator.close()
    assert early.code == 1, early
    assert "  ask    " in early.out
    sent = len(erp.received("POST", "ToggleErpConnectionActive"))
    operator.wait(130)
    closed = operator.close()
    assert closed.code == 0, closed
    assert len(erp.received("POST", "ToggleErpConnectionActive")) == sent + 1
    assert erp.world.so.connections[1].active


# A refused try after a stop in doubt.


def test_a_refused_stop_after_one_in_doubt_ends_that_where_it_is_off(
    operator: Operator, before: Before, erp: RunningSimulator
) -> None:
    killed(operator, erp, "PUT", "/workers/", FR)
    erp.fault("PUT .*/workers/=status:422")
    # It is read when it goes on, right before its stop, and at the end.
    before.request("/workers/status", 3, lambda: operator.is_now("Amazon FR", OFF))
    resumed = operator.open(FR)
    assert resumed.code == 0, resumed
    assert operator.noted().in_doubt == ()
    erp.clear_faults()
    assert operator.close().code == 0
    assert operator.starts() == ["Amazon FR"]


def test_a_refused_stop_after_one_in_doubt_ends_that_once_it_is_too_old(
    operator: Operator, erp: RunningSimulator
) -> None:
    killed(operator, erp, "PUT", "/workers/", FR)
    erp.fault("PUT .*/workers/=status:422")
    early = operator.open(FR)
    assert early.code == 1, early
    assert len(operator.noted().in_doubt) == 1
    operator.wait(660)
    late = operator.open(FR)
    assert "left · Amazon · Amazon FR: it cannot be stopped: " in late.out
    assert late.code == 0, late
    # Nothing was stopped, so nothing is remembered.
    assert operator.close().code == 2
    assert operator.starts() == []


# What is printed.


def test_no_line_of_a_result_is_empty(operator: Operator, erp: RunningSimulator) -> None:
    killed_once_accepted(operator, erp)
    operator.wait(5)
    resumed = operator.open(FR)
    assert resumed.code == 0, resumed
    assert "applied · Amazon · Amazon FR: now off" in resumed.out
    assert not any(line.rstrip().endswith(":") for line in resumed.out.splitlines())
