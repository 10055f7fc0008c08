"""What became of a write, in the same word as text, document, exit code and audit trail; over real
HTTP. The answers are those of the cases T1 to T3 and T11, and their like."""

import errno
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.command import Run, syncdeck, trail
from tests.drivers.raw_answers import RawAnswers
from tests.drivers.simulator import RunningSimulator
from tui.simulator.jtl.json_rows import extension, sync_list

ENGINE = r"ErpSync/ChangeEngineStatus$"


@pytest.fixture
def erp(unstarted: RunningSimulator, raw: RawAnswers) -> Iterator[RunningSimulator]:
    with unstarted as running:
        running.state(jtl={"control_delay": 0}, superoffice={"settles_in": 0})
        yield running


def row(erp: RunningSimulator, channel: str) -> dict[str, Any]:
    """The sync as the list has it now."""
    known = erp.worker_id(channel)
    return next(one for one in sync_list(erp.world.jtl) if one["Identifier"] == known)


def ended(places: Path) -> list[tuple[str, Any]]:
    """The kinds and results of the trail's records."""
    return [(one["record"], one.get("result")) for one in trail(places)]


# T1: the answer is not what was requested.


def test_t1_an_answer_with_the_row_as_it_was_is_not_applied(
    erp: RunningSimulator, raw: RawAnswers, run: Run, private_places: Path
) -> None:
    raw.answer(r"POST .*/workers/", row(erp, "Temu DE"))
    done = run("configure", "Temu DE", "--set", "interval=10m", "--yes")
    assert done.code == 1
    assert done.out.splitlines()[-1] == (
        "not applied · Temu · Temu DE: Interval: requested 10m, the server has 5m."
        " Refresh and check before you send it again"
    )
    assert ended(private_places) == [
        ("attempt", None),
        ("outcome", "not applied"),
        ("check", "not applied"),
    ]
    assert len(raw.received) == 1
    [entry] = syncdeck("audit", "--json").document["entries"]
    assert entry["result"] == "not applied"
    assert "  not applied  " in syncdeck("audit").out


def test_t1_the_document_says_not_applied(erp: RunningSimulator, raw: RawAnswers, run: Run) -> None:
    raw.answer(r"POST .*/workers/", row(erp, "Temu DE"))
    done = run("configure", "Temu DE", "--set", "stock reserve=7", "--yes", "--json")
    assert done.code == 1
    [result] = done.document["results"]
    assert result["result"] == "not applied"
    assert result["sentence"].startswith("Stock reserve: requested 7, the server has ")


@pytest.mark.parametrize(
    ("version", "header", "key", "hint"),
    [
        ("v2", "", "configurations", 'set api_version_header in the profile to "2.0"'),
        ("v2", "2.0", "configs", 'set api_version_header in the profile to "2.1"'),
        (
            "unversioned",
            "1.0",
            "Configs",
            "server's version: the name of the options",
        ),
        ("v1", "", "Configs", 'set api_version to "v2", and api_version_header in the profile'),
    ],
)
def test_t1_ignored_options_name_the_setting_of_the_dialect(
    erp: RunningSimulator,
    raw: RawAnswers,
    run: Run,
    private_places: Path,
    version: str,
    header: str,
    key: str,
    hint: str,
) -> None:
    path = private_places / "config" / "config.toml"
    text = path.read_text()
    lines = f'api_version = "{version}"\n' + (f'api_version_header = "{header}"\n' if header else "")
    text = "\n".join(line for line in text.splitlines() if not line.startswith("api_version"))
    path.write_text(text.replace("[profiles.sim.jtl]\n", f"[profiles.sim.jtl]\n{lines}"))
    raw.answer(r"POST .*/workers/", row(erp, "Temu DE"))
    done = run("configure", "Temu DE", "--set", "stock reserve=7", "--yes")
    assert done.code == 1
    assert f'"{key}"' in done.out
    assert hint in done.out.splitlines()[-1]
    done = run("configure", "Temu DE", "--set", "stock reserve=7", "--yes", "--json")
    assert hint in done.document["results"][0]["next_step"]


