"""What a server says goes to pages, mails and files: no secret in it leaves, whichever way it takes."""

import signal
from pathlib import Path

import pytest

from tests.drivers.command import PATIENCE, started, syncdeck
from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator
from tui.paths import config_path
from tui.simulator.jtl.world import FAILED, FINISHED

PLANTED = ("hunter2", "abcdefgh123", "eyJhbGciOiJIUzI1NiJ9", "sk-live-1234567", "cl13nt-of-the-env")
SAID = (
    "password={} token={} Authorization: Bearer {}.eyJzdWIi.c2ln api_key: {} secret {} and {}, {}".format
)
OTTO = "Otto Market"


Leaking = tuple[str, list[str]]


@pytest.fixture
def leaking(erp: RunningSimulator, monkeypatch: pytest.MonkeyPatch) -> Leaking:
    """The identifier of a sync whose message and name hold secrets, also those of the profile; one of
    them is never sent to the system that says it."""
    write_config(erp, history=True, refresh={"workers": 1, "engine": 10})
    path = config_path()
    header = '[profiles.sim.superoffice.headers]\nX-Proxy = { env = "PROXY_SECRET" }\n'
    path.write_text(
        path.read_text().replace(
            "[profiles.sim.superoffice.auth]", f"{header}[profiles.sim.superoffice.auth]"
        )
    )
    monkeypatch.setenv("PROXY_SECRET", PLANTED[-1])
    secrets = [*PLANTED, erp.client_secret, erp.so_token]
    otto = erp.worker_id(OTTO)
    erp.state(jtl={"workers": {OTTO: {"state": 4, "text": SAID(*secrets)}}})
    erp.world.jtl.syncs[otto].channel = f"{OTTO} token={secrets[1]} {secrets[5]}"
    return otto, secrets


@pytest.mark.parametrize(
    "arguments",
    [
        "check",
        "check --json",
        "check --from-history",
        "check --from-history --json",
        "status",
        "status --json",
        "status --all --json",
        "workers",
        "workers --json",
        "metrics",
        "history ID",
        "history at now",
        "history at now --json",
        "report",
        "report --format json",
        "handover",
        "why ID",
        "why ID --json",
    ],
)
def test_no_way_out_has_a_secret(leaking: Leaking, arguments: str) -> None:
    otto, secrets = leaking
    if any(one in arguments for one in ("history", "report", "handover")):
        assert syncdeck("record", "--once").code == 0
    done = syncdeck(*arguments.replace("ID", otto).split())
    said = done.out + done.err
    assert "Otto" in said or otto in said or arguments.startswith(("report", "handover"))
    # The file of the other system's token was not read for it.
    known = secrets[:-1] if arguments.startswith("workers") else secrets
    assert [one for one in known if one in said] == []


def test_neither_the_program_of_watch_nor_a_file_of_the_history_gets_one(
    erp: RunningSimulator, leaking: Leaking, tmp_path: Path, private_places: Path
) -> None:
    otto, secrets = leaking
    erp.world.jtl.syncs[otto].phase.state = FINISHED
    got = tmp_path / "got"
    with started("watch", "--json", "--exec", "sh", "-c", f"cat >> {got}") as running:
        erp.wait_received("GET", "/workers/status", 2)
        erp.world.jtl.syncs[otto].phase.state = FAILED
        printed = running.stdout.readline()
        erp.wait_received("GET", "/workers/status", 5)
        running.send_signal(signal.SIGTERM)
        running.wait(PATIENCE)
    assert '"to": "error"' in printed
    assert got.read_text() == printed
    kept = b"".join(one.read_bytes() for one in (private_places / "state" / "history").rglob("*.db"))
    assert b"Otto" in kept
    assert [one for one in secrets if one in printed or one.encode() in kept] == []


def test_a_login_that_the_token_server_refuses_is_called_that(erp: RunningSimulator) -> None:
    erp.fault("oauth2=status:401")
    said = syncdeck("why", "jtl").out
    assert said.startswith("JTL-Wawi: login refused: the token server refused client ")
