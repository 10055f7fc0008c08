"""Terminals of every kind: none, small, poor, without colour, changing size."""

import re
from collections.abc import Callable
from random import Random

import pytest

from tests.drivers.command import syncdeck_in
from tests.drivers.terminal import Terminal
from tests.terminal.conftest import Console
from tests.terminal.erp_process import ErpProcess

COLOURS = {
    "16 million": re.compile(r"\x1b\[(?:\d+;)*[34]8;2;\d+"),
    "256": re.compile(r"\x1b\[(?:\d+;)*[34]8;5;\d+"),
    "16": re.compile(r"\x1b\[(?:\d+;)*(?:3|4|9|10)[0-7](?:;\d+)*m"),
}
"""The kinds of colours by how they are sent, the largest first."""


def largest_colours(terminal: Terminal) -> str:
    return next((kind for kind, sgr in COLOURS.items() if sgr.search(terminal.text)), "")


def test_t9_the_window_is_called_after_the_profile_its_environment_and_what_needs_attention(
    erp: ErpProcess, live: Terminal
) -> None:
    def called(title: str) -> None:
        live.wait_until(lambda: live.title == f"syncdeck · sim · {title}", f"the title {title!r}")

    called("development · 3 need attention")
    named = live.raw.count(b"\x1b]2;")
    live.press("2", "3", "4", "1")
    live.settle()
    assert live.raw.count(b"\x1b]2;") == named
    for channel in ("Temu DE", "Outlet"):
        erp.merge({"jtl": {"workers": {channel: {"state": 5}}}})
    called("development · 1 needs attention")


def test_without_a_terminal_it_says_so(environment: dict[str, str]) -> None:
    done = syncdeck_in(environment, "--demo")
    assert done.code == 2
    assert "needs a terminal" in done.err
    assert done.out == ""


def test_without_colour_every_sign_and_word_is_there(erp: ErpProcess, syncdeck: Console) -> None:
    terminal = syncdeck("--config", erp.config, more={"NO_COLOR": "1"})
    terminal.wait_for("Temu DE")
    terminal.wait_for("live")
    assert "✖ error" in terminal.line("Temu DE")
    assert "▌" in terminal.line("Temu DE")
    assert terminal.hues == set()


@pytest.mark.parametrize("term", ["vt100", "xterm-256color"])
def test_where_one_types_is_seen_without_colour(erp: ErpProcess, syncdeck: Console, term: str) -> None:
    terminal = syncdeck("--config", erp.config, more={"NO_COLOR": "1", "TERM": term})
    terminal.wait_for("Temu DE")
    terminal.press("e")
    terminal.wait_for("00:05:00")
    row = next(row for row in terminal.cells() if "00:05:00" in "".join(cell.data for cell in row))
    place = "".join(cell.data for cell in row).index("00:05:00") + len("00:05:00")
    looks = [(cell.reverse, cell.fg, cell.bg) for cell in row]
    assert looks[place] != looks[place + 1]
    assert largest_colours(terminal) == ""


@pytest.mark.parametrize(
    ("more", "largest"),
    [
        ({"TERM": "linux"}, "16"),
        ({"TERM": "screen"}, "16"),
        ({"TERM": "tmux-256color"}, "256"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "16 million"),
        ({"TERM": "xterm-256color", "TEXTUAL_THEME": "syncdeck-light"}, "256"),
        ({"TERM": "vt100"}, "16"),
    ],
)
def test_every_terminal_gets_the_colours_that_it_has_and_is_left_as_it_was(
    erp: ErpProcess, syncdeck: Console, more: dict[str, str], largest: str
) -> None:
    terminal = syncdeck("--config", erp.config, more=more)
    terminal.wait_for("Temu DE")
    terminal.wait_for("live")
    terminal.press("e")
    terminal.wait_for("00:05:00")
    assert largest_colours(terminal) == largest
    terminal.press("esc")
    terminal.wait_gone("00:05:00")
    terminal.press("q")
    terminal.wait_ended()
    assert terminal.exit_code == 0
    assert terminal.modes == set()


@pytest.mark.parametrize(("term", "said"), [("dumb", "TERM=dumb cannot show"), ("", "TERM is not set")])
def test_a_terminal_that_only_prints_is_refused(
    erp: ErpProcess, syncdeck: Console, term: str, said: str
) -> None:
    terminal = syncdeck("--config", erp.config, more={"TERM": term})
    terminal.wait_ended()
    assert terminal.exit_code == 2
    assert said in terminal.screen()
    assert "syncdeck status" in terminal.screen()
    assert b"\x1b" not in terminal.raw


EVERYWHERE = ("enter", "v", "esc", "e", "esc", "2", "n", "f10", "3", "f", "esc", "4", "5", "6", "?")


