"""The login of a system user: signed, answered with a ticket, renewed; no secret in what is said."""

import asyncio
import base64
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.api.auth.test_token_server import a_token_server
from tests.api.conftest import Open, Profiles, failure_of
from tests.drivers.fake_time import FakeTime
from tests.drivers.simulator import RunningSimulator
from tui.api.auth.system_user_login import ticket_in
from tui.api.errors import (
    BadAnswer,
    CredentialFailed,
    ErpError,
    NotAuthorised,
    ServerFailed,
    Unreachable,
)
from tui.api.http.transport import Time
from tui.api.live_service import LiveService
from tui.domain.profile import System
from tui.domain.writes import ForceResync
from tui.simulator.superoffice.login import is_signed

LOGIN = "/Login/api/PartnerSystemUser/Authenticate"


@pytest.fixture(autouse=True)
def at_rest(erp: RunningSimulator) -> None:
    erp.state(superoffice={"tenant_state": "Running", "moved": False, "expire_tickets": True})
    erp.clear_log()


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def opened(open_service: Open, profiles: Profiles, erp: RunningSimulator, time: FakeTime) -> Any:
    def made(**changes: Any) -> LiveService:
        settings = profiles.online(
            auth=profiles.system_user(**changes), app_token=profiles.secret(erp.so_app_token, "app")
        )
        clock = Time(monotonic=time.monotonic, elapsed=time.monotonic, jitter=lambda: 0.0)
        return open_service(None, settings, time=clock)

    return made


def logins(erp: RunningSimulator) -> list[dict[str, Any]]:
    return erp.received("POST", LOGIN)


async def test_the_login_is_what_the_sheet_says(erp: RunningSimulator, opened: Any) -> None:
    service = opened()
    assert (await service.superoffice.engine_status()).running is not None
    state, login, call = erp.log()
    assert state["path"] == "/api/state/Cust12345"
    assert (login["method"], login["path"]) == ("POST", LOGIN)
    assert login["headers"]["content-type"] == "application/json"
    assert "authorization" not in login["headers"]
    signed = login["body"].pop("SignedSystemToken")
    assert login["body"] == {
        "ApplicationToken": erp.so_app_token,
        "ContextIdentifier": "Cust12345",
        "ReturnTokenType": "JWT",
    }
    text, _, signature = signed.rpartition(".")
    token, _, minute = text.rpartition(".")
    assert token == erp.so_system_user_token
    at = datetime.strptime(minute, "%Y%m%d%H%M").replace(tzinfo=UTC)
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=3)
    assert is_signed(text.encode(), signature)
    [ticket] = erp.world.so.tickets
    assert call["headers"]["authorization"] == f"SOTicket {ticket}"
    assert call["headers"]["so-apptoken"] == erp.so_app_token


async def test_at_a_fixed_address_it_logs_in_without_asking_for_a_state(
    erp: RunningSimulator, open_service: Open, profiles: Profiles
) -> None:
    app = profiles.secret(erp.so_app_token, "app")
    service = open_service(None, profiles.superoffice(auth=profiles.system_user(), app_token=app))
    assert (await service.superoffice.engine_status()).running is not None
    assert [entry["path"].rpartition("/")[2] for entry in erp.log()] == [
        "Authenticate",
        "GetEngineStatus",
    ]


async def test_a_ticket_goes_along_when_the_tenant_moves(erp: RunningSimulator, opened: Any) -> None:
    service = opened()
    await service.superoffice.engine_status()
    erp.state(superoffice={"moved": True})
    assert (await service.superoffice.engine_status()).running is not None
    assert len(logins(erp)) == 1
    assert erp.log()[-1]["headers"]["authorization"].startswith("SOTicket 7T:sim-system-")


async def test_calls_at_the_same_time_share_one_login(erp: RunningSimulator, opened: Any) -> None:
    service = opened()
    await asyncio.gather(
        service.superoffice.engine_status(),
        service.superoffice.connections(),
        service.superoffice.engine_status(),
    )
    assert len(logins(erp)) == 1


async def test_a_review_shows_neither_ticket_nor_app_token(erp: RunningSimulator, opened: Any) -> None:
    service = opened()
    await service.superoffice.engine_status()
    shown = dict(service.preview(ForceResync(1, ())).headers)
    assert shown["Authorization"] == "SOTicket •••"
    assert shown["SO-AppToken"] == "•••"


async def test_a_refused_ticket_is_renewed_and_the_read_repeated(
    erp: RunningSimulator, opened: Any
) -> None:
    service = opened()
    await service.superoffice.engine_status()
    erp.state(superoffice={"expire_tickets": True})
    assert (await service.superoffice.engine_status()).running is not None
    assert len(logins(erp)) == 2


