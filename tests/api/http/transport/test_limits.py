"""The rate limit of a server, and what is left unread."""

import asyncio
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.api.conftest import failure_of
from tests.api.http.transport.test_transport import (
    BEARER,
    LIMIT,
    SECRET,
    Moving,
    answer,
    other,
    read,
    write,
)
from tui.api import errors
from tui.api.http.client_pool import ClientPool
from tui.api.http.request import ApiRequest
from tui.api.http.request_log import WireLog
from tui.api.http.transport import Transport
from tui.api.urgent import for_a_write
from tui.domain.profile import System

# The rate limit.


async def test_reads_rest_until_the_interval_has_passed_and_not_a_second_longer(
    transport: Transport, time: Moving
) -> None:
    async with other(answer(b"{}", *LIMIT), answer(b"{}", *LIMIT), answer()) as there:
        await transport.exchange(read(there))
        time.elapsed = 59.0
        resting = await failure_of(transport.exchange(read(there)))
        assert (len(there.received), resting.retry_after, resting.sent) == (1, 1.0, False)
        assert "in 1s" in resting.next_step
        time.elapsed = 60.0
        await transport.exchange(read(there))
        assert len(there.received) == 2
        await failure_of(transport.exchange(read(there)))
        time.elapsed = 120.0
        for _ in range(3):
            await transport.exchange(read(there))
        assert len(there.received) == 5


async def test_d6_what_belongs_to_a_confirmed_write_does_not_rest(transport: Transport) -> None:
    async with other(answer(b"{}", *LIMIT)) as there:
        await transport.exchange(read(there))
        with for_a_write():
            await transport.exchange(read(there))
            await asyncio.create_task(transport.exchange(read(there)))
        assert len(there.received) == 3
        await failure_of(transport.exchange(read(there)))
        assert len(there.received) == 3


async def test_d6_a_login_and_a_write_do_not_rest(transport: Transport) -> None:
    async with other(answer(b"{}", *LIMIT)) as there:
        await transport.exchange(read(there))
        await transport.exchange(read(there, login=True))
        await transport.exchange(write(there))
        assert len(there.received) == 3


async def test_an_answer_without_a_limit_leaves_what_was_told(transport: Transport) -> None:
    async with other(answer(b"{}", *LIMIT), answer(status="500 Oh"), answer()) as there:
        await transport.exchange(read(there))
        await failure_of(transport.exchange(write(there)))
        assert transport.rate_limit is not None
        await failure_of(transport.exchange(read(there)))
        assert len(there.received) == 2


async def test_an_error_tells_the_limit_as_well(transport: Transport) -> None:
    async with other(answer(b"", *LIMIT, status="404 No")) as there:
        await failure_of(transport.exchange(read(there)))
        await failure_of(transport.exchange(read(there)))
        assert len(there.received) == 1


@pytest.mark.parametrize(
    ("request_kind", "step"),
    [("read", "automatically"), ("write", "Try again in 9s"), ("urgent", "in 9s")],
)
async def test_d6_a_429_says_when_to_try_again_where_nothing_does_by_itself(
    transport: Transport, request_kind: str, step: str
) -> None:
    async with other(answer(b"", "Retry-After: 9", status="429 Slow")) as there:
        request = write(there) if request_kind == "write" else read(there)
        if request_kind == "urgent":
            with for_a_write():
                failed = await failure_of(transport.exchange(request))
        else:
            failed = await failure_of(transport.exchange(request))
        assert len(there.received) == 1
    assert (type(failed), failed.retry_after) == (errors.Throttled, 9.0)
    assert step in failed.next_step
    assert ("automatically" in failed.next_step) is (request_kind == "read")


async def test_d6_without_a_time_it_is_later(transport: Transport) -> None:
    async with other(answer(b"", status="429 Slow")) as there:
        assert (await failure_of(transport.exchange(write(there)))).next_step == "Try again later"


