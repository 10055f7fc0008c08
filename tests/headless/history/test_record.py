"""`record` in a process of its own over real HTTP, and what `history` says then."""

import resource
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.drivers.command import PATIENCE, Finished, command, syncdeck
from tests.drivers.simulator import RunningSimulator
from tests.headless.history.recorder import REFRESH, fails, fails_until, recorder, until
from tui.simulator.client_config import write_config


@pytest.fixture
def erp(private_places: Path) -> Iterator[RunningSimulator]:
    """One that is polled every second or two."""
    with RunningSimulator(still=True) as erp:
        path = private_places / "config" / "config.toml"
        write_config(path, erp.url)
        path.write_text(path.read_text() + REFRESH.format("sim") + REFRESH.format("sim-onprem"))
        yield erp


def changes(name: str = "") -> list[tuple[str, str, str]]:
    """What `history` has of a sync: from, to, text."""
    items = syncdeck("history", "--json", "--since", "1h").document["items"]
    return [(one["from"], one["to"], one["text"]) for one in items if one["to"] and name in one["name"]]


def otto_is_known() -> bool:
    """Whether it was recorded; the topics are polled one after the other."""
    items = syncdeck("history", "at", "now", "--json").document["items"]
    return any("Otto Market" in str(item) for item in items)


def test_a_failure_a_killed_recorder_and_the_recovery_are_in_the_history(erp: RunningSimulator) -> None:
    with recorder() as first:
        until(otto_is_known)
        fails(erp)
        until(lambda: ("ok", "error") in [one[:2] for one in changes("Otto")])
        first.send_signal(signal.SIGKILL)
        first.wait(PATIENCE)
    assert "nobody records now" in syncdeck("record", "--status").out
    erp.state(jtl={"workers": {"Otto Market": {"state": 3, "text": ""}}})
    # More than a gap: two intervals, at least 10 s.
    time.sleep(12)
    with recorder() as second:
        until(lambda: ("error", "ok") in [one[:2] for one in changes("Otto")])
        status = syncdeck("record", "--status")
        assert f"sim: recorded by pid {second.pid} on " in status.out
        assert status.code == 0
        second.send_signal(signal.SIGTERM)
        assert second.wait(PATIENCE) == 0
    found = syncdeck("history", "Otto Market", "--json", "--since", "2m")
    assert found.code == 1
    inside = [one for one in found.document["gaps"] if one["reason"] == "nothing was recording"]
    assert len(inside) >= 2, "before the first recorder, and between both"
    assert 0 < found.document["complete"] < 1
    text = syncdeck("history", "Otto Market", "--since", "2m").out
    assert "error → ok" in text
    assert "not seen" in text


def test_once_polls_every_topic_once_and_ends_with_what_came_of_it(erp: RunningSimulator) -> None:
    assert syncdeck("record", "--once").code == 0
    assert len(erp.received("GET", "/workers/status")) == 1
    assert syncdeck("history", "at", "now", "--json").document["known"] is True
    erp.fault("workers=status:401")
    assert syncdeck("record", "--once").code == 4


def test_one_process_records_several_profiles_for_a_time(erp: RunningSimulator) -> None:
    done = syncdeck("record", "--profile", "sim", "--profile", "sim-onprem", "--for", "3s")
    assert (done.code, done.err) == (0, "")
    assert done.out == "recording sim, sim-onprem; SIGTERM or ctrl+c ends it\n"
    for profile in ("sim", "sim-onprem"):
        assert syncdeck("history", "size", "--json", "--profile", profile).document["days"] == 1


