"""How a system is reached: certificates, proxies, compression, limits, the wire log, imports."""

import asyncio
import gzip
import json
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.api.conftest import Open, Profiles, failure_of
from tests.drivers.certificates import certificate as made_certificate
from tests.drivers.simulator import RunningSimulator
from tui.api import errors
from tui.api.settings import BearerToken, SecretRef, SuperOfficeSettings
from tui.domain.profile import System
from tui.domain.urls import is_loopback
from tui.domain.writes import ChangeEngineStatus, SyncAll

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
        assert (await engine_at(url, ca_bundle=certificate).superoffice.engine_status()).running is True
        failed = await failure_of(engine_at(url).superoffice.engine_status())
    assert type(failed) is errors.TlsFailed
    assert "is self-signed" in failed.sentence
    assert "ca_bundle" in failed.next_step


@pytest.mark.parametrize(
    ("host", "days", "why", "step"),
    [
        ("localhost", -1, "has expired", "Have it renewed"),
        ("elsewhere", 30, "is for elsewhere", "Use its name in base_url instead of localhost"),
    ],
)
async def test_a_certificate_that_no_bundle_helps_against_names_what_does(
    engine_at: Open, tmp_path: Path, host: str, days: int, why: str, step: str
) -> None:
    pem = made_certificate(tmp_path, host, days)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pem)
    async with a_server(ENGINE, tls=tls) as (url, _):
        failed = await failure_of(engine_at(url, ca_bundle=pem).superoffice.engine_status())
    assert type(failed) is errors.TlsFailed
    assert why in failed.sentence
    assert step in failed.next_step
    assert "ca_bundle" not in failed.next_step


async def test_f7_a_certificate_of_another_name_is_accepted_by_that_name(
    open_service: Open, profiles: Profiles, tmp_path: Path
) -> None:
    pem = made_certificate(tmp_path, "elsewhere", 30)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pem)
    auth = BearerToken(profiles.secret("t"))
    async with a_server(ENGINE, tls=tls) as (url, _):
        for name, accepted in (("elsewhere", True), ("nowhere", False)):
            settings = SuperOfficeSettings(url, auth=auth, server_name=name)
            service = open_service(None, settings, connection={"ca_bundle": pem})
            if accepted:
                assert (await service.superoffice.engine_status()).running is True
            else:
                assert type(await failure_of(service.superoffice.engine_status())) is errors.TlsFailed


async def test_f12_extra_headers_are_sent_and_masked(
    open_service: Open, profiles: Profiles, tmp_path: Path
) -> None:
    log = tmp_path / "wire.log"
    auth = BearerToken(profiles.secret("t"))
    headers: dict[str, SecretRef] = {"CF-Access-Client-Secret": profiles.secret("hunter2", "cf")}
    async with a_server(ENGINE) as (url, received):
        settings = SuperOfficeSettings(url, auth=auth, headers=headers)
        service = open_service(None, settings, log_file=log)
        await service.superoffice.engine_status()
        shown = dict(service.preview(ChangeEngineStatus(run=True)).headers)
    assert "CF-Access-Client-Secret: hunter2\r\n" in received[0]
    assert shown["CF-Access-Client-Secret"] == "•••"
    assert "hunter2" not in log.read_text()


