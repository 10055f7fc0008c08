"""`M`: what is marked or a set of the config is stopped together, and noted before the first stop."""

import pytest

from tests.drivers.simulator import RunningSimulator
from tests.ui.lists.test_marks import mark
from tests.ui.maintenance.sets import AMAZON, console, fill, journals, left_behind, names, only_one
from tests.ui.modals.test_bulk import targets

NIGHTLY = {"nightly": ["channel:Amazon"]}


async def test_a_named_set_is_stopped_after_reason_and_review(erp: RunningSimulator) -> None:
    erp.state(jtl={"control_delay": 0})
    async with console(erp, NIGHTLY) as deck:
        await deck.press("M")
        await deck.opens("Maintenance: stop a set")
        await deck.sees("nightly", "Stops: 2", "Amazon FR")
        await deck.press("f2")
        assert deck.form.error_at("Reason") == "Reason is required"
        await fill(deck)
        await deck.opens("Open maintenance nightly · 2 targets")
        said = await deck.read()
        assert "night batch" in said
        assert "until this maintenance is closed" in said
        assert deck.sent() == []
        await deck.press("y")
        await deck.opens("Maintenance nightly")
        await deck.sees("2 of 2 targets off", "maintenance is open")
        assert targets(erp, deck.sent()) == sorted(AMAZON)
        await deck.press("escape")
        await deck.sees("maintenance nightly · 2 off since")
    one = only_one()
    assert sorted(target.id for target in one.off) == sorted(names(erp)[name] for name in AMAZON)
    assert (one.reason, one.drain_s) == ("night batch", 0.0)
    assert (one.until - one.opened_at).total_seconds() == pytest.approx(7200, abs=60)


async def test_marked_rows_are_opened_and_what_was_off_is_left_as_it_was(erp: RunningSimulator) -> None:
    erp.state(jtl={"control_delay": 0, "workers": {"Hauptshop": {"state": 7}}})
    async with console(erp) as deck:
        await mark(deck, "Hauptshop", "Temu DE", "Outlet")
        await deck.press("M")
        await deck.opens("Maintenance: stop a set")
        await deck.sees("Stops: 1", "Left as it is: 2")
        await deck.form.fill("Let running syncs finish", "soon")
        await fill(deck, until="yesterday")
        assert "already passed" in deck.form.error_at("Planned end (UTC)")
        assert deck.form.error_at("Let running syncs finish")
        await deck.form.fill("Let running syncs finish", "")
        await deck.form.fill("Planned end (UTC)", "45m")
        await deck.press("f2")
        await deck.opens("Open maintenance adhoc-")
        said = await deck.read()
        assert "Shop · Hauptshop it was off" in said
        assert "locked: unlock the account, then start it" in said
        await deck.press("y")
        await deck.sees("1 of 1 target off", "left Shop · Hauptshop")
        assert targets(erp, deck.sent()) == ["Temu DE"]


async def test_more_than_ten_want_the_profile_s_name(erp: RunningSimulator) -> None:
    erp.state(jtl={"control_delay": 0})
    for channel in ("Outlet", "Google Shopping DE"):
        erp.state(jtl={"workers": {channel: {"state": 3}}})
    async with console(erp) as deck:
        await deck.press("asterisk", "M")
        await fill(deck)
        await deck.opens("12 targets")
        await deck.press("y", "enter")
        await deck.sees("type sim and press enter")
        assert deck.sent() == []
        await deck.press("ctrl+u", *"sim", "enter")
        await deck.sees("11 of 11 targets off", "– left Datenbankpflege", "it cannot be stopped")
        assert len(deck.sent()) == 12


async def test_on_production_two_want_the_profile_s_name(erp: RunningSimulator) -> None:
    async with console(erp, NIGHTLY, environment="production") as deck:
        await deck.press("M")
        await fill(deck)
        await deck.opens("Open maintenance nightly")
        await deck.sees("type sim and press enter")


async def test_what_changes_before_the_confirmation_has_to_be_read_again(erp: RunningSimulator) -> None:
    erp.state(jtl={"control_delay": 0})
    async with console(erp, NIGHTLY) as deck:
        await deck.press("M")
        await fill(deck)
        await deck.opens("Open maintenance nightly")
        erp.state(jtl={"workers": {"Amazon FR": {"state": 7}}})
        await deck.sees("Stops: 1", "Left as it is: 1", "changed meanwhile")
        await deck.press("y")
        await deck.sees("1 of 1 target off")
        assert targets(erp, deck.sent()) == ["Amazon DE"]


