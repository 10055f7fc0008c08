"""Whole calls against servers that answer anything at all: a domain object or an error comes out."""

import asyncio
import random
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.api.conftest import AT_ONCE, Open, Profiles, failure_of
from tui.api.errors import BadAnswer, ErpError
from tui.api.jtl.http_registrar import LiveRegistrar
from tui.api.live_service import LiveService
from tui.api.registrar import AppFacts
from tui.api.settings import (
    BearerToken,
    ClientCredentials,
    ConnectionSettings,
    JtlSettings,
    SuperOfficeSettings,
)
from tui.domain.jtl.workers import ControlAction
from tui.domain.writes import (
    ConfigureWorker,
    ControlWorker,
    CreateExtension,
    ForceResync,
    UpdateExtension,
)

BODIES = [
    b"",
    b"null",
    b"true",
    b"0",
    b'""',
    b"[]",
    b"{}",
    b"NaN",
    b"[null]",
    b"[[]]",
    b"[1, 2]",
    b'{"items": null}',
    b'{"Items": {"Items": {"Items": 7}}}',
    b'[{"Identifier": {}}]',
    b'[{"Identifier": "a", "Configurations": {"0": 1}}]',
    b'[{"Identifier": "a", "State": 1e400, "Progress": -1e400}]',
    b'[{"Identifier": "a", "State": 99999999999999999999999999}]',
    b'[{"Identifier": "a", "Interval": {"a": "\\ud800"}}]',
    b'{"Id": true, "Status": []}',
    b'{"IsRunning": "yes", "Interval": [1]}',
    b'{"IsRunning": true, "Interval": [1]}',
    b'{"IsOk": [], "Status": {}}',
    b'{"Message": {"a": 1}, "Errors": [[1]], "ErrorMessage": 7}',
    b'{"Errors": {"a": {"b": 1}}, "ValidationErrors": 7}',
    b'[{"ErpConnectionId": 1e99}]',
    b'[{"ErpConnectionId": 1, "ConfigFields": 7, "Active": "x"}]',
    b'{"value": [null, {"updated": [1]}], "odata.nextLink": {"a": 1}}',
    b'{"value": [{"connection": {}}, {}]}',
    b"[" * 50_000,
    b'[{"Id": "e1", "Identifier": "a", "x": ' + b"[" * 900 + b"]" * 900 + b"}]",
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    b"\x00\x01\x02",
    b"\xff\xfe[\x00]\x00",
    b"<html><title>\x1b[2J</title>",
    b"9" * 10_000,
    b'"' + b"x" * 100_000 + b'"',
]

STATUSES = [(b"200 OK", 1), (b"400 Bad", 1), (b"500 Oops", 4)]
"""Each with how many bodies are tried: all, or every fourth; the words of every failure are read in one
way, and after a 500 each read is tried three times.
"""


class Server:
    """Gives the same answer to every request, on as many connections as anybody keeps open."""

    def __init__(self, body: bytes, status: bytes) -> None:
        self.body = body
        self._status = status
        self.url = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"(?i)\ncontent-length: (\d+)", head)
                await reader.readexactly(int(length[1]) if length else 0)
                writer.write(
                    b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n" % (self._status, len(self.body))
                )
                writer.write(self.body)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def a_server(status: bytes, body: bytes = b"") -> AsyncIterator[Server]:
    told = Server(body, status)
    server = await asyncio.start_server(told.answer, "127.0.0.1", 0)
    async with server:
        told.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield told


async def every_call(service: LiveService) -> list[Any]:
    """What each operation gives: a domain object or its error."""

    async def pages() -> list[Any]:
        return [page async for page in service.jtl.extensions()]

    calls = [
        service.jtl.workers(),
        service.jtl.worker_status(),
        service.jtl.worker_status("a"),
        service.jtl.configure_worker(ConfigureWorker("a", "00:10:00")),
        service.jtl.control_worker(ControlWorker("a", ControlAction.START)),
        pages(),
        service.jtl.extension("a"),
        service.jtl.create_extension(CreateExtension("a", "1", "f")),
        service.superoffice.engine_status(),
        service.superoffice.force_resync(ForceResync(1, (1,))),
        service.superoffice.connections(),
        service.superoffice.sync_log(),
    ]
    return await asyncio.gather(*calls, return_exceptions=True)


@pytest.mark.parametrize(("status", "every"), STATUSES)
async def test_any_body_gives_domain_objects_or_errors(
    open_service: Open, profiles: Profiles, status: bytes, every: int
) -> None:
    auth = BearerToken(profiles.secret("t"))
    spoiled = [bytes(random.Random(seed).randbytes(60)) for seed in range(5)]
    async with a_server(status) as server:
        service = open_service(
            JtlSettings(server.url, auth=auth, api_version="v1"),
            SuperOfficeSettings(server.url, auth=auth),
        )
        for body in [*BODIES, *spoiled][::every]:
            server.body = body
            results = await every_call(service)
            bugs = [
                got
                for got in results
                if isinstance(got, BaseException) and not isinstance(got, ErpError)
            ]
            assert bugs == [], body[:60]
            for error in (got for got in results if isinstance(got, ErpError)):
                assert error.sentence, body[:60]
                assert error.next_step, body[:60]
                assert (error.sentence + error.detail).isprintable(), body[:60]
                assert status != b"200 OK" or isinstance(error, BadAnswer), body[:60]


