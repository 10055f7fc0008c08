"""Every way out of `check` is one that a monitoring system understands: 0 to 3, one first line that says
why, nothing on stderr, performance data by the guidelines.
"""

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest

from tests.drivers.command import PATIENCE, Finished, started, syncdeck
from tests.drivers.simulator import RunningSimulator
from tests.headless.monitoring.plugin_parser import parsed
from tui.cli.main import main
from tui.paths import config_path

NAME = "x|y\x1b]0;taken over\x07\u202e\x9b2J│'=\n| a=1"
BODIES = ("html", "redirect-login", "null", "empty", "message:a|b", "broken-json", "truncated")
VALUES = ("wrong-types", "one-bad-row", "hostile", "hostile:all", "interval-text:|", "last-sync:|'")
STATES = ("401", "402", "403", "404", "405", "409", "412", "421", "429,7", "500", "502", "503")
FAULTS = (
    *BODIES,
    *VALUES,
    *(f"status:{state}" for state in STATES),
    *("reset", "forbidden", "expired", "echo", "421", "oversized:40"),
)
ALSO_OTHERWISE = ("null", "message:a|b", *VALUES, "status:401", "status:503", "reset")
"""Of each kind some; what is made of an answer does not depend on the form in which it is printed."""


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_the_servers_answer(erp: RunningSimulator, fault: str) -> None:
    erp.fault(f"(GET|POST) .*(/workers|/status|ErpSync|/extensions)={fault}")
    seen = parsed(syncdeck("check"))
    assert seen.code in (1, 2, 3)
    if fault in ALSO_OTHERWISE:
        document = syncdeck("check", "--json").document
        assert document["exit"] == seen.code
        extensions = parsed(syncdeck("check", "--kind", "extension", "--timeout", "20"))
        assert extensions.code in (0, 1, 3)


@pytest.mark.parametrize("state", range(-1, 11))
def test_whatever_state_the_syncs_are_in(erp: RunningSimulator, state: int) -> None:
    for sync in erp.world.jtl.syncs.values():
        sync.phase.state = state
    assert parsed(syncdeck("check", "--system", "jtl")).perf["syncs"] == "12"


@pytest.mark.parametrize("environment", [{}, {"PYTHONIOENCODING": "ascii"}])
def test_texts_of_the_server_are_no_separators(
    erp: RunningSimulator, environment: dict[str, str]
) -> None:
    for sync in erp.world.jtl.syncs.values():
        sync.channel, sync.phase.text, sync.phase.state = NAME, f"{NAME} {NAME * 100}", 4
    seen = parsed(syncdeck("check", **environment))
    assert seen.code == 2
    assert len(seen.problems) == 12
    if not environment:
        assert "x¦y" in seen.problems[0]


def test_a_message_of_a_failure_is_no_separator(erp: RunningSimulator) -> None:
    erp.fails("GET", "message", NAME)
    assert parsed(syncdeck("check")).code == 3


@pytest.mark.parametrize(
    "options",
    [
        ("--timeout", "0"),
        ("--timeout", "x"),
        ("--timeout", "nan"),
        ("--system", "sap"),
        ("--sync",),
        ("--nothing",),
        ("word",),
        ("--profile", NAME),
        ("--profile", "other"),
        ("--config", "/nowhere/c|d.toml"),
        ("--config", ""),
        ("--all", "--profile", "sim"),
        ("--system", "superoffice", "--sync", "Temu DE"),
        ("--log", "/nowhere/x.log"),
    ],
)
def test_wrong_usage(erp: RunningSimulator, options: tuple[str, ...]) -> None:
    assert parsed(syncdeck("check", *options)).code == 3
    if options[0] == "--profile":
        assert parsed(syncdeck(*options, "check"))
    assert json.loads(syncdeck("check", *options, "--json").out)["exit"] == 3


@pytest.mark.parametrize(
    "before", [("--timeout", "5"), ("--json",), ("--nothing",), ("--system", "jtl"), ("--profile", "x")]
)
def test_options_before_the_command_are_never_critical(
    erp: RunningSimulator, before: tuple[str, ...]
) -> None:
    assert syncdeck(*before, "check").code == 3


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_what_only_prints_ends_with_unknown(option: str) -> None:
    done = syncdeck("check", option)
    assert (done.code, done.err) == (3, "")
    assert done.out.strip()


@pytest.mark.parametrize(
    "text", ["", "[", "default_profile = 3\n", "\udcff", '[profiles."a|b"]\nx = 1\n', "[profiles.a]\n"]
)
def test_a_config_that_cannot_be_used(private_places: Path, text: str) -> None:
    config_path().parent.mkdir(parents=True)
    config_path().write_bytes(text.encode(errors="surrogateescape"))
    assert parsed(syncdeck("check")).code == 3
    assert parsed(syncdeck("check", "--from-history")).code == 3
    assert parsed(syncdeck("check", "--all")).code == 3


@pytest.mark.parametrize("content", [None, "", "a\nb", "\x00"])
def test_a_secret_that_cannot_be_used(erp: RunningSimulator, content: str | None) -> None:
    secret = config_path().parent / "jtl"
    secret.unlink()
    if content is not None:
        secret.write_text(content)
    seen = parsed(syncdeck("check", "--system", "jtl"))
    assert seen.code == 3


def test_a_server_that_is_not_there(erp: RunningSimulator) -> None:
    erp.stop()
    seen = parsed(syncdeck("check"))
    assert seen.code == 3
    assert "JTL-Wawi: " in seen.first
    assert "SuperOffice: " in seen.first
    assert parsed(syncdeck("check", "--unreachable", "critical")).code == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal(erp: RunningSimulator, number: signal.Signals) -> None:
    erp.fault("GET=hang")
    with started("check", "--timeout", PATIENCE) as running:
        erp.wait_received("GET")
        running.send_signal(number)
        out, err = running.communicate()
    seen = parsed(Finished(running.wait(), out, err))
    assert seen.first == f"ERPSYNC UNKNOWN - ended by {number.name}"


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_bug(
    erp: RunningSimulator,
    options: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken() -> asyncio.AbstractEventLoop:
        raise ZeroDivisionError("a | b")

    monkeypatch.setattr(asyncio, "new_event_loop", broken)
    code = main(["check", *options])
    said = capsys.readouterr()
    assert "bug in syncdeck (ZeroDivisionError)" in said.out
    if options:
        assert (code, json.loads(said.out)["exit"], said.err) == (3, 3, "")
    else:
        assert parsed(Finished(code, said.out, said.err)).code == 3


@pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="/dev/full is missing: no full disk was tried"
)
def test_an_output_that_cannot_be_written(erp: RunningSimulator) -> None:
    with Path("/dev/full").open("w") as full, started("check", out=full.fileno()) as running:
        assert (running.wait(PATIENCE), running.stderr.read()) == (3, "")


def test_an_output_that_nobody_reads(erp: RunningSimulator) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with started("check", out=writing) as running:
        os.close(writing)
        assert (running.wait(PATIENCE), running.stderr.read()) == (3, "")
