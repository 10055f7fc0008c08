"""The worker calls as an operator's client sees them."""

from typing import Any

import pytest

from tests.simulator.conftest import Erp

START, STOP, RESTART = range(3)


async def test_the_first_twelve_show_one_problem_of_each_kind(still: Erp) -> None:
    rows = (await still.cloud("GET", "/workers")).json()
    states = {row["Identifier"]: row for row in (await still.cloud("GET", "/workers/status")).json()}
    shown = {row["SalesChannelName"]: states[row["Identifier"]]["State"] for row in rows}
    assert len(rows) == 12
    assert {name: state for name, state in shown.items() if state != 3} == {
        "Amazon FR": 2, "Outlet": 6, "Temu DE": 4, "Google Shopping DE": 7,
    }  # fmt: skip
    assert (await still.status("Temu DE"))["ProgressText"] == "401 from marketplace"
    assert (await still.status("Amazon FR"))["ProgressText"] == "orders 420 of 1000"
    assert (await still.status("Amazon FR"))["Progress"] == 42.0
    assert (await still.status("Google Shopping DE"))["LastSync"].startswith("0001-01-01T")
    assert (await still.status("PayPal Hauptkonto"))["NextSync"] < "2026-11-22T12:00"


async def test_equal_seeds_make_equal_worlds(make_erp: Any) -> None:
    one, two, other = make_erp(seed=7), make_erp(seed=7), make_erp(seed=8)
    texts = [(await erp.cloud("GET", "/v1/workers")).text for erp in (one, two, other)]
    assert texts[0] == texts[1] != texts[2]


@pytest.mark.parametrize(("path", "name"), [("", "SyncName"), ("/v1", "SyncName"), ("/v2", "syncName")])
async def test_each_version_has_its_casing(erp: Erp, path: str, name: str) -> None:
    first = (await erp.cloud("GET", f"{path}/workers")).json()[0]
    assert first[name] == "Shop"
    assert (await erp.cloud("GET", f"{path}/WORKERS/Status")).status_code == 200


async def test_the_version_header_counts_on_unversioned_paths_only(erp: Erp) -> None:
    def ask(path: str, version: str) -> Any:
        return erp.cloud("GET", path, headers={"api-version": version})

    assert "syncName" in (await ask("/workers", "2.0")).json()[0]
    assert (await ask("/v1/workers", "1.0")).json()["ErrorCode"] == "AmbiguousApiVersion"
    assert (await ask("/workers", "9.9")).status_code == 400
    assert (await ask("/v1/workers", "1.0")).status_code == 400


async def test_a_new_interval_does_not_shorten_a_running_pause(erp: Erp) -> None:
    before = await erp.status("Kaufland.de")
    answer = await erp.configure("Kaufland.de", {"Interval": "1.02:00:00"})
    assert answer.status_code == 200
    assert answer.json()["Interval"] == "1.02:00:00"
    erp.clock.pass_(224)
    assert (await erp.status("Kaufland.de"))["State"] in (1, 2)
    assert before["State"] == 3


async def test_options_are_shared_by_all_syncs_of_a_kind(erp: Erp) -> None:
    option = (await erp.worker("Hauptshop"))["Configurations"][0]
    body = {"Configs": [{"Identifier": option["Identifier"], "Value": "FALSE"}]}
    changed = (await erp.configure("Hauptshop", body)).json()
    assert changed["Interval"] == "00:05:00"
    assert (await erp.worker("B2B-Shop"))["Configurations"][0]["CurrentValue"] == "false"


@pytest.mark.parametrize("name", ["configs", "configurations"])
async def test_v2_takes_both_names_of_the_options(erp: Erp, name: str) -> None:
    option = (await erp.worker("Hauptshop"))["Configurations"][2]
    body = {name: [{"identifier": option["Identifier"], "value": "30"}]}
    changed = (await erp.configure("Hauptshop", body, "/v2")).json()
    assert changed["configurations"][2]["currentValue"] == "30"


async def test_v1_passes_over_the_later_name_of_the_options(erp: Erp) -> None:
    option = (await erp.worker("Hauptshop"))["Configurations"][2]
    body = {"Configurations": [{"Identifier": option["Identifier"], "Value": "30"}]}
    changed = (await erp.configure("Hauptshop", body, "/v1")).json()
    assert changed["Configurations"][2]["CurrentValue"] == "14"


