"""`doctor` in a real pseudo-terminal: what it says of it, of tmux, and how it gives one back that a
killed console left in its modes."""

import os
import shlex
import signal
import subprocess
import termios
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.drivers.command import PATIENCE, command
from tests.drivers.terminal import Terminal
from tests.terminal.conftest import Console
from tests.terminal.erp_process import ErpProcess

TMUX = """#!/bin/sh
echo "$@" >> {log}
case "$3" in
  escape-time) echo 500 ;;
  set-clipboard) echo external ;;
  *) exit 1 ;;
esac
"""
_EVERY_MODE = r"\033[?1049h\033[?25l\033[?1000;1002;1003;1006;1015h\033[?1004;2004h\033[>1u\033[?2026h"

Shell = Callable[[str], Terminal]


@pytest.fixture
def shell(environment: dict[str, str], tmp_path: Path) -> Iterator[Shell]:
    """Run a line of shell in a terminal of its own."""
    with ExitStack() as stack:

        def start(line: str) -> Terminal:
            argv = ["sh", "-c", line]
            return stack.enter_context(Terminal(argv, environment, cwd=tmp_path))

        yield start


@pytest.fixture
def tmux(tmp_path: Path) -> Path:
    """A directory with a `tmux` that writes down what it is asked."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "tmux"
    program.write_text(TMUX.format(log=shlex.quote(str(tmp_path / "tmux.log"))))
    program.chmod(0o755)
    return folder


def run(*arguments: object) -> str:
    return shlex.join(command(*arguments))


def is_sane(terminal: Terminal) -> bool:
    settings = terminal.settings_now
    wanted = termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN
    return (
        bool(settings[0] & termios.ICRNL)
        and settings[1] & (termios.OPOST | termios.ONLCR) == termios.OPOST | termios.ONLCR
        and settings[3] & wanted == wanted
    )


# What it says.


def test_a_terminal_is_told(erp: ErpProcess, syncdeck: Console) -> None:
    terminal = syncdeck("doctor", "--config", erp.config, size=(120, 60))
    terminal.wait_ended()
    assert terminal.exit_code == 0
    assert "✔ ok      TERM                xterm-256color" in terminal.text
    assert "✔ ok      size                120x60" in terminal.text
    assert "tmux" not in terminal.text


def test_tmux_is_asked_only_inside_of_tmux(
    erp: ErpProcess, syncdeck: Console, tmux: Path, tmp_path: Path
) -> None:
    path = f"{tmux}{os.pathsep}{os.environ['PATH']}"
    outside = syncdeck("doctor", "--config", erp.config, more={"PATH": path})
    outside.wait_ended()
    assert not (tmp_path / "tmux.log").exists()
    more = {"PATH": path, "TMUX": "/tmp/x,1,0", "TERM": "tmux-256color"}
    inside = syncdeck("doctor", "--config", erp.config, size=(120, 60), more=more)
    inside.wait_ended()
    assert inside.exit_code == 1
    assert "▲ warn    tmux escape-time    500 ms" in inside.text
    assert "→ tmux set -s escape-time 10" in inside.text
    assert "✔ ok      tmux clipboard      set-clipboard external" in inside.text
    asked = (tmp_path / "tmux.log").read_text().splitlines()
    assert sorted(asked) == [
        f"show-options -gv {name}" for name in ("allow-passthrough", "escape-time", "set-clipboard")
    ]


def test_a_tmux_that_is_not_there_is_told(erp: ErpProcess, syncdeck: Console, tmp_path: Path) -> None:
    more = {"PATH": str(tmp_path), "TMUX": "/tmp/x,1,0", "TERM": "tmux-256color"}
    terminal = syncdeck("doctor", "--config", erp.config, more=more)
    terminal.wait_ended()
    assert "▲ warn    tmux                did not report its options" in terminal.text


@pytest.mark.parametrize("width", [60, 80])
def test_no_line_is_wider_than_the_screen(erp: ErpProcess, syncdeck: Console, width: int) -> None:
    terminal = syncdeck("doctor", "--config", erp.config, size=(width, 24))
    terminal.wait_ended()
    paths = [line for line in terminal.text.splitlines() if str(erp.config.parent) in line]
    wide = [line for line in terminal.text.splitlines() if len(line) > width and line not in paths]
    assert wide == []


# Giving a terminal back.


def test_every_mode_is_ended_wherever_the_output_goes(shell: Shell, tmp_path: Path) -> None:
    reset = run("doctor", "--reset-terminal")
    terminal = shell(f"stty raw -echo; printf '{_EVERY_MODE}'; read x; {reset} > out; read x")
    terminal.wait_until(lambda: "synchronised output" in terminal.modes, "the modes")
    assert "mouse" in terminal.modes
    assert not is_sane(terminal)
    terminal.send("\n")
    terminal.wait_until(lambda: terminal.modes == set(), "the end of the modes")
    terminal.wait_until(lambda: is_sane(terminal), "a sane terminal")
    terminal.wait_until((tmp_path / "out").read_text, "the sentence")
    assert (tmp_path / "out").read_text() == "the terminal is reset\n"


def test_what_a_killed_console_left_is_put_right(erp: ErpProcess, shell: Shell, tmp_path: Path) -> None:
    console = f"echo $$ > pid; exec {run('--config', erp.config)}"
    terminal = shell(f"sh -c {shlex.quote(console)}; {run('doctor', '--reset-terminal')}; read x")
    terminal.wait_for("Temu DE")
    assert "alternate screen" in terminal.modes
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
    terminal.wait_for("the terminal is reset")
    assert terminal.modes == set()
    assert is_sane(terminal)
    assert terminal.title == ""


def test_without_a_terminal_there_is_nothing_to_reset_and_nothing_to_judge() -> None:
    def alone(*arguments: str) -> subprocess.CompletedProcess[str]:
        """In a session of its own, which has no terminal."""
        return subprocess.run(
            command(*arguments),
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    reset = alone("doctor", "--reset-terminal")
    assert (reset.returncode, reset.stdout) == (2, "")
    assert "there is no terminal to reset" in reset.stderr
    assert "skipped terminal" in alone("doctor", "--demo").stdout
