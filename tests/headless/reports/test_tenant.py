"""An Online tenant without a screen: its state in the words and the exit codes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drivers.command import syncdeck
from tests.drivers.simulator import RunningSimulator
from tui.simulator.client_config import write_config


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as erp:
        yield erp


@pytest.fixture
def erp(running: RunningSimulator, private_places: Path) -> RunningSimulator:
    running.state(superoffice={"tenant_state": "Running", "moved": False})
    write_config(private_places / "config" / "config.toml", running.url)
    running.clear_log()
    return running


@pytest.mark.parametrize("profile", ["sim-online", "sim-system-user"])
def test_the_engine_of_an_online_tenant_is_asked_where_it_lives(
    erp: RunningSimulator, profile: str
) -> None:
    erp.state(superoffice={"moved": True})
    done = syncdeck("--profile", profile, "engine", "--json")
    assert (done.code, done.err) == (0, "")
    assert done.document["items"][0]["running"] is True
    assert erp.received("POST", "GetEngineStatus")[0]["status"] == 200


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("Suspended", "suspended: the APIs of tenant Cust12345 are off"),
        ("MigrationPending", "first migration not finished: tenant Cust12345 does not run"),
    ],
)
@pytest.mark.parametrize("command", ["engine", "connections", "status"])
def test_a_tenant_that_does_not_run_counts_as_unreachable(
    erp: RunningSimulator, state: str, words: str, command: str
) -> None:
    erp.state(superoffice={"tenant_state": state})
    done = syncdeck("--profile", "sim-online", command, "--json")
    assert done.code == 3
    told = done.document["systems"]["superoffice"]
    assert told["state"] == "unreachable"
    assert words in told["error"]
    assert words in done.err
    assert erp.received("POST", "Agents") == []


def test_online_maintenance_is_healthy_and_said(erp: RunningSimulator) -> None:
    erp.state(superoffice={"tenant_state": "OnlineMaintenance"})
    done = syncdeck("--profile", "sim-online", "engine")
    assert done.code == 0
    assert "online maintenance: tenant Cust12345 still serves" in done.out


def test_a_system_user_that_is_refused_is_not_authorised_and_tells_no_secret(
    erp: RunningSimulator, private_places: Path
) -> None:
    secret = private_places / "config" / "config.toml.d" / "so-app-token"
    secret.write_text("hunter2-of-the-app")
    done = syncdeck("--profile", "sim-system-user", "engine", "--json")
    assert done.code == 4
    assert "SuperOffice refused the system user of Cust12345" in done.err
    assert "hunter2" not in done.out + done.err
