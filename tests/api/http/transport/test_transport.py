"""The transport against a server whose every byte is laid out; the clocks are the test's own."""

import asyncio
import gzip
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.api.conftest import failure_of
from tests.drivers.fake_time import FakeTime
from tui.api import errors
from tui.api.http.request import ApiRequest
from tui.api.http.request_log import WireLog
from tui.api.http.transport import Time, Transport
from tui.domain.profile import System

SECRET = "tok-0123456789-abcdefghijklmnop"
BEARER = (("Authorization", SecretStr(f"Bearer {SECRET}")),)
_TURNS = 50
"""Of the loop, in which what was sent over loopback has been taken."""
LIMIT = (
    "X-RateLimit-Limit: 300",
    "X-RateLimit-Interval-Length-Seconds: 60",
    "X-RateLimit-Remaining: 0",
)


def answer(body: bytes = b'{"a":1}', *headers: str, status: str = "200 OK", size: int = -1) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if size < 0 else size}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class Other:
    """The other side: gives the answers in turn, and the last one from then on."""

    answers: list[bytes]
    received: list[bytes] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    pause: asyncio.Event = field(default_factory=asyncio.Event)
    """Where an answer holds `|`, its rest comes once this is set."""
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    keeps: bool = False
    """Whether a connection is kept for more requests."""
    connections: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/list"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self._answer(reader, writer)
            while self.keeps:
                await self._answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        self.bodies.append(await reader.readexactly(int(length[1]) if length else 0))
        self.received.append(head)
        self.arrived.set()
        said = self.answers.pop(0) if self.answers[1:] else self.answers[0]
        first, _, rest = said.partition(b"|")
        writer.write(first)
        await writer.drain()
        if rest:
            await self.pause.wait()
            writer.write(rest)
            await writer.drain()


@asynccontextmanager
async def other(*answers: bytes) -> AsyncIterator[Other]:
    there = Other(list(answers))
    async with await asyncio.start_server(there.serve, "127.0.0.1", 0) as server:
        there.port = server.sockets[0].getsockname()[1]
        yield there


class Moving(FakeTime):
    """Sleeps are noted and take no time; the clocks move with `advance`."""

    async def sleep(self, delay: float) -> None:
        self.asked.append(delay)


def read(there: Other, **more: object) -> ApiRequest:
    return replace(ApiRequest(System.JTL, "GET", there.url, repeatable=True), **more)  # type: ignore[arg-type] # as given


def write(there: Other) -> ApiRequest:
    return ApiRequest(System.JTL, "POST", there.url, body={"x": 1})


# Tries.


@pytest.mark.parametrize("status", ["502 Bad", "503 Busy", "504 Late"])
async def test_a_read_is_tried_three_times_where_a_gateway_failed(
    transport: Transport, time: Moving, status: str
) -> None:
    async with other(answer(status=status), answer(status=status), answer()) as there:
        assert (await transport.exchange(read(there))).tree == {"a": 1}
        assert (len(there.received), time.asked) == (3, [0.25, 0.5])


@pytest.mark.parametrize("status", ["500 Oh", "501 No", "505 No", "429 Slow", "404 No", "400 No"])
async def test_no_other_failure_of_a_read_is_tried_again(
    transport: Transport, time: Moving, status: str
) -> None:
    async with other(answer(status=status)) as there:
        await failure_of(transport.exchange(read(there)))
        assert (len(there.received), time.asked) == (1, [])


@pytest.mark.parametrize("said", [answer(status="503 Busy"), b"", b"no HTTP\r\n\r\n"])
async def test_a_write_is_sent_once_and_a_read_that_keeps_failing_three_times(
    transport: Transport, said: bytes
) -> None:
    async with other(said) as there:
        await failure_of(transport.exchange(write(there)))
        assert len(there.received) == 1
        await failure_of(transport.exchange(read(there)))
        assert len(there.received) == 4


async def test_who_names_a_time_is_not_asked_before_it(transport: Transport) -> None:
    async with other(answer(b"", "Retry-After: 5", status="503 Busy")) as there:
        failed = await failure_of(transport.exchange(read(there)))
        assert (type(failed), len(there.received)) == (errors.Throttled, 1)


