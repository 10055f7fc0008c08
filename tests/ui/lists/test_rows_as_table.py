"""`y` with marks copies them as a table that can be pasted into a ticket."""

import re

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tui.paths import state_dir


def copied(deck: Console) -> list[str]:
    """The lines of what was copied."""
    assert deck.app.clipboard == (state_dir() / "copied.txt").read_text()
    return deck.app.clipboard.splitlines()


async def test_marked_rows_are_copied_whole_with_absolute_times(erp: RunningSimulator) -> None:
    long = "401 from marketplace: the token has expired \x1b[31mand " + "x" * 120
    erp.state(jtl={"workers": {"Temu DE": {"state": 4, "text": long}}})
    async with console(erp, profile="acme", environment="staging") as deck:
        await deck.sees("401 from marketpl")
        await deck.press("g", "space", "space", "space", "y")
        assert "3 rows" in deck.said("notice")
        head, titles, *rows = copied(deck)
        assert re.fullmatch(
            r"acme \(staging\) · JTL-Wawi workers · as of \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", head
        )
        assert titles.split("  ")[0].strip() == "State"
        assert re.split(r"\s{2,}", titles) == [
            *("State", "Since", "Sync", "Channel", "Every"),
            *("Reported", "Next run", "Last 12h", "Message"),
        ]
        assert len(rows) == 3
        temu = next(row for row in rows if "Temu DE" in row)
        assert "x" * 120 in temu
        assert "\x1b" not in temu
        assert re.search(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", temu)
        assert not any(re.search(r"\d[smhd] ago", row) for row in rows)
        places = {row.index("  ") > 0 and row[: titles.index("Sync")].strip() for row in rows}
        assert places == {"error", "locked", "overdue"}


async def test_one_marked_row_and_one_under_the_cursor(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        await deck.press("space", "y")
        assert "1 row" in deck.said("notice")
        assert "Hauptshop" in copied(deck)[2]
        await deck.press("minus", "y")
        assert "the row" in deck.said("notice")
        assert len(copied(deck)) == 1


async def test_extensions_and_connections_are_copied_with_their_times(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.extensions.show()
        await deck.press("asterisk", "y")
        head, titles, *rows = copied(deck)
        assert "JTL-Wawi extensions · as of " in head
        assert "Manifest hash" in titles
        assert len(rows) > 3
        assert not any(re.search(r"\d[smhd] ago", row) for row in rows)
        await deck.connections.show()
        await deck.press("g", "space", "space", "y")
        head, titles, *rows = copied(deck)
        assert "SuperOffice connections · as of " in head
        assert "Most recent mark" in titles
        assert len(rows) == 2


async def test_the_keys_of_the_list_are_not_shown_below_a_dialog(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        for size in ((80, 24), (60, 15), (120, 40)):
            await deck.resize(*size)
            assert "enter details" in deck.lines()[-1]
            await deck.press("x")
            await deck.opens("Stop sync")
            assert "y confirm" in deck.keys_offered()
            assert not any("enter details" in line for line in deck.lines())
            assert not any("q quit" in line for line in deck.lines())
            await deck.press("escape")
            await deck.opens("")
            assert "enter details" in deck.lines()[-1]
