"""The real command in a process of its own, against a simulator over real HTTP."""

import os
import shlex
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.command import PATIENCE, command, started, syncdeck
from tests.drivers.simulator import RunningSimulator
from tui import __version__
from tui.cli.main import main
from tui.paths import cache_dir
from tui.simulator.client_config import write_config
from tui.startup.last_screen import LastState, LastStates


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True, extensions=230) as erp:
        yield erp


@pytest.fixture
def erp(running: RunningSimulator, private_places: Path) -> RunningSimulator:
    running.clear_faults()
    running.clear_log()
    write_config(private_places / "config" / "config.toml", running.url)
    return running


# One shot.


def test_status_lists_what_needs_attention_and_why(erp: Any) -> None:
    done = syncdeck("status")
    assert done.code == 1
    assert "Temu · Temu DE" in done.out
    assert "last run failed: 401 from marketplace" in done.out
    assert done.err == ""


def test_status_as_json_is_one_document(erp: Any) -> None:
    done = syncdeck("status", "--json")
    assert (done.code, done.err) == (1, "")
    assert done.document["schema"] == 1
    assert done.document["profile"] == "sim"
    assert {name: system["state"] for name, system in done.document["systems"].items()} == {
        "jtl": "ok",
        "superoffice": "ok",
    }
    assert set(done.document["items"][0]) == {
        *("kind", "id", "name", "health", "reason", "since", "since_is_known")
    }


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        (
            "workers",
            "id name channel channel_id state health reason"
            " interval_s interval_text status_at next_at message since since_is_known",
        ),
        (
            "extensions",
            "id extension_id version status manifest_hash"
            " created created_text last_changed last_changed_text problem",
        ),
        ("engine", "running message interval_s interval interval_text"),
        ("connections", "id name active connector deleted problem"),
        ("log", "at at_text connection source target field old new problem"),
    ],
)
def test_every_list_keeps_the_keys_that_scripts_rely_on(erp: Any, name: Any, keys: Any) -> None:
    items = syncdeck(name, "--json").document["items"]
    assert items
    assert all(list(item) == keys.split() for item in items)


def test_extensions_of_every_page_are_listed(erp: Any) -> None:
    assert len(syncdeck("extensions", "--json").document["items"]) == 230
    assert len(erp.received("GET", "/extensions")) == 3


def test_the_on_premises_profile_answers_too(erp: Any) -> None:
    assert syncdeck("--profile", "sim-onprem", "workers", "--json").document["profile"] == "sim-onprem"


def test_options_mean_the_same_before_and_after_the_command_and_the_later_wins(erp: Any) -> None:
    before = syncdeck("--profile", "sim-onprem", "engine", "--json")
    after = syncdeck("engine", "--json", "--profile", "sim-onprem")
    both = syncdeck("--profile", "nobody", "engine", "--json", "--profile", "sim-onprem")
    assert [done.document["profile"] for done in (before, after, both)] == ["sim-onprem"] * 3


def test_the_api_version_is_remembered_between_commands(erp: Any, private_places: Any) -> None:
    first = syncdeck("workers")
    second = syncdeck("workers")
    assert first.code == second.code == 1
    [remembered] = (private_places / "cache").iterdir()
    assert stat.S_IMODE(remembered.stat().st_mode) == 0o600


def test_the_wire_log_is_written_and_holds_no_secret(erp: Any, tmp_path: Path) -> None:
    log = tmp_path / "wire.log"
    assert syncdeck("engine", "--log", log).code == 0
    text = log.read_text()
    assert "GetEngineStatus" in text
    assert erp.so_token not in text
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_log_that_cannot_be_written_is_told_in_a_sentence(erp: Any, tmp_path: Path) -> None:
    done = syncdeck("engine", "--log", tmp_path / "none" / "wire.log")
    assert (done.code, done.out) == (2, "")
    why = f"there is no directory {tmp_path}/none"
    assert done.err == f"{tmp_path}/none/wire.log: the log cannot be written: {why}\n"


def test_the_demo_answers_without_a_config_and_writes_nothing(private_places: Any) -> None:
    done = syncdeck("workers", "--demo", "--json")
    assert (done.code, done.document["profile"]) == (1, "demo")
    assert len(done.document["items"]) == 12
    assert [path for path in private_places.rglob("*") if path.is_file()] == []


# When a system fails.


