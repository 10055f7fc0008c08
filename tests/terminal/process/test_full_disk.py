"""The disk takes nothing more while the console runs: nothing is sent without a record, what cannot be
kept is said, and it goes on; once there is room, all is as before. Linux only: `prlimit`."""

import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.drivers.terminal import Terminal
from tests.terminal.erp_process import ErpProcess

Fill = Callable[[bool], None]


@pytest.fixture
def full(live: Terminal) -> Fill:
    """Let no file of the console grow, or let them again."""

    def fill(on: bool) -> None:
        hard = resource.RLIM_INFINITY
        limits = (0 if on else hard, hard)
        resource.prlimit(live.program.pid, resource.RLIMIT_FSIZE, limits)

    return fill


def said(terminal: Terminal, *texts: str) -> None:
    """Wait until it is on the screen, however it is wrapped there."""

    def seen() -> bool:
        plain = " ".join(terminal.screen().replace("│", " ").split())
        return all(text in plain for text in texts)

    terminal.wait_until(seen, f"{texts}")


def review(terminal: Terminal) -> None:
    """Up to the last step of a new interval."""
    terminal.press("e")
    terminal.wait_for("Configure Temu")
    terminal.press("ctrl+u")
    terminal.send("20m")
    terminal.wait_for("20m")
    terminal.press("f2")
    terminal.wait_for("a apply")


def test_what_cannot_be_recorded_is_not_sent(live: Terminal, erp: ErpProcess, full: Fill) -> None:
    review(live)
    full(True)
    live.confirm("a")
    said(live, "nothing was sent")
    assert erp.writes() == []
    full(False)
    live.confirm("a")
    said(live, "applied")
    assert len(erp.writes()) == 1


def test_an_outcome_that_cannot_be_recorded_is_told(live: Terminal, erp: ErpProcess, full: Fill) -> None:
    erp.fault("POST .*/workers/=slow:2")
    review(live)
    live.confirm("a")
    erp.wait_received("POST", "/workers/")
    full(True)
    said(live, "applied", "the audit trail could not record this outcome")
    assert len(erp.writes()) == 1


def test_a_draft_that_cannot_be_kept_is_told_and_not_lost(
    live: Terminal, full: Fill, places: Path
) -> None:
    full(True)
    live.press("e")
    live.wait_for("Configure Temu")
    live.press("ctrl+u")
    live.send("25m")
    live.wait_for("25m")
    live.press("esc")
    said(live, "draft saved", "cannot be written")
    live.press("e")
    live.wait_for("Draft")
    live.confirm("t")
    live.wait_for("25m")
    full(False)
    live.send(" 30s")
    drafts = places / "state" / "drafts" / "sim"
    live.wait_until(
        lambda: any("25m 30s" in path.read_text() for path in drafts.glob("*.json")), "a draft"
    )
    assert [path.suffix for path in drafts.iterdir()] == [".json"]


def test_a_copy_says_that_there_is_no_file(live: Terminal, full: Fill, places: Path) -> None:
    live.press("y")
    said(live, "copied.txt")
    before = (places / "state" / "copied.txt").read_text()
    live.press("j")
    full(True)
    live.press("y")
    said(live, "by OSC 52", "the file could not be written")
    full(False)
    assert (places / "state" / "copied.txt").read_text() == before
    assert [path.name for path in (places / "state").glob("copied*")] == ["copied.txt"]


def test_polling_and_the_other_screens_go_on(live: Terminal, full: Fill) -> None:
    full(True)
    for key in "23456":
        live.press(key)
        live.settle()
    live.press("1")
    live.wait_for("live")
    live.press("q")
    live.wait_ended()
    assert live.exit_code == 0
    assert live.modes == set()
    assert live.settings_now == live.settings_before
