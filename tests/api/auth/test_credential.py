"""Every way to log in, and what happens when a credential runs out."""

import asyncio
import base64
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import Open, Profiles, failure_of
from tests.drivers.fake_time import FakeTime
from tests.drivers.simulator import RunningSimulator
from tui.api.errors import CredentialFailed, NotAuthorised, Throttled, TimedOut
from tui.api.http.transport import Time
from tui.api.settings import (
    BasicLogin,
    BearerToken,
    ClientCredentials,
    CommandRef,
    SoTicket,
    WawiKey,
    WebSession,
)
from tui.domain.profile import System
from tui.domain.writes import ConfigureWorker


def tokens_fetched(erp: RunningSimulator) -> int:
    return len(erp.received("POST", "/oauth2/token"))


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


def clocked(time: FakeTime) -> Time:
    return Time(monotonic=time.monotonic, elapsed=time.monotonic, jitter=lambda: 0.0)


async def test_a_static_bearer_token(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud(auth=BearerToken(profiles.secret(erp.static_bearer))))
    assert len(await service.jtl.workers()) == 12
    assert erp.log()[-1]["headers"]["authorization"] == f"Bearer {erp.static_bearer}"


async def test_the_wawi_key_on_premises(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.on_premises())
    assert len(await service.jtl.workers()) == 12
    request = erp.log()[-1]
    assert request["path"] == "/api/eazybusiness/v1/workers"
    assert request["headers"]["authorization"] == f"Wawi {erp.api_key}"
    assert "x-tenant-id" not in request["headers"]


@pytest.mark.parametrize("kind", ["basic", "so-ticket", "session"])
async def test_the_other_ways_into_superoffice(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, kind: str
) -> None:
    ways: dict[str, tuple[Any, dict[str, str]]] = {
        "basic": (
            BasicLogin(erp.so_user, profiles.secret(erp.so_password, "p")),
            {
                "authorization": "Basic "
                + base64.b64encode(f"{erp.so_user}:{erp.so_password}".encode()).decode()
            },
        ),
        "so-ticket": (
            SoTicket(profiles.secret(erp.so_ticket, "t")),
            {"authorization": f"SOTicket {erp.so_ticket}", "so-apptoken": erp.so_app_token},
        ),
        "session": (
            WebSession(profiles.secret(erp.so_cookie, "c"), profiles.secret(erp.so_xsrf, "x")),
            {"cookie": erp.so_cookie, "x-xsrf-token": erp.so_xsrf},
        ),
    }
    auth, expected = ways[kind]
    service = open_service(
        None, profiles.superoffice(auth=auth, app_token=profiles.secret(erp.so_app_token, "a"))
    )
    assert (await service.superoffice.engine_status()).running is not None
    headers = erp.log()[-1]["headers"]
    assert {name: headers[name] for name in expected} == expected


