"""What a console changed is undone by the next one, however the first one ended."""

import signal

import pytest

from tests.drivers.terminal import Terminal
from tests.terminal.conftest import Console
from tests.terminal.erp_process import ErpProcess

WORDS = "1 change of the last hour on sim can be undone: press u at the next start"


@pytest.mark.parametrize("is_killed", [True, False])
def test_an_interval_is_undone_after_a_kill_and_after_a_quit_which_says_so(
    live: Terminal, erp: ErpProcess, syncdeck: Console, is_killed: bool
) -> None:
    live.press("e")
    live.wait_for("Configure Temu")
    live.press("ctrl+u")
    live.send("20m")
    live.press("f2")
    live.wait_for("a apply")
    live.confirm("a")
    live.wait_for("Temu DE: applied")
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
