"""A profile that cannot be used takes no other one down, and is not left out either."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.drivers.command import PATIENCE, command, syncdeck
from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator
from tests.headless.history.recorder import recorder, until
from tests.headless.monitoring.plugin_parser import parsed
from tests.headless.monitoring.scrape import Scrape
from tests.headless.monitoring.test_endpoint import ANYWHERE, get, port_of, scraped
from tui.paths import config_path

WRONG_FIELD = "[profiles.bad.jtl]\ndeployment = 'moon'\nbase_url = 7\n"
NO_SECRET = """[profiles.bad.superoffice]
base_url = "http://127.0.0.1:9/Cust1"
[profiles.bad.superoffice.auth]
type = "bearer"
token = { env = "NOT_SET_ANYWHERE" }
"""


@pytest.fixture(params=[WRONG_FIELD, NO_SECRET])
def bad(erp: RunningSimulator, request: pytest.FixtureRequest) -> str:
    """The system that the bad profile configures."""
    write_config(erp, history=True, refresh={"workers": 1, "engine": 10})
    path = config_path()
    path.write_text(f"{path.read_text()}\n{request.param}")
    return "jtl" if request.param is WRONG_FIELD else "superoffice"


def test_a_check_of_a_good_profile_is_about_it_alone(bad: str) -> None:
    for options in ((), ("--profile", "sim")):
        seen = parsed(syncdeck("check", *options))
        assert seen.code == 2
        assert "sim: 1 failing, 1 locked, 1 overdue of 12 syncs" in seen.first
    assert syncdeck("record", "--once").code == 0
    recorded = parsed(syncdeck("check", "--profile", "sim", "--from-history"))
    assert "sim: 1 failing" in recorded.first
    assert syncdeck("record", "--status").code == 1


@pytest.mark.parametrize("words", [("status",), ("workers",), ("why", "Temu DE")])
def test_a_command_names_an_invalid_profile_and_goes_on_with_its_own(
    erp: RunningSimulator, words: tuple[str, ...]
) -> None:
    write_config(erp)
    path = config_path()
    whole = syncdeck(*words, "--json")
    assert (whole.code, whole.err) == (1, "")
    path.write_text(f"{path.read_text()}\n{WRONG_FIELD}")
    done = syncdeck(*words, "--json")
    assert (done.code, done.document.keys()) == (1, whole.document.keys())
    assert done.err.startswith("syncdeck: the profile 'bad' is invalid: ")
    assert done.err.endswith(" more: syncdeck config validate)\n")
    refused = syncdeck(*words, "--profile", "bad")
    assert refused.code == 2
    assert "deployment" in refused.err


def test_all_others_are_recorded_and_the_bad_one_is_said(bad: str) -> None:
    done = syncdeck("record", "--all", "--once")
    assert done.code == 2
    assert "syncdeck: bad: " in done.err
    assert syncdeck("history", "at", "now", "--json", "--profile", "sim").code in (0, 1, 2)
    assert syncdeck("record", "--once", "--profile", "sim").code == 0
    assert syncdeck("record", "--once", "--profile", "bad").code == 2


def test_a_recorder_serves_that_the_bad_one_is_down(bad: str) -> None:
    with recorder("--all", *ANYWHERE) as running:
        port = port_of(running)
        until(lambda: scraped(port).values("syncdeck_up", profile="sim") == [1, 1])
        assert scraped(port).value("syncdeck_up", profile="bad", system=bad) == 0
        assert get(port, "/probe?profile=bad")[0] == 200
        assert scraped(port, "/probe?profile=bad").values("syncdeck_up") == [0]
        running.send_signal(signal.SIGTERM)
        assert running.wait(PATIENCE) == 0
        assert "syncdeck: bad: " in running.stderr.read()


def test_metrics_of_all_say_that_the_bad_one_is_down(bad: str) -> None:
    done = syncdeck("metrics", "--all")
    assert done.code == 2
    assert "syncdeck: bad: " in done.err
    found = Scrape(done.out)
    assert found.value("syncdeck_up", profile="bad", system=bad) == 0
    assert found.values("syncdeck_up", profile="sim") == [1, 1]
    assert syncdeck("metrics", "--profile", "sim").code == 0


def test_where_every_profile_is_bad_each_is_down(bad: str) -> None:
    path = config_path()
    path.write_text(f"[profiles.also.jtl]\n{path.read_text().partition('[profiles.bad')[1]}.jtl]\n")
    done = syncdeck("metrics", "--all")
    assert done.code == 2
    assert Scrape(done.out).values("syncdeck_up") == [0, 0]


def test_a_profile_whose_history_is_off_hinders_no_other(erp: RunningSimulator) -> None:
    write_config(erp, history=True, others={"quiet": "staging"})
    path = config_path()
    path.write_text(f"{path.read_text()}\n[profiles.quiet.history]\nenabled = false\n")
    done = syncdeck("record", "--all", "--once")
    assert (done.code, done.err) == (
        2,
        "syncdeck: history is off for quiet: set enabled = true in [history]\n",
    )
    assert syncdeck("history", "size", "--json").document["days"] == 1


@pytest.mark.parametrize("textfile", [True, False])
def test_a_config_without_a_profile_is_an_error(
    erp: RunningSimulator, tmp_path: Path, textfile: bool
) -> None:
    config_path().write_text("")
    file = tmp_path / "syncdeck.prom"
    done = syncdeck("metrics", "--all", *(("--textfile", file) if textfile else ()))
    assert (done.code, done.out) == (2, "")
    assert "it defines no profile" in done.err
    assert not file.exists()
    assert syncdeck("record", "--all").code == 2


def test_a_folder_that_is_missing_is_not_made(erp: RunningSimulator, tmp_path: Path) -> None:
    erp.clear_log()
    done = syncdeck("metrics", "--textfile", tmp_path / "missing" / "deep" / "syncdeck.prom")
    assert (done.code, done.out) == (2, "")
    assert f"there is no directory {tmp_path / 'missing' / 'deep'}" in done.err
    assert not (tmp_path / "missing").exists()
    assert erp.log() == []


def test_metrics_are_utf_8_in_every_locale(erp: RunningSimulator) -> None:
    [otto] = [one for one in erp.world.jtl.syncs.values() if one.channel == "Otto Market"]
    otto.channel = "Öttö – Märkt"
    for encoding in ({"PYTHONIOENCODING": "latin-1"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}):
        environment = os.environ | {"PYTHONCOERCECLOCALE": "0"} | encoding
        done = subprocess.run(command("metrics"), env=environment, capture_output=True, check=False)
        assert done.returncode == 0
        assert "Öttö – Märkt".encode() in done.stdout


@pytest.mark.parametrize("name", ["metrics", "record"])
def test_the_help_has_every_exit_code(private_places: Path, name: str) -> None:
    said = " ".join(syncdeck(name, "--help").out.split())
    assert [code for code in (" 0 ", " 2 ", "3 ", " 4 ", " 5 ", "74 ") if code not in said] == []
