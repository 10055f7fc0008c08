"""A secret that is typed while an older one is still on its way: the older one is dropped (T4)."""

import asyncio
import os
import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pydantic import SecretStr

from tests.api.auth.test_secret_resolver import ended
from tests.api.conftest import Open, Profiles, failure_of
from tests.drivers.simulator import RunningSimulator
from tui.api.errors import CredentialFailed
from tui.api.live_service import LiveService
from tui.api.settings import BearerToken, ClientCredentials, CommandRef, KeyringRef, WawiKey
from tui.domain.credentials import CredentialEntry

WRONG = "hunter-two-which-is-wrong"


class SlowCommand:
    """A secret command that prints what the test says when the test says it."""

    def __init__(self, folder: Path) -> None:
        self.started, self._says = folder / "started", folder / "says"
        os.mkfifo(self.started)
        os.mkfifo(self._says)
        script = f"echo $$ > {self.started}; exec cat {self._says}"
        self.ref = CommandRef(("sh", "-c", script))

    async def start(self) -> int:
        """The process id of the next one, once it runs."""
        return int(await asyncio.to_thread(self.started.read_text))

    async def say(self, text: str) -> None:
        await asyncio.to_thread(self._says.write_text, text)


@pytest.fixture
def command(tmp_path: Path) -> SlowCommand:
    return SlowCommand(tmp_path)


def entry(service: LiveService, what: str = "token") -> CredentialEntry:
    return next(one for one in service.credentials() if one.what == what)


def typed(service: LiveService, secret: str, what: str = "token") -> None:
    service.give_credential(entry(service, what), SecretStr(secret))


def stands(service: LiveService, what: str = "token") -> tuple[bool, bool, bool, str]:
    """Of a secret: typed, accepted, refused, trouble."""
    one = entry(service, what)
    return one.is_typed, one.accepted_at is not None, one.refused_at is not None, one.trouble


GOOD = (True, True, False, "")


async def test_t4_a_first_reading_that_began_before_is_dropped_and_its_program_ended(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, command: SlowCommand
) -> None:
    service = open_service(profiles.cloud(auth=BearerToken(command.ref)))
    calls = [asyncio.ensure_future(service.jtl.workers()) for _ in range(3)]
    pid = await command.start()
    typed(service, erp.static_bearer)
    assert [len(workers) for workers in await asyncio.gather(*calls)] == [12] * 3
    await ended(pid)
    assert {one["headers"]["authorization"] for one in erp.log()} == {f"Bearer {erp.static_bearer}"}
    assert stands(service) == GOOD


async def test_t4_a_renewal_that_waits_for_a_program_is_dropped(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, command: SlowCommand
) -> None:
    service = open_service(profiles.cloud(auth=BearerToken(command.ref)))
    call = asyncio.ensure_future(service.jtl.workers())
    await command.start()
    await command.say(WRONG)
    await command.start()
    assert stands(service) == (False, False, True, "")
    typed(service, erp.static_bearer)
    assert stands(service) == (True, False, False, "")
    assert len(await call) == 12
    assert [one["status"] for one in erp.log()] == [401, 200]
    assert stands(service) == GOOD


async def test_t4_a_reading_by_order_that_began_before_says_so_and_changes_nothing(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, command: SlowCommand
) -> None:
    service = open_service(profiles.cloud(auth=BearerToken(command.ref)))
    for late in (WRONG, ""):
        reading = asyncio.ensure_future(service.renew_credential(entry(service)))
        await command.start()
        typed(service, erp.static_bearer)
        await command.say(late)
        failure = await failure_of(reading)
        assert type(failure) is CredentialFailed
        assert "a newer one was entered meanwhile" in failure.sentence
        assert failure.next_step == "No action needed"
        assert len(await service.jtl.workers()) == 12
        assert stands(service) == GOOD


