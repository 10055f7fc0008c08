"""Who is let in to the JTL side, and what the others are told."""

import httpx
import pytest

from tests.simulator.conftest import Erp
from tui.simulator import credentials as known

BASIC = httpx.BasicAuth(known.CLIENT_ID, known.CLIENT_SECRET)
GRANT = {"grant_type": "client_credentials"}
ON_PREMISES = {"Authorization": f"Wawi {known.API_KEY}", "X-AppID": "syncdeck", "X-AppVersion": "1.0.0"}


async def test_a_token_opens_the_cloud_until_it_ends(erp: Erp) -> None:
    token = (await erp.http.post("/oauth2/token", data=GRANT, auth=BASIC)).json()
    assert (token["token_type"], token["expires_in"]) == ("Bearer", 3600)
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    assert (await erp.cloud("GET", "/workers", headers=headers)).status_code == 200
    erp.clock.pass_(3_601)
    late = await erp.cloud("GET", "/workers", headers=headers)
    assert (late.status_code, late.content) == (401, b"")


async def test_a_wrong_secret_or_grant_gets_no_token(erp: Erp) -> None:
    wrong = await erp.http.post("/oauth2/token", data=GRANT, auth=("someone", "else"))
    assert (wrong.status_code, wrong.json()) == (401, {"error": "invalid_client"})
    other = await erp.http.post("/oauth2/token", data={"grant_type": "password"}, auth=BASIC)
    assert other.status_code == 400
    assert (await erp.http.get("/oauth2/token")).status_code == 405


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": f"Bearer {known.STATIC_BEARER}"}, 412),
        ({"Authorization": f"Bearer {known.STATIC_BEARER}", "x-tenant-id": "another"}, 401),
        ({"Authorization": f"Bearer {known.STATIC_BEARER}", "x-tenant-id": known.TENANT_ID}, 200),
        ({"Authorization": "Bearer nonsense", "x-tenant-id": known.TENANT_ID}, 401),
        ({"Authorization": f"Wawi {known.API_KEY}", "x-tenant-id": known.TENANT_ID}, 401),
    ],
)
async def test_the_cloud_wants_token_and_tenant(erp: Erp, headers: dict[str, str], status: int) -> None:
    assert (await erp.http.get("/erp/v2/workers", headers=headers)).status_code == status


@pytest.mark.parametrize(
    ("without", "status"), [(None, 200), ("Authorization", 401), ("X-AppID", 401), ("X-AppVersion", 401)]
)
async def test_on_premises_wants_key_and_app(erp: Erp, without: str | None, status: int) -> None:
    headers = {name: value for name, value in ON_PREMISES.items() if name != without}
    for path in ("/workers", "/v1/workers", "/v2/workers/status", "/extensions"):
        answer = await erp.http.get(f"/api/eazybusiness{path}", headers=headers)
        assert answer.status_code == status


async def test_on_premises_wants_the_registered_app_once_there_is_one(erp: Erp) -> None:
    await erp.merge(jtl={"registered_app": ["syncdeck", "2.0.0"]})
    refused = await erp.http.get("/api/eazybusiness/workers", headers=ON_PREMISES)
    assert refused.status_code == 401
    bearer = {**ON_PREMISES, "Authorization": f"Bearer {known.API_KEY}", "X-AppVersion": "2.0.0"}
    assert (await erp.http.get("/api/eazybusiness/workers", headers=bearer)).status_code == 401


async def test_the_cloud_tells_its_limits_and_the_time(erp: Erp) -> None:
    one, two = await erp.cloud("GET", "/workers"), await erp.cloud("GET", "/workers")
    assert int(one.headers["X-RateLimit-Remaining"]) == int(two.headers["X-RateLimit-Remaining"]) + 1
    assert one.headers["Date"] == "Sun, 22 Nov 2026 12:00:00 GMT"
