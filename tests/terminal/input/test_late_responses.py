"""Responses of the terminal that come while the console is left: the shell does not get them."""

import os
import select
import signal
import termios
import time

import pytest

from tests.drivers.terminal import Terminal
from tests.terminal.conftest import Console
from tests.terminal.erp_process import ErpProcess


def typed_at_the_prompt(terminal: Terminal) -> bytes:
    """What the shell would read next: also what is no whole line."""
    settings = termios.tcgetattr(terminal._slave)
    settings[3] &= ~termios.ICANON
    termios.tcsetattr(terminal._slave, termios.TCSANOW, settings)
    found = select.select([terminal._slave], [], [], 1.0)[0]
    typed = os.read(terminal._slave, 4_096) if found else b""
    settings[3] |= termios.ICANON
    termios.tcsetattr(terminal._slave, termios.TCSANOW, settings)
    return typed


QUERY, RESPONSE = b"\x1b[?2026$p", "\x1b[?2026;0$y"
LEAVING = b"\x1b[?2004l"
"""The first thing that a console writes when it gives the terminal back."""


def responds_late(terminal: Terminal, seconds: float) -> None:
    """The terminal's response, so long after the console has begun to leave."""
    terminal.wait_until(lambda: LEAVING in terminal.raw, "the end of the modes")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        terminal.pump(0.02)
    terminal.send(RESPONSE)


@pytest.mark.parametrize("driver", [(), ("--stock-driver",)])
@pytest.mark.parametrize("key", ["q", "ctrl+q"])
def test_x9_a_response_that_is_on_its_way_does_not_reach_the_shell(
    erp: ErpProcess, syncdeck: Console, driver: tuple[str, ...], key: str
) -> None:
    terminal = syncdeck("--config", erp.config, *driver)
    terminal.wait_until(lambda: QUERY in terminal.raw, "the query")
    terminal.press(key)
    responds_late(terminal, 0.25)
    terminal.wait_ended()
    assert terminal.exit_code == 0
    assert typed_at_the_prompt(terminal) == b""
    assert terminal.settings_now == terminal.settings_before


def test_x9_nor_does_one_that_comes_while_it_is_suspended(erp: ErpProcess, syncdeck: Console) -> None:
    terminal = syncdeck("--config", erp.config)
    terminal.wait_until(lambda: QUERY in terminal.raw, "the query")
    terminal.signal(signal.SIGTSTP)
    responds_late(terminal, 0.25)
    terminal.wait_until(lambda: terminal.is_stopped, "the stop")
    assert typed_at_the_prompt(terminal) == b""
    terminal.signal(signal.SIGCONT)
    terminal.wait_for("Temu DE")


def test_x9_a_terminal_that_never_responds_is_left_all_the_same(live: Terminal) -> None:
    began = time.monotonic()
    live.press("q")
    live.wait_ended()
    print(f"\nthe way out took {time.monotonic() - began:.2f} s")
    assert live.exit_code == 0
    assert live.modes == set()