async def test_a_write_with_a_refused_ticket_is_not_sent_again_by_itself(
    erp: RunningSimulator, opened: Any
) -> None:
    service = opened()
    await service.superoffice.engine_status()
    erp.state(superoffice={"expire_tickets": True})
    failure = await failure_of(service.superoffice.force_resync(ForceResync(1, (670,))))
    assert type(failure) is NotAuthorised
    assert "it was renewed since" in failure.sentence
    assert [entry["status"] for entry in erp.received("POST", "ForceResync")] == [401]
    assert (await service.superoffice.force_resync(ForceResync(1, (670,)))).ok


async def test_a_renewed_ticket_that_is_refused_too_is_not_renewed_within_a_minute(
    erp: RunningSimulator, opened: Any, time: FakeTime
) -> None:
    service = opened()
    erp.state(superoffice={"tokens_expired": True})
    try:
        for _ in range(3):
            assert type(await failure_of(service.superoffice.engine_status())) is NotAuthorised
        assert len(logins(erp)) == 2
        time.elapsed += 61
        await failure_of(service.superoffice.engine_status())
        assert len(logins(erp)) == 3
    finally:
        erp.state(superoffice={"tokens_expired": False})


@pytest.fixture
def _same_time(erp: RunningSimulator, time: FakeTime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's clock moves with ours."""
    clock = erp.world.clock
    monkeypatch.setattr(erp.world, "clock", lambda: clock() + timedelta(seconds=time.elapsed))


@pytest.mark.usefixtures("_same_time")
async def test_use_prolongs_a_ticket_and_six_hours_without_end_it(
    erp: RunningSimulator, opened: Any, time: FakeTime
) -> None:
    service = opened()
    for _ in range(3):
        await service.superoffice.engine_status()
        time.elapsed += 5 * 3_600
    assert len(logins(erp)) == 1
    time.elapsed += 3_600
    await service.superoffice.engine_status()
    assert len(logins(erp)) == 2


async def test_a_refusal_is_one_of_the_credential_in_the_servers_words(
    erp: RunningSimulator, opened: Any, profiles: Profiles
) -> None:
    service = opened(system_user_token=profiles.secret("another-token-entirely", "wrong"))
    failure = await failure_of(service.superoffice.engine_status())
    assert type(failure) is CredentialFailed
    assert "refused the system user of Cust12345: The system user token or its signature" in str(failure)
    assert "app_token" in failure.next_step
    assert erp.received("POST", "GetEngineStatus") == []
    assert "another-token" not in repr(failure)


async def test_all_who_wait_for_a_login_that_fails_hear_of_the_same_one(
    erp: RunningSimulator, opened: Any, profiles: Profiles
) -> None:
    service = opened(context_id="Cust99999")
    failed = await asyncio.gather(
        service.superoffice.engine_status(), service.superoffice.connections(), return_exceptions=True
    )
    assert [type(failure) for failure in failed] == [CredentialFailed] * 2
    assert len(logins(erp)) == 1


async def test_a_secret_that_was_put_right_is_read_again(
    erp: RunningSimulator, opened: Any, profiles: Profiles, time: FakeTime
) -> None:
    ref = profiles.secret("not-yet-the-right-one", "later")
    service = opened(system_user_token=ref)
    await failure_of(service.superoffice.engine_status())
    ref.file.write_text(erp.so_system_user_token)
    time.elapsed += 61
    assert (await service.superoffice.engine_status()).running is not None


async def test_a_refused_login_is_not_insisted_on(
    erp: RunningSimulator, opened: Any, profiles: Profiles, time: FakeTime
) -> None:
    service = opened(system_user_token=profiles.secret("another-token-entirely", "wrong"))
    for _ in range(3):
        assert type(await failure_of(service.superoffice.engine_status())) is CredentialFailed
        time.elapsed += 10
    assert len(logins(erp)) == 1
    time.elapsed += 60
    await failure_of(service.superoffice.engine_status())
    assert len(logins(erp)) == 2


# The edges of what a login service may answer.


@pytest.mark.parametrize(
    ("status", "sentence", "step"),
    [
        (299, "unexpected response from the login service (299)", "Check login_url and any proxy"),
        (400, "SuperOffice refused the system user of Cust12345: 400: no", "app_token, this machine"),
        (404, "SuperOffice refused the system user of Cust12345: 404: no", "secret file "),
        (499, "SuperOffice refused the system user of Cust12345: 499: no", ""),
        (428, "SuperOffice refused the system user of Cust12345: 428: no", ""),
        (429, "the login service is temporarily unavailable (429)", ""),
        (430, "SuperOffice refused the system user of Cust12345: 430: no", ""),
        (500, "the login service is temporarily unavailable (500)", ""),
        (599, "the login service is temporarily unavailable (599)", ""),
    ],
)
async def test_the_failures_of_a_login_service_go_by_its_own_name(
    opened: Any, status: int, sentence: str, step: str
) -> None:
    page = "<!doctype html><title>Hello</title>" if status < 300 else ""
    async with a_token_server({"error_description": "no"}, status, page) as (url, _):
        failure = await failure_of(opened(login_url=url).superoffice.engine_status())
    assert failure.sentence == sentence
    assert step in failure.next_step
    assert (failure.system, failure.method) == (System.SUPEROFFICE, "POST")
    assert (failure.status, failure.sent) == (status, False)
    is_refusal = "refused" in sentence
    assert (type(failure) is CredentialFailed) is is_refusal
    if is_refusal:
        assert (failure.detail, failure.request_id) == (f"{status}: no", "r-17")


@pytest.mark.parametrize("status", [300, 302, 399])
async def test_a_login_service_that_points_elsewhere_is_told_as_that(opened: Any, status: int) -> None:
    async with a_token_server({}, status) as (url, _):
        failure = await failure_of(opened(login_url=url).superoffice.engine_status())
    assert type(failure) is not CredentialFailed
    assert "the login service" not in failure.sentence
    assert (failure.status, failure.sent) == (status, False)


async def test_a_network_that_requires_a_login_is_not_taken_for_the_login_service(opened: Any) -> None:
    async with a_token_server({}, 511) as (url, _):
        failure = await failure_of(opened(login_url=url).superoffice.engine_status())
    text = "the network requires a login before it lets requests reach SuperOffice (511)"
    assert (failure.sentence, failure.sent) == (text, False)


async def test_a_refusal_without_a_word_tells_the_status_alone(opened: Any) -> None:
    async with a_token_server({}, 401) as (url, _):
        failure = await failure_of(opened(login_url=url).superoffice.engine_status())
    assert failure.sentence == "SuperOffice refused the system user of Cust12345: 401"


async def test_a_login_service_that_is_not_there_is_told_without_a_status(opened: Any) -> None:
    async with a_token_server({}) as (url, _):
        pass
    failure = await failure_of(opened(login_url=url).superoffice.engine_status())
    assert type(failure) is Unreachable
    assert (failure.status, failure.sent) == (None, False)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"IsSuccessful": False, "ErrorMessage": "Not known here."}, "Not known here"),
        ({"isSuccessful": False, "errorMessage": ""}, "without a reason"),
        ({"IsSuccessful": False}, "without a reason"),
    ],
)
async def test_a_login_that_did_not_succeed_says_why(opened: Any, body: object, said: str) -> None:
    async with a_token_server(body) as (url, _):
        service = opened(login_url=url)
        failure = await failure_of(service.superoffice.engine_status())
    assert type(failure) is CredentialFailed
    assert failure.sentence == f"SuperOffice refused the system user of Cust12345: {said}"
    assert (failure.status, failure.request_id, failure.sent) == (200, "r-17", False)
    assert all(one.refused_at is not None for one in service.credentials())


