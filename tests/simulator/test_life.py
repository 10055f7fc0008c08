"""The world lives by its clock alone, the same way however often it is asked."""

from typing import Any

from tests.simulator.conftest import Erp


async def _states(erp: Erp) -> list[tuple[int, str]]:
    return [
        (row["State"], row["ProgressText"]) for row in (await erp.cloud("GET", "/workers/status")).json()
    ]


async def test_an_hour_shows_runs_results_and_failures(make_erp: Any) -> None:
    erp, seen = make_erp(workers=60), set()
    for _ in range(240):
        erp.clock.pass_(15)
        seen |= {state for state, _ in await _states(erp)}
    assert {1, 2, 3, 4, 6, 7} <= seen


async def test_asking_often_changes_nothing(make_erp: Any) -> None:
    often, seldom = make_erp(), make_erp()
    for _ in range(100):
        often.clock.pass_(11)
        await _states(often)
    assert await _states(often) == await _states(seldom)


async def test_a_broken_sync_fails_again_until_it_is_mended(erp: Erp) -> None:
    erp.clock.pass_(3_600)
    assert (await erp.status("Temu DE"))["State"] in (1, 2, 4)
    await erp.merge(jtl={"workers": {"Temu DE": {"failing": None}}})
    states = set()
    for _ in range(60):
        erp.clock.pass_(60)
        states.add((await erp.status("Temu DE"))["State"])
    assert 3 in states


async def test_a_still_world_stands_at_its_birth(still: Erp) -> None:
    before = (await still.cloud("GET", "/workers/status")).text
    still.clock.pass_(86_400)
    assert (await still.cloud("GET", "/workers/status")).text == before


async def test_a_write_takes_effect_in_a_still_world(still: Erp) -> None:
    await still.control("Temu DE", 0)
    still.clock.pass_(1.1)
    assert (await still.status("Temu DE"))["State"] == 1
    still.clock.pass_(2)
    assert (await still.status("Temu DE"))["State"] == 2
    still.clock.pass_(3_600)
    assert (await still.status("Temu DE"))["State"] == 2


async def test_a_stopped_worker_process_suspends_everything_and_actions_wait(erp: Erp) -> None:
    await erp.merge(jtl={"process_running": False})
    await erp.control("Google Shopping DE", 0)
    erp.clock.pass_(600)
    assert {state for state, _ in await _states(erp)} == {0}
    await erp.merge(jtl={"process_running": True})
    assert (await erp.status("Outlet"))["State"] == 6
    erp.clock.pass_(1.1)
    assert (await erp.status("Google Shopping DE"))["State"] == 1
    assert (await erp.status("Hauptshop"))["State"] == 1


async def test_a_world_left_alone_for_a_month_answers(make_erp: Any) -> None:
    erp = make_erp(workers=500)
    erp.clock.pass_(30 * 86_400)
    statuses = (await erp.cloud("GET", "/workers/status")).json()
    alive = [row for row in statuses if row["State"] not in (6, 7)]
    assert len(statuses) == 500
    assert all(row["LastSync"] > "2026-12-20" for row in alive)


async def test_thousands_of_syncs_and_extensions_are_made_and_listed(make_erp: Any) -> None:
    erp = make_erp(workers=5_000, extensions=20_000)
    rows = (await erp.cloud("GET", "/v2/workers")).json()
    page = (await erp.cloud("GET", "/extensions?pageSize=100&pageNumber=200")).json()
    assert len({row["identifier"] for row in rows}) == 5_000
    assert (page["TotalItems"], len(page["Items"]), page["HasNextPage"]) == (20_000, 100, False)
