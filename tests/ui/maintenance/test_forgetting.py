"""Forgetting deletes a journal and starts nothing: the review says what stays off, and nobody else is
overtaken."""

from dataclasses import replace

from tests.drivers.console import Console, wall_clock
from tests.drivers.simulator import RunningSimulator
from tests.ui.maintenance.sets import AMAZON, console, journals, left_behind, left_off, only_one
from tests.ui.maintenance.test_closing import OFF, states
from tui.domain.maintenance.records import Maintenance


async def forget(deck: Console) -> str:
    """Open the review of forgetting the only one; what it says."""
    await deck.sees("maintenance nightly")
    await deck.press("M")
    await deck.opens("Maintenance · what is open")
    assert "f forget it" in deck.keys_offered()
    await deck.press("f")
    await deck.opens("Forget maintenance nightly")
    return await deck.read()


async def test_it_starts_nothing_and_names_exactly_what_stays_off(erp: RunningSimulator) -> None:
    left_off(erp, AMAZON)
    states(erp, Amazon_DE=3)
    async with console(erp) as deck:
        await deck.sees("· 1 on again")
        said = await forget(deck)
        assert "Nothing is started." in said
        assert "Stays off until somebody starts it: 1 Amazon FR" in said
        assert "Amazon DE" not in said
        await deck.press("a")
        assert journals().read().items, "only y confirms it"
        await deck.press("y")
        await deck.sees("forgotten: maintenance nightly", "1 target stays off: Amazon FR")
        await deck.loses("off since")
        assert deck.sent() == []
    assert journals().read().items == ()
    rows = {one["channel"]: one["state"] for one in erp.state()["jtl"]["workers"]}
    assert rows["Amazon FR"] == OFF


async def test_leaving_the_review_forgets_nothing(erp: RunningSimulator) -> None:
    before = left_off(erp, ["Amazon FR"])
    async with console(erp) as deck:
        await forget(deck)
        await deck.press("escape")
        assert deck.heading() == ""
    assert only_one() == before


async def test_what_is_in_doubt_is_said(erp: RunningSimulator) -> None:
    left_off(erp, AMAZON, doubtful=["Amazon FR"])
    async with console(erp, waits=False) as deck:
        await deck.opens("Interrupted")
        await deck.press("escape")
        said = await forget(deck)
        assert "Stays off until somebody starts it: 1 Amazon DE" in said
        assert "In doubt: may be off, or go off yet: 1 Amazon FR" in said


async def test_what_somebody_works_on_is_not_forgotten(erp: RunningSimulator) -> None:
    one = left_off(erp, ["Amazon FR"])
    async with console(erp) as deck:
        await forget(deck)
        assert isinstance(journals().claim(one.id, closes=True), Maintenance)
        await deck.sees("changed meanwhile")
        await deck.read()
        await deck.press("y")
        await deck.sees("is closing nightly now")
        assert deck.heading() == "Forget maintenance nightly"
    assert only_one().id == one.id


async def test_what_changed_or_was_closed_meanwhile_is_shown_again(erp: RunningSimulator) -> None:
    states(erp, Amazon_FR=OFF, Amazon_DE=OFF)
    one = left_behind(erp, ["Amazon FR"], ["Amazon DE"])
    async with console(erp, waits=False) as deck:
        await deck.opens("Interrupted")
        await deck.press("escape")
        assert "starts it: 1 Amazon FR" in await forget(deck)
        stopped, waiting = one.targets
        now = one.with_target(replace(waiting, stop=stopped.stop))
        journals().save(now)
        await deck.sees("starts it: 2", "changed meanwhile")
        journals().release(now, wall_clock())
        await deck.sees("nightly is not open any more")
        await deck.press("y")
        assert deck.heading() == "Forget maintenance nightly"
    assert only_one().closed_at is not None


async def test_a_read_only_profile_may_forget_as_the_command_line_may(erp: RunningSimulator) -> None:
    left_off(erp, ["Amazon FR"])
    async with console(erp, read_only=True) as deck:
        await forget(deck)
        await deck.press("y")
        await deck.sees("forgotten: maintenance nightly")
    assert journals().read().items == ()