@pytest.mark.parametrize(
    "body", [{}, [], "words", {"IsSuccessful": True}, {"IsSuccessful": True, "Token": "a.b.c"}]
)
async def test_a_login_without_a_ticket_is_no_login(
    erp: RunningSimulator, opened: Any, body: object
) -> None:
    async with a_token_server(body) as (url, _):
        service = opened(login_url=url)
        failure = await failure_of(service.superoffice.engine_status())
    assert type(failure) is BadAnswer
    assert "the login of the system user returned no ticket" in failure.sentence
    assert failure.next_step == "Check login_url and any proxy or load balancer"
    assert (failure.status, failure.sent) == (200, False)
    assert erp.received("POST", "GetEngineStatus") == []
    assert all(one.refused_at is None for one in service.credentials())


async def test_a_ticket_of_a_login_that_does_not_say_that_it_succeeded_is_not_used(
    erp: RunningSimulator, opened: Any
) -> None:
    body = {"Token": jwt({"http://schemes.example/identity/ticket": "7T:abc"})}
    async with a_token_server(body) as (url, _):
        failure = await failure_of(opened(login_url=url).superoffice.engine_status())
    assert type(failure) is BadAnswer
    assert erp.received("POST", "GetEngineStatus") == []


async def test_the_login_says_who_asks_and_what_it_takes(opened: Any) -> None:
    async with a_token_server({}) as (url, heads):
        await failure_of(opened(login_url=url).superoffice.engine_status())
    [head] = heads
    for name in ("Accept: application/json", "Content-Type: application/json"):
        assert f"\r\n{name}\r\n".lower() in head.lower()
    assert "\r\nuser-agent: syncdeck/" in head.lower()


