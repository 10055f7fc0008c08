"""Files that a user names to be written to: regular files of their own, and no mode is changed (S2)."""

import os
import pty
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.drivers.command import syncdeck
from tui.output_files import open_for_append
from tui.simulator.client_config import write_config
from tui.simulator.options import SimulateOptions
from tui.simulator.serve import serve

Made = Callable[[Path], Path]
"""Makes something in a folder; its path."""


def link(folder: Path) -> Path:
    (folder / "target").write_text("theirs\n")
    (folder / "target").chmod(0o644)
    (folder / "link").symlink_to(folder / "target")
    return folder / "link"


def dangling_link(folder: Path) -> Path:
    (folder / "link").symlink_to(folder / "target")
    return folder / "link"


def pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe", 0o640)
    return folder / "pipe"


def directory(folder: Path) -> Path:
    (folder / "directory").mkdir()
    return folder / "directory"


def unix_socket(folder: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(folder / "sock"))
    return folder / "sock"


def hard_link(folder: Path) -> Path:
    (folder / "target").write_text("theirs\n")
    (folder / "second").hardlink_to(folder / "target")
    return folder / "second"


def device(folder: Path) -> Path:
    return Path("/dev/null")


def facts_below(folder: Path) -> dict[str, tuple[int, int]]:
    """Mode and size of all that is there; a pipe is not read."""
    known = ((path.name, path.lstat()) for path in folder.rglob("*"))
    return {name: (facts.st_mode, facts.st_size) for name, facts in known}


REFUSED = [
    (link, "it is a symbolic link"),
    (dangling_link, "it is a symbolic link"),
    (pipe, "it is a named pipe"),
    (device, "it is a device"),
    (directory, "it is a directory"),
    (unix_socket, "it is a socket"),
    (hard_link, "it has a second name (a hard link)"),
]


@pytest.mark.parametrize(("made", "why"), REFUSED)
def test_s2_a_log_goes_to_a_regular_file_alone(
    tmp_path: Path, private_places: Path, made: Made, why: str
) -> None:
    places = tmp_path / "named"
    places.mkdir()
    path = made(places)
    before = facts_below(places)
    for command in ("engine", "doctor"):
        done = syncdeck("--demo", command, "--log", path)
        assert done.code == 2
        assert f"{path}: the log cannot be written: {why}" in done.err + done.out
    assert facts_below(places) == before


def test_s2_a_pipe_that_somebody_reads_is_refused_too(tmp_path: Path) -> None:
    path = pipe(tmp_path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(OSError, match="named pipe"):
        open_for_append(path)
    os.close(reader)


def test_s2_a_terminal_is_a_device(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with pytest.raises(OSError, match="a device"):
        open_for_append(Path(os.ttyname(theirs)))
    os.close(ours)
    os.close(theirs)


def test_s2_a_file_of_ones_own_is_continued_and_keeps_its_mode(
    tmp_path: Path, private_places: Path
) -> None:
    log = tmp_path / "wire.log"
    log.write_text("before\n")
    log.chmod(0o640)
    done = syncdeck("--demo", "engine", "--log", log)
    assert done.code == 0
    assert f"syncdeck: log {log} can be read by others: chmod 600 it" in done.err
    assert log.read_text().startswith("before\n")
    assert "GetEngineStatus" in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o640
    log.chmod(0o600)
    assert syncdeck("--demo", "engine", "--log", log).err == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a file of another user")
def test_s2_a_file_of_another_user_is_not_written_to(tmp_path: Path, private_places: Path) -> None:
    log = tmp_path / "wire.log"
    log.write_text("theirs\n")
    log.chmod(0o666)
    os.chown(log, 65_534, 65_534)
    done = syncdeck("--demo", "engine", "--log", log)
    assert done.code == 2
    assert "it belongs to another user" in done.err
    assert (log.read_text(), stat.S_IMODE(log.stat().st_mode)) == ("theirs\n", 0o666)


@pytest.mark.parametrize(("made", "why"), REFUSED)
def test_s2_the_simulators_config_replaces_no_link_and_no_device(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], made: Made, why: str
) -> None:
    path = made(tmp_path)
    before = facts_below(tmp_path)
    assert serve(SimulateOptions(port=0, write_config=path)) == 2
    assert f"{path} cannot be written: {why}" in capsys.readouterr().err
    assert facts_below(tmp_path) == before


def test_s2_nor_do_its_secrets(tmp_path: Path) -> None:
    config, elsewhere = tmp_path / "sim.toml", tmp_path / "elsewhere"
    write_config(config, "http://127.0.0.1:8700")
    secret = next((tmp_path / "sim.toml.d").iterdir())
    secret.rename(elsewhere)
    elsewhere.chmod(0o644)
    secret.symlink_to(elsewhere)
    with pytest.raises(OSError, match="symbolic link"):
        write_config(config, "http://127.0.0.1:8701")
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o644
    (tmp_path / "sim.toml.d").rename(tmp_path / "other")
    (tmp_path / "sim.toml.d").symlink_to(tmp_path / "other")
    with pytest.raises(OSError, match="symbolic link"):
        write_config(config, "http://127.0.0.1:8701")


def test_s2_the_simulators_config_may_be_written_again(tmp_path: Path) -> None:
    config = tmp_path / "sim.toml"
    for port in (8_700, 8_701):
        config.chmod(0o644) if config.exists() else None
        write_config(config, f"http://127.0.0.1:{port}")
        assert f"127.0.0.1:{port}/" in config.read_text()
        files = (config, *(tmp_path / "sim.toml.d").iterdir())
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


@pytest.mark.parametrize("command", ["report", "handover"])
def test_a_dash_is_standard_output(
    tmp_path: Path, private_places: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = facts_below(tmp_path)
    done = syncdeck("--demo", command, "-o", "-")
    assert done.code == 0
    assert done.out.startswith("# ")
    assert facts_below(tmp_path) == before


@pytest.mark.parametrize(
    "words",
    [
        "--demo history cut --since 2h -o -",
        "--demo metrics --textfile -",
        "--demo engine --log -",
        "simulate --write-config -",
        "register --secret-file=-",
    ],
)
def test_where_a_file_is_needed_a_dash_is_refused(
    tmp_path: Path, private_places: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = facts_below(tmp_path)
    done = syncdeck(*words.split())
    assert (done.code, done.out) == (2, "")
    assert "'-' stands for no file here: name one" in done.err
    assert facts_below(tmp_path) == before
