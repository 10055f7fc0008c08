"""What a token server may answer, and what is made of it; its words go by the credential's name."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.api.conftest import Open, Profiles, failure_of
from tests.drivers.fake_time import FakeTime
from tests.drivers.simulator import RunningSimulator
from tui.api.errors import BadAnswer, CredentialFailed, Throttled, TimedOut
from tui.api.http.transport import Time
from tui.api.live_service import LiveService
from tui.api.settings import BasicLogin, BearerToken, ClientCredentials, SoTicket
from tui.domain.profile import System


@asynccontextmanager
async def a_token_server(
    body: object, status: int = 200, page: str = ""
) -> AsyncIterator[tuple[str, list[str]]]:
    """Its URL, and the heads of the requests that came; a `page` is answered as it is."""
    heads: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        content = (page or json.dumps(body)).encode()
        head = f"HTTP/1.1 {status} Said\r\nContent-Length: {len(content)}\r\nConnection: close\r\n"
        kind = "text/html" if page else "application/json"
        head += f"x-request-id: r-17\r\nContent-Type: {kind}\r\n\r\n"
        writer.write(head.encode() + content)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/token", heads


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def at(profiles: Profiles, open_service: Open, time: FakeTime) -> Any:
    def opened(url: str) -> LiveService:
        auth = ClientCredentials(url, "acme", profiles.secret("hush", "client"))
        clock = Time(monotonic=time.monotonic, elapsed=time.monotonic, jitter=lambda: 0.0)
        return open_service(profiles.cloud(auth=auth), time=clock)

    return opened


@pytest.mark.parametrize(
    ("expires", "lifetime"),
    [
        (1_000, 940),
        ("1000", 940),
        (100.0, 80),
        (300, 240),
        (1, 0.8),
        (0, 240),
        (-5, 240),
        (None, 240),
        ("soon", 240),
        (True, 240),
        (1e9, 240),
        (1e400, 240),
        (999_999_999, 999_999_939),
    ],
)
async def test_a_token_is_good_for_as_long_as_said_within_reason(
    erp: RunningSimulator, at: Any, time: FakeTime, expires: object, lifetime: float
) -> None:
    body = {"access_token": erp.static_bearer, "expires_in": expires}
    async with a_token_server(body) as (url, heads):
        service = at(url)
        await service.jtl.workers()
        margin = min(0.25, lifetime * 0.01)
        time.elapsed += lifetime - margin
        await service.jtl.workers()
        assert len(heads) == 1
        time.elapsed += 2 * margin
        await service.jtl.workers()
        assert len(heads) == 2


async def test_names_are_read_in_any_case(erp: RunningSimulator, at: Any) -> None:
    async with a_token_server({"Access_Token": erp.static_bearer}) as (url, _):
        assert len(await at(url).jtl.workers()) == 12
    assert erp.log()[-1]["headers"]["authorization"] == f"Bearer {erp.static_bearer}"


@pytest.mark.parametrize("body", [{"access_token": ""}, {"access_token": 7}, {}, [], "token", None])
async def test_an_answer_without_a_token_is_no_token(
    erp: RunningSimulator, at: Any, body: object
) -> None:
    async with a_token_server(body) as (url, _):
        failure = await failure_of(at(url).jtl.workers())
    assert type(failure) is BadAnswer
    assert failure.sentence == "the token server's response contains no token"
    assert failure.next_step == "Check token_url"
    assert (failure.status, failure.sent, failure.method, failure.path) == (200, False, "POST", "/token")
    assert erp.log() == []


async def test_what_a_token_server_says_instead_of_a_token_is_kept(at: Any) -> None:
    async with a_token_server({"error_description": "try the other door"}) as (url, _):
        assert (await failure_of(at(url).jtl.workers())).detail == "try the other door"


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_a_client_secret_that_changed_at_its_source_is_read_again_within_the_same_call(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, status: int
) -> None:
    service = open_service(profiles.cloud())
    profiles.secret("yesterday", "client")
    [entry] = service.credentials()
    await service.renew_credential(entry)
    profiles.secret(erp.client_secret, "client")
    erp.fault(f"/oauth2/token=status:{status}*1")
    assert len(await service.jtl.workers()) == 12
    sent = [one["headers"]["authorization"] for one in erp.received("POST", "/oauth2/token")]
    assert sent == [f"Basic {basic(erp.client_id, text)}" for text in ("yesterday", erp.client_secret)]
    [entry] = service.credentials()
    assert entry.accepted_at is not None
    assert entry.refused_at is None


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_a_client_secret_that_the_token_server_refuses_is_known_as_refused(
    erp: RunningSimulator, at: Any, status: int
) -> None:
    async with a_token_server({}, status) as (url, heads):
        service = at(url)
        await failure_of(service.jtl.workers())
    [entry] = service.credentials()
    assert entry.refused_at is not None
    assert entry.accepted_at is None
    assert len(heads) == 1


async def test_a_client_secret_that_brought_a_token_is_accepted_whatever_comes_after(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud())
    erp.fault("GET .*/workers=status:500")
    await failure_of(service.jtl.workers())
    [entry] = service.credentials()
    assert entry.accepted_at is not None
    assert entry.refused_at is None


@pytest.mark.parametrize("status", [404, 422, 429, 500])
async def test_any_other_refusal_is_no_reason_to_read_it_again(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, status: int
) -> None:
    service = open_service(profiles.cloud(), connection={"read_timeout": 0.5})
    profiles.secret("yesterday", "client")
    [entry] = service.credentials()
    await service.renew_credential(entry)
    profiles.secret(erp.client_secret, "client")
    erp.fault(f"/oauth2/token=status:{status}")
    await failure_of(service.jtl.workers())
    assert {one["headers"]["authorization"] for one in erp.received("POST", "/oauth2/token")} == {
        f"Basic {basic(erp.client_id, 'yesterday')}"
    }
    assert service.credentials()[0].refused_at is None


def basic(user: str, secret: str) -> str:
    return base64.b64encode(f"{user}:{secret}".encode()).decode()


@pytest.mark.parametrize(
    ("status", "kind", "sentence", "step"),
    [
        (300, None, "", "The server redirected: check token_url"),
        (302, None, "", "The server redirected: check token_url"),
        (399, None, "", "The server redirected: check token_url"),
        (
            400,
            CredentialFailed,
            "the token server refused client acme (400): no",
            "Check client_id, token_url",
        ),
        (404, CredentialFailed, "the token server refused client acme (404): no", "and secret file "),
        (499, CredentialFailed, "the token server refused client acme (499): no", ""),
        (429, Throttled, "the token server is temporarily unavailable (429)", ""),
        (500, None, "the token server is temporarily unavailable (500)", ""),
        (599, None, "the token server is temporarily unavailable (599)", ""),
    ],
)
async def test_the_failures_of_a_token_server_go_by_its_own_name(
    at: Any, status: int, kind: Any, sentence: str, step: str
) -> None:
    async with a_token_server({"error_description": "no"}, status) as (url, _):
        failure = await failure_of(at(url).jtl.workers())
    assert kind is None or type(failure) is kind
    assert failure.status == status
    assert failure.sentence.startswith(sentence)
    assert step in failure.next_step
    assert (failure.system, failure.method, failure.path) == (System.JTL, "POST", "/token")
    assert failure.sent is False
    if kind is CredentialFailed:
        assert (failure.detail, failure.request_id) == ("no", "r-17")


@pytest.mark.parametrize(
    "fault", ["status:401", "status:503", "status:500", "html", "message:no", "reset", "hang"]
)
async def test_whatever_fails_around_a_token_was_not_sent_to_the_erp(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, fault: str
) -> None:
    service = open_service(profiles.cloud(), connection={"read_timeout": 0.4})
    erp.fault(f"/oauth2/token={fault}")
    failure = await failure_of(service.credential(System.JTL).grant())
    assert (failure.path, failure.sent) == ("/oauth2/token", False)


async def test_a_token_server_behind_another_certificate_is_told_as_that(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    url = erp.token_url.replace("http:", "https:")
    auth = ClientCredentials(url, erp.client_id, profiles.secret("hush", "client"))
    failure = await failure_of(open_service(profiles.cloud(auth=auth)).jtl.workers())
    assert failure.status is None
    assert "token server" not in failure.sentence


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (502, "the token server is temporarily unavailable (502)"),
        (503, "the token server is temporarily unavailable (503)"),
        (504, "the token server is temporarily unavailable (504)"),
        (511, "the network requires a login before it lets requests reach JTL-Wawi (511)"),
    ],
)
async def test_a_network_that_wants_a_login_is_not_taken_for_the_token_server(
    at: Any, status: int, sentence: str
) -> None:
    async with a_token_server({}, status) as (url, _):
        failure = await failure_of(at(url).jtl.workers())
    assert (failure.status, failure.sentence, failure.sent) == (status, sentence, False)


async def test_without_a_word_of_the_server_only_the_status_is_told(at: Any) -> None:
    async with a_token_server({}, 401) as (url, _):
        assert (await failure_of(at(url).jtl.workers())).sentence.endswith("refused client acme (401)")


@pytest.mark.parametrize("text", ["ключ", "„hush“"])
async def test_a_secret_that_no_header_can_carry_was_not_sent(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, text: str
) -> None:
    secret = profiles.secret(text, "odd")
    service = open_service(profiles.cloud(auth=BearerToken(secret)))
    failure = await failure_of(service.jtl.workers())
    assert type(failure) is CredentialFailed
    assert (
        failure.sentence
        == f"secret file {secret.file} holds a character that the header Authorization cannot carry"
    )
    assert failure.next_step == "Store the bare secret there, without quotes or other characters"
    assert failure.sent is False
    assert erp.log() == []


async def test_a_secret_that_no_header_can_carry_is_none_for_doctor_either(
    profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud(auth=BearerToken(profiles.secret("ключ", "odd"))))
    failure = await failure_of(service.credential(System.JTL).grant())
    assert (failure.system, failure.sent) == (System.JTL, False)


async def test_a_token_is_waited_for_as_long_as_a_read(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud(), connection={"read_timeout": 0.4})
    erp.fault("/oauth2/token=hang")
    failure = await failure_of(service.jtl.workers())
    assert type(failure) is TimedOut
    assert "0.4 s" in failure.sentence
    assert (failure.path, failure.sent) == ("/oauth2/token", False)


async def test_a_password_of_any_letters_can_be_sent(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    login = BasicLogin("müller", profiles.secret("ключ", "odd"))
    await failure_of(open_service(None, profiles.superoffice(auth=login)).superoffice.engine_status())
    assert erp.log()[-1]["headers"]["authorization"] == f"Basic {basic('müller', 'ключ')}"


async def test_what_every_secret_header_looks_like_in_a_review(
    profiles: Profiles, open_service: Open
) -> None:
    secret = profiles.secret("hush", "s")
    ways = {
        "Bearer •••": profiles.superoffice(auth=BearerToken(secret)),
        "SOTicket •••": profiles.superoffice(auth=SoTicket(secret)),
        "Basic •••": profiles.superoffice(auth=BasicLogin("u", secret)),
    }
    for shown, settings in ways.items():
        masked = dict(open_service(None, settings).credential(System.SUPEROFFICE).masked)
        assert masked["Authorization"] == shown


@pytest.mark.parametrize("status", [200, 201, 299])
async def test_a_page_instead_of_a_token_is_no_refusal_whatever_its_status(at: Any, status: int) -> None:
    async with a_token_server(None, status, "<!doctype html><title>Hello</title>") as (url, _):
        failure = await failure_of(at(url).jtl.workers())
    assert failure.sentence == f"unexpected response from the token server ({status})"
    assert failure.next_step == "Check token_url and any proxy or load balancer"
    assert (failure.status, failure.sent) == (status, False)


async def test_a_token_is_no_longer_used_once_its_time_has_come(
    erp: RunningSimulator, at: Any, time: FakeTime
) -> None:
    async with a_token_server({"access_token": erp.static_bearer, "expires_in": 1_000}) as (url, heads):
        service = at(url)
        await service.jtl.workers()
        time.elapsed += 940
        await service.jtl.workers()
        assert len(heads) == 2


async def test_a_token_server_that_waited_too_long_for_the_request_refuses_nobody(at: Any) -> None:
    async with a_token_server({}, 408) as (url, _):
        failure = await failure_of(at(url).jtl.workers())
    assert type(failure) is TimedOut
    assert "timed out waiting for the request" in failure.sentence
    assert (failure.status, failure.sent) == (408, False)
