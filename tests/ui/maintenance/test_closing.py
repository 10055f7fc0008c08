"""Closing reads everything again: what we stopped and is still off starts; all else is left."""

from dataclasses import replace

import pytest

from tests.drivers.console import Console, wall_clock
from tests.drivers.simulator import RunningSimulator
from tests.ui.maintenance.sets import AMAZON, console, journals, left_behind, only_one
from tests.ui.modals.test_bulk import targets
from tui.domain.maintenance.records import Maintenance, SetState, Step
from tui.domain.result import Result

OFF, RUNNING, LOCKED = 7, 1, 6


async def close(deck: Console) -> str:
    """Open the review of closing the only one; what it says."""
    await deck.sees("maintenance nightly")
    await deck.press("M")
    await deck.opens("Maintenance · what is open")
    await deck.press("enter")
    await deck.opens("Close maintenance nightly")
    return await deck.read()


def states(erp: RunningSimulator, **by_channel: int) -> None:
    """Set the state of syncs; an underscore stands for a blank."""
    workers = {name.replace("_", " "): {"state": state} for name, state in by_channel.items()}
    erp.state(jtl={"control_delay": 0, "workers": workers})


async def test_exactly_what_was_stopped_starts_and_it_is_closed(erp: RunningSimulator) -> None:
    states(erp, Amazon_FR=OFF, Amazon_DE=OFF, Hauptshop=OFF)
    left_behind(erp, AMAZON)
    async with console(erp) as deck:
        said = await close(deck)
        assert "Starts: 2" in said
        assert "Hauptshop" not in said
        assert deck.sent() == []
        await deck.press("a")
        await deck.sees("2 of 2 targets done", "maintenance is closed")
        assert targets(erp, deck.sent()) == sorted(AMAZON)
        assert [entry["body"] for entry in deck.sent()] == [{"Action": 0}] * 2
        await deck.press("escape")
        assert deck.heading() == ""
        await deck.loses("maintenance nightly ·")
    assert only_one().state is SetState.CLOSED


async def test_its_starts_are_one_row_to_undo_that_names_it(erp: RunningSimulator) -> None:
    states(erp, Amazon_FR=OFF, Amazon_DE=OFF)
    left_behind(erp, AMAZON)
    async with console(erp) as deck:
        await close(deck)
        await deck.press("a")
        await deck.sees("2 of 2 targets done", "maintenance is closed")
        await deck.press("escape")
        await deck.refresh()
        await deck.press("u")
        await deck.sees("2 syncs: ", "by maintenance nightly · ")
        await deck.press("enter")
        await deck.opens("Undo start sync · 2 syncs")
        assert "Undoes Start sync by maintenance nightly of " in await deck.read()


async def test_what_started_meanwhile_is_left_and_what_is_locked_is_told(erp: RunningSimulator) -> None:
    states(erp, Amazon_FR=OFF, Amazon_DE=RUNNING, Temu_DE=LOCKED)
    left_behind(erp, ["Amazon FR", "Amazon DE", "Temu DE"])
    async with console(erp) as deck:
        said = await close(deck)
        assert "Starts: 1" in said
        assert "Left as it is: 1 Amazon DE it was started meanwhile" in said
        assert "Not started, stays in the maintenance: 1" in said
        assert "Unlock its account, then start it" in said
        assert "it stays open with the rest" in said
        await deck.press("a")
        await deck.sees("1 locked: unlock the account first", "M closes the rest")
        assert targets(erp, deck.sent()) == ["Amazon FR"]
        await deck.press("escape")
        await deck.sees("maintenance nightly · 0 off since", "1 locked · 1 not started", "1 not started")
    assert [one.name for one in only_one().off] == ["Temu DE"]


async def test_a_review_that_is_left_starts_nothing(erp: RunningSimulator) -> None:
    states(erp, Amazon_FR=OFF)
    before = left_behind(erp, ["Amazon FR"])
    async with console(erp) as deck:
        await close(deck)
        await deck.press("escape")
        assert deck.heading() == ""
        assert deck.sent() == []
    assert only_one() == before


async def test_a_start_that_fails_leaves_it_open_with_the_rest(erp: RunningSimulator) -> None:
    states(erp, Amazon_FR=OFF, Amazon_DE=OFF)
    left_behind(erp, AMAZON)
    async with console(erp) as deck:
        erp.fault(f"PUT .*/{erp.worker_id('Amazon FR')}=status:500")
        await close(deck)
        await deck.press("a")
        await deck.sees("1 of 2 targets done", "✖ failed", "M closes the rest")
        await deck.press("escape")
        erp.clear_faults()
        erp.clear_log()
        assert "Starts: 1" in await close(deck)
        await deck.press("a")
        await deck.sees("maintenance is closed")
        assert targets(erp, deck.sent()) == ["Amazon FR"]


async def test_what_changes_before_the_confirmation_is_not_started(erp: RunningSimulator) -> None:
    states(erp, Amazon_FR=OFF, Amazon_DE=OFF)
    left_behind(erp, AMAZON)
    async with console(erp) as deck:
        await close(deck)
        states(erp, Amazon_FR=RUNNING)
        await deck.sees("Starts: 1", "it was started meanwhile", "changed meanwhile")
        await deck.press("a")
        await deck.sees("maintenance is closed")
        assert targets(erp, deck.sent()) == ["Amazon DE"]


