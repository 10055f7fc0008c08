"""`syncdeck check` over real HTTP: which state leads to which code, and what is said."""

import json
from datetime import timedelta

import pytest

from tests.drivers.command import syncdeck
from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator
from tests.headless.monitoring.plugin_parser import Parsed, parsed
from tui.domain.timestamps import iso
from tui.simulator.jtl.world import DEACTIVATED, FAILED, FINISHED, LOCKED, RUNNING, SUSPENDED


def check(*options: object) -> Parsed:
    return parsed(syncdeck("check", *options))


def heal(erp: RunningSimulator) -> None:
    """Leave no sync with a problem."""
    for sync in erp.world.jtl.syncs.values():
        sync.phase.state = FINISHED
        sync.phase.since = erp.world.clock()
        sync.interval = 86_400


def state(erp: RunningSimulator, channel: str, number: int) -> None:
    erp.world.jtl.syncs[erp.worker_id(channel)].phase.state = number


def test_the_seed_has_one_of_each_problem(erp: RunningSimulator) -> None:
    seen = check()
    assert seen.code == 2
    assert seen.first == (
        "ERPSYNC CRITICAL - sim: 1 failing, 1 locked, 1 overdue of 12 syncs; engine running"
    )
    assert seen.problems[:2] == (
        "error: Temu · Temu DE: 401 from marketplace",
        "locked: Ebay · Outlet: unlock the account, then start it",
    )
    counts = {name: seen.perf[name] for name in ("attention", "errors", "locked", "overdue", "syncs")}
    assert counts == {"attention": "3", "errors": "1", "locked": "1", "overdue": "1", "syncs": "12"}
    assert {"oldest_status", "response_jtl", "response_superoffice"} <= set(seen.perf)


def test_all_is_well(erp: RunningSimulator) -> None:
    heal(erp)
    seen = check()
    assert (seen.code, seen.problems) == (0, ())
    assert seen.first == "ERPSYNC OK - sim: 12 syncs; engine running"


@pytest.mark.parametrize(
    ("number", "code", "word"),
    [(FAILED, 2, "failing"), (LOCKED, 2, "locked"), (SUSPENDED, 1, "suspended")],
)
def test_one_sync_decides(erp: RunningSimulator, number: int, code: int, word: str) -> None:
    heal(erp)
    state(erp, "Temu DE", number)
    seen = check()
    assert seen.code == code
    assert f"1 {word} of 12 syncs" in seen.first


def test_all_suspended_is_critical_and_says_why(erp: RunningSimulator) -> None:
    for sync in erp.world.jtl.syncs.values():
        sync.phase.state = SUSPENDED
    seen = check()
    assert seen.code == 2
    assert "12 suspended of 12 syncs" in seen.first
    assert "the JTL-Worker is probably not running" in seen.problems[0]
    assert seen.perf["attention"] == "12"
    assert check("--sync", "Temu DE").code == 2


def test_one_that_is_off_on_purpose_does_not_hide_that_all_are_suspended(erp: RunningSimulator) -> None:
    for sync in erp.world.jtl.syncs.values():
        sync.phase.state = SUSPENDED
    state(erp, "Temu DE", DEACTIVATED)
    seen = check()
    assert seen.code == 2
    assert "the JTL-Worker is probably not running" in seen.problems[0]


@pytest.mark.parametrize(
    ("number", "last", "problem"),
    [
        (RUNNING, timedelta(days=2), "running: Temu · Temu DE: running for 2d without a new status"),
        (FINISHED, timedelta(days=2), "overdue: Temu · Temu DE: status 2d ago, runs every 5m"),
        (FINISHED, None, "no time: Temu · Temu DE: its status has no time: overdue is not judged"),
    ],
)
def test_a_sync_that_hangs_is_a_warning(
    erp: RunningSimulator, number: int, last: timedelta | None, problem: str
) -> None:
    """Also while its next run is always said to be near."""
    erp.world.jtl.syncs[erp.worker_id("Temu DE")].interval = 300
    row: dict[str, object] = {
        "Identifier": erp.worker_id("Temu DE"),
        "State": number,
        "ProgressText": "",
    }
    if last is not None:
        now = erp.world.clock()
        row |= {"LastSync": iso(now - last), "NextSync": iso(now + timedelta(minutes=1))}
    erp.fails("workers/status", "raw", json.dumps({"status": 200, "body": [row]}))
    seen = check("--sync", "Temu DE")
    assert seen.code == 1
    assert seen.problems[0].startswith(problem)


def test_an_empty_list_is_a_warning_and_never_all_suspended(erp: RunningSimulator) -> None:
    erp.world.jtl.syncs.clear()
    seen = check()
    assert seen.code == 1
    assert "no sync reported" in seen.first
    assert seen.perf["syncs"] == "0"


def test_a_stopped_engine_is_a_warning(erp: RunningSimulator) -> None:
    heal(erp)
    erp.state(superoffice={"running": False})
    seen = check("--system", "superoffice")
    assert seen.code == 1
    assert "engine stopped" in seen.first
    assert check("--system", "jtl").code == 0


