"""A secret command that asks at the terminal: the screen goes, it asks, the screen comes back."""

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.drivers.terminal import Terminal
from tests.terminal.conftest import Console
from tests.terminal.erp_process import ErpProcess

ASKS = """
import getpass, sys
if getpass.getpass("passphrase of the vault: ") != "open sesame":
    raise SystemExit("that is not it")
print(open(sys.argv[1]).read(), end="")
"""


@pytest.fixture
def asking(erp: ErpProcess, tmp_path: Path) -> Path:
    """A config whose SuperOffice token is printed by a program that asks for a passphrase."""
    program = tmp_path / "vault.py"
    program.write_text(ASKS)
    table = erp.config.read_text().split("[profiles.sim.superoffice.auth]")[1].split("[")[0]
    name = table.split('token = { file = "')[1].split('"')[0]
    secret = erp.config.parent / name
    command = f'["{sys.executable}", "{program}", "{secret}"]'
    text = erp.config.read_text().replace(
        table, table.replace(f'file = "{name}"', f"command = {command}")
    )
    path = erp.config.with_name("asking.toml")
    path.write_text(text)
    path.chmod(0o600)
    return path


@pytest.fixture
def refused(asking: Path, syncdeck: Console) -> Terminal:
    """The console whose engine cannot be asked, because the program has no terminal."""
    terminal = syncdeck("--config", asking, "--profile", "sim", size=(100, 30))
    terminal.wait_for("Temu DE")
    terminal.press("j", "j", "3")
    terminal.wait_for("no credentials")
    terminal.wait_for("press A to re-enter the credentials")
    terminal.press("A")
    terminal.wait_for("Credentials · sim")
    terminal.wait_for("cannot be read")
    return terminal


def test_a_program_gets_the_terminal_and_its_secret_is_used(refused: Terminal) -> None:
    refused.press("t")
    refused.wait_for("passphrase of the vault:")
    assert "alternate screen" not in refused.modes
    refused.send("open sesame\r")
    refused.wait_for("SuperOffice accepts it")
    assert "alternate screen" in refused.modes
    refused.press("q", "3")
    refused.wait_for("running")
    refused.wait_for("live")
    assert "open sesame" not in refused.text
    refused.press("q")
    refused.wait_ended()
    assert refused.exit_code == 0
    assert refused.modes == set()
    assert refused.settings_now == refused.settings_before


def test_a_wrong_passphrase_and_an_interrupt_are_told_and_the_console_goes_on(
    refused: Terminal,
) -> None:
    refused.press("t")
    refused.wait_for("passphrase of the vault:")
    refused.send("nonsense\r")
    # Drawn once the console has its terminal back; that it ended with exit code 1 was said before, too.
    refused.wait_for("It printed the reason on the terminal")
    assert "ended with exit code 1" in refused.screen()
    refused.press("t")
    refused.wait_until(lambda: "alternate screen" not in refused.modes, "the terminal given away")
    refused.wait_for("passphrase of the vault:")
    refused.press("ctrl+c")
    refused.wait_until(lambda: "alternate screen" in refused.modes, "the console again")
    refused.wait_for("was interrupted · Try again")
    refused.press("q", "1")
    refused.wait_for("Temu DE")
    refused.press("q")
    refused.wait_ended()
    assert refused.exit_code == 0


def test_a_signal_meanwhile_ends_both_and_leaves_the_terminal_as_it_was(refused: Terminal) -> None:
    refused.press("t")
    refused.wait_for("passphrase of the vault:")
    refused.signal(signal.SIGTERM)
    refused.wait_ended()
    assert refused.exit_code == 143
    assert refused.left_behind == []
    assert refused.modes == set()


def test_s3_at_the_terminal_as_well_a_program_ends_with_itself(
    asking: Path, syncdeck: Console, tmp_path: Path
) -> None:
    """What it starts there, such as an agent, may keep its output open."""
    program = tmp_path / "vault.py"
    note = tmp_path / "pid"
    keeps_open = f"""
import subprocess
agent = subprocess.Popen(["sleep", "600"], stdin=subprocess.DEVNULL)
open({str(note)!r}, "w").write(str(agent.pid))
"""
    program.write_text(f"{ASKS}{keeps_open}")
    terminal = syncdeck("--config", asking, "--profile", "sim", size=(100, 30))
    terminal.wait_for("Temu DE")
    terminal.press("A")
    terminal.wait_for("cannot be read")
    terminal.press("t")
    terminal.wait_for("passphrase of the vault:")
    terminal.send("open sesame\r")
    terminal.wait_for("SuperOffice accepts it")
    terminal.press("q", "q")
    terminal.wait_ended()
    os.kill(int(note.read_text()), signal.SIGKILL)
