"""Bodies and headers that are not what they are said to be, and what is kept of them."""

import asyncio
import gzip
import json
import ssl
import stat
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.api.conftest import Open, Profiles, failure_of
from tests.api.http.test_client_pool import ENGINE, a_port_that_says, a_server
from tests.drivers.simulator import RunningSimulator
from tui.api import errors
from tui.api.http.error_mapping import broken
from tui.api.http.request import ApiRequest
from tui.api.live_service import LiveService
from tui.api.settings import BearerToken, ConnectionSettings, ServiceSettings, SuperOfficeSettings
from tui.domain.profile import System
from tui.domain.writes import ChangeEngineStatus, ConfigureWorker
from tui.simulator.app import create_app


@pytest.mark.parametrize("status", ["206 Partial Content", "226 IM Used"])
async def test_a_part_is_not_taken_for_the_whole(engine_at: Open, status: str) -> None:
    async with a_server(ENGINE, status=status) as (url, _):
        failed = await failure_of(engine_at(url).superoffice.engine_status())
    assert type(failed) is errors.BadAnswer
    assert "partial content (206) where a full response was expected" in failed.sentence


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-16", "application/json"),
        ("utf-32-le", "application/json"),
        ("utf-8-sig", "application/json; charset=utf-16"),
        ("utf-8", "application/json; charset=iso-8859-1"),
        ("utf-8", "application/json; charset=punycode"),
        ("latin-1", "application/json; charset=ISO-8859-1"),
        ("cp1252", "application/json; charset=windows-1252"),
    ],
)
async def test_text_is_read_as_what_it_is_whatever_its_header_says(
    engine_at: Open, encoding: str, named: str
) -> None:
    body = '{"IsRunning": true, "StatusMessage": "läuft – gut", "Interval": "00:15:00"}'
    said = body if encoding != "latin-1" else body.replace("–", "-")
    async with a_server(said.encode(encoding), f"Content-Type: {named}") as (url, _):
        message = (await engine_at(url).superoffice.engine_status()).message
    assert message in ("läuft – gut", "läuft - gut")


async def test_an_answer_that_is_compressed_twice_is_not_unpacked(engine_at: Open) -> None:
    bomb = gzip.compress(gzip.compress(b" " * 50_000_000, mtime=0), mtime=0)
    async with a_server(bomb, "Content-Encoding: gzip, gzip") as (url, _):
        failed = await failure_of(engine_at(url).superoffice.engine_status())
    assert type(failed) is errors.BadAnswer
    assert "compressed more than once" in failed.sentence
    async with a_server(bomb, "Content-Encoding: gzip, gzip", status="500 Oh") as (url, _):
        failed = await failure_of(engine_at(url).superoffice.engine_status())
    assert (type(failed), failed.status, failed.detail) == (errors.ServerFailed, 500, "")


