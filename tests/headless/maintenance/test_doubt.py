"""A stop whose outcome nobody knows stays in doubt until something was seen; over real HTTP."""

import signal
import subprocess
from datetime import datetime

import pytest

from tests.drivers.command import command, syncdeck
from tests.drivers.simulator import RunningSimulator
from tests.headless.maintenance.conftest import LOCKED, OFF, OK, RUNNING, Before, Operator
from tui.domain.maintenance.banner import banner, off_words
from tui.domain.maintenance.records import SetState
from tui.domain.maintenance.rules import Seen
from tui.headless.maintenance.listing import forget
from tui.ops.maintenance.journals import journals_of

TOGGLE = "ToggleErpConnectionActive"


def killed(operator: Operator, erp: RunningSimulator, method: str, part: str, *filters: str) -> None:
    """An opening whose stops hang, killed while these are under way."""
    erp.fault(f"{method} .*{part}=hang")
    words = [part for one in filters for part in ("--target", one)]
    terms = ("--reason", "a story", "--until", "2h", "--yes", "--profile", "sim")
    arguments = command("maintenance", "open", "nightly", *words, *terms)
    running = subprocess.Popen(arguments, stdout=subprocess.DEVNULL)
    erp.wait_received(method, part, len([one for one in filters if one != "engine"]))
    running.send_signal(signal.SIGKILL)
    running.wait(timeout=30)
    erp.clear_faults()


@pytest.mark.parametrize("engine", [True, False])
def test_f6_a_toggle_in_doubt_is_not_settled_by_a_refused_try(
    operator: Operator, erp: RunningSimulator, engine: bool
) -> None:
    filters = [f"kind:connection id:{number}" for number in (1, 2)]
    killed(operator, erp, "POST", TOGGLE, *filters, *(["engine"] if engine else []))
    sent = len(erp.received("POST", TOGGLE))
    resumed = operator.go_on()
    assert resumed.code == 1, resumed
    assert resumed.err.count("an earlier stop may take effect yet; then not sent: go on after ") == 2
    assert len(erp.received("POST", TOGGLE)) == sent
    noted = operator.noted()
    assert len(noted.in_doubt) == 2
    assert off_words(noted) == f"{int(engine)} to {2 + engine} off, 2 in doubt"
    # The toggles that were under way take effect.
    for number in ("1", "2"):
        erp.state(superoffice={"connections": {number: {"active": False}}})
    closed = operator.close()
    assert closed.code == 1, closed
    assert closed.out.count("Close again after ") >= 2
    assert "· closed" not in closed.out
    assert operator.noted().closed_at is None
    assert len(operator.noted().off) == 2


def test_f6b_a_stop_in_doubt_is_not_settled_by_a_failed_try(
    operator: Operator, erp: RunningSimulator
) -> None:
    words = ('name:"Amazon FR"', 'name:"Amazon DE"')
    killed(operator, erp, "PUT", "/workers/", *words)
    operator.wait(130)
    erp.fault("PUT .*/workers/=status:503")
    resumed = operator.go_on()
    assert resumed.code == 1, resumed
    erp.clear_faults()
    assert off_words(operator.noted()) == "0 to 2 off, 2 in doubt"
    # The first stops take effect.
    for channel in ("Amazon FR", "Amazon DE"):
        operator.is_now(channel, OFF)
    operator.wait(660)
    closed = operator.close()
    assert closed.code == 1, closed
    assert closed.out.count("  ask    Amazon") == 2
    assert operator.noted().state is SetState.PARTLY
    assert operator.starts() == []


def test_f6_a_stop_in_doubt_is_not_settled_by_a_lock(
    operator: Operator, before: Before, erp: RunningSimulator
) -> None:
    """It is locked right before the second stop: what became of the first is not known by that."""
    killed(operator, erp, "PUT", "/workers/", 'name:"Amazon FR"')
    operator.wait(130)
    before.request("/workers/status", 2, lambda: operator.is_now("Amazon FR", LOCKED))
    assert operator.go_on().code == 1
    operator.is_now("Amazon FR", OFF)
    operator.wait(660)
    assert operator.close().code == 1
    assert len(operator.noted().in_doubt) == 1


