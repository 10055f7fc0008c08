"""What a session leaves on disk: an audit trail in private files, and no secret anywhere."""

import json
import stat
from pathlib import Path

import pytest

from tests.terminal.conftest import Console
from tests.terminal.erp_process import ErpProcess


@pytest.fixture
def forks() -> bool:
    return False


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_write_leaves_attempt_and_outcome_and_no_secret(
    erp: ErpProcess, syncdeck: Console, places: Path
) -> None:
    terminal = syncdeck("--config", erp.config, "--log", places / "wire.log")
    terminal.wait_for("Temu DE")
    terminal.wait_for("engine ✔ running")
    terminal.press("e")
    terminal.wait_for("Configure Temu")
    terminal.press("ctrl+u", *"10m", "f2")
    terminal.wait_for("Authorization")
    terminal.wait_for("a apply")
    terminal.confirm("a")
    terminal.wait_for("applied")
    terminal.press("y")
    terminal.wait_for("by OSC 52")
    terminal.press("q")
    terminal.wait_ended()

    trail = places / "state" / "audit" / "sim.jsonl"
    attempt, outcome = (json.loads(line) for line in trail.read_text().splitlines())
    assert (attempt["record"], outcome["record"]) == ("attempt", "outcome")
    assert attempt["id"] == outcome["id"]
    assert attempt["operation"] == "worker.configure"
    files = [path for path in places.rglob("*") if path.is_file()]
    assert trail in files
    assert places / "wire.log" in files
    assert [str(path) for path in files if mode(path) != 0o600] == []
    made = [path for path in (places / "state").rglob("*") if path.is_dir()]
    assert [str(path) for path in (places / "state", *made) if mode(path) != 0o700] == []
    assert secrets_in(erp, terminal.text) == []
    for path in files:
        assert secrets_in(erp, path.read_text(errors="replace")) == [], path


def secrets_in(erp: ErpProcess, text: str) -> list[str]:
    """The names of the secrets that occur in a text; every token that was issued counts as well."""
    folder = erp.config.with_name(f"{erp.config.name}.d")
    secrets = {path.name: path.read_text().strip() for path in folder.iterdir()}
    assert len(secrets) == 7
    for request in erp.log():
        secrets[f"request {request['n']}"] = request["headers"].get("authorization", "\0").split()[-1]
    return [name for name, secret in secrets.items() if secret in text]
