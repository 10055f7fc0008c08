"""`record --metrics`: what is served, from memory, and over the death of the recorder."""

import signal
import socket
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.drivers.command import PATIENCE, Running, syncdeck
from tests.drivers.simulator import RunningSimulator
from tests.headless.history.recorder import REFRESH, fails, recorder, until
from tests.headless.monitoring.scrape import Scrape, needs_promtool, promtool
from tui.simulator.client_config import write_config

ANYWHERE = ("--metrics", "127.0.0.1:0")


@pytest.fixture
def erp(private_places: Path) -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as erp:
        path = private_places / "config" / "config.toml"
        write_config(path, erp.url)
        path.write_text(path.read_text() + REFRESH.format("sim"))
        yield erp


def port_of(running: Running) -> int:
    """Where it says that it serves."""
    for line in running.stdout:
        if line.startswith("metrics on http://127.0.0.1:"):
            return int(line.split(":")[-1].removesuffix("/metrics\n"))
    raise AssertionError("it does not serve")


def get(port: int, path: str = "/metrics", method: str = "GET", **headers: str) -> tuple[int, str, str]:
    """Status, content type and body."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as link:
        link.request(method, path, headers=headers)
        response = link.getresponse()
        return response.status, response.getheader("Content-Type", ""), response.read().decode()


def scraped(port: int, path: str = "/metrics") -> Scrape:
    status, _, body = get(port, path)
    assert status == 200
    return Scrape(body)


def is_read(port: int) -> bool:
    """Whether every system and the history were read."""
    found = scraped(port)
    return 0 not in found.values("syncdeck_up") and bool(found.values("syncdeck_sync_runs_seen_total"))


def test_a_history_that_cannot_be_written_is_seen(erp: RunningSimulator, private_places: Path) -> None:
    folder = private_places / "state" / "history"
    folder.mkdir(parents=True)
    (folder / "sim").write_text("where its folder should be")
    with recorder("--profile", "sim", "--profile", "sim-onprem", *ANYWHERE) as running:
        port = port_of(running)
        until(lambda: 0 in scraped(port).values("syncdeck_history_recording"))
        found = scraped(port)
        assert found.value("syncdeck_history_recording", profile="sim") == 0
        assert found.value("syncdeck_history_recording", profile="sim-onprem") == 1
        assert found.value("syncdeck_history_dropped_rows_total", profile="sim") == 0, "it waits"


def test_metrics_of_all_profiles_and_a_probe_of_one(erp: RunningSimulator) -> None:
    with recorder("--profile", "sim", "--profile", "sim-onprem", *ANYWHERE) as running:
        port = port_of(running)
        until(lambda: is_read(port))
        whole = scraped(port)
        assert {one["profile"] for one in whole.labels("syncdeck_up")} == {"sim", "sim-onprem"}
        assert whole.value("syncdeck_history_dropped_rows_total", profile="sim") == 0
        one = scraped(port, "/probe?profile=sim-onprem")
        assert {found["profile"] for found in one.labels("syncdeck_up")} == {"sim-onprem"}
        assert get(port, "/probe?profile=nobody")[0] == 404
        assert get(port, "/probe")[0] == 400
        assert get(port, "/")[0] == 404
        assert get(port, method="HEAD")[0::2] == (200, "")
        assert get(port, method="POST")[0] == 501
        status, content_type, body = get(port, Accept="application/openmetrics-text; version=1.0.0")
        assert (status, body.endswith("# EOF\n")) == (200, True)
        assert content_type.startswith("application/openmetrics-text")
        assert not whole.values("syncdeck_engine_maintenance", profile="sim")
        terms = ("--reason", "x", "--until", "2h", "--yes", "--profile", "sim")
        syncdeck("maintenance", "open", "e", "--target", "engine", *terms)
        # Long before what is large on disk is read again.
        until(lambda: scraped(port).values("syncdeck_engine_maintenance", profile="sim") == [1])
        running.send_signal(signal.SIGTERM)
        assert running.wait(PATIENCE) == 0
        assert running.stderr.read() == ""


def test_no_scrape_asks_the_server(erp: RunningSimulator, private_places: Path) -> None:
    seldom = (
        "[profiles.sim.refresh]\nworkers = 3600\nengine = 3600\nextensions = 3600\nconnections = 3600"
    )
    path = private_places / "config" / "config.toml"
    path.write_text(path.read_text().replace(REFRESH.format("sim"), f"\n{seldom}\n"))
    with recorder(*ANYWHERE) as running:
        port = port_of(running)
        until(lambda: is_read(port) and scraped(port).values("syncdeck_connection_active"))
        erp.wait_received("GET", "/extensions")
        before = len(erp.log())
        for _ in range(20):
            scraped(port)
        assert len(erp.log()) == before


def test_a_system_that_fails_is_down_at_once_and_its_state_stays_for_a_while(
    erp: RunningSimulator,
) -> None:
    with recorder(*ANYWHERE) as running:
        port = port_of(running)
        until(lambda: is_read(port))
        erp.fault("workers=status:503")
        until(lambda: scraped(port).value("syncdeck_up", system="jtl") == 0)
        assert scraped(port).values("syncdeck_sync_state", state="ok")
        assert scraped(port).value("syncdeck_up", system="superoffice") == 1


def test_counters_and_the_failure_survive_a_killed_recorder(erp: RunningSimulator) -> None:
    otto = erp.worker_id("Otto Market")

    def failed(port: int) -> float:
        values = scraped(port).values("syncdeck_sync_failed_runs_seen_total", id=otto)
        return sum(values)

    with recorder(*ANYWHERE) as first:
        port = port_of(first)
        until(lambda: is_read(port))
        assert failed(port) == 0
        assert scraped(port).values("syncdeck_sync_last_success_seen_timestamp_seconds", id=otto) == []
        fails(erp)
        until(lambda: failed(port) == 1)
        erp.state(jtl={"workers": {"Otto Market": {"state": 3, "text": ""}}})
        success = until(
            lambda: scraped(port).values("syncdeck_sync_last_success_seen_timestamp_seconds", id=otto)
        )
        fails(erp)
        until(lambda: failed(port) == 2)
        until(lambda: last_known("Otto") == ("error", 2))
        first.send_signal(signal.SIGKILL)
        first.wait(PATIENCE)
    with recorder(*ANYWHERE) as second:
        port = port_of(second)
        until(lambda: is_read(port))
        found = scraped(port)
        assert found.value("syncdeck_sync_failed_runs_seen_total", id=otto) == 2
        assert found.value("syncdeck_sync_runs_seen_total", id=otto) == 3
        kept = found.value("syncdeck_sync_last_success_seen_timestamp_seconds", id=otto)
        assert kept == pytest.approx(success[0], abs=0.002)
        assert found.value("syncdeck_sync_state", id=otto, state="error") == 1
        assert found.value("syncdeck_history_bytes") > 0
    alone = Scrape(syncdeck("metrics").out)
    assert alone.value("syncdeck_sync_failed_runs_seen_total", id=otto) == 2


def last_known(name: str) -> tuple[str, int]:
    """The state that is on disk, and how many failures."""
    items = syncdeck("history", "--json", "--since", "1h").document["items"]
    own = [one for one in items if one["to"] and name in one["name"]]
    return own[0]["to"] if own else "", sum(one["to"] == "error" for one in own)


@needs_promtool
def test_promtool_finds_nothing_wrong_with_what_is_served(erp: RunningSimulator) -> None:
    with recorder(*ANYWHERE) as running:
        port = port_of(running)
        until(lambda: is_read(port))
        assert promtool("check", "metrics", stdin=get(port)[2]) == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--metrics", "0.0.0.0:9977"), "--metrics-public allows that"),
        (("--metrics", "[::]:9977"), "--metrics-public allows that"),
        (("--metrics", "192.0.2.1:9977"), "--metrics-public allows that"),
        (("--metrics", "erp.example:9977"), "is not an IP address with a port"),
        (("--metrics", "127.0.0.1"), "is not an IP address with a port"),
        (("--metrics", "127.0.0.1:70000"), "is not an IP address with a port"),
        (("--metrics", ":9977"), "is not an IP address with a port"),
        (("--metrics-public",), "--metrics-public needs --metrics"),
        (("--metrics", "127.0.0.1:0", "--once"), "does not go with --once"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    erp: RunningSimulator, arguments: tuple[str, ...], said: str
) -> None:
    done = syncdeck("record", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert erp.log() == []


def test_an_address_that_is_taken_is_said_before_anything_is_requested(erp: RunningSimulator) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = f"127.0.0.1:{other.getsockname()[1]}"
        done = syncdeck("record", "--metrics", taken)
    assert done.code == 2
    assert f"metrics cannot be served on {taken}" in done.err
    assert erp.log() == []


def test_the_unit_serves_them_too(erp: RunningSimulator) -> None:
    assert "record --config" in syncdeck("record", "--print-unit", *ANYWHERE).out
    assert " --metrics 127.0.0.1:0\n" in syncdeck("record", "--print-unit", *ANYWHERE).out
    public = syncdeck("record", "--print-unit", "--metrics", "[::]:9977", "--metrics-public").out
    assert ' --metrics "[::]:9977" --metrics-public\n' in public