async def test_what_is_not_read_to_its_end_is_let_go_of(transport: Transport) -> None:
    left = asyncio.Event()

    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer(b"[", size=50_000_000))
        await reader.read()
        left.set()
        writer.close()

    async with await asyncio.start_server(endless, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/list"
        await failure_of(transport.exchange(ApiRequest(System.JTL, "GET", url, repeatable=True)))
        async with asyncio.timeout(10):
            await left.wait()


async def test_what_is_sent_is_what_was_asked_for(transport: Transport) -> None:
    async with other(answer(status="299 Odd")) as there:
        request = replace(write(there), headers=(("X-Run-As", "j"),))
        assert (await transport.exchange(request, BEARER)).status == 299
    head = there.received[0].decode()
    assert head.startswith("POST /list HTTP/1.1\r\n")
    assert f"Authorization: Bearer {SECRET}\r\n" in head
    assert "X-Run-As: j\r\n" in head
    assert there.bodies == [b'{"x":1}']


async def test_too_large_an_answer_of_no_announced_size_is_left_where_it_is(
    transport: Transport,
) -> None:
    transport.max_response_mb = 1
    async with other(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_100_000 + b"|x") as there:
        failed = await failure_of(transport.exchange(read(there, timeout=8)))
        there.pause.set()
    assert "larger than 1 MB" in failed.sentence


async def test_a_long_error_is_not_waited_for(
    transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.api.http.transport._MOST_ERROR_SECONDS", 60)
    async with other(answer(b"x" * 1_100_000 + b"|x", status="400 No", size=2_000_000)) as there:
        failed = await failure_of(transport.exchange(read(there, timeout=8)))
        there.pause.set()
    assert (type(failed), failed.status) == (errors.Rejected, 400)


@pytest.mark.parametrize("status", ["200 OK", "400 No"])
async def test_a_secret_in_what_is_no_json_is_masked(transport: Transport, status: str) -> None:
    async with other(answer(f"you sent {SECRET}".encode(), status=status)) as there:
        failed = await failure_of(transport.exchange(read(there), BEARER))
    assert SECRET not in failed.sentence + failed.detail
    assert "you sent" in failed.detail


async def test_a_fault_of_ours_is_no_failure_of_the_network(transport: Transport) -> None:
    class Broken(ClientPool):
        def client(self, url: str, *, fresh: bool = False) -> httpx.AsyncClient:
            raise RuntimeError(url)

    transport.pool = Broken()
    with pytest.raises(RuntimeError):
        await transport.exchange(ApiRequest(System.JTL, "GET", "http://127.0.0.1:9/", repeatable=True))


@pytest.mark.parametrize("url", ["http://x:99999/", "http://\u2603.\udcff/", f"http://{'x' * 70}.y/"])
async def test_an_address_that_is_none_is_told_and_nothing_sent(transport: Transport, url: str) -> None:
    failed = await failure_of(transport.exchange(ApiRequest(System.JTL, "POST", url)))
    assert (type(failed), failed.sent) == (errors.Unreachable, False)
    assert failed.sentence


async def test_a_pool_that_was_closed_under_a_call_is_no_fault_of_ours(transport: Transport) -> None:
    class Closed(ClientPool):
        def client(self, url: str, *, fresh: bool = False) -> httpx.AsyncClient:
            gone = super().client(url, fresh=fresh)
            gone._state = type(gone._state).CLOSED
            self.closed = True
            return gone

    transport.pool = Closed()
    failed = await failure_of(transport.exchange(ApiRequest(System.JTL, "POST", "http://127.0.0.1:9/")))
    assert type(failed) is errors.Unreachable


async def test_a_web_page_is_told_by_its_title(transport: Transport) -> None:
    page = b"<html><title>Log in to the portal</title></html>"
    async with other(answer(page, "Content-Type: text/html")) as there:
        failed = await failure_of(transport.exchange(read(there)))
    assert "Log in to the portal" in failed.sentence
    async with other(answer(b"plain")) as there:
        assert "JSON" in (await failure_of(transport.exchange(read(there)))).sentence


async def test_the_wire_log_holds_no_secret_that_a_server_repeats(
    transport: Transport, tmp_path: Path
) -> None:
    transport.wire_log = WireLog(tmp_path / "log")
    async with other(answer(b"{}", f"X-Request-Id: {SECRET}")) as there:
        await transport.exchange(read(there), BEARER)
    assert SECRET not in (tmp_path / "log").read_text()