async def test_t4_of_two_readings_by_order_the_one_that_was_done_first_wins_over_the_older(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, tmp_path: Path
) -> None:
    first, says = tmp_path / "first", tmp_path / "says"
    os.mkfifo(says)
    script = f"if mkdir {first}; then cat {says}; else echo {erp.static_bearer}; fi"
    service = open_service(profiles.cloud(auth=BearerToken(CommandRef(("sh", "-c", script)))))
    older = asyncio.ensure_future(service.renew_credential(entry(service)))
    writer = await asyncio.to_thread(says.open, "w")
    assert await service.renew_credential(entry(service))
    writer.write(WRONG)
    writer.close()
    assert "a newer one was entered meanwhile" in (await failure_of(older)).sentence
    assert len(await service.jtl.workers()) == 12
    assert stands(service) == (False, True, False, "")


async def test_t4_what_can_be_no_secret_drops_no_reading(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, command: SlowCommand
) -> None:
    service = open_service(profiles.cloud(auth=BearerToken(command.ref)))
    call = asyncio.ensure_future(service.jtl.workers())
    await command.start()
    for nonsense in ("", "two\nlines"):
        with pytest.raises(CredentialFailed):
            typed(service, nonsense)
    await command.say(erp.static_bearer)
    assert len(await call) == 12
    assert stands(service) == (False, True, False, "")


