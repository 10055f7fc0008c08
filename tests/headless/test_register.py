"""`syncdeck register` by flags alone, over real HTTP: what was sent, printed, written, and its mode."""

import os
import re
import signal
import socket
import stat
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.command import PATIENCE, Finished, command, syncdeck
from tests.drivers.simulator import RunningSimulator
from tui import __version__
from tui.cli import main

Register = Callable[..., Finished]
CODE = "K7QM-4XRT-9PWD-2HFC"


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        set_registration(running, pending_polls=0)
        yield running


def set_registration(erp: RunningSimulator, **parts: Any) -> None:
    erp.state(jtl={"registration": parts})


@pytest.fixture
def register(erp: RunningSimulator, capsys: pytest.CaptureFixture[str]) -> Register:
    """Run it in this process with all that it needs; what is given replaces that."""

    def run(*arguments: object, config: str = "--write-config", url: str = "") -> Finished:
        wanted = ["register", "--base-url", url or erp.onprem_base, "--profile", "branch", "--yes"]
        code = main([*wanted, config, *map(str, arguments)])
        said = capsys.readouterr()
        return Finished(code, said.out, said.err)

    return run


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Register:
    def run(*arguments: object) -> Finished:
        code = main([*map(str, arguments)])
        said = capsys.readouterr()
        return Finished(code, said.out, said.err)

    return run


def config_of(places: Path) -> Path:
    return places / "config" / "config.toml"


def key_of(places: Path) -> Path:
    return places / "config" / "secrets" / "branch-wawi-key"


def issued(erp: RunningSimulator) -> str:
    (key,) = erp.world.jtl.apps.by_key
    return str(key)


def waiting(places: Path) -> list[Path]:
    return list((places / "state" / "registrations").glob("*"))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# A working profile.


def test_it_ends_in_a_profile_that_works(
    erp: RunningSimulator, register: Register, run: Register, private_places: Path
) -> None:
    done = register("--challenge", CODE, "--environment", "development")
    assert done.code == 0, done.err
    asked, polled, probed = erp.log()
    assert (asked["method"], asked["path"]) == ("POST", "/api/eazybusiness/authentication")
    assert asked["headers"]["x-challengecode"] == polled["headers"]["x-challengecode"] == CODE
    assert "authorization" not in asked["headers"]
    assert asked["body"].pop("AppIcon").startswith("iVBOR")
    assert asked["body"] == {
        "AppId": f"syncdeck/{__version__}",
        "DisplayName": "syncdeck",
        "Description": "Terminal console for worker syncs and extensions",
        "Version": __version__,
        "ProviderName": "syncdeck",
        "ProviderWebsite": "https://syncdeck.example",
        "MandatoryApiScopes": ["system.worker.read"],
        "OptionalApiScopes": ["system.worker.write", "extensibility.integration"],
    }
    assert polled["method"] == "GET"
    assert re.fullmatch(r"/api/eazybusiness/authentication/[0-9a-f-]{36}", polled["path"])
    assert probed["headers"]["authorization"] == f"Wawi {issued(erp)}"
    assert (probed["headers"]["x-appid"], probed["status"]) == (f"syncdeck/{__version__}", 200)
    key = key_of(private_places)
    assert key.read_text() == f"{issued(erp)}\n"
    assert (mode(key), mode(key.parent)) == (0o600, 0o700)
    assert "It works: 12 worker syncs can be read." in done.out
    assert waiting(private_places) == []
    assert len(run("workers", "--json").document["items"]) == 12
    assert run("extensions").code in (0, 1)


def test_a_new_config_has_the_profile_as_its_default(register: Register, private_places: Path) -> None:
    done = register("--display-name", "Console", "--app-id", "Console/7")
    path = config_of(private_places)
    assert mode(path) == 0o600
    tables = tomllib.loads(path.read_text())
    assert tables["default_profile"] == "branch"
    assert tables["profiles"]["branch"]["environment"] == "production"
    assert tables["profiles"]["branch"]["jtl"]["app_id"] == "Console/7"
    assert tables["profiles"]["branch"]["jtl"]["auth"] == {
        "type": "wawi",
        "api_key": {"file": str(key_of(private_places))},
    }
    assert done.out.splitlines()[-1] == "Go on with: syncdeck --profile branch"


