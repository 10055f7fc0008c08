"""Hostile text through to a real terminal: no sequence of the server's own reaches it."""

import base64
import re
from pathlib import Path

import pytest

from tests.drivers.terminal import Terminal
from tests.terminal.conftest import Console
from tests.terminal.erp_process import ErpProcess

_OSC_52 = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07")
THEIRS = ("\x1b]0;", "\x1b]52;c;cm0gLXJm", "\x9b", "\x85", "\u202e", "\u2066", "\u2028", "\x00")
"""What the simulator's hostile text begins with, and what it holds."""


def assert_harmless(terminal: Terminal) -> None:
    for hostile in THEIRS:
        assert hostile not in terminal.text, repr(hostile)
    assert not terminal.title.startswith("taken over")


def test_no_screen_hands_it_on(erp: ErpProcess, syncdeck: Console, places: Path) -> None:
    erp.fault("GET|/workers|/extensions|ErpSync|/archive=hostile:all")
    terminal = syncdeck("--config", erp.config)
    terminal.wait_for("␛[2J")
    for screen in "24613":
        terminal.press(screen)
        terminal.settle()
        for key in ("enter", "v", "y", "enter", "f10", "f10") if screen in "13" else ():
            terminal.press(key)
            terminal.settle(0.15)
        assert_harmless(terminal)
    terminal.wait_until(lambda: len(_OSC_52.findall(terminal.text)) > 1, "two copies")
    copies = [base64.b64decode(coded).decode() for coded in _OSC_52.findall(terminal.text)]
    copies.append((places / "state" / "copied.txt").read_text())
    assert all(copied.replace("\n", "").isprintable() for copied in copies)
    terminal.press("ctrl+q", "ctrl+q")
    terminal.wait_ended()
    assert terminal.exit_code == 0
    assert terminal.modes == set()
    assert_harmless(terminal)


@pytest.fixture
def hostile_config(erp: ErpProcess, places: Path) -> Path:
    """A sound config in a folder with a hostile name; others may read it, which is warned of."""
    folder = places / "x\x1b]0;taken over\x07\u202e"
    folder.mkdir()
    config = folder / "sim.toml"
    config.write_text(erp.config.read_text())
    config.chmod(0o644)
    return config


@pytest.mark.parametrize("driver", [(), ("--stock-driver",)])
def test_s4_a_config_in_a_hostile_place(
    hostile_config: Path, syncdeck: Console, driver: tuple[str, ...]
) -> None:
    for _ in range(2):
        # The second console begins with what the first one kept.
        terminal = syncdeck("--config", hostile_config, *driver, size=(160, 30))
        terminal.wait_for("live")
        terminal.wait_for("]0;taken over")
        terminal.press("ctrl+q", "ctrl+q")
        terminal.wait_ended()
        assert terminal.exit_code == 0
        assert_harmless(terminal)


@pytest.mark.parametrize("driver", [(), ("--stock-driver",)])
def test_s4_a_profile_with_a_hostile_name(
    hostile_config: Path, syncdeck: Console, driver: tuple[str, ...]
) -> None:
    name = "\\u001b]0;taken over\\u0007\\u202e\\u009b2J"
    text = hostile_config.read_text().replace('"sim"', f'"{name}"')
    hostile_config.write_text(re.sub(r"\[profiles\.sim(?=[].])", lambda _: f'[profiles."{name}"', text))
    terminal = syncdeck("--config", hostile_config, *driver)
    terminal.wait_ended()
    assert terminal.exit_code == 2
    assert "taken over" in terminal.said_at_the_end
    assert_harmless(terminal)


def test_s4_no_config_in_a_hostile_place(syncdeck: Console, places: Path) -> None:
    path = str(places / "x\x1b]0;taken over\x07\u202e" / "c.toml")
    terminal = syncdeck(more={"SYNCDECK_CONFIG": path})
    terminal.wait_until(lambda: "takenover" in "".join(terminal.screen().split()), "the path")
    assert_harmless(terminal)
    terminal = syncdeck("--config", path)
    terminal.wait_ended()
    assert terminal.exit_code == 2
    assert_harmless(terminal)


def test_no_failure_hands_it_on(erp: ErpProcess, syncdeck: Console) -> None:
    erp.fault("GET|ErpSync=message:\x1b]0;taken over\x07\u202e\x9b2J\x1b[?1049l")
    terminal = syncdeck("--config", erp.config)
    terminal.wait_for("taken over")
    for screen in "12346":
        terminal.press(screen)
        terminal.settle()
    assert_harmless(terminal)
    assert "alternate screen" in terminal.modes
