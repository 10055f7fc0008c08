"""What was typed into a form outlives whatever ends the console in the middle of it."""

import signal
from pathlib import Path

import pytest

from tests.drivers.terminal import Terminal
from tests.terminal.conftest import Console
from tests.terminal.erp_process import ErpProcess


def typed(terminal: Terminal, places: Path) -> None:
    """An interval in the form of the first sync, on the disk."""
    terminal.press("e")
    terminal.wait_for("Configure Temu")
    for _ in range(8):
        terminal.press("backspace")
    terminal.send("7m 30s")
    terminal.wait_for("7m 30s")
    drafts = places / "state" / "drafts" / "sim"
    terminal.wait_until(
        lambda: any("7m 30s" in path.read_text() for path in drafts.glob("*.json")), "a draft"
    )


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_form_is_offered_again_after_the_console_was_ended_in_it(
    erp: ErpProcess, live: Terminal, syncdeck: Console, places: Path, number: signal.Signals
) -> None:
    typed(live, places)
    live.signal(number)
    live.wait_ended()
    again = syncdeck("--config", erp.config)
    again.wait_for("Temu DE")
    again.wait_for("live")
    again.press("e")
    again.wait_for("Draft · Configure Temu · Temu DE")
    again.wait_for("7m 30s")
    again.confirm("t")
    again.wait_for("F2 ^s review")
    again.wait_for("7m 30s")
    again.press("f2")
    again.wait_for("5m → 7m 30s")
    again.confirm("a")
    again.wait_for("applied")
    (sent,) = erp.received("POST", "/workers/")
    assert "00:07:30" in str(sent["body"])
    assert list((places / "state" / "drafts" / "sim").glob("*")) == []
