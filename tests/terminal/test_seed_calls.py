"""The five calls that everything began with, from the keyboard, and what the server then received."""

import re
from pathlib import Path
from typing import Any

from tests.drivers.terminal import Terminal
from tests.terminal.conftest import Console
from tests.terminal.erp_process import ErpProcess
from tui.simulator import credentials

HASH = "0123456789abcdef" * 8


def with_version(erp: ErpProcess, version: str) -> Path:
    """The simulator's config with an API version chosen."""
    chosen = f'deployment = "cloud"\napi_version = "{version}"'
    erp.config.write_text(erp.config.read_text().replace('deployment = "cloud"', chosen))
    return erp.config


def the_one_write(erp: ErpProcess, terminal: Terminal) -> dict[str, Any]:
    """The only request that changed something, with the headers that every JTL call carries."""
    terminal.wait_until(lambda: len(erp.writes()) == 1, "one write")
    return erp.writes()[0]


def assert_signed(request: dict[str, Any]) -> None:
    headers = request["headers"]
    assert re.fullmatch(r"Bearer sim-access-\S+", headers["authorization"])
    assert headers["x-tenant-id"] == credentials.TENANT_ID
    assert headers["x-appid"].startswith("syncdeck/")
    assert headers["x-appversion"]
    assert headers["content-type"] == "application/json"


def test_a_worker_is_configured_from_the_keyboard(erp: ErpProcess, syncdeck: Console) -> None:
    terminal = syncdeck("--config", with_version(erp, "unversioned"))
    terminal.wait_for("Temu DE")
    terminal.wait_for("live")
    terminal.press("e")
    terminal.wait_for("Configure Temu · Temu DE")
    terminal.press("ctrl+u", *"10m", "f2")
    terminal.wait_for("5m → 10m")
    terminal.wait_for("a apply")
    assert erp.writes() == []
    terminal.confirm("a")
    terminal.wait_for("Temu DE: applied")
    request = the_one_write(erp, terminal)
    row = next(sync for sync in erp.state()["jtl"]["workers"] if sync["channel"] == "Temu DE")
    assert request["method"] == "POST"
    assert request["path"] == f"/erp/workers/{row['id']}"
    assert request["body"] == {"Interval": "00:10:00"}
    assert_signed(request)
    terminal.wait_until(lambda: " 10m " in terminal.line("Temu DE  "), "the new interval in the row")


def test_an_extension_is_created_by_version_1(erp: ErpProcess, syncdeck: Console) -> None:
    terminal = syncdeck("--config", with_version(erp, "v1"))
    terminal.wait_for("live")
    terminal.press("2")
    terminal.wait_for("25 extensions")
    terminal.press("n")
    terminal.wait_for("New extension")
    terminal.press(*"de.muster.neu", "tab", *"1.0.0", "tab", *HASH, "f2")
    terminal.wait_for("Create extension")
    terminal.confirm("a")
    terminal.wait_for("de.muster.neu: applied")
    request = the_one_write(erp, terminal)
    assert (request["method"], request["path"]) == ("POST", "/erp/v1/extensions")
    assert request["body"] == {
        "ExtensionId": "de.muster.neu",
        "Version": "1.0.0",
        "ManifestHash": HASH,
    }
    assert_signed(request)
    terminal.wait_until(lambda: "▌" in terminal.line("de.muster.neu"), "the cursor on the new row")


def test_an_extension_is_updated_without_a_version(erp: ErpProcess, syncdeck: Console) -> None:
    terminal = syncdeck("--config", with_version(erp, "unversioned"))
    terminal.wait_for("live")
    terminal.press("2")
    terminal.wait_until(lambda: "de.muster" in terminal.line("▌"), "a row under the cursor")
    name = terminal.line("▌").split("de.muster")[1].split()[0]
    terminal.press("e")
    terminal.wait_for(f"Update de.muster{name}")
    terminal.press("ctrl+u", *"9.9.9", "f2")
    terminal.wait_for("→ 9.9.9")
    terminal.confirm("a")
    terminal.wait_for(": applied")
    request = the_one_write(erp, terminal)
    assert request["method"] == "PATCH"
    assert re.fullmatch(r"/erp/extensions/[0-9a-f-]{36}", request["path"])
    assert request["body"] == {"Version": "9.9.9"}
    assert_signed(request)
    terminal.wait_until(lambda: "9.9.9" in terminal.line(f"de.muster{name}"), "the new version")


def test_the_engine_is_seen(erp: ErpProcess, live: Terminal) -> None:
    live.press("3")
    live.wait_for("Response at")
    assert "running" in live.line("State")
    request = erp.received("POST", "/GetEngineStatus")[0]
    assert request["path"] == "/Cust12345/api/v1/Agents/ErpSync/GetEngineStatus"
    assert request["headers"]["authorization"] == f"Bearer {credentials.SO_TOKEN}"
    assert request["headers"]["accept"].startswith("application/json")
    assert erp.writes() == []


def test_a_resync_is_forced_by_typing_the_profile_name(erp: ErpProcess, live: Terminal) -> None:
    live.press("3")
    live.wait_for("Response at")
    live.press("f")
    live.wait_for("Forced resync")
    live.press("1", "tab", "tab", *"670, 47, 100-102, 47")
    live.wait_for("5 keys · 1 repeated")
    live.press("tab", "tab", " ")
    live.wait_for("calls ForceResync ·")
    live.press("f2")
    live.wait_for("type sim and press enter")
    live.confirm_by_name("sin")
    live.wait_for("that is not the profile's name")
    assert erp.writes() == []
    live.press("backspace", "m", "enter")
    live.wait_for("the server's response")
    request = the_one_write(erp, live)
    assert request["method"] == "POST"
    assert request["path"] == "/Cust12345/api/v1/Agents/ErpSync/ForceResync"
    assert request["body"] == {"ErpConnectionId": 1, "InternalKeyIds": [670, 47, 100, 101, 102]}
    assert request["headers"]["authorization"] == f"Bearer {credentials.SO_TOKEN}"
