"""Programs that syncdeck starts do not get the secrets that lie in its environment."""

from pathlib import Path

import pytest

import tui
from tests.drivers.command import syncdeck
from tui.child_environment import environment
from tui.paths import config_path

CONFIG = """
default_profile = "a"
[profiles.a.superoffice]
base_url = "http://127.0.0.1:9/Cust12345"
[profiles.a.superoffice.auth]
type = "bearer"
token = { command = ["secret-program"] }
[profiles.b.superoffice]
base_url = "http://127.0.0.1:9/Cust12345"
[profiles.b.superoffice.auth]
type = "bearer"
token = { env = "ACME_TOKEN" }
"""
STARTS_PROGRAMS = {
    "api/auth/secret_command.py": "environment(hidden)",
    "headless/doctor/terminal.py": "environment(hidden)",
    "headless/history/hook.py": "environment(self._hidden)",
    "ui/terminal/tmux.py": "_PASSED_ON",
}
"""Where a program is started at all, and what keeps secrets out of its environment."""


def test_what_the_config_names_is_left_out_and_all_else_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ACME_TOKEN", "hush")
    monkeypatch.setenv("ACME_PLACE", "vault")
    given = environment({"ACME_TOKEN"})
    assert "ACME_TOKEN" not in given
    assert given["ACME_PLACE"] == "vault"


def test_programs_are_started_in_known_places_only() -> None:
    below = Path(tui.__file__).parent
    sources = {str(path.relative_to(below)): path.read_text() for path in below.rglob("*.py")}
    words = ("subprocess", "Popen", "os.exec", "os.spawn", "os.system")
    found = {name for name, text in sources.items() if any(word in text for word in words)}
    assert found == set(STARTS_PROGRAMS)
    assert all(guard in sources[name] for name, guard in STARTS_PROGRAMS.items())


def test_neither_tmux_nor_a_secret_command_gets_the_secret_of_any_profile(tmp_path: Path) -> None:
    for program in ("tmux", "secret-program"):
        path = tmp_path / program
        path.write_text(f'#!/bin/sh\nenv > "{tmp_path}/{program}.env"\necho on\n')
        path.chmod(0o700)
    config_path().parent.mkdir(parents=True)
    config_path().write_text(CONFIG)
    done = syncdeck(
        "doctor", "--json", PATH=f"{tmp_path}:/usr/bin:/bin", TMUX="here", ACME_TOKEN="hush-hush"
    )
    assert "hush-hush" not in done.out + done.err
    for program in ("tmux", "secret-program"):
        found = (tmp_path / f"{program}.env").read_text()
        assert "PATH=" in found
        assert "ACME_TOKEN" not in found
