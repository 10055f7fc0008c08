"""Every shape in which a registration is answered, as the registrar reads it; nothing is guessed."""

import asyncio
import base64
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import failure_of
from tests.api.http import test_client_pool as test_network
from tests.api.http.test_client_pool import a_server
from tui.api.errors import BadAnswer, TlsFailed
from tui.api.jtl.http_registrar import APP_ICON, LiveRegistrar
from tui.api.registrar import AppFacts
from tui.api.settings import ConnectionSettings
from tui.domain.jtl.registration import Decision

APP = AppFacts("app/1", "App", "An app", "1", "Us", "https://us.example", ("a.read",), ("a.write",))
certificate = test_network.certificate
KEY = "wawi-key-0815"


@asynccontextmanager
async def answering(tree: Any, status: str = "200 OK") -> AsyncIterator[tuple[LiveRegistrar, list[str]]]:
    body = tree if isinstance(tree, bytes) else json.dumps(tree).encode()
    async with a_server(body, "Content-Type: application/json", status=status) as (url, received):
        registrar = LiveRegistrar(f"{url}/api/db/", ConnectionSettings())
        yield registrar, received
        await registrar.aclose()


@pytest.mark.parametrize(
    ("tree", "status"),
    [
        ({"AppId": "app/1", "RegistrationRequestId": "r-1", "Status": 0}, "201 Created"),
        ({"requestStatusInfo": {"registrationRequestId": "r-1", "status": 0}}, "202 Accepted"),
        ({"RequestStatusInfo": {"RegistrationRequestId": "r-1"}}, "200 OK"),
    ],
)
async def test_the_request_s_id_is_found_in_both_forms(tree: Any, status: str) -> None:
    async with answering(tree, status) as (registrar, received):
        assert await registrar.request(APP, "code-1") == "r-1"
    (head,) = received
    assert head.startswith("POST /api/db/authentication HTTP/1.1\r\n")
    assert "x-challengecode: code-1" in head


@pytest.mark.parametrize(
    "tree", [{}, [], None, 7, "r-1", {"RegistrationRequestId": "../x"}, {"RegistrationRequestId": None}]
)
async def test_an_answer_without_an_id_leaves_it_open_what_happened(tree: Any) -> None:
    async with answering(tree) as (registrar, _):
        failure = await failure_of(registrar.request(APP, "code-1"))
    assert isinstance(failure, BadAnswer)
    assert failure.in_doubt
    assert "reject it there" in failure.next_step


@pytest.mark.parametrize("status", [2, "2", "Accepted", "accepted"])
async def test_the_key_and_what_was_granted_are_read(status: object) -> None:
    tree = {
        "requestStatusInfo": {"status": status},
        "token": {"apiKey": KEY},
        "grantedScopes": ["a.read", 7],
    }
    async with answering(tree) as (registrar, received):
        verdict = await registrar.verdict("r-1", "code-1")
    assert verdict.decision is Decision.ACCEPTED
    assert verdict.key is not None
    assert verdict.key.get_secret_value() == KEY
    assert verdict.granted == ("a.read",)
    assert KEY not in repr(verdict)
    assert received[0].startswith("GET /api/db/authentication/r-1 HTTP/1.1\r\n")


async def test_scopes_that_are_not_told_are_unknown() -> None:
    async with answering({"Status": 2, "ApiKey": KEY}) as (registrar, _):
        assert (await registrar.verdict("r-1", "c")).granted is None


@pytest.mark.parametrize("status", [0, 1, 3, None, True, [2]])
async def test_f3_a_key_that_came_is_kept_whatever_number_is_beside_it(status: object) -> None:
    tree = {
        "RequestStatusInfo": {"Status": status},
        "Token": {"ApiKey": KEY},
        "GrantedScopes": "system.worker.read, system.worker.write",
    }
    async with answering(tree) as (registrar, _):
        verdict = await registrar.verdict("r-1", "c")
    assert verdict.key is not None
    assert verdict.key.get_secret_value() == KEY
    assert verdict.decision is Decision.ACCEPTED
    assert verdict.granted == ("system.worker.read", "system.worker.write")


@pytest.mark.parametrize(("status", "decision"), [(0, Decision.PENDING), (1, Decision.REJECTED)])
async def test_no_key_comes_before_it_is_accepted(status: int, decision: Decision) -> None:
    async with answering({"RequestStatusInfo": {"Status": status}}) as (registrar, _):
        verdict = await registrar.verdict("r-1", "c")
    assert (verdict.decision, verdict.key) == (decision, None)


