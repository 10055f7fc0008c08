"""`record --print-unit`: a unit that systemd accepts."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.drivers.command import syncdeck
from tui.headless.history.unit import NAME, unit

NEEDED = (
    *("Type=notify", "WatchdogSec=", "Restart=always", "StateDirectory=syncdeck", "LoadCredential="),
    *("ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet="),
)


def test_the_unit_is_hardened_and_starts_the_recorder() -> None:
    text = unit(
        ["/opt/syncdeck/bin/syncdeck"], Path("/etc/syncdeck/config.toml"), ["a", "b"], everything=False
    )
    assert [word for word in NEEDED if word not in text] == []
    [start] = [line for line in text.splitlines() if line.startswith("ExecStart=")]
    assert start == (
        "ExecStart=/opt/syncdeck/bin/syncdeck record --config /etc/syncdeck/config.toml"
        " --profile a --profile b"
    )


def test_signs_with_a_meaning_for_systemd_are_escaped() -> None:
    text = unit(["/x/syncdeck"], Path('/etc/50% "of" $HOME/c.toml'), [], everything=True)
    assert 'record --config "/etc/50%% \\"of\\" $$HOME/c.toml" --all\n' in text


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not there to check it")
def test_systemd_finds_no_mistake_in_it(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_text(
        unit([shutil.which("true") or "/bin/true"], tmp_path / "c.toml", [], everything=True)
    )
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", path], capture_output=True, text=True, check=False
    )
    assert [line for line in done.stderr.splitlines() if NAME in line] == []


def test_it_is_printed_without_a_config(private_places: Path) -> None:
    done = syncdeck("record", "--print-unit", "--profile", "acme")
    assert (done.code, done.err) == (0, "")
    assert f"--config {private_places}/config/config.toml --profile acme" in done.out