def test_the_steps_in_jtl_wawi_the_code_and_every_scope_with_its_reason_are_told(
    register: Register,
) -> None:
    told = register("--challenge", CODE).out
    assert f"Challenge code {CODE}" in told
    assert "Open Admin > App-Registrierung and press add: a window opens and waits for an app." in told
    assert "Scope system.worker.read (needed): 1 Workers: list the syncs" in told
    assert "Scope system.worker.write (optional): configure, start, stop and restart a sync" in told


def test_the_challenge_code_is_made_anew_and_is_short_enough(
    erp: RunningSimulator, register: Register
) -> None:
    register()
    register("--app-id", "other", "--profile", "other")
    first, second = (entry["headers"]["x-challengecode"] for entry in erp.received("POST"))
    assert first != second
    assert max(len(first), len(second)) <= 30


def test_only_the_scopes_that_are_named_are_asked_for(erp: RunningSimulator, register: Register) -> None:
    scopes = ["--scope", "worker.getworkersyncs", "--scope", "worker.synccontrol"]
    assert register(*scopes).code == 0
    body = erp.received("POST")[0]["body"]
    assert body["MandatoryApiScopes"] == ["worker.getworkersyncs"]
    assert body["OptionalApiScopes"] == ["worker.synccontrol"]


def test_what_was_not_granted_is_told_with_what_will_not_work(
    erp: RunningSimulator, register: Register
) -> None:
    set_registration(erp, withheld=["system.worker.write", "extensibility.integration"])
    done = register()
    assert done.code == 1
    assert "Granted: system.worker.read." in done.out
    assert (
        "Not granted: system.worker.write. Syncs can be seen, but not configured, started, stopped or"
        " restarted (e, s, x, R)." in done.out
    )
    assert "Not granted: extensibility.integration. The extensions cannot be listed" in done.out
    assert "It works" in done.out


def test_a_profile_that_may_not_list_the_workers_is_told_to_fail(
    erp: RunningSimulator, register: Register, private_places: Path
) -> None:
    set_registration(erp, withheld=["system.worker.read"])
    done = register()
    assert done.code == 4
    assert "Not granted: system.worker.read. The workers cannot be listed" in done.out
    assert "the first question with the new key failed: the app lacks the scope" in done.err
    assert key_of(private_places).exists()


# Secrets.


def test_the_key_stands_in_its_file_and_nowhere_else(
    erp: RunningSimulator, register: Register, private_places: Path, tmp_path: Path
) -> None:
    done = register("--challenge", CODE, "--log", tmp_path / "wire.log")
    key = issued(erp)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert tmp_path / "wire.log" in files
    assert [path for path in files if key in path.read_text()] == [key_of(private_places)]
    assert [path for path in files if CODE in path.read_text()] == []
    assert key not in done.out + done.err


def test_the_key_is_shown_once_to_who_asks_for_it(erp: RunningSimulator, register: Register) -> None:
    assert register("--show-key").out.count(issued(erp)) == 1


# The config.

OLD = """\
# ours, with care
default_profile = "acme"   # the shop

[profiles.acme]
[profiles.acme.superoffice]
base_url = "https://crm.example/Cust1"
[profiles.acme.superoffice.auth]
type = "bearer"
token = { env = "TOKEN" }  # no newline here"""


def old_config(places: Path) -> Path:
    path = config_of(places)
    path.parent.mkdir(parents=True)
    path.write_text(OLD)
    path.chmod(0o640)
    return path


def test_the_profile_is_added_at_the_end_and_the_rest_stays(
    register: Register, private_places: Path
) -> None:
    path = old_config(private_places)
    assert register().code == 0
    assert path.read_text().startswith(f"{OLD}\n\n[profiles.branch]\n")
    assert mode(path) == 0o640
    assert [one.name for one in path.parent.iterdir()] in (
        ["config.toml", "secrets"],
        ["secrets", "config.toml"],
    )


def test_a_config_that_is_a_link_stays_one(register: Register, private_places: Path) -> None:
    path = old_config(private_places)
    real = private_places / "dotfiles.toml"
    path.rename(real)
    path.symlink_to(real)
    assert register().code == 0
    assert path.is_symlink()
    assert "[profiles.branch]" in real.read_text()


def test_printed_lines_are_a_config_and_the_file_is_left_alone(
    register: Register, private_places: Path
) -> None:
    path = old_config(private_places)
    done = register(config="--print")
    assert done.code == 0
    assert path.read_text() == OLD
    lines = done.out[done.out.index("[profiles.branch]") : done.out.index("Granted:")]
    assert tomllib.loads(lines)["profiles"]["branch"]["jtl"]["deployment"] == "on-premises"
    assert "It works" in done.out


