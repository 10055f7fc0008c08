"""Something else stands where the console keeps what it keeps: it starts, shows the truth, says what it
cannot keep, sends nothing that it cannot record, and ends as ever."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.drivers.terminal import Terminal
from tests.terminal.conftest import Console
from tests.terminal.erp_process import ErpProcess
from tests.terminal.process.test_full_disk import review, said

Spoil = Callable[[Path], object]


def a_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x1b[2J no json")
    path.chmod(0o600)


def a_pipe(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)


def a_folder(path: Path) -> None:
    (path / "full").mkdir(parents=True)


def leaves(terminal: Terminal) -> None:
    terminal.press("ctrl+q", "ctrl+q")
    terminal.wait_ended()
    assert terminal.exit_code == 0
    assert terminal.modes == set()
    assert terminal.settings_now == terminal.settings_before


@pytest.fixture
def started(erp: ErpProcess, syncdeck: Console, places: Path) -> Callable[[str, Spoil], Terminal]:
    """A console that is live although something was spoilt."""

    def start(place: str, spoil: Spoil) -> Terminal:
        spoil(places / place)
        terminal = syncdeck("--config", erp.config)
        terminal.wait_for("Temu DE")
        terminal.wait_for("live")
        return terminal

    return start


@pytest.mark.parametrize(
    ("place", "spoil"),
    [
        ("state", a_file),
        ("state/audit/sim.jsonl", a_folder),
        ("state/audit/sim.jsonl", a_pipe),
    ],
)
def test_without_an_audit_trail_nothing_is_sent(
    started: Callable[[str, Spoil], Terminal], erp: ErpProcess, place: str, spoil: Spoil
) -> None:
    terminal = started(place, spoil)
    review(terminal)
    terminal.confirm("a")
    said(terminal, "nothing was sent: the audit trail cannot be written")
    assert erp.writes() == []
    leaves(terminal)


@pytest.mark.parametrize(
    ("place", "spoil"),
    [
        ("cache", a_file),
        ("cache/versions.json", a_pipe),
        ("state/audit/sim.jsonl", a_file),
        ("state/drafts", a_file),
        ("state/drafts/sim/worker.configure-1.json", a_folder),
    ],
)
def test_everything_else_is_done_without_or_made_anew(
    started: Callable[[str, Spoil], Terminal], erp: ErpProcess, places: Path, place: str, spoil: Spoil
) -> None:
    terminal = started(place, spoil)
    if place.endswith("-1.json"):
        said(terminal, "an invalid draft was set aside")
        assert (places / f"{place}.broken").exists()
    if place.startswith("cache/"):
        said(terminal, "the cache of API versions is broken and was set aside")
        assert (places / f"{place}.broken").exists()
        assert (places / place).is_file()
    review(terminal)
    terminal.confirm("a")
    said(terminal, "applied")
    assert len(erp.writes()) == 1
    leaves(terminal)


def test_a_folder_in_the_place_of_the_copy(
    started: Callable[[str, Spoil], Terminal], places: Path
) -> None:
    terminal = started("state/copied.txt", a_folder)
    terminal.press("y")
    said(terminal, "by OSC 52", "the file could not be written: Is a directory")
    assert [path.name for path in (places / "state").glob("copied*")] == ["copied.txt"]
    leaves(terminal)


def test_two_consoles_share_their_places(erp: ErpProcess, syncdeck: Console, places: Path) -> None:
    """Both write, copy and type at the same time; nothing of one is lost by the other."""
    both = [syncdeck("--config", erp.config) for _ in range(2)]
    for terminal in both:
        terminal.wait_for("Temu DE")
        terminal.wait_for("live")
    for terminal, text in zip(both, ("21m", "22m"), strict=True):
        terminal.press("e")
        terminal.wait_for("Configure Temu")
        terminal.press("ctrl+u")
        terminal.send(text)
        terminal.wait_for(text)
    drafts = places / "state" / "drafts" / "sim"

    def kept() -> str:
        return "".join(path.read_text() for path in drafts.glob("*.json"))

    def keeps(text: str) -> bool:
        return text in kept()

    for text in ("21m", "22m"):
        both[0].wait_until(partial(keeps, text), f"the draft of {text}")
    both[0].press("f2")
    both[0].wait_for("a apply")
    both[0].confirm("a")
    said(both[0], "applied")
    assert "22m" in kept()
    both[1].press("esc")
    said(both[1], "draft saved")
    for terminal in both:
        leaves(terminal)
    assert "22m" in kept()
    assert "21m" not in kept()