def test_systemd_is_told_that_it_is_ready_alive_and_stopping(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "notify"))
        heard.settimeout(PATIENCE)
        # Also failing polls are polls.
        erp.fault(".*=status:503")
        told = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "4000000"}
        with recorder(**told) as running:
            said = [heard.recv(1_000).decode() for _ in range(4)]
            assert [one for one in said if one.startswith("READY=1\nSTATUS=recording sim")]
            assert "WATCHDOG=1" in said
            running.send_signal(signal.SIGTERM)
            assert running.wait(PATIENCE) == 0
            heard.setblocking(False)
            with suppress(BlockingIOError):
                while True:
                    said.append(heard.recv(1_000).decode())
    assert said[-1] == "STOPPING=1"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_how_it_ends(erp: RunningSimulator, number: signal.Signals, code: int) -> None:
    erp.fault("GetEngineStatus=hang")
    with recorder() as running:
        erp.wait_received("POST", "GetEngineStatus")
        running.send_signal(number)
        assert running.wait(PATIENCE) == code
        assert running.stderr.read() == ""


def test_a_note_is_taken_in_and_read_by_everybody(erp: RunningSimulator) -> None:
    noted: Finished = syncdeck("note", "token", "renewed", LOGNAME="anna")
    assert (noted.code, noted.err) == (0, "")
    assert noted.out.endswith(" UTC: token renewed\n")
    with recorder():
        items = until(
            lambda: [
                one for one in syncdeck("history", "--json").document["items"] if one["kind"] == "note"
            ]
        )
    assert [(one["text"], one["by"]) for one in items] == [("token renewed", "anna")]


def test_status_and_workers_say_since_when_where_something_records(erp: RunningSimulator) -> None:
    def since(command: str) -> tuple[object, object]:
        items = syncdeck(command, "--json").document["items"]
        [one] = [item for item in items if item["id"] == erp.worker_id("Otto Market")]
        return one["since"], one["since_is_known"]

    assert since("workers") == (None, False)
    with recorder():
        until(otto_is_known)
        fails_until(erp, lambda: since("workers")[1])
        assert since("status") == since("workers")
        assert "since " in next(
            row for row in syncdeck("status").out.splitlines() if "Otto Market" in row
        )


def test_a_cut_that_begins_before_the_recording_has_every_target(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    assert syncdeck("record", "--once").code == 0
    listed = syncdeck("history", "at", "now", "--json").document["items"]
    night = tmp_path / "night.db"
    arguments = ("--since", "1h", "--until", "now", "-o", night)
    done = syncdeck("history", "cut", *arguments)
    assert (done.code, done.err) == (0, "")
    from tui.history.cut import open_replay

    replayed = open_replay(night)
    end = replayed.extent().until
    assert end is not None
    kept = {one.key for one in replayed.states_at(end)}
    assert {item.get("id") or "engine" for item in listed if item["kind"] == "sync"} <= kept
    again = syncdeck("history", "cut", *arguments)
    assert (again.code, again.out) == (2, "")
    assert "exists already and was not changed" in again.err


def test_a_time_in_the_future_is_refused(erp: RunningSimulator) -> None:
    assert syncdeck("record", "--once").code == 0
    refused = syncdeck("history", "forget", "--before", "2999-01-01")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == "syncdeck: history forget: --before must lie in the past\n"
    assert syncdeck("history", "size", "--json").document["days"] == 1


def test_what_is_being_recorded_is_kept_and_said(erp: RunningSimulator) -> None:
    with recorder():
        until(otto_is_known)
        forgotten = syncdeck("history", "forget", "--before", "now")
        assert forgotten.code == 1
        assert "the day that is being recorded was kept: stop the recorder" in forgotten.out
        assert syncdeck("history", "at", "now", "--json").document["known"]


@pytest.mark.parametrize("how", [("--once",), ("--for", "3s")])
def test_what_cannot_be_stored_is_said_at_the_end(
    erp: RunningSimulator, private_places: Path, how: tuple[str, ...]
) -> None:
    history = private_places / "state" / "history"
    history.parent.mkdir(mode=0o700)
    history.touch(0o600)
    done = syncdeck("record", *how)
    assert done.code == 74
    assert done.err == "syncdeck: the history of sim could not be stored: File exists\n"


def test_a_note_on_a_full_disk_is_not_kept_and_it_is_said(erp: RunningSimulator) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        done = subprocess.run(command("note", "seen"), capture_output=True, text=True, check=False)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert (done.returncode, done.stdout) == (74, "")
    assert done.stderr == "syncdeck: the note could not be kept: File too large\n"