@pytest.mark.parametrize(
    ("fault", "code", "state"),
    [
        ("workers=status:503", 3, "unreachable"),
        ("workers=reset", 3, "unreachable"),
        ("workers=status:401", 4, "unauthorised"),
        ("workers=forbidden", 4, "unauthorised"),
        ("workers=html", 5, "bad_answer"),
        ("workers=null", 5, "bad_answer"),
        ("workers=broken-json", 5, "bad_answer"),
    ],
)
def test_a_failing_system_sets_the_exit_code_and_says_the_next_step(
    erp: Any, fault: Any, code: Any, state: Any
) -> None:
    erp.fault(fault)
    done = syncdeck("workers", "--json")
    assert (done.code, done.document["systems"]["jtl"]["state"]) == (code, state)
    assert done.document["systems"]["jtl"]["error"]
    assert done.document["items"] == []
    assert done.err.startswith("syncdeck: JTL-Wawi: ")
    assert done.err.count(". ") >= 1


def test_one_system_down_leaves_the_other_one_told(erp: Any) -> None:
    erp.fault("ErpSync=status:503")
    done = syncdeck("status")
    assert done.code == 3
    assert "Temu DE" in done.out
    assert "syncdeck: SuperOffice: " in done.err


def test_nobody_listening_is_unreachable(erp: Any, private_places: Any) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        write_config(private_places / "closed.toml", f"http://127.0.0.1:{held.getsockname()[1]}")
        done = syncdeck("status", "--config", private_places / "closed.toml")
    assert done.code == 3
    assert "not everything could be read" in done.out


def test_hostile_text_stays_on_its_line_and_is_harmless(erp: Any) -> None:
    erp.fault("workers=hostile")
    done = syncdeck("workers")
    assert "\x1b" not in done.out
    assert all(char == "\n" or char.isprintable() for char in done.out)


# Configuration.


def test_config_path_is_where_the_variable_says(private_places: Any) -> None:
    assert syncdeck("config", "path").out.strip() == str(private_places / "config" / "config.toml")


def test_init_writes_a_private_template_once(private_places: Any) -> None:
    path = private_places / "config" / "config.toml"
    first, second = syncdeck("config", "init"), syncdeck("config", "init")
    assert (first.code, second.code) == (0, 2)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert second.err.count("\n") == 1


@pytest.mark.parametrize(
    ("syncs", "every", "warned"),
    [(5_000, 5, True), (5_000, 60, False), (500, 5, False), (None, 5, False)],
)
def test_l7_validate_warns_of_a_long_list_that_is_requested_often(
    erp: Any, private_places: Any, syncs: int | None, every: int, warned: bool
) -> None:
    path = private_places / "config" / "config.toml"
    if syncs is not None:
        state = LastState(time.time(), "", "", [(0, 10, False, "State")], [], syncs=syncs)
        LastStates(str(cache_dir() / "last"), str(path)).write("sim", state)
    path.write_text(f"{path.read_text()}\n[profiles.sim.refresh]\nworkers = {every}\n")
    done = syncdeck("config", "validate")
    assert done.code == 0
    assert ("all 5,000 syncs every 5 s" in done.out) is warned


def test_validate_says_ok_or_each_mistake_with_its_line(erp: Any, private_places: Any) -> None:
    path = private_places / "config" / "config.toml"
    good = syncdeck("config", "validate")
    path.write_text(path.read_text().replace("tenant_id", "tennant_id"))
    bad = syncdeck("config", "validate")
    assert (good.code, good.out) == (0, "ok\n")
    assert (bad.code, bad.out) == (2, "")
    assert "unknown key 'tennant_id', did you mean 'tenant_id'?" in bad.err


def test_a_missing_variable_is_one_sentence_for_validate_and_for_use(
    erp: Any, private_places: Any
) -> None:
    path = private_places / "config" / "config.toml"
    text = path.read_text()
    reference = text[text.index("client_secret = ") :].splitlines()[0]
    path.write_text(text.replace(reference, 'client_secret = { env = "NOT_SET_ANYWHERE" }', 1))
    for done in (syncdeck("config", "validate"), syncdeck("workers")):
        assert (done.code, done.out) == (2, "")
        [sentence] = done.err.splitlines()
        assert sentence.endswith("environment variable NOT_SET_ANYWHERE is not set")
        assert "config.toml:" in sentence


def test_show_prints_references_and_no_value(erp: Any) -> None:
    done = syncdeck("config", "show", "--profile", "sim")
    assert done.code == 0
    assert "client_secret = { file = " in done.out
    assert "sim-onprem" not in done.out
    assert erp.client_secret not in done.out


def test_a_command_without_a_config_says_how_to_get_one() -> None:
    done = syncdeck("status")
    assert (done.code, done.out) == (2, "")
    assert "`syncdeck config init` writes a template" in done.err