async def test_t4_a_keyring_that_opens_late_is_not_heard(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, opened, done = threading.Event(), threading.Event(), threading.Event()

    def get_password(*_: str) -> str:
        asked.set()
        opened.wait(10)
        done.set()
        return WRONG

    errors, module = ModuleType("keyring.errors"), ModuleType("keyring")
    vars(errors)["KeyringError"] = type("KeyringError", (Exception,), {})
    vars(module)["get_password"] = get_password
    monkeypatch.setitem(sys.modules, "keyring", module)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    service = open_service(profiles.on_premises(auth=WawiKey(KeyringRef("acme/jtl"))))
    call = asyncio.ensure_future(service.jtl.workers())
    await asyncio.to_thread(asked.wait, 10)
    typed(service, erp.api_key, "API key")
    assert len(await call) == 12
    opened.set()
    await asyncio.to_thread(done.wait, 10)
    assert len(await service.jtl.workers()) == 12
    assert {one["headers"]["authorization"] for one in erp.log()} == {f"Wawi {erp.api_key}"}
    assert stands(service, "API key") == GOOD


async def test_t4_a_refusal_of_the_old_secret_is_not_held_against_the_new_one(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud(auth=BearerToken(profiles.secret(WRONG, "token"))))
    erp.fault("GET .*/workers$=slow:0.3*1")
    late = asyncio.ensure_future(service.jtl.workers())
    await asyncio.to_thread(erp.wait_received, "GET", "/workers")
    typed(service, erp.static_bearer)
    await service.jtl.worker_status()
    assert stands(service) == GOOD
    assert len(await late) == 12
    assert [one["status"] for one in erp.log()] == [401, 200, 200]
    assert stands(service) == GOOD


async def test_t4_an_acceptance_of_the_old_secret_is_none_of_the_new_one(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud(auth=BearerToken(profiles.secret(erp.static_bearer))))
    erp.fault("GET .*/workers$=slow:0.3*1")
    late = asyncio.ensure_future(service.jtl.workers())
    await asyncio.to_thread(erp.wait_received, "GET", "/workers")
    typed(service, WRONG)
    assert len(await late) == 12
    assert stands(service) == (True, False, False, "")


def client(erp: RunningSimulator, profiles: Profiles, secret: str) -> ClientCredentials:
    return ClientCredentials(erp.token_url, erp.client_id, profiles.secret(secret, "client"))


@pytest.mark.parametrize("wrong", [[WRONG], [WRONG, WRONG + "-again"]])
async def test_t4_a_token_request_with_the_old_secret_is_dropped(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, wrong: list[str]
) -> None:
    service = open_service(profiles.cloud(auth=client(erp, profiles, wrong[0])))
    erp.fault("/oauth2/token=hang")
    calls = [
        asyncio.ensure_future(service.jtl.workers()),
        asyncio.ensure_future(service.jtl.worker_status()),
    ]
    await asyncio.to_thread(erp.wait_received, "POST", "/oauth2/token")
    for count, secret in enumerate(wrong[1:], 2):
        typed(service, secret, "client secret")
        await asyncio.to_thread(erp.wait_received, "POST", "/oauth2/token", count)
    erp.clear_faults()
    typed(service, erp.client_secret, "client secret")
    assert [len(rows) for rows in await asyncio.gather(*calls)] == [12, 12]
    assert len(erp.received("POST", "/oauth2/token")) == len(wrong) + 1
    assert stands(service, "client secret") == GOOD


async def test_t4_a_token_request_that_waits_for_a_program_is_dropped(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, command: SlowCommand
) -> None:
    auth = ClientCredentials(erp.token_url, erp.client_id, command.ref)
    service = open_service(profiles.cloud(auth=auth))
    call = asyncio.ensure_future(service.jtl.workers())
    await command.start()
    await command.say(WRONG)
    pid = await command.start()
    typed(service, erp.client_secret, "client secret")
    assert len(await call) == 12
    await ended(pid)
    assert [one["status"] for one in erp.received("POST", "/oauth2/token")] == [401, 200]
    assert stands(service, "client secret") == GOOD


async def test_t4_a_token_of_the_old_secret_is_judged_no_longer(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud())
    await service.jtl.workers()
    erp.fault("GET .*/workers$=slow:0.3*1")
    erp.clear_log()
    late = asyncio.ensure_future(service.jtl.workers())
    await asyncio.to_thread(erp.wait_received, "GET", "/workers")
    erp.world.jtl.tokens.clear()
    typed(service, erp.client_secret, "client secret")
    await service.jtl.worker_status()
    assert len(await late) == 12
    assert [one["status"] for one in erp.received("GET", "/workers")] == [401, 200, 200]
    assert stands(service, "client secret") == GOOD


async def test_t4_a_call_that_is_given_up_ends_its_token_request_alone(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud())
    erp.fault("/oauth2/token=hang*1")
    given_up = asyncio.ensure_future(service.jtl.workers())
    await asyncio.to_thread(erp.wait_received, "POST", "/oauth2/token")
    other = asyncio.ensure_future(service.jtl.workers())
    await asyncio.sleep(0)
    given_up.cancel()
    typed(service, erp.client_secret, "client secret")
    with pytest.raises(asyncio.CancelledError):
        await given_up
    assert len(await other) == 12


@pytest.fixture
def system_user(erp: RunningSimulator, profiles: Profiles, open_service: Open) -> Any:
    erp.state(superoffice={"tenant_state": "Running", "moved": False, "expire_tickets": True})

    def opened(app: str, token: str) -> LiveService:
        auth = profiles.system_user(system_user_token=profiles.secret(token, "user-token"))
        return open_service(None, profiles.online(auth=auth, app_token=profiles.secret(app, "app")))

    return opened


async def test_t4_a_login_of_a_system_user_with_the_old_secret_is_dropped(
    erp: RunningSimulator, system_user: Any
) -> None:
    service = system_user(WRONG, erp.so_system_user_token)
    erp.fault("POST /Login/.*=hang*1")
    call = asyncio.ensure_future(service.superoffice.engine_status())
    await asyncio.to_thread(erp.wait_received, "POST", "/Login/")
    typed(service, erp.so_app_token, "app token")
    assert (await call).running is not None
    assert len(erp.received("POST", "/Login/")) == 2
    assert stands(service, "app token") == GOOD
    for what in ("system user token", "private key"):
        assert stands(service, what) == (False, True, False, "")


async def test_t4_of_a_login_that_was_refused_each_secret_that_was_sent_is_refused(
    erp: RunningSimulator, system_user: Any
) -> None:
    service = system_user(WRONG, erp.so_system_user_token)
    await failure_of(service.superoffice.engine_status())
    known = ("app token", "system user token", "private key")
    assert [stands(service, what) for what in known] == [(False, False, True, "")] * 3
    typed(service, erp.so_app_token, "app token")
    assert [stands(service, what)[1:3] for what in known] == [
        (False, False),
        (False, True),
        (False, True),
    ]
    assert (await service.superoffice.engine_status()).running is not None
    assert [stands(service, what)[1] for what in known] == [True] * 3
