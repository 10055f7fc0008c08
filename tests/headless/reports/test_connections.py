"""Connections by `syncdeck run` over real HTTP: the same plans and the same last steps as on screen."""

import pytest

from tests.drivers.simulator import RunningSimulator
from tests.ops.sent import sent
from tui.cli.main import main

AGENT = "/Cust12345/api/v1/Agents/ErpSync"


def calls(erp: RunningSimulator) -> list[tuple[str, object]]:
    return [(entry["path"].removeprefix(f"{AGENT}/"), entry["body"]) for entry in sent(erp)]


def test_a_toggle_is_sent_once_and_read_again(
    erp: RunningSimulator, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "connection.toggle", "visma.net no", "--yes"]) == 0
    told = capsys.readouterr().out
    assert "active → inactive" in told
    assert "read again: State is inactive" in told
    assert calls(erp) == [("ToggleErpConnectionActive", {"ErpConnectionId": 2})]


def test_a_refused_toggle_tells_every_reason(
    erp: RunningSimulator, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "connection.toggle", "3", "--yes"]) == 1
    told = capsys.readouterr().out
    for reason in ("CUSTNO has no sync direction", "VATNO has no sync direction"):
        assert reason in told


def test_a_toggle_to_what_it_is_already_sends_nothing(
    erp: RunningSimulator, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "connection.toggle", "3", "--set", "active=false", "--yes"]) == 2
    assert "it is already inactive" in capsys.readouterr().err
    assert calls(erp) == []


def test_an_order_is_given_to_all_connections(
    erp: RunningSimulator, capsys: pytest.CaptureFixture[str]
) -> None:
    order = ["run", "connection.priorities", "connections", "--set"]
    assert main([*order, "order=2,1", "--yes"]) == 2
    assert "missing: 3, 4" in capsys.readouterr().err
    assert calls(erp) == []
    assert main([*order, "order=2,1,3,4", "--yes"]) == 0
    assert "read again: Order is 2, 1, 3, 4" in capsys.readouterr().out
    assert calls(erp) == [("SaveErpConnectionSyncPriorities", {"ErpConnectionIds": [2, 1, 3, 4]})]


def test_fields_are_read_anew(erp: RunningSimulator, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "update-fields", "1", "--yes"]) == 0
    assert calls(erp) == [("UpdateConnectionFields", {"ErpConnectionId": 1})]
    assert main(["run", "update-fields", "4", "--yes"]) == 1
    assert "returned false" in capsys.readouterr().out
