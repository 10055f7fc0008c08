"""Acceptance: the unmodified npm client operates the simulator (superoffice PROTOCOL §12).

The only test that installs something: into a temporary directory, skipped where that fails.
"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.command import syncdeck
from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator

PACKAGE = "@superoffice/webapi@12.4.1514"
SCRIPT = Path(__file__).with_name("operate.js")
EXCHANGE = Path(__file__).with_name("exchange.js")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed: the npm client was not tried")
    folder = tmp_path_factory.mktemp("npm")
    (folder / "package.json").write_text('{"private": true}')
    command = [
        "npm",
        "install",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--prefer-offline",
        PACKAGE,
    ]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=90, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm did not install {PACKAGE} within 90 s: the npm client was not tried")
    if done.returncode:
        pytest.skip(f"npm could not install {PACKAGE}: {done.stderr.strip()[-200:]}")
    return folder


def test_the_npm_client_operates_engine_and_connections(installed: Path) -> None:
    with RunningSimulator() as erp:
        erp.state(superoffice={"settles_in": 0.2})
        command = ["node", str(SCRIPT), str(installed), erp.so_base, erp.so_token]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        sent = {entry["path"].rpartition("/")[2]: entry for entry in erp.log()}
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["first"]["running"] is True
    assert seen["first"]["message"].startswith("Idle")
    assert (seen["first"]["minutes"], seen["minutes"]) == (15, 20)
    assert seen["asked"] == {"running": True, "message": "Stop requested"}
    assert (seen["stopped"], seen["started"]) == (False, True)
    assert seen["connections"][0] == [1, "Business Central DE", True, False]
    assert (len(seen["connections"]), seen["all"]) == (4, 5)
    assert (seen["toggled"], seen["active"]) == ([], False)
    assert seen["refused"][0] == "Mandatory field CUSTNO has no sync direction"
    assert seen["tests"] == [True, False]
    assert seen["resync"] == [True, "Ok", [670, 47]]
    assert seen["failed"] == [False, "Error", "The connector did not answer."]
    assert (seen["external"], seen["syncAll"]) == ("Ok", True)
    assert (seen["summary"][0], seen["summary"][2]) == (
        "Visma.net NO",
        ["Customer", "Person", "Project"],
    )
    assert seen["summary"][1] >= 2026
    # F11: the documented names of the fields.
    assert seen["tasks"][0] == [17, "Nightly selection export"]
    assert seen["tasks"][-1] == [100, "ErpSync forced resync"]
    assert seen["connectors"] == ["Business Central", "Visma.net", "Excel Demo"]
    assert seen["connector"] == "Visma.net"
    assert sent["ChangeEngineInterval"]["body"] == {"interval": "PT20M"}
    assert sent["GetEngineStatus"]["body"] is None
    assert sent["ForceResyncBatchTask"]["status"] == 204


def taken(installed: Path, erp: RunningSimulator, turn: str) -> dict[str, Any]:
    """What the npm client sees after its turn."""
    command = ["node", str(EXCHANGE), str(installed), erp.so_base, erp.so_token, turn]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


def test_each_sees_what_the_other_did(installed: Path) -> None:
    with RunningSimulator() as erp:
        erp.state(superoffice={"settles_in": 0.0})
        write_config(erp)
        for arguments in (
            ("engine.interval", "engine", "--set", "interval=35m"),
            ("engine.stop", "engine"),
            ("connection.toggle", "1"),
        ):
            done = syncdeck("run", *arguments, "--yes")
            assert done.code == 0, done.err
        seen = taken(installed, erp, "look")
        assert (seen["running"], seen["minutes"], seen["active"]["1"]) == (False, 35, False)
        taken(installed, erp, "act")
        (engine,) = json.loads(syncdeck("engine", "--json").out)["items"]
        assert (engine["running"], engine["interval_s"]) == (True, 1500)
        rows = json.loads(syncdeck("connections", "--json").out)["items"]
        assert {str(row["id"]): row["active"] for row in rows}["2"] is False
        assert taken(installed, erp, "look")["order"][:2] == [2, 1]
