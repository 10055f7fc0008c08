"""Responses of the terminal that come while the console is left: the shell does not get them."""

import os
import select
import signal
import time

import pytest

from tests.drivers.terminal import Terminal
from tests.terminal.conftest import Console
from tests.terminal.erp_process import ErpProcess


def typed_at_the_prompt(terminal: Terminal) -> bytes:
    """What the shell would read next."""
    os.set_blocking(terminal._slave, False)
    found = select.select([terminal._slave], [], [], 1.0)[0]
    return os.read(terminal._slave, 4_096) if found else b""


@pytest.mark.parametrize("driver", [(), ("--stock-driver",)])
@pytest.mark.parametrize("key", ["q", "ctrl+q"])
def test_x9_a_response_that_is_on_its_way_does_not_reach_the_shell(
    erp: ErpProcess, syncdeck: Console, driver: tuple[str, ...], key: str
) -> None:
    terminal = syncdeck("--config", erp.config, *driver, answers_after=0.35)
    terminal.wait_until(lambda: terminal._late, "the query")
    terminal.press(key)
    terminal.wait_ended()
    while terminal._late:
        terminal.pump(0.05)
    assert terminal.exit_code == 0
    assert b"\x1b[?2026;0$y" not in typed_at_the_prompt(terminal)
    assert terminal.settings_now == terminal.settings_before


def test_x9_nor_does_one_that_comes_while_it_is_suspended(erp: ErpProcess, syncdeck: Console) -> None:
    terminal = syncdeck("--config", erp.config, answers_after=0.35)
    terminal.wait_until(lambda: terminal._late, "the query")
    terminal.signal(signal.SIGTSTP)
    terminal.wait_until(lambda: terminal.is_stopped, "the stop")
    while terminal._late:
        terminal.pump(0.05)
    assert typed_at_the_prompt(terminal) == b""
    terminal.signal(signal.SIGCONT)
    terminal.wait_for("Temu DE")


def test_x9_a_terminal_that_never_responds_is_left_within_a_second(live: Terminal) -> None:
    began = time.monotonic()
    live.press("q")
    live.wait_ended()
    print(f"\nthe way out took {time.monotonic() - began:.2f} s")
    assert live.exit_code == 0
    assert live.modes == set()
