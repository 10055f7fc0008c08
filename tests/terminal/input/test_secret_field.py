"""A secret in a form on a real terminal: no key and no mouse puts it on the terminal's clipboard, and no
byte of it is drawn unless it is asked for (S1)."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator
from tests.drivers.terminal import Terminal
from tests.terminal.conftest import Console

SECRET, ACCOUNT = "hunter-two-and-more", "main"


@pytest.fixture
def config() -> Iterator[Path]:
    """A config whose first sync has an option that is called a secret."""
    with RunningSimulator(still=True) as erp:
        option = erp.world.jtl.kinds["Temu"].options[2]
        option.name, option.type_name, option.value = "FTP password", "string", SECRET
        yield write_config(erp)


@pytest.fixture
def form(config: Path, syncdeck: Console) -> Terminal:
    terminal = syncdeck("--config", config)
    terminal.wait_for("Temu DE")
    terminal.wait_for("live")
    terminal.press("e")
    terminal.wait_for("FTP password")
    return terminal


def on_clipboard(text: str, terminal: Terminal) -> bool:
    return base64.b64encode(text.encode()).decode() in terminal.text


def test_s1_cutting_and_copying_send_nothing_to_the_clipboard(form: Terminal) -> None:
    form.press("tab")
    form.settle()
    form.send("\x1b[H\x1b[1;2F")
    form.press("ctrl+x")
    form.wait_until(lambda: on_clipboard(ACCOUNT, form), "what is no secret on the clipboard")
    form.press("tab", "tab")
    form.settle()
    form.send("\x1b[H\x1b[1;2F")
    form.press("ctrl+r")
    form.wait_for(SECRET)
    form.press("ctrl+x")
    form.wait_gone(SECRET)
    assert not on_clipboard(SECRET, form)
    assert form.text.count("\x1b]52;c;") == 1


def test_s1_nothing_of_it_is_drawn_unless_it_is_revealed(form: Terminal) -> None:
    form.press("tab", "tab", "tab")
    form.wait_for("^r reveal")
    form.press("end", "backspace")
    form.settle()
    assert SECRET[:6] not in form.text
