"""How a system is reached: certificates, proxies, compression, limits, the wire log, imports."""

import asyncio
import gzip
import json
import ssl
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.api.conftest import Open, Profiles, failure_of
from tests.drivers.certificates import certificate as made_certificate
from tests.drivers.simulator import RunningSimulator
from tui.api import errors
from tui.api.failures import broken
from tui.api.live import LiveService, build
from tui.api.network import is_loopback
from tui.api.request import ApiRequest
from tui.api.settings import BearerToken, ConnectionSettings, ServiceSettings, SuperOfficeSettings
from tui.domain.changes import ChangeEngineStatus, ConfigureWorker, SyncAll
from tui.domain.systems import System
from tui.simulator.app import create_app

ENGINE = json.dumps({"IsRunning": True, "StatusMessage": "x", "Interval": "00:15:00"}).encode()


@asynccontextmanager
async def a_server(
    body: bytes, *headers: str, tls: ssl.SSLContext | None = None, status: str = "200 OK"
) -> AsyncIterator[tuple[str, list[str]]]:
    """A plain server that always answers the same, and the heads of what it received."""
    received: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append((await reader.readuntil(b"\r\n\r\n")).decode())
        lines = [f"HTTP/1.1 {status}", "Connection: close", f"Content-Length: {len(body)}", *headers]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=tls)
    async with server:
        scheme = "http" if tls is None else "https"
        yield f"{scheme}://localhost:{server.sockets[0].getsockname()[1]}", received


@asynccontextmanager
async def a_port_that_says(
    said: bytes, *, then_hangs: bool = False
) -> AsyncIterator[tuple[str, list[str]]]:
    """Whatever is asked there, these bytes come, and what was asked."""
    received: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(said)
        await writer.drain()
        if then_hangs:
            await reader.read()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://localhost:{server.sockets[0].getsockname()[1]}", received


