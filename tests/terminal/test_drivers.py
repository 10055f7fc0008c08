"""Our driver and Textual's show the same, key by key, in every cell and style that can be seen."""

import time

import pytest

from tests.drivers.terminal import PATIENCE, Terminal
from tests.terminal.conftest import Console
from tests.terminal.erp_process import ErpProcess

STORY = (
    *("j", "G", "g", "space", "O", "/", *"am", "enter", "esc"),
    *("enter", "v", "pagedown", "esc", "2", "enter", "esc", "?", "esc", "4", "1"),
    *("ctrl+p", *"st", "esc", ":", *"s"),
)
IN_SHORT = ("j", "space", "O", "enter", "pagedown", "esc", "?", "esc", "4", "ctrl+p", "esc")
"""What stands out in each way: marks, the cursor, what a dialog covers."""

_QUIET = 0.25
"""Seconds without output after which a key has had its effect."""


def come_to_rest(*terminals: Terminal) -> None:
    """Read on until nothing has come from any of them for a while."""
    end = time.monotonic() + PATIENCE
    quiet_from = time.monotonic()
    while time.monotonic() < quiet_from + _QUIET:
        if sum(terminal.pump(_QUIET / 5) for terminal in terminals):
            quiet_from = time.monotonic()
        assert quiet_from < end, f"they never came to rest:\n{terminals[0].screen()}"


def reach_the_same(ours: Terminal, stock: Terminal, key: str) -> None:
    """One of them may be slower: read on until both show the same; fail with where they differ."""
    end = time.monotonic() + PATIENCE
    while ours.looks() != stock.looks() and time.monotonic() < end:
        ours.pump(0.05)
        stock.pump(0.05)
    assert ours.screen() == stock.screen(), key
    assert ours.looks() == stock.looks(), key


@pytest.mark.parametrize(
    ("more", "story"), [({}, STORY), ({"NO_COLOR": "1", "TERM": "screen-256color"}, IN_SHORT)]
)
def test_they_show_the_same(
    erp: ErpProcess, syncdeck: Console, more: dict[str, str], story: tuple[str, ...]
) -> None:
    ours = syncdeck("--config", erp.config, "--read-only", more=more)
    stock = syncdeck("--config", erp.config, "--read-only", "--stock-driver", more=more)
    for terminal in (ours, stock):
        terminal.wait_for("Temu DE")
        terminal.wait_for("live")
        terminal.settle()
    for key in story:
        for terminal in (ours, stock):
            terminal.press(key)
        come_to_rest(ours, stock)
        reach_the_same(ours, stock, key)
    assert ours.bytes_received < stock.bytes_received / 2


def test_the_screen_is_whole_after_it_was_resized_and_disturbed(
    erp: ErpProcess, syncdeck: Console
) -> None:
    ours = syncdeck("--config", erp.config)
    ours.wait_for("live")
    ours.wait_for("engine ✔ running")
    ours.wait_for("≥0m")
    ours.settle()
    before = ours.screen()
    for size in ((60, 15), (120, 40), (81, 24), (80, 24)):
        ours.resize(*size)
        ours.settle(0.3)
    ours.wait_until(lambda: ours.screen() == before, "the same screen")
    ours.disturb("\x1b[5;1Hsomebody wrote here\x1b[K")
    assert ours.screen() != before
    ours.press("ctrl+l")
    ours.wait_until(lambda: ours.screen() == before, "the same screen")
