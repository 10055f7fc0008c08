"""`I` in *what happened* writes a report, `X` strikes a note through, `y` with marks copies a table."""

import json
import re
import stat
from datetime import UTC, datetime

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tests.ui.history.past import OK, Past, error, give, sync_of
from tui.domain.history.records import Cause
from tui.history.memory import MemoryHistory
from tui.paths import state_dir

REFUSED = "401 from `market` <b>place</b>"


async def a_night(deck: Console) -> MemoryHistory:
    past = Past(datetime.now(UTC)).polled(600)
    temu = sync_of(deck, "Temu DE")
    past.was(temu, 600, OK, Cause.KEYFRAME).was(temu, 200, error(REFUSED)).was(temu, 100, OK)
    return await give(deck, past.noted(90, "token renewed", "anna").records)


def unwrapped(text: str) -> str:
    return "".join(text.split())


async def test_the_report_of_the_window_is_read_copied_and_written(erp: RunningSimulator) -> None:
    async with console(erp, profile="acme") as deck:
        await a_night(deck)
        await deck.press("H")
        await deck.sees("ok → error")
        await deck.press("I")
        await deck.opens("Report · Markdown")
        await deck.sees("the sync Temu · Temu DE of acme failed")
        await deck.press("y")
        copied = deck.app.clipboard
        assert copied.startswith("# Report: acme, ")
        assert "the message was ``401 from `market` <b>place</b>``" in copied
        assert "note by anna: `token renewed`" in copied
        await deck.press("f", "enter")
        await deck.until(lambda: "report-acme-" in unwrapped(deck.dialog_trouble()), "where it is")
        [page] = (state_dir() / "reports").glob("report-acme-*.html")
        assert stat.S_IMODE(page.stat().st_mode) == 0o600
        assert page.name in unwrapped(deck.dialog_trouble())
        assert "&lt;b&gt;place" in page.read_text()
        await deck.press("f", "a")
        await deck.sees("Temu sync 1")
        assert deck.heading() == "Report · JSON · anonymous"
        await deck.press("p", "y")
        found = json.loads(deck.app.clipboard)
        assert found["causes"] == []
        assert "Temu DE" not in deck.app.clipboard
        await deck.press("escape")
        await deck.opens("What happened")


async def test_a_note_is_struck_through_with_the_second_press(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await a_night(deck)
        await deck.press("H")
        await deck.sees("token renewed")
        assert "token renewed" in deck.choice()
        await deck.press("X")
        assert "press X again" in deck.dialog_trouble()
        assert "struck through" not in deck.choice()
        await deck.press("X")
        await deck.sees("struck through by")
        assert "struck through: token renewed" in deck.dialog_trouble()
        await deck.press("X")
        assert "struck through already" in deck.dialog_trouble()
        await deck.press("down", "X")
        assert "only a note can be struck through" in deck.dialog_trouble()


async def test_a_second_press_that_comes_at_once_strikes_nothing_and_says_wait(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await a_night(deck)
        await deck.press("H")
        await deck.sees("token renewed")
        await deck.blindly("X", "X", every=0.1)
        assert "wait, then press X again" in deck.dialog_trouble()
        assert "struck through" not in deck.choice()
        await deck.press("X")
        await deck.sees("struck through by")


async def test_marked_rows_are_copied_with_since_as_a_time(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await a_night(deck)
        await deck.workers.focus("Temu DE")
        await deck.until(lambda: re.search(r"error +1h ", deck.cursor_row()) is not None, "since")
        await deck.press("space", "y")
        head, titles, row = deck.app.clipboard.splitlines()
        assert " · JTL-Wawi workers · as of " in head
        start = titles.index("Since")
        assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", row[start:])


async def test_a_table_copied_while_looking_back_names_that_time(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await a_night(deck)
        await deck.press("B")
        await deck.press(*["backspace"] * 8)
        await deck.type("150m")
        await deck.press("enter")
        await deck.sees("LOOKING AT")
        await deck.sees("error")
        await deck.press("asterisk", "y")
        await deck.until(lambda: "Temu DE" in deck.app.clipboard, "the copy")
        head, _, *rows = deck.app.clipboard.splitlines()
        at = datetime.fromisoformat(head.rpartition("as of ")[2])
        assert abs((datetime.now(UTC) - at).total_seconds() - 9_000) < 120
        [temu] = (row for row in rows if "Temu DE" in row)
        assert temu.startswith("error")
