"""What an open maintenance changes for those who watch: it is said, and what it covers is left out."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.drivers.command import Run
from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator
from tests.headless.history.recorded_night import FAILED, NOW, TEMU
from tests.headless.monitoring.plugin_parser import Parsed, parsed
from tests.headless.monitoring.scrape import Scrape
from tests.headless.monitoring.test_from_history import BOTH, kept
from tui.config.file import read
from tui.config.to_settings import to_facts
from tui.config.validation import validate
from tui.domain.maintenance.coverage import Covered
from tui.domain.maintenance.records import Maintenance, MemberKind, NotedTarget, Step
from tui.domain.monitoring.check_result import Code
from tui.domain.monitoring.selection import Selection
from tui.domain.result import Result
from tui.headless.history.recorded import Recorded
from tui.headless.monitoring.recorded_check import check_recorded
from tui.ops.maintenance.journals import FileJournals
from tui.paths import config_path, state_dir

HOUR = timedelta(hours=1)
Addresses = tuple[tuple[str, str], ...]
ILL = ("Temu DE", "Outlet", "PayPal Hauptkonto")
"""The syncs of the seed that need attention."""


@pytest.fixture
def check(ran: Run) -> Callable[..., Parsed]:
    return lambda *options: parsed(ran("check", *options))


def target(
    id: str, *, left: str = "", stop: Result = Result.APPLIED, started: bool = False
) -> NotedTarget:
    at = datetime.now(UTC)
    start = Step(at, Result.APPLIED) if started else None
    stopped = None if left else Step(at, stop)
    return NotedTarget(id, id, MemberKind.SYNC, "ok", left, stopped, start)


def nightly(*targets: NotedTarget, until: timedelta = HOUR, addresses: Addresses = ()) -> Maintenance:
    begun, end = (datetime.now(UTC) + one for one in (-HOUR, until))
    return Maintenance("n1", "nightly", "sim", "update", "anna", begun, end, targets, addresses)


def opened(*targets: NotedTarget, until: timedelta = HOUR, addresses: Addresses = ()) -> None:
    journals = FileJournals(state_dir() / "maintenance" / "sim")
    journals.save(nightly(*targets, until=until, addresses=addresses))


def all_ill(erp: RunningSimulator) -> tuple[NotedTarget, ...]:
    """Stopped, and none of them runs: one is off, one locked, one suspended."""
    states = dict(zip(ILL, (7, 6, 0), strict=True))
    erp.state(jtl={"workers": {name: {"state": state} for name, state in states.items()}})
    return tuple(target(erp.worker_id(channel)) for channel in ILL)


def test_what_is_covered_does_not_count_and_is_said(
    erp: RunningSimulator, check: Callable[..., Parsed], ran: Run
) -> None:
    opened(*all_ill(erp))
    seen = check()
    assert (seen.code, seen.problems) == (0, ())
    assert seen.first.startswith(
        "ERPSYNC OK - sim: 12 syncs; engine running; maintenance nightly · 1 off since "
    )
    # What is really off: the states were read.
    assert "1 suspended · 1 locked" in seen.first
    counts = {name: seen.perf[name] for name in ("attention", "errors", "locked", "overdue", "syncs")}
    assert counts == {"attention": "0", "errors": "0", "locked": "0", "overdue": "0", "syncs": "12"}
    assert "maintenance" not in check("--sync", "Amazon DE").first
    assert "maintenance nightly" in check("--sync", "Temu DE").first
    done = ran("status")
    assert done.code == 0
    assert "maintenance nightly · 1 off since " in done.out
    assert "1 suspended · 1 locked" in done.out
    assert "Temu" not in done.out


def test_another_profile_of_the_same_server_is_watched_alike(
    erp: RunningSimulator, check: Callable[..., Parsed], ran: Run
) -> None:
    write_config(erp, others={"branch": "staging"})
    facts = to_facts("sim", validate(read(config_path())).profiles["sim"])
    addresses = tuple((system.value, address) for system, address in facts.addresses)
    opened(*all_ill(erp), addresses=addresses)
    seen = check("--profile", "branch")
    assert (seen.code, seen.problems) == (0, ()), seen
    assert "maintenance nightly of profile sim · 1 off since " in seen.first
    done = ran("status", "--profile", "branch")
    assert (done.code, "Temu" in done.out) == (0, False), done
    assert "maintenance nightly of profile sim · 1 off since " in done.out
    found = Scrape(ran("metrics", "--profile", "branch").out)
    assert sum(found.values("syncdeck_sync_maintenance", profile="branch")) == len(ILL)
    # One of another server is its own matter.
    opened(*all_ill(erp), addresses=tuple((system, "https://elsewhere") for system, _ in addresses))
    assert check("--profile", "branch").code == 2


def test_row_and_footer_count_alike(
    erp: RunningSimulator, check: Callable[..., Parsed], ran: Run
) -> None:
    """Also where the check is only of some syncs: all were read."""
    opened(*all_ill(erp), until=-HOUR)
    counted = "1 off since "
    others = "1 suspended · 1 locked"
    for seen in (check(), check("--sync", "Temu DE")):
        [row] = [one for one in seen.problems if one.startswith("overdue: maintenance nightly: ")]
        assert counted in row, seen
        assert others in row, seen
        assert counted in seen.first, seen
        assert others in seen.first, seen
    done = ran("status")
    [row] = [one for one in done.out.splitlines() if one.startswith("overdue")]
    [footer] = [one for one in done.out.splitlines() if "· maintenance nightly · " in one]
    assert all(text in one for text in (counted, others) for one in (row, footer)), done


def test_what_it_left_or_started_again_counts_as_always(
    erp: RunningSimulator, check: Callable[..., Parsed]
) -> None:
    temu, outlet, paypal = map(erp.worker_id, ILL)
    opened(target(temu, left="was off"), target(outlet.upper()), target(paypal, started=True))
    seen = check()
    assert seen.code == 2
    assert seen.first.startswith("ERPSYNC CRITICAL - sim: 1 failing, 1 overdue of 12 syncs")


def test_what_somebody_started_by_hand_meanwhile_counts_as_always(
    erp: RunningSimulator, check: Callable[..., Parsed], ran: Run
) -> None:
    opened(*all_ill(erp))
    erp.state(jtl={"workers": {"Temu DE": {"state": 4}}})
    seen = check()
    assert seen.code == 2
    assert seen.first.startswith("ERPSYNC CRITICAL - sim: 1 failing of 12 syncs")
    assert "maintenance nightly · 0 off since " in seen.first
    assert "· 1 on again · " in seen.first
    assert "maintenance nightly" in check("--sync", "Temu DE").first
    assert "Temu" in ran("status").out
    found = Scrape(ran("metrics").out)
    temu = erp.worker_id("Temu DE")
    assert found.value("syncdeck_sync_maintenance", id=temu, profile="sim") == 0


def test_what_is_on_and_was_not_seen_off_yet_does_not_count(
    erp: RunningSimulator, check: Callable[..., Parsed]
) -> None:
    temu, *others = all_ill(erp)
    erp.state(jtl={"workers": {"Temu DE": {"state": 4}}})
    opened(replace(temu, stop=Step(datetime.now(UTC), Result.ACCEPTED)), *others)
    assert not [one for one in check().problems if "Temu" in one]


@pytest.mark.parametrize(
    ("stop", "until", "word"),
    [(Result.APPLIED, -HOUR, "overdue"), (Result.FAILED, HOUR, "partly")],
)
def test_one_that_is_forgotten_or_half_done_is_a_warning(
    erp: RunningSimulator,
    check: Callable[..., Parsed],
    ran: Run,
    stop: Result,
    until: timedelta,
    word: str,
) -> None:
    temu, *others = all_ill(erp)
    opened(target(temu.id, stop=stop), *others, until=until)
    seen = check()
    assert seen.code == 1
    assert [line.partition(": ")[0] for line in seen.problems] == [word]
    assert seen.problems[0].startswith(f"{word}: maintenance nightly: ")
    [problem] = json.loads(ran("check", "--json").out)["problems"]
    assert (problem["kind"], problem["id"], problem["health"]) == ("maintenance", "n1", "warning")
    status = ran("status", "--json")
    assert status.code == 1
    [item] = json.loads(status.out)["items"]
    assert (item["kind"], item["name"], item["health"]) == ("maintenance", "nightly", "warning")
    doctor = ran("doctor")
    assert f"nightly is {word}: " in doctor.out
    assert "syncdeck maintenance close n1 --profile sim" in doctor.out


def test_the_history_is_checked_the_same_way() -> None:
    covered = Covered((nightly(target(TEMU.key)),))
    recorded = Recorded("acme", kept(FAILED), covered=lambda: covered)
    result = check_recorded(recorded, BOTH, Selection(), Code.UNKNOWN, NOW)
    assert (result.code, result.problems) == (Code.OK, ())
    assert "maintenance nightly" in result.summary
    # What failed only after it was stopped was started by hand.
    early = Covered((nightly(replace(target(TEMU.key), stop=Step(NOW - 9 * HOUR, Result.APPLIED))),))
    recorded = Recorded("acme", kept(FAILED), covered=lambda: early)
    assert check_recorded(recorded, BOTH, Selection(), Code.UNKNOWN, NOW).code == Code.CRITICAL


def test_metrics_say_what_is_covered_and_until_when(erp: RunningSimulator, ran: Run) -> None:
    temu, *_ = all_ill(erp)
    at = datetime.now(UTC)
    engine, link = (
        NotedTarget(key, key, kind, "running", "", Step(at, Result.APPLIED))
        for key, kind in (("engine", MemberKind.ENGINE), ("2", MemberKind.CONNECTION))
    )
    opened(temu, engine, link)
    found = Scrape(ran("metrics").out)
    name = "syncdeck_sync_maintenance"
    assert found.value(name, id=temu.id, profile="sim") == 1
    assert sorted(found.values(name)) == [0] * 11 + [1]
    [end] = found.values("syncdeck_maintenance_planned_end_timestamp_seconds", set="nightly")
    assert abs(end - (at + HOUR).timestamp()) < 60
    assert found.values("syncdeck_engine_maintenance", profile="sim") == [1]
    assert [one["id"] for one in found.labels("syncdeck_connection_maintenance")] == ["2"]


def test_a_journal_that_cannot_be_read_hides_nothing(
    erp: RunningSimulator, check: Callable[..., Parsed], ran: Run, private_places: Path
) -> None:
    opened(*all_ill(erp))
    [journal] = (private_places / "state" / "maintenance" / "sim").glob("*.json")
    journal.write_text("{")
    seen = check()
    assert seen.code == 2
    [unread] = [one for one in seen.problems if one.startswith("unreadable: ")]
    assert f"{journal} cannot be read" in unread
    status = ran("status", "--json")
    assert status.code == 1
    [item] = [one for one in json.loads(status.out)["items"] if one["kind"] == "maintenance"]
    assert (item["health"], str(journal) in item["reason"]) == ("warning", True)
    assert str(journal) in ran("status").out
    found = Scrape(ran("metrics").out)
    assert found.values("syncdeck_maintenance_unreadable_journals", profile="sim") == [1]
    # Whether a sync is covered is not known: that is no 0.
    assert found.values("syncdeck_sync_maintenance") == []
    assert f"Not known: `{journal} cannot be read" in ran("handover").out
    doctor = ran("doctor")
    assert f"{journal} cannot be read" in doctor.out.replace("\n", " ")
    assert doctor.code == 1


def test_an_unreadable_journal_alone_is_a_warning(
    erp: RunningSimulator, check: Callable[..., Parsed], private_places: Path
) -> None:
    erp.state(jtl={"workers": {"*": {"state": 3, "locked": False, "text": ""}}})
    place = private_places / "state" / "maintenance"
    place.mkdir(parents=True)
    (place / "sim").write_text("a file is in the way of the directory")
    seen = check("--sync", "Temu DE")
    assert seen.code == 1, seen
    assert seen.problems[0].startswith(f"unreadable: journal of a maintenance: {place / 'sim'}")