def test_a_later_try_that_is_seen_to_work_ends_the_doubt(
    operator: Operator, erp: RunningSimulator
) -> None:
    killed(operator, erp, "PUT", "/workers/", 'name:"Amazon FR"')
    operator.wait(130)
    assert operator.go_on().code == 0
    assert off_words(operator.noted()) == "1 off"
    assert operator.close().code == 0
    assert operator.starts() == ["Amazon FR"]


def killed_once_accepted(operator: Operator, erp: RunningSimulator) -> datetime:
    """An opening that is killed once its stop was accepted; no time passed for the server."""
    now = operator.clock()
    erp.world.clock = lambda: now
    terms = ("--reason", "x", "--until", "2h", "--yes")
    arguments = command("maintenance", "open", "nightly", "--target", 'name:"Amazon FR"', *terms)
    running = subprocess.Popen(arguments, stdout=subprocess.DEVNULL)
    erp.wait_received("PUT", "/workers/", 1)
    erp.wait_received("GET", "/workers/status", 4)
    running.send_signal(signal.SIGKILL)
    running.wait(timeout=30)
    erp.world.clock = operator.clock
    return now


def test_f10_a_stop_that_was_only_accepted_is_not_off_and_is_gone_on_with(
    operator: Operator, erp: RunningSimulator
) -> None:
    now = killed_once_accepted(operator, erp)
    (one,) = journals_of("sim").read().open
    assert [target.stop_word for target in one.targets] == ["accepted"]
    assert off_words(one) == "0 to 1 off, 1 in doubt"
    assert banner(one, now).startswith("maintenance nightly · 0 to 1 off, 1 in doubt since")
    assert one.is_interrupted
    operator.wait(5)
    assert operator.go_on().code == 0
    assert len(erp.received("PUT", "/workers/")) == 1
    assert off_words(operator.noted()) == "1 off"
    operator.is_now("Amazon FR", OK)
    assert operator.close().code == 0


def test_an_accepted_stop_that_was_not_seen_to_work_is_accepted_and_in_doubt(
    operator: Operator, erp: RunningSimulator
) -> None:
    erp.state(jtl={"control_delay": 100_000})
    opened = operator.open('name:"Amazon FR"')
    assert opened.code == 1, opened
    assert "0 stopped, 1 in doubt" in opened.out
    assert [one.stop_word for one in operator.noted().targets] == ["accepted"]
    assert off_words(operator.noted()) == "0 to 1 off, 1 in doubt"
    # It works after the end of the watch: what is seen ends the doubt.
    operator.is_now("Amazon FR", OFF)
    seen = banner(operator.noted(), operator.clock(), lambda _: Seen.OFF)
    assert seen.startswith("maintenance nightly · 1 off since ")


def test_forgetting_does_not_call_off_what_is_in_doubt(
    operator: Operator, erp: RunningSimulator, capsys: pytest.CaptureFixture[str]
) -> None:
    erp.state(jtl={"control_delay": 100_000})
    assert operator.open('name:"Amazon FR"', "engine").code == 1
    operator.wait(130)
    assert forget(journals_of("sim"), "nightly", yes=True, clock=operator.clock) == 0
    engine, sync = capsys.readouterr().out.splitlines()[-1].split("; ")
    assert engine.startswith("off until somebody starts it: ")
    assert "Amazon" not in engine
    assert sync.startswith("in doubt")
    assert sync.endswith(": Amazon · Amazon FR")


def test_f8_a_run_that_has_not_ended_keeps_the_stop_pending_however_long(
    operator: Operator, erp: RunningSimulator
) -> None:
    operator.is_now("Amazon FR", RUNNING)
    erp.state(jtl={"control_delay": 100_000})
    assert operator.open('name:"Amazon FR"').code == 1
    operator.wait(7_200)
    closed = operator.close()
    assert closed.code == 1, closed
    assert "a run is under way, and our stop may take effect when it ends" in closed.out
    assert operator.noted().closed_at is None
    operator.is_now("Amazon FR", OFF)
    erp.state(jtl={"control_delay": 0})
    assert operator.close().code == 0
    assert operator.starts() == ["Amazon FR"]


