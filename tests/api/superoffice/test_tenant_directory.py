"""An Online tenant: looked up before the first call, followed when it moves, its state told."""

import asyncio
from typing import Any

import pytest

from tests.api.conftest import Open, Profiles, failure_of
from tests.drivers.fake_time import START, FakeTime
from tests.drivers.simulator import RunningSimulator
from tui.api.errors import BadAnswer, Moved, NotFound, ServerFailed, TenantUnavailable, Unreachable
from tui.api.http.transport import Time
from tui.api.live_service import LiveService
from tui.api.row_reader import Unreadable
from tui.api.superoffice.tenant_directory import below_root
from tui.api.superoffice.tenant_row import fault_of, read_tenant
from tui.domain.writes import ForceResync
from tui.simulator.superoffice.tenant import MOVED_TO

STATE, MOVED_ROOT = "/api/state/Cust12345", f"/{MOVED_TO}/api/v1/Agents/ErpSync"
RESYNC = ForceResync(1, (670,))


@pytest.fixture(autouse=True)
def at_rest(erp: RunningSimulator) -> None:
    erp.state(
        superoffice={
            "tenant_state": "Running",
            "moved": False,
            "state_valid_for": 300,
            "state_fields": {},
            "running": True,
        }
    )
    erp.clear_log()


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def service(
    open_service: Open, profiles: Profiles, time: FakeTime, erp: RunningSimulator
) -> LiveService:
    clock = Time(
        monotonic=time.monotonic,
        elapsed=time.monotonic,
        wall=lambda: START.timestamp() + time.elapsed,
        jitter=lambda: 0.0,
    )
    return open_service(None, profiles.online(), time=clock)


def states_asked(erp: RunningSimulator) -> int:
    return len(erp.received("GET", "/api/state/"))


async def test_the_state_is_asked_once_before_the_first_call_and_without_credentials(
    erp: RunningSimulator, service: LiveService
) -> None:
    assert service.tenant() is None
    assert erp.log() == []
    await asyncio.gather(service.superoffice.engine_status(), service.superoffice.connections())
    await service.superoffice.engine_status()
    first, *calls = erp.log()
    assert (first["method"], first["path"]) == ("GET", STATE)
    assert first["headers"]["accept"] == "application/json"
    assert {"authorization", "so-apptoken", "cookie"} & first["headers"].keys() == set()
    assert [(call["method"], call["path"].split("/")[1]) for call in calls] == [
        ("POST", "Cust12345")
    ] * 3
    assert {call["headers"]["authorization"] for call in calls} == {f"Bearer {erp.so_token}"}
    known = service.tenant()
    assert known is not None
    assert (known.id, known.state, known.root) == ("Cust12345", "Running", erp.so_base)


async def test_the_state_is_asked_again_once_it_is_no_longer_valid(
    erp: RunningSimulator, service: LiveService, time: FakeTime
) -> None:
    erp.state(superoffice={"state_valid_for": 120})
    await service.superoffice.engine_status()
    time.elapsed += 110
    await service.superoffice.engine_status()
    assert states_asked(erp) == 1
    time.elapsed += 15
    await service.superoffice.engine_status()
    assert states_asked(erp) == 2


async def test_a_read_follows_a_move(erp: RunningSimulator, service: LiveService) -> None:
    await service.superoffice.engine_status()
    erp.state(superoffice={"moved": True})
    erp.clear_log()
    assert (await service.superoffice.engine_status()).running
    await service.superoffice.connections()
    assert [(entry["path"], entry["status"]) for entry in erp.log()] == [
        ("/Cust12345/api/v1/Agents/ErpSync/GetEngineStatus", 421),
        (STATE, 200),
        (f"{MOVED_ROOT}/GetEngineStatus", 200),
        (f"{MOVED_ROOT}/GetAllConnections", 200),
    ]
    assert service.preview(RESYNC).url == f"{erp.url}{MOVED_ROOT}/ForceResync"


