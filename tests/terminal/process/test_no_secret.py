"""After failures, renewals, a server that repeats what it was sent, and a crash: no secret anywhere.

Searched are all files that the program wrote, what its commands printed, and every byte that the
console sent to its terminal, escape sequences taken out.
"""

import base64
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.drivers.command import syncdeck_in
from tests.drivers.terminal import Terminal
from tests.terminal.conftest import Console
from tests.terminal.erp_process import ErpProcess

TYPED = "a-token-that-was-typed-by-hand"
CRASHING = """
import sys
from tui.ui.screens.workers.screen import WorkersScreen
def broken(self):
    core = self.desk.core
    known = [one.get_secret_value() for system in core.facts.systems
             for slot in core.service.credential(system).slots for one in slot.source.held]
    raise KeyError(*known)
WorkersScreen.open_details = broken
from tui.__main__ import main
sys.exit(main())
"""
_SEQUENCE = re.compile(
    r"\x1b\[[0-9;?<>=$]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][A-Z0-9]"
)


def secrets_of(erp: ErpProcess) -> set[str]:
    """Everything that lies beside the config, every token that was issued, and every form they took."""
    folder = erp.config.with_name(f"{erp.config.name}.d")
    found = {line for path in folder.iterdir() for line in path.read_text().splitlines()}
    for request in erp.log():
        scheme, _, bare = request["headers"].get("authorization", "").partition(" ")
        found.add(bare)
        if scheme == "Basic":
            found.add(base64.b64decode(bare).decode().partition(":")[2])
        found |= {request["headers"].get(name, "") for name in ("x-api-key", "so-apptoken", "cookie")}
    return {one for one in found | {TYPED} if len(one) > 5 and not one.startswith("-----")}


def plain(terminal: Terminal) -> str:
    """What the terminal was sent, without sequences: a text is in one piece however it is coloured."""
    return _SEQUENCE.sub("", terminal.text)


def told(*arguments: object, environment: dict[str, str]) -> str:
    """What a command prints on both streams."""
    done = syncdeck_in(environment, *arguments)
    return done.out + done.err


def commands(erp: ErpProcess, log: Path, environment: dict[str, str]) -> Iterator[str]:
    both = ("status", "--json"), ("doctor", "--json")
    for profile in ("sim", "sim-onprem", "sim-online", "sim-system-user"):
        given = ("--config", erp.config, "--profile", profile, "--log", log)
        for words in (*both, ("workers",), ("engine", "--json")) if profile == "sim" else both:
            yield told(*given, *words, environment=environment)
    yield told("--config", erp.config, "config", "show", environment=environment)


def test_no_secret_is_left_anywhere(
    erp: ErpProcess, syncdeck: Console, places: Path, environment: dict[str, str]
) -> None:
    log = places / "wire.log"
    said: list[str] = []
    said += commands(erp, log, environment)
    erp.fault("workers|extensions|ErpSync|state=echo:401")
    said += commands(erp, log, environment)

    argv = [sys.executable, "-c", CRASHING, "--config", str(erp.config), "--log", str(log)]
    with Terminal(argv, environment, size=(160, 40), cwd=places) as terminal:
        terminal.wait_for("login refused; press A to re-enter the credentials")
        terminal.wait_for("Bearer •••: not")
        terminal.press("A")
        terminal.wait_for("Credentials · sim")
        terminal.press("i")
        terminal.wait_for("type or paste it")
        terminal.send(f"{TYPED}\r")
        terminal.wait_for("the typed client secret")
        terminal.wait_for("refused client")
        terminal.press("r")
        terminal.wait_for("read: a different one")
        erp.clear_faults()
        terminal.press("q")
        terminal.press("r")
        terminal.wait_for("live")
        terminal.wait_for("3 need attention")
        terminal.press("g")
        erp.fault("POST .*/workers/=echo:400")
        terminal.press("e")
        terminal.wait_for("Configure Temu")
        terminal.press("ctrl+u", *"10m", "f2")
        terminal.wait_for("a apply")
        terminal.confirm("a")
        terminal.wait_for("Bearer •••: not")
        terminal.press("f10")
        terminal.wait_for("draft saved")
        terminal.press("y")
        terminal.wait_for("by OSC 52")
        terminal.press("enter")
        terminal.wait_for("A bug in syncdeck")
        terminal.press("ctrl+q")
        terminal.wait_ended()
        said.append(plain(terminal))

    files = [path for path in places.rglob("*") if path.is_file()]
    kinds = {
        path.relative_to(places).parts[1] for path in files if len(path.parts) > len(places.parts) + 1
    }
    assert {"audit", "reports", "copied.txt"} <= kinds
    assert any("Bearer •••" in text for text in said[:-1])
    secrets = secrets_of(erp)
    assert len(secrets) > 6
    for secret in secrets:
        assert [number for number, text in enumerate(said) if secret in text] == []
        assert [path for path in files if secret in path.read_text(errors="replace")] == []
