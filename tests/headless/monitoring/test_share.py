"""What ships for monitoring systems fits the metrics, and their own tools accept it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.command import syncdeck
from tests.headless.monitoring.scrape import needs_promtool, promtool
from tui.headless.monitoring.metric_table import METRICS
from tui.headless.monitoring.share import FOLDER, PURPOSES

LATER = {"syncdeck_sync_maintenance", "syncdeck_maintenance_planned_end_timestamp_seconds"}
"""Metrics of maintenance: the rules respect it as soon as there is any."""
ALERTS = {
    *("ErpAllSyncsSuspended", "ErpSyncFailing", "ErpSyncLocked", "ErpSyncNoSuccess"),
    *("ErpSystemUnreachable", "ErpEngineStopped", "ErpConnectionInactive", "ErpMaintenanceForgotten"),
    *("SyncdeckNotWatching", "SyncdeckWriteUnresolved"),
    *("ErpSyncNeedsAttention", "ErpSyncGone", "ErpNoSyncs", "ErpNoConnections", "ErpListUnreadable"),
    *("SyncdeckProfileGone", "SyncdeckHistoryNotRecording"),
}
BUILT_IN = {"stat", "table", "timeseries", "state-timeline"}


def test_every_file_is_listed_and_printed() -> None:
    assert {path.name for path in FOLDER.iterdir()} == PURPOSES.keys()
    listed = syncdeck("share")
    assert listed.code == 0
    for name in PURPOSES:
        assert name in listed.out
        printed = syncdeck("share", name)
        assert (printed.code, printed.err) == (0, "")
        assert printed.out == (FOLDER / name).read_text(encoding="utf-8")


def test_another_name_is_refused_with_those_that_there_are() -> None:
    done = syncdeck("share", "../../../etc/passwd")
    assert (done.code, done.out) == (2, "")
    assert "syncdeck.rules.yml" in done.err


@pytest.mark.parametrize("name", ["grafana.json", "syncdeck.rules.yml", "rules.test.yml"])
def test_every_metric_that_is_used_exists(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    used = set(re.findall(r"\bsyncdeck_[a-z_]+", text)) - LATER
    assert used <= {metric.name for metric in METRICS}
    assert used


def test_every_alert_of_the_contract_has_a_rule_and_a_test() -> None:
    rules = (FOLDER / "syncdeck.rules.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"- alert: (\w+)", rules)) == ALERTS
    tested = (FOLDER / "rules.test.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"alertname: (\w+)", tested)) == ALERTS


def rule_tests(folder: Path) -> list[str]:
    """The shipped tests; one that lasts for hours is by itself, with the alerts alone that it speaks of
    and what they are made of: the others would be evaluated thousands of times, and nobody would look.
    """
    head, *tests = re.split(r"(?m)^(?=  - name: )", (FOLDER / "rules.test.yml").read_text("utf-8"))
    rules = (FOLDER / "syncdeck.rules.yml").read_text("utf-8")
    recorded, *alerts = re.split(r"(?m)^(?=      - alert: )", rules)
    group = recorded[: recorded.index("      - record: ")]
    lasting = [test for test in tests if re.search(r"eval_time: \d+h", test)]
    short = head + "".join(test for test in tests if test not in lasting)
    written = {"syncdeck.rules.yml": rules, "short.yml": short}
    for number, test in enumerate(lasting):
        asked = set(re.findall(r"alertname: (\w+)", test))
        spoken_of = [alert for alert in alerts if alert.split(maxsplit=3)[2] in asked]
        assert len(spoken_of) == len(asked)
        needed = recorded if "syncdeck:" in "".join(spoken_of) else group
        written[f"rules{number}.yml"] = needed + "".join(spoken_of)
        written[f"lasting{number}.yml"] = head.replace("syncdeck.rules", f"rules{number}") + test
    for name, text in written.items():
        (folder / name).write_text(text, "utf-8")
    return [name for name in written if "rules" not in name]


@needs_promtool
def test_promtool_accepts_the_rules_and_their_tests_hold(tmp_path: Path) -> None:
    assert "20 rules found" in promtool("check", "rules", "syncdeck.rules.yml", cwd=FOLDER)
    files = rule_tests(tmp_path)
    assert promtool("test", "rules", *files, cwd=tmp_path).count("SUCCESS") == len(files) == 4


@needs_promtool
def test_promtool_accepts_the_scrape_jobs() -> None:
    assert "SUCCESS" in promtool("check", "config", "scrape.yml", cwd=FOLDER)


@needs_promtool
def test_every_query_of_the_dashboard_can_be_evaluated() -> None:
    board = json.loads((FOLDER / "grafana.json").read_text(encoding="utf-8"))
    queries = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    assert len(queries) > 10
    rules = [{"record": f"query:{number}", "expr": query} for number, query in enumerate(queries)]
    group = {"groups": [{"name": "board", "rules": rules}]}
    said = promtool("check", "rules", "/dev/stdin", stdin=json.dumps(group))
    assert f"{len(queries)} rules found" in said


def test_the_dashboard_needs_no_plugin_and_has_its_variables() -> None:
    board: Any = json.loads((FOLDER / "grafana.json").read_text(encoding="utf-8"))
    assert {panel["type"] for panel in board["panels"]} <= BUILT_IN
    variables = {one["name"] for one in board["templating"]["list"]}
    assert variables == {"datasource", "profile", "sync"}
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids))


def test_the_page_names_every_metric_and_every_alert() -> None:
    page = (FOLDER.parents[1] / "docs" / "monitoring.md").read_text(encoding="utf-8")
    assert [metric.name for metric in METRICS if f"`{metric.name}{{" not in page] == []
    assert [alert for alert in ALERTS if f"`{alert}`" not in page] == []