async def test_an_answer_about_another_row_confirms_nothing(
    open_service: Open, profiles: Profiles
) -> None:
    auth = BearerToken(profiles.secret("t"))
    other = (
        b'{"Identifier": "b", "Id": "b", "ExtensionId": "x", "Interval": "00:10:00", "Version": "2",'
        b' "Status": 2, "ManifestHash": "f"}'
    )
    async with a_server(b"200 OK", other) as server:
        service = open_service(JtlSettings(server.url, auth=auth, api_version="v1"))
        configured = await failure_of(service.jtl.configure_worker(ConfigureWorker("a", "00:10:00")))
        updated = await failure_of(service.jtl.update_extension(UpdateExtension("a", version="2")))
        read = await failure_of(service.jtl.extension("a"))
        assert (await service.jtl.extension("{B}")).version == "2"
    for failed in (configured, updated, read):
        assert type(failed) is BadAnswer
        assert "the response is about b, which was not requested" in failed.sentence
    assert configured.in_doubt


@cache
def a_short_key() -> str:
    """One that is read and signs in no time; nobody here looks at what it has signed."""
    key = generate_private_key(65_537, 1_024)  # noqa: S505 - it opens nothing
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


async def where_credentials_come_from(url: str, open_service: Open, profiles: Profiles) -> Sequence[Any]:
    """What a token server, a login, a tenant state service and a registration at `url` give."""
    secret = profiles.secret("s")
    cloud = profiles.cloud(auth=ClientCredentials(f"{url}/token", "us", secret))
    user = profiles.superoffice(
        auth=profiles.system_user(
            login_url=f"{url}/login", private_key=profiles.secret(a_short_key(), "short.pem")
        ),
        app_token=profiles.secret("app", "app"),
    )
    online = profiles.online()
    moved = replace(online, state_url=f"{url}/state")
    registrar = LiveRegistrar(url, ConnectionSettings(), time=AT_ONCE)
    app = AppFacts("us/app", "syncdeck", "", "1", "us", "https://us.example", (), ())
    try:
        return await asyncio.gather(
            open_service(cloud).jtl.workers(),
            open_service(None, user).superoffice.engine_status(),
            open_service(None, moved).superoffice.engine_status(),
            registrar.request(app, "code"),
            registrar.verdict("7", "code"),
            return_exceptions=True,
        )
    finally:
        await registrar.aclose()


CREDENTIALS = [
    b'{"error": "\\u001b]0;x\\u0007", "error_description": "\\u202e[red]x[/]\\u009b2J"}',
    b'{"ErrorMessage": "\\u001b[2J\\n\\u2066", "Errors": {"\\u001b": ["\\u202e"]}}',
    b'{"access_token": 7}',
    b'{"access_token": "a\\u001b[2J\\u202e", "expires_in": 1e400}',
    b'{"access_token": "\\ud800", "expires_in": NaN}',
    b'{"access_token": "x", "expires_in": -99999999999999999999999}',
    b'{"RegistrationRequestId": true, "Status": [], "token": 7}',
    b'{"RegistrationRequestId": "../\\u001b", "Status": 1e99, "token": {"ApiKey": {}}}',
    b'{"Status": 1, "token": {"ApiKey": "a\\r\\nX-Evil: 1"}, "grantedScopes": [[], {}]}',
    b'{"IsSuccessful": true, "Token": "a.b.c"}',
    b'{"IsSuccessful": 1, "Token": {"a": 1}, "ErrorMessage": ["\\u001b"]}',
    b'{"ContextIdentifier": [], "Endpoint": {}, "State": 1e400, "IsRunning": "perhaps"}',
    b'{"State": "Running", "IsRunning": true, "Endpoint": "https://evil.example/\\u202e"}',
    b'{"State": "\\u001b]0;x\\u0007", "IsRunning": false, "ValidUntil": "9999-99-99"}',
]


@pytest.mark.parametrize(("status", "every"), STATUSES)
async def test_any_body_where_credentials_come_from_gives_errors(
    open_service: Open, profiles: Profiles, status: bytes, every: int
) -> None:
    async with a_server(status) as server:
        for body in [*BODIES, *CREDENTIALS][::every]:
            server.body = body
            results = await where_credentials_come_from(server.url, open_service, profiles)
            bugs = [
                got for got in results if isinstance(got, Exception) and not isinstance(got, ErpError)
            ]
            assert bugs == [], body[:60]
            for error in (got for got in results if isinstance(got, ErpError)):
                assert error.sentence, body[:60]
                assert error.next_step, body[:60]
                assert (error.sentence + error.detail + error.next_step).isprintable(), body[:60]


@pytest.mark.parametrize(
    "body",
    [b"false", b"true", b"{}", b"[]", b'["Connection is locked"]', b'{"IsOk":false,"Status":"Error"}'],
)
async def test_a_batch_resync_that_answers_with_content_is_not_taken_as_queued(
    open_service: Open, profiles: Profiles, body: bytes
) -> None:
    auth = BearerToken(profiles.secret("t"))
    async with a_server(b"200 OK", body) as server:
        service = open_service(superoffice=SuperOfficeSettings(server.url, auth=auth))
        with pytest.raises(BadAnswer, match="without content was expected") as failure:
            await service.superoffice.force_resync(ForceResync(1, (1,), as_batch=True))
    assert failure.value.sent


async def test_of_configuration_values_nothing_is_quoted_where_they_are_no_json(
    open_service: Open, profiles: Profiles
) -> None:
    auth = BearerToken(profiles.secret("t"))
    async with a_server(b"200 OK", b'{"Password": "geheim') as server:
        service = open_service(superoffice=SuperOfficeSettings(server.url, auth=auth))
        asked = await asyncio.gather(
            service.superoffice.connection_fields(1),
            service.superoffice.connections(),
            return_exceptions=True,
        )
    assert [type(failure) for failure in asked] == [BadAnswer] * 2
    assert not any("geheim" in repr(failure) for failure in asked)
