"""`syncdeck --replay FILE`: the console on a part of a history, without a server."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.drivers.console import started
from tests.history.written import write
from tui.cli.console_arguments import DEFAULTS, Arguments
from tui.cli.main import plan
from tui.domain.health.rules import Level
from tui.domain.history.records import (
    Cause,
    Change,
    Event,
    EventKind,
    Poll,
    Record,
    State,
    Subject,
    SubjectKind,
)
from tui.history.cut import cut
from tui.launch import Launch

START = datetime(2026, 11, 29, 1, 0, tzinfo=UTC)
TEMU = Subject(SubjectKind.SYNC, "a1", "Temu · Temu DE")
OTTO = Subject(SubjectKind.SYNC, "a2", "Otto · Otto Market")
OK, FAILED = State("ok", Level.OK), State("error", Level.ERROR, "401 from marketplace")
AFTER = START + timedelta(minutes=5)
END = AFTER + timedelta(minutes=19)
"""Within two intervals of the last poll."""


def a_file(folder: Path) -> Path:
    records: tuple[Record, ...] = (
        *(Change(START, one, Cause.APPEARED, OK) for one in (TEMU, OTTO)),
        Poll("status", START, True, 600.0, 0.1),
        Change(AFTER, TEMU, Cause.POLL, FAILED, OK),
        Poll("status", AFTER, True, 600.0, 0.1),
        Event(END, EventKind.NOTE, "called the marketplace"),
    )
    write(folder / "history", records)
    assert not cut(folder / "history", START, END, folder / "night.db")
    return folder / "night.db"


def a_launch(folder: Path) -> Launch:
    arguments = Arguments(**(DEFAULTS | {"replay": a_file(folder)}))
    return replace(plan(arguments, folder / "none.toml"), mouse=False)


async def test_the_lists_show_the_end_of_the_file_and_nothing_can_be_sent(tmp_path: Path) -> None:
    async with started(a_launch(tmp_path)) as deck:
        await deck.until(lambda: bool(deck.cursor_row()), "row under a cursor")
        assert "night.db" in deck.text()
        assert "read-only" in deck.text()
        rows = deck.rows()
        assert "error" in rows[0]
        assert re.search(r"\bTemu +Temu DE\b", rows[0])
        assert "401 from marketplace" in rows[0]
        assert "Otto Market" in rows[1]
        await deck.press("x")
        assert "Stop sync" not in deck.heading()


async def test_a_recording_is_never_called_live(tmp_path: Path) -> None:
    """There is no now to return to, and no server that could hang or be polled."""
    async with started(a_launch(tmp_path)) as deck:
        await deck.sees("LOOKING AT", "replay of night.db", "recorded")
        end = looked_at(deck.text())
        await deck.press("B")
        await deck.sees("Look back: show every list as it was at")
        await deck.press("escape")
        for key in ("B", "escape", "}"):
            if key != "}":
                await deck.press("{")
                await deck.until(lambda: looked_at(deck.text()) not in ("", end), "an earlier time")
            await deck.press(key)
            await deck.until(lambda: looked_at(deck.text()) == end, "the end of the file")
            shown = deck.text()
            assert "replay of night.db" in shown
            assert "recorded" in shown
            assert not any(
                word in shown for word in ("not seen then", "no response", "Not seen", "live")
            )
        for key in ("r", "p"):
            await deck.press(key)
            await deck.sees("this is a recording: there is no server to poll")
            assert "paused" not in deck.text()
            await deck.press("escape")
        await deck.press("5")
        await deck.sees("This file holds no audit trail")
        await deck.press("1", "x")
        await deck.sees("this is a recording: there is no server to send to")
        await deck.press("N")
        await deck.sees("this is a recording: no note can be added")


def looked_at(text: str) -> str:
    found = re.search(r"LOOKING AT (\S+ ?\d\d:\d\d|\d\d:\d\d)", text)
    return found[1] if found else ""


async def test_a_read_that_ends_late_takes_no_later_message_away(tmp_path: Path) -> None:
    async with started(a_launch(tmp_path)) as deck:
        await deck.sees("LOOKING AT", "replay of night.db", "recorded")
        # In one packet: the read of `{` ends after `r` was refused.
        await deck.burst("{", "r")
        await deck.until(lambda: looked_at(deck.text()) not in ("", "11-29 01:05"), "an earlier time")
        assert "there is no server to poll" in deck.said("notice")