def test_an_unreadable_row_is_a_warning(erp: RunningSimulator) -> None:
    heal(erp)
    erp.fault("GET.*/workers$=one-bad-row")
    assert check("--system", "jtl").code == 1


@pytest.mark.parametrize("fault", ["status:503", "status:401", "forbidden", "html", "reset", "null"])
def test_a_system_that_does_not_respond_as_it_should_is_unknown_or_what_is_asked(
    erp: RunningSimulator, fault: str
) -> None:
    heal(erp)
    erp.fault(f"/ErpSync={fault}")
    seen = check()
    assert seen.code == 3
    assert seen.first.count("SuperOffice") == 1
    assert "12 syncs" in seen.first
    assert check("--unreachable", "critical").code == 2


def test_critical_wins_over_unknown_and_unknown_over_warning(erp: RunningSimulator) -> None:
    erp.fault("/ErpSync=status:503")
    assert check().code == 2
    heal(erp)
    state(erp, "Temu DE", SUSPENDED)
    assert check().code == 3


def test_a_sync_by_name_kind_or_identifier(erp: RunningSimulator) -> None:
    for name in ("temu de", "Temu · Temu DE", erp.worker_id("Temu DE")):
        seen = check("--sync", name)
        assert (seen.code, seen.perf["syncs"]) == (2, "1")
    assert check("--sync", "Temu DE", "Outlet").perf["syncs"] == "2"
    assert check("--kind", "amazon").perf["syncs"] == "2"
    assert check("--kind", "engine").first == "ERPSYNC OK - sim: engine running"
    assert check("--kind", "extension").code == 0


@pytest.mark.parametrize("options", [("--sync", "Outletz"), ("--kind", "Ebey")])
def test_what_is_named_and_missing_is_unknown(erp: RunningSimulator, options: tuple[str, ...]) -> None:
    heal(erp)
    seen = check(*options)
    assert seen.code == 3
    assert "there is no sync" in seen.first


def test_a_system_that_the_profile_does_not_have(erp: RunningSimulator) -> None:
    write_config(erp, systems=("superoffice",))
    assert check().code == 0
    assert check("--system", "jtl").code == 3
    assert check("--from-history", "--system", "jtl").code == 3


def test_at_most_twenty_problem_lines(private_places: object) -> None:
    with RunningSimulator(still=True, workers=60) as erp:
        write_config(erp)
        for sync in erp.world.jtl.syncs.values():
            sync.phase.state = FAILED
        seen = check()
    assert len(seen.problems) == 20
    assert seen.problems[-1] == "and 41 more"
    assert "60 failing of 60 syncs" in seen.first


def test_the_document(erp: RunningSimulator) -> None:
    done = syncdeck("check", "--json")
    assert (done.code, done.err) == (2, "")
    document = done.document
    assert list(document) == ["schema", "profile", "exit", "summary", "problems", "perfdata"]
    assert (document["schema"], document["profile"], document["exit"]) == (1, "sim", 2)
    assert [problem["health"] for problem in document["problems"]] == ["error", "locked", "warning"]
    assert set(document["problems"][0]) == {"kind", "id", "name", "health", "reason", "since"}
    assert document["perfdata"]["syncs"] == 12
    failed = syncdeck("check", "--json", "--sync")
    assert (failed.code, json.loads(failed.out)["exit"]) == (3, 3)


def test_a_sync_that_is_expected_and_vanished_from_the_list_is_a_warning(erp: RunningSimulator) -> None:
    """Nothing else of a check by requests remembers it; the rest is checked as always."""
    heal(erp)
    names = ("Temu DE", erp.worker_id("Outlet"))
    assert check("--expect", *names).code == 0
    del erp.world.jtl.syncs[erp.worker_id("Temu DE")]
    erp.world.jtl.trees.clear()
    assert check().code == 0
    seen = check("--expect", *names)
    assert seen.code == 1
    assert seen.first == ("ERPSYNC WARNING - sim: 11 syncs; 1 expected sync missing; engine running")
    assert seen.problems == ("missing: JTL-Wawi: the sync 'Temu DE' is not in the list",)
    assert (seen.perf["attention"], seen.perf["syncs"]) == ("1", "11")
    state(erp, "Outlet", FAILED)
    assert check("--expect", *names).code == 2
    [_, problem] = json.loads(syncdeck("check", "--json", "--expect", *names).out)["problems"]
    assert (problem["kind"], problem["health"]) == ("system", "warning")


def test_what_is_expected_in_a_list_that_cannot_be_read_is_not_missing(erp: RunningSimulator) -> None:
    heal(erp)
    erp.fault("GET.*/workers=status:503")
    seen = check("--expect", "Temu DE")
    assert seen.code == 3
    assert "missing" not in seen.first + "".join(seen.problems)


@pytest.mark.parametrize("more", [["--all"], ["--system", "superoffice"], ["--kind", "engine"]])
def test_expected_syncs_are_those_of_one_profile(erp: RunningSimulator, more: list[str]) -> None:
    seen = check("--expect", "Temu DE", *more)
    assert seen.code == 3
    assert "--expect is for the syncs of one profile" in seen.first
