"""What a server wrote in no form that is known: `--json` and the table keep its text."""

import json
from typing import Any

import pytest

from tests.drivers.simulator import RunningSimulator
from tui.cli.main import main
from tui.simulator.jtl.json_rows import sync_list, sync_status


def answers(erp: RunningSimulator, match: str, body: object) -> None:
    erp.fails(match, "raw", json.dumps({"body": body}))


def document(capsys: pytest.CaptureFixture[str], command: str) -> Any:
    main([command, "--json"])
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("updated", "at", "text"),
    [
        ("2026-11-29T17:39:02", "2026-11-29T17:39:02Z", None),
        ("11/29/2026 5:38 PM", None, "11/29/2026 5:38 PM"),
        ({"Ticks": 7}, None, '{"Ticks": 7}'),
        ("0001-01-01T00:00:00", None, "0001-01-01T00:00:00"),
        (None, None, None),
    ],
)
def test_f9_a_time_of_the_log_that_cannot_be_read_keeps_its_text(
    erp: RunningSimulator,
    capsys: pytest.CaptureFixture[str],
    updated: object,
    at: str | None,
    text: str | None,
) -> None:
    row = {"connection": "1", "source": "CRM", "target": "ERP", "updated": updated}
    answers(erp, "ErpSyncLog", {"value": [row]})
    (item,) = document(capsys, "log")["items"]
    assert (item["at"], item["at_text"], item["problem"]) == (at, text, None)
    main(["log"])
    assert (at or text or "") in capsys.readouterr().out


def test_f9_a_row_of_the_log_that_cannot_be_read_says_why(
    erp: RunningSimulator, capsys: pytest.CaptureFixture[str]
) -> None:
    answers(erp, "ErpSyncLog", {"value": [{"connection": "1"}, 7]})
    readable, other = document(capsys, "log")["items"]
    assert readable["problem"] is None
    assert "expected an object" in other["problem"]


@pytest.mark.parametrize(
    ("interval", "seconds", "text"),
    [
        ("00:15:00", 900, None),
        ("alle 15 Minuten", None, "alle 15 Minuten"),
        ({"Minutes": 15}, None, '{"Minutes": 15}'),
    ],
)
def test_f9_an_interval_that_cannot_be_read_keeps_its_text(
    erp: RunningSimulator,
    capsys: pytest.CaptureFixture[str],
    interval: object,
    seconds: int | None,
    text: str | None,
) -> None:
    sync = sync_list(erp.world.jtl)[0] | {"Interval": interval}
    answers(erp, "GET .*/workers$", [sync])
    answers(erp, "GetEngineStatus", {"IsRunning": True, "Interval": interval})
    worker = next(one for one in document(capsys, "workers")["items"] if one["id"] == sync["Identifier"])
    assert (worker["interval_s"], worker["interval_text"], worker["reason"]) == (seconds, text, None)
    (engine,) = document(capsys, "engine")["items"]
    assert (engine["interval_s"], engine["interval_text"]) == (seconds, text)


def test_f9_an_object_as_time_spoils_no_status(
    erp: RunningSimulator, capsys: pytest.CaptureFixture[str]
) -> None:
    sync = erp.world.jtl.syncs[erp.worker_id("Hauptshop")]
    status = sync_status(erp.world.jtl, sync, erp.world.seen_at) | {"LastSync": {"Ticks": 7}}
    answers(erp, "GET .*/workers/status", [status])
    item = next(one for one in document(capsys, "workers")["items"] if one["id"] == sync.id)
    assert (item["status_at"], item["status_at_raw"]) == (None, '{"Ticks": 7}')
    assert item["state"] == "ok"
