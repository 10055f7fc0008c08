"""The ErpSync agent as an operator's client sees it."""

import base64
from typing import Any

import pytest

from tests.simulator.conftest import AGENT, Erp
from tui.simulator import credentials as known

BASIC = base64.b64encode(f"{known.SO_USER}:{known.SO_PASSWORD}".encode()).decode()
STATUS_KEYS = {"IsRunning", "StatusMessage", "Interval", "TableRight", "FieldProperties"}


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/Agents/ErpSync/GetEngineStatus",
        "/CUST9/API/V1/agents/erpsync/getenginestatus",
        f"{AGENT}/GetEngineStatus/",
    ],
)
async def test_routes_do_not_mind_case_or_tenant(erp: Erp, path: str) -> None:
    answer = await erp.http.post(path, headers={"Authorization": f"Bearer {known.SO_TOKEN}"})
    assert answer.status_code == 200
    assert set(answer.json()) == STATUS_KEYS


async def test_get_describes_and_an_unknown_method_is_not_found(erp: Erp) -> None:
    assert (await erp.http.get(f"{AGENT}/forceresync")).json()["Method"] == "ForceResync"
    missing = await erp.agent("DoMagic")
    assert (missing.status_code, missing.json()["Error"]) == (404, True)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": f"bearer {known.SO_TOKEN}"}, 200),
        ({"Authorization": f"Basic {BASIC}"}, 200),
        ({"Authorization": f"SOTICKET {known.SO_TICKET}", "SO-AppToken": known.SO_APP_TOKEN}, 200),
        ({"Authorization": f"SOTicket {known.SO_TICKET}"}, 401),
        ({"Cookie": f"a=b; {known.SO_COOKIE}", "X-XSRF-TOKEN": known.SO_XSRF}, 200),
        ({"Cookie": known.SO_COOKIE}, 401),
        ({"Authorization": "Bearer nonsense"}, 401),
        ({}, 401),
    ],
)
async def test_each_way_in_needs_all_its_parts(erp: Erp, headers: dict[str, str], status: int) -> None:
    answer = await erp.http.post(f"{AGENT}/GetEngineStatus", headers=headers)
    assert answer.status_code == status
    assert answer.json().get("ErrorType") == (None if status == 200 else "SoSecurityException")


async def test_stop_is_requested_and_settles_within_five_seconds(erp: Erp) -> None:
    asked = (await erp.agent("ChangeEngineStatus", {"run": False})).json()
    assert (asked["IsRunning"], asked["StatusMessage"]) == (True, "Stop requested")
    erp.clock.pass_(5)
    stopped = (await erp.agent("GetEngineStatus")).json()
    assert (stopped["IsRunning"], stopped["StatusMessage"]) == (False, "Stopped")
    await erp.agent("ChangeEngineStatus", {"Run": True})
    erp.clock.pass_(5)
    assert (await erp.agent("GetEngineStatus")).json()["IsRunning"] is True


@pytest.mark.parametrize(
    ("given", "shown"), [("00:20:00", "00:20:00"), ("PT1H30M", "01:30:00"), ("P1D", "1.00:00:00")]
)
async def test_the_interval_is_taken_in_both_spellings(erp: Erp, given: str, shown: str) -> None:
    answer = await erp.agent("ChangeEngineInterval", {"interval": given})
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await erp.agent("GetEngineStatus")).json()["Interval"] == shown


async def test_a_missing_parameter_is_a_message_and_a_wrong_one_is_400(erp: Erp) -> None:
    missing = await erp.agent("ChangeEngineInterval", {})
    assert (missing.status_code, set(missing.json())) == (200, {"Message", "MessageDetail"})
    assert (await erp.agent("ChangeEngineInterval", {"Interval": "15 minutes"})).status_code == 400
    assert (await erp.agent("ForceResync", {"ErpConnectionId": "seven"})).status_code == 400


async def test_deleted_connections_come_only_when_asked_for(erp: Erp) -> None:
    assert len((await erp.agent("GetAllConnections", {"IncludeDeleted": False})).json()) == 4
    rows = (await erp.agent("GetAllConnections", {"includeDeleted": True})).json()
    assert [row["DisplayName"] for row in rows if row["Deleted"]] == ["Altes Navision"]