async def test_the_next_page_of_the_log_is_asked_for_where_the_tenant_lives_by_then(
    erp: RunningSimulator, service: LiveService
) -> None:
    first = await service.superoffice.sync_log()
    erp.state(superoffice={"moved": True})
    await service.superoffice.connections()
    erp.clear_log()
    second = await service.superoffice.sync_log(first.next)
    assert second.entries
    assert [entry["path"] for entry in erp.log()] == [f"/{MOVED_TO}/api/v1/archive/ErpSyncLog"]


async def test_a_link_in_another_case_is_followed_below_the_tenant(
    erp: RunningSimulator, service: LiveService
) -> None:
    await service.superoffice.engine_status()
    link = f"{erp.url}/Cust12345/Api/V1/Archive/ErpSyncLog?$skip=200"
    assert (await service.superoffice.sync_log(link)).entries
    assert below_root(link) == "/Api/V1/Archive/ErpSyncLog?$skip=200"
    assert below_root("https://host/Cust1/odd?a=1") == "/api/Cust1/odd?a=1"


async def test_a_write_that_met_a_move_is_not_sent_again_by_itself(
    erp: RunningSimulator, service: LiveService
) -> None:
    await service.superoffice.engine_status()
    erp.state(superoffice={"moved": True})
    erp.clear_log()
    failure = await failure_of(service.superoffice.force_resync(RESYNC))
    assert type(failure) is Moved
    assert f"tenant Cust12345 has moved to 127.0.0.1:{erp.port}/{MOVED_TO}: " in failure.sentence
    assert "nothing was changed" in failure.sentence
    assert "Review it again" in failure.next_step
    assert [(entry["method"], entry["status"]) for entry in erp.log()] == [("POST", 421), ("GET", 200)]
    assert service.preview(RESYNC).url == f"{erp.url}{MOVED_ROOT}/ForceResync"
    answer = await service.superoffice.force_resync(RESYNC)
    assert answer is not None
    assert answer.ok
    (sent,) = erp.received("POST", MOVED_ROOT)
    assert sent["body"] == {"ErpConnectionId": 1, "InternalKeyIds": [670]}


async def test_d7_a_write_that_was_shown_for_another_address_is_not_sent(
    erp: RunningSimulator, service: LiveService, time: FakeTime
) -> None:
    await service.superoffice.engine_status()
    time.elapsed += 400
    erp.state(superoffice={"moved": True})
    erp.clear_log()
    failure = await failure_of(service.superoffice.force_resync(RESYNC))
    assert type(failure) is Moved
    assert not failure.sent
    here = f"127.0.0.1:{erp.port}"
    assert failure.sentence == f"tenant Cust12345 has moved from {here}/Cust12345 to {here}/{MOVED_TO}"
    assert "Review it again" in failure.next_step
    assert erp.received("POST") == []
    answer = await service.superoffice.force_resync(RESYNC)
    assert answer is not None
    assert answer.ok


async def test_d7_where_the_state_is_not_told_after_a_move_it_is_refused_all_the_same(
    erp: RunningSimulator, service: LiveService
) -> None:
    await service.superoffice.engine_status()
    erp.state(superoffice={"moved": True})
    erp.fault("GET /api/state/.*=status:500")
    failure = await failure_of(service.superoffice.force_resync(RESYNC))
    assert type(failure) is Moved
    assert "tenant Cust12345 has moved: 127.0.0.1" in failure.sentence
    assert failure.next_step == "Refresh, then review it again"


async def test_a_tenant_that_is_nowhere_is_asked_for_once_and_said_so(
    erp: RunningSimulator, service: LiveService
) -> None:
    erp.fault("POST .*GetEngineStatus=status:421")
    failure = await failure_of(service.superoffice.engine_status())
    assert type(failure) is Moved
    assert "where the tenant state service still places it" in failure.sentence
    assert [entry["method"] for entry in erp.log()] == ["GET", "POST", "GET"]


@pytest.mark.parametrize(
    "state", ["Suspended", "OfflineMaintenance", "MigrationPending", "Provisioning", "Deleted"]
)
async def test_a_tenant_that_does_not_run_is_not_called(
    erp: RunningSimulator, service: LiveService, state: str
) -> None:
    erp.state(superoffice={"tenant_state": state})
    failed = await asyncio.gather(
        service.superoffice.engine_status(), service.superoffice.connections(), return_exceptions=True
    )
    assert [type(failure) for failure in failed] == [TenantUnavailable] * 2
    assert states_asked(erp) == 1
    assert erp.received("POST") == []
    known = service.tenant()
    assert known is not None
    assert (known.state, known.running) == (state, False)


