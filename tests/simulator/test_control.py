"""The control routes: what was received, what is wrong, how the world stands."""

from typing import Any

from tests.drivers.simulator import RunningSimulator
from tests.simulator.conftest import Erp


async def test_the_log_tells_everything_in_order(erp: Erp) -> None:
    await erp.configure("Temu DE", {"Interval": "00:10:00"})
    await erp.agent("GetEngineStatus")
    await erp.http.get("/erp/workers?x=1")
    log = (await erp.http.get("/_sim/log")).json()
    assert [(entry["n"], entry["method"], entry["status"]) for entry in log] == [
        (1, "POST", 200), (2, "POST", 200), (3, "GET", 401),
    ]  # fmt: skip
    assert log[0]["body"] == {"Interval": "00:10:00"}
    assert log[0]["headers"]["x-tenant-id"] == "5f2c7a10-3d0e-4c55-9a41-8f6f3c0b1d27"
    assert (log[1]["body"], log[2]["query"]) == (None, {"x": "1"})
    await erp.http.delete("/_sim/log")
    assert (await erp.http.get("/_sim/log")).json() == []


async def test_faults_are_listed_counted_and_removed(erp: Erp) -> None:
    await erp.http.post("/_sim/faults", json={"match": "workers", "kind": "null", "count": 2})
    await erp.cloud("GET", "/workers")
    shown = [{"match": "workers", "kind": "null", "arg": "", "count": 1}]
    assert (await erp.http.get("/_sim/faults")).json() == shown
    await erp.http.delete("/_sim/faults")
    assert (await erp.cloud("GET", "/workers")).json() != []
    refused = await erp.http.post("/_sim/faults", json={"match": "x", "kind": "explode"})
    assert (refused.status_code, "known: status" in refused.json()["error"]) == (400, True)


async def test_a_state_that_is_set_stays(erp: Erp) -> None:
    changes = {"state": 2, "text": "orders 7 of 9", "progress": 77, "reports_progress": True}
    await erp.merge(jtl={"workers": {"Otto Market": changes}})
    erp.clock.pass_(3_600)
    row = await erp.status("Otto Market")
    assert (row["State"], row["ProgressText"], row["Progress"]) == (2, "orders 7 of 9", 77.0)
    await erp.merge(jtl={"workers": {"Otto Market": {"alive": True}}})
    assert (await erp.status("Otto Market"))["State"] in (3, 4, 6)


async def test_an_unknown_state_number_can_be_set_and_a_row_can_be_missing(erp: Erp) -> None:
    await erp.merge(jtl={"workers": {"Otto Market": {"state": 9}, "Temu DE": {"listed": False}}})
    assert (await erp.status("Otto Market"))["State"] == 9
    assert len((await erp.cloud("GET", "/workers")).json()) == 11
    assert len((await erp.cloud("GET", "/workers/status")).json()) == 12


async def test_what_cannot_be_meant_is_refused(erp: Erp) -> None:
    wrong: tuple[dict[str, Any], ...] = (
        {"jlt": {}},
        {"jtl": {"workers": {"Nobody": {}}}},
        {"jtl": {"workers": {"Outlet": {"locked": "no"}}}},
        {"superoffice": {"tenant_state": "Asleep"}},
        {"superoffice": {"connections": {"77": {}}}},
        {"superoffice": []},
    )
    answers = [await erp.merge(**tree) for tree in wrong]
    assert [answer.status_code for answer in answers] == [400] * len(wrong)
    assert "known: jtl, superoffice" in answers[0].json()["error"]


async def test_toggles_and_tests_can_be_told_how_to_end(erp: Erp) -> None:
    changes = {"1": {"toggle_reasons": ["Because"], "test_passes": False}}
    await erp.merge(superoffice={"connections": changes, "message": "Busy", "interval_text": "PT15M"})
    assert (await erp.agent("ToggleErpConnectionActive", {"ErpConnectionId": 1})).json() == ["Because"]
    assert (await erp.agent("TestConnectionById", {"ErpConnectionId": 1})).json() is False
    engine = (await erp.agent("GetEngineStatus")).json()
    assert (engine["StatusMessage"], engine["Interval"]) == ("Busy", "PT15M")


def test_the_driver_steers_over_real_http(served: RunningSimulator) -> None:
    shown = served.state(jtl={"workers": {"*": {"state": 0}}})
    assert {worker["state"] for worker in shown["jtl"]["workers"]} == {0}
    assert served.log() == []