async def test_texts_in_many_languages_follow_the_language_header(erp: Erp) -> None:
    async def description(**headers: str) -> str:
        text: str = (await erp.agent("GetConnection", {"ErpConnectionId": 2}, headers=headers)).json()[
            "DisplayDescription"
        ]
        return text

    assert await description() == 'NO:"Kunder fra Oslo";US:"Customers from Oslo"'
    assert await description(**{"SO-Language": "no"}) == "Kunder fra Oslo"
    assert await description(**{"SO-Language": "*"}) == 'NO:"Kunder fra Oslo";US:"Customers from Oslo"'


async def test_a_toggle_is_done_or_says_why_not(erp: Erp) -> None:
    assert (await erp.agent("ToggleErpConnectionActive", {"ErpConnectionId": 1})).json() == []
    assert (await erp.agent("GetConnection", {"ErpConnectionId": 1})).json()["Active"] is False
    reasons = (await erp.agent("ToggleErpConnectionActive", {"ErpConnectionId": 3})).json()
    assert reasons[0] == "Mandatory field CUSTNO has no sync direction"
    assert (await erp.agent("GetConnection", {"ErpConnectionId": 3})).json()["Active"] is False


async def test_tests_answer_bare_values(erp: Erp) -> None:
    passes = [
        (await erp.agent("TestConnectionById", {"ErpConnectionId": id_})).json() for id_ in (1, 4, 99)
    ]
    assert passes == [True, False, False]


async def test_a_resync_tells_what_it_touched(erp: Erp) -> None:
    body = {"ErpConnectionId": 1, "InternalKeyIds": [670, 47]}
    answer = (await erp.agent("ForceResync", body)).json()
    assert (answer["IsOk"], answer["Status"]) == (True, "Ok")
    assert [record["RecordId"] for record in answer["Changes"]["UpdatedRecords"]] == [670, 47]
    everything = (await erp.agent("ForceResync", {"ErpConnectionId": 0, "InternalKeyIds": []})).json()
    assert (everything["Status"], everything["Changes"]) == ("Ok", None)


@pytest.mark.parametrize(
    ("connection", "words"), [(99, "not known"), (3, "is not active"), (4, "did not answer")]
)
async def test_a_resync_that_cannot_work_fails_inside_a_200(
    erp: Erp, connection: int, words: str
) -> None:
    answer = await erp.agent("ForceResync", {"ErpConnectionId": connection, "InternalKeyIds": []})
    assert (answer.status_code, answer.json()["IsOk"]) == (200, False)
    assert words in answer.json()["UserExplanation"]


async def test_outcomes_can_be_set_even_contradictory_ones(erp: Erp) -> None:
    await erp.merge(superoffice={"outcomes": {"ForceResync": {"status": "Error", "is_ok": True}}})
    answer = (await erp.agent("ForceResync", {"ErpConnectionId": 1, "InternalKeyIds": [1]})).json()
    assert (answer["IsOk"], answer["Status"]) == (True, "Error")
    assert "timeout after 100 s" in answer["TechExplanation"]
    assert (await erp.agent("SyncAll")).json()["Status"] == "Ok"


async def test_a_batch_resync_is_queued_without_an_answer(erp: Erp) -> None:
    answer = await erp.agent("ForceResyncBatchTask", {"ErpConnectionId": 1, "InternalKeyIds": []})
    assert (answer.status_code, answer.content) == (204, b"")
    assert len((await erp.http.get("/_sim/state")).json()["superoffice"]["batch_tasks"]) == 1


async def test_the_summary_moves_with_the_engine(erp: Erp) -> None:
    before = (await erp.agent("GetErpSyncConnectionSummary", {"ErpSyncConnectionId": 1})).json()
    erp.clock.pass_(1_800)
    after = (await erp.agent("GetErpSyncConnectionSummary", {"ErpSyncConnectionId": 1})).json()
    assert after["LastSync"] > before["LastSync"]
    assert [actor["ActorType"] for actor in after["Actors"]] == ["Customer", "Person", "Project"]
    never = (await erp.agent("GetErpSyncConnectionSummary", {"ErpSyncConnectionId": 3})).json()
    assert never["LastSync"] == "0001-01-01T00:00:00"


