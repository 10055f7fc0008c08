"""Whatever a server or a network does: the right error, a sentence, a next step; writes go out once."""

import asyncio
from typing import Any

import pytest

from tests.api.conftest import AT_ONCE, Open, Profiles, failure_of
from tests.drivers.simulator import RunningSimulator
from tui.api import errors
from tui.api.live_service import LiveService
from tui.domain.jtl.workers import ControlAction
from tui.domain.profile import System
from tui.domain.writes import ConfigureWorker, ControlWorker, ForceResync

SYNC = "f1711f0f-1a61-4b33-8883-c584c6393311"
STATUSES = [
    ("status:400", errors.Rejected),
    ("status:402", errors.LicenceRequired),
    ("status:404", errors.NotFound),
    ("status:405", errors.NotOffered),
    ("status:409", errors.Conflict),
    ("status:412", errors.PreconditionFailed),
    ("421", errors.Moved),
    ("status:422", errors.Rejected),
    ("status:429,7", errors.Throttled),
    ("status:500", errors.ServerFailed),
    ("status:503", errors.ServerFailed),
    ("status:503,3", errors.Throttled),
    ("html:502", errors.ServerFailed),
    ("html", errors.BadAnswer),
    ("redirect-login", errors.NotAuthorised),
    ("null", errors.BadAnswer),
    ("message:no such thing", errors.BadAnswer),
    ("broken-json", errors.BadAnswer),
    ("truncated", errors.BadAnswer),
    ("reset", errors.Unreachable),
    ("hang", errors.TimedOut),
    ("slow:5", errors.TimedOut),
]
READS_ONLY = [
    ("empty", errors.BadAnswer),
    ("oversized:3", errors.BadAnswer),
    ("wrong-types", errors.BadAnswer),
]


def judge(failed: errors.ErpError, kind: type[errors.ErpError]) -> None:
    assert type(failed) is kind
    for text in (failed.sentence, failed.next_step):
        assert text
        assert not text.endswith(".")
        assert "\n" not in text


async def arrived(erp: RunningSimulator, count: int) -> None:
    """Wait until the simulator's thread has received so many calls of the list."""
    async with asyncio.timeout(10):
        for _ in iter(lambda: len(erp.received("GET", "/workers")) >= count, True):
            await asyncio.sleep(0.01)


@pytest.fixture
def hasty(open_service: Open, profiles: Profiles) -> LiveService:
    """A service with little patience and little room."""
    return open_service(
        profiles.cloud(),
        profiles.superoffice(),
        connection={"read_timeout": 0.6, "sync_timeout": 0.6, "max_response_mb": 1},
    )


@pytest.mark.parametrize(
    ("fault", "kind"),
    [*STATUSES, *READS_ONLY, ("forbidden", errors.Forbidden), ("quirk:5", errors.ServerFailed)],
)
async def test_a_list_of_workers_under(
    erp: RunningSimulator, hasty: LiveService, fault: str, kind: type[errors.ErpError]
) -> None:
    erp.fault(f"/erp/v1/workers={fault}")
    failed = await failure_of(hasty.jtl.workers())
    judge(failed, kind)
    assert (failed.system, failed.method, failed.path) == (System.JTL, "GET", "/erp/v1/workers")


@pytest.mark.parametrize(
    ("fault", "kind"), [*STATUSES, *READS_ONLY, ("forbidden", errors.NotAuthorised)]
)
async def test_an_engine_status_under(
    erp: RunningSimulator, hasty: LiveService, fault: str, kind: type[errors.ErpError]
) -> None:
    erp.fault(f"ErpSync={fault}")
    failed = await failure_of(hasty.superoffice.engine_status())
    judge(failed, kind)
    assert failed.system is System.SUPEROFFICE


@pytest.mark.parametrize(("fault", "kind"), [*STATUSES, *READS_ONLY, ("forbidden", errors.Forbidden)])
async def test_a_configuration_is_sent_once_under(
    erp: RunningSimulator, hasty: LiveService, fault: str, kind: type[errors.ErpError]
) -> None:
    erp.fault(f"POST /erp/v1/workers={fault}")
    failed = await failure_of(hasty.jtl.configure_worker(ConfigureWorker(SYNC, "00:10:00")))
    judge(failed, kind)
    assert len(erp.received("POST", "/workers/")) == 1


@pytest.mark.parametrize(
    ("fault", "kind"), [case for case in STATUSES if case[0] not in ("broken-json", "truncated")]
)
async def test_a_start_is_sent_once_under(
    erp: RunningSimulator, hasty: LiveService, fault: str, kind: type[errors.ErpError]
) -> None:
    erp.fault(f"PUT /erp/v1/workers={fault}")
    judge(await failure_of(hasty.jtl.control_worker(ControlWorker(SYNC, ControlAction.START))), kind)
    assert len(erp.received("PUT")) == 1