async def test_suspended_is_asked_for_by_every_call_so_that_its_end_is_seen_at_once(
    erp: RunningSimulator, service: LiveService
) -> None:
    erp.state(superoffice={"tenant_state": "Suspended"})
    failure = await failure_of(service.superoffice.engine_status())
    assert failure.sentence.startswith("suspended: the APIs of tenant Cust12345 are off (state of ")
    assert failure.retry_after == pytest.approx(60)
    erp.state(superoffice={"tenant_state": "Running"})
    assert (await service.superoffice.engine_status()).running


async def test_a_write_to_a_suspended_tenant_is_not_sent(
    erp: RunningSimulator, service: LiveService
) -> None:
    await service.superoffice.engine_status()
    erp.state(superoffice={"tenant_state": "Suspended"})
    await failure_of(service.superoffice.engine_status())
    erp.clear_log()
    failure = await failure_of(service.superoffice.force_resync(RESYNC))
    assert type(failure) is TenantUnavailable
    assert failure.sent is False
    assert erp.received("POST") == []


async def test_a_read_that_fails_because_of_the_state_is_told_by_the_state(
    erp: RunningSimulator, service: LiveService
) -> None:
    await service.superoffice.engine_status()
    erp.state(superoffice={"tenant_state": "OfflineMaintenance"})
    failure = await failure_of(service.superoffice.engine_status())
    assert failure.sentence.startswith("offline maintenance: ")


async def test_a_failure_of_a_tenant_that_runs_stays_what_it_is(
    erp: RunningSimulator, service: LiveService
) -> None:
    erp.fault("POST .*GetEngineStatus=status:500")
    assert type(await failure_of(service.superoffice.engine_status())) is ServerFailed


async def test_online_maintenance_still_serves(erp: RunningSimulator, service: LiveService) -> None:
    erp.state(superoffice={"tenant_state": "OnlineMaintenance"})
    assert (await service.superoffice.engine_status()).running
    known = service.tenant()
    assert known is not None
    assert known.word == "online maintenance"


async def test_a_state_service_that_fails_later_does_not_take_away_a_tenant_that_serves(
    erp: RunningSimulator, service: LiveService, time: FakeTime
) -> None:
    await service.superoffice.engine_status()
    first = service.tenant()
    time.elapsed += 400
    erp.fault("GET /api/state/.*=status:500")
    assert (await service.superoffice.engine_status()).running
    known = service.tenant()
    assert known is not None
    assert first is not None
    assert known.asked_at == first.asked_at
    assert "state service is temporarily unavailable" in known.trouble
    erp.clear_faults()
    time.elapsed += 61
    await service.superoffice.engine_status()
    assert service.tenant().trouble == ""  # type: ignore[union-attr] # it was asked


async def test_after_a_move_a_failing_state_service_does_not_lead_back_to_the_old_address(
    erp: RunningSimulator, service: LiveService
) -> None:
    await service.superoffice.engine_status()
    erp.state(superoffice={"moved": True})
    erp.fault("GET /api/state/.*=status:500")
    erp.clear_log()
    assert type(await failure_of(service.superoffice.engine_status())) is ServerFailed
    assert type(await failure_of(service.superoffice.engine_status())) is ServerFailed
    assert len(erp.received("POST")) == 1
    erp.clear_faults()
    assert (await service.superoffice.engine_status()).running


async def test_without_a_state_service_nothing_is_known_and_no_credential_is_sent(
    erp: RunningSimulator, service: LiveService
) -> None:
    erp.fault("GET /api/state/.*=reset")
    assert type(await failure_of(service.superoffice.engine_status())) is Unreachable
    assert erp.received("POST") == []
    assert service.tenant() is None