async def test_the_other_methods_of_an_operator_answer(erp: Erp) -> None:
    async def ask(name: str, body: object = None) -> Any:
        answer = await erp.agent(name, body)
        assert answer.status_code == 200
        return answer.json()

    external = {"ErpConnectionId": 1, "ErpActorType": "Customer", "ExternalKeys": ["A1"]}
    assert [item["Id"] for item in await ask("GetAllConnectors")] == [3, 5, 8]
    assert (await ask("GetErpSyncConnectorEntity?erpSyncConnectorEntityId=5"))[
        "DisplayName"
    ] == "Visma.net"
    assert (await ask("GetErpConnectionConfigFields", {"ErpConnectionId": 1}))["PASSWORD"] == "geheim"
    assert (await ask("GetConfigurationFields", {"ErpConnectorId": 3}))[0]["Access"] == "Mandatory"
    assert await ask("UpdateConnectionFields", {"ErpConnectionId": 1}) is True
    assert await ask("SaveErpConnectionSyncPriorities", {"ErpConnectionIds": [2, 1]}) is True
    assert [row["ErpConnectionId"] for row in await ask("GetAllConnections", {})] == [2, 1, 3, 4]
    assert (
        len(await ask("GetConnectionsAndDisplayFields", {"CrmActorType": "Contact", "EntityId": 753}))
        == 3
    )
    assert (await ask("ForceResyncExternal", external))["Status"] == "Ok"
    assert (await ask("ForceResyncExternalNoBlankValues", external))["Status"] == "Ok"
    assert (await ask("ForceResyncNoBlankValues", external))["Status"] == "Ok"
    assert (await ask("ForceSyncAll"))["IsOk"] is True


async def test_version_and_tenant_state_need_no_login(erp: Erp) -> None:
    version = await erp.http.get("/Cust12345/api", headers={"Accept": "application/json"})
    assert version.json()["v1"] == "/api/v1/"
    assert (await erp.http.get("/api")).headers["content-type"].startswith("text/html")
    state = (await erp.http.get("/api/state/Cust12345")).json()
    assert (state["State"], state["IsRunning"], state["Api"]) == (
        "Running",
        True,
        "http://erp/Cust12345/api",
    )


async def test_a_suspended_or_moved_tenant_does_not_answer(erp: Erp) -> None:
    await erp.merge(superoffice={"tenant_state": "Suspended"})
    assert (await erp.http.get("/api/state/Cust12345")).json()["IsRunning"] is False
    assert (await erp.agent("GetEngineStatus")).status_code == 503
    await erp.merge(superoffice={"tenant_state": "Running", "moved": True})
    assert (await erp.agent("GetEngineStatus")).status_code == 421
    await erp.merge(superoffice={"moved": False, "access_refused": True})
    assert (await erp.agent("GetEngineStatus")).status_code == 403


async def test_a_moved_tenant_lives_where_the_state_service_says(erp: Erp) -> None:
    async def status(root: str) -> int:
        headers = {"Authorization": f"Bearer {known.SO_TOKEN}"}
        url = f"{root}/api/v1/Agents/ErpSync/GetEngineStatus"
        return (await erp.http.post(url, headers=headers)).status_code

    async def home() -> str:
        root: str = (await erp.http.get("/api/state/cust12345")).json()["Endpoint"]
        return root

    old = await home()
    await erp.merge(superoffice={"moved": True})
    new = await home()
    assert new != old
    assert [await status(old), await status(new)] == [421, 200]
    await erp.merge(superoffice={"moved": False})
    assert [await home(), await status(new)] == [old, 421]


async def test_another_customer_is_not_known_to_the_state_service(erp: Erp) -> None:
    told = (await erp.http.get("/api/state/Cust99999")).json()
    assert (told["State"], told["IsRunning"]) == ("Unknown", False)


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("", "2026-11-22T12:58:20.0000000"),
        ("NO,includeTZOffset", "2026-11-22T12:58:20.0000000+01:00"),
        ("UTC, includeTZOffset", "2026-11-22T11:58:20.0000000Z"),
    ],
)
async def test_times_carry_an_offset_only_when_asked(still: Erp, zone: str, text: str) -> None:
    body = {"ErpSyncConnectionId": 1}
    answer = await still.agent("GetErpSyncConnectionSummary", body, headers={"SO-TimeZone": zone})
    assert answer.json()["LastSync"] == text
