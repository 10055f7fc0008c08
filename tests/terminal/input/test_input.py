"""Input that no keyboard makes: the console stays, the keyboard works, and no text is taken for keys."""

import sys
from pathlib import Path

import pytest

from tests.drivers.input_fuzz import shake
from tests.drivers.terminal import Terminal
from tests.terminal.conftest import Console
from tests.terminal.erp_process import ErpProcess

INPUT_DIES = """
import sys
from textual._xterm_parser import XTermParser
feed = XTermParser.feed
def dies(self, data):
    if data == "!":
        raise SystemExit("secret words")
    return feed(self, data)
XTermParser.feed = dies
sys.argv = ["syncdeck", *sys.argv[1:]]
from tui.__main__ import main
main()
"""


def leaves(terminal: Terminal) -> None:
    terminal.press("ctrl+q", "ctrl+q")
    terminal.wait_ended()
    assert terminal.exit_code == 0, terminal.said_at_the_end
    assert terminal.modes == set()
    assert terminal.settings_now == terminal.settings_before


UNKNOWN = (
    *("\x1b[99;5:3u", "\x1b[13;1:3u", "\x1b[127;1:1u", "\x1b[97:65;2;65u", "\x1b[:F"),
    *("\x1b[" + "9" * 5_000 + "u", "\x1b[48;0;0;0;0t\x1b[<0;1;1M", "\x1b[99999999999u", "\x1b]0;q"),
)


@pytest.mark.parametrize(("driver", "every"), [((), 1), (("--stock-driver",), 3)])
def test_x1_a_sequence_that_is_no_key_leaves_the_keyboard_alive(
    erp: ErpProcess, syncdeck: Console, driver: tuple[str, ...], every: int
) -> None:
    terminal = syncdeck("--config", erp.config, *driver)
    terminal.wait_for("live")
    for sequence in UNKNOWN[::every]:
        terminal.wait_for("Temu DE")
        modes = set(terminal.modes)
        terminal.send(sequence)
        terminal.settle(1.5)
        terminal.press("3")
        terminal.wait_until(lambda: "Observed since" in terminal.screen(), f"3 after {sequence[:20]!r}")
        assert terminal.modes == modes, sequence[:20]
        terminal.press("1")
    leaves(terminal)
    assert terminal.exit_code == 0


def test_x1_an_input_that_dies_ends_the_console_with_a_report(
    erp: ErpProcess, places: Path, environment: dict[str, str]
) -> None:
    argv = [sys.executable, "-c", INPUT_DIES, "--config", str(erp.config)]
    with Terminal(argv, environment, cwd=places) as terminal:
        terminal.wait_for("live")
        terminal.press("!")
        terminal.wait_ended()
        assert terminal.exit_code == 70
        assert "this is a bug in syncdeck (RuntimeError)" in terminal.said_at_the_end
        assert "secret words" not in terminal.text
        assert len(list((places / "state" / "reports").iterdir())) == 1
        assert terminal.modes == set()
        assert terminal.settings_now == terminal.settings_before


def test_x2_a_paste_without_an_end_gives_the_keyboard_back(live: Terminal) -> None:
    live.press("/")
    live.send("\x1b[200~Amazon")
    live.wait_for("The end of the paste did not arrive: kept 6 characters")
    live.wait_gone("Temu DE")
    live.send("q\rq\x1b[201~")
    live.settle(0.5)
    assert "Amazonq" not in live.screen()
    live.press("esc")
    live.wait_for("Temu DE")
    live.press("3")
    live.wait_for("Observed since")
    leaves(live)
    assert live.exit_code == 0


@pytest.mark.parametrize("key", ["ctrl+q", "ctrl+c"])
def test_x2_an_unfinished_paste_can_be_left(live: Terminal, key: str) -> None:
    live.send("\x1b[200~q")
    live.settle(0.2)
    live.press(key)
    live.wait_ended()
    assert live.exit_code == 0
    assert live.modes == set()


def test_x2_of_a_huge_paste_it_says_what_it_kept(live: Terminal) -> None:
    live.press("/")
    live.send("\x1b[200~")
    for _ in range(2_560):
        live.send("x" * 4_096)
        live.pump(0.0)
    live.send("\x1b[201~")
    live.wait_for("The paste is too long: kept the first 10,000 of 10,485,760 characters")
    live.press("esc")
    live.wait_for("Temu DE")
    live.press("3")
    live.wait_for("Observed since")
    leaves(live)
    assert live.exit_code == 0


def test_x3_controls_in_a_paste_are_no_keys_and_do_not_reach_the_terminal(live: Terminal) -> None:
    live.press("/")
    live.send("\x1b[200~\r\nAmazon\r\nq\x1b]0;taken over\x07\x7f\u202e\u009b\x03\x11\x1b[201~")
    live.wait_for("Amazon q")
    live.settle()
    assert live.title == "syncdeck · sim · development · 3 need attention"
    for hostile in ("\x1b]0;", "\x07\x7f", "\u202e", "\u009b"):
        assert hostile not in live.text.replace("\x1b]2;", "")
    assert live.exit_code is None
    live.press("esc")
    live.wait_for("Temu DE")
    leaves(live)


def test_x2_a_paste_while_a_dialog_opens_presses_nothing(live: Terminal, erp: ErpProcess) -> None:
    live.send("s\x1b[200~y\ry\r\x1b[201~")
    live.wait_for("Start sync")
    live.settle()
    assert erp.writes() == []
    live.press("esc")
    leaves(live)


def test_x1_random_and_mutated_sequences_end_nothing(erp: ErpProcess, syncdeck: Console) -> None:
    terminal = syncdeck("--config", erp.config, "--read-only")
    terminal.wait_for("live")
    shake(terminal, 150, seed=11)
    leaves(terminal)


@pytest.mark.parametrize("driver", [(), ("--stock-driver",)])
def test_x5_the_windows_own_size_wins_over_exported_variables(
    erp: ErpProcess, syncdeck: Console, driver: tuple[str, ...]
) -> None:
    exported = {"COLUMNS": "120", "LINES": "50"}
    terminal = syncdeck("--config", erp.config, *driver, size=(80, 24), more=exported)
    terminal.wait_for("live")
    terminal.wait_for("quit")
    assert terminal.line("live").endswith("live")
    assert "quit" in terminal.screen().split("\n")[23]
    terminal.resize(100, 30)
    terminal.wait_until(lambda: "quit" in terminal.screen().split("\n")[29], "the key line at the end")
    leaves(terminal)
