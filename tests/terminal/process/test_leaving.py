"""Every way out, while the server hangs: quick, with the right code, the terminal as it was."""

import signal

import pytest

from tests.drivers.terminal import Terminal
from tests.terminal.conftest import Console
from tests.terminal.erp_process import ErpProcess

SANE = 5.0
"""Seconds; a second is what is promised, the rest is for a machine that does other things."""


@pytest.fixture
def hanging(erp: ErpProcess, live: Terminal) -> Terminal:
    """The console with requests in flight that are never answered."""
    before = len(erp.log())
    erp.hang()
    live.press("r")
    live.wait_until(lambda: len(erp.log()) > before, "requests that hang")
    return live


def assert_left(terminal: Terminal, code: int, *, reading: bool = True) -> None:
    took = terminal.wait_ended(reading=reading)
    print(f"\nthe way out took {took:.2f} s")
    assert terminal.exit_code == code, terminal.said_at_the_end
    assert took < SANE
    assert terminal.left_behind == []


def assert_terminal_is_as_it_was(terminal: Terminal) -> None:
    assert terminal.modes == set()
    assert terminal.settings_now == terminal.settings_before
    assert terminal.said_at_the_end == ""
    assert (terminal.title, terminal.text.count("\x1b[22;2t")) == ("", 1)
    assert terminal.text.count("\x1b[23;2t") == 1


@pytest.mark.parametrize("key", ["q", "ctrl+q", "ctrl+c"])
def test_a_key_leaves(hanging: Terminal, key: str) -> None:
    assert "alternate screen" in hanging.modes
    hanging.press(key)
    assert_left(hanging, 0)
    assert_terminal_is_as_it_was(hanging)


@pytest.mark.parametrize("key", ["ctrl+q", "ctrl+c"])
def test_a_key_leaves_from_within_a_form(hanging: Terminal, key: str) -> None:
    hanging.press("e")
    hanging.wait_for("Configure Temu")
    hanging.press(key)
    assert_left(hanging, 0)
    assert_terminal_is_as_it_was(hanging)
    assert hanging.exit_code == 0


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGINT, 130),
        (signal.SIGTERM, 143),
        (signal.SIGHUP, 129),
        (signal.SIGQUIT, 131),
    ],
)
def test_a_signal_ends_it(hanging: Terminal, number: signal.Signals, code: int) -> None:
    hanging.signal(number)
    assert_left(hanging, code)
    assert_terminal_is_as_it_was(hanging)
    assert hanging.exit_code == code


def test_a_signal_ends_it_although_the_terminal_takes_no_more_output(live: Terminal) -> None:
    live.choke()
    live.signal(signal.SIGTERM)
    assert_left(live, 143, reading=False)
    assert_terminal_is_as_it_was(live)
    assert live.blocking


def test_closing_the_window_ends_it(hanging: Terminal) -> None:
    hanging.close()
    assert_left(hanging, 129)
    assert hanging.exit_code == 129


def test_a_start_that_hangs_can_be_left(erp: ErpProcess, syncdeck: Console) -> None:
    erp.hang()
    terminal = syncdeck("--config", erp.config)
    terminal.wait_for("nothing received yet")
    terminal.press("q")
    assert_left(terminal, 0)
    assert_terminal_is_as_it_was(terminal)
    assert terminal.exit_code == 0
