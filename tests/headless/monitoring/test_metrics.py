"""`syncdeck metrics` over real HTTP: what it prints, writes and leaves out."""

import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drivers.command import syncdeck
from tests.drivers.simulator import RunningSimulator
from tests.headless.monitoring.scrape import Scrape, needs_promtool, promtool
from tui.simulator.client_config import write_config

SYNC = ("profile", "id", "sync")
CONTRACT = {
    "syncdeck_build_info": ("version",),
    "syncdeck_up": ("profile", "system"),
    "syncdeck_last_response_timestamp_seconds": ("profile", "system", "topic"),
    "syncdeck_request_duration_seconds": ("profile", "system", "topic"),
    "syncdeck_sync_state": (*SYNC, "state"),
    "syncdeck_sync_overdue": SYNC,
    "syncdeck_sync_interval_seconds": SYNC,
    "syncdeck_sync_status_timestamp_seconds": SYNC,
    "syncdeck_sync_maintenance": SYNC,
    "syncdeck_engine_running": ("profile",),
    "syncdeck_connection_active": ("profile", "id", "connection"),
    "syncdeck_connection_attention": ("profile", "id", "connection"),
    "syncdeck_connections": ("profile",),
    "syncdeck_topic_up": ("profile", "system", "topic"),
    "syncdeck_poll_interval_seconds": ("profile", "system", "topic"),
    "syncdeck_sync_attention": SYNC,
    "syncdeck_syncs": ("profile",),
    "syncdeck_unresolved_writes": ("profile",),
}
"""What there is without a history and without a tenant."""
STATES = {
    *("suspended", "starting", "running", "ok", "error", "stopping", "locked", "off", "unknown"),
}


@pytest.fixture
def erp(private_places: Path) -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as erp:
        write_config(private_places / "config" / "config.toml", erp.url)
        yield erp


def metrics(*arguments: object) -> Scrape:
    done = syncdeck("metrics", *arguments)
    assert (done.code, done.err) == (0, "")
    return Scrape(done.out)


def test_every_metric_has_its_name_its_labels_and_its_help(erp: RunningSimulator) -> None:
    found = metrics()
    names = {sample.name for sample in found.samples}
    assert names == CONTRACT.keys()
    for name, labels in CONTRACT.items():
        assert all(set(one) == set(labels) for one in found.labels(name)), name
    assert [one.name for one in found.families.values() if not one.documentation.endswith(".")] == []
    assert {one["profile"] for one in found.labels("syncdeck_up")} == {"sim"}
    assert found.values("syncdeck_up") == [1, 1]
    assert found.value("syncdeck_syncs") == len(erp.world.jtl.syncs)
    assert [sample for sample in found.samples if sample.timestamp is not None] == []


@needs_promtool
def test_promtool_finds_nothing_wrong_with_it(erp: RunningSimulator) -> None:
    syncdeck("record", "--once")
    out = syncdeck("metrics").out
    assert "syncdeck_sync_failed_runs_seen_total{" in out
    assert promtool("check", "metrics", stdin=out) == ""


def test_each_state_has_a_series_and_one_of_them_is_true(erp: RunningSimulator) -> None:
    erp.state(jtl={"workers": {"Otto Market": {"state": 4, "text": "401 from marketplace"}}})
    otto = erp.worker_id("Otto Market")
    found = metrics()
    own = [one["state"] for one in found.labels("syncdeck_sync_state") if one["id"] == otto]
    assert sorted(own) == sorted(STATES)
    assert found.values("syncdeck_sync_state", id=otto).count(1.0) == 1
    assert found.value("syncdeck_sync_state", id=otto, state="error") == 1
    assert found.labels("syncdeck_sync_overdue")[0]["sync"]
    assert "from marketplace" not in found.text, "a server's text is in no label and no help"


def test_a_state_that_is_not_documented_is_unknown(erp: RunningSimulator) -> None:
    erp.state(jtl={"workers": {"Otto Market": {"state": 9}}})
    otto = erp.worker_id("Otto Market")
    assert metrics().value("syncdeck_sync_state", id=otto, state="unknown") == 1


def test_a_system_that_fails_is_down_and_its_state_is_not_made_up(erp: RunningSimulator) -> None:
    erp.fault("workers/status=status:503")
    done = syncdeck("metrics", "--timeout", "20")
    assert done.code == 3
    found = Scrape(done.out)
    assert found.value("syncdeck_up", system="jtl") == 0
    assert found.value("syncdeck_up", system="superoffice") == 1
    assert found.values("syncdeck_sync_state") == []
    assert found.value("syncdeck_syncs") == len(erp.world.jtl.syncs)


def test_what_takes_too_long_is_down_and_named(erp: RunningSimulator) -> None:
    erp.fault("GetEngineStatus=hang")
    done = syncdeck("metrics", "--timeout", "2")
    assert done.code == 3
    assert "sim: no response within 2 s: engine" in done.err
    assert Scrape(done.out).value("syncdeck_up", system="superoffice") == 0