async def test_the_slower_of_two_that_close_hears_who_is_closing(erp: RunningSimulator) -> None:
    states(erp, Amazon_FR=OFF, Amazon_DE=OFF)
    one = left_behind(erp, AMAZON)
    async with console(erp) as deck:
        assert "Starts: 2" in await close(deck)
        held = journals().claim(one.id, closes=True)
        assert isinstance(held, Maintenance)
        await deck.sees("is closing nightly now", "changed meanwhile")
        assert "Starts:" not in await deck.read()
        assert "a apply" not in deck.keys_offered()
        await deck.press("a")
        assert deck.heading() == "Close maintenance nightly"
        # The other one gives up: what is left can be closed from here.
        journals().give_back(held)
        await deck.sees("Starts: 2")
        assert deck.sent() == []
        await deck.press("a")
        await deck.sees("maintenance is closed")


async def test_a_review_says_that_somebody_else_has_closed_it(erp: RunningSimulator) -> None:
    """Nothing changed on the server: only the journal says it."""
    states(erp, Amazon_FR=OFF, Amazon_DE=OFF)
    one = left_behind(erp, AMAZON)
    async with console(erp) as deck:
        assert "Starts: 2" in await close(deck)
        journals().release(one, wall_clock())
        await deck.sees("nightly was closed", "changed meanwhile")
        said = await deck.read()
        assert "Starts:" not in said
        assert "PUT" not in said
        await deck.press("a")
        assert deck.sent() == []
        await deck.press("escape")
        assert deck.heading() == ""


async def test_a_review_says_what_the_command_line_has_started(erp: RunningSimulator) -> None:
    """One of two was settled there; the review goes on with the rest."""
    states(erp, Amazon_FR=OFF, Amazon_DE=OFF)
    one = left_behind(erp, AMAZON)
    async with console(erp) as deck:
        assert "Starts: 2" in await close(deck)
        first = one.targets[0]
        assert first.name == "Amazon FR"
        journals().save(one.with_target(replace(first, start=Step(wall_clock(), Result.UNCHANGED))))
        await deck.sees("Starts: 1", "changed meanwhile")
        await deck.read()
        await deck.press("a")
        await deck.sees("maintenance is closed")
        assert targets(erp, deck.sent()) == ["Amazon DE"]


async def test_f18_what_somebody_noted_since_the_review_is_not_decided_by_it(
    erp: RunningSimulator,
) -> None:
    states(erp, Amazon_FR=OFF, Amazon_DE=OFF)
    one = left_behind(erp, ["Amazon FR"], ["Amazon DE"])
    async with console(erp, waits=False) as deck:
        await deck.opens("Interrupted")
        await deck.press("c")
        await deck.opens("Close maintenance nightly")
        assert "Starts: 1" in await deck.read()
        # Somebody goes on with the opening on the command line.
        stopped, waiting = one.targets
        now = one.with_target(replace(waiting, stop=stopped.stop))
        journals().save(now)
        await deck.press("a")
        await deck.sees("changed since the review: Amazon DE: stop applied", "Open the review again")
        assert deck.sent() == []
        assert only_one() == now
        await deck.press("escape", "M")
        await deck.opens("Maintenance · what is open")
        await deck.press("enter")
        await deck.opens("Close maintenance nightly")
        assert "Starts: 2" in await deck.read()


async def test_a_maintenance_of_another_server_is_refused(erp: RunningSimulator) -> None:
    one = left_behind(erp, ["Amazon FR"], elsewhere=True)
    async with console(erp) as deck:
        await deck.sees("maintenance nightly")
        await deck.press("M", "enter")
        await deck.sees("was opened on https://elsewhere.example")
        assert deck.sent() == []
    assert journals().read().open == (one,)


@pytest.mark.parametrize("key", ["i", ""])
async def test_what_is_in_doubt_starts_only_where_it_is_said(erp: RunningSimulator, key: str) -> None:
    states(erp, Amazon_FR=OFF, Amazon_DE=OFF)
    left_behind(erp, AMAZON, doubtful=["Amazon FR"])
    async with console(erp, waits=False) as deck:
        await deck.opens("Interrupted")
        await deck.press("c")
        await deck.opens("Close maintenance nightly")
        said = await deck.read()
        assert "In doubt, not started: 1 Amazon FR" in said
        await deck.press(*filter(None, [key]))
        await deck.press("pagedown", "a")
        await deck.sees("maintenance is closed" if key else "M closes the rest")
        assert targets(erp, deck.sent()) == (sorted(AMAZON) if key else ["Amazon DE"])


async def test_on_a_read_only_profile_it_is_shown_and_not_closed(erp: RunningSimulator) -> None:
    left_behind(erp, ["Amazon FR"])
    async with console(erp, read_only=True) as deck:
        await deck.sees("maintenance nightly")
        await deck.press("M")
        await deck.opens("Maintenance · what is open")
        await deck.press("enter")
        await deck.sees("profile sim is read-only", "press U to unlock")
        assert deck.heading() == ""
        assert deck.sent() == []