async def test_the_token_call_is_what_the_sheet_says(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    await open_service(profiles.cloud()).jtl.workers()
    request = erp.received("POST", "/oauth2/token")[0]
    login = base64.b64encode(f"{erp.client_id}:{erp.client_secret}".encode()).decode()
    assert request["headers"]["authorization"] == f"Basic {login}"
    assert request["headers"]["content-type"] == "application/x-www-form-urlencoded"
    assert request["headers"]["accept"] == "application/json"
    assert request["body"] == "grant_type=client_credentials"


async def test_calls_at_the_same_time_share_one_token(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud())
    await asyncio.gather(service.jtl.workers(), service.jtl.worker_status(), service.jtl.workers())
    assert tokens_fetched(erp) == 1


async def test_a_failing_token_server_is_asked_once_by_all_who_wait(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    auth = ClientCredentials(erp.token_url, "nobody", profiles.secret("wrong"))
    service = open_service(profiles.cloud(auth=auth))
    failed = await asyncio.gather(*[service.jtl.workers() for _ in range(4)], return_exceptions=True)
    assert [type(error) for error in failed] == [CredentialFailed] * 4
    assert tokens_fetched(erp) == 1
    assert "refused client nobody (401)" in str(failed[0])
    assert "wrong" not in repr(failed)


async def test_the_token_is_renewed_before_it_ends(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, time: FakeTime
) -> None:
    service = open_service(profiles.cloud(), time=clocked(time))
    await service.jtl.workers()
    time.elapsed += erp.world.jtl.token_lifetime - 61
    await service.jtl.workers()
    assert tokens_fetched(erp) == 1
    time.elapsed += 2
    await service.jtl.workers()
    assert tokens_fetched(erp) == 2
    assert {entry["status"] for entry in erp.log()} == {200}


async def test_a_read_after_the_tokens_early_end_is_repeated_once(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud())
    await service.jtl.workers()
    erp.fault("/workers=expired*1")
    assert len(await service.jtl.workers()) == 12
    assert [entry["status"] for entry in erp.received("GET")] == [200, 401, 200]


async def test_a_write_after_the_tokens_early_end_is_not_repeated(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud())
    sync = (await service.jtl.workers())[0]
    erp.fault("POST /erp/v1/workers=expired*1")
    failed = await failure_of(service.jtl.configure_worker(ConfigureWorker(sync.id, "00:20:00")))
    assert isinstance(failed, NotAuthorised)
    assert failed.sentence == "the login was refused (401); it was renewed since"
    assert (failed.sent, failed.status) == (True, 401)
    assert failed.next_step == "Apply again"
    assert len(erp.received("POST", "/workers/")) == 1
    assert tokens_fetched(erp) == 2
    now = await service.jtl.configure_worker(ConfigureWorker(sync.id, "00:20:00"))
    assert now.interval.seconds == 1200


async def test_a_credential_is_renewed_at_most_once_a_minute(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, time: FakeTime
) -> None:
    service = open_service(profiles.cloud(), time=clocked(time))
    erp.fault("/workers=status:401")
    for _ in range(4):
        assert isinstance(await failure_of(service.jtl.workers()), NotAuthorised)
    assert tokens_fetched(erp) == 2
    [entry] = service.credentials()
    assert None not in (entry.accepted_at, entry.refused_at)
    assert len(erp.received("GET")) == 2 + 3
    time.elapsed += 61
    await failure_of(service.jtl.workers())
    assert tokens_fetched(erp) == 3


async def test_a_refused_secret_is_told_until_its_file_is_another_one(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud(auth=BearerToken(profiles.secret("yesterday", "token"))))
    for asked in (1, 2):
        assert "token is expired" in (await failure_of(service.jtl.workers())).next_step
        assert len(erp.log()) == asked
    profiles.secret(erp.static_bearer, "token")
    assert len(await service.jtl.workers()) == 12
    assert [entry["status"] for entry in erp.log()] == [401, 401, 401, 200]


@pytest.mark.parametrize("old", ["c", "x"])
async def test_of_two_secrets_of_a_session_one_that_is_new_is_enough(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, old: str
) -> None:
    secrets = {"c": erp.so_cookie, "x": erp.so_xsrf}
    kept = {name: profiles.secret(text, name) for name, text in secrets.items()}
    profiles.secret("ASP.NET_SessionId=yesterday", old)
    service = open_service(None, profiles.superoffice(auth=WebSession(kept["c"], kept["x"])))
    await failure_of(service.superoffice.engine_status())
    profiles.secret(secrets[old], old)
    erp.clear_log()
    assert (await service.superoffice.engine_status()).running is not None
    assert [entry["status"] // 100 for entry in erp.log()] == [4, 2]


async def test_a_rotated_client_secret_is_taken_up_at_once(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, time: FakeTime
) -> None:
    service = open_service(profiles.cloud(), time=clocked(time))
    await service.jtl.workers()
    erp.fault("/workers=expired*1")
    erp.fault("/oauth2/token=status:401")
    assert isinstance(await failure_of(service.jtl.workers()), CredentialFailed)
    erp.clear_faults()
    profiles.secret(erp.client_secret, "client")
    erp.fault("/workers=expired*1")
    assert len(await service.jtl.workers()) == 12


async def test_a_secret_of_a_command_is_fetched_again_at_most_once_a_minute(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, time: FakeTime, tmp_path: Path
) -> None:
    count = tmp_path / "count"
    command = CommandRef(("sh", "-c", f"echo x >> {count}; echo yesterday"))
    service = open_service(profiles.cloud(auth=BearerToken(command)), time=clocked(time))
    for _ in range(3):
        await failure_of(service.jtl.workers())
    assert len(count.read_text().split()) == 2
    time.elapsed += 61
    await failure_of(service.jtl.workers())
    assert len(count.read_text().split()) == 3


@pytest.mark.parametrize("status", [401, 403])
async def test_superoffice_renews_on_401_and_403(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, time: FakeTime, status: int
) -> None:
    auth = BearerToken(profiles.secret("old", "mine"))
    service = open_service(None, profiles.superoffice(auth=auth), time=clocked(time))
    await failure_of(service.superoffice.engine_status())
    profiles.secret(erp.so_token, "mine")
    time.elapsed += 61
    erp.fault(f"ErpSync=status:{status}*1")
    assert (await service.superoffice.engine_status()).running is not None
    assert [entry["status"] for entry in erp.log()] == [401, status, 200]


async def test_a_superoffice_403_that_stays_hints_at_the_missing_access(
    erp: RunningSimulator, both: Any
) -> None:
    erp.fault("ErpSync=forbidden")
    failed = await failure_of(both.superoffice.engine_status())
    assert isinstance(failed, NotAuthorised)
    assert "request the app's ErpSync access" in failed.next_step
    assert failed.system is System.SUPEROFFICE


async def test_the_wrong_scheme_on_premises_is_named(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.on_premises(auth=BearerToken(profiles.secret(erp.api_key))))
    assert 'auth type = "wawi"' in (await failure_of(service.jtl.workers())).next_step
    wrong_key = open_service(profiles.on_premises(auth=WawiKey(profiles.secret("nope", "n"))))
    assert "app_id and app_version" in (await failure_of(wrong_key.jtl.workers())).next_step


async def test_a_missing_tenant_is_named(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    failed = await failure_of(open_service(profiles.cloud(tenant_id=None)).jtl.workers())
    assert failed.status == 412
    assert failed.next_step == "Check tenant_id"


async def test_a_token_server_that_answers_nonsense(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    erp.fault("/oauth2/token=message:no")
    failed = await failure_of(open_service(profiles.cloud()).jtl.workers())
    assert failed.sentence == "the token server's response contains no token"
    assert erp.received("GET") == []


async def test_a_token_server_that_is_down_is_not_taken_for_the_erp(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    erp.fault("/oauth2/token=status:503")
    failed = await failure_of(open_service(profiles.cloud()).jtl.workers())
    assert failed.sentence == "the token server is temporarily unavailable (503)"
    assert failed.path == "/oauth2/token"


@pytest.mark.parametrize("text", ["two\nlines", "tab\there", "ключ", "\x1b[31m"])
async def test_a_secret_that_no_header_can_carry_is_told_without_its_value(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, text: str
) -> None:
    service = open_service(profiles.cloud(auth=BearerToken(profiles.secret(text))))
    failed = await failure_of(service.jtl.workers())
    assert isinstance(failed, CredentialFailed)
    assert text not in f"{failed!r}{failed}{failed.next_step}"
    assert erp.log() == []


async def test_no_secret_is_in_the_representation_of_the_service(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud(), profiles.superoffice())
    await service.jtl.workers()
    await service.superoffice.engine_status()
    seen = repr(vars(service)) + repr(vars(service.jtl)) + repr(service.jtl._caller)
    for secret in (erp.client_secret, erp.so_token, "sim-access-"):
        assert secret not in seen


@pytest.mark.parametrize("fault", ["status:503", "reset", "hang", "html", "message:no", "status:401"])
async def test_a_write_whose_token_could_not_be_had_was_not_sent(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, fault: str
) -> None:
    service = open_service(profiles.cloud(), connection={"read_timeout": 0.5})
    erp.fault(f"/oauth2/token={fault}")
    write = ConfigureWorker(erp.worker_id("Hauptshop"), "00:20:00")
    failed = await failure_of(service.jtl.configure_worker(write))
    assert not failed.sent
    assert "unknown" not in failed.sentence
    assert erp.received("POST", "/workers/") == []


async def test_a_refused_write_is_told_by_its_own_response_where_the_renewal_fails(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud())
    sync = (await service.jtl.workers())[0]
    erp.fault("POST /erp/v1/workers=expired*1")
    erp.fault("/oauth2/token=reset")
    failed = await failure_of(service.jtl.configure_worker(ConfigureWorker(sync.id, "00:20:00")))
    assert isinstance(failed, NotAuthorised)
    assert (failed.sent, failed.status) == (True, 401)
    assert "; the login could not be renewed: " in failed.sentence
    assert [entry["status"] for entry in erp.received("POST", "/workers/")] == [401]


async def test_a_token_server_that_answers_with_a_page_is_not_said_to_refuse(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    erp.fault("/oauth2/token=html")
    failed = await failure_of(open_service(profiles.cloud()).jtl.workers())
    assert failed.sentence == "unexpected response from the token server (200)"
    assert "token_url" in failed.next_step


async def test_a_replaced_client_secret_that_is_refused_too_is_still_the_token_servers_refusal(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, time: FakeTime
) -> None:
    auth = ClientCredentials(erp.token_url, erp.client_id, profiles.secret("first", "mine"))
    service = open_service(profiles.cloud(auth=auth), time=clocked(time))
    await failure_of(service.jtl.workers())
    profiles.secret("second", "mine")
    time.elapsed += 61
    failed = await failure_of(service.jtl.workers())
    assert isinstance(failed, CredentialFailed)
    assert f"refused client {erp.client_id} (401)" in failed.sentence


async def test_after_a_restart_of_the_server_all_that_is_asked_at_once_goes_on(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud())
    await service.jtl.workers()
    # A server that was started anew knows no token, and hands out the very same one again.
    erp.world.jtl.tokens.clear()
    erp.world.jtl.tokens_issued = 0
    erp.fault("POST /oauth2/token=slow:0.5*1")
    asked = (service.jtl.workers(), service.jtl.worker_status(), service.jtl.workers())
    assert all(await asyncio.gather(*asked))
    assert len(erp.received("POST", "/oauth2/token")) == 2


async def test_calls_that_are_refused_at_once_share_one_renewal(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud())
    await service.jtl.workers()
    erp.world.jtl.tokens.clear()
    erp.fault("POST /oauth2/token=slow:0.5*1")
    assert all(
        await asyncio.gather(service.jtl.workers(), service.jtl.worker_status(), service.jtl.workers())
    )
    assert tokens_fetched(erp) == 2
    assert [entry["status"] for entry in erp.received("GET")].count(401) == 3


async def test_whoever_waits_for_a_renewal_that_fails_does_not_ask_with_the_refused_token_again(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud(), connection={"read_timeout": 0.5})
    await service.jtl.workers()
    await service.jtl.worker_status()
    erp.world.jtl.tokens.clear()
    erp.clear_log()
    erp.fault("/oauth2/token=hang")
    calls = (service.jtl.workers(), service.jtl.worker_status())
    failed = await asyncio.gather(*calls, return_exceptions=True)
    assert {type(one) for one in failed} == {TimedOut, NotAuthorised}
    assert [entry["status"] for entry in erp.received("GET")] == [401, 401]


async def test_a_token_server_that_did_not_serve_is_asked_again_by_the_next_call(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, time: FakeTime
) -> None:
    service = open_service(profiles.cloud(), time=clocked(time))
    erp.fault("/oauth2/token=status:500*1")
    assert (await failure_of(service.jtl.workers())).status == 500
    assert len(await service.jtl.workers()) == 12
    assert tokens_fetched(erp) == 2


async def test_a_client_secret_that_could_not_be_read_is_read_again_by_the_next_call(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, time: FakeTime, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    auth = ClientCredentials(erp.token_url, erp.client_id, CommandRef(("cat", str(kept))))
    service = open_service(profiles.cloud(auth=auth), time=clocked(time))
    failed = await failure_of(service.jtl.workers())
    assert (type(failed), failed.status) == (CredentialFailed, None)
    assert erp.log() == []
    kept.write_text(erp.client_secret)
    assert len(await service.jtl.workers()) == 12


async def test_once_a_token_was_had_an_earlier_refusal_is_forgotten(
    erp: RunningSimulator,
    profiles: Profiles,
    open_service: Open,
    time: FakeTime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    auth = ClientCredentials(erp.token_url, erp.client_id, profiles.secret("yesterday", "mine"))
    service = open_service(profiles.cloud(auth=auth), time=clocked(time))
    await failure_of(service.jtl.workers())
    profiles.secret(erp.client_secret, "mine")
    monkeypatch.setattr(erp.world.jtl, "token_lifetime", 10)
    await service.jtl.workers()
    asked = tokens_fetched(erp)
    time.elapsed += 9
    assert len(await service.jtl.workers()) == 12
    assert tokens_fetched(erp) == asked + 1


async def test_a_token_is_asked_for_also_while_polls_rest(
    erp: RunningSimulator,
    profiles: Profiles,
    open_service: Open,
    time: FakeTime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(erp.world.jtl, "token_lifetime", 10)
    monkeypatch.setattr("tui.simulator.jtl.auth.RATE_LIMIT", 1)
    service = open_service(profiles.cloud(), time=clocked(time))
    await service.jtl.workers()
    assert isinstance(await failure_of(service.jtl.worker_status()), Throttled)
    time.elapsed += 9
    await service.jtl.configure_worker(ConfigureWorker(erp.worker_id("Hauptshop"), "00:20:00"))
    assert tokens_fetched(erp) == 2


async def test_a_token_request_without_an_answer_is_tried_again_like_a_read(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud())
    erp.fault("/oauth2/token=reset*1")
    assert len(await service.jtl.workers()) == 12
    assert tokens_fetched(erp) == 2


async def test_all_who_wait_for_a_token_that_does_not_come_share_the_failure(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud(), connection={"read_timeout": 0.4})
    erp.fault("/oauth2/token=hang")
    failed = await asyncio.gather(*[service.jtl.workers() for _ in range(3)], return_exceptions=True)
    assert [type(one) for one in failed] == [TimedOut] * 3
    assert tokens_fetched(erp) == 1


async def test_a_refused_client_is_not_insisted_on_for_a_minute(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, time: FakeTime
) -> None:
    auth = ClientCredentials(erp.token_url, "nobody", profiles.secret("wrong", "mine"))
    service = open_service(profiles.cloud(auth=auth), time=clocked(time))
    for _ in range(3):
        assert isinstance(await failure_of(service.jtl.workers()), CredentialFailed)
    assert tokens_fetched(erp) == 1


async def test_a_late_refusal_of_a_token_that_was_replaced_meanwhile_goes_on_with_the_new_one(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud())
    await service.jtl.workers()
    erp.fault("GET .*/workers$=slow:0.3*1")
    late = asyncio.ensure_future(service.jtl.workers())
    await asyncio.to_thread(erp.wait_received, "GET", "/workers", 2)
    erp.world.jtl.tokens.clear()
    assert await service.jtl.worker_status()
    assert len(await late) == 12
    assert tokens_fetched(erp) == 2


async def test_what_must_be_kept_out_of_a_text_is_the_clients_secret_and_its_token(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud())
    [slot] = service.credential(System.JTL).slots
    assert list(slot.source.held) == []
    await service.jtl.workers()
    sent = erp.received("GET")[-1]["headers"]["authorization"].removeprefix("Bearer ")
    assert [one.get_secret_value() for one in slot.source.held] == [erp.client_secret, sent]
