"""A target that gets another name while its review is open: both are shown, and it is confirmed anew."""

from pathlib import Path

import pytest

from tests.drivers.command import trail
from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tests.ui.modals.test_changed_meanwhile import asked_to_stop

RENAMED = "changed since you opened this: Name Shop · Hauptshop → Shop · Zweitshop"


def rename(erp: RunningSimulator, old: str, new: str) -> None:
    erp.state(jtl={"workers": {old: {"channel": new}}})


def noted(places: Path) -> str:
    """Everything that the trail holds."""
    return str(trail(places))


async def confirmed(deck: Console, heading: str) -> None:
    await deck.looks()
    assert deck.heading() == heading
    assert deck.sent() == []
    await deck.press("y")
    await deck.opens("")
    assert len(deck.sent()) == 1


@pytest.mark.parametrize("every", [1, 60], ids=["seen by a poll", "seen before it is sent"])
async def test_d_a_sync_that_is_renamed_is_confirmed_by_its_new_name(
    erp: RunningSimulator, private_places: Path, every: int
) -> None:
    async with console(erp, refresh={"workers": every}) as deck:
        await asked_to_stop(deck)
        rename(erp, "Hauptshop", "Zweitshop")
        if every == 60:
            await deck.press("y")
        await deck.sees(RENAMED)
        await confirmed(deck, "Stop sync · Shop · Zweitshop")
    assert "Zweitshop" in noted(private_places)
    assert "Hauptshop" not in noted(private_places)


async def test_d_a_sync_that_gets_its_old_name_back_is_confirmed_by_that(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await asked_to_stop(deck)
        rename(erp, "Hauptshop", "Zweitshop")
        await deck.sees(RENAMED)
        rename(erp, "Zweitshop", "Hauptshop")
        await deck.sees("it changed and changed back meanwhile")
        await confirmed(deck, "Stop sync · Shop · Hauptshop")


async def test_d_of_marked_syncs_the_renamed_one_is_told_by_both_names(
    erp: RunningSimulator, private_places: Path
) -> None:
    erp.state(jtl={"control_delay": 0})
    async with console(erp) as deck:
        for channel in ("Hauptshop", "B2B-Shop"):
            await deck.workers.focus(channel)
            await deck.press("space")
        await deck.press("R")
        await deck.opens("Restart sync · 2 syncs")
        rename(erp, "Hauptshop", "Zweitshop")
        await deck.sees(
            "changed meanwhile, shown with its current values: Shop · Hauptshop → Shop · Zweitshop."
            " Check and confirm again"
        )
        await deck.looks()
        assert deck.sent() == []
        await deck.press("y")
        await deck.until(lambda: len(deck.sent()) == 2, "both requests")
        await deck.sees("Shop · Zweitshop")
    assert "Hauptshop" not in noted(private_places)


async def test_d_a_sync_of_many_that_is_renamed_is_seen_before_it_is_sent(
    erp: RunningSimulator,
) -> None:
    async with console(erp, refresh={"workers": 60}) as deck:
        for channel in ("Hauptshop", "B2B-Shop"):
            await deck.workers.focus(channel)
            await deck.press("space")
        await deck.press("x")
        await deck.opens("Stop sync · 2 syncs")
        rename(erp, "Hauptshop", "Zweitshop")
        await deck.press("y")
        await deck.sees("changed elsewhere meanwhile: Name Shop · Hauptshop")
        await deck.until(lambda: len(deck.sent()) == 1, "the other's request")
        assert deck.sent()[0]["path"].endswith(erp.worker_id("B2B-Shop"))


async def test_d_an_extension_that_is_renamed_is_confirmed_by_its_new_name(
    erp: RunningSimulator, private_places: Path
) -> None:
    async with console(erp, refresh={"extensions": 60}) as deck:
        await deck.extensions.show()
        row = next(row for row in erp.world.jtl.extensions.values() if row.status == 2)
        old = row.extension_id
        await deck.extensions.focus(old)
        await deck.press("t")
        await deck.opens("Enable or disable")
        row.extension_id = "de.muster.neu"
        await deck.press("y")
        await deck.sees(f"changed since you opened this: Name {old[:10]}", "de.muster.neu")
        await deck.looks()
        assert "de.muster.neu" in deck.heading()
        assert deck.sent() == []
        await deck.press("y")
        await deck.opens("")
    assert "de.muster.neu" in noted(private_places)


async def test_d_a_form_goes_on_by_the_new_name(erp: RunningSimulator, private_places: Path) -> None:
    async with console(erp, refresh={"workers": 60}) as deck:
        await deck.workers.focus("Temu DE")
        await deck.press("e")
        await deck.form.fill("Interval", "10m")
        rename(erp, "Temu DE", "Temu AT")
        await deck.form.review()
        await deck.press("a")
        await deck.opens("Changed elsewhere")
        await deck.sees("Name", "Temu · Temu AT")
        await deck.press("c")
        await deck.opens("Configure Temu · Temu AT")
        assert deck.form.text_of("Interval") == "10m"
        await deck.form.review()
        await deck.press("a")
        await deck.opens("")
        assert len(deck.sent()) == 1
    assert "Temu AT" in noted(private_places)