async def test_a_handshake_that_failed_is_not_tried_again(transport: Transport) -> None:
    connections = []

    async def speaks_http(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer)
        writer.write(answer(status="400 No"))
        writer.close()

    async with await asyncio.start_server(speaks_http, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        request = ApiRequest(System.JTL, "GET", f"https://127.0.0.1:{port}/list", repeatable=True)
        failed = await failure_of(transport.exchange(request))
    assert (type(failed), len(connections)) == (errors.TlsFailed, 1)


async def test_a_write_never_goes_out_on_a_connection_that_was_used(transport: Transport) -> None:
    there = Other([answer()], keeps=True)
    async with await asyncio.start_server(there.serve, "127.0.0.1", 0) as server:
        there.port = server.sockets[0].getsockname()[1]
        for _ in range(3):
            await transport.exchange(read(there))
        assert (len(there.received), there.connections) == (3, 1)
        for _ in range(2):
            await transport.exchange(write(there))
        assert (len(there.received), there.connections) == (5, 3)
        await transport.pool.aclose()


def test_the_pauses_between_tries_are_spread() -> None:
    drawn = [Time().jitter() for _ in range(300)]
    assert 0.1 <= min(drawn) < 0.15
    assert 0.25 < max(drawn) <= 0.3


async def test_a_success_that_is_nonsense_is_not_tried_again(transport: Transport) -> None:
    async with other(answer(b"{")) as there:
        failed = await failure_of(transport.exchange(read(there)))
        assert len(there.received) == 1
    assert (type(failed), failed.status) == (errors.BadAnswer, 200)


async def test_nothing_is_tried_again_while_the_console_is_left(
    transport: Transport, time: Moving
) -> None:
    async with other(answer(b"|", status="503 Busy", size=1)) as there:
        asking = asyncio.ensure_future(failure_of(transport.exchange(read(there))))
        await there.arrived.wait()
        transport.pool.closed = True
        there.pause.set()
        failed = await asking
        assert (failed.status, time.asked, len(there.received)) == (503, [], 1)
    closed = await failure_of(transport.exchange(read(there)))
    assert (type(closed), closed.sent) == (errors.Unreachable, False)


async def test_all_tries_share_one_deadline(transport: Transport, time: Moving) -> None:
    async def for_ever(_: float) -> None:
        await asyncio.Event().wait()

    transport.time = replace(transport.time, sleep=for_ever)
    async with other(answer(status="503 Busy")) as there:
        failed = await failure_of(transport.exchange(read(there, timeout=0.2)))
        assert (type(failed), len(there.received)) == (errors.TimedOut, 1)


# What came.


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ('ETag: "v1"', 'If-None-Match: "v1"'),
        (
            "Last-Modified: Mon, 30 Nov 2026 01:00:00 GMT",
            "If-Modified-Since: Mon, 30 Nov 2026 01:00:00 GMT",
        ),
    ],
)
async def test_l7_a_polled_list_is_asked_for_only_if_it_changed(
    transport: Transport, given: str, asked: str
) -> None:
    same = answer(b"", status="304 Not Modified")
    async with other(answer(b"[1]", given), same, answer(b"[2]")) as there:
        first, second, third = [await transport.exchange(read(there, polled=True)) for _ in range(3)]
    assert (first.tree, second.tree, third.tree) == ([1], [1], [2])
    assert second.tree is first.tree
    assert (second.status, second.size) == (200, 3)
    assert [asked in head.decode() for head in there.received] == [False, True, True]


async def test_an_answer_tells_its_status_its_size_and_its_id(transport: Transport) -> None:
    async with other(answer(b'{"a":1}', "X-Request-Id: r-7", status="201 Made")) as there:
        told = await transport.exchange(read(there))
    assert (told.status, told.tree, told.empty, told.request_id, told.size) == (
        201,
        {"a": 1},
        False,
        "r-7",
        7,
    )


