"""`--timeout`: past it a command ends with 3 and says in which stage it was."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.drivers.command import PATIENCE, Finished, syncdeck
from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator
from tests.headless.monitoring.plugin_parser import parsed
from tui.paths import config_path

_AGE = re.compile(r" *\d+[smhd] ago *")
LIMITS = ("0.4", "2", "10")
LISTS = ("status", "workers", "extensions")


@pytest.fixture
def silent() -> Iterator[int]:
    """A port where connections are accepted and nothing is said."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def stuck(erp: RunningSimulator, stage: str, silent: int) -> None:
    """Nothing goes on from that stage of JTL-Wawi."""
    text = write_config(erp).read_text()
    match stage:
        case "resolving the secret":
            text = text.replace('{ file = "jtl" }', '{ command = ["sleep", "60"] }')
        case "connecting":
            text = text.replace(erp.token_url, f"https://127.0.0.1:{silent}/token")
        case "logging in":
            erp.fault("token=hang")
        case "reading":
            erp.fault("/erp=hang")
    config_path().write_text(text)


def reached(wanted: str) -> tuple[str, str]:
    """The limit, and the first line of `check` that got as far as that: a busy machine needs longer."""
    for limit in LIMITS:
        first = parsed(syncdeck("check", "--system", "jtl", "--timeout", limit)).first
        if first == wanted.format(limit):
            break
    return limit, first


@pytest.mark.parametrize("stage", ["resolving the secret", "connecting", "logging in", "reading"])
def test_the_stage_is_said(erp: RunningSimulator, silent: int, stage: str) -> None:
    stuck(erp, stage, silent)
    wanted = f"ERPSYNC UNKNOWN - sim: JTL-Wawi: timed out after {{}} s while {stage}"
    limit, seen = reached(wanted)
    assert seen == wanted.format(limit)
    only = ("--system", "jtl", "--timeout", limit)
    assert parsed(syncdeck("check", *only, "--unreachable", "critical")).code == 2
    for command in LISTS:
        done = syncdeck(command, "--timeout", limit)
        assert done.code == 3
        assert f"JTL-Wawi: timed out after {limit} s while " in done.err


@pytest.mark.parametrize("stage", ["resolving the secret", "reading"])
def test_doctor_ends_as_well_and_says_the_stage(erp: RunningSimulator, silent: int, stage: str) -> None:
    stuck(erp, stage, silent)
    for limit in LIMITS:  # a busy machine needs longer to get as far as that
        done = syncdeck("doctor", "--timeout", limit)
        said = " ".join(done.out.split())
        if stage in said:
            break
    assert done.code == 3
    assert f"timed out after {limit} s while {stage}" in said


def test_a_file_that_hangs_ends_audit_with_3(erp: RunningSimulator) -> None:
    program = (
        "import time\nfrom datetime import datetime\nfrom tui.headless.audit import in_time\n"
        "def hangs(profile, *, since, as_json): time.sleep(60)\n"
        "in_time(hangs, 'sim', 0.1, since=None, as_json=False)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 3
    assert done.stderr == "syncdeck: timed out after 0.1 s while reading the audit trail\n"
    assert syncdeck("audit", "--timeout", "5").code == 0


def test_what_did_respond_is_still_judged(erp: RunningSimulator) -> None:
    erp.fault("/ErpSync=hang")
    seen = parsed(syncdeck("check", "--timeout", "2"))
    assert seen.code == 2
    assert "SuperOffice: timed out after 2 s while reading" in seen.first
    assert "1 failing, 1 locked, 1 overdue of 12 syncs" in seen.first
    document = syncdeck("status", "--timeout", "2", "--json").document
    assert document["systems"]["superoffice"]["state"] == "unreachable"
    assert document["systems"]["jtl"]["state"] == "ok"


HANGING = """
import sys, time
from tui.domain.elapsed import utc_now
from tui.domain.monitoring.check_result import Code
from tui.domain.monitoring.selection import Selection
from tui.headless.monitoring.check import CheckRequest, run
from tui.headless.profile_access import ProfileAccess

hang = lambda: time.sleep(60)
run(CheckRequest(Selection(), 0.1), [ProfileAccess("acme", hang, hang, hang)], utc_now)
"""


def test_what_holds_the_whole_process_is_ended_as_well() -> None:
    """A file on a dead disk blocks without a chance for any other code."""
    done = subprocess.run(
        [sys.executable, "-c", HANGING], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    seen = parsed(Finished(done.returncode, done.stdout, done.stderr))
    assert seen.first == "ERPSYNC UNKNOWN - timed out after 0.1 s while reading local files"


def test_without_a_limit_and_within_it_the_result_is_the_same(erp: RunningSimulator) -> None:
    for command in (*LISTS, "engine", "connections", "log"):
        plain, limited = syncdeck(command), syncdeck(command, "--timeout", "20")
        assert (plain.code, plain.err) == (limited.code, limited.err)
        assert _AGE.sub("", plain.out) == _AGE.sub("", limited.out)
