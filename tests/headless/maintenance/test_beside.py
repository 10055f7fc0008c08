"""Two profiles of one server: each sees what the other has stopped; over real HTTP."""

from dataclasses import replace
from functools import partial

import pytest

from tests.drivers.simulator import RunningSimulator
from tests.headless.maintenance.conftest import OFF, OK, Operator
from tui.domain.maintenance.records import Maintenance
from tui.headless.run.command import RunRequest, run
from tui.ops.maintenance.journals import journals_of


def test_f11_what_another_profile_has_stopped_is_not_opened_again(
    operator: Operator, erp: RunningSimulator
) -> None:
    assert operator.open("channel:Amazon", name="m1").code == 0
    # A colleague has started one of them by hand.
    operator.is_now("Amazon FR", OK)
    erp.clear_log()
    other = operator.open("channel:Amazon", "engine", name="m2", profile="other")
    assert other.code == 2, other
    assert "Amazon FR belongs to the open maintenance m1 of profile sim" in other.err
    assert operator.stops() == []
    assert journals_of("other").read().items == ()
    # What is not the other's can be opened.
    assert operator.open("engine", name="m2", profile="other").code == 0


def test_f11_another_server_is_another_matter(operator: Operator, erp: RunningSimulator) -> None:
    assert operator.open("engine", name="m1").code == 0
    (one,) = journals_of("sim").read().items
    journals = journals_of("sim")
    journals.save(_at(one, "https://elsewhere.example"))
    erp.state(superoffice={"running": True})
    assert operator.open("engine", name="m2", profile="other").code == 0


def _at(one: Maintenance, address: str) -> Maintenance:
    return replace(one, addresses=tuple((system, address) for system, _ in one.addresses))


def test_f11_closing_does_not_start_in_the_middle_of_anothers(
    operator: Operator, erp: RunningSimulator
) -> None:
    """Left from a time when two profiles did not see each other."""
    assert operator.open("channel:Amazon", name="m1").code == 0
    (one,) = journals_of("sim").read().items
    journals_of("other").save(one)
    closed = operator.close("m1")
    assert closed.code == 1, closed
    assert "belongs to the open maintenance m1 of profile sim as well" in closed.out
    assert operator.starts() == []
    assert operator.state_of("Amazon FR") == OFF
    # It is left to the other one by hand.
    left = operator.close("m1", settled=("Amazon · Amazon FR",))
    assert left.code == 1
    journals_of("other").forget("m1", operator.clock())
    assert operator.close("m1").code == 0
    assert operator.starts() == ["Amazon DE"]


@pytest.mark.parametrize("dry_run", [True, False])
def test_f11_run_warns_of_what_another_profile_has_stopped(
    operator: Operator, capsys: pytest.CaptureFixture[str], dry_run: bool
) -> None:
    assert operator.open("channel:Amazon", name="m1").code == 0
    capsys.readouterr()
    request = RunRequest("worker.start", ("Amazon FR",), dry_run=dry_run)
    core = partial(operator.core, "other")
    code = run(request, core, clock=operator.clock, sleep=operator.sleep)
    said = capsys.readouterr()
    assert "stopped by maintenance m1 of profile sim until" in said.out
    assert code == (0 if dry_run else 2)
    assert operator.starts() == []