async def test_a_customer_that_is_not_known_says_what_to_check(
    erp: RunningSimulator, service: LiveService
) -> None:
    erp.fault("GET /api/state/.*=status:404")
    failure = await failure_of(service.superoffice.engine_status())
    assert type(failure) is NotFound
    assert "does not know Cust12345" in failure.sentence
    assert "customer_id" in failure.next_step


@pytest.mark.parametrize("fault", ["null", "html", "message:Try later"])
async def test_an_answer_that_is_no_state_is_nonsense(
    erp: RunningSimulator, service: LiveService, fault: str
) -> None:
    erp.fault(f"GET /api/state/.*={fault}")
    assert type(await failure_of(service.superoffice.engine_status())) is BadAnswer
    assert erp.received("POST") == []


async def test_t13_a_tenant_is_called_where_api_says_whatever_endpoint_says(
    erp: RunningSimulator, service: LiveService, time: FakeTime
) -> None:
    stale = {"Endpoint": f"{erp.url}/Cust12345-old"}
    for fields in (
        {"Endpoint": None},
        stale,
        {"Api": None},
        {"Endpoint": " "},
        {"Api": "", "Version": 1},
    ):
        erp.state(superoffice={"state_fields": fields})
        erp.clear_log()
        assert (await service.superoffice.engine_status()).running
        assert {entry["path"].split("/")[1] for entry in erp.received("POST")} == {"Cust12345"}
        time.elapsed += 400
    known = service.tenant()
    assert known is not None
    assert known.root == erp.so_base


async def test_t13_a_move_that_only_api_shows_is_followed(
    erp: RunningSimulator, service: LiveService
) -> None:
    await service.superoffice.engine_status()
    erp.state(superoffice={"moved": True, "state_fields": {"Endpoint": erp.so_base}})
    erp.clear_log()
    assert (await service.superoffice.engine_status()).running
    assert [entry["status"] for entry in erp.log()] == [421, 200, 200]
    assert erp.log()[-1]["path"] == f"{MOVED_ROOT}/GetEngineStatus"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        (
            {"Api": "https://api.evil.example/Cust12345/api"},
            "Api is https://api.evil.example, not https",
        ),
        (
            {"Api": "http://online3.superoffice.com/Cust12345/api"},
            "Api is http://online3.superoffice.com,",
        ),
        ({"Api": "https://superoffice.com.evil.example/api"}, "no credentials are sent there"),
        ({"Api": "online3.superoffice.com/Cust12345/api"}, "its Api is not a usable address"),
        ({"Api": ["https://online3.superoffice.com"]}, "Api: expected text, got a list"),
        ({"Api": "https://app.superoffice.com/Cust99999/api"}, "its Api belongs to another tenant"),
        (
            {"Api": None, "Endpoint": "https://evil.example/Cust12345"},
            "Endpoint is https://evil.example,",
        ),
        ({"Api": None, "Endpoint": None}, "it names no Api"),
    ],
)
async def test_t13_credentials_follow_no_address_that_is_not_onlines_own(
    erp: RunningSimulator, service: LiveService, fields: dict[str, object], why: str
) -> None:
    erp.state(superoffice={"state_fields": fields})
    failure = await failure_of(service.superoffice.engine_status())
    assert type(failure) is BadAnswer
    assert why in failure.sentence
    assert [entry["path"] for entry in erp.log()] == [STATE]
    assert service.tenant() is None


@pytest.mark.parametrize(
    ("state", "named", "said"),
    [
        (12, "MigrationPending", "first migration not finished: tenant Cust12345 does not run"),
        ("12", "MigrationPending", "first migration not finished: "),
        ("migrationpending", "MigrationPending", "first migration not finished: "),
        ("Migration pending", "MigrationPending", "first migration not finished: "),
        (4, "Suspended", "suspended: the APIs of tenant Cust12345 are off"),
        (6.0, "OfflineMaintenance", "offline maintenance: the APIs of tenant Cust12345 are off"),
        (0, "Unknown", "unknown to the state service: tenant Cust12345 does not run"),
        (7, "7", "state 7: tenant Cust12345 does not run"),
        (130, "130", "state 130: tenant Cust12345 does not run"),
        (-1, "-1", "state -1: tenant Cust12345 does not run"),
    ],
)
async def test_t13_a_state_is_read_as_a_number_or_in_words_and_an_unknown_number_is_said(
    erp: RunningSimulator, service: LiveService, state: object, named: str, said: str
) -> None:
    erp.state(superoffice={"state_fields": {"State": state, "IsRunning": None}})
    failure = await failure_of(service.superoffice.engine_status())
    assert type(failure) is TenantUnavailable
    assert failure.sentence.startswith(said)
    assert erp.received("POST") == []
    known = service.tenant()
    assert known is not None
    assert known.state == named