def test_an_unknown_profile_is_named_with_those_that_exist(erp: Any) -> None:
    done = syncdeck("status", "--profile", "sin")
    assert done.code == 2
    assert (
        "did you mean 'sim'?; known: sim, sim-onprem, sim-online, sim-system-user, sim-production"
        in done.err
    )


# Usage.


@pytest.mark.parametrize("arguments", [("--version",), ("status", "--version"), ("--demo", "--version")])
def test_the_version_is_told_wherever_it_is_asked(arguments: Any) -> None:
    assert syncdeck(*arguments).out == f"syncdeck {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [("statsu",), ("--nonsense",), ("status", "--jso"), ("config",), ("simulate", "--port", "-1")],
)
def test_wrong_usage_is_one_sentence(arguments: Any) -> None:
    done = syncdeck(*arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert "--help" in done.err


@pytest.mark.parametrize(
    "arguments", [("status", "--config"), ("--log",), ("simulate", "--write-config")]
)
def test_a_home_directory_that_is_not_known_is_wrong_usage(arguments: Any) -> None:
    done = syncdeck(*arguments, "~nosuchuser/file")
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert "the home directory" in done.err


def test_a_config_variable_whose_home_directory_is_not_known_is_one_sentence() -> None:
    done = syncdeck("status", SYNCDECK_CONFIG="~nosuchuser/config.toml")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("syncdeck: ~nosuchuser/config.toml: the home directory for ~")
    assert done.err.count("\n") == 1


def test_a_fault_while_the_command_line_is_read_is_a_report_and_no_traceback(
    private_places: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([7]) == 70  # type: ignore[list-item] # the fault
    assert "this is a bug in syncdeck (TypeError); the report is" in capsys.readouterr().err
    assert [path.name[:4] for path in (private_places / "state" / "reports").iterdir()] == ["bug-"]


def test_the_console_without_a_terminal_refuses_and_names_status() -> None:
    done = syncdeck("--demo")
    assert (done.code, done.out) == (2, "")
    assert done.err == "syncdeck: the console needs a terminal; `syncdeck status` does not\n"


def test_a_wrong_fault_is_one_sentence() -> None:
    done = syncdeck("simulate", "--port", "0", "--fault", "x=explode")
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1


# How it ends.


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_a_waiting_command_at_once_and_quietly(erp: Any, number: Any, code: Any) -> None:
    erp.fault("GetEngineStatus=hang")
    with started("engine") as asking:
        try:
            erp.wait_received("POST", "GetEngineStatus")
            asking.send_signal(number)
            out, err = asking.communicate(timeout=PATIENCE)
        finally:
            asking.kill()
    assert (asking.returncode, out, err) == (code, "", "")


def test_a_reader_that_leaves_is_no_bug(erp: Any) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with started("extensions", out=writing) as running:
        os.close(writing)
        assert (running.wait(PATIENCE), running.stderr.read()) == (141, "")


@pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="/dev/full is not there: a full disk was not tried"
)
def test_a_full_disk_is_told_in_a_sentence(erp: Any) -> None:
    with Path("/dev/full").open("w") as full, started("workers", out=full.fileno()) as running:
        assert running.wait(PATIENCE) == 74
        said = running.stderr.read()
    assert said == "syncdeck: the output cannot be written: No space left on device\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("workers", "--json"), 1),
        (("doctor",), 0),
        (("audit",), 0),
        (("run", "worker.start", "Temu DE"), 2),
        (("register",), 2),
        ((), 2),
    ],
)
def test_without_any_stream_the_exit_code_still_tells(erp: Any, arguments: Any, code: Any) -> None:
    script = f"exec {shlex.join(command(*arguments))} <&- >&- 2>&-"
    assert subprocess.run(["sh", "-c", script], check=False).returncode == code
    assert erp.received("POST", "/workers/") == []


def test_no_file_takes_the_number_of_a_closed_stream(erp: Any, tmp_path: Path) -> None:
    log = tmp_path / "wire.log"
    script = f"exec {shlex.join(command('workers', '--log', log))} >&- 2>&-"
    subprocess.run(["sh", "-c", script], check=False)
    assert [line.split()[1] for line in log.read_text().splitlines()] == ["POST", "GET", "GET"]


def test_output_that_the_terminal_cannot_show_is_replaced(erp: Any) -> None:
    done = syncdeck("workers", PYTHONIOENCODING="ascii")
    assert done.code == 1
    assert "Temu - Temu DE" in done.out