@pytest.mark.parametrize("fault", ["reset", "lost", "hang", "status:503", "status:502", "truncated"])
async def test_a_resync_is_sent_once_and_its_fate_is_called_unknown_where_it_is(
    erp: RunningSimulator, hasty: LiveService, fault: str
) -> None:
    erp.fault(f"ForceResync={fault}")
    failed = await failure_of(hasty.superoffice.force_resync(ForceResync(1, (5,))))
    assert len(erp.received("POST", "ForceResync")) == 1
    assert failed.sent
    if fault in ("reset", "lost", "hang"):
        assert failed.in_doubt
        assert failed.next_step == "Refresh and check before you send it again"


@pytest.mark.parametrize("fault", ["reset", "status:503", "html:502"])
async def test_a_read_survives_two_bad_tries(
    erp: RunningSimulator, both: LiveService, fault: str
) -> None:
    erp.fault(f"/erp/v1/workers={fault}*2")
    erp.fault(f"GetEngineStatus={fault}*2")
    assert len(await both.jtl.workers()) == 12
    assert (await both.superoffice.engine_status()).running is not None
    assert len(erp.received("GET", "/workers")) == 3


async def test_retries_keep_to_the_deadline(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    async def for_ever(_: float) -> None:
        await asyncio.Event().wait()

    from tui.api.http.transport import Time

    service = open_service(profiles.cloud(), connection={"read_timeout": 0.5}, time=Time(sleep=for_ever))
    erp.fault("/erp/v1/workers=status:503")
    judge(await failure_of(service.jtl.workers()), errors.TimedOut)
    assert len(erp.received("GET")) == 1


async def test_the_servers_own_words_are_kept_per_field(
    erp: RunningSimulator, both: LiveService
) -> None:
    failed = await failure_of(both.jtl.configure_worker(ConfigureWorker(SYNC, "nonsense")))
    judge(failed, errors.Rejected)
    assert "Interval" in failed.fields
    assert failed.fields["Interval"][0]


async def test_throttling_tells_how_long(erp: RunningSimulator, both: LiveService) -> None:
    erp.fault("/erp/v1/workers=status:429,17")
    assert (await failure_of(both.jtl.workers())).retry_after == 17
    assert len(erp.received("GET")) == 1


async def test_a_missing_scope_is_named(erp: RunningSimulator, both: LiveService) -> None:
    erp.fault("workers=forbidden")
    read = await failure_of(both.jtl.workers())
    assert "system.worker.read or worker.getworkersyncs" in read.sentence
    write = await failure_of(both.jtl.control_worker(ControlWorker(SYNC, ControlAction.STOP)))
    assert "system.worker.write or worker.synccontrol" in write.sentence


async def test_numeric_ids_are_named(erp: RunningSimulator, both: LiveService) -> None:
    erp.fault("POST /erp/v1/workers=quirk:2")
    failed = await failure_of(both.jtl.configure_worker(ConfigureWorker(SYNC, "00:10:00")))
    assert "this server's API 1.1 requires numeric ids" in failed.sentence


async def test_a_version_given_twice_is_named(erp: RunningSimulator, both: LiveService) -> None:
    erp.fault("POST /erp/v1/workers=quirk:4")
    failed = await failure_of(both.jtl.configure_worker(ConfigureWorker(SYNC, "00:10:00")))
    assert "not in both" in failed.sentence


async def test_null_from_the_agent_hints_at_the_missing_access(
    erp: RunningSimulator, both: LiveService
) -> None:
    erp.fault("ErpSync=null")
    for call in (
        both.superoffice.engine_status(),
        both.superoffice.connections(),
        both.superoffice.force_resync(ForceResync(1, (5,))),
    ):
        assert "request the app's ErpSync access" in (await failure_of(call)).next_step


async def test_a_message_instead_of_the_carrier_is_carried(
    erp: RunningSimulator, both: LiveService
) -> None:
    erp.fault("ErpSync=message:The request is invalid")
    for call in (
        both.superoffice.engine_status(),
        both.superoffice.connections(),
        both.superoffice.force_resync(ForceResync(1, (5,))),
    ):
        failed = await failure_of(call)
        judge(failed, errors.BadAnswer)
        assert "The request is invalid" in failed.detail


async def test_one_bad_row_does_not_spoil_the_list(erp: RunningSimulator, both: LiveService) -> None:
    erp.fault("GET=one-bad-row")
    erp.fault("ErpSync=one-bad-row")
    syncs, statuses = await both.jtl.workers(), await both.jtl.worker_status()
    connections = await both.superoffice.connections()
    assert [bool(sync.problem) for sync in syncs] == [False, True] + [False] * 10
    assert syncs[1].problem == "SyncName: expected text, got a list"
    assert [status.id for status in statuses if status.problem] == [statuses[1].id]
    assert [bool(item.problem) for item in connections] == [False, True, False, False]


@pytest.mark.parametrize("quirk", ["8", "11", "14"])
async def test_quirks_of_shape_are_read_all_the_same(
    erp: RunningSimulator, both: LiveService, quirk: str
) -> None:
    before = await both.jtl.workers()
    erp.fault(f"GET=quirk:{quirk}")
    assert [(sync.id, sync.channel) for sync in await both.jtl.workers()] == [
        (sync.id, sync.channel) for sync in before
    ]
    assert all(status.known_state is not None for status in await both.jtl.worker_status())


@pytest.mark.parametrize(
    "text", ["15 minutes", "1.00:00:00", "PT15M", "9" * 5_000, "P" + "9" * 5_000 + "D"]
)
async def test_any_interval_text_is_shown(erp: RunningSimulator, both: LiveService, text: str) -> None:
    erp.fault(f"ErpSync=interval-text:{text}")
    erp.fault(f"workers=interval-text:{text}")
    assert (await both.superoffice.engine_status()).interval.raw == text
    assert {sync.interval.raw for sync in await both.jtl.workers()} == {text}


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00", "9999-12-31T23:59:59+14:00", "yesterday", "1"])
async def test_any_time_text_is_shown(erp: RunningSimulator, both: LiveService, text: str) -> None:
    erp.fault(f"workers/status=last-sync:{text}")
    assert {status.status_at.text for status in await both.jtl.worker_status()} == {text}


async def test_a_server_that_is_not_there(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    from dataclasses import replace

    gone = replace(profiles.superoffice(), base_url="http://127.0.0.1:9/Cust")
    service = open_service(None, gone)
    judge(await failure_of(service.superoffice.engine_status()), errors.Unreachable)
    failed = await failure_of(service.superoffice.force_resync(ForceResync(1, (5,))))
    assert "refused the connection; nothing was sent" in failed.sentence
    assert not failed.sent


async def test_a_name_that_nobody_knows(profiles: Profiles, open_service: Open) -> None:
    from dataclasses import replace

    lost = replace(profiles.superoffice(), base_url="http://no-such-host.invalid/Cust")
    failed = await failure_of(
        open_service(None, lost, connection={"proxy": "none"}).superoffice.engine_status()
    )
    judge(failed, errors.Unreachable)
    assert "no-such-host.invalid cannot be resolved" in failed.sentence


async def test_the_server_comes_back(profiles: Profiles, open_service: Open, tmp_path: Any) -> None:
    with RunningSimulator(still=True) as erp:
        service = open_service(Profiles(erp, tmp_path).cloud())
        assert len(await service.jtl.workers()) == 12
        erp.stop()
        judge(await failure_of(service.jtl.workers()), errors.Unreachable)
        erp.start()
        assert len(await service.jtl.workers()) == 12


async def test_a_system_that_is_not_configured_is_absent(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud())
    with pytest.raises(errors.Absent) as caught:
        await service.superoffice.engine_status()
    judge(caught.value, errors.Absent)
    with pytest.raises(errors.Absent):
        service.preview(ForceResync(1))
    assert service.clock_offset(System.SUPEROFFICE) is None
    assert erp.log() == []


async def test_a_call_in_flight_ends_when_the_service_is_closed(
    erp: RunningSimulator, both: LiveService
) -> None:
    await both.jtl.workers()
    erp.fault("/erp/v1/workers=hang")
    call = asyncio.ensure_future(both.jtl.workers())
    await arrived(erp, 2)
    await both.aclose()
    failed = await failure_of(asyncio.wait_for(call, 5))
    assert isinstance(failed, errors.Unreachable)
    assert isinstance(await failure_of(both.jtl.workers()), errors.Unreachable)


async def test_a_cancelled_call_stays_cancelled(erp: RunningSimulator, both: LiveService) -> None:
    erp.fault("/erp/v1/workers=hang")
    call = asyncio.ensure_future(both.jtl.workers())
    await arrived(erp, 1)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call


@pytest.mark.parametrize("known_id", ["#7", "ID#2", "../workers", "a/b", "", "."])
async def test_a_row_without_an_identifier_of_its_own_is_never_written_to(
    erp: RunningSimulator, both: LiveService, known_id: str
) -> None:
    failed = await failure_of(both.jtl.control_worker(ControlWorker(known_id, ControlAction.STOP)))
    judge(failed, errors.NotFound)
    assert (failed.sent, erp.received("PUT")) == (False, [])


async def test_the_servers_clock_is_compared(erp: RunningSimulator, both: LiveService) -> None:
    assert both.clock_offset(System.JTL) is None
    await both.jtl.workers()
    offset = both.clock_offset(System.JTL)
    assert offset is not None
    assert abs(offset) < 30


async def test_a_server_clock_that_is_ahead(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    from dataclasses import replace

    slow = replace(AT_ONCE, wall=lambda: __import__("time").time() - 90)
    service = open_service(None, profiles.superoffice(), time=slow)
    await service.superoffice.engine_status()
    offset = service.clock_offset(System.SUPEROFFICE)
    assert offset is not None
    assert 60 < offset < 120