@pytest.mark.parametrize(
    ("locale", "driver", "keys"),
    [({"LANG": ""}, (), EVERYWHERE), ({"LC_ALL": "C"}, ("--stock-driver",), ("enter", "esc", "6", "?"))],
    ids=["none", "C by the stock driver"],
)
def test_where_the_locale_is_not_utf8_everything_is_ascii(
    simulate: Callable[..., ErpProcess],
    syncdeck: Console,
    locale: dict[str, str],
    driver: tuple[str, ...],
    keys: tuple[str, ...],
) -> None:
    erp = simulate("--still", "--fault", "/workers$=hostile:all")
    terminal = syncdeck("--config", erp.config, *driver, more=locale)
    terminal.wait_for("live")
    for key in keys:
        terminal.press(key)
        terminal.settle(0.2)
    terminal.wait_for("Help - Log")
    assert "+--" in terminal.screen()
    assert terminal.raw.isascii()


def test_the_row_under_the_cursor_is_seen_without_colour_and_in_ascii(
    erp: ErpProcess, syncdeck: Console
) -> None:
    terminal = syncdeck("--config", erp.config, more={"NO_COLOR": "1", "LC_ALL": "C"})
    terminal.wait_until(lambda: terminal.line("Temu DE").startswith(">x error"), "the first row")
    terminal.press("j")
    terminal.wait_until(lambda: terminal.line("Outlet").startswith(">^ locked"), "the next row")
    assert terminal.hues == set()


def test_sixty_by_fifteen_is_enough_to_configure(erp: ErpProcess, syncdeck: Console) -> None:
    terminal = syncdeck("--config", erp.config, size=(60, 15))
    terminal.wait_for("Temu DE")
    terminal.wait_for("live")
    assert "✖ error" in terminal.line("Temu DE")
    terminal.press("e")
    terminal.wait_for("Configure Temu")
    terminal.press("ctrl+u", *"10m", "f2")
    terminal.wait_for("a apply")
    terminal.confirm("a")
    terminal.wait_for("applied")
    assert [write["body"] for write in erp.writes()] == [{"Interval": "00:10:00"}]


def test_it_survives_every_change_of_size(live: Terminal) -> None:
    for columns, lines in ((120, 40), (60, 15), (40, 10), (10, 3), (80, 24)):
        live.resize(columns, lines)
        live.settle()
    live.wait_for("401 from marketplace")
    live.press("down")
    live.wait_until(lambda: "▌" in live.line("Outlet"), "the cursor on the next row")
    live.press("q")
    live.wait_ended()
    assert live.exit_code == 0


@pytest.mark.parametrize(
    ("world", "before", "after"),
    [((), "", "p"), (("--still",), "e", "")],
    ids=["a moving list", "a form"],
)
def test_after_a_storm_of_sizes_the_screen_is_as_drawn_afresh(
    simulate: Callable[..., ErpProcess],
    syncdeck: Console,
    world: tuple[str, ...],
    before: str,
    after: str,
) -> None:
    erp = simulate(*world)
    terminal = syncdeck("--config", erp.config)
    terminal.wait_for("Temu DE")
    terminal.press(*before)
    chance = Random(6)
    for _ in range(120):
        terminal.resize(chance.randint(20, 300), chance.randint(5, 100))
        terminal.pump(0.005)
    terminal.resize(100, 30)
    terminal.wait_for("Temu DE")
    terminal.press(*after)
    terminal.settle()
    seen, looks = terminal.screen(), terminal.looks()
    for columns in (101, 100):
        terminal.disturb("\x1b[2J")
        terminal.resize(columns, 30)
        terminal.settle()
    terminal.wait_until(lambda: (terminal.screen(), terminal.looks()) == (seen, looks), "the same")


def test_a_dialog_survives_every_change_of_size(live: Terminal) -> None:
    live.press("e")
    live.wait_for("Configure Temu")
    for columns, lines in ((120, 40), (60, 15), (40, 10), (80, 24)):
        live.resize(columns, lines)
        live.settle()
    live.wait_for("Stock reserve")
    live.press("esc")
    live.wait_gone("Configure Temu")
    live.wait_for("e configure")
    assert "Temu DE" in live.screen()


@pytest.mark.parametrize(
    ("more", "is_on"),
    [
        ({}, True),
        ({"STY": "1.pts-0.host"}, False),
        ({"TERM": "screen.xterm-256color"}, False),
        ({"TERM": "screen-256color", "TMUX": "/tmp/tmux-0/none,1,0"}, True),
    ],
)
def test_x4_within_screen_the_mouse_is_left_alone(
    erp: ErpProcess, syncdeck: Console, more: dict[str, str], is_on: bool
) -> None:
    terminal = syncdeck("--config", erp.config, more=more)
    terminal.wait_for("live")
    assert ("mouse" in terminal.modes) == is_on
    assert ("\x1b[?1000h" in terminal.text) == is_on
