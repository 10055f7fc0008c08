"""Every fault as a client sees it, over real HTTP where the connection itself is at fault."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.drivers.simulator import RunningSimulator
from tests.simulator.conftest import Erp
from tui.simulator.faults.table import KINDS, make_fault, parse_fault, take


@pytest.fixture
async def client(served: RunningSimulator) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {served.static_bearer}", "x-tenant-id": served.tenant_id}
    async with httpx.AsyncClient(
        base_url=served.cloud_base, headers=headers, trust_env=False, timeout=20
    ) as made:
        yield made


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("GET .*/workers=hang", ("GET .*/workers", "hang", "", None)),
        ("a=b=status:429,7*3", ("a=b", "status", "429,7", 3)),
        ("Engine=interval-text:15 minutes", ("Engine", "interval-text", "15 minutes", None)),
        (".=slow:0.5*1", (".", "slow", "0.5", 1)),
    ],
)
def test_a_fault_is_read_from_its_text(text: str, parts: tuple[object, ...]) -> None:
    fault = parse_fault(text)
    assert (fault.match.pattern, fault.kind, fault.arg, fault.left) == parts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hang", "not of the form"),
        ("=hang", "not of the form"),
        (".=explode", "unknown fault kind 'explode'; known: status, forbidden"),
        (".=status", "takes a status"),
        (".=slow:long", "takes seconds"),
        (".=quirk:9", "takes one of 1, 2, 3"),
        ("(=hang", "no regular expression"),
    ],
)
def test_a_wrong_fault_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)) as refused:
        parse_fault(text)
    assert "\n" not in str(refused.value)


def test_the_first_fault_that_matches_counts_down() -> None:
    faults = [make_fault("^GET /erp", "hang", "", 1), make_fault("workers", "null")]
    taken = [take(faults, "GET", "/erp/workers") for _ in range(3)]
    assert [fault.kind for fault in taken if fault] == ["hang", "null", "null"]
    assert take(faults, "GET", "/elsewhere") is None


def test_every_kind_is_on_the_page_of_the_simulator() -> None:
    documented = (Path(__file__).parents[2] / "tui" / "docs" / "simulator.md").read_text()
    assert all(f"`{kind}`" in documented for kind in KINDS)


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("null", 200, b"null"),
        ("empty", 200, b""),
        ("421", 421, b"The tenant is served by another subdomain."),
        ("expired", 401, b""),
        ("status:401", 401, b""),
        ("redirect-login", 302, b""),
        ("quirk:6", 401, b""),
        ("quirk:10", 204, b""),
    ],
)
async def test_an_answer_is_replaced(erp: Erp, kind: str, status: int, body: bytes) -> None:
    await erp.http.post("/_sim/faults", json=f"GET .*workers={kind}")
    answer = await erp.cloud("GET", "/workers")
    assert (answer.status_code, answer.content) == (status, body)


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("status:503", 503, "not available"),
        ("forbidden", 403, "The scope system.worker.read is missing."),
        ("quirk:1", 400, "Guid string should only contain hexadecimal"),
        ("quirk:2", 400, "Key must from Type int"),
        ("quirk:3", 400, "key must from type guid"),
        ("quirk:4", 400, "only a single API version"),
        ("quirk:5", 500, "Unknown Internal Error"),
        ("quirk:7", 403, "scope"),
        ("quirk:13", 404, "No route"),
        ("message:Sorry", 200, "Sorry"),
        ("html:502", 502, "<h1>Bad gateway"),
    ],
)
async def test_an_error_has_its_words(erp: Erp, kind: str, status: int, words: str) -> None:
    await erp.http.post("/_sim/faults", json=f"GET .*workers={kind}")
    answer = await erp.cloud("GET", "/workers")
    assert answer.status_code == status
    assert words in answer.text


async def test_superoffice_errors_have_their_own_shape(erp: Erp) -> None:
    await erp.http.post("/_sim/faults", json={"match": "Engine", "kind": "status", "arg": "429,7"})
    answer = await erp.agent("GetEngineStatus")
    assert (answer.headers["Retry-After"], answer.json()["ErrorType"]) == ("7", "SoServerException")


async def test_expired_ends_every_issued_token(erp: Erp) -> None:
    auth = httpx.BasicAuth("syncdeck-simulator", "sim-client-secret")
    form = {"grant_type": "client_credentials"}
    token = (await erp.http.post("/oauth2/token", data=form, auth=auth)).json()["access_token"]
    await erp.http.post("/_sim/faults", json="workers/status=expired*1")
    headers = {"Authorization": f"Bearer {token}"}
    answers = [await erp.cloud("GET", path, headers=headers) for path in ("/workers/status", "/workers")]
    assert [answer.status_code for answer in answers] == [401, 401]


async def test_a_redirect_leads_to_a_login_page(erp: Erp) -> None:
    await erp.http.post("/_sim/faults", json="workers=redirect-login")
    answer = await erp.cloud("GET", "/workers")
    page = await erp.http.get(answer.headers["Location"])
    assert "Sign in" in page.text


async def test_broken_json_cannot_be_read(erp: Erp) -> None:
    await erp.http.post("/_sim/faults", json="workers=broken-json")
    with pytest.raises(json.JSONDecodeError) as broken:
        (await erp.cloud("GET", "/workers")).json()
    assert broken.value.pos > 100


async def test_wrong_types_leave_no_row_to_read(erp: Erp) -> None:
    await erp.http.post("/_sim/faults", json="workers=wrong-types")
    rows = (await erp.cloud("GET", "/workers")).json()
    assert not any(isinstance(row["Identifier"], str) for row in rows)


async def test_one_bad_row_keeps_its_identifier(erp: Erp) -> None:
    await erp.http.post("/_sim/faults", json=".=one-bad-row")
    rows = (await erp.cloud("GET", "/workers")).json()
    page = (await erp.cloud("GET", "/v2/extensions")).json()["items"]
    assert [isinstance(row["SyncName"], str) for row in rows[:3]] == [True, False, True]
    assert rows[1]["Identifier"] == erp.sync_id("B2B-Shop")
    assert [isinstance(row["version"], str) for row in page[:3]] == [True, False, True]


async def test_hostile_text_is_in_every_text_but_identifiers_still_read(erp: Erp) -> None:
    await erp.http.post("/_sim/faults", json=".=hostile")
    rows = (await erp.cloud("GET", "/workers")).json()
    engine = (await erp.agent("GetEngineStatus")).json()
    assert rows[0]["Identifier"] == erp.sync_id("Hauptshop")
    for text in (rows[5]["SalesChannelName"], engine["StatusMessage"]):
        assert all(part in text for part in ("\x1b[2J", "\x9b", "\u202e", "[@click=app.quit]", "\ud800"))
    assert len(rows[0]["SyncName"]) > 20_000
    assert engine["Interval"] == "00:15:00"


async def test_some_quirks_bend_a_right_answer(erp: Erp) -> None:
    async def bent(kind: str, path: str = "/workers/status") -> Any:
        await erp.http.delete("/_sim/faults")
        await erp.http.post("/_sim/faults", json=f"workers={kind}")
        return (await erp.cloud("GET", path)).json()

    assert set(await bent("quirk:8")) == {"items"}
    assert {row["Progress"] for row in await bent("quirk:11")} == {-1.0}
    assert "SyncName" in (await bent("quirk:14", "/v2/workers"))[0]


async def test_superoffice_texts_can_be_anything(erp: Erp) -> None:
    await erp.http.post("/_sim/faults", json="Status=interval-text:15 minutes")
    await erp.http.post("/_sim/faults", json="Summary=last-sync:2026-11-22T10:00:00")
    assert (await erp.agent("GetEngineStatus")).json()["Interval"] == "15 minutes"
    summary = await erp.agent("GetErpSyncConnectionSummary", {"ErpSyncConnectionId": 1})
    assert summary.json()["LastSync"] == "2026-11-22T10:00:00"


@pytest.mark.parametrize("kind", ["reset", "lost", "truncated"])
async def test_a_connection_is_really_dropped(
    served: RunningSimulator, client: httpx.AsyncClient, kind: str
) -> None:
    served.fault(f"GET .*workers={kind}*1")
    with pytest.raises(httpx.TransportError) as dropped:
        await client.get("/workers")
    assert isinstance(
        dropped.value, httpx.RemoteProtocolError if kind == "truncated" else httpx.ReadError
    )
    assert (await client.get("/workers")).status_code == 200


@pytest.mark.parametrize(("kind", "waits"), [("reset", False), ("lost", True)])
async def test_a_lost_write_was_carried_out_and_a_reset_one_was_not(
    served: RunningSimulator, client: httpx.AsyncClient, kind: str, waits: bool
) -> None:
    served.fault(f"PUT ={kind}")
    sync = served.worker_id("Temu DE")
    with pytest.raises(httpx.ReadError):
        await client.put(f"/workers/{sync}", json={"Action": 0})
    assert (served.world.jtl.syncs[sync].pending is not None) == waits


async def test_a_hanging_answer_does_not_keep_the_server(
    served: RunningSimulator, client: httpx.AsyncClient
) -> None:
    served.fault("workers=hang")
    asked = asyncio.create_task(client.get("/workers"))
    await asyncio.to_thread(served.wait_received, "GET", "workers")
    await asyncio.to_thread(served.stop)
    with pytest.raises(httpx.TransportError):
        await asked
    served.clear_log()
    served.start()
    served.clear_faults()
    assert (await client.get("/workers")).status_code == 200


async def test_a_slow_answer_is_the_right_one(
    served: RunningSimulator, client: httpx.AsyncClient
) -> None:
    served.fault("workers=slow:0.05")
    assert len((await client.get("/workers")).json()) == 12


async def test_an_oversized_answer_streams_without_a_length(
    served: RunningSimulator, client: httpx.AsyncClient
) -> None:
    served.fault("workers=oversized:2")
    answer = await client.get("/workers")
    assert "content-length" not in answer.headers
    assert len(answer.content) > 2_000_000
