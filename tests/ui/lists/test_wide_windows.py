"""What a row shows in a narrow window, and what stands beside it in a wide one."""

from datetime import timedelta

import pytest

from tests.drivers.console import console
from tests.drivers.simulator import RunningSimulator
from tests.ui.screens.test_activity import HOUR, note
from tui.ui.widgets.differing import around_difference
from tui.ui.widgets.fact_list import Facts, besides

LONG = "Amazon Marketplace Deutschland Hauptlager Nord"


async def test_a_long_name_is_whole_where_there_is_room(erp: RunningSimulator) -> None:
    erp.state(jtl={"workers": {"Temu DE": {"channel": LONG}}})
    async with console(erp, size=(190, 40)) as deck:
        await deck.sees(LONG)


async def test_the_longest_name_in_sight_widens_its_column_in_a_list_of_any_length(
    erp: RunningSimulator,
) -> None:
    async with console(erp, size=(140, 40)) as deck:
        await deck.log.show()
        for count in (200, 400):
            await deck.sees(f"{count} changes")
            assert not [row for row in deck.rows() if "…" in row]
            await deck.press("m")


async def test_the_side_pane_adds_facts_and_repeats_none_of_its_row(erp: RunningSimulator) -> None:
    async with console(erp, size=(140, 40)) as deck:
        await deck.workers.focus("Temu DE")
        side = deck.app.screen.query_one("#side", Facts).plain
        assert "Message" not in side
        assert side.startswith("State        last run failed: 401 from marketplace")
        assert "Next run" in side
        assert "Temu DE (1-4-6)" in side


def test_what_continues_a_known_value_takes_its_label() -> None:
    facts = (("State", "error"), ("", "why"), ("Every", "5m"), ("Last", "now"), ("Options", ""))
    assert besides(facts, {"error", "5m"}) == (("State", "why"), ("Last", "now"), ("Options", ""))


async def test_the_log_has_no_pane_for_its_row_holds_everything(erp: RunningSimulator) -> None:
    async with console(erp, size=(130, 40)) as deck:
        await deck.log.show()
        newest = erp.world.so.log.rows[-1]
        for text in (newest.source, newest.target, newest.old or "(blank)", newest.new or "(blank)"):
            assert text in deck.cursor_row()
        assert not deck.app.screen.query_one("#side").display


async def test_at_80_cells_the_line_below_the_log_shows_what_its_row_cuts(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.log.show()
        newest = erp.world.so.log.rows[-1]
        assert f"{newest.source} → {newest.target}" in deck.said("whole")


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("+49 221 100", "+49 221 200", ("…9 221 100", "…9 221 200")),
        ("Muster GmbH", "Muster GmbH & Co. KG", ("…ster GmbH", "…& Co. KG")),
        ("Köln", "Bergisch Gladbach", ("Köln", "Bergisch Gladbach")),
        (
            "a long text that says one thing",
            "a long text that says two things",
            ("…one thing", "…two things"),
        ),
        ("14 Tage", "(blank)", ("14 Tage", "(blank)")),
    ],
)
def test_of_old_and_new_the_part_that_differs_is_in_sight(
    old: str, new: str, shown: tuple[str, str]
) -> None:
    assert (around_difference(old, new, 10), around_difference(new, old, 10)) == shown


async def test_at_80_cells_activity_shows_the_change_itself(erp: RunningSimulator) -> None:
    await note("applied", ago=2 * HOUR)
    await note("failed", ago=timedelta(minutes=5))
    async with console(erp) as deck:
        await deck.activity.show()
        failed, applied = deck.rows()
        assert "Interval 5m → 10m" in applied
        assert "it was failed" in failed
