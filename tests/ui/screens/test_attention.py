"""Nothing happens unseen: the line of tabs counts what needs attention on every screen (T9)."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from tests.drivers.console import Console, console, wall_clock
from tests.drivers.simulator import RunningSimulator
from tui.domain.health.counts import Counts
from tui.domain.health.problems import Problems, assess_tested
from tui.domain.health.rules import Level, Verdict
from tui.domain.superoffice.engine import Connection

QUICK = {"workers": 1, "engine": 1, "extensions": 1, "connections": 1}
EXCEL = "Excel Testdaten"


def tabs(deck: Console) -> str:
    return deck.lines()[1].rstrip()


async def has(deck: Console, *texts: str) -> None:
    def says(text: str) -> bool:
        return text in tabs(deck)

    for text in texts:
        await deck.until(partial(says, text), f"{text!r} in the line of tabs")


def error(text: str = "it broke") -> dict[str, object]:
    return {"workers": {"Hauptshop": {"state": 4, "text": text}}}


async def test_t9_errors_and_what_else_needs_attention_are_counted_on_each_tab(
    erp: RunningSimulator,
) -> None:
    async with console(erp, size=(120, 24), refresh=QUICK) as deck:
        await has(deck, "1 Workers ✖1 !2 ", "4 Connections  5")
        assert deck.said("status") == "12 syncs · 3 need attention"
        assert "2 Extensions  3 Engine  4" in tabs(deck)
        assert "*" not in tabs(deck)
        erp.state(superoffice={"running": False})
        await has(deck, "3 Engine !1")
        erp.state(superoffice={"running": True})
        await has(deck, "3 Engine  4")


async def test_t9_a_new_error_on_another_tab_is_marked_until_it_was_looked_at(
    erp: RunningSimulator,
) -> None:
    async with console(erp, refresh=QUICK) as deck:
        await deck.press("3")
        await has(deck, "Workers ✖1 !2 ")
        erp.state(jtl=error())
        await has(deck, "Workers ✖2 !2*")
        await deck.press("4")
        await has(deck, "Workers ✖2 !2*")
        await deck.press("1")
        await has(deck, "Workers ✖2 !2 ")
        erp.state(jtl=error("and again"))
        await deck.sees("and again")
        await deck.press("3")
        assert "Workers ✖2 !2 " in tabs(deck)


async def test_t9_what_went_away_and_came_back_is_new_again(erp: RunningSimulator) -> None:
    async with console(erp, refresh=QUICK) as deck:
        await deck.press("4")
        await has(deck, "Workers ✖1 !2 ")
        erp.state(jtl={"workers": {"Temu DE": {"state": 3}}})
        await has(deck, "Workers !2 ")
        erp.state(jtl={"workers": {"Temu DE": {"state": 4}}})
        await has(deck, "Workers ✖1 !2*")


async def test_t9_a_failed_connection_test_needs_attention_until_one_passes(
    erp: RunningSimulator,
) -> None:
    async with console(erp, refresh=QUICK) as deck:
        await deck.connections.show()
        assert deck.said("status") == "4 connections"
        await deck.connections.focus(EXCEL)
        await deck.press("T")
        await deck.sees("4 connections · 1 needs attention")
        assert "! test failed" in next(row for row in deck.rows() if EXCEL in row)
        await has(deck, "Connect !1 ")
        await deck.press("1")
        assert "Connect !1 " in tabs(deck)
        erp.fault("TestConnectionById=null")
        await deck.press("4", "T")
        await deck.sees("unknown: ")
        assert "Connect !1 " in tabs(deck)
        erp.clear_faults()
        erp.world.so.connections[4].test_passes = True
        await deck.press("T")
        await has(deck, "Connect  5")
        assert deck.said("status") == "4 connections"


async def test_t9_counts_of_what_can_no_longer_be_read_say_so(erp: RunningSimulator) -> None:
    async with console(erp, refresh=QUICK) as deck:
        erp.fault("GetAllConnections=status:503")
        await has(deck, "Connect ?")
        erp.clear_faults()
        await deck.press("r")
        await has(deck, "Connect  5")


async def test_t9_a_system_that_is_not_configured_has_no_counts(erp: RunningSimulator) -> None:
    async with console(erp, systems=("jtl",), refresh={}, size=(120, 24)) as deck:
        await has(deck, "1 Workers ✖1 !2  2 Extensions  3 Engine  4 Connections  5 Activity")


async def test_t9_every_tab_is_in_sight_however_much_needs_attention() -> None:
    with RunningSimulator(still=True, workers=1_500, connections=300, extensions=30) as erp:
        erp.state(jtl={"workers": {"*": {"state": 4}, "Outlet": {"state": 2}}})
        async with console(erp, refresh=QUICK) as deck:
            await deck.until(lambda: "✖1499" in tabs(deck).replace(" ", ""), "every error")
            erp.state(superoffice={"running": False})
            await has(deck, "!1*")
            for size in ((60, 15), (80, 24)):
                await deck.resize(*size)
                line = tabs(deck)
                assert "✖1499" in line
                places = [line.index(f" {key} ") for key in "123456"]
                assert places == sorted(places)
                assert line.endswith("? help")
                assert len(line) <= size[0]
            counted = deck.app.session.attention.total
            assert int(deck.said("status").split(" · ")[1].split()[0]) < counted


async def test_t9_the_time_alone_makes_a_sync_overdue_and_it_is_counted(erp: RunningSimulator) -> None:
    ahead = timedelta(0)

    def clock() -> datetime:
        return wall_clock() + ahead

    async with console(erp, size=(120, 24), refresh=QUICK, clock=clock) as deck:
        await has(deck, "Workers ✖1 !2")
        ahead = timedelta(days=900)
        deck.app.count_all()
        # Every sync that waits, and the run that has no new status.
        await has(deck, "Workers ✖1 !10")


def verdict(level: Level) -> Verdict:
    return Verdict(level, "word", "")


def test_what_became_worse_is_new_and_what_became_better_is_not() -> None:
    problems = Problems()
    problems.follow([("a", verdict(Level.WARNING)), ("b", verdict(Level.OK))])
    assert problems.counts() == Counts(0, 1)
    problems.follow([("a", verdict(Level.ERROR))])
    assert problems.counts() == Counts(1, 0, is_new=True)
    problems.look()
    problems.follow([("a", verdict(Level.LOCKED))])
    assert problems.counts(is_unread=True) == Counts(0, 1, is_unread=True)


@pytest.mark.parametrize(
    ("connection", "passed", "level", "word"),
    [
        (Connection(1, "A", active=True), None, Level.OK, "active"),
        (Connection(1, "A", active=True), True, Level.OK, "active"),
        (Connection(1, "A", active=True), False, Level.WARNING, "test failed"),
        (Connection(1, "A", active=False), False, Level.WARNING, "inactive"),
        (Connection(1, "A", active=True, deleted=True), False, Level.OFF, "deleted"),
    ],
)
def test_a_connection_is_judged_by_its_last_test_as_well(
    connection: Connection, passed: bool | None, level: Level, word: str
) -> None:
    found = assess_tested(connection, passed)
    assert (found.level, found.word) == (level, word)