@pytest.fixture
def engine_at(open_service: Open, profiles: Profiles):  # type: ignore[no-untyped-def]  # a small closure
    def service(url: str, **connection: object) -> LiveService:
        auth = BearerToken(profiles.secret("t"))
        return open_service(None, SuperOfficeSettings(url, auth), connection=connection)

    return service


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for localhost, with its key in the same file."""
    home = tmp_path_factory.mktemp("tls")
    made = subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", home / "key.pem", "-out", home / "cert.pem"),
        ],
        check=False,
        capture_output=True,
    )
    if made.returncode:
        pytest.skip("openssl cannot make a certificate here")
    both = home / "both.pem"
    both.write_bytes((home / "key.pem").read_bytes() + (home / "cert.pem").read_bytes())
    return both


async def test_a_certificate_of_our_own_authority_is_accepted_by_its_bundle(
    engine_at: Open, certificate: Path
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    async with a_server(ENGINE, tls=tls) as (url, _):
        assert (await engine_at(url, ca_bundle=certificate).engine_status()).running is True
        failed = await failure_of(engine_at(url).engine_status())
    assert type(failed) is errors.TlsFailed
    assert "is self-signed" in failed.sentence
    assert "ca_bundle" in failed.next_step


@pytest.mark.parametrize(
    ("host", "days", "why", "step"),
    [
        ("localhost", -1, "has expired", "Have it renewed"),
        ("elsewhere", 30, "is for another host", "Write the URL in the profile with the name"),
    ],
)
async def test_a_certificate_that_no_bundle_helps_against_names_what_does(
    engine_at: Open, tmp_path: Path, host: str, days: int, why: str, step: str
) -> None:
    pem = made_certificate(tmp_path, host, days)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pem)
    async with a_server(ENGINE, tls=tls) as (url, _):
        failed = await failure_of(engine_at(url, ca_bundle=pem).engine_status())
    assert type(failed) is errors.TlsFailed
    assert why in failed.sentence
    assert step in failed.next_step
    assert "ca_bundle" not in failed.next_step


async def test_a_bundle_that_does_not_hold_the_certificate_is_named(
    engine_at: Open, certificate: Path, tmp_path: Path
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    other = made_certificate(tmp_path, "localhost", 30)
    async with a_server(ENGINE, tls=tls) as (url, _):
        with_bundle = await failure_of(engine_at(url, ca_bundle=other).engine_status())
        without = await failure_of(engine_at(url).engine_status())
    assert (type(with_bundle), type(without)) == (errors.TlsFailed, errors.TlsFailed)
    assert f"nor is it in {other}" in with_bundle.sentence
    assert "another PEM file" in with_bundle.next_step
    assert "nor is it in" not in without.sentence
    assert "to a PEM file" in without.next_step


async def test_https_on_a_port_that_speaks_http(erp: RunningSimulator, engine_at: Open) -> None:
    failed = await failure_of(engine_at(erp.so_base.replace("http:", "https:")).engine_status())
    assert type(failed) is errors.TlsFailed
    assert "does not speak TLS" in failed.next_step


async def test_a_bundle_that_is_not_there(engine_at: Open, tmp_path: Path) -> None:
    failed = await failure_of(
        engine_at("https://localhost:9", ca_bundle=tmp_path / "gone.pem").engine_status()
    )
    assert isinstance(failed, errors.ErpError)
    assert "ca_bundle" in failed.next_step


async def test_loopback_is_never_asked_through_a_proxy(
    engine_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with a_server(ENGINE) as (url, _):
        assert (await engine_at(url).engine_status()).running is True
        assert (await engine_at(url, proxy="http://127.0.0.1:9").engine_status()).running is True


async def test_others_are_asked_through_the_proxy_that_is_set(
    engine_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_server(ENGINE) as (url, received):
        assert (await engine_at("http://erp.invalid/x", proxy=url).engine_status()).running is True
        assert received[0].startswith("POST http://erp.invalid/x/api/v1/Agents/ErpSync/GetEngineStatus ")
        monkeypatch.setenv("http_proxy", url)
        assert (await engine_at("http://erp.invalid/y").engine_status()).running is True
        failed = await failure_of(engine_at("http://erp.invalid/y", proxy="none").engine_status())
    assert type(failed) is errors.Unreachable
    assert len(received) == 2


@pytest.mark.parametrize(
    ("said", "cause", "step"),
    [
        (b"HTTP/1.1 407 \x1b[31m\r\nContent-Length: 0\r\n\r\n", "wants a login", "HTTPS_PROXY"),
        (
            b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n",
            "did not connect to erp.invalid (403)",
            "`proxy`",
        ),
    ],
)
async def test_a_proxy_that_does_not_connect_is_named(
    engine_at: Open, said: bytes, cause: str, step: str
) -> None:
    async with a_port_that_says(said) as (proxy, _):
        failed = await failure_of(engine_at("https://erp.invalid", proxy=proxy).engine_status())
    assert type(failed) is errors.Unreachable
    assert f"the proxy {proxy} {cause}" in failed.sentence
    assert step in failed.next_step


@pytest.mark.parametrize(
    ("proxy", "cause"),
    [
        ("http://127.0.0.1:1", "the proxy http://127.0.0.1:1 refused the connection"),
        ("http://p.invalid:1", "the name of the proxy http://p.invalid:1 cannot be resolved"),
    ],
)
async def test_a_proxy_that_is_not_there_is_not_taken_for_the_server(
    engine_at: Open, proxy: str, cause: str
) -> None:
    service = engine_at("https://erp.invalid", proxy=proxy)
    failed = await failure_of(service.engine_status())
    written = await failure_of(service.change_engine_status(ChangeEngineStatus(run=True)))
    assert cause in failed.sentence
    assert "`proxy` in the profile" in failed.next_step
    assert (cause in written.sentence, written.sent) == (True, False)


async def test_a_proxy_that_hangs_up_is_named_beside_the_server(engine_at: Open) -> None:
    async with a_port_that_says(b"") as (proxy, _):
        failed = await failure_of(engine_at("https://erp.invalid", proxy=proxy).engine_status())
    assert proxy in failed.sentence
    assert "proxy" in failed.next_step


async def test_a_host_that_cannot_be_one_is_told(engine_at: Open) -> None:
    failed = await failure_of(engine_at("https://xn--/").engine_status())
    assert (type(failed), failed.sent) == (errors.Unreachable, False)
    assert "is no name of a host" in failed.sentence


async def test_a_proxy_that_cannot_be_used_is_told(engine_at: Open) -> None:
    failed = await failure_of(engine_at("http://erp.invalid/x", proxy="gopher://x").engine_status())
    assert type(failed) is errors.Unreachable
    assert "proxy" in failed.sentence


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost:1/x", True),
        ("http://api.localhost", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:5", True),
        ("http://10.0.0.1", False),
        ("https://localhost.example.com", False),
        ("http://", False),
    ],
)
def test_what_counts_as_this_machine(url: str, local: bool) -> None:
    assert is_loopback(url) is local


async def test_compressed_answers_are_read_and_broken_ones_told(engine_at: Open) -> None:
    async with a_server(gzip.compress(ENGINE), "Content-Encoding: gzip") as (url, received):
        assert (await engine_at(url).engine_status()).running is True
        assert "accept-encoding: gzip, deflate" in received[0].lower()
    async with a_server(b"no gzip at all", "Content-Encoding: gzip") as (url, _):
        failed = await failure_of(engine_at(url).engine_status())
    assert type(failed) is errors.BadAnswer
    assert "compression" in failed.sentence


async def test_a_small_answer_that_unpacks_to_a_huge_one_is_cut_off(engine_at: Open) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    async with a_server(bomb, "Content-Encoding: gzip") as (url, _):
        failed = await failure_of(engine_at(url, max_response_mb=2).engine_status())
    assert type(failed) is errors.BadAnswer
    assert "larger than 2 MB" in failed.sentence
    assert "max_response_mb" in failed.next_step


@pytest.mark.parametrize("value", [b"0", b"{}", b"[]", b'{"a":1}', b'""'])
async def test_a_swarm_of_tiny_values_is_not_even_decoded(engine_at: Open, value: bytes) -> None:
    swarm = b"[" + b",".join([value] * 200_000) + b"]"
    async with a_server(swarm) as (url, _):
        failed = await failure_of(engine_at(url).connections())
    assert type(failed) is errors.BadAnswer
    assert "more values than a list of its size can have" in failed.sentence


async def test_more_rows_than_anybody_can_look_at_are_refused(engine_at: Open) -> None:
    rows = [{"ErpConnectionId": number, "DisplayName": "x" * 90} for number in range(100_001)]
    async with a_server(json.dumps(rows).encode()) as (url, _):
        failed = await failure_of(engine_at(url).connections())
    assert type(failed) is errors.BadAnswer
    assert "100001 rows came, more than the 100000 that are read" in failed.sentence


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"]
)
async def test_redirects_are_told_and_not_followed(engine_at: Open, status: str) -> None:
    async with (
        a_server(ENGINE) as (target, received),
        a_server(b"", f"Location: {target}/elsewhere", status=status) as (url, _),
    ):
        failed = await failure_of(engine_at(url).engine_status())
    assert type(failed) is errors.BadAnswer
    assert f"redirected to {target}/elsewhere" in failed.sentence
    assert received == []


@pytest.mark.parametrize("status", ["301 Moved", "307 Temporary", "308 Permanent"])
@pytest.mark.parametrize("target", ["/other/path", "http://127.0.0.1:{port}/api/v1/elsewhere"])
async def test_d7_a_write_does_not_follow_a_redirect_on_its_own_host(
    engine_at: Open, status: str, target: str
) -> None:
    async with a_server(ENGINE) as (other, elsewhere):
        target = target.format(port=other.rpartition(":")[2])
        async with a_server(b"", f"Location: {target}", status=status) as (url, received):
            failed = await failure_of(engine_at(url).sync_all(SyncAll()))
    assert type(failed) is errors.BadAnswer
    assert target.rpartition("/")[2] in failed.sentence
    assert len(received) == 1
    assert elsewhere == []


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("/Account/LogOn?ReturnUrl=%2f", errors.NotAuthorised),
        ("https://idp.example/saml2/start", errors.NotAuthorised),
        ("https://auth.example/", errors.NotAuthorised),
        ("https://wawi.example/authors/api", errors.BadAnswer),
        ("https://lessons.example/", errors.BadAnswer),
    ],
)
async def test_a_login_page_is_told_by_its_address(
    engine_at: Open, target: str, kind: type[errors.ErpError]
) -> None:
    async with a_server(b"", f"Location: {target}", status="302 Found") as (url, _):
        failed = await failure_of(engine_at(url).engine_status())
    assert type(failed) is kind


@pytest.mark.parametrize(
    ("status", "kind", "cause", "step"),
    [
        ("407 Proxy", errors.Unreachable, "the proxy wants a login", "HTTPS_PROXY"),
        ("408 Slow", errors.TimedOut, "waited too long for the request", "network"),
        ("418 Pot", errors.Rejected, "refused the request (418 I'm a Teapot)", ""),
        ("423 \x1b[31m", errors.Rejected, "refused the request (423 Locked)", ""),
        ("451 No", errors.Rejected, "(451 Unavailable For Legal Reasons)", ""),
        ("507 Full", errors.ServerFailed, "failed (507 Insufficient Storage)", "server's own log"),
        ("511 Hotel", errors.Unreachable, "the network wants a login", "in a browser"),
        ("599 Odd", errors.ServerFailed, "failed (599)", "server's own log"),
        ("999 Odd", errors.ServerFailed, "failed (999)", "server's own log"),
    ],
)
async def test_a_status_that_no_sheet_names_has_a_cause_of_its_own(
    engine_at: Open, status: str, kind: type[errors.ErpError], cause: str, step: str
) -> None:
    async with a_server(b"", status=status) as (url, _):
        failed = await failure_of(engine_at(url).engine_status())
    assert type(failed) is kind
    assert cause in failed.sentence
    assert step in failed.next_step


async def test_an_error_whose_words_never_come_still_has_its_status(
    engine_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.api.transport._MOST_ERROR_SECONDS", 0.1)
    head = b"HTTP/1.1 409 Conflict\r\nContent-Length: 99\r\n\r\nI was"
    async with a_port_that_says(head, then_hangs=True) as (url, received):
        failed = await failure_of(engine_at(url).change_engine_status(ChangeEngineStatus(run=True)))
    assert (type(failed), failed.status, len(received)) == (errors.Conflict, 409, 1)
    assert failed.detail == "I was"


@pytest.mark.parametrize("date", ["Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0101 00:00:00 GMT"])
async def test_a_date_of_another_age_is_no_clock(engine_at: Open, date: str) -> None:
    async with a_server(ENGINE, f"Date: {date}") as (url, _):
        service = engine_at(url)
        await service.engine_status()
    assert service.clock_offset(System.SUPEROFFICE) is None


async def test_what_a_proxy_kept_to_itself_was_not_sent(engine_at: Open) -> None:
    async with a_server(b"", status="407 Proxy") as (url, received):
        failed = await failure_of(engine_at(url).change_engine_status(ChangeEngineStatus(run=True)))
    assert (failed.sent, len(received)) == (False, 1)


async def test_a_redirect_to_what_is_no_address_is_told(engine_at: Open) -> None:
    async with a_server(b"", "Location: http://[::1]:99999/\x1b[31m", status="302 Found") as (
        url,
        asked,
    ):
        failed = await failure_of(engine_at(url).engine_status())
    assert (type(failed), len(asked)) == (errors.BadAnswer, 3)
    assert "redirects to what is no address" in failed.sentence


async def test_cookies_of_a_server_are_not_kept(engine_at: Open) -> None:
    async with a_server(ENGINE, "Set-Cookie: track=1; Path=/") as (url, received):
        service = engine_at(url)
        await service.engine_status()
        await service.engine_status()
    assert "cookie:" not in received[1].lower()


async def test_a_cookie_that_nobody_can_read_is_not_spoken_of(
    engine_at: Open, recwarn: pytest.WarningsRecorder, capfd: pytest.CaptureFixture[str]
) -> None:
    async with a_server(ENGINE, f"Set-Cookie: a=b; max-age={'1' * 400}") as (url, _):
        assert (await engine_at(url).engine_status()).running is True
    assert (len(recwarn), capfd.readouterr().err) == (0, "")


@pytest.mark.parametrize("status", ["100 Continue", "200", "99 Odd", "700 Odd", "abc"])
async def test_odd_status_lines_are_failures_like_others(engine_at: Open, status: str) -> None:
    async with a_server(b"{}", status=status) as (url, _):
        failed = await failure_of(engine_at(url, read_timeout=2).engine_status())
    assert isinstance(failed, errors.ErpError)
    assert failed.sentence


@pytest.mark.parametrize("status", ["206 Partial Content", "226 IM Used"])
async def test_a_part_is_not_taken_for_the_whole(engine_at: Open, status: str) -> None:
    async with a_server(ENGINE, status=status) as (url, _):
        failed = await failure_of(engine_at(url).engine_status())
    assert type(failed) is errors.BadAnswer
    assert "a part was sent where all was asked for" in failed.sentence


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
        message = (await engine_at(url).engine_status()).message
    assert message in ("läuft – gut", "läuft - gut")


async def test_an_answer_that_is_compressed_twice_is_not_unpacked(engine_at: Open) -> None:
    bomb = gzip.compress(gzip.compress(b" " * 50_000_000))
    async with a_server(bomb, "Content-Encoding: gzip, gzip") as (url, _):
        failed = await failure_of(engine_at(url).engine_status())
    assert type(failed) is errors.BadAnswer
    assert "compressed more than once" in failed.sentence
    async with a_server(bomb, "Content-Encoding: gzip, gzip", status="500 Oh") as (url, _):
        failed = await failure_of(engine_at(url).engine_status())
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
        read = await failure_of(service.engine_status())
        assert len(received) == 3
        written = await failure_of(service.change_engine_status(ChangeEngineStatus(run=True)))
    assert type(read) is errors.BadAnswer
    assert "sent is no HTTP" in read.sentence
    assert "port of base_url" in read.next_step
    assert len(received) == 4
    assert "whether it took effect is unknown" in written.sentence


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
        service = open_service(None, SuperOfficeSettings(url, auth))
        empty = await failure_of(service.engine_status())
        assert "answered with nothing" in empty.sentence
        assert (await service.engine_status()).running is True
        await service.aclose()


async def test_a_retry_after_in_both_forms(engine_at: Open) -> None:
    async with a_server(b"", "Retry-After: 12", status="503 Busy") as (url, _):
        assert (await failure_of(engine_at(url).engine_status())).retry_after == 12
    async with a_server(b"", "Retry-After: Sun, 01 Jan 2017 00:00:00 GMT", status="429 Slow") as (
        url,
        _,
    ):
        assert (await failure_of(engine_at(url).engine_status())).retry_after == 0
    async with a_server(b"", "Retry-After: soon", status="429 Slow") as (url, _):
        assert (await failure_of(engine_at(url).engine_status())).retry_after is None


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
        read = await failure_of(service.engine_status())
        written = await failure_of(service.change_engine_status(ChangeEngineStatus(run=True)))
    assert (type(read), read.retry_after) == (errors.Throttled, None)
    assert (type(written), written.retry_after) == (errors.Throttled, None)


async def test_hostile_words_of_an_error_are_harmless(engine_at: Open) -> None:
    body = json.dumps({"ErrorMessage": "\x1b[2J\u202egnp.exe\n[bold]x" + "y" * 5_000}).encode()
    async with a_server(body, "X-Request-Id: \x9b31m", status="500 Bad") as (url, _):
        failed = await failure_of(engine_at(url).engine_status())
    told = failed.sentence + failed.detail + failed.request_id
    assert not any(char in told for char in "\x1b\u202e\n\x9b")
    assert len(failed.sentence) < 500


async def test_long_words_leave_room_for_the_next_step_and_are_whole_in_the_details(
    engine_at: Open,
) -> None:
    body = json.dumps({"ErrorMessage": "so " * 99}).encode()
    async with a_server(body, status="400 Bad") as (url, _):
        service = engine_at(url)
        read = await failure_of(service.engine_status())
        written = await failure_of(service.change_engine_status(ChangeEngineStatus(run=True)))
    assert len(read.sentence) < 150
    assert len(read.detail) > 250
    assert len(written.sentence) > 250


async def test_hostile_text_in_every_field_is_neutralised(
    erp: RunningSimulator, both: LiveService
) -> None:
    erp.fault("/erp/v1/workers=hostile")
    erp.fault("ErpSync=hostile")
    seen = repr(await both.workers()) + repr(await both.worker_status()) + repr(await both.connections())
    seen += (await both.engine_status()).message or ""
    assert "taken over" in seen
    for hostile in ("\\x1b", "\\x9b", "\\x07", "\\x00", "\\u202e", "\\u2066", "\\ud800", "\x1b", "\x9b"):
        assert hostile not in seen


async def test_the_wire_log_has_a_line_per_request_and_no_secret(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, tmp_path: Path
) -> None:
    path = tmp_path / "wire.log"
    service = open_service(profiles.cloud(), profiles.superoffice(), log_file=path)
    sync = (await service.workers())[0]
    await service.configure_worker(ConfigureWorker(sync.id, "00:10:00"))
    erp.fault("ErpSync=reset")
    await failure_of(service.engine_status())
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
    settings = ServiceSettings("demo", profiles.cloud(), profiles.superoffice(), ConnectionSettings())
    service = build(settings, asgi_app=app)
    assert len(await service.workers()) == 12
    assert (await service.engine_status()).running is not None
    assert profiles.erp.log() == []
    await service.aclose()


def test_settings_refuse_what_no_header_can_carry(profiles: Profiles) -> None:
    with pytest.raises(ValueError, match="app_id holds a character"):
        profiles.cloud(app_id="syncdeck\r\nX-Evil: 1")
    with pytest.raises(ValueError, match="language holds a character"):
        replace(profiles.superoffice(), language="日本語")


def test_a_profile_imports_only_what_it_needs() -> None:
    code = """
