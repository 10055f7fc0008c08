"""`syncdeck --replay FILE`: the console on a part of a history, without a server."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.drivers.console import started
from tests.history.written import write
from tui.cli.console_arguments import DEFAULTS, Arguments
from tui.cli.main import plan
from tui.domain.health.rules import Level
from tui.domain.history.records import Cause, Change, Poll, Record, State, Subject, SubjectKind
from tui.history.cut import cut

START = datetime(2026, 11, 29, 1, 0, tzinfo=UTC)
TEMU = Subject(SubjectKind.SYNC, "a1", "Temu · Temu DE")
OTTO = Subject(SubjectKind.SYNC, "a2", "Otto · Otto Market")
OK, FAILED = State("ok", Level.OK), State("error", Level.ERROR, "401 from marketplace")
AFTER = START + timedelta(minutes=5)


def a_file(folder: Path) -> Path:
    records: tuple[Record, ...] = (
        *(Change(START, one, Cause.APPEARED, OK) for one in (TEMU, OTTO)),
        Poll("status", START, True, 600.0, 0.1),
        Change(AFTER, TEMU, Cause.POLL, FAILED, OK),
        Poll("status", AFTER, True, 600.0, 0.1),
    )
    write(folder / "history", records)
    assert not cut(folder / "history", START, AFTER, folder / "night.db")
    return folder / "night.db"


async def test_the_lists_show_the_end_of_the_file_and_nothing_can_be_sent(tmp_path: Path) -> None:
    arguments = Arguments(**(DEFAULTS | {"replay": a_file(tmp_path)}))
    launch = replace(plan(arguments, tmp_path / "none.toml"), mouse=False)
    async with started(launch) as deck:
        await deck.until(lambda: bool(deck.cursor_row()), "row under a cursor")
        assert "night.db" in deck.text()
        assert "read-only" in deck.text()
        rows = deck.rows()
        assert "error" in rows[0]
        assert "Temu DE" in rows[0]
        assert "401 from marketplace" in rows[0]
        assert "Otto Market" in rows[1]
        await deck.press("x")
        assert "Stop sync" not in deck.heading()
