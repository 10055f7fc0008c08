"""The change log archive as a client sees it."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.simulator.conftest import Erp
from tui.simulator import credentials as known

PATH = "/Cust12345/api/v1/archive/ErpSyncLog"
LOGIN = {"Authorization": f"Bearer {known.SO_TOKEN}"}
NEWEST = {"$orderby": "updated desc", "$top": "50"}


async def asked(erp: Erp, path: str = PATH, **query: str) -> httpx.Response:
    return await erp.http.get(path, params=query, headers=LOGIN)


async def ids(erp: Erp, **query: str) -> list[int]:
    rows = (await asked(erp, **query)).json()["value"]
    return [int(row["PrimaryKey"]) for row in rows]


async def test_rows_are_wrapped_and_hold_what_was_selected(erp: Erp) -> None:
    answer = await asked(erp, **{"$select": "connection,oldvalue,updated", "$top": "2"})
    tree = answer.json()
    assert set(tree) == {"odata.metadata", "odata.nextLink", "value"}
    assert [set(row) for row in tree["value"]] == [
        {"PrimaryKey", "EntityName", "connection", "oldvalue", "updated"}
    ] * 2


@pytest.mark.parametrize("path", ["/api/v1/Archive/erpsynclog", "/CUST9/API/v1/archive/ErpSyncLog/"])
async def test_routes_do_not_mind_case_or_tenant(erp: Erp, path: str) -> None:
    assert (await asked(erp, path, **{"$top": "1"})).json()["value"]


@pytest.mark.parametrize(
    "query",
    [
        {"$select": "connection,colour"},
        {"$orderby": "colour desc"},
        {"$orderby": "updated sideways"},
        {"$top": "many"},
        {"$skip": "-1"},
    ],
)
async def test_what_it_does_not_know_is_400(erp: Erp, query: dict[str, str]) -> None:
    answer = await asked(erp, **query)
    assert (answer.status_code, answer.json()["ErrorType"]) == (400, "SoArgumentException")


async def test_links_lead_through_all_of_it_once_newest_first(erp: Erp) -> None:
    seen: list[dict[str, Any]] = []
    link: str | None = f"http://erp{PATH}?$orderby=updated%20desc&$top=200"
    pages = 0
    while link:
        tree = (await erp.http.get(link, headers=LOGIN)).json()
        seen += tree["value"]
        link, pages = tree["odata.nextLink"], pages + 1
    assert pages == 3
    assert len({row["PrimaryKey"] for row in seen}) == len(seen) == len(erp.world.so.log.rows)
    times = [row["updated"] for row in seen]
    assert times == sorted(times, reverse=True)


async def test_times_are_utc_and_say_so_on_request(erp: Erp) -> None:
    plain = (await asked(erp, **NEWEST)).json()["value"][0]["updated"]
    headers = {**LOGIN, "SO-TimeZone": "UTC, includeTZOffset"}
    told = (await erp.http.get(PATH, params=NEWEST, headers=headers)).json()["value"][0]["updated"]
    assert (plain, told) == ("2026-11-22T11:57:00", "2026-11-22T11:57:00Z")


async def test_the_same_seed_gives_the_same_past(make_erp: Callable[..., Erp]) -> None:
    one, two, other = make_erp(seed=4), make_erp(seed=4), make_erp(seed=5)
    rows = [(await asked(erp, **NEWEST)).json()["value"] for erp in (one, two, other)]
    assert rows[0] == rows[1] != rows[2]


async def test_it_grows_with_the_runs_of_the_engine_and_not_while_it_is_stopped(erp: Erp) -> None:
    before = await ids(erp)
    erp.clock.pass_(3 * 3_600)
    grown = await ids(erp)
    assert len(grown) > len(before)
    await erp.agent("ChangeEngineStatus", {"run": False})
    erp.clock.pass_(5)
    stopped = await ids(erp)
    erp.clock.pass_(3 * 3_600)
    assert await ids(erp) == stopped


async def test_a_still_world_adds_none_by_itself(still: Erp) -> None:
    before = await ids(still)
    still.clock.pass_(3 * 3_600)
    assert await ids(still) == before


async def test_syncs_and_resyncs_leave_their_changes(still: Erp) -> None:
    before = set(await ids(still))
    await still.agent("ForceResync", {"ErpConnectionId": 1, "InternalKeyIds": [670, 47, 12]})
    resynced = set(await ids(still))
    assert len(resynced - before) == 3
    newest = (await asked(still, **NEWEST)).json()["value"][0]
    assert (newest["connection"], int(newest["PrimaryKey"])) == ("1", max(resynced))
    await still.agent("ForceResync", {"ErpConnectionId": 99, "InternalKeyIds": [670]})
    assert set(await ids(still)) == resynced
    await still.agent("SyncAll")
    active = [row for row in still.world.so.connections.values() if row.active and not row.deleted]
    synced = set(await ids(still))
    assert len(synced - resynced) == 2 * len(active)
    await still.agent("ForceResync", {"ErpConnectionId": 0, "InternalKeyIds": [670]})
    assert len(set(await ids(still)) - synced) == len(active)


async def test_it_wants_a_login_and_a_method_it_has(erp: Erp) -> None:
    assert (await erp.http.get(PATH)).status_code == 401
    assert (await erp.http.post(PATH, headers=LOGIN)).status_code == 405
    assert (await asked(erp, "/api/v1/archive/Elsewhere")).status_code == 404
    await erp.http.post("/_sim/faults", json="archive=status:503,7")
    answer = await asked(erp)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")
    assert answer.json()["ErrorType"] == "SoServerException"
