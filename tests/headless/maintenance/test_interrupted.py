"""An opening or closing that a signal ends: nothing new is sent, what was sent is answered and noted."""

import signal
from collections.abc import Callable

import pytest

from tests.drivers.command import Running, started
from tests.drivers.simulator import RunningSimulator
from tests.headless.maintenance.conftest import OFF, Operator
from tui.domain.maintenance.records import SetState
from tui.ops.execution.bulk_run import AT_ONCE

EVERY = "kind:sync !sync:Datenbankpflege"
SURE = ("--yes", "--profile", "sim")
TERMS = ("--reason", "a story", "--until", "2h", *SURE)
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


def ended(running: Running, number: signal.Signals, then: Callable[[], object] = lambda: None) -> str:
    """Send the signal and do something then; what it said."""
    running.send_signal(number)
    then()
    out, said = running.communicate()
    assert running.returncode == 128 + number, said
    return out


@pytest.mark.parametrize("number", SIGNALS)
def test_an_opening_is_answered_noted_and_closed_at_once(
    operator: Operator, erp: RunningSimulator, syncs: list[str], number: signal.Signals
) -> None:
    erp.hold("PUT .*/workers/")
    running = started("maintenance", "open", "nightly", "--target", EVERY, *TERMS)
    erp.wait_received("PUT", "/workers/", AT_ONCE)
    assert "interrupted, so nothing more was sent" in ended(running, number, erp.let_go)
    stopped = operator.stops()
    assert len(stopped) == AT_ONCE
    words = [one.stop_word for one in operator.noted().targets]
    # Not every effect is seen by then.
    assert words.count("applied") + words.count("accepted") == AT_ONCE
    assert words.count(None) == len(syncs) - AT_ONCE
    operator.wait(5)
    closed = operator.close()
    assert closed.code == 0, closed
    assert sorted(operator.starts()) == sorted(stopped)
    assert operator.noted().state is SetState.CLOSED


@pytest.mark.parametrize("number", SIGNALS)
def test_a_closing_is_answered_noted_and_gone_on_with_at_once(
    operator: Operator, erp: RunningSimulator, syncs: list[str], number: signal.Signals
) -> None:
    assert operator.open(EVERY).code == 0
    erp.hold("PUT .*/workers/")
    running = started("maintenance", "close", "nightly", *SURE)
    erp.wait_received("PUT", "/workers/", len(syncs) + AT_ONCE)
    assert "interrupted, so nothing more was sent" in ended(running, number, erp.let_go)
    assert len(operator.starts()) == AT_ONCE
    operator.wait(5)
    assert operator.close().code == 0
    # Each of them once.
    assert sorted(operator.starts()) == sorted(syncs)


def test_what_is_not_answered_soon_is_in_doubt_until_it_is_looked_at(
    operator: Operator, erp: RunningSimulator
) -> None:
    erp.fault("PUT .*/workers/=hang")
    running = started("maintenance", "open", "nightly", "--target", 'name:"Amazon FR"', *TERMS)
    erp.wait_received("PUT", "/workers/", 1)
    assert "1 in doubt" in ended(running, signal.SIGTERM)
    erp.clear_faults()
    operator.is_now("Amazon FR", OFF)
    assert operator.close().code == 0
    assert operator.starts() == ["Amazon FR"]


def test_a_second_signal_ends_it_at_once(operator: Operator, erp: RunningSimulator) -> None:
    erp.fault("PUT .*/workers/=hang")
    running = started("maintenance", "open", "nightly", "--target", 'name:"Amazon FR"', *TERMS)
    erp.wait_received("PUT", "/workers/", 1)
    running.send_signal(signal.SIGTERM)
    ended(running, signal.SIGTERM)
    assert len(operator.noted().in_doubt) == 1


def test_a_wait_for_running_syncs_is_cut_short(operator: Operator, erp: RunningSimulator) -> None:
    """It waits for the end of a run: nothing is under way."""
    operator.is_now("Amazon FR", 2)
    arguments = ("--target", "channel:Amazon", "--drain", "15m", *TERMS)
    running = started("maintenance", "open", "nightly", *arguments)
    erp.wait_received("PUT", "/workers/", 1)
    ended(running, signal.SIGTERM)
    assert operator.stops() == ["Amazon DE"]
    operator.wait(5)
    assert operator.close().code == 0
    assert operator.starts() == ["Amazon DE"]
