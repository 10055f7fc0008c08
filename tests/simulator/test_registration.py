"""An app is registered on-premises in two steps, and its key works as far as its scopes go."""

from typing import Any

import httpx
import pytest

from tests.simulator.conftest import Erp

BASE = "/api/eazybusiness"
CODE = {"x-challengecode": "K7QM-4XRT"}
APP: dict[str, Any] = {
    "AppId": "probe/1.0.0",
    "DisplayName": "Probe",
    "Description": "A probe",
    "Version": "1.0.0",
    "ProviderName": "Nobody",
    "ProviderWebsite": "https://nobody.example",
    "MandatoryApiScopes": ["system.worker.read"],
    "OptionalApiScopes": ["system.worker.write"],
    "AppIcon": "aWNvbg==",
}


async def ask(erp: Erp, app: dict[str, Any] = APP, headers: dict[str, str] = CODE) -> httpx.Response:
    return await erp.http.post(f"{BASE}/authentication", json=app, headers=headers)


async def tell(erp: Erp, known_id: str, headers: dict[str, str] = CODE) -> httpx.Response:
    return await erp.http.get(f"{BASE}/authentication/{known_id}", headers=headers)


async def registered(erp: Erp) -> dict[str, Any]:
    known_id = (await ask(erp)).json()["RegistrationRequestId"]
    assert (await tell(erp, known_id)).json()["RequestStatusInfo"]["Status"] == 0
    tree: dict[str, Any] = (await tell(erp, known_id)).json()
    return tree


async def test_the_key_is_told_once_and_works_as_registered(erp: Erp) -> None:
    asked = await ask(erp)
    assert asked.status_code == 201
    assert asked.json() == {
        "AppId": "probe/1.0.0",
        "RegistrationRequestId": asked.json()["RegistrationRequestId"],
        "Status": 0,
    }
    known_id = asked.json()["RegistrationRequestId"]
    assert "Token" not in (await tell(erp, known_id)).json()
    accepted = (await tell(erp, known_id)).json()
    assert accepted["RequestStatusInfo"]["Status"] == 2
    assert accepted["GrantedScopes"] == ["system.worker.read", "system.worker.write"]
    assert (await tell(erp, known_id)).status_code == 410
    login = {
        "Authorization": f"Wawi {accepted['Token']['ApiKey']}",
        "X-AppID": "probe/1.0.0",
        "X-AppVersion": "1.0.0",
    }
    assert (await erp.http.get(f"{BASE}/v1/workers", headers=login)).status_code == 200
    other = {**login, "X-AppVersion": "2.0.0"}
    assert (await erp.http.get(f"{BASE}/v1/workers", headers=other)).status_code == 401
    assert (await erp.http.get(f"{BASE}/v1/extensions", headers=login)).status_code == 403


async def test_a_scope_that_was_withheld_is_not_granted(erp: Erp) -> None:
    await erp.merge(jtl={"registration": {"withheld": ["system.worker.write"]}})
    accepted = await registered(erp)
    assert accepted["GrantedScopes"] == ["system.worker.read"]
    login = {
        "Authorization": f"Wawi {accepted['Token']['ApiKey']}",
        "X-AppID": "probe/1.0.0",
        "X-AppVersion": "1.0.0",
    }
    path = f"{BASE}/workers/{erp.sync_id('Temu DE')}"
    assert (await erp.http.put(path, json={"Action": 1}, headers=login)).status_code == 403


@pytest.mark.parametrize(
    ("state", "status"), [({"window_open": False}, 403), ({"licensed": False}, 402), ({}, 201)]
)
async def test_who_may_ask(erp: Erp, state: dict[str, Any], status: int) -> None:
    await erp.merge(jtl={"registration": state})
    assert (await ask(erp)).status_code == status


async def test_a_registered_app_cannot_be_registered_again(erp: Erp) -> None:
    await registered(erp)
    assert (await ask(erp)).status_code == 409


@pytest.mark.parametrize(
    ("without", "field"),
    [
        ("DisplayName", "DisplayName"),
        ("MandatoryApiScopes", "MandatoryApiScopes"),
        ("AppIcon", "AppIcon"),
    ],
)
async def test_a_missing_field_is_named(erp: Erp, without: str, field: str) -> None:
    refused = await ask(erp, {name: value for name, value in APP.items() if name != without})
    assert (refused.status_code, list(refused.json()["Errors"])) == (400, [field])


@pytest.mark.parametrize("code", ["", "x" * 31])
async def test_the_challenge_has_1_to_30_characters(erp: Erp, code: str) -> None:
    assert (await ask(erp, headers={"x-challengecode": code})).status_code == 400


async def test_another_challenge_or_request_is_unknown(erp: Erp) -> None:
    known_id = (await ask(erp)).json()["RegistrationRequestId"]
    assert (await tell(erp, known_id, {"x-challengecode": "other"})).status_code == 404
    assert (await tell(erp, "nothing")).status_code == 404
    assert (await erp.http.delete(f"{BASE}/authentication")).status_code == 405


async def test_a_rejection_is_told_once_and_the_name_is_free_again(erp: Erp) -> None:
    await erp.merge(jtl={"registration": {"answer": "reject", "pending_polls": 0}})
    known_id = (await ask(erp)).json()["RegistrationRequestId"]
    assert (await tell(erp, known_id)).json()["RequestStatusInfo"]["Status"] == 1
    assert (await tell(erp, known_id)).status_code == 410
    assert (await ask(erp)).status_code == 201


async def test_nobody_answers_until_somebody_does(erp: Erp) -> None:
    await erp.merge(jtl={"registration": {"answer": "wait"}})
    known_id = (await ask(erp)).json()["RegistrationRequestId"]
    for _ in range(5):
        assert (await tell(erp, known_id)).json()["RequestStatusInfo"]["Status"] == 0
    await erp.merge(jtl={"registration": {"answer": "accept"}})
    assert (await tell(erp, known_id)).json()["Token"]["ApiKey"]
