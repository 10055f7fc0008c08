"""`syncdeck doctor` as a process of its own, against a simulator over real HTTP."""

import asyncio
import base64
import json
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.command import Finished, syncdeck
from tests.drivers.simulator import RunningSimulator
from tui.simulator.client_config import write_config


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True, extensions=230) as erp:
        yield erp


@pytest.fixture
def config(private_places: Path) -> Path:
    return private_places / "config" / "config.toml"


@pytest.fixture
def erp(running: RunningSimulator, config: Path) -> RunningSimulator:
    running.clear_faults()
    running.clear_log()
    write_config(config, running.url)
    return running


def checks(done: Finished, area: str) -> dict[str, dict[str, Any]]:
    """The checks of one area by name, of a run with `--json`."""
    return {one["name"]: one for one in done.document["checks"] if one["area"] == area}


def secrets_of(config: Path) -> list[str]:
    return [path.read_text().strip() for path in Path(f"{config}.d").iterdir()]


def test_all_is_well(erp: Any, config: Any) -> None:
    done = syncdeck("doctor")
    assert (done.code, done.err) == (0, "")
    assert "profile sim" in done.out
    for line in (
        "✔ ok      GET /workers ",
        "✔ ok      GET /workers/status ",
        "✔ ok      GetAllConnections ",
        "✔ ok      API version         workers v1, extensions v1 (auto: as last found)",
        "✔ ok      server              version 1.11.7.0 · ",
        "✔ ok      GET /api            NetServer 10.3.9",
        "· skipped writes              their scopes are not testable",
        "✔ ok      request rate        about 16 a minute: workers 1, status 12, extensions 3",
        "✔ ok      request rate        about 7 a minute: engine 6, connections 1",
    ):
        assert line in done.out
    assert "fail" not in done.out


def test_nothing_but_reads_is_sent(erp: Any) -> None:
    syncdeck("doctor")
    sent = {(one["method"], one["path"].rpartition("/")[2]) for one in erp.log()}
    assert sent == {
        ("POST", "token"),
        ("GET", "workers"),
        ("GET", "status"),
        ("GET", "extensions"),
        ("GET", "api"),
        ("GET", "info"),
        ("POST", "GetEngineStatus"),
        ("POST", "GetAllConnections"),
    }
    [about] = erp.received("GET", "/Cust12345/api")
    assert "authorization" not in about["headers"]


def test_json_is_one_document(erp: Any) -> None:
    done = syncdeck("doctor", "--json")
    assert list(done.document) == ["schema", "profile", "version", "time", "checks"]
    assert (done.document["schema"], done.document["profile"]) == (1, "sim")
    for one in done.document["checks"]:
        assert list(one) == ["area", "name", "verdict", "finding", "remedy"]
        assert (one["remedy"] is None) == (one["verdict"] in ("ok", "skipped"))
    assert {one["area"] for one in done.document["checks"]} == {
        *("terminal", "files", "jtl", "superoffice")
    }


def test_a_missing_scope_is_named_and_the_login_is_not_blamed(erp: Any) -> None:
    erp.fault("/extensions=forbidden")
    done = syncdeck("doctor", "--json")
    found = checks(done, "jtl")
    assert done.code == 4
    assert found["login"]["verdict"] == "ok"
    assert "extensibility.integration" in found["GET /extensions"]["finding"]
    assert found["GET /workers"]["verdict"] == "ok"


def test_a_refused_login_is_told_once(erp: Any) -> None:
    erp.fault("ErpSync=status:401")
    done = syncdeck("doctor", "--json")
    found = checks(done, "superoffice")
    assert done.code == 4
    assert found["login"]["verdict"] == "fail"
    assert found["GetEngineStatus"]["verdict"] == found["GetAllConnections"]["verdict"] == "skipped"
    assert found["clock"]["verdict"] == "ok"


def test_a_host_that_hangs_does_not_stall_the_other_system(erp: Any) -> None:
    erp.fault("/erp/=hang")
    done = syncdeck("doctor", "--json")
    jtl, superoffice = checks(done, "jtl"), checks(done, "superoffice")
    assert done.code == 3
    assert jtl["GET /workers"]["verdict"] == "fail"
    assert "no response" in jtl["GET /workers"]["finding"]
    assert jtl["GET /extensions"]["verdict"] == "skipped"
    assert superoffice["GetAllConnections"]["verdict"] == superoffice["latency"]["verdict"] == "ok"


def test_nonsense_is_told_as_such(erp: Any) -> None:
    erp.fault("GetEngineStatus=null")
    done = syncdeck("doctor", "--json")
    found = checks(done, "superoffice")
    assert done.code == 5
    assert found["GetEngineStatus"]["verdict"] == "fail"
    assert found["GetAllConnections"]["verdict"] == found["login"]["verdict"] == "ok"


