"""Extensions stream in page by page, to the end and not beyond it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.api.conftest import Open, Profiles, failure_of
from tests.drivers.simulator import RunningSimulator
from tui.api import errors
from tui.api.settings import BearerToken, JtlSettings


async def test_every_page_of_a_long_list(open_service: Open, tmp_path: Any) -> None:
    with RunningSimulator(still=True, extensions=250) as erp:
        service = open_service(Profiles(erp, tmp_path).cloud())
        pages = [page async for page in service.jtl.extensions()]
        assert [(page.number, len(page.items), page.last) for page in pages] == [
            (1, 100, False),
            (2, 100, False),
            (3, 50, True),
        ]
        assert {page.total_items for page in pages} == {250}
        assert len({item.id for page in pages for item in page.items}) == 250
        assert erp.log()[-1]["query"] == {"pageNumber": "3", "pageSize": "100"}


Pages = Callable[[int], object]


@asynccontextmanager
async def a_server(pages: Pages) -> AsyncIterator[str]:
    """A plain server that answers page N with what `pages` says."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        number = int(parse_qs(urlsplit(head.split()[1]).query)["pageNumber"][0])
        body = json.dumps(pages(number)).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n")
        writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def rows(*numbers: int) -> list[dict[str, Any]]:
    return [{"Id": f"id-{number}", "ExtensionId": f"ext.{number}"} for number in numbers]


@pytest.fixture
def read(open_service: Open, profiles: Profiles) -> Callable[[Pages], Any]:
    async def all_pages(pages: Pages) -> list[list[str]]:
        async with a_server(pages) as url:
            auth = BearerToken(profiles.secret("t"))
            service = open_service(JtlSettings(url, auth=auth, api_version="v1"))
            return [[item.id for item in page.items] async for page in service.jtl.extensions()]

    return all_pages


async def test_a_row_that_moved_to_the_next_page_comes_once(read: Any) -> None:
    pages = {1: rows(1, 2), 2: rows(2, 3)}
    assert await read(lambda n: {"Items": pages[n], "HasNextPage": n < 2}) == [
        ["id-1", "id-2"],
        ["id-3"],
    ]


async def test_a_list_that_repeats_itself_is_a_bad_answer(read: Any) -> None:
    failed = await failure_of(read(lambda _: {"Items": rows(1, 2), "HasNextPage": True}))
    assert type(failed) is errors.BadAnswer
    assert "page 2 repeats" in failed.sentence


async def test_a_list_that_never_ends_is_left_after_so_many_pages(
    read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.api.jtl.client.MOST_PAGES", 3)
    failed = await failure_of(read(lambda n: {"Items": rows(n), "HasNextPage": True}))
    assert type(failed) is errors.BadAnswer
    assert "does not end after 3 pages" in failed.sentence


@pytest.mark.parametrize("more", [{"HasNextPage": True}, {"TotalItems": 2}])
async def test_an_empty_list_that_says_it_is_none_is_not_believed(read: Any, more: Any) -> None:
    failed = await failure_of(read(lambda _: {"Items": [], **more}))
    assert type(failed) is errors.BadAnswer
    assert "is empty, but reports more pages" in failed.sentence


async def test_a_list_without_paging_facts_ends_where_it_gets_short(read: Any) -> None:
    pages = {1: rows(*range(100)), 2: rows(100)}
    assert [len(page) for page in await read(lambda n: {"items": pages[n]})] == [100, 1]
    assert [len(page) for page in await read(lambda _: rows(1, 2, 3))] == [3]


async def test_the_total_decides_where_nothing_else_is_said(read: Any) -> None:
    pages = {1: rows(1, 2), 2: rows(3)}
    assert await read(lambda n: {"Items": pages[n], "TotalItems": "3"}) == [["id-1", "id-2"], ["id-3"]]


async def test_an_empty_page_is_the_last_one(read: Any) -> None:
    assert await read(lambda n: {"Items": rows(1) if n == 1 else [], "HasNextPage": True}) == [
        ["id-1"],
        [],
    ]
    assert await read(lambda _: {"Items": []}) == [[]]
