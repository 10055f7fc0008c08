"""The common causes over real HTTP: evidence, the next step, and the exit code."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.drivers.command import Run
from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator
from tui.simulator.jtl.world import DEACTIVATED, FAILED, FINISHED, RUNNING, SUSPENDED

Prepare = Callable[[RunningSimulator], object]


def put(state: int, text: str = "", *channels: str) -> Prepare:
    """Set the state of these syncs; of all where none is named."""

    def prepare(erp: RunningSimulator) -> None:
        for sync in erp.world.jtl.syncs.values():
            if not channels or sync.channel in channels:
                sync.phase.state, sync.phase.text = state, text
                sync.phase.since = erp.world.clock()

    return prepare


def fault(*texts: str) -> Prepare:
    def prepare(erp: RunningSimulator) -> None:
        for text in texts:
            erp.fault(text)

    return prepare


def engine_stopped(erp: RunningSimulator) -> None:
    erp.world.so.running, erp.world.so.message = False, "Stopped by admin"


def tenant(state: str) -> Prepare:
    return lambda erp: erp.state(superoffice={"tenant_state": state})


def no_syncs(erp: RunningSimulator) -> None:
    erp.world.jtl.syncs.clear()


AS_IT_IS: Prepare = lambda _erp: None  # noqa: E731 - beside the others of its kind
CAUSES = [
    ("Temu DE", AS_IT_IS, "marketplace-login", "401 from marketplace", "worker.restart"),
    ("Outlet", AS_IT_IS, "locked", "account locked", "worker.start"),
    ("PayPal Hauptkonto", AS_IT_IS, "overdue", "runs every 15m", "worker.restart"),
    ("Temu DE", put(SUSPENDED), "all-suspended", "12 syncs reported, all suspended", None),
    ("jtl", put(SUSPENDED), "all-suspended", "12 syncs reported, all suspended", None),
    ("Temu DE", put(SUSPENDED, "", "Temu DE"), "suspended", "11 other syncs are not", "worker.start"),
    ("Temu DE", put(FAILED, "disk full", "Temu DE"), "run-failed", "disk full", "worker.restart"),
    ("Temu DE", put(9, "", "Temu DE"), "unknown-state", "state 9", None),
    ("Temu DE", fault("GET .*/workers=status:401"), "login-refused", "refused the login", "authorise"),
    ("jtl", fault("/workers=forbidden"), "permission-missing", "scope system.worker.read", None),
    ("jtl", fault("/workers=status:402"), "licence-missing", "licence is missing", None),
    ("jtl", fault("/workers=status:429,1"), "throttled", "fewer requests", None),
    ("jtl", fault("/workers=html"), "unexpected-response", "Unexpected response", None),
    ("jtl", fault("/workers=reset"), "unreachable", "dropped the connection", None),
    ("jtl", no_syncs, "no-syncs", "an empty list", None),
    ("engine", engine_stopped, "engine-stopped", "Stopped by admin", "engine.start"),
    ("engine", fault("GetEngineStatus=null"), "unexpected-response", "engine", None),
    ("jtl", AS_IT_IS, "targets-need-attention", "Temu · Temu DE", None),
    ("superoffice", engine_stopped, "targets-need-attention", "ErpSync engine", None),
    ("superoffice", fault("ErpSync=status:401"), "login-refused", "refused the login", "authorise"),
]


@pytest.mark.parametrize(("target", "prepare", "rule", "said", "operation"), CAUSES)
def test_the_cause_is_named_with_evidence_and_a_step(
    erp: RunningSimulator, ran: Run, target: str, prepare: Prepare, rule: str, said: str, operation: Any
) -> None:
    prepare(erp)
    done = ran("why", target, "--json")
    assert done.code == 1, done
    document = done.document
    assert set(document) == {"schema", "target", "level", "explanations"}
    found = {one["id"]: one for one in document["explanations"]}
    assert rule in found, document
    explanation = found[rule]
    assert set(explanation) == {"id", "certainty", "sentence", "evidence", "steps"}
    assert any(said in one["text"] for one in explanation["evidence"]), explanation
    assert all(one["at"] for one in explanation["evidence"] if said in one["text"])
    assert explanation["steps"]
    assert operation is None or operation in [one["operation"] for one in explanation["steps"]]


def test_statuses_that_cannot_be_read(erp: RunningSimulator, ran: Run) -> None:
    erp.fault("GET .*/workers/status=forbidden")
    document = ran("why", "Temu DE", "--json").document
    assert [one["id"] for one in document["explanations"]] == ["permission-missing"]


def test_a_403_of_superoffice_may_be_a_token_or_a_right(erp: RunningSimulator, ran: Run) -> None:
    erp.fault("GetEngineStatus=status:403")
    [found] = ran("why", "engine", "--json").document["explanations"]
    assert found["sentence"] == "the credentials are expired, or the app lacks access to ErpSync"


@pytest.mark.parametrize("state", ["Suspended", "OfflineMaintenance", "MigrationPending"])
def test_a_tenant_that_does_not_run(erp: RunningSimulator, ran: Run, state: str) -> None:
    write_config(erp, online=True)
    tenant(state)(erp)
    document = ran("why", "engine", "--json").document
    assert document["explanations"][0]["id"] == "tenant-off"


@pytest.mark.parametrize(
    ("target", "prepare", "rule", "level"),
    [
        ("Temu DE", put(FINISHED), "ok", "ok"),
        ("Temu DE", put(RUNNING), "under-way", "running"),
        ("Temu DE", put(DEACTIVATED), "off", "off"),
        ("engine", AS_IT_IS, "engine-running", "ok"),
        ("jtl", put(FINISHED), "responds", "ok"),
    ],
)
def test_nothing_is_wrong(
    erp: RunningSimulator, ran: Run, target: str, prepare: Prepare, rule: str, level: str
) -> None:
    prepare(erp)
    done = ran("why", target, "--json")
    assert (done.code, done.document["level"]) == (0, level)
    assert done.document["explanations"][0]["id"] == rule


def test_it_reads_and_never_probes(erp: RunningSimulator, ran: Run) -> None:
    erp.clear_log()
    ran("why", "Temu DE")
    assert not [one for one in erp.log() if one["method"] in ("PUT", "PATCH", "DELETE")]
    assert not erp.received("POST", "Test")


# Who did it, by the audit trail.


def test_who_stopped_it(erp: RunningSimulator, ran: Run) -> None:
    assert ran("run", "worker.stop", "Temu DE", "--yes", "--no-wait").code == 0
    put(DEACTIVATED, "", "Temu DE")(erp)
    found = ran("why", "Temu DE", "--json").document["explanations"][0]
    assert found["id"] == "off-from-here"
    assert "stopped it at" in found["sentence"]
    assert "Stop sync" in found["evidence"][0]["text"]
    # A user's name keeps its case.
    assert f"1. {found['sentence']} (known)" in ran("why", "Temu DE").out


def test_the_reasons_of_a_refused_activation(erp: RunningSimulator, ran: Run) -> None:
    row = erp.world.so.connections[1]
    assert ran("status").code in (0, 1)
    row.active, row.toggle_reasons = False, ["Mandatory field CUSTNO has no sync direction"]
    assert ran("run", "connection.toggle", "1", "--yes").code == 1
    done = ran("why", "id:1", "--json")
    found = done.document["explanations"][0]
    assert (done.code, found["id"]) == (1, "toggle-refused")
    assert "CUSTNO" in found["sentence"]
    assert "connection.toggle" in [one["operation"] for one in found["steps"]]


def test_a_connection_that_became_inactive(erp: RunningSimulator, ran: Run) -> None:
    ran("status")
    erp.world.so.connections[1].active = False
    found = ran("why", "id:1", "--json").document["explanations"]
    assert [one["id"] for one in found] == ["inactive", "interrupted-change"]
    assert [one["certainty"] for one in found] == ["known", "likely"]


def test_two_failures_with_the_same_words(erp: RunningSimulator, ran: Run) -> None:
    put(FAILED, "timeout after 100 s", "Temu DE", "Otto Market")(erp)
    found = ran("why", "Temu DE", "--json").document["explanations"]
    assert [one["id"] for one in found] == ["run-failed", "same-words"]
    assert "Otto" in found[1]["evidence"][0]["text"]


# Which target is meant.


@pytest.mark.parametrize("word", ["nosuch", "temu d", "id:Temu DE"])
def test_no_such_target(erp: RunningSimulator, ran: Run, word: str) -> None:
    done = ran("why", word)
    assert (done.code, done.out) == (2, "")
    assert "there is no target" in done.err


def test_an_ambiguous_name_is_refused(erp: RunningSimulator, ran: Run) -> None:
    erp.world.so.connections[1].name = "Temu DE"
    done = ran("why", "temu de", "--json")
    assert (done.code, done.out) == (2, "")
    assert "names several" in done.err
    assert ran("why", f"id:{erp.worker_id('Temu DE')}").code == 1


def test_two_rows_with_one_identifier(erp: RunningSimulator, ran: Run) -> None:
    first, second = list(erp.world.jtl.syncs.values())[:2]
    second.id = first.id
    found = ran("why", first.channel, "--json").document["explanations"]
    assert found[0]["id"] == "doubled"


def test_a_server_that_is_gone(erp: RunningSimulator, ran: Run) -> None:
    """What the target is cannot be told; why not is."""
    erp.stop()
    done = ran("why", "Temu DE", "--json")
    assert (done.code, done.document["target"]) == (1, "jtl")
    assert done.document["explanations"][0]["id"] == "unreachable"


def test_hostile_text_does_no_harm(erp: RunningSimulator, ran: Run) -> None:
    put(FAILED, "\x1b[2J[bold]x[/bold]\r\u202eevil\npassword=hunter2hunter2", "Temu DE")(erp)
    done = ran("why", "Temu DE")
    assert done.code == 1
    assert not any(sign in done.out for sign in "\x1b\r\u202e")
    assert "hunter2" not in done.out


def test_an_open_maintenance_stopped_it(erp: RunningSimulator, ran: Run) -> None:
    erp.world.jtl.control_delay = 0
    given = ("--target", 'name:"Temu DE"', "--reason", "database move", "--until", "2h", "--yes")
    opened = ran("maintenance", "open", *given, "--profile", "sim")
    assert opened.code in (0, 1), opened
    put(DEACTIVATED, "", "Temu DE")(erp)
    done = ran("why", "Temu DE", "--json")
    found = done.document["explanations"][0]
    assert (done.code, found["id"]) == (0, "in-maintenance")
    assert "(database move) since" in found["sentence"]
    closing = found["steps"][0]
    assert "Close the maintenance" in closing["text"]
