"""Turning on what a maintenance has stopped: the review says so, and needs more than a key by habit."""

from datetime import timedelta

from tests.drivers.console import wall_clock
from tests.drivers.simulator import RunningSimulator
from tests.ui.lists.test_marks import mark
from tests.ui.maintenance.sets import AMAZON, console, left_behind
from tests.ui.maintenance.test_closing import LOCKED, OFF, RUNNING, states
from tests.ui.modals.test_bulk import targets

SAID = "stopped by maintenance nightly until"


async def test_starting_one_of_its_syncs_is_warned_of_and_disruptive(erp: RunningSimulator) -> None:
    states(erp, Amazon_FR=OFF, Amazon_DE=OFF, Hauptshop=OFF)
    left_behind(erp, AMAZON)
    async with console(erp) as deck:
        await deck.sees("maintenance nightly · 2 off")
        for key in "sR":
            await deck.workers.focus("Amazon FR")
            await deck.press(key)
            await deck.opens("Start sync" if key == "s" else "Restart sync")
            said = await deck.read()
            assert SAID in said
            assert "(night batch)" in said
            await deck.press("a")
            assert deck.sent() == []
            await deck.press("escape")
        await deck.workers.focus("Hauptshop")
        await deck.press("s")
        await deck.opens("Start sync")
        assert "maintenance" not in await deck.read()
        await deck.press("escape")
        await deck.workers.focus("Amazon FR")
        await deck.press("s")
        await deck.opens("Start sync")
        await deck.press("y")
        await deck.sees("maintenance nightly · 1 off", "1 on again")
        assert targets(erp, deck.sent()) == ["Amazon FR"]


async def test_a_bulk_names_those_that_it_covers(erp: RunningSimulator) -> None:
    states(erp, Amazon_FR=OFF, Hauptshop=OFF)
    left_behind(erp, ["Amazon FR"])
    async with console(erp) as deck:
        await deck.sees("maintenance nightly")
        await mark(deck, "Amazon FR", "Hauptshop")
        await deck.press("s")
        await deck.opens("Start sync · 2 syncs")
        said = await deck.read()
        assert SAID in said
        assert "(Amazon · Amazon FR)" in said or "(Amazon FR)" in said
        await deck.press("a")
        assert deck.sent() == []
        await deck.press("y")
        await deck.until(lambda: len(deck.sent()) == 2, "both")


async def test_one_that_is_opened_while_the_review_is_read_asks_for_more(erp: RunningSimulator) -> None:
    states(erp, Amazon_FR=OFF)
    async with console(erp) as deck:
        await deck.workers.focus("Amazon FR")
        await deck.press("s")
        await deck.opens("Start sync")
        left_behind(erp, ["Amazon FR"], opened_at=wall_clock() - timedelta(minutes=1))
        await deck.sees("stronger confirmation")
        await deck.press("a")
        assert deck.sent() == []


async def test_the_banner_counts_what_is_really_off(erp: RunningSimulator) -> None:
    states(erp, Amazon_FR=OFF, Amazon_DE=RUNNING, Temu_DE=LOCKED)
    left_behind(erp, ["Amazon FR", "Amazon DE", "Temu DE"])
    async with console(erp, size=(120, 40)) as deck:
        await deck.sees("maintenance nightly · 1 off since", "· 1 on again · 1 locked · until")