def test_a_profile_that_is_there_is_never_touched_but_its_new_lines_can_be_printed(
    erp: RunningSimulator, register: Register, private_places: Path
) -> None:
    path = old_config(private_places)
    done = register("--profile", "acme")
    assert done.code == 2
    assert "there is a profile 'acme' already, and it is left as it is" in done.err
    assert erp.log() == []
    assert register("--profile", "acme", config="--print").code == 0
    assert path.read_text() == OLD


@pytest.mark.parametrize(
    "text", ["profiles = 7\n", "[profiles.acme\n", '[profiles.a]\nred_only = "x"\n']
)
def test_a_config_that_is_not_valid_is_told_before_anything_is_sent(
    erp: RunningSimulator, register: Register, private_places: Path, text: str
) -> None:
    path = old_config(private_places)
    path.write_text(text)
    done = register()
    assert (done.code, path.read_text()) == (2, text)
    assert "config.toml" in done.err
    assert erp.log() == []


def test_a_config_that_takes_no_more_profiles_is_told_before_anything_is_sent(
    erp: RunningSimulator, register: Register, private_places: Path
) -> None:
    path = old_config(private_places)
    inline = (
        'profiles = { a = { superoffice = { base_url = "https://crm.example/C", auth = '
        '{ type = "bearer", token = { env = "T" } } } } }\n'
    )
    path.write_text(inline)
    done = register()
    assert (done.code, path.read_text()) == (2, inline)
    assert "no profile can be added at its end" in done.err
    assert erp.log() == []
    assert register(config="--print").code == 0


def test_without_a_default_profile_it_is_said_that_one_must_be_named(
    register: Register, private_places: Path
) -> None:
    path = old_config(private_places)
    path.write_text(OLD.replace("default_profile", "# default_profile"))
    assert "No default_profile is set there: name a profile with --profile." in register().out


# Usage.