def test_the_gravest_wins(erp: Any) -> None:
    erp.fault("GetEngineStatus=null")
    erp.fault("/extensions=status:503")
    assert syncdeck("doctor").code == 3
    erp.fault("/workers/status=forbidden")
    assert syncdeck("doctor").code == 4


def test_a_server_that_is_gone(erp: Any, config: Any) -> None:
    write_config(config, "http://127.0.0.1:9")
    done = syncdeck("doctor", "--json")
    assert done.code == 3
    assert "refused the connection" in checks(done, "jtl")["TCP"]["finding"]


# Secrets.


def test_secrets_that_cannot_be_had_are_named_and_no_call_is_made(erp: Any, config: Any) -> None:
    text = config.read_text().split("[profiles.sim-onprem]")[0]
    for name, reference in (
        ("jtl-secret", '{ env = "ACME_NOT_SET" }'),
        ("so-token", '{ command = ["false"] }'),
    ):
        text = text.replace(f'{{ file = "{config}.d/{name}" }}', reference)
    config.write_text(text)
    done = syncdeck("doctor", "--json")
    assert done.code == 4
    jtl, superoffice = checks(done, "jtl"), checks(done, "superoffice")
    assert jtl["secret"]["finding"] == "environment variable ACME_NOT_SET is not set"
    assert superoffice["secret"]["finding"] == "secret command `false` ended with exit code 1"
    assert jtl["GET /workers"]["verdict"] == superoffice["GetEngineStatus"]["verdict"] == "skipped"
    assert [one["path"] for one in erp.log()] == ["/Cust12345/api"]


@pytest.mark.parametrize("script", ["exit 1", "cat {secret}"])
def test_s3_the_arguments_of_a_secret_command_are_shown_nowhere(
    erp: Any, config: Any, script: Any
) -> None:
    token = "hvs.CAESIJ-a-token-in-the-arguments"
    run = script.format(secret=f"{config}.d/so-token")
    text = config.read_text().split("[profiles.sim-onprem]")[0]
    command = json.dumps(["sh", "-c", run, "sh", token])
    text = text.replace(f'{{ file = "{config}.d/so-token" }}', f"{{ command = {command} }}")
    config.write_text(text)
    done = [syncdeck("doctor"), syncdeck("doctor", "--json"), syncdeck("engine"), syncdeck("status")]
    done += [syncdeck("config", "show"), syncdeck("config", "validate")]
    said = "".join(one.out + one.err for one in done)
    assert token not in said
    assert "secret command `sh …` (4 arguments)" in done[0].out
    assert '{ command = ["sh", "… (4 arguments)"] }' in said


def test_files_that_others_can_read_are_told_with_the_chmod(erp: Any, config: Any) -> None:
    config.chmod(0o644)
    token = Path(f"{config}.d/so-token")
    token.chmod(0o640)
    done = syncdeck("doctor", "--json")
    assert done.code == 1
    assert checks(done, "files")["config"]["remedy"] == f"chmod 600 {config}"
    assert checks(done, "superoffice")["secret"]["remedy"] == f"chmod 600 {token}"
    assert stat.S_IMODE(token.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("profile", "fault"),
    [
        *(("sim", fault) for fault in ("none=null", ".*=status:401", ".*=hostile", ".*=status:500")),
        *(("sim-onprem", fault) for fault in (".*=status:401", ".*=hostile")),
    ],
)
def test_no_secret_is_in_what_it_prints(erp: Any, config: Any, profile: Any, fault: Any) -> None:
    erp.fault(fault)
    done = [syncdeck("doctor", *more, "--profile", profile) for more in ((), ("--json",))]
    said = "".join(one.out + one.err for one in done)
    for secret in (*secrets_of(config), "sim-access-"):
        assert secret not in said
    assert not any(char in said for char in "\x1b\x9b\u202e")


