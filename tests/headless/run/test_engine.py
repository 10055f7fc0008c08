"""`syncdeck run` on the engine: what the simulator received is what proves it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.command import Run, trail
from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator

AGENT = "/Cust12345/api/v1/Agents/ErpSync"
READS = ("GetEngineStatus", "GetAllConnections")


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        running.state(superoffice={"settles_in": 0})
        yield running


def sent(erp: RunningSimulator) -> list[tuple[str, Any]]:
    """Method of the agent and body of what could change anything."""
    return [
        (entry["path"].removeprefix(f"{AGENT}/"), entry["body"])
        for entry in erp.received("POST", AGENT)
        if not entry["path"].endswith(READS)
    ]


def test_a_stop_is_sent_once_watched_and_noted(
    erp: RunningSimulator, run: Run, private_places: Path
) -> None:
    done = run("engine.stop", "engine", "--yes")
    assert done.code == 0, done.err
    assert sent(erp) == [("ChangeEngineStatus", {"Run": False})]
    assert "Target       ErpSync engine (engine)" in done.out
    assert "→ stop requested" in done.out
    assert "Authorization: Bearer •••" in done.out
    assert erp.so_token not in done.out
    assert done.out.splitlines()[-1] == "applied · ErpSync engine: now stopped"
    attempt, outcome, check = trail(private_places)
    assert (attempt["operation"], attempt["targets"]) == ("engine.stop", ["engine"])
    assert (outcome["result"], outcome["sentence"]) == ("accepted", "accepted by SuperOffice")
    assert (check["result"], check["sentence"]) == (
        "applied",
        "stop of the ErpSync engine: now stopped",
    )


def test_a_start_is_the_same_and_its_document_tells_it(erp: RunningSimulator, run: Run) -> None:
    erp.state(superoffice={"running": False})
    done = run("engine.start", "ErpSync engine", "--yes", "--json")
    assert done.code == 0, done.err
    (result,) = done.document["results"]
    assert (result["target"], result["id"]) == ("ErpSync engine", "engine")
    assert (result["result"], result["sentence"]) == ("applied", "now running")
    assert result["request"]["body"] == {"Run": True}
    assert sent(erp) == [("ChangeEngineStatus", {"Run": True})]


def test_an_effect_that_is_not_seen_within_a_minute_is_said(
    erp: RunningSimulator, run_slowly: Run
) -> None:
    def holds() -> None:
        erp.world.so.pending = None
        erp.world.so.running = True

    done = run_slowly("engine.stop", "engine", holds)
    assert done.code == 1
    said = done.out.splitlines()[-1]
    assert said == "accepted · ErpSync engine: accepted, but still running after 1m"


def test_a_lost_answer_is_settled_by_what_is_seen(
    erp: RunningSimulator, run: Run, private_places: Path
) -> None:
    erp.fault("ChangeEngineStatus=lost*1")
    done = run("engine.stop", "engine", "--yes")
    assert done.code == 0
    assert sent(erp) == [("ChangeEngineStatus", {"Run": False})]
    assert "the response was lost; now stopped" in done.out
    assert [(one["record"], one.get("result")) for one in trail(private_places)] == [
        ("attempt", None),
        ("outcome", "unknown"),
        ("check", "applied"),
    ]


def test_an_interval_is_sent_as_a_time_span_and_warned_of(erp: RunningSimulator, run: Run) -> None:
    done = run("engine.interval", "engine", "--set", "interval=2m", "--yes")
    assert done.code == 0, done.err
    assert "Interval     15m → 2m" in done.out
    assert "under five minutes" in done.out
    assert sent(erp) == [("ChangeEngineInterval", {"Interval": "00:02:00"})]
    assert done.out.splitlines()[-1] == "applied · ErpSync engine: applied"


def test_an_interval_that_the_server_takes_otherwise_is_told_once(
    erp: RunningSimulator, run: Run
) -> None:
    erp.fault("GetEngineStatus=interval-text:15 minutes")
    done = run("interval", "engine", "--set", "interval=10m", "--yes")
    assert "15 minutes → 10m" in done.out
    assert done.out.count("requested 10m, the server has 15 minutes") == 1


@pytest.mark.parametrize(
    ("operation", "method"), [("sync-all", "SyncAll"), ("force-sync-all", "ForceSyncAll")]
)
def test_a_sync_of_all_names_what_is_synchronised(
    erp: RunningSimulator, run: Run, operation: str, method: str
) -> None:
    told = {"status": "OkWithInfo", "explanation": "12 of 40 were done"}
    erp.state(superoffice={"outcomes": {method: told}})
    done = run(operation, "engine", "--yes")
    assert done.code == 0, done.err
    assert "Active       3: Business Central DE, Visma.net NO, Excel Testdaten" in done.out
    assert [name for name, _ in sent(erp)] == [method]
    words = ("accepted · ErpSync engine: 12 of 40 were done", "succeeded, with information")
    assert done.out.endswith("\n    ".join((*words, "3 records changed\n")))


def test_a_sync_that_failed_says_so(erp: RunningSimulator, run: Run) -> None:
    erp.state(superoffice={"outcomes": {"SyncAll": {"status": "Error", "explanation": "no licence"}}})
    done = run("sync-all", "engine", "--yes")
    assert done.code == 1
    assert "failed · ErpSync engine: no licence" in done.out
    assert len(sent(erp)) == 1


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["engine.stop", "engine"], "without a terminal, --yes is needed", 2),
        (["engine.stop", "Visma", "--yes"], "there is one engine: write engine, not 'Visma'", 2),
        (["stop", "engine", "--yes"], "stop is ambiguous: write worker.stop or engine.stop", 2),
        (["engine.interval", "engine", "--yes"], "interval is missing: write interval=15m", 2),
        (["interval", "engine", "--set", "interval=5", "--yes"], "5 is ambiguous", 2),
        (["engine.stop", "engine", "ErpSync engine", "--yes"], "are the same target; name it once", 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_said_and_nothing_is_sent(
    erp: RunningSimulator, run: Run, private_places: Path, arguments: list[str], said: str, code: int
) -> None:
    done = run(*arguments)
    assert done.code == code, done.out
    assert said in done.err
    assert sent(erp) == []
    assert trail(private_places) == []


@pytest.mark.parametrize(
    ("fault", "code"), [("null", 5), ("html", 5), ("status:503", 3), ("forbidden", 4)]
)
def test_an_engine_that_does_not_tell_its_state_is_not_stopped(
    erp: RunningSimulator, run: Run, fault: str, code: int
) -> None:
    erp.fault(f"GetEngineStatus={fault}")
    done = run("engine.stop", "engine", "--yes")
    assert done.code == code
    assert "nothing was sent" in done.err
    assert sent(erp) == []


def test_on_production_a_stop_needs_the_profile_s_name_and_a_start_does_not(
    erp: RunningSimulator, run: Run
) -> None:
    write_config(erp, environment="production")
    for operation in ("engine.stop", "sync-all", "force-sync-all"):
        assert "only together with --profile sim" in run(operation, "engine", "--yes").err
    assert sent(erp) == []
    assert run("engine.start", "engine", "--yes").code == 0
    assert run("engine.stop", "engine", "--yes", "--profile", "sim").code == 0
    assert [body for _, body in sent(erp)] == [{"Run": True}, {"Run": False}]
