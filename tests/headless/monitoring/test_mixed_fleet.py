"""`check --all` with a filter, of profiles that differ; what could not be read; many noisy profiles."""

import pytest

from tests.drivers.command import syncdeck
from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator
from tests.headless.history.recorded_night import NOW
from tests.headless.monitoring.plugin_parser import Parsed, parsed
from tests.headless.monitoring.test_check import heal, state
from tui.domain.health.rules import Level, Verdict
from tui.domain.history.records import SubjectKind
from tui.domain.monitoring.check_result import Failure, Observation, Row, failed, judge
from tui.domain.monitoring.plugin_output import plugin_text
from tui.paths import config_path
from tui.simulator.jtl.world import FAILED


def check(*options: str) -> Parsed:
    return parsed(syncdeck("check", "--all", *options))


@pytest.fixture
def mixed(erp: RunningSimulator) -> RunningSimulator:
    """`sim` has both systems, `crm` SuperOffice alone, and all is well."""
    write_config(erp, history=True, others={"crm": "staging"})
    path = config_path()
    before, mark, rest = path.read_text().partition("[profiles.crm.jtl]")
    path.write_text(before + rest[rest.index("[profiles.crm.superoffice]") :])
    assert mark
    heal(erp)
    return erp


@pytest.mark.parametrize(
    "options",
    [
        ("--system", "jtl"),
        ("--kind", "sync"),
        ("--kind", "Ebay"),
        ("--sync", "Temu DE", "Outlet"),
        ("--system", "superoffice"),
        ("--kind", "engine"),
    ],
)
def test_profiles_without_what_is_selected_do_not_count(
    mixed: RunningSimulator, options: tuple[str, ...]
) -> None:
    assert syncdeck("record", "--all", "--once").code == 0
    for seen in (check(*options), check("--from-history", *options)):
        assert seen.code == 0, seen
    state(mixed, "Temu DE", FAILED)
    state(mixed, "Outlet", FAILED)
    if options[1] not in ("superoffice", "engine"):
        seen = check(*options)
        assert seen.code == 2
        assert "sim::errors" in seen.perf
        assert [line for line in seen.problems if "crm" in line] == []


def test_a_sync_may_be_in_any_profile_but_in_one(mixed: RunningSimulator) -> None:
    seen = check("--sync", "Temu DE", "Outletz")
    assert seen.code == 3
    assert "there is no sync 'Outletz'" in seen.first
    assert "Temu" not in seen.first
    write_config(mixed, systems=("superoffice",), others={})
    assert "no profile configures JTL-Wawi" in check("--system", "jtl").first


def test_a_system_that_cannot_be_read_is_a_problem_and_has_no_value(erp: RunningSimulator) -> None:
    heal(erp)
    erp.fault("/workers=status:503")
    document = syncdeck("check", "--json").document
    [problem] = document["problems"]
    assert (problem["kind"], problem["id"], problem["name"]) == ("system", "jtl", "JTL-Wawi")
    assert (problem["health"], problem["since"]) == ("unknown", None)
    assert "503" in problem["reason"]
    assert "attention" not in document["perfdata"]
    [critical] = syncdeck("check", "--json", "--unreachable", "critical").document["problems"]
    assert critical["health"] == "error"
    config_path().write_text("[profiles.sim.jtl]\n")
    [config] = syncdeck("check", "--json").document["problems"]
    assert (config["kind"], config["health"]) == ("profile", "unknown")


def test_states_without_a_list_do_not_contradict_it(erp: RunningSimulator) -> None:
    heal(erp)
    erp.fails("GET.*/workers$", "raw", '{"body": []}')
    seen = check()
    assert seen.code == 1
    assert seen.first == ("ERPSYNC WARNING - sim: no sync listed, but the status of 12; engine running")
    assert seen.perf["syncs"] == "0"


def test_what_failed_comes_first_and_each_profile_is_named() -> None:
    def noisy(name: str) -> Observation:
        rows = tuple(
            Row(SubjectKind.SYNC, str(number), f"Ebay · {number}", Verdict(Level.ERROR, "error", "no"))
            for number in range(40)
        )
        return Observation(name, rows, read=frozenset({SubjectKind.SYNC}))

    calm = Row(SubjectKind.SYNC, "1", "Ebay · 1", Verdict(Level.WARNING, "overdue", "late"))
    seen = [
        noisy("loud"),
        noisy("louder"),
        Observation("late", (calm,), read=frozenset({SubjectKind.SYNC})),
        Observation("dead", failures=(Failure("JTL-Wawi", "unreachable"),)),
    ]
    text = plugin_text(
        [*(judge(one, NOW) for one in seen), failed("broken", "no secret")], NOW, of_all=True
    )
    first, *lines = text.partition(" | ")[0].splitlines()
    assert lines[:2] == ["dead: JTL-Wawi: unreachable", "broken: no secret"]
    assert {line.partition(":")[0] for line in lines[2:5]} == {"loud", "louder", "late"}
    assert (len(lines), lines[-1]) == (20, "and 64 more")
    assert "5 of 5 profiles" in first
    many = [failed(f"site-{number}", "this is said in many words " * 3) for number in range(30)]
    first = plugin_text(many, NOW, of_all=True).splitlines()[0]
    assert [one.profile for one in many if one.profile not in first] == []
