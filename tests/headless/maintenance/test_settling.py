"""What is in doubt is settled by looking, and nothing is sent again that may have worked."""

import signal
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.drivers.command import started, syncdeck
from tests.drivers.simulator import RunningSimulator
from tests.headless.maintenance.conftest import LOCKED, OFF, OK, Before, Operator
from tests.headless.maintenance.test_doubt import killed, killed_once_accepted
from tui.domain.maintenance.records import SetState, Step
from tui.domain.result import Result
from tui.headless.run.command import RunRequest, run
from tui.ops.maintenance.journals import journals_of

FR = 'name:"Amazon FR"'
SURE = ("--yes", "--profile", "sim")
SLOW = 100_000


def by_hand(operator: Operator, operation: str, *channels: str, code: int = 0) -> None:
    targets = tuple(f"id:{operator.erp.worker_id(one)}" for one in channels or ("Amazon FR",))
    request = RunRequest(operation, targets, yes=True)
    assert run(request, operator.core, clock=operator.clock, sleep=operator.sleep) == code


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
    resumed = operator.go_on()
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
    assert "Close again after " in early.out
    assert "syncdeck run" not in early.err
    sent = len(erp.received("POST", "ToggleErpConnectionActive"))
    operator.wait(130)
    closed = operator.close()
    assert closed.code == 0, closed
    assert len(erp.received("POST", "ToggleErpConnectionActive")) == sent + 1
    assert erp.world.so.connections[1].active


def test_what_may_still_be_changed_by_a_late_stop_is_not_settled_by_hand(
    operator: Operator, erp: RunningSimulator
) -> None:
    killed(operator, erp, "PUT", "/workers/", FR)
    early = operator.close(settled=("Amazon FR",))
    assert (early.code, operator.noted().state) == (2, SetState.PARTLY), early
    assert "what was sent to it may still arrive" in early.err
    assert "Settle it after" in early.err
    assert "--settle" not in operator.close().err
    operator.wait(130)
    assert operator.close(settled=("Amazon FR",)).code == 0


def test_a_journal_is_not_forgotten_while_it_holds_back_other_writes(
    operator: Operator, erp: RunningSimulator
) -> None:
    """Forgotten, a start could be sent that the late stop would undo."""
    killed(operator, erp, "PUT", "/workers/", FR)
    early = syncdeck("maintenance", "forget", "nightly")
    assert early.code == 2
    assert "what was sent to Amazon · Amazon FR may still arrive. Forget it after " in early.err
    by_hand(operator, "worker.start", code=2)
    assert operator.starts() == []


# What the journal lacks.


def test_a_stop_that_only_the_audit_trail_holds_is_ours(
    operator: Operator, erp: RunningSimulator
) -> None:
    """The journal is an older copy."""
    assert operator.open(FR).code == 0
    one = operator.noted()
    journals_of("sim").save(one.with_target(replace(one.targets[0], stop=None)))
    closed = operator.close()
    assert closed.code == 0, closed
    assert operator.starts() == ["Amazon FR"]


def test_an_attempt_that_only_the_audit_trail_holds_is_asked_for(
    operator: Operator, erp: RunningSimulator
) -> None:
    killed(operator, erp, "PUT", "/workers/", FR)
    one = operator.noted()
    journals_of("sim").save(one.with_target(replace(one.targets[0], stop=None)))
    operator.is_now("Amazon FR", OFF)
    closed = operator.close()
    assert closed.code == 1, closed
    assert "It stays off. If it belongs to this maintenance: syncdeck run" in closed.err
    assert operator.noted().closed_at is None
    assert operator.starts() == []


# A start whose effect was not seen.


def test_a_start_whose_response_is_lost_is_not_sent_again_while_it_may_work(
    operator: Operator, erp: RunningSimulator
) -> None:
    assert operator.open(FR).code == 0
    erp.state(jtl={"control_delay": SLOW})
    erp.fault("PUT .*/workers/=lost")
    assert operator.close().code == 1
    erp.clear_faults()
    again = operator.close()
    assert again.code == 1, again
    assert "it is still off, and our start may take effect yet" in again.err
    assert "Close again once it is on, or " in again.err
    assert operator.starts() == ["Amazon FR"]
    operator.is_now("Amazon FR", OK)
    done = operator.close()
    assert done.code == 0, done
    assert "it runs again: our start had its effect" in done.out
    assert operator.starts() == ["Amazon FR"]


def test_a_start_that_had_no_effect_is_sent_again_once_that_is_certain(
    operator: Operator, erp: RunningSimulator
) -> None:
    assert operator.open(FR).code == 0
    erp.fault("PUT .*/workers/=reset")
    assert operator.close().code == 1
    erp.clear_faults()
    operator.wait(180)
    again = operator.close()
    assert again.code == 0, again
    assert "our start had no effect, it is still off; it was ok before" in again.out
    assert operator.starts() == ["Amazon FR", "Amazon FR"]


