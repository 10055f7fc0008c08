"""What is kept of the first screen: private, of this very config, and text that steers no terminal."""

import os
import stat
import time
from pathlib import Path
from typing import Any

import pytest

from tui.paths import cache_dir, config_path
from tui.startup import last_screen as last_state
from tui.startup.last_screen import LastState, LastStates

AT = 1_750_000_000.0
COLUMNS = [(0, 10, False, "State"), (1, 18, False, "Channel"), (2, 6, True, "Every")]


def state(*rows: tuple[str, ...]) -> LastState:
    given = rows or (("k1", "✖", "error", "error", "Temu DE", "5m"),)
    return LastState(AT, " syncdeck · acme · PRODUCTION", " 1 Workers", COLUMNS, list(given))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "config.toml"
    file.write_text("[profiles.acme]\n")
    return file


@pytest.fixture
def states(tmp_path: Path, config: Path) -> LastStates:
    return LastStates(str(tmp_path / "cache" / "last"), str(config), "acme")


@pytest.fixture
def file(tmp_path: Path, states: LastStates) -> Path:
    states.write("acme", state())
    return tmp_path / "cache" / "last" / "acme.txt"


def test_what_was_written_is_read_again(states: LastStates, file: Path) -> None:
    read = states.read("acme")
    assert read is not None
    assert read.rows == [("k1", "✖", "error", "error", "Temu DE", "5m")]
    assert (read.columns, read.where) == (COLUMNS, " syncdeck · acme · PRODUCTION")
    assert read.text == "as of 2025-06-15 15:06:40 UTC: last seen state"


def test_l7_the_number_of_syncs_outlives_an_edit_of_its_config_but_no_other(
    tmp_path: Path, states: LastStates, config: Path
) -> None:
    states.write("acme", LastState(AT, "", "", COLUMNS, [], syncs=5_000))
    config.write_text("[profiles.acme]\nread_only = true\n")
    folder, other = str(tmp_path / "cache" / "last"), tmp_path / "other.toml"
    assert LastStates(folder, str(config)).syncs("acme") == 5_000
    assert LastStates(folder, str(config)).syncs("new") == 0
    assert LastStates(folder, str(other)).syncs("acme") == 0


def test_it_is_private(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_the_profile_that_the_config_chooses_needs_no_name(states: LastStates, file: Path) -> None:
    states.write("other", state(("k2", "✔", "ok", "ok", "Otto", "1h")))
    chosen = states.read_default()
    assert chosen is not None
    assert chosen.rows[0][0] == "k1"


def test_one_profile_never_shows_another_ones_rows(states: LastStates, file: Path) -> None:
    file.rename(file.with_name("other.txt"))
    assert (states.read("acme"), states.read("other"), states.read_default()) == (None, None, None)


def test_a_config_that_was_edited_since_makes_it_void(
    tmp_path: Path, states: LastStates, file: Path, config: Path
) -> None:
    config.write_text("[profiles.acme]\nenvironment = 'staging'\n")
    assert LastStates(str(file.parent), str(config), "acme").read("acme") is None


def test_read_only_by_the_command_line_is_another_screen(file: Path, config: Path) -> None:
    assert LastStates(str(file.parent), str(config), "acme", sealed=True).read("acme") is None


def test_without_a_config_there_is_nothing(file: Path, config: Path) -> None:
    config.unlink()
    assert LastStates(str(file.parent), str(config), "acme").read("acme") is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "",
        lambda text: text[:-20],
        lambda text: text.replace("state 1", "state 2"),
        lambda text: text.replace("Temu", "\x1b[31mTemu"),
        lambda text: text.replace("Temu", "\u202eTemu"),
        lambda text: text.replace("at\t", "at\tsoon"),
        lambda text: text.replace("at\t1750000000", f"at\t{time.time() + 9_999:.0f}"),
        lambda text: text.replace("\terror\tTemu DE\t5m", ""),
        lambda text: text.replace("column\t0", "column\tx"),
        lambda text: text.replace("\nat\t1750000000", ""),
        lambda text: text + "\nmore",
        lambda text: "\udcff" * 40,
    ],
)
def test_what_is_not_exactly_what_was_written_is_ignored(
    spoil: Any, states: LastStates, file: Path
) -> None:
    file.write_text(spoil(file.read_text()), errors="surrogateescape")
    assert states.read("acme") is None
    assert states.read_default() is None


@pytest.mark.parametrize("mode", [0o644, 0o660])
def test_what_others_may_read_or_write_is_not_trusted(states: LastStates, file: Path, mode: int) -> None:
    file.chmod(mode)
    assert states.read("acme") is None


def test_a_link_and_a_pipe_are_no_files(states: LastStates, file: Path) -> None:
    file.rename(file.with_name("kept"))
    file.symlink_to("kept")
    assert states.read("acme") is None
    file.unlink()
    os.mkfifo(file, 0o600)
    assert states.read("acme") is None


def test_what_a_server_said_steers_no_terminal_from_the_file(states: LastStates, file: Path) -> None:
    states.write("acme", state(("k\t1", "✖", "error", "a\x1b]0;x\x07b", "c\nrow", "\u202e")))
    read = states.read("acme")
    assert read is not None
    assert read.rows == [("k 1", "✖", "error", "a ]0;x b", "c row", " ")]


def test_only_a_screenful_is_kept(states: LastStates, file: Path) -> None:
    states.write("acme", state(*((f"k{n}", "✔", "ok", "ok", "x" * 5_000, "5m") for n in range(500))))
    read = states.read("acme")
    assert read is not None
    assert (len(read.rows), len(read.rows[0][4])) == (60, 200)
    assert file.stat().st_size < 65_536


def test_it_is_found_where_everything_else_looks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for variable in ("SYNCDECK_CACHE_DIR", "SYNCDECK_CONFIG", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert (last_state.folder(), last_state.config()) == (str(cache_dir() / "last"), str(config_path()))
    monkeypatch.setenv("SYNCDECK_CACHE_DIR", "~/c")
    monkeypatch.setenv("SYNCDECK_CONFIG", "~/d.toml")
    assert (last_state.folder(), last_state.config()) == (str(cache_dir() / "last"), str(config_path()))
