"""`--all`: every profile in one output, the worst code, and none hides another."""

import re

import pytest

from tests.drivers.command import syncdeck
from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator
from tests.headless.monitoring.plugin_parser import parsed
from tui.config.placeholders import placeholders
from tui.paths import config_path

NAMES = ("sim", "branch")


@pytest.fixture
def two(erp: RunningSimulator) -> RunningSimulator:
    write_config(erp, others={"branch": "staging"})
    return erp


def break_branch(erp: RunningSimulator) -> None:
    """The other profile's server is another one, which nobody runs."""
    text = config_path().read_text()
    before, mark, after = text.partition("[profiles.branch.jtl]")
    config_path().write_text(before + mark + after.replace(erp.cloud_base, "http://127.0.0.1:9/erp", 1))


def test_a_check_of_all_names_every_profile_with_problems(two: RunningSimulator) -> None:
    seen = parsed(syncdeck("check", "--all"))
    assert seen.code == 2
    assert "2 of 2 profiles at " in seen.first
    for name in NAMES:
        assert f"{name}: 1 failing, 1 locked, 1 overdue of 12 syncs" in seen.first
        assert sum(line.startswith(f"{name}: ") for line in seen.problems) == 3
        assert seen.perf[f"{name}::syncs"] == "12"
    assert seen.problems[0].startswith(("sim: error: Temu", "branch: error: Temu"))


def test_one_that_cannot_be_reached_leaves_the_other_intact(two: RunningSimulator) -> None:
    break_branch(two)
    seen = parsed(syncdeck("check", "--all"))
    assert seen.code == 2
    assert "branch: JTL-Wawi: " in seen.first
    assert any(line.startswith("branch: JTL-Wawi: ") for line in seen.problems)
    document = syncdeck("check", "--all", "--json").document
    assert document["exit"] == 2
    assert {one["profile"]: one["exit"] for one in document["profiles"]} == {"sim": 2, "branch": 3}


@pytest.mark.parametrize("command", ["status", "workers", "extensions", "engine", "connections", "log"])
def test_every_list_of_all(two: RunningSimulator, command: str) -> None:
    one, every = syncdeck(command), syncdeck(command, "--all")
    assert every.code == one.code
    assert [name for name in NAMES if f"{name} · " in every.out] == list(NAMES)
    assert every.out.count(" UTC\n") >= 2
    document = syncdeck(command, "--all", "--json").document
    assert (document["schema"], document["complete"]) == (1, True)
    assert {entry["profile"] for entry in document["profiles"]} == set(NAMES)
    single = syncdeck(command, "--json").document
    assert [len(entry["items"]) for entry in document["profiles"]] == [len(single["items"])] * 2


def test_a_list_of_all_says_which_profile_failed_and_that_it_is_not_complete(
    two: RunningSimulator,
) -> None:
    break_branch(two)
    done = syncdeck("workers", "--all")
    assert done.code == 3
    assert "Temu DE" in done.out
    assert "syncdeck: branch: JTL-Wawi: " in done.err
    document = syncdeck("workers", "--all", "--json").document
    assert document["complete"] is False


def test_a_profile_that_is_not_filled_in_is_named_and_counts_as_configuration(
    two: RunningSimulator,
) -> None:
    blank = next(one.value for one in placeholders() if one.where[-1] == "tenant_id")
    path, own = config_path(), f'tenant_id = "{two.tenant_id}"'
    # The first of the two profiles in the file.
    path.write_text(path.read_text().replace(own, f'tenant_id = "{blank}"', 1))
    done = syncdeck("engine", "--all")
    assert done.code == 2
    assert "branch · " in done.out
    assert "sim · " in done.out
    assert "syncdeck: branch: " in done.err
    document = syncdeck("engine", "--all", "--json").document
    assert document["complete"] is False
    assert {one["profile"]: "error" in one for one in document["profiles"]} == {
        "branch": True,
        "sim": False,
    }
    seen = parsed(syncdeck("check", "--all", "--kind", "engine"))
    assert seen.code == 3
    assert "branch: " in seen.first


def test_since_is_in_the_text_where_it_was_recorded(two: RunningSimulator) -> None:
    # What was read is known for two intervals, however slow the machine is.
    seldom = dict.fromkeys(("workers", "engine", "connections", "extensions"), 600)
    write_config(two, others={"branch": "staging"}, refresh=seldom, history=True)
    assert syncdeck("record", "--once").code == 0
    for command in ("status", "workers"):
        done = syncdeck(command, "--all")
        of_branch, _, of_sim = done.out.partition("sim · ")
        assert re.search(r"^error .*since \d\d:\d\d or earlier · last run failed", of_sim, re.MULTILINE)
        assert "since" not in of_branch


def test_all_and_one_profile_exclude_each_other(two: RunningSimulator) -> None:
    done = syncdeck("status", "--all", "--profile", "sim")
    assert done.code == 2
    assert "--all" in done.err


@pytest.mark.parametrize("wrong", ['environment = "moon"', "[profiles.branch.jtl]\nurl = 7"])
def test_an_invalid_table_of_one_profile_leaves_the_others_intact(
    two: RunningSimulator, wrong: str
) -> None:
    path = config_path()
    _, _, sim = path.read_text().partition("[profiles.sim]")
    path.write_text(f'default_profile = "sim"\n[profiles.sim]{sim}\n[profiles.branch]\n{wrong}\n')
    done = syncdeck("workers", "--all")
    assert done.code == 2
    assert "Temu DE" in done.out
    assert "syncdeck: branch: " in done.err
    seen = parsed(syncdeck("check", "--all", "--sync", "Temu DE"))
    assert seen.code == 2
    assert "sim: 1 failing of 1 sync" in seen.first
    assert "branch: " in seen.first
    assert seen.perf["sim::syncs"] == "1"
    metrics = syncdeck("metrics", "--all")
    assert metrics.code == 2
    assert 'syncdeck_syncs{profile="sim"} 12.0' in metrics.out
    assert "config.toml:" in metrics.err
    assert syncdeck("workers").code == 1, "one profile alone goes on as well"