@pytest.mark.parametrize(
    ("interval", "sentence"),
    [
        ("00:04:59", "The minimum interval of Temu is 00:05:00."),
        ("PT5M", "'PT5M' is not a valid TimeSpan."),
        ("soon", "'soon' is not a valid TimeSpan."),
        (300, "'300' is not a valid TimeSpan."),
        ("00:00:00", "'00:00:00' is not a valid TimeSpan."),
    ],
)
async def test_a_wrong_interval_is_refused_by_field(erp: Erp, interval: object, sentence: str) -> None:
    answer = await erp.configure("Temu DE", {"Interval": interval})
    assert answer.status_code == 400
    assert answer.json()["Errors"] == {"Interval": [sentence]}
    assert (await erp.worker("Temu DE"))["Interval"] == "00:05:00"


@pytest.mark.parametrize(
    ("index", "value", "sentence"),
    [
        (0, "  ", "A value is required."),
        (1, "perhaps", "'perhaps' is not a valid bool."),
        (1, True, "The value must be a string."),
        (2, "2147483648", "'2147483648' is not a valid int."),
        (2, "fourteen", "'fourteen' is not a valid int."),
    ],
)
async def test_a_wrong_option_refuses_the_whole_change(
    erp: Erp, index: int, value: object, sentence: str
) -> None:
    option = (await erp.worker("Kaufland.de"))["Configurations"][index]
    body = {"Interval": "01:00:00", "Configs": [{"Identifier": option["Identifier"], "Value": value}]}
    answer = await erp.configure("Kaufland.de", body)
    assert answer.json()["Errors"] == {"Configs[0].Value": [sentence]}
    assert (await erp.worker("Kaufland.de"))["Interval"] == "00:10:00"


async def test_what_cannot_be_found_or_read_has_its_status(erp: Erp) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"
    assert (await erp.cloud("PUT", f"/workers/{nobody}", json={"Action": 0})).status_code == 404
    assert (await erp.cloud("GET", f"/workers/status?syncId={nobody}")).json()[
        "ErrorCode"
    ] == "NOT_FOUND"
    assert (await erp.cloud("POST", "/workers/7", json={})).status_code == 400
    assert (await erp.cloud("PATCH", "/workers")).status_code == 405
    assert (await erp.cloud("GET", "/v3/workers")).status_code == 404
    broken = await erp.cloud("POST", f"/v2/workers/{erp.sync_id('Temu DE')}", content=b"{")
    assert broken.json()["errorCode"] == "MALFORMED_JSON"
    assert (await erp.control("Temu DE", 3)).status_code == 400


async def test_start_is_answered_at_once_and_seen_later(erp: Erp) -> None:
    assert (await erp.control("Google Shopping DE", START)).status_code == 204
    assert (await erp.status("Google Shopping DE"))["State"] == 7
    seen = []
    for seconds in (1.1, 2, 60):
        erp.clock.pass_(seconds)
        seen.append((await erp.status("Google Shopping DE"))["State"])
    assert seen[:2] == [1, 2]
    assert seen[2] in (3, 4, 6)


async def test_stop_passes_through_stopping_to_off(erp: Erp) -> None:
    await erp.control("Hauptshop", STOP)
    seen = []
    for seconds in (1.1, 2.1, 86_400):
        erp.clock.pass_(seconds)
        seen.append((await erp.status("Hauptshop"))["State"])
    assert seen == [5, 7, 7]
    assert (await erp.worker("Hauptshop"))["Interval"] == "00:05:00"


async def test_restart_of_a_running_sync_stops_and_starts_it(still: Erp) -> None:
    await still.control("Amazon FR", RESTART)
    seen = []
    for seconds in (1.1, 2.1, 2):
        still.clock.pass_(seconds)
        seen.append((await still.status("Amazon FR"))["State"])
    assert seen == [5, 1, 2]


async def test_the_newest_of_two_actions_counts(erp: Erp) -> None:
    await erp.control("Hauptshop", STOP)
    await erp.control("Hauptshop", RESTART)
    erp.clock.pass_(5)
    assert (await erp.status("Hauptshop"))["State"] in (1, 2)


async def test_a_locked_sync_stays_locked_until_its_account_is_unlocked(erp: Erp) -> None:
    await erp.control("Outlet", START)
    erp.clock.pass_(60)
    assert (await erp.status("Outlet"))["State"] == 6
    await erp.merge(jtl={"workers": {"Outlet": {"locked": False}}})
    await erp.control("Outlet", START)
    erp.clock.pass_(3)
    assert (await erp.status("Outlet"))["State"] == 2


async def test_maintenance_cannot_be_controlled(erp: Erp) -> None:
    answer = await erp.control("eazybusiness", START)
    assert answer.status_code == 422
    assert "cannot be started" in answer.json()["ErrorMessage"]