@pytest.mark.parametrize("body", [b"", b" \r\n "])
async def test_an_empty_answer_is_a_success_without_a_value(transport: Transport, body: bytes) -> None:
    async with other(answer(body, f"X-Request-Id: {SECRET}", status="202 Later")) as there:
        told = await transport.exchange(read(there), BEARER)
    assert (told.status, told.tree, told.empty, told.size) == (202, None, True, 0)
    assert SECRET not in told.request_id


@pytest.mark.parametrize("status", ["300 Many", "399 Odd", "400 No", "600 Odd"])
async def test_only_2xx_is_a_success(transport: Transport, status: str) -> None:
    async with other(answer(status=status)) as there:
        assert (await failure_of(transport.exchange(read(there)))).status == int(status[:3])


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize(("more", "taken"), [(0, True), (1, False)])
async def test_an_answer_of_exactly_the_limit_is_read(
    transport: Transport, announced: bool, more: int, taken: bool
) -> None:
    transport.max_response_mb = 1
    body = b'"' + b"x" * (1_048_574 + more) + b'"'
    said = answer(body) if announced else b"HTTP/1.1 200 OK\r\n\r\n" + body
    async with other(said) as there:
        if taken:
            assert (await transport.exchange(read(there))).size == 1_048_576
            return
        failed = await failure_of(transport.exchange(read(there)))
    assert "larger than 1 MB" in failed.sentence
    assert (failed.status, len(there.received)) == (200, 1)


async def test_what_is_announced_as_too_large_is_not_waited_for(transport: Transport) -> None:
    async with other(answer(b"1|", size=50_000_000)) as there:
        failed = await failure_of(transport.exchange(read(there)))
        there.pause.set()
    assert "larger than 32 MB" in failed.sentence
    assert "max_response_mb" in failed.next_step


@pytest.mark.parametrize("announced", ["²", "x", "-5"])
async def test_a_size_that_is_none_is_the_protocols_to_refuse(
    transport: Transport, announced: str
) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {announced}\r\n\r\n{{}}".encode()
    async with other(head) as there:
        failed = await failure_of(transport.exchange(read(there)))
    assert type(failed) is errors.BadAnswer


async def test_an_answer_that_breaks_off_says_after_how_much(transport: Transport) -> None:
    async with other(answer(b'{"a":', "X-Request-Id: r-8", size=99)) as there:
        failed = await failure_of(transport.exchange(read(there)))
        assert len(there.received) == 1
    assert "ended after 5 bytes" in failed.sentence
    assert (failed.status, failed.request_id) == (200, "r-8")


@pytest.mark.parametrize(
    ("codings", "refused"),
    [
        ("GZIP, gzip", True),
        ("gzip , deflate", True),
        ("identity, GZip", False),
        (", gzip", False),
        ("Identity , gzip", False),
        ("IDENTITY", False),
    ],
)
async def test_what_is_compressed_more_than_once_is_told_whatever_its_spelling(
    transport: Transport, codings: str, refused: bool
) -> None:
    body = b'{"a":1}' if codings == "IDENTITY" else gzip.compress(b'{"a":1}', mtime=0)
    async with other(answer(body, f"Content-Encoding: {codings}")) as there:
        if refused:
            failed = await failure_of(transport.exchange(read(there)))
            assert "compressed more than once" in failed.sentence
            assert failed.status == 200
        else:
            assert (await transport.exchange(read(there))).tree == {"a": 1}


@pytest.mark.parametrize("status", ["206 Part", "226 Used"])
async def test_a_part_has_its_status(transport: Transport, status: str) -> None:
    async with other(answer(b"{}", "X-Request-Id: r-9", status=status)) as there:
        failed = await failure_of(transport.exchange(read(there)))
    assert (str(failed.status), failed.request_id) == (status[:3], "r-9")


async def test_words_that_are_no_json_are_quoted_unless_they_may_be_a_secret(
    transport: Transport,
) -> None:
    async with other(answer(b"plain words", "X-Request-Id: r-1", status="203 Odd")) as there:
        told = await failure_of(transport.exchange(read(there)))
        kept = await failure_of(transport.exchange(read(there, confidential=True)))
    assert (told.status, told.request_id, told.detail) == (203, "r-1", "plain words")
    assert (kept.status, kept.detail) == (203, "")
    assert "plain words" not in kept.sentence + told.sentence


