"""A config that cannot be used: exit 2, one sentence with file and line, no secret, a sane terminal."""

import os
from pathlib import Path

import pytest

from tests.terminal.conftest import Console

SECRET = "hunter2-in-the-clear"
GOOD = """\
default_profile = "acme"

[profiles.acme]
environment = "staging"

[profiles.acme.jtl]
deployment = "cloud"
base_url = "https://erp.invalid/erp"
tenant_id = "5f2c7a10-3d0e-4c55-9a41-8f6f3c0b1d27"

[profiles.acme.jtl.auth]
type = "client-credentials"
token_url = "https://erp.invalid/oauth2/token"
client_id = "acme"
client_secret = { env = "ACME_SECRET" }
"""


@pytest.mark.parametrize(
    ("good", "bad", "line", "words"),
    [
        ('base_url = "https:', 'base_ulr = "https:', 8, ("base_ulr", "base_url")),
        ('{ env = "ACME_SECRET" }', f'"{SECRET}"', 15, ("client_secret", "env")),
        ('"ACME_SECRET"', '"ACME_SECRET_GONE"', 15, ("ACME_SECRET_GONE",)),
        ('"https://erp.invalid/erp"', '"ftp://erp.invalid/erp"', 8, ("base_url", "http")),
        ('"staging"', "staging", 4, ("TOML",)),
    ],
    ids=["unknown key", "secret in plain text", "missing variable", "bad URL", "bad TOML"],
)
def test_the_sentence_names_file_and_line(
    syncdeck: Console, places: Path, good: str, bad: str, line: int, words: tuple[str, ...]
) -> None:
    config = places / "bad.toml"
    config.write_text(GOOD.replace(good, bad, 1))
    terminal = syncdeck("--config", config, more={"ACME_SECRET": SECRET})
    terminal.wait_ended()
    said = terminal.said_at_the_end
    assert terminal.exit_code == 2
    assert len(said.split("\n")) == 1, said
    assert f"bad.toml:{line}" in said or f"line {line}" in said
    assert "bad.toml" in said
    assert [word for word in words if word not in said] == []
    assert SECRET not in terminal.text
    assert terminal.modes == set()
    assert terminal.settings_now == terminal.settings_before


def test_s2_a_log_in_a_pipe_ends_the_console_at_once(syncdeck: Console, places: Path) -> None:
    os.mkfifo(places / "pipe", 0o640)
    terminal = syncdeck("--demo", "--log", places / "pipe")
    terminal.wait_ended()
    assert terminal.exit_code == 2
    assert "pipe: the log cannot be written: it is a named pipe" in terminal.said_at_the_end
    assert (places / "pipe").stat().st_mode & 0o777 == 0o640