async def test_t13_names_are_read_in_any_case_and_numbers_that_run_run(
    erp: RunningSimulator, service: LiveService, time: FakeTime
) -> None:
    whole = {"ContextIdentifier", "Endpoint", "Api", "State", "IsRunning", "ValidUntil", "Version"}
    fields: dict[str, object] = dict.fromkeys(whole)
    for number, named in ((2, "Running"), (5, "OnlineMaintenance")):
        fields |= {"api": f"{erp.so_base}/API/", "state": number, "contextidentifier": "cust12345"}
        erp.state(superoffice={"state_fields": fields})
        assert (await service.superoffice.engine_status()).running
        known = service.tenant()
        assert known is not None
        assert (known.state, known.root) == (named, erp.so_base)
        time.elapsed += 400


def state_at(address: str, field: str = "Api") -> str:
    tree = {"State": "Running", "IsRunning": True, field: address}
    return read_tenant(tree, "Cust12345", ONLINE, START, 0.0).root


@pytest.mark.parametrize("field", ["Api", "Endpoint"])
@pytest.mark.parametrize("host", ["sod.superoffice.com", "app.superoffice.com"])
def test_t13_an_address_is_taken_with_or_without_api(host: str, field: str) -> None:
    root = f"https://{host}/Cust12345"
    ends = ("", "/", "/api", "/api/", "/Api/v1", "/api//")
    assert {state_at(f" {root}{end}", field) for end in ends} == {root}


@pytest.mark.parametrize("field", ["Api", "Endpoint"])
@pytest.mark.parametrize("context", [None, "Cust12345"])
def test_an_address_of_another_customer_is_not_used(field: str, context: str | None) -> None:
    tree = {"ContextIdentifier": context, "State": 2, field: "https://sod.superoffice.com/Cust99999/api"}
    with pytest.raises(Unreadable, match=f"{field} belongs to another tenant"):
        read_tenant(tree, "Cust12345", ONLINE, START, 0.0)


ONLINE, HERE = "https://online.superoffice.com/api/state", "http://127.0.0.1:8700/api/state"


@pytest.mark.parametrize(
    ("root", "service"),
    [
        ("https://online3.superoffice.com/Cust12345", ONLINE),
        ("https://sod2.superoffice.com/Cust12345", HERE),
        ("http://127.0.0.1:8700/Cust12345", HERE),
        ("http://localhost:8700/Cust12345", HERE),
    ],
)
def test_an_address_of_online_is_trusted_and_a_simulator_on_this_machine(
    root: str, service: str
) -> None:
    assert fault_of(root, service) == ""


@pytest.mark.parametrize(
    "root",
    [
        "",
        "online3.superoffice.com/Cust12345",
        "http://online3.superoffice.com/Cust12345",
        "https://online3.superoffice.com.evil.example/Cust12345",
        "https://evilsuperoffice.com/Cust12345",
        "https://evil.example/superoffice.com",
        "https://user:pass@online3.superoffice.com/Cust12345",
        "https://evil.example\\.superoffice.com/Cust12345",
        "https://evil.example#.superoffice.com/Cust12345",
        "https://evil.example?.superoffice.com",
        "http://127.0.0.1:8700/Cust12345",
        "https://online3.superoffice.com/Cust 12345",
        "file:///etc/passwd",
    ],
)
def test_credentials_go_nowhere_else(root: str) -> None:
    assert fault_of(root, ONLINE)


async def test_on_site_no_state_is_asked(erp: RunningSimulator, both: Any) -> None:
    await both.superoffice.engine_status()
    assert states_asked(erp) == 0
    assert both.tenant() is None
