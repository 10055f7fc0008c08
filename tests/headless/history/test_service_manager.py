"""What systemd is told, read from a real datagram socket."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.headless.history.service_manager import Pulse, ServiceManager


@pytest.fixture(params=["a file", "abstract"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    """The value of NOTIFY_SOCKET, and the socket behind it."""
    is_file = request.param == "a file"
    name = str(tmp_path / "notify") if is_file else f"\0syncdeck-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(name)
        heard.setblocking(False)
        yield name.replace("\0", "@"), heard


def read(heard: socket.socket) -> list[str]:
    found = []
    while True:
        try:
            found.append(heard.recv(1_000).decode())
        except BlockingIOError:
            return found


def test_ready_status_alive_and_stopping(place: tuple[str, socket.socket]) -> None:
    name, heard = place
    manager = ServiceManager({"NOTIFY_SOCKET": name})
    manager.ready("recording\nacme")
    manager.alive()
    manager.stopping()
    ready, alive, stopping = read(heard)
    assert ready.splitlines()[0] == "READY=1"
    assert ready.splitlines()[1].startswith("STATUS=recording")
    assert len(ready.splitlines()) == 2
    assert (alive, stopping) == ("WATCHDOG=1", "STOPPING=1")


@pytest.mark.parametrize("name", ["", "relative", "/nowhere/at/all", "@nobody-listens-here"])
def test_without_anybody_who_listens_nothing_happens(
    name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    ServiceManager({"NOTIFY_SOCKET": name}).ready("recording")
    assert capfd.readouterr() == ("", "")


def test_the_watchdog_is_for_the_process_it_names() -> None:
    ours = {"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": str(os.getpid())}
    assert ServiceManager(ours).watchdog_s == 3.0
    assert ServiceManager(ours | {"WATCHDOG_PID": "1"}).watchdog_s == 0.0
    assert ServiceManager({"WATCHDOG_USEC": "soon"}).watchdog_s == 0.0
    assert ServiceManager({}).watchdog_s == 0.0


def test_the_watchdog_is_fed_only_while_every_profile_is_polled(
    place: tuple[str, socket.socket],
) -> None:
    name, heard = place
    now = 0.0
    manager = ServiceManager({"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "60000000"})
    pulse = Pulse(manager, ["acme", "beta"], lambda: now)
    pulse.beat()
    assert read(heard) == ["WATCHDOG=1"]
    now = 50.0
    pulse.polled("acme", 0.0)
    pulse.beat()
    assert read(heard) == ["WATCHDOG=1"]
    now = 61.0
    pulse.beat()
    assert read(heard) == []
    pulse.polled("beta", 600.0)
    now = 100.0
    pulse.beat()
    assert read(heard) == ["WATCHDOG=1"]
