"""What a console changed is undone by the next one, however the first one ended."""

import signal
import time

import pytest

from tests.drivers.terminal import Terminal
from tests.terminal.conftest import Console
from tests.terminal.erp_process import ErpProcess

WORDS = "1 change of the last hour on sim can be undone: press u at the next start"
A_CLEAN_END = 1.0
"""Seconds; after fewer of them the console ends in any case."""


def changed(live: Terminal) -> None:
    """The interval of the first sync is 20m."""
    live.press("e")
    live.wait_for("Configure Temu")
    live.press("ctrl+u")
    live.send("20m")
    live.press("f2")
    live.wait_for("a apply")
    live.confirm("a")
    live.wait_for("Temu DE: applied")


def test_a_console_that_takes_too_long_to_end_says_it_as_well(live: Terminal) -> None:
    changed(live)
    live.press("q")
    live.wait_until(lambda: "alternate screen" not in live.modes, "the shell's screen")
    live.signal(signal.SIGSTOP)
    live.wait_until(lambda: live.is_stopped, "a stop")
    stopped_at = time.monotonic()
    live.wait_until(lambda: time.monotonic() > stopped_at + A_CLEAN_END, "more time than an end has")
    live.signal(signal.SIGCONT)
    live.wait_ended()
    assert (live.exit_code, live.said_at_the_end) == (0, WORDS)


@pytest.mark.parametrize("is_killed", [True, False])
def test_an_interval_is_undone_after_a_kill_and_after_a_quit_which_says_so(
    live: Terminal, erp: ErpProcess, syncdeck: Console, is_killed: bool
) -> None:
    changed(live)
    if is_killed:
        live.signal(signal.SIGKILL)
    else:
        live.press("q")
    live.wait_ended()
    assert (WORDS in live.text) is not is_killed
    console = syncdeck("--config", erp.config)
    console.wait_for("live")
    console.press("u")
    console.wait_for("Interval 20m → 5m")
    console.press("enter")
    console.wait_for("a apply")
    console.confirm("a")
    console.wait_for("nothing is left to undo")
    console.press("escape", "u", "enter", "a")
    bodies = [one["body"] for one in erp.received("POST", "/workers/")]
    assert bodies == [{"Interval": "00:20:00"}, {"Interval": "00:05:00"}]
