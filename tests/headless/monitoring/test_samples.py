"""What becomes of the samples while time goes by; the clock is a test's own."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.drivers.fake_time import FakeTime
from tests.drivers.scripted_service import ScriptedService
from tests.headless.monitoring.scrape import Scrape
from tui.api.errors import Unreachable
from tui.core import Core
from tui.domain.health.rules import assess
from tui.domain.profile import System
from tui.domain.timestamps import Moment, iso
from tui.headless.monitoring.exposition import Exposition
from tui.headless.monitoring.samples import READ, Beside, samples_of
from tui.headless.monitoring.seen_runs import SeenRuns, Tally
from tui.launch import RunOptions
from tui.store.poller import Poller
from tui.store.snapshot import Topic
from tui.wiring import demo_core

STATE, UP, SYNCS = "syncdeck_sync_state", "syncdeck_up", "syncdeck_syncs"
RUNS, LAST = "syncdeck_sync_runs_seen_total", "syncdeck_last_response_timestamp_seconds"
SUCCESS = "syncdeck_sync_last_success_seen_timestamp_seconds"


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
async def core(time: FakeTime) -> AsyncIterator[Core]:
    """The demo, read once."""
    core = demo_core(RunOptions(), time.clock)
    for topic in READ:
        assert await core.poller.read_once(topic) is None
    yield core
    await core.aclose()


def scrape(core: Core, time: FakeTime, beside: Beside | None = None) -> Scrape:
    """The document now; one sync of the demo was seen to run three times."""
    runs = SeenRuns()
    first = core.store.workers()[0].id
    runs.of_sync[first] = Tally(3, 1, time.clock())
    runs.is_known = True
    samples = samples_of(core, runs, beside or Beside(), time.clock())
    return Scrape(Exposition().document(samples)[0].decode())


async def test_what_was_not_read_for_five_minutes_is_dropped_not_frozen(
    core: Core, time: FakeTime
) -> None:
    time.elapsed += 300
    found = scrape(core, time)
    assert found.values(STATE)
    assert found.values(UP) == [1, 1]
    time.elapsed += 1
    found = scrape(core, time)
    gone = (STATE, SYNCS, "syncdeck_sync_overdue", "syncdeck_sync_interval_seconds")
    more = ("syncdeck_sync_status_timestamp_seconds", "syncdeck_request_duration_seconds")
    others = ("syncdeck_engine_running", "syncdeck_connection_active")
    assert [name for name in (*gone, *more, *others) if found.values(name)] == []
    assert found.values(UP) == [0, 0]
    # Facts of the past stay true.
    assert len(found.values(LAST)) == len(READ)
    assert max(found.values(RUNS)) == 3
    assert len(found.values(SUCCESS)) == 1


async def test_what_is_read_seldom_stays_for_three_intervals(core: Core, time: FakeTime) -> None:
    core = replace(core, intervals={**core.intervals, Topic.STATUS: 200.0})
    time.elapsed += 600
    found = scrape(core, time)
    assert found.values(STATE)
    assert found.values(SYNCS) == [], "the list itself is read more often"
    time.elapsed += 1
    assert scrape(core, time).values(STATE) == []


async def test_one_failure_is_down_at_once_and_the_state_stays(core: Core, time: FakeTime) -> None:
    core.store.fail(
        Topic.STATUS, 2, Unreachable(system=System.JTL, sentence="no route"), at=time.clock()
    )
    found = scrape(core, time)
    assert found.value(UP, system="jtl") == 0
    assert found.value(UP, system="superoffice") == 1
    assert found.values(STATE)
    assert "no route" not in found.text


async def held(core: Core, time: FakeTime) -> tuple[Core, ScriptedService]:
    """The same whose request for the status waits for its response."""
    service = ScriptedService()
    service.held["status"] = asyncio.Event()
    poller = Poller(
        service,
        core.store,
        {Topic.WORKERS: 60.0, Topic.STATUS: 5.0},
        clock=time.clock,
        monotonic=time.monotonic,
        sleep=time.sleep,
        elapsed=core.elapsed,
    )
    poller.refresh(Topic.STATUS)
    await time.settle()
    return replace(core, poller=poller), service


async def test_a_request_that_hangs_is_down_before_it_fails(core: Core, time: FakeTime) -> None:
    """The client waits 30 s; a scrape must not say for so long that all is well."""
    core, service = await held(core, time)
    await time.advance(10)
    assert scrape(core, time).value(UP, system="jtl") == 1
    await time.advance(1)
    found = scrape(core, time)
    assert found.value(UP, system="jtl") == 0
    assert found.value(UP, system="superoffice") == 1
    assert found.value("syncdeck_topic_up", topic="status") == 0
    assert found.value("syncdeck_topic_up", topic="workers") == 1
    assert found.values(STATE), "the state stays for a while"
    service.held["status"].set()
    await time.settle()
    assert scrape(core, time).value(UP, system="jtl") == 1
    await core.poller.aclose()


async def test_a_slow_server_does_not_hang(core: Core, time: FakeTime) -> None:
    statuses = core.store.snapshot(Topic.STATUS).data
    core.store.succeed(Topic.STATUS, 2, statuses, at=time.clock(), took=8.0, heard=core.elapsed())
    core, _ = await held(core, time)
    await time.advance(24)
    assert scrape(core, time).value(UP, system="jtl") == 1
    await time.advance(1)
    assert scrape(core, time).value(UP, system="jtl") == 0
    await core.poller.aclose()


async def test_a_failure_of_connections_alone_is_not_down(core: Core, time: FakeTime) -> None:
    """Of SuperOffice the engine's status counts."""
    error = Unreachable(system=System.SUPEROFFICE, sentence="no route")
    core.store.fail(Topic.CONNECTIONS, 2, error, at=time.clock())
    found = scrape(core, time)
    assert found.values(UP) == [1, 1]
    assert found.value("syncdeck_topic_up", topic="connections") == 0
    assert found.value("syncdeck_topic_up", topic="engine") == 1


