"""What an earlier console saw is shown until something is received: dim, dated, and no target."""

from pathlib import Path

from tests.drivers.console import Console, console, launch_for, started
from tests.drivers.simulator import RunningSimulator
from tests.ui.test_profiles import TWO, went_to
from tui.launch import RunOptions
from tui.paths import cache_dir, config_path


def kept() -> list[Path]:
    return sorted((cache_dir() / "last").glob("*"))


def is_dated(deck: Console) -> bool:
    return any("as of " in line and "last seen state" in line for line in deck.lines())


async def test_it_is_dim_and_dated_until_live_rows_take_its_place(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        rows = deck.rows()
    erp.hold("")
    async with started(launch_for(config_path()), erp) as deck:
        await deck.until(lambda: deck.chip() == "asking…", "asking")
        assert deck.rows()[0] == rows[0]
        assert is_dated(deck)
        assert deck.is_dimmed()
        assert deck.cursor_row() == ""
        await deck.press("enter")
        assert deck.heading() == ""
        assert "nothing received yet" in deck.said("notice")
        await deck.press("slash", "x", "escape")
        assert is_dated(deck)
        erp.let_go()
        await deck.until(lambda: deck.chip() == "live", "live data")
        assert not is_dated(deck)
        assert rows[0][1:30] in deck.cursor_row()


async def test_another_profile_shows_nothing_of_it(erp: RunningSimulator) -> None:
    async with console(erp, others=TWO):
        pass
    assert [file.name for file in kept()] == ["sim.txt"]
    erp.fault(".*=hang")
    async with started(launch_for(config_path()), erp) as deck:
        await deck.until(lambda: is_dated(deck), "the last state")
        await went_to(deck, "live")
        await deck.sees("nothing received yet")
        assert deck.rows() == []
        await went_to(deck, "sim")
        await deck.until(lambda: is_dated(deck), "the last state again")


async def test_what_was_unlocked_is_not_kept_as_unlocked(erp: RunningSimulator) -> None:
    async with console(erp, environment="staging", read_only=True) as deck:
        await deck.press("U")
        await deck.until(lambda: deck.heading() != "", "a question")
        await deck.press("escape")
    [file] = kept()
    assert "staging · read-only" in file.read_text()


async def test_a_cache_that_cannot_be_written_keeps_nobody_from_working(erp: RunningSimulator) -> None:
    cache_dir().mkdir(parents=True)
    (cache_dir() / "last").write_text("no folder")
    async with console(erp) as deck:
        assert deck.cursor_row()


async def test_the_demo_keeps_nothing() -> None:
    from tests.ui.test_start import welcome

    async with started(welcome()) as deck:
        await deck.sees("d start the demo")
        await deck.press("d")
        await deck.until(lambda: deck.chip() == "live", "live chip")
    assert kept() == []


async def test_read_only_by_the_command_line_shows_only_what_was_seen_so(erp: RunningSimulator) -> None:
    async with console(erp):
        pass
    erp.fault(".*=hang")
    launch = launch_for(config_path(), RunOptions(read_only=True))
    async with started(launch, erp) as deck:
        await deck.sees("nothing received yet")
