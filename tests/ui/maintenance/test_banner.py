"""It cannot be forgotten: on every screen and in every size, in the title, and at the end."""

from datetime import timedelta

import pytest

from tests.drivers.console import wall_clock
from tests.drivers.simulator import RunningSimulator
from tests.ui.maintenance.sets import AMAZON, console, journals, left_off
from tests.ui.test_profiles import went_to
from tui.paths import state_dir

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("size", [(80, 24), (60, 15), (120, 40)])
async def test_it_is_on_every_screen(erp: RunningSimulator, size: tuple[int, int]) -> None:
    left_off(erp, ["Amazon FR"])
    async with console(erp, size=size) as deck:
        for key in "123456":
            await deck.press(key)
            await deck.sees("maintenance nightly · 1 off since")
            assert deck.lines()[2].strip().startswith("maintenance nightly · 1 off since")
            assert "until" in deck.lines()[2]


async def test_overdue_is_a_word_and_a_tone(erp: RunningSimulator) -> None:
    left_off(erp, ["Amazon FR"], opened_at=wall_clock() - 2 * HOUR, until=wall_clock() - HOUR)
    async with console(erp, size=(60, 15)) as deck:
        await deck.sees("overdue since")
        assert deck.tone("maintenance") == "error"
        assert "overdue since" in " ".join(" ".join(deck.lines()[2:4]).split())
        await deck.press("enter")
        await deck.opens("Temu")
        # The dialog leaves the line in sight.
        assert [line.strip() for line in deck.lines()[:3]] == [""] * 3


async def test_a_list_below_it_keeps_its_last_line_in_a_small_window(erp: RunningSimulator) -> None:
    left_off(erp, AMAZON, opened_at=wall_clock() - 2 * HOUR, until=wall_clock() - HOUR)
    async with console(erp, size=(60, 15)) as deck:
        await deck.sees("overdue since")
        await deck.press("M")
        await deck.opens("Maintenance · what is open")
        assert "nightly" in deck.choice()
        assert "enter close it" in deck.keys_offered()
        assert any(line.strip().startswith("╰") for line in deck.lines())


async def test_a_journal_that_cannot_be_read_is_named_beside_what_is_open(erp: RunningSimulator) -> None:
    left_off(erp, ["Amazon FR"])
    place = state_dir()
    assert place is not None
    (place / "maintenance" / "sim" / "weekly-1.json").write_text("half of it")
    async with console(erp) as deck:
        # Where its end is tomorrow, the line has no room for all of it.
        await deck.sees("maintenance nightly · 1 off since", "· 1 journal", "unread:")
        assert deck.tone("maintenance") == "error"


async def test_it_becomes_overdue_while_it_is_looked_at(erp: RunningSimulator) -> None:
    late = False
    left_off(erp, ["Amazon FR"], until=wall_clock() + HOUR)
    async with console(erp, clock=lambda: wall_clock() + (2 * HOUR if late else 0 * HOUR)) as deck:
        await deck.sees("· until")
        await deck.refresh()
        # Only the clock changes anything from now on.
        erp.fault(".*=hang")
        late = True
        await deck.sees("overdue since")
        await deck.until(lambda: "maintenance nightly overdue" in deck.app._title, "title")


async def test_the_title_and_the_last_line_say_it(erp: RunningSimulator) -> None:
    left_off(erp, ["Amazon FR"])
    async with console(erp) as deck:
        await deck.until(lambda: "maintenance nightly" in deck.app._title, "title")
        await deck.leaves("q")
        [said] = deck.app.last_words.values()
    assert "maintenance nightly · 1 off since" in said
    assert "syncdeck maintenance close nightly --profile sim" in said


async def test_what_another_process_opens_and_closes_is_followed(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        one = left_off(erp, ["Amazon FR"])
        await deck.sees("maintenance nightly · 1 off")
        journals().release(one, wall_clock())
        await deck.loses("maintenance nightly")


async def test_another_profile_of_the_same_server_shows_it_with_its_own(erp: RunningSimulator) -> None:
    left_off(erp, ["Amazon FR", "Amazon DE"])
    async with console(erp, others={"live": "production"}) as deck:
        await deck.sees("maintenance nightly · 2 off since")
        await went_to(deck, "live")
        await deck.until(lambda: "live · PRODUCTION" in deck.lines()[0], "header of live")
        await deck.sees("maintenance nightly of profile sim · 2 off since")
        assert "maintenance nightly of profile sim" in deck.app._title
        # What the lists show counts here as well.
        erp.state(jtl={"workers": {"Amazon DE": {"state": 3}}})
        await deck.sees("maintenance nightly of profile sim · 1 off since", "1 on again")
        [one] = journals().read().open
        journals().release(one, wall_clock())
        await deck.loses("maintenance nightly")
        await went_to(deck, "sim")


async def test_one_on_another_server_is_its_own_matter(erp: RunningSimulator) -> None:
    left_off(erp, ["Amazon FR"], elsewhere=True)
    async with console(erp, others={"live": "production"}) as deck:
        await deck.sees("maintenance nightly")
        await went_to(deck, "live")
        await deck.until(lambda: "live · PRODUCTION" in deck.lines()[0], "header of live")
        await deck.loses("maintenance nightly")
        await went_to(deck, "sim")
        await deck.sees("maintenance nightly · 1 off since")


@pytest.mark.parametrize("size", [(80, 24), (60, 15), (120, 40)])
async def test_a_long_name_is_whole_below_the_list(erp: RunningSimulator, size: tuple[int, int]) -> None:
    """The longest that a name can be, and the row keeps all its columns where there is room."""
    name = "database-upgrade-of-the-north-region-and-of-the-warehouse-26"
    assert len(name) == 60
    left_off(erp, AMAZON, name=name)
    async with console(erp, size=size) as deck:
        await deck.press("M")
        await deck.opens("Maintenance · what is open")
        # A word that is wider than the dialog is broken.
        await deck.until(lambda: f"maintenance{name}·2off" in deck.text().replace(" ", ""), "the name")
        if size[0] >= 80:
            titles = ("State", "Set", "Off", "Since (UTC)", "Until (UTC)", "Reason")
            assert all(title in deck.text() for title in titles)
