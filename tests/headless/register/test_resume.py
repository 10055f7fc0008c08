"""A registration that waits is resumed, and survives a signal."""

import signal
from pathlib import Path

import pytest

from tests.drivers.command import PATIENCE, Running, started, syncdeck
from tests.drivers.simulator import RunningSimulator
from tests.headless.register.test_command import (
    CODE,
    Register,
    config_of,
    issued,
    key_of,
    mode,
    set_registration,
    waiting,
)

# Going on later.


def test_a_registration_that_waits_is_gone_on_with(
    erp: RunningSimulator, register: Register, run: Register, private_places: Path
) -> None:
    set_registration(erp, answer="wait")
    first = register("--challenge", CODE, "--wait", "0")
    assert first.code == 1
    assert "nobody has accepted or rejected it in time" in first.err
    (kept,) = waiting(private_places)
    assert (mode(kept), mode(kept.parent)) == (0o600, 0o700)
    set_registration(erp, answer="accept")
    done = run("register", "--resume")
    assert done.code == 0, done.err
    assert len(erp.received("POST")) == 1
    assert {entry["headers"]["x-challengecode"] for entry in erp.received("GET", "authentic")} == {CODE}
    assert key_of(private_places).read_text() == f"{issued(erp)}\n"
    assert waiting(private_places) == []
    again = run("register", "--resume")
    assert (again.code, "no registration waits for a decision" in again.err) == (2, True)
    assert run("register", "--resume", "--profile", "../branch").code == 2


def test_where_the_key_goes_can_still_be_changed_by_then(
    erp: RunningSimulator, register: Register, run: Register, tmp_path: Path
) -> None:
    set_registration(erp, answer="wait")
    register("--wait", "0")
    set_registration(erp, answer="accept")
    (tmp_path / "old").write_text("somebody's")
    assert run("register", "--resume", "--secret-file", tmp_path / "old").code == 2
    done = run("register", "--resume", "--secret-file", tmp_path / "key", "--print")
    assert done.code == 0, done.err
    assert (tmp_path / "key").read_text() == f"{issued(erp)}\n"
    assert f'file = "{tmp_path}/key"' in done.out


def test_one_that_waits_is_not_lost_to_another_unless_told_so(
    erp: RunningSimulator, register: Register, private_places: Path
) -> None:
    set_registration(erp, answer="wait")
    register("--wait", "0")
    done = register("--wait", "0")
    assert done.code == 2
    assert "--resume resumes it, --new starts another one" in done.err
    assert len(erp.received("POST")) == 1
    assert register("--wait", "0", "--new").code == 1
    assert len(erp.received("POST")) == 2


def test_of_several_that_wait_one_must_be_named(
    erp: RunningSimulator, register: Register, run: Register
) -> None:
    set_registration(erp, answer="wait")
    register("--wait", "0")
    register("--wait", "0", "--profile", "other", "--app-id", "other")
    done = run("register", "--resume")
    assert done.code == 2
    assert "name one with --profile: branch, other" in done.err


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"schema": 1}', "\0"])
def test_a_waiting_registration_that_cannot_be_read_is_told(
    erp: RunningSimulator, run: Register, private_places: Path, text: str
) -> None:
    folder = private_places / "state" / "registrations"
    folder.mkdir(parents=True)
    (folder / "branch.json").write_text(text)
    done = run("register", "--resume")
    assert done.code == 2
    assert "branch.json is not a registration that can be resumed; remove it" in done.err
    assert erp.log() == []


# Signals.


def registering(erp: RunningSimulator) -> Running:
    arguments = ["--base-url", erp.onprem_base, "--profile", "branch", "--write-config", "--yes"]
    return started("register", *arguments)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_waiting_and_says_how_to_go_on(
    erp: RunningSimulator, private_places: Path, number: int, code: int
) -> None:
    set_registration(erp, answer="wait")
    with registering(erp) as running:
        erp.wait_received("GET")
        running.send_signal(number)
        _, err = running.communicate(timeout=PATIENCE)
    assert running.returncode == code
    assert "`syncdeck register --resume --profile branch` resumes it" in err
    assert len(waiting(private_places)) == 1


def test_a_key_on_its_way_is_not_lost_to_a_signal(erp: RunningSimulator, private_places: Path) -> None:
    erp.hold("GET .*authentication")
    with registering(erp) as running:
        erp.wait_received("GET")
        running.send_signal(signal.SIGINT)
        erp.let_go()
        running.communicate(timeout=PATIENCE)
    assert running.returncode == 130
    assert key_of(private_places).read_text() == f"{issued(erp)}\n"
    assert "[profiles.branch]" in config_of(private_places).read_text()


def test_a_signal_while_the_request_is_on_its_way_says_what_to_look_for(erp: RunningSimulator) -> None:
    erp.fault("POST .*authentication=hang")
    with registering(erp) as running:
        erp.wait_received("POST")
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=PATIENCE)
    assert running.returncode == 130
    assert "if JTL-Wawi shows it, reject it there" in err


def test_help_tells_every_option() -> None:
    told = syncdeck("register", "--help").out
    for option in ("--base-url", "--secret-file", "--write-config", "--print", "--resume", "--show-key"):
        assert option in told