def test_f8_a_clock_that_is_set_ends_no_doubt(operator: Operator, erp: RunningSimulator) -> None:
    """Ours is set eleven minutes forward: by the server's, the stop is young."""
    erp.state(jtl={"control_delay": 100_000})
    assert operator.open('name:"Amazon FR"').code == 1
    now = operator.clock()
    erp.world.clock = lambda: now
    operator.wait(660)
    closed = operator.close()
    assert closed.code == 1, closed
    assert "may take effect yet" in closed.out
    assert operator.noted().closed_at is None
    # Both say by now that it is old.
    erp.world.clock = operator.clock
    late = operator.close()
    assert late.code == 0, late
    assert "it runs: our stop had no lasting effect" in late.out


def test_f8_what_is_certain_to_an_operator_is_settled_by_hand(
    operator: Operator, erp: RunningSimulator
) -> None:
    operator.is_now("Amazon FR", RUNNING)
    erp.state(jtl={"control_delay": 100_000})
    assert operator.open("channel:Amazon").code == 1
    operator.is_now("Amazon DE", OFF)
    operator.wait(7_200)
    wrong = operator.close(settled=("Amazon XY",))
    assert wrong.code == 2
    assert "nothing left to close that is called 'Amazon XY'" in wrong.err
    assert operator.starts() == []
    erp.state(jtl={"control_delay": 0})
    done = operator.close(settled=(erp.worker_id("Amazon FR"), "Amazon · Amazon DE"))
    assert done.code == 0, done
    assert "leave  Amazon · Amazon FR: settled by hand; a run is under way" in done.out
    assert operator.starts() == []
    assert operator.noted().state is SetState.CLOSED


def test_f16_what_closing_started_is_not_taken_for_still_stopping(
    operator: Operator, erp: RunningSimulator
) -> None:
    """Its stop was accepted and seen by nobody; closing saw it off, and its start was accepted."""
    killed_once_accepted(operator, erp)
    operator.wait(5)
    erp.state(jtl={"control_delay": 200})
    first = operator.close()
    assert first.code == 1, first
    (noted,) = operator.noted().targets
    assert (noted.stop_word, noted.start_word) == ("applied", "accepted")
    operator.wait(200)
    again = operator.close()
    assert again.code == 0, again
    assert "it runs again: our start had its effect" in again.out
    assert operator.noted().state is SetState.CLOSED
    assert operator.noted().targets[0].start_word == "applied"
    assert operator.starts() == ["Amazon FR"]


def test_f19_a_second_stop_of_what_is_off_already_is_nobody_elses(
    operator: Operator, erp: RunningSimulator
) -> None:
    operator.wait(-60)
    assert operator.open('name:"Amazon FR"', "engine").code == 0
    operator.wait(60)
    for write in (("worker.stop", f"id:{erp.worker_id('Amazon FR')}"), ("engine.stop", "engine")):
        assert syncdeck("run", *write, "--yes").code == 0
    assert operator.stops().count("Amazon FR") == 2
    closed = operator.close()
    assert closed.code == 0, closed
    assert operator.starts() == ["Amazon FR", "engine"]


def test_f20_a_start_whose_response_is_lost_is_in_doubt_in_all_counts(
    operator: Operator, erp: RunningSimulator
) -> None:
    assert operator.open("channel:Amazon", 'name:"Temu DE"').code == 0
    erp.state(jtl={"control_delay": 100_000})
    for channel in ("Amazon FR", "Amazon DE"):
        erp.fault(f"PUT .*/{erp.worker_id(channel)}=lost")
    erp.fault(f"PUT .*/{erp.worker_id('Temu DE')}=status:409")
    closed = operator.close()
    assert closed.code == 1, closed
    assert closed.out.splitlines()[-2] == ("maintenance nightly: 0 started, 2 in doubt, 1 not started")
    noted = operator.noted()
    assert off_words(noted) == "1 to 3 off, 2 in doubt"
    told = banner(noted, operator.clock())
    assert "1 to 3 off, 2 in doubt since" in told
    assert "· 1 not started ·" in told