import asyncio, sys
from tui.api.live import build
from tui.api.settings import *
from tui.api.errors import ErpError
jtl = JtlSettings("http://127.0.0.1:9/erp", BearerToken(EnvRef("NOT_SET_ANYWHERE")))
async def main():
    service = build(ServiceSettings("x", jtl))
    try:
        await service.workers()
    except ErpError as error:
        print(error)
    await service.aclose()
asyncio.run(main())
unwanted = ("tui.api.superoffice", "textual", "starlette")
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
    assert "whether it took effect is unknown" in error.sentence


async def test_once_nothing_remains_of_the_rate_limit_reads_rest_and_say_so(engine_at: Open) -> None:
    told = (
        "X-RateLimit-Limit: 300",
        "X-RateLimit-Interval-Length-Seconds: 60",
        "X-RateLimit-Remaining: 0",
    )
    async with a_server(ENGINE, *told) as (url, received):
        service = engine_at(url)
        assert (await service.engine_status()).running
        resting = await failure_of(service.engine_status())
    assert isinstance(resting, errors.Throttled)
    assert "the rate limit of SuperOffice is used up (300 requests in 60s)" in resting.sentence
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
        await service.engine_status()
        await service.engine_status()
    assert len(received) == 2


async def test_a_used_up_rate_limit_does_not_hold_back_what_an_operator_sends(engine_at: Open) -> None:
    told = (
        "X-RateLimit-Limit: 300",
        "X-RateLimit-Interval-Length-Seconds: 60",
        "X-RateLimit-Remaining: 0",
    )
    async with a_server(ENGINE, *told) as (url, received):
        service = engine_at(url)
        await service.engine_status()
        await service.change_engine_status(ChangeEngineStatus(run=False))
    assert len(received) == 2