def test_t1_an_engine_interval_that_is_answered_204_and_ignored_is_not_applied(
    erp: RunningSimulator, raw: RawAnswers, run: Run, private_places: Path
) -> None:
    raw.answer("ChangeEngineInterval", status=204)
    done = run("engine.interval", "engine", "--set", "interval=20m", "--yes", "--json")
    assert done.code == 1
    [result] = done.document["results"]
    assert (result["result"], result["sentence"]) == (
        "not applied",
        "Interval: requested 20m, the server has 15m",
    )
    assert ended(private_places) == [
        ("attempt", None),
        ("outcome", "accepted"),
        ("check", "not applied"),
    ]
    assert len(raw.received) == 1
    [entry] = syncdeck("audit", "--json").document["entries"]
    assert (entry["result"], entry["result_at_first"]) == ("not applied", "accepted")


def test_t1_a_toggle_that_is_answered_done_and_ignored_is_not_applied(
    erp: RunningSimulator, raw: RawAnswers, run: Run, private_places: Path
) -> None:
    raw.answer("ToggleErpConnectionActive", [])
    done = run("connection.toggle", "visma.net no", "--yes")
    assert done.code == 1
    assert done.out.splitlines()[-1].startswith("not applied · ")
    assert "but read again: State is active" in done.out
    assert ended(private_places)[-1] == ("check", "not applied")
    assert len(raw.received) == 1


def test_t1_an_order_that_is_answered_true_and_not_seen_is_no_more_than_accepted(
    erp: RunningSimulator, raw: RawAnswers, run: Run
) -> None:
    raw.answer("SaveErpConnectionSyncPriorities", "true")
    done = run("connection.priorities", "connections", "--set", "order=4,3,2,1", "--yes", "--json")
    assert done.code == 1
    [result] = done.document["results"]
    assert result["result"] == "accepted"
    assert "another order" in result["sentence"]


def test_t1_an_update_of_an_extension_that_was_ignored_is_not_applied(
    erp: RunningSimulator, raw: RawAnswers, run: Run
) -> None:
    known = next(iter(erp.world.jtl.extensions.values()))
    raw.answer(r"PATCH .*/extensions/", extension(known))
    done = run("extension.update", known.id, "--set", "version=9.9.9", "--yes", "--json")
    assert done.code == 1
    [result] = done.document["results"]
    assert result["result"] == "not applied"
    assert "Version: requested 9.9.9, the server has" in result["sentence"]


# T2: words, null, false or an error object instead of the engine's state.


@pytest.mark.parametrize(
    ("body", "media", "words"),
    [
        ({"Message": "The request is invalid."}, "application/json", "The request is invalid"),
        ("null", "application/json", "null"),
        ("false", "application/json", "false"),
        ('"The engine is busy"', "application/json", "The engine is busy"),
        ("The engine is busy", "text/plain", "The engine is busy"),
        (
            {"ErrorCode": 17, "Reason": {"Text": "locked by batch"}},
            "application/json",
            "locked by batch",
        ),
        (["locked", "by batch"], "application/json", "by batch"),
    ],
    ids=["message", "null", "false", "text", "plain text", "object", "list"],
)
def test_t2_the_server_s_words_stay_in_every_face(
    erp: RunningSimulator,
    raw: RawAnswers,
    run_slowly: Run,
    private_places: Path,
    body: Any,
    media: str,
    words: str,
) -> None:
    raw.answer(ENGINE, body, media=media)
    done = run_slowly("engine.stop", "engine")
    assert done.code == 1
    said = done.out.splitlines()[-1]
    assert said.startswith("unknown · ErpSync engine: ")
    assert words in said
    assert "still running after 1m" in said
    assert "lost" not in done.out
    _, outcome, check = trail(private_places)
    assert (outcome["result"], check["result"]) == ("unknown", "unknown")
    assert words in outcome["sentence"]
    assert words in check["sentence"]
    assert (outcome["status"], len(raw.received)) == (200, 1)
    told = syncdeck("audit")
    assert words in told.out