@contextmanager
def a_server_that_repeats_what_it_was_sent() -> Iterator[str]:
    """Every answer is 500, and its message holds the Authorization header."""
    port: list[int] = []
    ready, over = threading.Event(), threading.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        sent = [line for line in head.split("\r\n") if line.lower().startswith("authorization")]
        body = json.dumps({"ErrorMessage": f"cannot take {sent}"}).encode()
        writer.write(b"HTTP/1.1 500 Bad\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body))
        writer.write(body)
        await writer.drain()
        writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port.append(server.sockets[0].getsockname()[1])
        ready.set()
        async with server:
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(10)
    yield f"http://127.0.0.1:{port[0]}"
    over.set()
    thread.join(10)


def test_a_secret_that_a_server_repeats_is_masked(config: Any) -> None:
    with a_server_that_repeats_what_it_was_sent() as url:
        config.parent.mkdir(parents=True)
        config.write_text(
            f'[profiles.a.superoffice]\nbase_url = "{url}"\n'
            '[profiles.a.superoffice.auth]\ntype = "basic"\nusername = "erp"\n'
            'password = { env = "ACME_PASSWORD" }\n'
        )
        done = syncdeck("doctor", "--json", ACME_PASSWORD="hunter2-x")
    found = checks(done, "superoffice")["GetEngineStatus"]["finding"]
    assert "cannot take ['authorization: Basic •••']" in found.replace("Authorization", "authorization")
    assert base64.b64encode(b"erp:hunter2-x").decode() not in done.out
    assert "hunter2-x" not in done.out


# What is on this machine.


def test_a_config_that_is_not_valid_is_a_finding_among_others(erp: Any, config: Any) -> None:
    config.write_text(config.read_text().replace("environment", "envronment", 1))
    done = syncdeck("doctor", "--json")
    assert done.code == 2
    assert "did you mean 'environment'?" in checks(done, "files")["config"]["finding"]
    assert done.document["profile"] is None
    assert "terminal" in {one["area"] for one in done.document["checks"]}


def test_without_a_config_it_says_how_to_get_one() -> None:
    done = syncdeck("doctor")
    assert done.code == 2
    assert "`syncdeck config init` writes a template" in done.out


def test_an_audit_trail_that_needs_a_look_is_told(erp: Any, private_places: Any) -> None:
    trail = private_places / "state" / "audit" / "sim.jsonl"
    trail.parent.mkdir(parents=True)
    trail.write_text("no record\n")
    done = syncdeck("doctor", "--json")
    assert done.code == 1
    assert checks(done, "files")["audit"]["remedy"] == "syncdeck audit verify --profile 'sim'"


def test_a_broken_draft_that_was_set_aside_is_told(erp: Any, private_places: Any) -> None:
    folder = private_places / "state" / "drafts" / "sim"
    folder.mkdir(parents=True)
    (folder / "x.json.broken").write_text("{")
    assert "1 set aside" in checks(syncdeck("doctor", "--json"), "files")["drafts"]["finding"]
    assert [path.name for path in folder.iterdir()] == ["x.json.broken"]


def test_a_state_directory_that_cannot_be_made_is_told(erp: Any, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    done = syncdeck("doctor", "--json", SYNCDECK_STATE_DIR=str(in_the_way / "state"))
    assert done.code == 1
    assert "cannot be written to" in checks(done, "files")["state"]["finding"]


def test_the_demo_needs_nothing_and_writes_nothing(private_places: Any) -> None:
    done = syncdeck("doctor", "--demo", "--json")
    assert (done.code, done.document["profile"]) == (0, "demo")
    assert checks(done, "jtl")["GET /workers"]["verdict"] == "ok"
    assert [path for path in private_places.rglob("*") if path.is_file()] == []


def test_another_encoding_gets_plain_signs(erp: Any) -> None:
    done = syncdeck("doctor", PYTHONIOENCODING="ascii")
    assert " + ok      GET /workers" in done.out
    assert done.out.isascii()


def test_another_database_than_base_url_names_is_a_warning(erp: Any) -> None:
    erp.state(jtl={"database": "Mandant2"})
    try:
        done = syncdeck("doctor", "--profile", "sim-onprem", "--json")
    finally:
        erp.state(jtl={"database": "eazybusiness"})
    found = checks(done, "jtl")["server"]
    assert (done.code, found["verdict"]) == (1, "warn")
    assert "base_url names the database eazybusiness, the server reports Mandant2" in found["finding"]


def test_a_server_without_info_is_no_finding(erp: Any) -> None:
    erp.state(jtl={"info": False})
    try:
        done = syncdeck("doctor", "--profile", "sim-onprem", "--json")
    finally:
        erp.state(jtl={"info": True})
    assert "server" not in checks(done, "jtl")
    assert done.code == 0


def test_the_history_is_reported_with_its_extent_and_its_recorder(erp: Any) -> None:
    assert (
        "nothing was recorded yet" in checks(syncdeck("doctor", "--json"), "files")["history"]["finding"]
    )
    assert syncdeck("record", "--once").code == 0
    found = checks(syncdeck("doctor", "--json"), "files")["history"]
    assert "(1 day, " in found["finding"]
    assert found["finding"].endswith("% of it seen; nobody records now")
