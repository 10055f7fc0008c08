"""Killed between a write and its answer: the trail shows the attempt, and the next start says so."""

import signal
from pathlib import Path

import pytest

from tests.drivers.command import syncdeck as run
from tests.drivers.terminal import Terminal
from tests.terminal.conftest import Console
from tests.terminal.erp_process import ErpProcess

NOBODY_KNOWS = "its outcome is unknown, the console ended before the response"


@pytest.fixture
def killed(erp: ErpProcess, live: Terminal) -> Terminal:
    """A console that was killed while it waited for the answer to a configuration."""
    erp.fault("POST .*/workers/=hang")
    live.press("e")
    live.wait_for("Configure Temu")
    live.press("ctrl+u")
    live.send("20m")
    live.press("f2")
    live.wait_for("a apply")
    live.confirm("a")
    live.wait_for("sending…")
    erp.wait_received("POST", "/workers/")
    live.signal(signal.SIGKILL)
    live.wait_ended()
    return live


def test_the_trail_shows_it_and_verify_names_it(
    killed: Terminal, erp: ErpProcess, environment: dict[str, str], places: Path
) -> None:
    trail = places / "state" / "audit" / "sim.jsonl"
    verified = run("audit", "verify", "--config", erp.config, **environment)
    assert verified.code == 1
    first, *advice = verified.out.splitlines()
    assert first.startswith(f"{trail}:1: no outcome: Configure sync · Temu · Temu DE, ")
    assert "Check the target before you send it again" in "\n".join(advice)
    [entry] = run("audit", "--json", "--config", erp.config, **environment).document["entries"]
    assert (entry["result"], entry["in_flight"], entry["ended_at"]) == (None, False, None)
    assert entry["sent"] == {"interval": "00:20:00"}
    assert entry["after"] == {"Interval": "20m"}


@pytest.mark.parametrize("size", [(80, 24), (60, 15)])
def test_the_next_start_says_so(
    killed: Terminal, erp: ErpProcess, syncdeck: Console, size: tuple[int, int]
) -> None:
    erp.fault("GET .*/workers$=forbidden")
    console = syncdeck("--config", erp.config, size=size)

    def said(text: str) -> bool:
        return text in " ".join(console.screen().split())

    console.wait_until(lambda: said(NOBODY_KNOWS), "the reminder")
    assert said("Configure sync · Temu · Temu DE (")
    assert said("5 shows it")
    console.press("5")
    console.wait_for("! no outcome")
    console.press("enter")
    console.wait_for("the console ended before the response")
    assert [one["path"] for one in erp.writes()] == [erp.received("POST", "/workers/")[0]["path"]]


def test_the_next_start_looks_at_the_target_and_says_what_it_tells(
    killed: Terminal, erp: ErpProcess, syncdeck: Console, environment: dict[str, str]
) -> None:
    console = syncdeck("--config", erp.config)
    console.wait_until(
        lambda: (
            "unknown, Interval is 5m, as before; the request may still take effect"
            in " ".join(console.screen().split())
        ),
        "what the look told",
    )
    console.press("5")
    console.wait_for("as before")
    assert len(erp.received("POST", "/workers/")) == 1
    console.press("q")
    console.wait_ended()
    assert run("audit", "verify", "--config", erp.config, **environment).code == 1


def test_the_list_fits_the_terminal(killed: Terminal, erp: ErpProcess, syncdeck: Console) -> None:
    listing = syncdeck("audit", "--config", erp.config)
    listing.wait_ended()
    assert listing.exit_code == 0
    assert "no outcome" in listing.line("Configure sync")
    assert "1 without outcome: see syncdeck audit verify" in listing.screen()
    assert max(map(len, listing.text.splitlines())) <= 80


def test_a_resync_that_was_killed_in_the_middle_tells_which_keys_were_sent(
    erp: ErpProcess, live: Terminal, environment: dict[str, str], places: Path
) -> None:
    keys = places / "keys.txt"
    keys.write_text("\n".join(map(str, range(1, 1_601))))
    erp.fault("ForceResync=slow:0*2")
    erp.fault("ForceResync=hang")
    live.press("3")
    live.wait_for("Response at")
    live.press("f")
    live.wait_for("or a file")
    live.press("1", "tab", "tab", "tab")
    live.send(str(keys))
    live.press("f2")
    live.wait_for("type sim and press enter")
    live.confirm_by_name("sim")
    live.wait_for("call 3 sending")
    erp.wait_received("POST", "/ForceResync", 3)
    live.signal(signal.SIGKILL)
    live.wait_ended()
    entries = run("audit", "--json", "--config", erp.config, **environment).document["entries"]
    told = {entry["target_names"][0][:11]: (entry["result"], entry["sent"]["keys"]) for entry in entries}
    assert told == {
        "call 1 of 4": ("applied", list(range(1, 501))),
        "call 2 of 4": ("applied", list(range(501, 1_001))),
        "call 3 of 4": (None, list(range(1_001, 1_501))),
    }
