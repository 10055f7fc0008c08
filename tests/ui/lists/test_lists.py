"""Finding one's way in a list: filter, sort, details, copy."""

import unicodedata

from tests.drivers.console import console
from tests.drivers.simulator import RunningSimulator


async def test_a_filter_works_while_it_is_typed_and_enter_keeps_it(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("slash")
        await deck.type("shop")
        assert len(deck.rows()) == 3
        assert deck.said("status").startswith("3 of 12 syncs")
        await deck.type(" !google")
        assert len(deck.rows()) == 2
        await deck.press("enter")
        assert deck.said("status").startswith("2 of 12 syncs · 3 need attention · /shop !google")
        await deck.press("j")
        assert "Hauptshop" in deck.cursor_row()
        assert deck.sent() == []
        await deck.press("escape")
        assert len(deck.rows()) == 12
        assert "Hauptshop" in deck.cursor_row()


async def test_esc_in_the_filter_clears_it_and_returns(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("slash")
        await deck.type("q1pRsx")
        assert len(deck.rows()) == 0
        await deck.press("escape")
        assert len(deck.rows()) == 12
        await deck.press("x")
        await deck.opens("Stop sync")
        assert deck.sent() == []


async def test_fields_and_ages_can_be_asked_for_and_mistakes_are_told(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.filter("state:locked")
        assert [row.split()[1:4] for row in deck.rows()] == [["locked", "Ebay", "Outlet"]]
        await deck.press("escape")
        await deck.workers.filter("age>30m")
        names = {" ".join(row.split()[2:4]) for row in deck.rows()}
        assert names == {"Ebay Outlet", "PayPal PayPal", "Datenba… eazybusiness"}
        await deck.press("escape")
        await deck.workers.filter("colour:red")
        await deck.sees("'colour' is not a field. Fields: state, ")
        assert deck.rows() == []


async def test_a_filter_and_a_sort_survive_new_data(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.filter("amazon")
        erp.state(jtl={"workers": {"Amazon DE": {"state": 4, "text": "it broke"}}})
        await deck.sees("it broke")
        assert len(deck.rows()) == 2


async def test_sorting_goes_from_column_to_column_and_can_be_reversed(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        default = deck.rows()
        await deck.workers.focus("Outlet")
        await deck.press("o", "o", "o", "o")
        assert "by Channel" in deck.said("status")
        channels = [row[24:41].strip().casefold() for row in deck.rows()]
        assert len(channels) == 12
        by_channel = deck.rows()
        assert "Amazon DE" in by_channel[0]
        assert "Outlet" in deck.cursor_row()
        await deck.press("O")
        assert "by Channel reversed" in deck.said("status")
        assert deck.rows() == by_channel[::-1]
        await deck.press(*"oooooo")
        assert deck.rows() == default
        assert "by " not in deck.said("status")


async def test_a_list_longer_than_the_screen_scrolls_with_the_cursor() -> None:
    with RunningSimulator(still=True, workers=200) as erp:
        async with console(erp) as deck:
            await deck.press("G")
            assert deck.cursor_row()[1:].rstrip() == deck.rows()[-1]
            last = deck.cursor_row()
            await deck.press("pageup", "pagedown")
            assert deck.cursor_row() == last
            await deck.press("g")
            assert deck.cursor_row()[1:].rstrip() == deck.rows()[0]
            await deck.press("pagedown", "j")
            assert deck.cursor_row() != ""


async def test_at_60_columns_the_list_drops_sync_and_every_but_says_what_is_wrong(
    erp: RunningSimulator,
) -> None:
    async with console(erp, size=(60, 15)) as deck:
        titles = next(line for line in deck.lines() if "Reported" in line)
        assert "Every" not in titles
        assert "Sync" not in titles
        assert "✖ error" in deck.rows()[0]
        assert "Temu DE" in deck.rows()[0]
        assert all(len(line) == 60 for line in deck.lines())
        await deck.press("e")
        await deck.opens("Configure Temu")
        await deck.form.fill("Interval", "10m")
        await deck.form.review()
        await deck.sees("5m → 10m")
        assert "a apply" in deck.keys_offered()


async def test_a_wide_screen_shows_the_details_beside_the_list(erp: RunningSimulator) -> None:
    async with console(erp, size=(140, 40)) as deck:
        await deck.workers.focus("Outlet")
        await deck.sees("Identifier " + erp.worker_id("Outlet")[:8])
        assert "Next run" in deck.text()


async def test_details_tell_everything_and_v_shows_the_raw_json(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Outlet")
        await deck.press("enter")
        await deck.opens("Ebay · Outlet")
        said = await deck.read()
        assert "unlock the account, then start it" in said
        assert "may not be a run" in said
        assert "Options, shared by all Ebay syncs" in said
        assert "Account main (required)" in said
        assert f"Identifier {erp.worker_id('Outlet')}" in said
        await deck.press("v")
        raw = await deck.read()
        assert '"ProgressText": "account locked"' in raw
        assert '"SalesChannelName": "Outlet"' in raw
        await deck.press("v")
        await deck.sees("State locked")
        await deck.press("escape")
        await deck.opens("")
        assert "Outlet" in deck.cursor_row()


async def test_details_follow_the_data_while_they_are_open(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        await deck.press("enter")
        await deck.opens("Shop · Hauptshop")
        erp.state(jtl={"workers": {"Hauptshop": {"state": 4, "text": "it broke"}}})
        await deck.sees("last run failed: it broke")
        assert deck.heading() == "Shop · Hauptshop"


async def test_hostile_text_reaches_no_terminal(erp: RunningSimulator) -> None:
    erp.fault("GET .*=hostile")
    erp.fault("ErpSync=hostile")
    async with console(erp, waits=False) as deck:
        await deck.until(lambda: bool(deck.cursor_row()), "row under a cursor")
        seen = list(deck.lines())
        for keys in (
            ("enter",),
            ("v",),
            ("escape", "e"),
            ("f10", "2"),
            ("enter",),
            ("v",),
            ("f10", "3"),
        ):
            await deck.press(*keys)
            seen += deck.lines()
        await deck.connections.show()
        seen += deck.lines()
        await deck.press("enter")
        seen += deck.lines()
        categories = {unicodedata.category(c): c for line in seen for c in line}
        assert {"Cc", "Cf", "Cs"} & categories.keys() == set(), categories
        assert any("[bold red]" in line for line in seen)
        assert all(len(line) <= 80 for line in seen)


async def test_paging_through_details_on_a_small_screen_skips_no_line(erp: RunningSimulator) -> None:
    async with console(erp, size=(60, 15)) as deck:
        await deck.workers.focus("Hauptshop")
        await deck.press("enter", "v")
        said = await deck.read()
        names = [option.name for option in erp.world.jtl.kinds["Shop"].options]
        assert [name for name in names if name not in said] == []
