"""What reaches the terminal's clipboard through a real pseudo-terminal, also inside tmux and screen."""

import base64
import re
from pathlib import Path

import pytest

from tests.drivers.terminal import Terminal
from tests.terminal.conftest import Console
from tests.terminal.erp_process import ErpProcess

_OSC_52 = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07")
_TMUX = re.compile(r"\x1bPtmux;((?:\x1b\x1b|[^\x1b])*)\x1b\\")
_SCREEN = re.compile(r"\x1bP(?!tmux;)((?:\x1b(?!\\)|[^\x1b])*)\x1b\\")


def clipboard(terminal: Terminal, term: str) -> list[str]:
    """What a terminal outside of the multiplexer was given to keep, in order."""
    text = terminal.text
    if term.startswith("tmux"):
        text = "".join(inner.replace("\x1b\x1b", "\x1b") for inner in _TMUX.findall(text))
    elif term.startswith("screen"):
        text = "".join(_SCREEN.findall(text))
    return [base64.b64decode(coded).decode() for coded in _OSC_52.findall(text)]


@pytest.mark.parametrize("term", ["xterm-256color", "tmux-256color", "screen-256color"])
def test_the_clipboard_gets_what_the_file_holds(
    erp: ErpProcess, syncdeck: Console, places: Path, term: str
) -> None:
    state = places / "home" / "state"
    terminal = syncdeck("--config", erp.config, more={"TERM": term, "SYNCDECK_STATE_DIR": str(state)})
    terminal.wait_for("Temu DE")
    terminal.wait_for("live")
    terminal.press("y")
    terminal.wait_for("~/state/copied.txt")
    file = state / "copied.txt"
    assert clipboard(terminal, term) == [file.read_text()]
    assert "Temu DE" in file.read_text()
    terminal.press("enter")
    terminal.wait_for("Last status")
    terminal.press("v", "y", "enter")
    terminal.wait_for("the raw JSON")
    assert clipboard(terminal, term)[1:] == [file.read_text()]
    assert "401 from marketplace" in file.read_text()
    if term.startswith("screen"):
        assert max(map(len, _SCREEN.findall(terminal.text))) < 256