async def test_f7_a_port_that_speaks_tls_is_suspected_where_http_fails(
    engine_at: Open, certificate: Path
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    async with a_server(ENGINE, tls=tls) as (url, _):
        failed = await failure_of(engine_at(url.replace("https:", "http:")).superoffice.engine_status())
    assert "perhaps this port speaks TLS" in failed.next_step
    assert "https://" in failed.next_step


async def test_a_bundle_that_does_not_hold_the_certificate_is_named(
    engine_at: Open, certificate: Path, tmp_path: Path
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    other = made_certificate(tmp_path, "localhost", 30)
    async with a_server(ENGINE, tls=tls) as (url, _):
        with_bundle = await failure_of(engine_at(url, ca_bundle=other).superoffice.engine_status())
        without = await failure_of(engine_at(url).superoffice.engine_status())
    assert (type(with_bundle), type(without)) == (errors.TlsFailed, errors.TlsFailed)
    assert f"not in {other}" in with_bundle.sentence
    assert "another PEM file" in with_bundle.next_step
    assert " not in " not in without.sentence
    assert "to a PEM file" in without.next_step


async def test_https_on_a_port_that_speaks_http(erp: RunningSimulator, engine_at: Open) -> None:
    failed = await failure_of(
        engine_at(erp.so_base.replace("http:", "https:")).superoffice.engine_status()
    )
    assert type(failed) is errors.TlsFailed
    assert "does not speak TLS" in failed.next_step


async def test_a_bundle_that_is_not_there(engine_at: Open, tmp_path: Path) -> None:
    failed = await failure_of(
        engine_at("https://localhost:9", ca_bundle=tmp_path / "gone.pem").superoffice.engine_status()
    )
    assert isinstance(failed, errors.ErpError)
    assert "ca_bundle" in failed.next_step


async def test_loopback_is_never_asked_through_a_proxy(
    engine_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with a_server(ENGINE) as (url, _):
        assert (await engine_at(url).superoffice.engine_status()).running is True
        assert (
            await engine_at(url, proxy="http://127.0.0.1:9").superoffice.engine_status()
        ).running is True


async def test_others_are_asked_through_the_proxy_that_is_set(
    engine_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_server(ENGINE) as (url, received):
        assert (
            await engine_at("http://erp.invalid/x", proxy=url).superoffice.engine_status()
        ).running is True
        assert received[0].startswith("POST http://erp.invalid/x/api/v1/Agents/ErpSync/GetEngineStatus ")
        monkeypatch.setenv("http_proxy", url)
        assert (await engine_at("http://erp.invalid/y").superoffice.engine_status()).running is True
        failed = await failure_of(
            engine_at("http://erp.invalid/y", proxy="none").superoffice.engine_status()
        )
    assert type(failed) is errors.Unreachable
    assert len(received) == 2


@pytest.mark.parametrize(
    ("said", "cause", "step"),
    [
        (b"HTTP/1.1 407 \x1b[31m\r\nContent-Length: 0\r\n\r\n", "requires a login", "HTTPS_PROXY"),
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
        failed = await failure_of(
            engine_at("https://erp.invalid", proxy=proxy).superoffice.engine_status()
        )
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
    failed = await failure_of(service.superoffice.engine_status())
    written = await failure_of(service.superoffice.change_engine_status(ChangeEngineStatus(run=True)))
    assert cause in failed.sentence
    assert "`proxy` in the profile" in failed.next_step
    assert (cause in written.sentence, written.sent) == (True, False)


async def test_a_proxy_that_hangs_up_is_named_beside_the_server(engine_at: Open) -> None:
    async with a_port_that_says(b"") as (proxy, _):
        failed = await failure_of(
            engine_at("https://erp.invalid", proxy=proxy).superoffice.engine_status()
        )
    assert proxy in failed.sentence
    assert "proxy" in failed.next_step


async def test_a_host_that_cannot_be_one_is_told(engine_at: Open) -> None:
    failed = await failure_of(engine_at("https://xn--/").superoffice.engine_status())
    assert (type(failed), failed.sent) == (errors.Unreachable, False)
    assert "is not a valid host name" in failed.sentence


async def test_a_proxy_that_cannot_be_used_is_told(engine_at: Open) -> None:
    failed = await failure_of(
        engine_at("http://erp.invalid/x", proxy="gopher://x").superoffice.engine_status()
    )
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
    async with a_server(gzip.compress(ENGINE, mtime=0), "Content-Encoding: gzip") as (url, received):
        assert (await engine_at(url).superoffice.engine_status()).running is True
        assert "accept-encoding: gzip, deflate" in received[0].lower()
    async with a_server(b"no gzip at all", "Content-Encoding: gzip") as (url, _):
        failed = await failure_of(engine_at(url).superoffice.engine_status())
    assert type(failed) is errors.BadAnswer
    assert "compression" in failed.sentence


async def test_a_small_answer_that_unpacks_to_a_huge_one_is_cut_off(engine_at: Open) -> None:
    bomb = gzip.compress(b" " * 50_000_000, mtime=0)
    async with a_server(bomb, "Content-Encoding: gzip") as (url, _):
        failed = await failure_of(engine_at(url, max_response_mb=2).superoffice.engine_status())
    assert type(failed) is errors.BadAnswer
    assert "larger than 2 MB" in failed.sentence
    assert "max_response_mb" in failed.next_step


@pytest.mark.parametrize("value", [b"0", b"{}", b"[]", b'{"a":1}', b'""'])
async def test_a_swarm_of_tiny_values_is_not_even_decoded(engine_at: Open, value: bytes) -> None:
    swarm = b"[" + b",".join([value] * 200_000) + b"]"
    async with a_server(swarm) as (url, _):
        failed = await failure_of(engine_at(url).superoffice.connections())
    assert type(failed) is errors.BadAnswer
    assert "more values than a list of its size can have" in failed.sentence


async def test_more_rows_than_anybody_can_look_at_are_refused(engine_at: Open) -> None:
    rows = [{"ErpConnectionId": number, "DisplayName": "x" * 90} for number in range(100_001)]
    async with a_server(json.dumps(rows).encode()) as (url, _):
        failed = await failure_of(engine_at(url).superoffice.connections())
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
        failed = await failure_of(engine_at(url).superoffice.engine_status())
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
            failed = await failure_of(engine_at(url).superoffice.sync_all(SyncAll()))
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
        failed = await failure_of(engine_at(url).superoffice.engine_status())
    assert type(failed) is kind


@pytest.mark.parametrize(
    ("status", "kind", "cause", "step"),
    [
        ("407 Proxy", errors.Unreachable, "the proxy requires a login", "HTTPS_PROXY"),
        ("408 Slow", errors.TimedOut, "timed out waiting for the request", "network"),
        ("418 Pot", errors.Rejected, "refused the request (418 I'm a Teapot)", ""),
        ("423 \x1b[31m", errors.Rejected, "refused the request (423 Locked)", ""),
        ("451 No", errors.Rejected, "(451 Unavailable For Legal Reasons)", ""),
        ("507 Full", errors.ServerFailed, "failed (507 Insufficient Storage)", "the server's log"),
        ("511 Hotel", errors.Unreachable, "the network requires a login", "in a browser"),
        ("599 Odd", errors.ServerFailed, "failed (599)", "the server's log"),
        ("999 Odd", errors.ServerFailed, "failed (999)", "the server's log"),
    ],
)
async def test_a_status_that_no_sheet_names_has_a_cause_of_its_own(
    engine_at: Open, status: str, kind: type[errors.ErpError], cause: str, step: str
) -> None:
    async with a_server(b"", status=status) as (url, _):
        failed = await failure_of(engine_at(url).superoffice.engine_status())
    assert type(failed) is kind
    assert cause in failed.sentence
    assert step in failed.next_step


async def test_an_error_whose_words_never_come_still_has_its_status(
    engine_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.api.http.transport._MOST_ERROR_SECONDS", 0.1)
    head = b"HTTP/1.1 409 Conflict\r\nContent-Length: 99\r\n\r\nI was"
    async with a_port_that_says(head, then_hangs=True) as (url, received):
        failed = await failure_of(
            engine_at(url).superoffice.change_engine_status(ChangeEngineStatus(run=True))
        )
    assert (type(failed), failed.status, len(received)) == (errors.Conflict, 409, 1)
    assert failed.detail == "I was"


@pytest.mark.parametrize("date", ["Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0101 00:00:00 GMT"])
async def test_a_date_of_another_age_is_no_clock(engine_at: Open, date: str) -> None:
    async with a_server(ENGINE, f"Date: {date}") as (url, _):
        service = engine_at(url)
        await service.superoffice.engine_status()
    assert service.clock_offset(System.SUPEROFFICE) is None


async def test_what_a_proxy_kept_to_itself_was_not_sent(engine_at: Open) -> None:
    async with a_server(b"", status="407 Proxy") as (url, received):
        failed = await failure_of(
            engine_at(url).superoffice.change_engine_status(ChangeEngineStatus(run=True))
        )
    assert (failed.sent, len(received)) == (False, 1)


async def test_a_redirect_to_what_is_no_address_is_told(engine_at: Open) -> None:
    async with a_server(b"", "Location: http://[::1]:99999/\x1b[31m", status="302 Found") as (
        url,
        asked,
    ):
        failed = await failure_of(engine_at(url).superoffice.engine_status())
    assert (type(failed), len(asked)) == (errors.BadAnswer, 3)
    assert "redirects to an invalid address" in failed.sentence


async def test_cookies_of_a_server_are_not_kept(engine_at: Open) -> None:
    async with a_server(ENGINE, "Set-Cookie: track=1; Path=/") as (url, received):
        service = engine_at(url)
        await service.superoffice.engine_status()
        await service.superoffice.engine_status()
    assert "cookie:" not in received[1].lower()


async def test_a_cookie_that_nobody_can_read_is_not_spoken_of(
    engine_at: Open, recwarn: pytest.WarningsRecorder, capfd: pytest.CaptureFixture[str]
) -> None:
    async with a_server(ENGINE, f"Set-Cookie: a=b; max-age={'1' * 400}") as (url, _):
        assert (await engine_at(url).superoffice.engine_status()).running is True
    assert (len(recwarn), capfd.readouterr().err) == (0, "")


@pytest.mark.parametrize("status", ["100 Continue", "200", "99 Odd", "700 Odd", "abc"])
async def test_odd_status_lines_are_failures_like_others(engine_at: Open, status: str) -> None:
    async with a_server(b"{}", status=status) as (url, _):
        failed = await failure_of(engine_at(url, read_timeout=2).superoffice.engine_status())
    assert isinstance(failed, errors.ErpError)
    assert failed.sentence
