"""What is at stake, and what is dim, on terminals with many colours, few, and none."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.drivers.colours import PALETTES, RGB, contrast, is_red, pens, shown
from tests.drivers.terminal import Terminal
from tests.terminal.conftest import Console
from tests.terminal.erp_process import ErpProcess

KINDS = {
    "16 million": {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
    "256": {"TERM": "xterm-256color"},
    "16": {"TERM": "xterm"},
    "light, 256": {"TERM": "xterm-256color", "TEXTUAL_THEME": "syncdeck-light"},
    "light, 16": {"TERM": "xterm", "TEXTUAL_THEME": "syncdeck-light"},
    "ANSI, 256": {"TERM": "xterm-256color", "TEXTUAL_THEME": "ansi-dark"},
}
"""Each theme with each number of colours; which terminal gets which is proven where it is chosen."""
ENVIRONMENTS = ("production", "staging", "development")
ON_WHITE = ("000000", "ffffff")


@pytest.fixture
def in_environment(erp: ErpProcess) -> Callable[[str], None]:
    """`in_environment("production")`: what the profile is from now on."""
    written = erp.config.read_text()

    def change(environment: str) -> None:
        erp.config.write_text(
            written.replace('environment = "development"', f'environment = "{environment}"')
        )

    return change


def bar(terminal: Terminal) -> list[Any]:
    """The cells of the title bar that show something."""
    return [cell for cell in terminal.cells()[0] if cell.data.strip()]


def looks(terminal: Terminal, defaults: tuple[str, str]) -> set[RGB]:
    """The pairs of colours in the title bar, all readable on every palette."""
    pairs = {palette: {shown(cell, palette, defaults) for cell in bar(terminal)} for palette in PALETTES}
    for palette, found in pairs.items():
        for text, ground in found:
            assert contrast(text, ground) >= 4.5, (palette, text, ground, terminal.screen()[:80])
    return {ground for _, ground in pairs["xterm"]}


@pytest.mark.parametrize("kind", KINDS)
def test_t10_production_is_red_and_no_environment_looks_like_another(
    erp: ErpProcess, syncdeck: Console, in_environment: Callable[[str], None], kind: str
) -> None:
    defaults = ON_WHITE if kind == "light, 16" else ("e5e5e5", "000000")
    grounds = {}
    for environment in ENVIRONMENTS:
        in_environment(environment)
        terminal = syncdeck("--config", erp.config, more=KINDS[kind])
        terminal.wait_for(" live")
        terminal.wait_for("engine ✔ running")
        [grounds[environment]] = looks(terminal, defaults)
        assert environment in terminal.screen().split("\n")[0].lower()
    assert is_red(grounds["production"])
    assert not is_red(grounds["staging"])
    assert not is_red(grounds["development"])
    assert len(set(grounds.values())) == 3


@pytest.mark.parametrize(
    ("kind", "stake"), [("256", "production"), ("16", "production"), ("16", "staging")]
)
def test_t10_the_bar_is_readable_also_while_something_is_wrong(
    erp: ErpProcess,
    syncdeck: Console,
    in_environment: Callable[[str], None],
    kind: str,
    stake: str,
) -> None:
    in_environment(stake)
    terminal = syncdeck("--config", erp.config, more=KINDS[kind])
    terminal.wait_for("engine ✔ running")
    terminal.wait_for(" live")
    terminal.press("p")
    terminal.wait_for(" paused")
    looks(terminal, ("e5e5e5", "000000"))
    erp.kill()
    terminal.press("p")
    terminal.wait_for("engine ? was r")
    terminal.wait_for(" stale ")
    looks(terminal, ("e5e5e5", "000000"))


def test_t10_without_colour_production_stands_out_by_its_word_and_reversed(
    erp: ErpProcess, syncdeck: Console, in_environment: Callable[[str], None]
) -> None:
    reversed_in = {}
    for environment in ENVIRONMENTS:
        in_environment(environment)
        terminal = syncdeck("--config", erp.config, more={"NO_COLOR": "1"})
        terminal.wait_for(" live")
        assert terminal.hues == set()
        assert {(cell.fg, cell.bg) for cell in bar(terminal)} == {("default", "default")}
        word = environment.upper() if environment == "production" else environment
        assert f"syncdeck · sim · {word}" in terminal.screen()
        reversed_in[environment] = any(cell.reverse for cell in bar(terminal))
    assert reversed_in == {"production": True, "staging": False, "development": False}


@pytest.mark.parametrize("kind", ["16 million", "256", "16"])
def test_t10_the_first_sign_of_life_has_the_bar_that_the_console_had(
    erp: ErpProcess, syncdeck: Console, in_environment: Callable[[str], None], kind: str
) -> None:
    in_environment("production")
    seen_before(erp, syncdeck, KINDS[kind])
    erp.hang()
    terminal = syncdeck("--config", erp.config, more=KINDS[kind])
    terminal.wait_for("connecting…")
    [ground] = looks(terminal, ("e5e5e5", "000000"))
    assert is_red(ground)
    assert {cell.bg for cell in terminal.cells()[0]} == {bar(terminal)[0].bg}


@pytest.mark.parametrize("more", [{"TERM": "xterm"}, {"NO_COLOR": "1"}])
def test_t10_the_first_sign_of_life_uses_no_colours_of_another_palette(
    erp: ErpProcess, syncdeck: Console, in_environment: Callable[[str], None], more: dict[str, str]
) -> None:
    in_environment("production")
    seen_before(erp, syncdeck, {"COLORTERM": "truecolor"})
    erp.hang()
    terminal = syncdeck("--config", erp.config, more=more)
    terminal.wait_for("connecting…")
    assert terminal.raw.split(b"connecting")[0].endswith(b" ")
    first = terminal.raw.split(b"connecting")[0].decode()
    assert [pen for pen in pens(first) if pen] == [(1, 7)]
    assert b"8;2;" not in first.encode()


def seen_before(erp: ErpProcess, syncdeck: Console, more: Mapping[str, str]) -> None:
    """A console was here, and left its last state."""
    terminal = syncdeck("--config", erp.config, more=more)
    terminal.wait_for(" live")
    terminal.press("q")
    terminal.wait_ended()


# What is dim.

BRIGHT_BLACK, BLACK, FAINT = 90, 30, 2
GROUNDS = {*range(40, 48), *range(100, 108)}
SIXTEEN = [
    pytest.param({"TERM": "xterm"}, id="xterm"),
    pytest.param({"TERM": "linux"}, id="Linux"),
    pytest.param({"TERM": "xterm", "TEXTUAL_THEME": "syncdeck-light"}, id="light"),
    pytest.param({"TERM": "xterm-256color", "NO_COLOR": "1"}, id="no colour"),
]


@pytest.mark.parametrize("more", SIXTEEN)
def test_x7_what_is_stale_or_off_is_never_bright_black(
    erp: ErpProcess, syncdeck: Console, more: dict[str, str]
) -> None:
    terminal = syncdeck("--config", erp.config, more=more)
    terminal.wait_for("Temu DE")
    terminal.wait_for("engine ✔ running")
    terminal.wait_for(" live")
    for key in "23456":
        terminal.press(key)
        terminal.settle(0.2)
    terminal.press("1", "e")
    terminal.wait_for("Interval")
    terminal.press("esc", "?")
    terminal.settle(0.2)
    terminal.press("esc", "enter")
    terminal.settle(0.2)
    terminal.press("esc")
    erp.kill()
    terminal.wait_for(" stale ")
    terminal.settle()
    row = next(cells for cells in terminal.cells() if "B2B-Shop" in "".join(c.data for c in cells))
    assert {cell.fg for cell in row if cell.data.strip()} == {"default"}
    sent = list(pens(terminal.text))
    assert not [pen for pen in sent if BRIGHT_BLACK in pen]
    assert not [pen for pen in sent if BLACK in pen and not GROUNDS.intersection(pen)]
    assert any(FAINT in pen for pen in sent) == (more["TERM"] != "linux")
