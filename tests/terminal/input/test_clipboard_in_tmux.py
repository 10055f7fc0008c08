"""A copy within a real tmux, by its settings: it reaches the terminal, or it is said to be kept."""

import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.drivers.command import command
from tests.drivers.terminal import Terminal
from tests.terminal.erp_process import ErpProcess

Inside = Callable[..., Terminal]
KEPT = "tmux keeps the copy: see copied.txt (`doctor` shows the fix)"

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux")


@pytest.fixture
def inside(
    erp: ErpProcess, environment: dict[str, str], places: Path, tmp_path: Path
) -> Iterator[Inside]:
    """Start the console in a tmux of its own, with lines of its configuration."""
    tmux = ["tmux", "-S", str(tmp_path / "socket")]
    with ExitStack() as stack:

        def start(*lines: str) -> Terminal:
            settings = tmp_path / "tmux.conf"
            settings.write_text("\n".join((*lines, "set -g status off", "set -s escape-time 10")) + "\n")
            program = shlex.join(command("--config", erp.config))
            argv = [*tmux, "-f", str(settings), "new-session", program]
            terminal = stack.enter_context(Terminal(argv, environment, size=(100, 30), cwd=places))
            terminal.wait_for("Temu DE")
            terminal.wait_for("live")
            return terminal

        yield start
        subprocess.run([*tmux, "kill-server"], env=environment, check=False, capture_output=True)


def said(terminal: Terminal, text: str) -> None:
    terminal.wait_until(lambda: text in " ".join(terminal.screen().split()), f"{text!r}")


@pytest.mark.parametrize("clipboard", ["on", "external", "off"])
@pytest.mark.parametrize("passthrough", ["on", "off"])
def test_t8_it_says_what_tmux_does_with_a_copy(
    inside: Inside, places: Path, clipboard: str, passthrough: str
) -> None:
    terminal = inside(f"set -s set-clipboard {clipboard}", f"set -g allow-passthrough {passthrough}")
    arrives = clipboard == "on" or passthrough == "on"
    terminal.press("y")
    said(terminal, "by OSC 52; written to" if arrives else KEPT)
    if arrives:
        terminal.wait_until(lambda: "\x1b]52;" in terminal.text, "the copy")
    terminal.settle()
    assert ("\x1b]52;" in terminal.text) == arrives
    assert "Temu DE" in (places / "state" / "copied.txt").read_text()
    assert (KEPT in " ".join(terminal.screen().split())) != arrives


def test_t8_what_is_set_for_the_window_alone_counts(inside: Inside) -> None:
    terminal = inside(
        "set -s set-clipboard external", "set-hook -g session-created 'set -w allow-passthrough on'"
    )
    terminal.press("y")
    said(terminal, "by OSC 52; written to")
    assert KEPT not in " ".join(terminal.screen().split())
