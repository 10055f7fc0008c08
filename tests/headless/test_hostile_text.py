"""Hostile text in every field of every answer: what commands print is harmless, and their JSON whole."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drivers.command import Finished, syncdeck
from tests.drivers.simulator import RunningSimulator
from tui.simulator.client_config import write_config

HOSTILE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
LISTS = ("status", "workers", "extensions", "engine", "connections", "log")
NAME = "x\x1b]0;taken over\x07\u202e\x9b2J"


@pytest.fixture
def erp(private_places: Path) -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True, extensions=5) as running:
        write_config(private_places / "config" / "config.toml", running.url)
        running.fault("GET|/workers|/extensions|ErpSync|/archive=hostile:all")
        yield running


def assert_harmless(done: Finished) -> None:
    for text in (done.out, done.err):
        assert HOSTILE.search(text) is None, text
    assert done.code != 70, done.err


@pytest.mark.parametrize("command", LISTS)
def test_what_a_list_prints(erp: RunningSimulator, command: str) -> None:
    done = syncdeck(command)
    assert_harmless(done)
    assert "taken over" in done.out
    assert "taken over" not in {line.strip() for line in done.out.splitlines()}


@pytest.mark.parametrize("command", LISTS)
def test_what_its_json_holds(erp: RunningSimulator, command: str) -> None:
    done = syncdeck(command, "--json")
    assert_harmless(done)
    assert HOSTILE.search(json.dumps(done.document, ensure_ascii=False)) is None
    assert "taken over" in done.out


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_what_a_failure_says(erp: RunningSimulator, options: tuple[str, ...]) -> None:
    erp.clear_faults()
    erp.fails("GET|ErpSync", "message", NAME)
    for command in (*LISTS, "doctor"):
        done = syncdeck(command, *options)
        assert_harmless(done)
        assert "taken over" in done.out + done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "worker.start", "Temu DE", "--dry-run"),
        ("run", "worker.start", "Temu DE", "--yes"),
        ("run", "worker.configure", "Temu DE", "interval=20m", "--yes"),
        ("run", "extension.update", "de.muster", "version=2", "--yes", "--json"),
        ("run", "engine.stop", "--yes"),
        ("audit",),
        ("audit", "--json"),
        ("audit", "verify"),
    ],
)
def test_what_run_and_audit_print(erp: RunningSimulator, arguments: tuple[str, ...]) -> None:
    syncdeck("run", "engine.stop", "--yes")
    assert_harmless(syncdeck(*arguments))


@pytest.mark.parametrize("command", ["status", "config show", "config validate", "audit", "doctor"])
def test_a_config_whose_name_and_content_are_hostile(tmp_path: Path, command: str) -> None:
    path = tmp_path / f"{NAME}.toml"
    assert_harmless(syncdeck(*command.split(), "--config", path))
    path.write_text(
        'default_profile = "a\\u001b[2J"\n[profiles."a\\u001b[2J"]\n"x\\u001b" = "\\u202e"\n'
    )
    done = syncdeck(*command.split(), "--config", path)
    assert_harmless(done)
    assert "taken over" in done.out + done.err


@pytest.mark.parametrize(
    "command",
    [
        *("config path", "config show", "config validate", "config init", "status", "workers --json"),
        "doctor",
    ],
)
def test_s4_a_sound_config_in_a_hostile_place(
    erp: RunningSimulator, private_places: Path, tmp_path: Path, command: str
) -> None:
    folder = tmp_path / NAME
    folder.mkdir()
    sound = private_places / "config"
    for path in (sound / "config.toml", *(sound / "config.toml.d").iterdir()):
        beside = folder / path.relative_to(sound)
        beside.parent.mkdir(exist_ok=True)
        beside.write_bytes(path.read_bytes())
        # Others may read it, which is warned of with its name.
        beside.chmod(0o644)
    more = {"SYNCDECK_CONFIG": str(folder / "config.toml"), "SYNCDECK_STATE_DIR": str(folder / "state")}
    done = syncdeck(*command.split(), **more)
    assert_harmless(done)
    assert ("taken over" in done.out + done.err) == (command not in ("config show", "config validate"))


def test_s4_variables_that_are_hostile(erp: RunningSimulator) -> None:
    names = ("TERM", "TERM_PROGRAM", "COLORTERM", "SSH_TTY", "STY", "COLUMNS", "LINES", "LC_ALL", "TMUX")
    assert_harmless(syncdeck("doctor", **dict.fromkeys(names, NAME)))
    for name in ("SYNCDECK_CONFIG", "SYNCDECK_STATE_DIR", "SYNCDECK_CACHE_DIR"):
        for command in ("status", "doctor", "audit"):
            assert_harmless(syncdeck(command, **{name: f"~nobody{NAME}"}))


def test_arguments_that_are_hostile(erp: RunningSimulator) -> None:
    for arguments in (
        [NAME],
        ["status", "--profile", NAME],
        ["run", NAME],
        ["workers", "--log", NAME + "/x"],
    ):
        assert_harmless(syncdeck(*arguments))
