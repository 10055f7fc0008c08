"""`watch`: changes as they come, from the real command against the simulator over real HTTP."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drivers.command import PATIENCE, started
from tests.drivers.simulator import RunningSimulator
from tests.headless.history.recorded_night import FAILED, OK, TEMU, changed
from tests.headless.history.recorder import REFRESH
from tui.domain.runbooks import Runbook, read_when, runbooks_for
from tui.headless.history.watch import as_line, concerns_problem
from tui.simulator.client_config import write_config

KEYS = "at kind id name from to level text by ref"
RUNBOOK = """
[[runbook]]
when = "message:401 kind:Otto"
text = "Renew the token"
call = "Jo"
"""


@pytest.fixture
def erp(private_places: Path) -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as erp:
        path = private_places / "config" / "config.toml"
        write_config(path, erp.url)
        path.write_text(path.read_text() + REFRESH.format("sim") + RUNBOOK)
        yield erp


def test_a_change_is_one_json_object_as_soon_as_it_is_seen(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    hook = ("--exec", "sh", "-c", f"cat >> {tmp_path}/events")
    with started("watch", "Otto Market", "--json", *hook) as running:
        erp.wait_received("GET", "/workers/status", 2)
        # Of others nothing is printed.
        erp.state(jtl={"workers": {"Hauptshop": {"state": 4, "text": "broke"}}})
        erp.wait_received("GET", "/workers/status", 4)
        erp.state(jtl={"workers": {"Otto Market": {"state": 4, "text": "401 from\nmarketplace"}}})
        line = running.stdout.readline()
        found = json.loads(line)
        erp.wait_received("GET", "/workers/status", 7)
        running.send_signal(signal.SIGTERM)
        out, _ = running.communicate(timeout=PATIENCE)
    assert (running.returncode, out) == (143, "")
    assert found.pop("runbooks") == [{"text": "Renew the token", "url": None, "call": "Jo"}]
    assert list(found) == KEYS.split()
    assert (found["from"], found["to"], found["level"]) == ("ok", "error", "error")
    assert found["text"] == "401 from marketplace"
    assert (tmp_path / "events").read_text() == line


def test_a_line_for_people_has_time_name_change_and_message() -> None:
    assert as_line(changed(6, TEMU, OK, FAILED)) == (
        "02:00:00  Temu · Temu DE  ok → error  401 from marketplace"
    )
    team = Runbook(read_when("kind:Temu"), url="https://wiki.example")
    assert as_line(changed(6, TEMU, OK, FAILED), [team]).endswith("  team: https://wiki.example")


def test_what_the_team_wrote_goes_with_a_problem_and_not_with_its_end() -> None:
    team = Runbook(read_when("message:401 kind:Temu"), text="Renew the token")
    for after, expected in ((FAILED, (team,)), (OK, ())):
        change = changed(6, TEMU, OK, after)
        assert runbooks_for([team], "sim", change.subject, change.after) == expected
    of_another = Runbook(read_when("profile:other kind:Temu"), text="x")
    assert runbooks_for([of_another], "sim", TEMU, changed(6, TEMU, OK, FAILED).after) == ()


def test_a_problem_is_one_that_begins_or_ends() -> None:
    assert concerns_problem(changed(6, TEMU, OK, FAILED))
    assert concerns_problem(changed(6, TEMU, FAILED, OK))
    assert not concerns_problem(changed(6, TEMU, OK, OK))


def test_a_reader_that_leaves_ends_it(erp: RunningSimulator) -> None:
    reading, writing = os.pipe()
    with started("watch", out=writing) as running:
        os.close(writing)
        os.close(reading)
        try:
            erp.wait_received("GET", "/workers/status", 2)
            erp.state(jtl={"workers": {"Otto Market": {"state": 4, "text": "401"}}})
            assert running.wait(PATIENCE) == 141
        finally:
            running.kill()
