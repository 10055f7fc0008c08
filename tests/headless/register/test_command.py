"""`syncdeck register` by flags alone, over real HTTP: what was sent, printed, written, and its mode."""

import re
import socket
import stat
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.command import Finished, syncdeck
from tests.drivers.simulator import RunningSimulator
from tui import __version__

Register = Callable[..., Finished]
CODE = "K7QM-4XRT-9PWD-2HFC"


def set_registration(erp: RunningSimulator, **parts: Any) -> None:
    erp.state(jtl={"registration": parts})


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
    assert done.out.splitlines()[-1] == "Start it with: syncdeck --profile branch"


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
    assert "the first call with the new key failed: permission missing (scope" in done.err
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
    assert "there is a profile 'acme' already, and it is not changed" in done.err
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
    assert "there is no terminal for questions" in done.err
    assert left_out in done.err
    assert erp.log() == []
    assert not (private_places / "config").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--base-url", "ftp://x/api/db"], "it must start with https://"),
        (["--base-url", "http://wawi.example/api/db"], "for anybody to read: use https://"),
        (["--base-url", "https://me:pw@wawi/api/db"], "a login inside a URL is refused"),
        (["--profile", "a/b"], "use at most 40 letters"),
        (["--environment", "prod"], "write one of production, staging, development"),
        (["--app-id", "syncdeck\n"], "a character that no request can carry"),
        (["--display-name", " "], "it is empty"),
        (["--scope", "system.worker.reed"], "did you mean 'system.worker.read'?"),
        (["--scope", "System.Worker.Read"], "did you mean 'system.worker.read'?"),
        (["--challenge", "x" * 31], "at most 30 characters, this one has 31"),
        (["--challenge", "two words"], "without spaces"),
        (["--wait", "-1"], "is not a number of minutes"),
        (["--demo"], "`syncdeck simulate` starts one"),
        (["--read-only"], "--read-only does not allow"),
        (["--resume"], "--resume keeps the earlier values: leave out --base-url"),
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
        ({"licensed": False}, "", 4, "has no licence for apps (402)"),
        ({}, "status:400", 1, "rejected the app's details (400)"),
        ({}, "status:401", 4, "requires a login where a registration needs none (401)"),
        ({}, "status:404", 1, "the server offers no registration at /api/eazybusiness/authentication"),
        ({}, "status:405", 5, "the server offers no registration at"),
        ({}, "status:409", 1, "is registered already (409)"),
        ({}, "status:409", 1, "or take another AppId (--app-id)"),
        ({}, "status:429", 3, "asks for fewer requests (429)"),
        ({}, "status:500", 3, "JTL-Wawi failed (500)"),
        ({}, "reset", 3, "whether it took effect is unknown. If JTL-Wawi shows the request, reject"),
        ({}, "html", 5, "whether it took effect is unknown. If JTL-Wawi shows the request, reject"),
        ({}, "null", 5, "it is not an object"),
        ({}, "empty", 5, "it is empty"),
        ({}, "broken-json", 5, "it is not valid JSON"),
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
    elsewhere = fault in ("status:404", "status:405")
    assert len(erp.received("POST")) == (3 if elsewhere else 1)
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
        ("status:410", 1, "its key is reported only once (410)", False),
        ("lost*1", 1, "its key is reported only once (410)", False),
        ("status:410", 1, "remove it there; then register again", False),
        ("status:404", 1, "has no such registration request (404)", False),
        ("status:402", 4, "has no licence", True),
        ("status:403", 4, "does not report its decision (403)", True),
        ("status:401", 4, "requires a login", True),
        ("status:503", 3, "is temporarily unavailable", True),
        ("reset", 3, "dropped the connection", True),
        ("html", 5, "Unexpected response", True),
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
    assert ("--resume --profile branch` resumes" in done.err) is kept
    assert not config_of(private_places).exists()


def test_a_rejection_is_told_and_ends_it(
    erp: RunningSimulator, register: Register, private_places: Path
) -> None:
    set_registration(erp, answer="reject")
    done = register()
    assert done.code == 4
    assert f"the request of syncdeck/{__version__} was rejected in JTL-Wawi" in done.err
    assert waiting(private_places) == []