async def test_a_second_open_of_the_same_set_is_refused_and_notes_nothing(erp: RunningSimulator) -> None:
    before = left_behind(erp, ["Amazon FR"])
    async with console(erp, NIGHTLY) as deck:
        await deck.sees("maintenance nightly")
        await deck.press("M")
        await deck.opens("Maintenance · what is open")
        await deck.press("n")
        await fill(deck)
        await deck.opens("Open maintenance nightly")
        await deck.press("y")
        await deck.sees("nightly is open since")
        assert deck.sent() == []
    assert only_one() == before


async def test_where_nothing_can_be_stopped_the_reason_is_said(erp: RunningSimulator) -> None:
    async with console(erp, read_only=True) as deck:
        await deck.press("M")
        assert deck.said("notice").startswith("profile sim is read-only")
    async with console(erp) as deck:
        await deck.press("5", "M")
        assert "mark rows in Workers (1)" in deck.said("notice")


async def test_a_running_sync_may_finish_first_and_x_stops_what_was_not_sent(
    erp: RunningSimulator,
) -> None:
    erp.state(jtl={"control_delay": 0})
    async with console(erp, NIGHTLY) as deck:
        await deck.press("M")
        await deck.opens("Maintenance: stop a set")
        await deck.form.fill("Let running syncs finish", "15m")
        await fill(deck)
        await deck.opens("Open maintenance nightly")
        assert "finish first, for at most 15m" in await deck.read()
        await deck.press("y")
        await deck.sees("waiting Amazon · Amazon FR · a run may end first", "1 of 2 targets off")
        await deck.press("x")
        await deck.sees("not sent Amazon · Amazon FR", "M goes on or closes it")
        assert targets(erp, deck.sent()) == ["Amazon DE"]
    assert [one.name for one in only_one().not_stopped] == ["Amazon · Amazon FR"]


async def test_leaving_the_progress_stops_nothing(erp: RunningSimulator) -> None:
    """With control_delay the effect comes later; the run belongs to the session."""
    async with console(erp, NIGHTLY) as deck:
        erp.fault("PUT .*/workers/=slow:0.3")
        await deck.press("M")
        await fill(deck)
        await deck.opens("Open maintenance nightly")
        await deck.press("y")
        await deck.opens("Maintenance nightly")
        await deck.press("escape")
        await deck.opens("")
        await deck.until(lambda: len(deck.sent()) == 2, "both stops")


async def test_the_engine_is_a_member_by_its_own_screen(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("3", "M")
        await fill(deck)
        await deck.opens("1 target")
        await deck.press("y")
        await deck.until(lambda: len(deck.sent()) == 1, "the stop")
        [stop] = deck.sent()
        assert "ChangeEngineStatus" in stop["path"]


async def test_a_connection_is_switched_off_and_on_again_by_one_request_each(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.connections.show()
        await deck.press("space", "M")
        await deck.opens("Maintenance: stop a set")
        await deck.sees("active → off")
        await fill(deck)
        await deck.opens("1 target")
        await deck.press("y")
        await deck.sees("1 of 1 target off")
        await deck.until(lambda: all(one.was_seen_off for one in only_one().targets), "it seen off")
        await deck.until(lambda: only_one().holder is None, "the end of opening")
        assert len(deck.sent()) == 1
        await deck.press("escape", "M")
        await deck.opens("Maintenance · what is open")
        await deck.press("enter")
        await deck.opens("Close maintenance adhoc-")
        await deck.read()
        await deck.press("y")
        await deck.sees("maintenance is closed")
        assert len(deck.sent()) == 2


async def test_while_looking_back_nothing_is_opened(erp: RunningSimulator) -> None:
    async with console(erp, NIGHTLY, history=True) as deck:
        await deck.until(lambda: deck.app.session.history is not None, "history")
        await deck.press("B", "enter")
        await deck.sees("« ")
        await deck.press("M")
        assert "writes are refused; press B to return to now" in deck.said("notice")


async def test_the_slower_of_two_that_open_hears_who_is_opening(erp: RunningSimulator) -> None:
    erp.state(jtl={"control_delay": 0})
    async with console(erp, NIGHTLY) as deck:
        await deck.press("M")
        await fill(deck)
        await deck.opens("Open maintenance nightly · 2 targets")
        await deck.read()
        one = left_behind(erp, AMAZON)
        journals().claim(one.id)
        erp.state(jtl={"workers": {name: {"state": 7} for name in AMAZON}})
        await deck.sees("Open maintenance nightly · 0 targets", "changed meanwhile")
        await deck.read()
        await deck.press("y")
        await deck.sees("is opening nightly now")
        assert deck.sent() == []
    assert only_one().id == one.id


async def test_a_secret_in_the_reason_is_masked_in_the_review(erp: RunningSimulator) -> None:
    async with console(erp, NIGHTLY) as deck:
        await deck.press("M")
        await fill(deck, reason="batch, password=Hunter2Secret99")
        await deck.opens("Open maintenance nightly")
        said = await deck.read()
        assert "batch, password=•••" in said
        assert "Hunter2" not in said
