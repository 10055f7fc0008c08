"""Copying: a row at once, details by choice; what is copied is what was shown, and nothing else."""

import json
import stat
import unicodedata
from pathlib import Path

import pytest

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tui.paths import state_dir


def copied() -> str:
    """What stands in the copy file."""
    return (state_dir() / "copied.txt").read_text(encoding="utf-8")


async def choose(deck: Console, label: str) -> None:
    """Put the chooser's cursor on a choice."""
    await deck.press("g")
    seen = ""
    while label not in deck.choice():
        assert seen != deck.choice(), f"no choice {label!r} in:\n" + "\n".join(deck.lines())
        seen = deck.choice()
        await deck.press("j")


async def test_a_row_is_copied_at_once_and_the_notice_says_where_it_went(erp: RunningSimulator) -> None:
    async with console(erp, size=(120, 30)) as deck:
        await deck.workers.focus("Outlet")
        await deck.press("y")
        file = state_dir() / "copied.txt"
        assert deck.said("notice") == (
            f"Copied the row ({len(copied())} characters) by OSC 52; written to {file}"
        )
        assert copied().startswith("locked  ")
        assert "  Ebay  Outlet  " in copied()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert list(file.parent.glob("copied*")) == [file]


async def test_below_the_home_directory_the_notice_takes_two_lines(
    erp: RunningSimulator, monkeypatch: pytest.MonkeyPatch, private_places: Path
) -> None:
    monkeypatch.setenv("SYNCDECK_STATE_DIR", str(private_places / "home/.local/state/syncdeck"))
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    async with console(erp) as deck:
        await deck.press("y")
        await deck.sees("by OSC 52; written to ~/.local/state/syncdeck/copied.txt")
        assert sum("copied.txt" in line or "OSC 52" in line for line in deck.lines()) <= 2


async def test_details_offer_everything_each_field_and_the_raw_json(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Temu DE")
        await deck.press("enter", "y")
        await deck.opens("Copy · Temu")
        await deck.sees("everything", "State", "Message", "Channel")
        assert "everything" in deck.choice()
        await deck.press("G")
        assert "raw JSON" in deck.choice()
        await choose(deck, "Message")
        await deck.press("enter")
        assert copied() == "401 from marketplace"
        assert "Copied Message (20 characters)" in deck.dialog_trouble()


async def test_a_field_is_copied_without_what_is_remarked_on_it(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Temu DE")
        await deck.press("enter")
        for label, value in (
            ("Channel", "Temu DE"),
            ("Every", "5m"),
            ("State", "error"),
            ("Create orders", "true"),
        ):
            await deck.press("y")
            await choose(deck, label)
            await deck.press("y")
            assert copied() == value
            assert "Temu" in deck.heading()
            assert "Copy" not in deck.heading()


async def test_the_raw_json_is_chosen_where_it_is_shown(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Outlet")
        await deck.press("enter", "v", "y", "enter")
        assert json.loads(copied())
        assert '"account locked"' in copied()
        assert "the raw JSON" in deck.dialog_trouble()


async def test_leaving_the_chooser_copies_nothing(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        for key in ("escape", "q", "f10"):
            await deck.press("enter", "y")
            await deck.opens("Copy · ")
            await deck.press(key)
            assert "Copy" not in deck.heading()
            await deck.press("escape")
        assert not (state_dir() / "copied.txt").exists()


async def test_what_was_copied_stays_said_while_the_data_goes_on(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("enter", "y", "enter")
        said = deck.dialog_trouble()
        assert "the details" in said
        erp.state(jtl={"workers": {"Temu DE": {"text": "403 from marketplace"}}})
        await deck.sees("403 from marketplace")
        assert deck.dialog_trouble() == said


async def test_the_chooser_keeps_its_cursor_in_sight_on_a_small_screen(erp: RunningSimulator) -> None:
    async with console(erp, size=(60, 15)) as deck:
        await deck.press("enter", "y", "G")
        assert "raw JSON" in deck.choice()
        assert "…" in deck.choice()
        await deck.press("g")
        assert "everything" in deck.choice()


async def test_the_engine_s_details_are_copied_the_same_way(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("3", "enter", "y")
        await deck.opens("Copy · ErpSync engine")
        await choose(deck, "State")
        await deck.press("enter")
        assert copied() == "running"


async def test_no_control_character_of_a_hostile_server_is_ever_copied(erp: RunningSimulator) -> None:
    erp.fault(".*=hostile")
    wanted: list[str] = []
    async with console(erp, waits=False) as deck:
        for screen in "124":
            await deck.press(screen)
            await deck.until(lambda: bool(deck.cursor_row()), "row under a cursor")
            await deck.press("y")
            wanted.append(copied())
            await deck.press("enter")
            for key, place in (("g", 0), ("G", -1)):
                await deck.press("y")
                offered = deck.copyable()
                await deck.press(key, "enter")
                assert copied() == offered[place]
            wanted += offered
            await deck.press("escape")
    assert any("[bold red]" in text for text in wanted)
    bad = {c for text in wanted for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs")}
    assert bad <= {"\n"}


async def test_copying_where_no_file_can_be_written_says_so(erp: RunningSimulator) -> None:
    async with console(erp, size=(120, 30)) as deck:
        state_dir().parent.mkdir(parents=True, exist_ok=True)
        if state_dir().exists():
            state_dir().rename(state_dir().with_name("elsewhere"))
        state_dir().write_text("in the way")
        await deck.press("y")
        assert "the file could not be written" in deck.said("notice")
