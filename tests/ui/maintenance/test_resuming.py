"""What a console left half open: the next one offers to go on or to close.

A console that is killed and gone on with: `tests/terminal/process/test_maintenance.py`.
"""

from dataclasses import replace

import pytest

from tests.drivers.console import wall_clock
from tests.drivers.simulator import RunningSimulator
from tests.ui.maintenance.sets import console, journals, left_behind, left_off, only_one
from tests.ui.maintenance.test_closing import OFF, states
from tests.ui.modals.test_bulk import targets
from tui.domain.maintenance.records import Maintenance, Step
from tui.domain.result import Result

STOPPED, WAITING = ("Amazon FR", "Amazon DE"), ("Temu DE", "Hauptshop")


async def test_closing_starts_only_what_was_stopped(erp: RunningSimulator) -> None:
    states(erp, Amazon_FR=OFF, Amazon_DE=OFF)
    left_behind(erp, STOPPED, WAITING)
    async with console(erp, waits=False) as deck:
        await deck.opens("Interrupted · maintenance nightly")
        said = await deck.read()
        assert "2 off since" in said
        assert "Not stopped yet: 2 Temu DE Hauptshop" in said
        await deck.press("c")
        await deck.opens("Close maintenance nightly")
        assert "Left as it is: 2" in await deck.read()
        await deck.press("a")
        await deck.sees("maintenance is closed")
        assert targets(erp, deck.sent()) == sorted(STOPPED)


@pytest.mark.parametrize("has_more", [False, True])
async def test_a_stop_that_was_accepted_and_not_seen_to_work_is_not_called_interrupted(
    erp: RunningSimulator, has_more: bool
) -> None:
    one = left_off(erp, STOPPED, WAITING[:1] if has_more else ())
    late = one.targets[0]
    accepted = Step(wall_clock(), Result.ACCEPTED, "1" * 32, "accepted, but still ok after 1m")
    journals().save(one.with_target(replace(late, stop=accepted)))
    async with console(erp, waits=False) as deck:
        await deck.opens(f"{'Interrupted' if has_more else 'In doubt'} · maintenance nightly")
        said = await deck.read()
        assert "the stop was accepted, and not seen to work: 1 Amazon FR" in said
        assert "its result is unknown" not in said
        assert ("interrupted" in said) is has_more


async def test_a_review_of_going_on_says_that_another_console_was_faster(erp: RunningSimulator) -> None:
    one = left_off(erp, STOPPED, WAITING)
    async with console(erp, waits=False) as deck:
        await deck.opens("Interrupted · maintenance nightly")
        await deck.read()
        await deck.press("g")
        await deck.opens("Go on with maintenance nightly · 2 targets")
        assert "Stops: 2" in await deck.read()
        held = journals().claim(one.id)
        assert isinstance(held, Maintenance)
        await deck.sees("is opening nightly now", "changed meanwhile")
        journals().release(held, wall_clock())
        await deck.sees("nightly is not open any more")
        assert "Stops:" not in await deck.read()
        await deck.press("a", "y")
        assert deck.sent() == []


async def test_later_sends_nothing_and_it_is_offered_again(erp: RunningSimulator) -> None:
    before = left_off(erp, STOPPED, WAITING)
    for _ in range(2):
        async with console(erp, waits=False) as deck:
            await deck.opens("Interrupted · maintenance nightly")
            await deck.press("escape")
            await deck.sees("maintenance nightly · 2 off", "2 not stopped")
            # Where it is offered at any time, `g` is not the list's own key.
            await deck.press("M")
            await deck.opens("Maintenance · what is open")
            await deck.sees("g go on")
            await deck.press("g")
            await deck.opens("Go on with maintenance nightly · 2 targets")
            assert deck.sent() == []
    assert only_one() == before


async def test_a_review_of_going_on_names_what_a_stop_may_still_reach(erp: RunningSimulator) -> None:
    one = left_off(erp, STOPPED, WAITING)
    late = next(target for target in one.targets if target.name.endswith(WAITING[0]))
    journals().save(one.with_target(late.with_stop(Step(wall_clock(), Result.UNKNOWN, "1" * 32))))
    async with console(erp, waits=False) as deck:
        await deck.opens("Interrupted · maintenance nightly")
        await deck.press("g")
        await deck.opens("Go on with maintenance nightly · 2 targets")
        said = await deck.read()
        assert "Stops: 1 Shop · Hauptshop" in said
        assert "Not yet, the stop sent before may still arrive: 1 Temu · Temu DE go on after" in said
        assert "to the others" not in said