NEEDS_VERSION = {
    "type": "https://docs.api-versioning.org/problems#unspecified",
    "title": "Unspecified API version",
    "detail": "An API version is required, but was not specified.",
}


@asynccontextmanager
async def versioned(accepts: Callable[[str], Any]) -> AsyncIterator[tuple[str, list[str]]]:
    """A server that answers a head by `accepts`: None is 404, a text 400, a tree 200."""
    received: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        received.append(head.split(" http")[0])
        tree = accepts(head)
        status = 404 if tree is None else 400 if tree is NEEDS_VERSION else 200
        body = b"" if tree is None else json.dumps(tree).encode()
        writer.write(
            b"HTTP/1.1 %d X\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
        )
        writer.write(body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/db", received


ACCEPTED = {"RegistrationRequestId": "r-1", "Status": 2, "Token": {"ApiKey": KEY}}


async def test_f3_a_version_that_the_server_requires_is_found_and_kept() -> None:
    async with versioned(lambda head: ACCEPTED if "api-version: 2.0" in head else NEEDS_VERSION) as (
        url,
        received,
    ):
        registrar = LiveRegistrar(url, ConnectionSettings())
        assert await registrar.request(APP, "code-1") == "r-1"
        assert registrar.api_version == "2.0"
        assert (await registrar.verdict("r-1", "code-1")).key is not None
        await registrar.aclose()
    path = "/api/db/authentication"
    assert received == [f"post {path}"] * 3 + [f"get {path}/r-1"]


async def test_f3_another_path_is_tried_where_there_is_none() -> None:
    async with versioned(lambda head: ACCEPTED if "/v2/" in head else None) as (url, received):
        registrar = LiveRegistrar(url, ConnectionSettings())
        assert await registrar.request(APP, "code-1") == "r-1"
        await registrar.aclose()
    paths = ("/authentication", "/v1/authentication", "/v2/authentication")
    assert received == [f"post /api/db{path}" for path in paths]


async def test_f3_the_version_of_the_command_line_is_sent_at_once() -> None:
    async with versioned(lambda head: ACCEPTED if "api-version: 1.1" in head else NEEDS_VERSION) as (
        url,
        received,
    ):
        registrar = LiveRegistrar(url, ConnectionSettings(), api_version="1.1")
        assert await registrar.request(APP, "code-1") == "r-1"
        await registrar.aclose()
    assert len(received) == 1


@pytest.mark.parametrize(
    "tree",
    [
        {},
        {"Status": 3},
        {"Status": None},
        {"Status": True},
        {"Status": [2]},
        {"Status": 2},
        {"Status": 2, "Token": None},
        {"Status": 2, "Token": {"ApiKey": ""}},
        {"Status": 2, "Token": {"ApiKey": 815}},
        {"Status": 2, "Token": {"ApiKey": f"{KEY}\x1b[2J"}},
        {"Status": 2, "Token": {"ApiKey": f"{KEY}\n"}},
        {"Status": 2, "Token": {"ApiKey": f"{KEY}\u2026"}},
        f'{{"Status": 2, "Token": {{"ApiKey": "{KEY}"'.encode(),
    ],
    ids=repr,
)
async def test_an_answer_that_cannot_be_meant_is_told_without_its_key(tree: Any) -> None:
    async with answering(tree) as (registrar, _):
        failure = await failure_of(registrar.verdict("r-1", "c"))
    assert isinstance(failure, BadAnswer)
    assert KEY not in f"{failure.sentence}{failure.next_step}"


async def test_a_certificate_of_one_s_own_is_accepted_only_by_its_bundle(certificate: Path) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    async with a_server(b'{"RegistrationRequestId": "r-1"}', tls=tls) as (url, received):
        stranger = LiveRegistrar(f"{url}/api/db", ConnectionSettings())
        failure = await failure_of(stranger.request(APP, "code-1"))
        await stranger.aclose()
        assert (type(failure), received) == (TlsFailed, [])
        assert "ca_bundle" in failure.next_step
        known = LiveRegistrar(f"{url}/api/db", ConnectionSettings(ca_bundle=certificate))
        assert await known.request(APP, "code-1") == "r-1"
        await known.aclose()


def test_the_icon_is_a_small_png() -> None:
    icon = base64.b64decode(APP_ICON)
    assert icon.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(icon) < 1_000
