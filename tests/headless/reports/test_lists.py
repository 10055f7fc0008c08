"""What the one-shot commands find out, and that a failing part leaves the others whole."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.drivers.scripted_service import ScriptedService, lost
from tui.api import errors
from tui.core import ServiceHandle
from tui.domain.intervals import Interval
from tui.domain.jtl.extensions import Extension, ExtensionPage
from tui.domain.jtl.workers import WorkerStatus
from tui.domain.profile import Environment, ProfileFacts, System
from tui.domain.superoffice.engine import EngineStatus
from tui.domain.superoffice.sync_log import SyncLogEntry, SyncLogPage
from tui.domain.timestamps import Moment
from tui.headless.one_shot import COMMANDS

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
FACTS = ProfileFacts("acme", Environment.STAGING, read_only=False, systems=frozenset(System))


@pytest.fixture
def erp() -> Any:
    service = ScriptedService()
    service.pages = [ExtensionPage((Extension("e1", "shop", status=2),), 1, 1, True)]
    return service


@pytest.fixture
def report(erp: Any) -> Any:
    async def run(command: Any) -> Any:
        return await COMMANDS[command](ServiceHandle(FACTS, erp), lambda: NOW)

    return run


async def test_all_is_well(report: Any) -> None:
    found = await report("status")
    assert found.exit_code == 0
    assert found.summary == "all is well · 1 sync · 1 extension · engine running · 1 connection"


async def test_a_failed_sync_needs_attention_and_says_why(erp: Any, report: Any) -> None:
    erp.status = WorkerStatus("a1", 4, "401 from marketplace")
    found = await report("status")
    assert found.exit_code == 1
    [item] = found.items
    assert (item["kind"], item["id"], item["name"]) == ("worker", "a1", "Temu · Temu DE")
    assert item["reason"] == "last run failed: 401 from marketplace"


async def test_when_every_sync_is_suspended_the_worker_itself_is_named_first(
    erp: Any, report: Any
) -> None:
    erp.status = WorkerStatus("a1", 0)
    found = await report("status")
    assert found.items[0]["reason"] == "all syncs suspended: the JTL-Worker is probably not running"
    assert [item["kind"] for item in found.items] == ["system", "worker"]


async def test_a_stopped_engine_needs_attention(erp: Any, report: Any) -> None:
    erp.engine = EngineStatus(False, "Stopped by SYNC", Interval.read("00:15:00"))
    assert (await report("engine")).exit_code == 1
    assert (await report("status")).items[0]["kind"] == "engine"


async def test_one_system_down_leaves_the_other_one_told(erp: Any, report: Any) -> None:
    erp.failing = {call: lost(errors.TimedOut) for call in ("workers", "status", "extensions")}
    found = await report("status")
    assert found.exit_code == 3
    assert found.systems[System.JTL].state == "unreachable"
    assert found.systems[System.SUPEROFFICE].state == "ok"
    assert "engine running" in found.summary
    assert "JTL-Wawi unreachable" in found.summary


async def test_a_refused_login_outweighs_an_unreachable_system(erp: Any, report: Any) -> None:
    erp.failing = {"workers": lost(errors.TimedOut), "engine": lost(errors.NotAuthorised)}
    assert (await report("status")).exit_code == 4


async def test_without_status_answers_nothing_is_inferred_about_the_syncs(erp: Any, report: Any) -> None:
    erp.failing = {"status": lost(errors.ServerFailed)}
    found = await report("workers")
    assert found.exit_code == 3
    assert (found.items[0]["state"], found.items[0]["health"]) == ("unknown", "unknown")
    assert found.items[0]["reason"] == "the status could not be read"
    overview = await report("status")
    assert overview.items == ()
    assert overview.summary.startswith("not everything could be read")


async def test_what_a_sync_item_says(erp: Any, report: Any) -> None:
    at = Moment.read("2026-11-22T02:58:00Z")
    erp.status = WorkerStatus("a1", 3, "42\norders", status_at=at)
    [item] = (await report("workers")).items
    assert item == {
        "id": "a1",
        "name": "Temu",
        "channel": "Temu DE",
        "channel_id": None,
        "state": "ok",
        "health": "ok",
        "reason": None,
        "interval_s": 300,
        "interval_text": None,
        "status_at": "2026-11-22T02:58:00Z",
        "next_at": None,
        "message": "42 orders",
        "since": None,
        "since_is_known": False,
    }


async def test_every_page_of_the_extensions_is_listed_pending_first(erp: Any, report: Any) -> None:
    active, pending = Extension("e1", "shop", status=2), Extension("e2", "billing", status=1)
    erp.pages = [ExtensionPage((active,), 1, 2, False), ExtensionPage((pending,), 2, 2, True)]
    found = await report("extensions")
    assert [item["extension_id"] for item in found.items] == ["billing", "shop"]
    assert [item["status"] for item in found.items] == ["pending", "active"]


async def test_a_list_that_breaks_off_shows_what_came_and_says_so(erp: Any, report: Any) -> None:
    class Breaking(ScriptedService):
        async def extensions(self) -> Any:
            yield ExtensionPage((Extension("e1", "shop", status=2),), 1, 2, False)
            raise lost(errors.BadAnswer)

    found = await COMMANDS["extensions"](ServiceHandle(FACTS, Breaking()), lambda: NOW)
    assert found.exit_code == 5
    assert len(found.items) == 1
    assert "the list is not complete" in found.summary


async def test_a_list_that_could_not_be_asked_counts_nothing(erp: Any, report: Any) -> None:
    erp.failing = {"connections": lost(errors.Unreachable)}
    assert (await report("connections")).summary == "SuperOffice unreachable"


async def test_an_absent_system_does_not_count(erp: Any, report: Any) -> None:
    erp.failing = {call: lost(errors.Absent) for call in ("engine", "connections")}
    found = await report("status")
    assert found.exit_code == 0
    assert found.systems[System.SUPEROFFICE].state == "absent"
    assert "SuperOffice not configured" in found.summary


async def test_everything_is_asked_at_the_same_time(erp: Any, report: Any) -> None:
    held = {
        call: asyncio.Event() for call in ("workers", "status", "extensions", "engine", "connections")
    }
    erp.held = held
    asking = asyncio.ensure_future(report("status"))
    for _ in range(50):
        await asyncio.sleep(0)
    assert sorted(erp.calls) == sorted(held)
    for gate in held.values():
        gate.set()
    assert (await asking).exit_code == 0


async def test_the_change_log_names_connections_and_tells_blank_from_not_reported(
    erp: Any, report: Any
) -> None:
    at = Moment.read("2026-11-22T02:00:00Z")
    entries = (SyncLogEntry("7", "CRM", "ERP", "NAME", "", None, at), SyncLogEntry(problem="no row"))
    erp.log = {"": SyncLogPage(entries, "older")}
    found = await report("log")
    assert found.items[0] == {
        "at": "2026-11-22T02:00:00Z",
        "at_text": None,
        "connection": "7",
        "source": "CRM",
        "target": "ERP",
        "field": "NAME",
        "old": "",
        "new": None,
        "problem": None,
    }
    assert (found.rows[0]["connection"], found.rows[1]["new"]) == ("Main", "row unreadable: no row")
    assert found.summary == "2 changes · 1 unreadable · older entries exist"
    assert found.exit_code == 1


async def test_a_log_that_cannot_be_read_is_no_empty_one(erp: Any, report: Any) -> None:
    erp.failing = {"log": lost(errors.BadAnswer), "connections": lost(errors.Unreachable)}
    found = await report("log")
    assert (found.items, found.exit_code) == ((), 5)
    assert "change" not in found.summary