async def test_what_needs_attention_is_what_check_counts(core: Core, time: FakeTime) -> None:
    statuses = core.store.snapshot(Topic.STATUS).data
    assert statuses is not None
    two_days = Moment.read(iso(time.clock() - timedelta(days=2)))
    rows = (replace(statuses[0], state=2, status_at=two_days), *statuses[1:])
    core.store.succeed(Topic.STATUS, 2, rows, at=time.clock(), took=0.1, heard=core.elapsed())
    found = scrape(core, time)
    name = "syncdeck_sync_attention"
    assert found.value(name, id=statuses[0].id) == 1, "it hangs"
    counted = sum(assess(one, time.clock()).needs_attention for one in core.store.workers())
    assert found.values(name).count(1.0) == counted < len(rows)


async def test_an_empty_list_of_connections_is_zero(core: Core, time: FakeTime) -> None:
    listed = core.store.snapshot(Topic.CONNECTIONS).data
    assert listed
    rows = tuple(replace(one, deleted=True) for one in listed)
    core.store.succeed(Topic.CONNECTIONS, 2, rows, at=time.clock(), took=0.1, heard=core.elapsed())
    found = scrape(core, time)
    assert found.value("syncdeck_connections") == 0
    assert found.values("syncdeck_connection_attention") == []


async def test_what_is_unknown_is_absent(core: Core, time: FakeTime) -> None:
    engine = core.store.snapshot(Topic.ENGINE).data
    listed = core.store.snapshot(Topic.CONNECTIONS).data
    assert engine is not None
    assert listed is not None
    rows = (replace(listed[0], active=None), replace(listed[1], deleted=True), *listed[2:])
    for topic, data in ((Topic.ENGINE, replace(engine, running=None)), (Topic.CONNECTIONS, rows)):
        core.store.succeed(topic, 2, data, at=time.clock(), took=0.1, heard=core.elapsed())
    found = scrape(core, time)
    assert found.values("syncdeck_engine_running") == []
    ids = [one["id"] for one in found.labels("syncdeck_connection_active")]
    assert ids == [str(one.id) for one in listed[2:]]
    assert found.values("syncdeck_tenant_running") == []
    names = ("syncdeck_unresolved_writes", "syncdeck_history_bytes")
    assert [name for name in names if found.values(name)] == []


async def test_what_is_known_beside_the_servers_is_there(core: Core, time: FakeTime) -> None:
    found = scrape(core, time, Beside(2, 4_096, 7, history_recording=False))
    assert found.value("syncdeck_unresolved_writes") == 2
    assert found.value("syncdeck_history_bytes") == 4_096
    assert found.value("syncdeck_history_dropped_rows_total") == 7
    assert found.value("syncdeck_history_recording") == 0


async def test_rows_with_the_same_identifier_are_one_series(core: Core, time: FakeTime) -> None:
    listed = core.store.snapshot(Topic.CONNECTIONS).data
    assert listed is not None
    twice = (listed[0], listed[0])
    core.store.succeed(Topic.CONNECTIONS, 2, twice, at=time.clock(), took=0.1, heard=core.elapsed())
    assert len(scrape(core, time).values("syncdeck_connection_active")) == 1


async def test_counters_are_absent_until_what_was_recorded_is_known(core: Core, time: FakeTime) -> None:
    found = Scrape(
        Exposition().document(samples_of(core, SeenRuns(), Beside(), time.clock()))[0].decode()
    )
    assert found.values(RUNS) == []


@pytest.mark.parametrize("accept", ["", "application/openmetrics-text; version=1.0.0"])
async def test_what_is_kept_of_a_document_is_what_would_be_written(
    core: Core, time: FakeTime, accept: str
) -> None:
    kept, runs = Exposition(), SeenRuns()
    runs.is_known = True
    statuses = core.store.snapshot(Topic.STATUS).data
    assert statuses is not None
    documents = []
    for state in (4, 6, 4):
        rows = (replace(statuses[0], state=state), *statuses[1:])
        core.store.succeed(Topic.STATUS, 2, rows, at=time.clock(), took=0.1, heard=core.elapsed())
        samples = list(samples_of(core, runs, Beside(), time.clock()))
        documents.append(kept.document(samples, accept))
        assert documents[-1] == Exposition().document(samples, accept)
    assert documents[0] == documents[2] != documents[1]
    assert documents[0] != kept.document((), accept)