@pytest.mark.parametrize("body", ['"Not now"', "false", "null", {"Message": "Not now"}])
@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("ChangeEngineInterval", ["engine.interval", "engine", "--set", "interval=20m"]),
        ("ToggleErpConnectionActive", ["connection.toggle", "visma.net no"]),
        ("UpdateConnectionFields", ["connection.update-fields", "visma.net no"]),
        (
            "SaveErpConnectionSyncPriorities",
            ["connection.priorities", "connections", "--set", "order=4,3,2,1"],
        ),
        ("SyncAll", ["engine.sync-all", "engine"]),
        ("ForceResyncNoBlankValues", ["force-resync", "crm", "--set", "keys=670", "--profile", "sim"]),
        ("ForceResyncBatchTask", ["force-resync", "crm", "--set", "keys=670", "--profile", "sim"]),
    ],
)
def test_t2_every_write_keeps_the_words_that_came(
    erp: RunningSimulator,
    raw: RawAnswers,
    run: Run,
    private_places: Path,
    method: str,
    arguments: list[str],
    body: Any,
) -> None:
    raw.answer(f"ErpSync/{method}$", body)
    more = (
        ["--set", "how=batch", "--set", "blanks=overwrite"] if method == "ForceResyncBatchTask" else []
    )
    done = run(*arguments, *more, "--yes", "--json")
    assert done.code == 1, done.err
    [result] = done.document["results"]
    words = "Not now" if "Not now" in json.dumps(body) else body
    assert result["result"] in ("unknown", "not applied", "failed")
    assert words in result["sentence"]
    assert "lost" not in result["sentence"]
    outcome = next(one for one in trail(private_places) if one["record"] == "outcome")
    assert words in outcome["sentence"]
    assert (outcome["status"], len(raw.received)) == (200, 1)


# T3: the trail takes nothing more between attempt and outcome.


Fills = Callable[[set[str], OSError], None]
NO_SPACE = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Fills:
    """From now on the disk takes none of these records."""

    def fills(records: set[str], error: OSError) -> None:
        import tui.ops.audit.file_trail as audit

        append = audit._append

        def refuses(path: Path, record: Any) -> None:
            if record["record"] in records:
                raise error
            append(path, record)

        monkeypatch.setattr(audit, "_append", refuses)

    return fills


@pytest.fixture
def full_disk(full: Fills) -> None:
    """The disk takes the attempt, and then nothing more."""
    full({"outcome", "check"}, NO_SPACE)


@pytest.mark.parametrize(
    ("record", "error", "said", "kept"),
    [
        ("outcome", NO_SPACE, "No space left on device", ["attempt"]),
        ("check", NO_SPACE, "No space left on device", ["attempt", "outcome"]),
        ("check", OSError("only partly written"), "only partly written", ["attempt", "outcome"]),
    ],
)
def test_t3_one_record_that_is_missing_is_enough_to_say_so(
    erp: RunningSimulator,
    run: Run,
    private_places: Path,
    full: Fills,
    record: str,
    error: OSError,
    said: str,
    kept: list[str],
) -> None:
    full({record}, error)
    done = run("worker.stop", "Temu DE", "--yes", "--json")
    [result] = done.document["results"]
    assert (done.code, result["result"]) == (1, "applied")
    assert result["audit"] == f"not recorded: {said}"
    assert [one["record"] for one in trail(private_places)] == kept


WRITES = pytest.mark.parametrize(
    "arguments",
    [
        ["configure", "Temu DE", "--set", "interval=10m"],
        ["worker.stop", "Temu DE"],
        ["engine.stop", "engine"],
        ["engine.interval", "engine", "--set", "interval=20m"],
        ["connection.toggle", "visma.net no"],
        ["engine.sync-all", "engine"],
    ],
    ids=lambda arguments: arguments[0],
)


@WRITES
@pytest.mark.usefixtures("full_disk")
def test_t3_an_outcome_that_cannot_be_recorded_is_a_field_a_line_and_an_exit_code(
    erp: RunningSimulator, run: Run, private_places: Path, arguments: list[str]
) -> None:
    done = run(*arguments, "--yes", "--json")
    assert done.code == 1
    [result] = done.document["results"]
    assert result["result"] in ("applied", "accepted")
    assert result["audit"] == "not recorded: No space left on device"
    said = f"syncdeck: {result['target']}: not recorded in the audit trail: No space left on device"
    assert said in done.err.splitlines()
    assert [one["record"] for one in trail(private_places)] == ["attempt"]


@WRITES
def test_t3_what_is_recorded_says_so_and_exits_0(
    erp: RunningSimulator, run: Run, arguments: list[str]
) -> None:
    done = run(*arguments, "--yes", "--json")
    assert done.code == 0
    [result] = done.document["results"]
    assert result["audit"] == "recorded"
    assert "audit trail" not in done.err


