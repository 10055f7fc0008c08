"""Suspended and taken up again: the shell gets its terminal as it was, the console its screen."""

import signal
from collections.abc import Callable

import pytest

from tests.drivers.terminal import Terminal


def by_key(terminal: Terminal) -> None:
    terminal.press("ctrl+z")


def by_signal(terminal: Terminal) -> None:
    terminal.signal(signal.SIGTSTP)


@pytest.mark.parametrize("suspend", [by_key, by_signal])
def test_the_shell_gets_its_terminal_and_the_console_comes_back(
    live: Terminal, suspend: Callable[[Terminal], None]
) -> None:
    suspend(live)
    live.wait_until(lambda: live.is_stopped, "the stop")
    live.settle()
    assert live.modes == set()
    assert live.settings_now == live.settings_before
    live.signal(signal.SIGCONT)
    live.wait_until(lambda: "alternate screen" in live.modes, "the alternate screen")
    live.wait_for("Temu DE")
    live.wait_for("live")
    live.wait_until(lambda: live.settings_now != live.settings_before, "its own settings")
    live.press("3")
    live.wait_for("Observed since")
    live.press("q")
    live.wait_ended()
    assert live.exit_code == 0
    assert live.modes == set()
    assert live.settings_now == live.settings_before


def test_a_suspended_form_keeps_what_was_typed(live: Terminal) -> None:
    live.press("e")
    live.wait_for("Configure Temu")
    live.press("ctrl+u", *"25m")
    live.wait_for("25m")
    live.press("ctrl+z")
    live.wait_until(lambda: live.is_stopped, "the stop")
    live.settle()
    assert live.settings_now == live.settings_before
    live.signal(signal.SIGCONT)
    live.wait_for("25m")
    live.press("f2")
    live.wait_for("5m → 25m")