@pytest.mark.usefixtures("_same_time")
async def test_a_minute_before_six_hours_without_use_a_ticket_is_renewed(
    erp: RunningSimulator, opened: Any, time: FakeTime
) -> None:
    service = opened()
    await service.superoffice.engine_status()
    time.elapsed += 6 * 3_600 - 60.5
    await service.superoffice.engine_status()
    assert len(logins(erp)) == 1
    time.elapsed += 6 * 3_600 - 59.5
    await service.superoffice.engine_status()
    assert len(logins(erp)) == 2


@pytest.mark.parametrize(("fault", "kind"), [("status:503", ServerFailed), ("html", BadAnswer)])
async def test_a_login_that_does_not_serve_is_no_refusal(
    erp: RunningSimulator, opened: Any, fault: str, kind: type[ErpError]
) -> None:
    service = opened()
    erp.fault(f"POST {LOGIN}={fault}")
    failure = await failure_of(service.superoffice.engine_status())
    assert type(failure) is kind
    assert "the login service" in failure.sentence
    assert failure.sent is False


async def test_a_login_service_that_repeats_a_secret_is_quoted_without_it(
    open_service: Open, profiles: Profiles
) -> None:
    app = profiles.secret("hunter2-of-the-app", "app")
    service = open_service(None, profiles.online(auth=profiles.system_user(), app_token=app))
    failure = await failure_of(service.superoffice.engine_status())
    assert "•••" in failure.sentence
    assert "hunter2" not in repr(failure) + failure.next_step


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("no key at all", "contains no private key in PEM"),
        (
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            "contains no private key in PEM",
        ),
    ],
)
async def test_a_key_that_cannot_sign_names_its_reference_and_not_itself(
    erp: RunningSimulator, opened: Any, profiles: Profiles, key: str, why: str
) -> None:
    failure = await failure_of(
        opened(private_key=profiles.secret(key, "bad.pem")).superoffice.engine_status()
    )
    assert type(failure) is CredentialFailed
    assert "bad.pem" in failure.sentence
    assert why in failure.sentence
    assert key not in repr(failure)
    assert logins(erp) == []


async def test_an_elliptic_key_is_not_rsa(opened: Any, profiles: Profiles) -> None:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    pem = generate_private_key(SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    failure = await failure_of(
        opened(private_key=profiles.secret(pem.decode(), "ec")).superoffice.engine_status()
    )
    assert "contains a key that is not RSA" in failure.sentence


async def test_without_the_package_it_says_how_to_install_it(
    erp: RunningSimulator, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "cryptography"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cryptography", None)
    failure = await failure_of(opened().superoffice.engine_status())
    assert type(failure) is CredentialFailed
    assert "needs the package cryptography" in failure.sentence
    assert "pip install 'syncdeck[system-user]'" in failure.next_step


async def test_the_wire_log_holds_no_secret(
    erp: RunningSimulator, open_service: Open, profiles: Profiles, tmp_path: Path
) -> None:
    settings = profiles.online(
        auth=profiles.system_user(), app_token=profiles.secret(erp.so_app_token, "app")
    )
    service = open_service(None, settings, log_file=tmp_path / "wire.log")
    await service.superoffice.engine_status()
    written = (tmp_path / "wire.log").read_text()
    assert len(written.splitlines()) == 3
    [ticket] = erp.world.so.tickets
    for secret in (ticket, erp.so_app_token, erp.so_system_user_token):
        assert secret not in written


def jwt(claims: object) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{payload}.x"


@pytest.mark.parametrize("sub", ["m", "me", "one", "both"])
def test_the_ticket_is_in_the_claim_that_ends_so(sub: str) -> None:
    claims = {"sub": sub, "sid": 7, "http://schemes.example/identity/Ticket": "7T:abc"}
    found = ticket_in(jwt(claims))
    assert found is not None
    assert found.get_secret_value() == "7T:abc"


DEEP = base64.urlsafe_b64encode(b"[" * 200_000).decode()
TICKET = jwt({"x/identity/ticket": "7T:abc"})


@pytest.mark.parametrize(
    "token",
    [
        *(None, 7, "", "a.b", "a.!!!.c", "a.b.c.d", f"{TICKET}.more", TICKET.rpartition(".")[0]),
        *(f"a.{DEEP}.c", "a.ä.c", jwt([]), jwt("ticket"), jwt({"sub": "me"})),
        *(jwt({"x/identity/ticket": value}) for value in (None, "", 7, ["7T:abc"])),
        jwt({"x/identity/ticket/other": "7T:abc"}),
    ],
    ids=lambda token: str(token)[:30],
)
def test_a_token_without_a_ticket_gives_none(token: object) -> None:
    assert ticket_in(token) is None
