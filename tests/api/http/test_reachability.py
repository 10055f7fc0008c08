"""Name, port, certificate and proxy of a host, looked at on their own."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.drivers.certificates import certificate
from tui.api.diagnostics.reachability import reach_checks
from tui.api.http.proxies import proxy_for
from tui.domain.check import Check, Grade, Trouble


@asynccontextmanager
async def listening(pem: Path | None = None) -> AsyncIterator[int]:
    """A port that accepts, and shows a certificate if it has one."""
    tls = None
    if pem is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(pem)

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def found_at(url: str, ca_bundle: Path | None = None, proxy: str = "env") -> dict[str, Check]:
    return {one.name: one for one in await reach_checks(url, proxy, ca_bundle)}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("good"))


async def test_a_certificate_of_the_bundle_is_accepted(good: Path) -> None:
    async with listening(good) as port:
        found = await found_at(f"https://localhost:{port}/erp", good)
    assert [one.grade for one in found.values()] == [Grade.OK] * 4
    assert "issued by Acme" in found["TLS"].finding
    assert "127.0.0.1" in found["DNS"].finding


async def test_an_unknown_authority_leads_to_the_bundle(good: Path) -> None:
    async with listening(good) as port:
        found = await found_at(f"https://localhost:{port}")
    assert "is self-signed" in found["TLS"].finding
    assert "Set ca_bundle" in found["TLS"].remedy
    assert found["TLS"].trouble is Trouble.UNREACHABLE


@pytest.mark.parametrize(
    ("host", "days", "words"), [("localhost", -1, "has expired"), ("elsewhere", 30, "is for elsewhere")]
)
async def test_a_certificate_that_does_not_fit(tmp_path: Path, host: str, days: int, words: str) -> None:
    pem = certificate(tmp_path, host, days)
    async with listening(pem) as port:
        found = await found_at(f"https://localhost:{port}", pem)
    assert words in found["TLS"].finding
    assert "ca_bundle" not in found["TLS"].remedy


async def test_a_certificate_that_ends_soon(tmp_path: Path) -> None:
    pem = certificate(tmp_path, days=3)
    async with listening(pem) as port:
        found = await found_at(f"https://localhost:{port}", pem)
    assert found["TLS"].grade is Grade.WARN


async def test_a_port_that_speaks_no_tls_and_a_bundle_that_is_not_there(tmp_path: Path) -> None:
    async with listening() as port:
        plain = await found_at(f"https://localhost:{port}")
        gone = await found_at(f"https://localhost:{port}", tmp_path / "gone.pem")
    assert plain["TLS"].grade is Grade.FAIL
    assert "https" in plain["TLS"].remedy
    assert gone["TLS"].trouble is Trouble.CONFIGURATION


async def test_plain_http_on_this_machine_has_no_certificate_to_look_at() -> None:
    async with listening() as port:
        found = await found_at(f"http://127.0.0.1:{port}")
    assert (found["DNS"].grade, found["TLS"].grade) == (Grade.SKIPPED, Grade.SKIPPED)


async def test_what_depends_on_a_step_that_failed_is_left_out() -> None:
    nowhere = await found_at("https://erp.nowhere.invalid/erp")
    assert list(nowhere) == ["proxy", "DNS"]
    assert "cannot be resolved" in nowhere["DNS"].finding
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        closed = await found_at(f"https://127.0.0.1:{taken.getsockname()[1]}")
    assert list(closed) == ["proxy", "DNS", "TCP"]
    assert "refused the connection" in closed["TCP"].finding


# Proxies.


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


async def test_the_login_of_a_proxy_is_never_told(no_proxies: pytest.MonkeyPatch) -> None:
    no_proxies.setenv("https_proxy", "http://me:hunter2@proxy.invalid:3128")
    found = await found_at("https://erp.example/erp")
    assert list(found) == ["proxy", "DNS (proxy)"]
    assert "http://proxy.invalid:3128, with a login" in found["proxy"].finding
    assert "hunter2" not in str(found)


@pytest.mark.parametrize("url", ["http://", "http://[x:hunter2@y", "http://me:hunter2@:1"])
async def test_a_proxy_that_cannot_be_read(no_proxies: pytest.MonkeyPatch, url: str) -> None:
    no_proxies.setenv("https_proxy", url)
    [only] = (await found_at("https://erp.example/erp")).values()
    assert only.grade is Grade.FAIL
    assert "hunter2" not in str(only)


async def test_with_a_proxy_only_the_proxy_is_connected_to(no_proxies: pytest.MonkeyPatch) -> None:
    async with listening() as port:
        no_proxies.setenv("https_proxy", f"http://127.0.0.1:{port}")
        found = await found_at("https://erp.nowhere.invalid/erp")
    assert list(found) == ["proxy", "DNS (proxy)", "TCP (proxy)", "TLS"]
    assert found["TCP (proxy)"].grade is Grade.OK
    assert found["TLS"].grade is Grade.SKIPPED


def test_which_proxy_is_in_effect(no_proxies: pytest.MonkeyPatch) -> None:
    no_proxies.setenv("all_proxy", "proxy.example:1")
    no_proxies.setenv("no_proxy", "intern.example")
    through = proxy_for("https://erp.example", "env")
    assert through is not None
    assert through.url == "http://proxy.example:1"
    assert proxy_for("https://erp.intern.example", "env") is None
    assert proxy_for("https://erp.example", "none") is None
    assert proxy_for("https://localhost:1", "http://proxy.example:1") is None
    given = proxy_for("https://erp.example", "http://given.example:2")
    assert given is not None
    assert (given.url, given.origin) == ("http://given.example:2", "`proxy` in the profile")


@pytest.mark.parametrize(
    ("setting", "url", "with_login"),
    [
        ("http://me:hunter2@proxy.example:2", "http://proxy.example:2", True),
        ("http://me@proxy.example", "http://proxy.example", True),
        ("http://[::1%25eth0]:2", "http://[::1%25eth0]:2", False),
        ("me:hunter2@proxy.example:2", "http://proxy.example:2", True),
        ("http://me:hunter2@[bad", "", False),
        ("http://me:hunter2@proxy.example:99999", "", False),
    ],
)
def test_of_a_proxy_is_told_where_it_is_and_that_it_has_a_login(
    setting: str, url: str, with_login: bool
) -> None:
    found = proxy_for("https://erp.example", setting)
    assert found is not None
    assert (found.url, found.origin, found.with_login) == (url, "`proxy` in the profile", with_login)


def test_the_scheme_has_its_own_variable(no_proxies: pytest.MonkeyPatch) -> None:
    no_proxies.setenv("http_proxy", "http://plain.example:1")
    assert proxy_for("https://erp.example", "env") is None
    found = proxy_for("http://erp.example", "env")
    assert found is not None
    assert (found.url, found.origin) == ("http://plain.example:1", "the proxy variables")