def test_t3_what_was_not_sent_was_not_to_be_recorded(erp: RunningSimulator, run: Run) -> None:
    done = run("configure", "Temu DE", "--set", "interval=5m", "--yes", "--json")
    [result] = done.document["results"]
    assert (result["result"], result["audit"]) == ("unchanged", None)


# T11: status and request id of every write.


@WRITES
def test_t11_status_and_request_id_of_a_successful_write_are_recorded(
    erp: RunningSimulator, run: Run, private_places: Path, arguments: list[str]
) -> None:
    assert run(*arguments, "--yes").code == 0
    outcome = next(one for one in trail(private_places) if one["record"] == "outcome")
    entry = next(one for one in erp.log() if f"sim-{one['n']:06}" == outcome["request_id"])
    assert outcome["status"] == entry["status"]
    assert entry["method"] in ("POST", "PUT")
    assert outcome["responses"][-1] == {
        "method": entry["method"],
        "path": entry["path"],
        "status": entry["status"],
        "request_id": outcome["request_id"],
    }
    [told] = syncdeck("audit", "--json").document["entries"]
    assert (told["status"], told["responses"]) == (outcome["status"], outcome["responses"])


def test_t11_of_a_write_that_was_refused_for_its_login_every_response_is_recorded(
    erp: RunningSimulator, run: Run, private_places: Path
) -> None:
    erp.fault("PUT /erp=expired*1")
    assert run("worker.stop", "Temu DE", "--yes").code == 4
    outcome = next(one for one in trail(private_places) if one["record"] == "outcome")
    assert (outcome["result"], outcome["status"]) == ("failed", 401)
    assert [(one["method"], one["status"]) for one in outcome["responses"]] == [
        ("PUT", 401),
        ("POST", 200),
    ]
    assert outcome["responses"][1]["path"] == "/oauth2/token"


def test_t11_a_failure_and_a_lost_answer_are_recorded_as_they_came(
    erp: RunningSimulator, run: Run, private_places: Path
) -> None:
    erp.fault("PUT /erp=status:500*1")
    run("worker.stop", "Temu DE", "--yes")
    erp.fault("PUT /erp=lost*1")
    run("worker.stop", "Hauptshop", "--yes")
    failed, lost = (one for one in trail(private_places) if one["record"] == "outcome")
    assert (failed["status"], [one["status"] for one in failed["responses"]]) == (500, [500])
    assert (lost["status"], lost["request_id"], lost["responses"]) == (None, "", [])


# Accepted, and --no-wait.


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["worker.stop", "Temu DE"], "accepted · Temu · Temu DE: accepted by the JTL-Worker"),
        (["engine.stop", "engine"], "accepted · ErpSync engine: accepted by SuperOffice"),
    ],
)
def test_no_wait_ends_with_accepted_and_looks_at_nothing(
    erp: RunningSimulator, run: Run, private_places: Path, arguments: list[str], said: str
) -> None:
    done = run(*arguments, "--yes", "--no-wait")
    assert (done.code, done.out.splitlines()[-1]) == (0, said)
    assert ended(private_places) == [("attempt", None), ("outcome", "accepted")]


def test_no_wait_leaves_a_lost_answer_unknown(erp: RunningSimulator, run: Run) -> None:
    erp.fault("PUT /erp=lost*1")
    done = run("worker.stop", "Temu DE", "--yes", "--no-wait", "--json")
    [result] = done.document["results"]
    assert (done.code, result["result"]) == (1, "unknown")


@pytest.mark.parametrize(
    "arguments",
    [
        ["engine.sync-all", "engine"],
        ["engine.force-sync-all", "engine"],
        [
            "force-resync",
            "crm",
            "--set",
            "keys=670",
            "--set",
            "how=batch",
            "--set",
            "blanks=overwrite",
            "--profile",
            "sim",
        ],
    ],
    ids=["sync all", "force sync all", "batch"],
)
def test_what_has_no_effect_that_can_be_seen_is_accepted_and_exits_0(
    erp: RunningSimulator, run: Run, private_places: Path, arguments: list[str]
) -> None:
    done = run(*arguments, "--yes", "--json")
    [result] = done.document["results"]
    assert (done.code, result["result"]) == (0, "accepted")
    assert ended(private_places) == [("attempt", None), ("outcome", "accepted")]