@pytest.mark.parametrize("left_out", ["--base-url", "--profile", "--yes", "--write-config"])
def test_without_a_terminal_what_is_missing_is_named_and_nothing_is_sent(
    erp: RunningSimulator, left_out: str, private_places: Path
) -> None:
    wanted = {
        "--base-url": [erp.onprem_base],
        "--profile": ["branch"],
        "--yes": [],
        "--write-config": [],
    }
    arguments = [part for flag, values in wanted.items() if flag != left_out for part in (flag, *values)]
    done = syncdeck("register", *arguments, stdin="y\ny\ny\n")
    assert (done.code, done.out) == (2, "")
    assert "there is no terminal to ask at" in done.err
    assert left_out in done.err
    assert erp.log() == []
    assert not (private_places / "config").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--base-url", "ftp://x/api/db"], "it must start with https://"),
        (["--base-url", "http://wawi.example/api/db"], "for everybody to read: use https://"),
        (["--base-url", "https://me:pw@wawi/api/db"], "a login inside a URL is refused"),
        (["--profile", "a/b"], "use at most 40 letters"),
        (["--environment", "prod"], "it is one of production, staging, development"),
        (["--app-id", "syncdeck\n"], "a character that no request can carry"),
        (["--display-name", " "], "it is empty"),
        (["--scope", "system.worker.reed"], "did you mean 'system.worker.read'?"),
        (["--scope", "System.Worker.Read"], "did you mean 'system.worker.read'?"),
        (["--challenge", "x" * 31], "at most 30 characters, this one has 31"),
        (["--challenge", "two words"], "without spaces"),
        (["--wait", "-1"], "is no number of minutes"),
        (["--demo"], "`syncdeck simulate` serves one"),
        (["--read-only"], "--read-only refuses"),
        (["--resume"], "--resume goes on with what was decided: leave out --base-url"),
        (["--provider-website", "nowhere"], "it must start with https://"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_used_is_said_and_nothing_is_sent(
    erp: RunningSimulator, register: Register, private_places: Path, arguments: list[str], said: str
) -> None:
    done = register(*arguments)
    assert done.code == 2
    assert said in done.err
    assert erp.log() == []
    assert not config_of(private_places).exists()


def test_a_file_that_is_there_is_not_overwritten_and_nothing_is_sent(
    erp: RunningSimulator, register: Register, tmp_path: Path
) -> None:
    other = tmp_path / "other-key"
    other.write_text("somebody's")
    done = register("--secret-file", other)
    assert (done.code, other.read_text()) == (2, "somebody's")
    assert "is there already and is not overwritten" in done.err
    assert erp.log() == []


def test_a_place_that_takes_no_key_is_told_before_there_is_one(
    erp: RunningSimulator, register: Register, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    done = register("--secret-file", tmp_path / "file" / "key")
    assert done.code == 2
    assert erp.log() == []


# What JTL-Wawi answers to the request.


@pytest.mark.parametrize(
    ("state", "fault", "code", "said"),
    [
        ({"window_open": False}, "", 4, "no registration window is open in JTL-Wawi (403)"),
        ({"window_open": False}, "", 4, "Open Admin > App-Registrierung > add in JTL-Wawi"),
        ({"licensed": False}, "", 4, "has no licence that lets apps in (402)"),
        ({}, "status:400", 1, "does not accept what the app says of itself (400)"),
        ({}, "status:401", 4, "wants a login where a registration needs none (401)"),
        ({}, "status:404", 1, "the server offers no registration at /api/eazybusiness/authentication"),
        ({}, "status:405", 5, "the server offers no registration at"),
        ({}, "status:409", 1, "is registered already (409)"),
        ({}, "status:409", 1, "or take another AppId (--app-id)"),
        ({}, "status:429", 3, "asks to slow down (429)"),
        ({}, "status:500", 3, "JTL-Wawi failed (500)"),
        ({}, "reset", 3, "whether it took effect is unknown. If JTL-Wawi shows the request, reject"),
        ({}, "html", 5, "whether it took effect is unknown. If JTL-Wawi shows the request, reject"),
        ({}, "null", 5, "it is no object"),
        ({}, "empty", 5, "it is empty"),
        ({}, "broken-json", 5, "it is no valid JSON"),
    ],
)
def test_every_answer_to_the_request_is_explained(
    erp: RunningSimulator,
    register: Register,
    private_places: Path,
    state: dict[str, bool],
    fault: str,
    code: int,
    said: str,
) -> None:
    set_registration(erp, **state)
    if fault:
        erp.fault(f"POST .*authentication={fault}")
    done = register()
    assert done.code == code, done.err
    assert said in done.err
    assert len(erp.received("POST")) == 1
    assert erp.received("GET") == []
    assert waiting(private_places) == []
    assert not config_of(private_places).exists()


def test_nobody_listening_is_unreachable_and_nothing_was_sent(register: Register) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        done = register(url=f"http://127.0.0.1:{held.getsockname()[1]}/api/eazybusiness")
    assert done.code == 3
    assert "refused the connection; nothing was sent" in done.err


def test_hostile_words_of_the_server_are_harmless(erp: RunningSimulator, register: Register) -> None:
    erp.fault("POST .*authentication=hostile")
    done = register()
    assert all(char == "\n" or char.isprintable() for char in done.out + done.err)


# What it answers while it is waited for.


@pytest.mark.parametrize(
    ("fault", "code", "said", "kept"),
    [
        ("status:410", 1, "its key is told only once (410)", False),
        ("lost*1", 1, "its key is told only once (410)", False),
        ("status:410", 1, "remove it there; then register again", False),
        ("status:404", 1, "knows no such registration request (404)", False),
        ("status:402", 4, "has no licence", True),
        ("status:403", 4, "does not tell what it decided (403)", True),
        ("status:401", 4, "wants a login", True),
        ("status:503", 3, "is not available at the moment", True),
        ("reset", 3, "dropped the connection", True),
        ("html", 5, "gave no proper answer", True),
    ],
)
def test_every_answer_to_the_waiting_is_explained(
    erp: RunningSimulator,
    register: Register,
    private_places: Path,
    fault: str,
    code: int,
    said: str,
    kept: bool,
) -> None:
    erp.fault(f"GET .*authentication={fault}")
    done = register("--wait", "0")
    assert done.code == code, done.err
    assert said in done.err
    assert bool(waiting(private_places)) is kept
    assert ("--resume --profile branch` goes on" in done.err) is kept
    assert not config_of(private_places).exists()


def test_a_rejection_is_told_and_ends_it(
    erp: RunningSimulator, register: Register, private_places: Path
) -> None:
    set_registration(erp, answer="reject")
    done = register()
    assert done.code == 4
    assert f"the request of syncdeck/{__version__} was rejected in JTL-Wawi" in done.err
    assert waiting(private_places) == []


# Going on later.


def test_a_registration_that_waits_is_gone_on_with(
    erp: RunningSimulator, register: Register, run: Register, private_places: Path
) -> None:
    set_registration(erp, answer="wait")
    first = register("--challenge", CODE, "--wait", "0")
    assert first.code == 1
    assert "nobody has accepted or rejected it in time" in first.err
    (kept,) = waiting(private_places)
    assert (mode(kept), mode(kept.parent)) == (0o600, 0o700)
    set_registration(erp, answer="accept")
    done = run("register", "--resume")
    assert done.code == 0, done.err
    assert len(erp.received("POST")) == 1
    assert {entry["headers"]["x-challengecode"] for entry in erp.received("GET", "authentic")} == {CODE}
    assert key_of(private_places).read_text() == f"{issued(erp)}\n"
    assert waiting(private_places) == []
    again = run("register", "--resume")
    assert (again.code, "no registration waits for its answer" in again.err) == (2, True)
    assert run("register", "--resume", "--profile", "../branch").code == 2


def test_where_the_key_goes_can_still_be_changed_by_then(
    erp: RunningSimulator, register: Register, run: Register, tmp_path: Path
) -> None:
    set_registration(erp, answer="wait")
    register("--wait", "0")
    set_registration(erp, answer="accept")
    (tmp_path / "old").write_text("somebody's")
    assert run("register", "--resume", "--secret-file", tmp_path / "old").code == 2
    done = run("register", "--resume", "--secret-file", tmp_path / "key", "--print")
    assert done.code == 0, done.err
    assert (tmp_path / "key").read_text() == f"{issued(erp)}\n"
    assert f'file = "{tmp_path}/key"' in done.out


def test_one_that_waits_is_not_lost_to_another_unless_told_so(
    erp: RunningSimulator, register: Register, private_places: Path
) -> None:
    set_registration(erp, answer="wait")
    register("--wait", "0")
    done = register("--wait", "0")
    assert done.code == 2
    assert "--resume goes on with it, --new begins another one" in done.err
    assert len(erp.received("POST")) == 1
    assert register("--wait", "0", "--new").code == 1
    assert len(erp.received("POST")) == 2


def test_of_several_that_wait_one_must_be_named(
    erp: RunningSimulator, register: Register, run: Register
) -> None:
    set_registration(erp, answer="wait")
    register("--wait", "0")
    register("--wait", "0", "--profile", "other", "--app-id", "other")
    done = run("register", "--resume")
    assert done.code == 2
    assert "name one with --profile: branch, other" in done.err


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"schema": 1}', "\0"])
def test_a_waiting_registration_that_cannot_be_read_is_told(
    erp: RunningSimulator, run: Register, private_places: Path, text: str
) -> None:
    folder = private_places / "state" / "registrations"
    folder.mkdir(parents=True)
    (folder / "branch.json").write_text(text)
    done = run("register", "--resume")
    assert done.code == 2
    assert "branch.json is no registration that can be gone on with; remove it" in done.err
    assert erp.log() == []


# Signals.


def started(erp: RunningSimulator) -> "subprocess.Popen[str]":
    arguments = ["--base-url", erp.onprem_base, "--profile", "branch", "--write-config", "--yes"]
    return subprocess.Popen(
        command("register", *arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
    )


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_waiting_and_says_how_to_go_on(
    erp: RunningSimulator, private_places: Path, number: int, code: int
) -> None:
    set_registration(erp, answer="wait")
    with started(erp) as running:
        erp.wait_received("GET")
        running.send_signal(number)
        _, err = running.communicate(timeout=PATIENCE)
    assert running.returncode == code
    assert "`syncdeck register --resume --profile branch` goes on with it" in err
    assert len(waiting(private_places)) == 1


def test_a_key_on_its_way_is_not_lost_to_a_signal(erp: RunningSimulator, private_places: Path) -> None:
    erp.fault("GET .*authentication=slow:1")
    with started(erp) as running:
        erp.wait_received("GET")
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=PATIENCE)
    assert running.returncode == 130
    assert key_of(private_places).read_text() == f"{issued(erp)}\n"
    assert "[profiles.branch]" in config_of(private_places).read_text()


def test_a_signal_while_the_request_is_on_its_way_says_what_to_look_for(erp: RunningSimulator) -> None:
    erp.fault("POST .*authentication=hang")
    with started(erp) as running:
        erp.wait_received("POST")
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=PATIENCE)
    assert running.returncode == 130
    assert "if JTL-Wawi shows it, reject it there" in err


def test_help_tells_every_option() -> None:
    told = syncdeck("register", "--help").out
    for option in ("--base-url", "--secret-file", "--write-config", "--print", "--resume", "--show-key"):
        assert option in told
