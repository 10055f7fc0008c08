"""The change log over HTTP: what is asked, how pages follow, and where credentials never go."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.api.conftest import Open, Profiles, failure_of
from tests.drivers.simulator import RunningSimulator
from tui.api import errors
from tui.api.live_service import LiveService
from tui.api.settings import BearerToken, SuperOfficeSettings
from tui.domain.timestamps import MomentKind

COLUMNS = "connection,source,target,crmfieldkey,oldvalue,newvalue,updated"
ROW = {
    "PrimaryKey": "12",
    "EntityName": "all",
    "connection": "7",
    "source": "CRM",
    "target": "ERP",
    "crmfieldkey": "NAME",
    "oldvalue": "",
    "newvalue": "Muster",
    "updated": "2026-03-01T11:56:00",
}


async def test_the_newest_page_is_asked_for(both: LiveService, erp: RunningSimulator) -> None:
    page = await both.superoffice.sync_log()
    (request,) = erp.log()
    assert (request["method"], request["path"]) == ("GET", "/Cust12345/api/v1/archive/ErpSyncLog")
    assert request["query"] == {"$select": f"id,{COLUMNS}", "$orderby": "id desc", "$top": "200"}
    headers = {name.lower(): value for name, value in request["headers"].items()}
    assert headers["authorization"].startswith("Bearer ")
    assert headers["accept"] == "application/json"
    assert headers["so-timezone"] == "UTC, includeTZOffset"
    assert "content-type" not in headers
    assert not request["body"]
    assert len(page.entries) == 200
    assert page.sorted
    times = [entry.at.at for entry in page.entries if entry.at.at]
    assert len(times) == 200
    assert times == sorted(times, reverse=True)


async def test_f13_a_large_table_is_not_sorted(both: LiveService, erp: RunningSimulator) -> None:
    """500,000 rows of which only the identifier has an index: the newest come without a wait."""
    erp.fault("ErpSyncLog=large-log:60")
    page = await both.superoffice.sync_log()
    assert len(page.entries) == 200
    assert page.sorted
    assert page.entries[0].raw["PrimaryKey"] == str(erp.world.so.log.rows[-1].id)
    older = await both.superoffice.sync_log(page.next)
    assert {entry.identity for entry in page.entries}.isdisjoint(one.identity for one in older.entries)


async def test_the_links_of_the_server_lead_to_its_end(both: LiveService, erp: RunningSimulator) -> None:
    page = await both.superoffice.sync_log()
    seen = [*page.entries]
    while page.next:
        page = await both.superoffice.sync_log(page.next)
        seen += page.entries
    assert len({entry.identity for entry in seen}) == len(seen) == len(erp.world.so.log.rows)
    assert [entry["query"].get("$skip") for entry in erp.log()] == [None, "200", "400"]
    assert {entry["query"]["$orderby"] for entry in erp.log()} == {"id desc"}


@pytest.mark.parametrize("base", ["/Cust12345", "/Cust12345/", "/Cust12345/api", "/Cust12345/api/"])
async def test_the_root_is_given_with_or_without_api(
    open_service: Open, profiles: Profiles, erp: RunningSimulator, base: str
) -> None:
    auth = BearerToken(profiles.secret(erp.so_token))
    service = open_service(superoffice=SuperOfficeSettings(erp.url + base, auth=auth))
    assert (await service.superoffice.sync_log((await service.superoffice.sync_log()).next)).entries
    assert {entry["path"] for entry in erp.log()} == {"/Cust12345/api/v1/archive/ErpSyncLog"}


# A server that says what a test lays out.

Say = Callable[[str], tuple[int, object]]
"""Target of the request → status and tree."""


@asynccontextmanager
async def a_server(say: Say, asked: list[str]) -> AsyncIterator[str]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        asked.append(head.split()[1])
        status, tree = say(asked[-1])
        body = tree if isinstance(tree, bytes) else json.dumps(tree).encode()
        writer.write(b"HTTP/1.1 %d X\r\nConnection: close\r\n" % status)
        writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


class Other:
    """A service on such a server."""

    def __init__(self, service: LiveService, url: str, asked: list[str]) -> None:
        self.service, self.url, self.asked = service, url, asked


@pytest.fixture
async def other(open_service: Open, profiles: Profiles) -> AsyncIterator[Callable[[Say], Any]]:
    async with AsyncExitStack() as stack:

        async def serve(say: Say) -> Other:
            asked: list[str] = []
            url = await stack.enter_async_context(a_server(say, asked))
            auth = BearerToken(profiles.secret("token"))
            return Other(
                open_service(superoffice=SuperOfficeSettings(f"{url}/Cust1", auth=auth)), url, asked
            )

        yield serve


def rows(*numbers: int) -> list[dict[str, str]]:
    return [{**ROW, "PrimaryKey": str(number)} for number in numbers]


def queries(asked: list[str]) -> list[dict[str, list[str]]]:
    return [parse_qs(urlsplit(target).query) for target in asked]


async def test_a_server_that_cannot_sort_is_asked_without_once(other: Any) -> None:
    def say(target: str) -> tuple[int, object]:
        if "orderby" in target:
            return 400, {"Error": True, "ErrorMessage": "updated cannot be sorted by"}
        return 200, {"value": rows(1, 2), "odata.nextLink": None}

    server = await other(say)
    page = await server.service.superoffice.sync_log()
    assert (len(page.entries), page.sorted) == (2, False)
    assert not (await server.service.superoffice.sync_log()).sorted
    assert ["$orderby" in query for query in queries(server.asked)] == [True, False, False]
    assert queries(server.asked)[-1] == {"$select": [COLUMNS], "$top": ["200"]}


async def test_a_refusal_that_has_another_reason_is_told(other: Any) -> None:
    server = await other(lambda _: (400, {"Error": True, "ErrorMessage": "no such archive"}))
    failure = await failure_of(server.service.superoffice.sync_log())
    assert isinstance(failure, errors.Rejected)
    assert "no such archive" in failure.sentence


async def test_a_full_page_without_a_link_is_followed_by_skipping(other: Any) -> None:
    def say(target: str) -> tuple[int, object]:
        skipped = int(parse_qs(urlsplit(target).query).get("$skip", ["0"])[0])
        return 200, {"value": rows(*range(skipped, min(skipped + 200, 400)))}

    server = await other(say)
    first = await server.service.superoffice.sync_log()
    second = await server.service.superoffice.sync_log(first.next)
    third = await server.service.superoffice.sync_log(second.next)
    assert [len(page.entries) for page in (first, second, third)] == [200, 200, 0]
    assert third.next == ""
    assert [query.get("$skip") for query in queries(server.asked)] == [None, ["200"], ["400"]]
    assert queries(server.asked)[1] | {"$skip": []} == queries(server.asked)[0] | {"$skip": []}


async def test_a_page_whose_link_leads_elsewhere_is_followed_by_skipping(other: Any) -> None:
    link = "http://internal:8080/Cust1/api/v1/archive/ErpSyncLog?$skip=2"

    def say(target: str) -> tuple[int, object]:
        numbers = (3,) if "skip" in target else (1, 2)
        return 200, {"value": rows(*numbers), "odata.nextLink": None if "skip" in target else link}

    server = await other(say)
    first = await server.service.superoffice.sync_log()
    last = await server.service.superoffice.sync_log(first.next)
    assert [len(page.entries) for page in (first, last)] == [2, 1]
    assert queries(server.asked)[1]["$skip"] == ["2"]
    assert last.next == ""


async def test_a_server_that_sorts_otherwise_is_found_out(other: Any) -> None:
    times = ("2026-03-01T11:56:00", "2026-03-01T11:57:00", "2026-03-01T11:55:00")
    page = await read(other, {"value": [{**ROW, "updated": time} for time in times]})
    assert not page.sorted
    assert [entry.at.text.rstrip("Z") for entry in page.entries] == list(times)


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example/Cust1/api/v1/archive/ErpSyncLog?$skip=200",
        "//elsewhere.example/Cust1/api/v1/archive/ErpSyncLog",
        "http://127.0.0.1:1/Cust1/api/v1/archive/ErpSyncLog",
        "https://127.0.0.1:{port}/Cust1/api/v1/archive/ErpSyncLog",
        "http://127.0.0.1:{port}/Cust2/api/v1/archive/ErpSyncLog",
        "http://127.0.0.1:{port}/Cust1/api/v1/../../../Cust2/api/v1/archive/ErpSyncLog",
        "http://127.0.0.1:{port}/Cust1/api/v1/%2e%2e/%2E%2E/Cust2/api",
        "http://127.0.0.1:{port}/Cust1/api/v1\\..\\..\\Cust2",
        "http://127.0.0.1:{port}@elsewhere.example/Cust1/api/v1/archive/ErpSyncLog",
        "http://user@127.0.0.1:{port}/Cust1/api/v1/archive/ErpSyncLog",
        "http://127.0.0.1:many/Cust1/api/v1/archive/ErpSyncLog",
        "http://[::1/Cust1/api/v1/archive",
        "/Cust1/api/v1evil/ErpSyncLog",
        "javascript:alert(1)",
    ],
)
async def test_a_link_elsewhere_is_told_and_not_followed(other: Any, link: str) -> None:
    server = await other(lambda _: (200, {"value": rows(1), "odata.nextLink": link}))
    link = link.replace("{port}", str(urlsplit(server.url).port))
    failure = await failure_of(server.service.superoffice.sync_log(link))
    assert isinstance(failure, errors.BadAnswer)
    assert "outside base_url" in failure.sentence
    assert not failure.sent
    assert server.asked == []


@pytest.mark.parametrize(
    "link",
    [
        "http://127.0.0.1:{port}/Cust1/api/v1/Archive/ErpSyncLog?$skip=200",
        "http://127.0.0.1:{port}/CUST1/API/v1/archive//ErpSyncLog?$skip=200",
        "/Cust1/api/v1/archive/ErpSyncLog?$skip=200",
        "ErpSyncLog?$skip=200",
    ],
)
async def test_a_link_below_the_root_is_followed(other: Any, link: str) -> None:
    server = await other(lambda _: (200, {"value": rows(1), "odata.nextLink": None}))
    await server.service.superoffice.sync_log(link.replace("{port}", str(urlsplit(server.url).port)))
    assert queries(server.asked) == [{"$skip": ["200"]}]


async def test_a_default_port_that_is_written_out_is_the_same_origin(
    open_service: Open, profiles: Profiles
) -> None:
    asked: list[str] = []
    body = json.dumps({"value": rows(1)}).encode()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        asked.append(scope["query_string"].decode())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    settings = SuperOfficeSettings(
        "https://erp.example/Cust1", auth=BearerToken(profiles.secret("token"))
    )
    service = open_service(superoffice=settings, asgi_app=app)
    await service.superoffice.sync_log(
        "https://erp.example:443/Cust1/api/v1/Archive/ErpSyncLog?$skip=200"
    )
    failure = await failure_of(
        service.superoffice.sync_log("https://erp.example:80/Cust1/api/v1/Archive/ErpSyncLog")
    )
    assert isinstance(failure, errors.BadAnswer)
    assert asked == ["$skip=200"]


# What rows and answers may be.


async def read(other: Any, tree: object) -> Any:
    return await (await other(lambda _: (200, tree))).service.superoffice.sync_log()


async def test_a_row_is_read_as_it_is(other: Any) -> None:
    (entry,) = (await read(other, {"value": [ROW]})).entries
    assert (entry.connection, entry.source, entry.target) == ("7", "CRM", "ERP")
    assert (entry.field, entry.old, entry.new) == ("NAME", "", "Muster")
    assert f"{entry.at.at:%H:%M:%S%z}" == "11:56:00+0000"
    assert entry.raw == ROW


@pytest.mark.parametrize(
    ("updated", "kind"),
    [
        ("2026-03-01T11:56:00.1234567+02:00", MomentKind.INSTANT),
        ("0001-01-01T00:00:00", MomentKind.NEVER),
        ("01.03.2026 11:56", MomentKind.UNREADABLE),
        (None, MomentKind.ABSENT),
    ],
)
async def test_a_time_is_read_or_kept(other: Any, updated: str | None, kind: MomentKind) -> None:
    (entry,) = (await read(other, {"value": [{**ROW, "updated": updated}]})).entries
    assert (entry.at.kind, entry.at.text) == (kind, updated or "")
    assert entry.problem is None


async def test_keys_come_in_any_case_and_what_is_not_reported_is_not_blank(other: Any) -> None:
    tree = {"Value": [{"Connection": 7, "CrmFieldKey": "NAME", "OldValue": None}]}
    (entry,) = (await read(other, tree)).entries
    assert (entry.connection, entry.field, entry.old, entry.new) == ("7", "NAME", None, None)


@pytest.mark.parametrize("row", [7, None, [], {"colour": "red"}, {}])
async def test_a_row_that_cannot_be_read_is_marked_and_not_lost(other: Any, row: object) -> None:
    good, bad = (await read(other, {"value": [ROW, row]})).entries
    assert good.problem is None
    assert bad.problem
    assert bad.raw == (row if isinstance(row, dict) else {"": row})


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        (b"<html><title>Sign in</title></html>", "Sign in"),
        (None, "it is empty"),
        ({"Message": "Not for you", "MessageDetail": "Ask"}, "Not for you"),
        ([ROW], "expected an object with a list, got a list"),
        ({"value": None}, "value: expected a list, got null"),
        ({"value": [7, []]}, "none of 2 rows can be read"),
        (b'{"value": [', "not valid JSON"),
    ],
)
async def test_nonsense_is_a_bad_answer_in_the_servers_words(
    other: Any, tree: object, said: str
) -> None:
    server = await other(lambda _: (200, b"null" if tree is None else tree))
    failure = await failure_of(server.service.superoffice.sync_log())
    assert isinstance(failure, errors.BadAnswer)
    assert said in failure.sentence


async def test_server_text_is_neutralised(other: Any) -> None:
    (entry,) = (await read(other, {"value": [{**ROW, "newvalue": "\x1b[2Jred\u202e"}]})).entries
    assert "\x1b" not in str(entry.new)
    assert "\u202e" not in str(entry.new)


async def test_a_profile_without_superoffice_has_none(open_service: Open, profiles: Profiles) -> None:
    with pytest.raises(errors.Absent):
        await open_service(profiles.cloud()).superoffice.sync_log()