@pytest.mark.parametrize(
    "said",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"\x15\x03\x01\x00\x02\x02\x16\r\n\r\n",
        b"HTTP/2 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n12",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_not_called_a_dropped_connection(engine_at: Open, said: bytes) -> None:
    async with a_port_that_says(said) as (url, received):
        service = engine_at(url)
        read = await failure_of(service.superoffice.engine_status())
        assert len(received) == 3
        written = await failure_of(
            service.superoffice.change_engine_status(ChangeEngineStatus(run=True))
        )
    assert type(read) is errors.BadAnswer
    assert "does not speak HTTP" in read.sentence
    assert "port of base_url" in read.next_step
    assert len(received) == 4
    assert written.in_doubt


async def test_a_body_where_none_may_be_does_not_spoil_the_next_answer(
    open_service: Open, profiles: Profiles
) -> None:
    head = b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n"
    answers = iter((head % (b"204 None", 9) + b"leftovers", head % (b"200 OK", len(ENGINE)) + ENGINE))

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(next(answers, head % (b"200 OK", len(ENGINE)) + ENGINE))
                await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        url = f"http://localhost:{server.sockets[0].getsockname()[1]}"
        auth = BearerToken(profiles.secret("t"))
        service = open_service(None, SuperOfficeSettings(url, auth=auth))
        empty = await failure_of(service.superoffice.engine_status())
        assert "it is empty" in empty.sentence
        assert (await service.superoffice.engine_status()).running is True
        await service.aclose()


async def test_a_retry_after_in_both_forms(engine_at: Open) -> None:
    async with a_server(b"", "Retry-After: 12", status="503 Busy") as (url, _):
        assert (await failure_of(engine_at(url).superoffice.engine_status())).retry_after == 12
    async with a_server(b"", "Retry-After: Sun, 01 Jan 2017 00:00:00 GMT", status="429 Slow") as (
        url,
        _,
    ):
        assert (await failure_of(engine_at(url).superoffice.engine_status())).retry_after == 0
    async with a_server(b"", "Retry-After: soon", status="429 Slow") as (url, _):
        assert (await failure_of(engine_at(url).superoffice.engine_status())).retry_after is None


@pytest.mark.parametrize(
    "told",
    [
        "",
        "-5",
        "1.5",
        "9" * 5_000,
        "Wed, 99 Xxx 2015",
        "Wed, 21 Oct 99999999999999999999 07:28:00 GMT",
        "Wed, 21 Oct 2015 99999999999999999999:28:00 GMT",
        "Wed, 21 Oct 2015 07:28:00 +99999999999",
    ],
)
async def test_a_retry_after_that_is_none_is_left_aside(engine_at: Open, told: str) -> None:
    async with a_server(b"", f"Retry-After: {told}", status="429 Slow") as (url, _):
        service = engine_at(url)
        read = await failure_of(service.superoffice.engine_status())
        written = await failure_of(
            service.superoffice.change_engine_status(ChangeEngineStatus(run=True))
        )
    assert (type(read), read.retry_after) == (errors.Throttled, None)
    assert (type(written), written.retry_after) == (errors.Throttled, None)


async def test_hostile_words_of_an_error_are_harmless(engine_at: Open) -> None:
    body = json.dumps({"ErrorMessage": "\x1b[2J\u202egnp.exe\n[bold]x" + "y" * 5_000}).encode()
    async with a_server(body, "X-Request-Id: \x9b31m", status="500 Bad") as (url, _):
        failed = await failure_of(engine_at(url).superoffice.engine_status())
    told = failed.sentence + failed.detail + failed.request_id
    assert not any(char in told for char in "\x1b\u202e\n\x9b")
    assert len(failed.sentence) < 500


async def test_long_words_leave_room_for_the_next_step_and_are_whole_in_the_details(
    engine_at: Open,
) -> None:
    body = json.dumps({"ErrorMessage": "so " * 99}).encode()
    async with a_server(body, status="400 Bad") as (url, _):
        service = engine_at(url)
        read = await failure_of(service.superoffice.engine_status())
        written = await failure_of(
            service.superoffice.change_engine_status(ChangeEngineStatus(run=True))
        )
    assert len(read.sentence) < 150
    assert len(read.detail) > 250
    assert len(written.sentence) > 250


async def test_hostile_text_in_every_field_is_neutralised(
    erp: RunningSimulator, both: LiveService
) -> None:
    erp.fault("/erp/v1/workers=hostile")
    erp.fault("ErpSync=hostile")
    seen = (
        repr(await both.jtl.workers())
        + repr(await both.jtl.worker_status())
        + repr(await both.superoffice.connections())
    )
    seen += (await both.superoffice.engine_status()).message or ""
    assert "taken over" in seen
    for hostile in ("\\x1b", "\\x9b", "\\x07", "\\x00", "\\u202e", "\\u2066", "\\ud800", "\x1b", "\x9b"):
        assert hostile not in seen


async def test_the_wire_log_has_a_line_per_request_and_no_secret(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, tmp_path: Path
) -> None:
    path = tmp_path / "wire.log"
    service = open_service(profiles.cloud(), profiles.superoffice(), log_file=path)
    sync = (await service.jtl.workers())[0]
    await service.jtl.configure_worker(ConfigureWorker(sync.id, "00:10:00"))
    erp.fault("ErpSync=reset")
    await failure_of(service.superoffice.engine_status())
    lines = path.read_text().splitlines()
    assert [line.split()[1:4] for line in lines] == [
        ["POST", erp.token_url, "200"],
        ["GET", f"{erp.cloud_base}/v1/workers", "200"],
        ["POST", f"{erp.cloud_base}/v1/workers/{sync.id}", "200"],
        *[["POST", f"{erp.so_base}/api/v1/Agents/ErpSync/GetEngineStatus", "Unreachable"]] * 3,
    ]
    for hidden in (erp.client_secret, erp.so_token, "sim-access-"):
        assert hidden not in path.read_text()
    assert "00:10:00" not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_the_demo_needs_no_network(profiles: Profiles) -> None:
    app = create_app()
    settings = ServiceSettings(profiles.cloud(), profiles.superoffice(), ConnectionSettings())
    service = LiveService(settings, asgi_app=app)
    assert len(await service.jtl.workers()) == 12
    assert (await service.superoffice.engine_status()).running is not None
    assert profiles.erp.log() == []
    await service.aclose()


def test_settings_refuse_what_no_header_can_carry(profiles: Profiles) -> None:
    with pytest.raises(ValueError, match="app_id contains a character"):
        profiles.cloud(app_id="syncdeck\r\nX-Evil: 1")
    with pytest.raises(ValueError, match="language contains a character"):
        replace(profiles.superoffice(), language="日本語")


def test_a_profile_imports_only_what_it_needs() -> None:
    code = """
import asyncio, sys
from tui.api.live_service import LiveService
from tui.api.settings import *
from tui.api.errors import ErpError
jtl = JtlSettings("http://127.0.0.1:9/erp", auth=BearerToken(EnvRef("NOT_SET_ANYWHERE")))
async def main():
    service = LiveService(ServiceSettings(jtl))
    try:
        await service.jtl.workers()
    except ErpError as error:
        print(error)
    await service.aclose()
asyncio.run(main())
unwanted = ("tui.api.superoffice.client", "textual", "tui.simulator.app")
loaded = {name for name in sys.modules if name.startswith(unwanted)}
print(loaded or "nothing more")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "environment variable NOT_SET_ANYWHERE is not set",
        "nothing more",
    ]


def test_a_tls_failure_while_the_answer_is_read_leaves_a_write_in_doubt() -> None:
    request = ApiRequest(System.JTL, "PUT", "https://wawi.example/workers/1", (), repeatable=False)
    failure = httpx.ReadError("")
    failure.__cause__ = ssl.SSLError(1, "bad record mac")

    error = broken(request, failure)

    assert isinstance(error, errors.Unreachable)
    assert error.sent
    assert error.in_doubt


async def test_once_nothing_remains_of_the_rate_limit_reads_rest_and_say_so(engine_at: Open) -> None:
    told = (
        "X-RateLimit-Limit: 300",
        "X-RateLimit-Interval-Length-Seconds: 60",
        "X-RateLimit-Remaining: 0",
    )
    async with a_server(ENGINE, *told) as (url, received):
        service = engine_at(url)
        assert (await service.superoffice.engine_status()).running
        resting = await failure_of(service.superoffice.engine_status())
    assert isinstance(resting, errors.Throttled)
    assert "the rate limit of SuperOffice is used up (300 requests in 60s)" in resting.sentence
    assert resting.retry_after is not None
    assert 50 < resting.retry_after <= 60
    assert not resting.sent
    assert len(received) == 1


@pytest.mark.parametrize("remaining", ["1", "", "-1", "none", "9" * 30])
async def test_a_rate_limit_that_is_not_used_up_or_cannot_be_read_holds_nothing_back(
    engine_at: Open, remaining: str
) -> None:
    told = (
        "X-RateLimit-Limit: 300",
        "X-RateLimit-Interval-Length-Seconds: 60",
        f"X-RateLimit-Remaining: {remaining}",
    )
    async with a_server(ENGINE, *told) as (url, received):
        service = engine_at(url)
        await service.superoffice.engine_status()
        await service.superoffice.engine_status()
    assert len(received) == 2


async def test_a_used_up_rate_limit_does_not_hold_back_what_an_operator_sends(engine_at: Open) -> None:
    told = (
        "X-RateLimit-Limit: 300",
        "X-RateLimit-Interval-Length-Seconds: 60",
        "X-RateLimit-Remaining: 0",
    )
    async with a_server(ENGINE, *told) as (url, received):
        service = engine_at(url)
        await service.superoffice.engine_status()
        await service.superoffice.change_engine_status(ChangeEngineStatus(run=False))
    assert len(received) == 2