# Errors.


async def test_the_words_of_an_error_that_come_in_parts_are_told_whole(transport: Transport) -> None:
    body = json.dumps({"Message": "the first half | the second"}).encode()
    async with other(answer(body, status="400 No", size=len(body) - 1)) as there:
        asking = asyncio.ensure_future(failure_of(transport.exchange(read(there))))
        await there.arrived.wait()
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        there.pause.set()
        failed = await asking
    assert failed.detail == "the first half the second"


async def test_a_long_error_is_left_after_a_megabyte(transport: Transport) -> None:
    body = b"x" * 3_000_000 + b"|" + b"y" * 3_000_000
    async with other(answer(body, status="400 No", size=6_000_000)) as there:
        failed = await failure_of(transport.exchange(read(there)))
        assert not there.pause.is_set()
        there.pause.set()
    assert (failed.status, type(failed)) == (400, errors.Rejected)


async def test_the_words_of_an_error_are_waited_for_only_a_moment(
    transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.api.http.transport._MOST_ERROR_SECONDS", 0.1)
    async with other(answer(b"why|", status="409 No", size=9)) as there:
        failed = await failure_of(transport.exchange(read(there, timeout=20)))
        there.pause.set()
    assert (failed.status, failed.detail) == (409, "why")


async def test_an_error_that_is_compressed_more_than_once_has_no_words(transport: Transport) -> None:
    twice = gzip.compress(gzip.compress(b'{"Message": "words"}', mtime=0), mtime=0)
    async with other(answer(twice, "Content-Encoding: gzip, gzip", status="400 No")) as there:
        failed = await failure_of(transport.exchange(read(there)))
    assert (failed.status, failed.detail) == (400, "")


@pytest.mark.parametrize(("status", "sent"), [("407 P", False), ("511 N", False), ("503 B", True)])
async def test_whoever_stands_between_has_kept_the_write_to_himself(
    transport: Transport, status: str, sent: bool
) -> None:
    async with other(answer(b"", status=status)) as there:
        failed = await failure_of(transport.exchange(write(there)))
    assert failed.sent is sent


# Secrets.


@pytest.mark.parametrize("status", ["200 OK", "400 No"])
async def test_a_secret_that_was_sent_is_masked_in_whatever_repeats_it(
    transport: Transport, status: str
) -> None:
    body = json.dumps({"Message": f"no: {SECRET}", "a": [SECRET]}).encode()
    async with other(answer(body, f"X-Request-Id: {SECRET}", status=status)) as there:
        if status == "200 OK":
            told = await transport.exchange(read(there), BEARER)
            assert SECRET not in repr(told)
            assert told.size == len(body)
        else:
            failed = await failure_of(transport.exchange(read(there), BEARER))
            assert SECRET not in f"{failed!r} {failed.sentence} {failed.detail}"
            assert "•••" in failed.detail


async def test_a_secret_in_a_body_is_masked_as_well(transport: Transport) -> None:
    async with other(answer(f"not {SECRET}".encode(), status="400 No")) as there:
        request = replace(write(there), body={"Password": SecretStr(SECRET), "x": 1})
        failed = await failure_of(transport.exchange(request))
    assert SECRET not in failed.sentence + failed.detail
    assert failed.detail


# Lists that are polled.


def rows(number: int = 400) -> bytes:
    return json.dumps([{"Id": one, "Name": "a row of the list"} for one in range(number)]).encode()


async def test_a_list_that_came_byte_for_byte_again_is_not_decoded_anew(transport: Transport) -> None:
    other_rows = rows().replace(b"row", b"raw")
    async with other(answer(rows()), answer(rows()), answer(other_rows), answer(rows())) as there:
        trees = [(await transport.exchange(read(there, polled=True))).tree for _ in range(4)]
    assert trees[1] is trees[0]
    assert trees[2] != trees[0]
    assert trees[3] == trees[0]


@pytest.mark.parametrize(("body", "polled"), [(rows(), False), (b'[{"a":1}]', True)])
async def test_what_is_not_polled_or_short_is_not_kept(
    transport: Transport, body: bytes, polled: bool
) -> None:
    async with other(answer(body)) as there:
        first = (await transport.exchange(read(there, polled=polled))).tree
        second = (await transport.exchange(read(there, polled=polled))).tree
    assert first == second
    assert first is not second


@pytest.mark.parametrize(("length", "kept"), [(8_191, False), (8_192, True)])
async def test_from_which_length_on_a_list_is_kept(
    transport: Transport, length: int, kept: bool
) -> None:
    body = b'["' + b"x" * (length - 4) + b'"]'
    async with other(answer(body)) as there:
        trees = [(await transport.exchange(read(there, polled=True))).tree for _ in range(2)]
    assert (trees[0] is trees[1]) is kept


async def test_the_same_bytes_in_another_encoding_are_another_list(transport: Transport) -> None:
    body = b'["' + "ä".encode() * 5_000 + b'"]'
    async with other(
        answer(body, "Content-Type: application/json"),
        answer(body, "Content-Type: text/plain; charset=utf-8"),
    ) as there:
        trees = [(await transport.exchange(read(there, polled=True))).tree for _ in range(2)]
    assert trees[0] == trees[1]
    assert trees[0] is not trees[1]


# Clocks.


@pytest.mark.parametrize(
    ("told", "offset"),
    [
        ("Sun, 01 Mar 2026 03:01:00 GMT", 60.5),
        ("Sun, 01 Mar 2026 02:59:59 GMT", 0.0),
        ("Sun, 01 Mar 2026 02:59:50 GMT", -9.5),
        ("", None),
        ("yesterday", None),
        ("Thu, 01 Mar 2120 03:00:00 GMT", (date(2120, 3, 1) - date(2026, 3, 1)).days * 86_400 + 0.5),
        ("Fri, 01 Mar 2125 03:00:00 GMT", None),
    ],
)
async def test_the_servers_clock_is_compared_with_ours(
    transport: Transport, told: str, offset: float | None
) -> None:
    async with other(answer(b"{}", *([f"Date: {told}"] if told else []))) as there:
        await transport.exchange(read(there))
    assert transport.offset == offset


async def test_an_answer_without_a_date_leaves_what_was_known(transport: Transport) -> None:
    told = "Sun, 01 Mar 2026 03:00:07 GMT"
    async with other(answer(b"{}", f"Date: {told}"), answer()) as there:
        await transport.exchange(read(there))
        known = transport.offset
        await transport.exchange(read(there))
    assert known is not None
    assert transport.offset == known


# The wire log.


async def test_every_request_has_its_line_however_it_ends(
    transport: Transport, tmp_path: Path, time: Moving
) -> None:
    transport.wire_log = WireLog(tmp_path / "log")
    head = "X-Request-Id: r-5"
    async with other(
        answer(b'{"a":1}', head), answer(status="404 No"), b"", answer(b"{", size=9)
    ) as there:
        await transport.exchange(read(there))
        await failure_of(transport.exchange(read(there)))
        await failure_of(transport.exchange(write(there)))
        await failure_of(transport.exchange(write(there)))
    lines = [line.split() for line in (tmp_path / "log").read_text().splitlines()]
    assert [(line[1], line[3], line[5], line[6]) for line in lines] == [
        ("GET", "200", "7B", "r-5"),
        ("GET", "404", "7B", "-"),
        ("POST", "Unreachable", "0B", "-"),
        ("POST", "BadAnswer", "0B", "-"),
    ]
    assert lines[0][0].startswith("2026-03-01T03:00:00")
    assert lines[0][4] == "0ms"


async def test_a_call_that_was_cancelled_has_a_line_too(transport: Transport, tmp_path: Path) -> None:
    transport.wire_log = WireLog(tmp_path / "log")
    async with other(b"|") as there:
        asking = asyncio.ensure_future(transport.exchange(read(there)))
        await there.arrived.wait()
        asking.cancel()
        await asyncio.wait({asking})
        there.pause.set()
    assert asking.cancelled()
    assert " no-answer " in (tmp_path / "log").read_text()