def test_a_start_under_way_when_it_was_killed_is_looked_at_first(
    operator: Operator, erp: RunningSimulator, capsys: pytest.CaptureFixture[str]
) -> None:
    assert operator.open(FR).code == 0
    erp.fault("PUT .*/workers/=hang")
    closing = started("maintenance", "close", "nightly", *SURE)
    erp.wait_received("PUT", "/workers/", 2)
    closing.send_signal(signal.SIGKILL)
    closing.wait(timeout=30)
    erp.clear_faults()
    assert operator.close().code == 1
    # Nor is it sent by hand, beside the one that may yet arrive; others are.
    by_hand(operator, "worker.start", "Amazon FR", "Amazon DE", code=2)
    assert (
        "a start by maintenance nightly may take effect yet. Try again after " in capsys.readouterr().out
    )
    assert operator.starts() == ["Amazon FR", "Amazon DE"]
    operator.is_now("Amazon FR", OK)
    assert operator.close().code == 0
    assert operator.starts() == ["Amazon FR", "Amazon DE"]


def test_a_start_that_was_refused_is_sent_again_at_once(
    operator: Operator, erp: RunningSimulator
) -> None:
    assert operator.open(FR).code == 0
    erp.fault("PUT .*/workers/=status:409")
    assert operator.close().code == 1
    erp.clear_faults()
    assert operator.close().code == 0


# A refused try after a stop in doubt.


def test_a_refused_stop_after_one_in_doubt_ends_that_where_it_is_off(
    operator: Operator, before: Before, erp: RunningSimulator
) -> None:
    killed(operator, erp, "PUT", "/workers/", FR)
    operator.wait(130)
    erp.fault("PUT .*/workers/=status:422")
    # It is read when it goes on, right before its stop, and at the end.
    before.request("/workers/status", 3, lambda: operator.is_now("Amazon FR", OFF))
    resumed = operator.go_on()
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
    early = operator.go_on()
    assert early.code == 1, early
    assert len(operator.noted().in_doubt) == 1
    operator.wait(660)
    late = operator.go_on()
    assert "left · Amazon · Amazon FR: it cannot be stopped: " in late.out
    assert late.code == 0, late
    # Nothing was stopped, so nothing is remembered.
    assert operator.close().code == 2
    assert operator.starts() == []


# A start by hand.


def test_a_start_by_hand_of_what_nobody_saw_off_is_believed(
    operator: Operator, erp: RunningSimulator
) -> None:
    killed_once_accepted(operator, erp)
    operator.wait(5)
    assert operator.state_of("Amazon FR") == OFF
    by_hand(operator, "worker.start")
    closed = operator.close()
    assert closed.code == 0, closed
    assert "it was started meanwhile: started by " in closed.out
    assert len(operator.starts()) == 1
    assert operator.noted().state is SetState.CLOSED


def test_a_start_by_hand_does_not_hide_a_stop_that_may_arrive(
    operator: Operator, erp: RunningSimulator
) -> None:
    killed(operator, erp, "PUT", "/workers/", FR)
    operator.is_now("Amazon FR", OFF)
    by_hand(operator, "worker.start")
    early = operator.close()
    assert early.code == 1, early
    assert "it was started meanwhile, and our stop may arrive yet" in early.err
    operator.wait(130)
    assert operator.close().code == 0
    assert len(operator.starts()) == 1


# What is printed.


def test_no_line_of_a_result_is_empty(operator: Operator, erp: RunningSimulator) -> None:
    killed_once_accepted(operator, erp)
    operator.wait(5)
    resumed = operator.go_on()
    assert resumed.code == 0, resumed
    assert "applied · Amazon · Amazon FR: now off" in resumed.out
    assert not any(line.rstrip().endswith(":") for line in resumed.out.splitlines())


@pytest.mark.parametrize("is_known", [True, False], ids=["trail", "nobody"])
def test_nor_where_only_the_audit_trail_knows_what_became_of_it(
    operator: Operator, erp: RunningSimulator, is_known: bool
) -> None:
    erp.fault(f"PUT .*/{erp.worker_id('Amazon DE')}=status:409")
    assert operator.open("channel:Amazon").code == 1
    erp.clear_faults()
    one = operator.noted()
    first = next(each for each in one.targets if each.stop is not None and each.was_seen_off)
    assert first.stop is not None
    result = None if is_known else Result.APPLIED
    audit = first.stop.audit if is_known else ""
    journals_of("sim").save(one.with_target(replace(first, stop=Step(first.stop.at, result, audit))))
    for said in (operator.go_on(), operator.close()):
        assert said.code == 0, said
        assert not any(line.rstrip().endswith(":") for line in said.out.splitlines()), said.out


# What is locked.


@pytest.mark.parametrize("fault", ["", "lost"])
def test_a_start_without_an_effect_is_not_still_under_way_once_its_sync_is_locked(
    operator: Operator, erp: RunningSimulator, fault: str
) -> None:
    assert operator.open(FR).code == 0
    erp.state(jtl={"control_delay": SLOW})
    if fault:
        erp.fault(f"PUT .*/workers/={fault}*1")
    assert "1 in doubt" in operator.close().out
    operator.is_now("Amazon FR", LOCKED)
    operator.wait(130)
    closed = operator.close()
    assert closed.code == 1, closed
    last = "maintenance nightly: 0 started, 1 not started · 1 locked: unlock the account first"
    assert closed.out.splitlines()[-2] == last
    operator.is_now("Amazon FR", OFF)
    erp.state(jtl={"control_delay": 0})
    assert operator.close().code == 0
    assert operator.starts() == ["Amazon FR"] * 2