def test_an_empty_list_is_zero_syncs(erp: RunningSimulator) -> None:
    erp.world.jtl.syncs.clear()
    assert metrics().value("syncdeck_syncs") == 0


def test_names_of_a_server_cannot_break_the_document(erp: RunningSimulator) -> None:
    hostile = 'a"b\\c\nd} 1\x1b[31m'
    next(iter(erp.world.jtl.syncs.values())).channel = hostile
    found = metrics()
    [name] = {one["sync"] for one in found.labels("syncdeck_sync_state") if 'a"b\\c' in one["sync"]}
    assert "\n" not in name
    assert "\x1b" not in found.text


def test_the_textfile_is_replaced_and_everybody_may_read_it(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    folder = tmp_path / "textfiles"
    folder.mkdir()
    path = folder / "syncdeck.prom"
    path.write_text("old\n")
    before = path.stat().st_ino
    done = syncdeck("metrics", "--textfile", path)
    assert (done.code, done.out, done.err) == (0, "", "")
    assert Scrape(path.read_text()).values("syncdeck_up") == [1, 1]
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert path.stat().st_ino != before, "it was written beside and renamed"
    assert [one.name for one in folder.iterdir()] == ["syncdeck.prom"]


def test_a_textfile_that_must_not_be_replaced_is_refused_first(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    link = tmp_path / "link.prom"
    link.symlink_to(tmp_path / "elsewhere")
    done = syncdeck("metrics", "--textfile", link)
    assert done.code == 2
    assert "symbolic link" in done.err
    assert erp.log() == []


def test_several_profiles_are_one_document(erp: RunningSimulator) -> None:
    found = metrics("--profile", "sim", "--profile", "sim-onprem")
    assert {one["profile"] for one in found.labels("syncdeck_up")} == {"sim", "sim-onprem"}
    assert len(re.findall(r"^# HELP syncdeck_up ", found.text, re.MULTILINE)) == 1


def test_above_a_thousand_syncs_ok_is_not_listed_and_that_is_said(
    private_places: Path,
) -> None:
    with RunningSimulator(still=True, workers=1_001) as erp:
        write_config(private_places / "config" / "config.toml", erp.url)
        done = syncdeck("metrics")
    found = Scrape(done.out)
    states = found.labels("syncdeck_sync_state")
    always = [one for one in states if one["state"] in ("error", "locked", "suspended")]
    assert len(always) == 3 * 1_001
    # A run between two failures must be seen.
    others = {one["state"]: one["id"] for one in states if one not in always}
    assert {"running", "off"} <= others.keys() <= STATES - {"ok"}
    assert {found.value("syncdeck_sync_state", id=key, state=word) for word, key in others.items()} == {
        1
    }
    assert (
        "sim has more than 1,000 syncs: syncdeck_sync_state lists error, locked, suspended" in done.err
    )
    assert "more than 1000 syncs only error, locked, suspended" in found.text


def test_a_connection_is_judged_as_check_does(erp: RunningSimulator) -> None:
    """One that was inactive when first seen is well, one that became so later is not."""
    links = erp.world.so.connections
    first, later = list(links.values())[:2]
    first.active, later.active = False, True

    def attention() -> list[float]:
        found = metrics()
        name = "syncdeck_connection_attention"
        return [found.value(name, id=str(one.id)) for one in (first, later)]

    assert attention() == [0, 0]
    assert syncdeck("check", "--kind", "connection").code == 0
    later.active = False
    assert attention() == [0, 1]
    assert syncdeck("check", "--kind", "connection").code == 1


def test_connections_that_cannot_be_read_are_told_beside_an_engine_that_can(
    erp: RunningSimulator,
) -> None:
    erp.fault("Connections=status:503")
    found = Scrape(syncdeck("metrics").out)
    assert found.value("syncdeck_up", system="superoffice") == 1
    assert found.value("syncdeck_topic_up", topic="engine") == 1
    assert found.value("syncdeck_topic_up", topic="connections") == 0
    assert found.values("syncdeck_connections") == []


def test_a_tenant_that_does_not_run_is_said(erp: RunningSimulator) -> None:
    name = ("--profile", "sim-online")
    assert metrics(*name).value("syncdeck_tenant_running", profile="sim-online") == 1
    erp.state(superoffice={"tenant_state": "Suspended"})
    done = syncdeck("metrics", *name)
    found = Scrape(done.out)
    assert found.value("syncdeck_tenant_running") == 0
    assert found.value("syncdeck_up", system="superoffice") == 0


def test_a_write_of_unknown_effect_is_counted(erp: RunningSimulator) -> None:
    assert metrics().value("syncdeck_unresolved_writes") == 0
    erp.fault("POST .*SyncAll=lost")
    done = syncdeck("run", "sync-all", "engine", "--yes")
    assert done.code == 1, done.err
    assert metrics().value("syncdeck_unresolved_writes") == 1
