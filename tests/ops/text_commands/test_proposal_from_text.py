"""Settings as text become exactly what is to be sent; what is wrong is told at once and by its name."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.ops.proposing import propose
from tui.domain.intervals import Interval
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import ControlAction, Worker, WorkerOption, WorkerStatus, WorkerSync
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.writes import (
    ChangeEngineInterval,
    ChangeEngineStatus,
    ConfigureWorker,
    ControlWorker,
    CreateExtension,
    DeleteExtension,
    ForceResync,
    ForceResyncExternal,
    PushManifest,
    SyncAll,
    UpdateExtension,
)
from tui.ops.operations.names import find_operation, words_for
from tui.ops.operations.operation import Operation
from tui.ops.operations.registry import OPERATIONS, writes
from tui.ops.proposals.proposal import Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.lookup import find_target
from tui.ops.targets.operand import CRM, NewExtension, Target
from tui.ops.text_commands.proposal_from_text import (
    Unchanged,
    parameters_of,
    propose_calls,
    settings_for,
)
from tui.ops.text_commands.setting import find_setting
from tui.store.snapshot import Snapshot, Topic
from tui.store.store import Store

NOW = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
OPTIONS = (
    WorkerOption("o-stock", "Stock reserve", type_name="int", value="2", required=True),
    WorkerOption("o-create", "Create orders", type_name="bool", value="false"),
    WorkerOption("o-a", "Note", value="a"),
    WorkerOption("o-b", "note", value="b"),
    WorkerOption("o-int", "Interval", value="x"),
)
TEMU = WorkerSync("w1", "Temu", "Temu DE", interval=Interval.read("00:05:00"), options=OPTIONS)
OTHER = WorkerSync("w2", "Temu", "Temu FR", interval=Interval.read("00:05:00"))
TWIN = WorkerSync("w3", "Ebay", "Outlet")
TWIN_2 = WorkerSync("w4", "Ebay", "outlet")
SHOP = Extension("e1", "shop", "1.0", 2, "ab" * 64)
ODD = Extension("shop", "billing", "1.0", 0, "cd" * 64)
ERPS = (Connection(7, "Visma", active=True), Connection(12, "Side", active=True))


@pytest.fixture
def store() -> Store:
    store = Store()
    lists = {
        Topic.WORKERS: (TEMU, OTHER, TWIN, TWIN_2, WorkerSync("w5", "Shop", "Shop")),
        Topic.STATUS: (WorkerStatus("w1", 3), WorkerStatus("w9", 6)),
        Topic.EXTENSIONS: (SHOP, ODD),
        Topic.CONNECTIONS: ERPS,
        Topic.ENGINE: EngineStatus(True, "Idle", Interval.read("00:15:00")),
    }
    for topic, rows in lists.items():
        store.succeed(topic, 1, rows, at=NOW, took=0.0)
    return store


def planned(store: Store, operation_id: str, target: Target | str, *given: str) -> object:
    """The command that comes out, or what was wrong."""
    operation = OPERATIONS[operation_id]
    found = find_target(operation, target, store) if isinstance(target, str) else target
    if isinstance(found, Refusal):
        return (found.sentence,)
    pairs = [(name, text) for name, _, text in (one.partition("=") for one in given)]
    proposal = propose(operation, found, pairs, store, NOW)
    return proposal.write if isinstance(proposal, Proposal) else proposal


@pytest.mark.parametrize(
    ("operation_id", "target", "given", "write"),
    [
        ("worker.configure", "Temu DE", ["interval=10m"], ConfigureWorker("w1", "00:10:00")),
        (
            "worker.configure",
            "temu · temu de",
            ["INTERVAL=1h", "stock RESERVE=7", "O-CREATE=True"],
            ConfigureWorker("w1", "01:00:00", (("o-stock", "7"), ("o-create", "true"))),
        ),
        ("worker.configure", "w1", ["o-a=x=y"], ConfigureWorker("w1", None, (("o-a", "x=y"),))),
        ("worker.configure", "w1", ["o-int=y"], ConfigureWorker("w1", None, (("o-int", "y"),))),
        ("worker.start", "W1", [], ControlWorker("w1", ControlAction.START)),
        ("worker.stop", "Temu FR", [], ControlWorker("w2", ControlAction.STOP)),
        ("worker.restart", "w9", [], ControlWorker("w9", ControlAction.RESTART)),
        (
            "extension.create",
            "neu",
            ["version=1", "hash=ff"],
            CreateExtension("neu", "1", "ff"),
        ),
        ("extension.update", "e1", ["Version=2"], UpdateExtension("e1", version="2")),
        (
            "extension.update",
            "billing",
            ["ManifestHash=ee", "status=Active"],
            UpdateExtension("shop", manifest_hash="ee", status=2),
        ),
        ("extension.toggle", "e1", [], UpdateExtension("e1", status=0)),
        ("extension.toggle", "billing", ["status=active"], UpdateExtension("shop", status=2)),
        ("extension.delete", "id:SHOP", [], DeleteExtension("shop")),
        ("engine.start", "engine", [], ChangeEngineStatus(run=True)),
        ("engine.stop", " ENGINE ", [], ChangeEngineStatus(run=False)),
        ("engine.stop", "erpsync engine", [], ChangeEngineStatus(run=False)),
        ("engine.interval", "engine", ["interval=1d 2h"], ChangeEngineInterval("1.02:00:00")),
        ("engine.sync-all", "engine", [], SyncAll()),
        ("engine.force-sync-all", "engine", [], SyncAll(forced=True)),
        (
            "engine.force-resync",
            "Visma",
            ["keys=670, 47,9-11"],
            ForceResync(7, (670, 47, 9, 10, 11), no_blanks=True),
        ),
        ("engine.force-resync", "7", ["keys=5", "blanks=overwrite"], ForceResync(7, (5,))),
        ("engine.force-resync", "CRM", ["keys=Everything"], ForceResync(0, no_blanks=True)),
        (
            "engine.force-resync",
            "7",
            ["keys=5", "blanks=overwrite", "how=batch"],
            ForceResync(7, (5,), as_batch=True),
        ),
        (
            "engine.force-resync",
            "7",
            ["external=A1, A2", "actor_type=customer", "blanks=Overwrite"],
            ForceResyncExternal(7, "Customer", ("A1", "A2")),
        ),
        (
            "engine.force-resync",
            "7",
            ["external=A1", "actor-type=Person"],
            ForceResyncExternal(7, "Person", ("A1",), no_blanks=True),
        ),
    ],
)
def test_what_is_written_is_what_is_sent(
    store: Store, operation_id: str, target: str, given: list[str], write: object
) -> None:
    assert planned(store, operation_id, target, *given) == write


def test_the_files_of_a_manifest_are_read_and_told(store: Store, tmp_path: Path) -> None:
    manifest, signature = tmp_path / "manifest.json", tmp_path / "manifest.sig"
    manifest.write_bytes(b"{}")
    signature.write_bytes(b"signed")
    files = [f"manifest={manifest}", f"signature={signature}"]
    assert planned(store, "extension.push-manifest", "e1", *files) == PushManifest(
        "e1", b"{}", b"signed"
    )
    wrong = planned(
        store, "extension.push-manifest", "e1", "manifest=/nowhere/m", f"signature={tmp_path}"
    )
    assert wrong == (
        "manifest: /nowhere/m cannot be read: No such file or directory",
        f"signature: {tmp_path} is a directory: name a file",
    )


@pytest.mark.parametrize(
    ("operation_id", "target", "given", "wrong"),
    [
        (
            "worker.configure",
            "w1",
            ["interval=10", "stock reserve=many", "create orders=yes"],
            [
                "interval: 10 is ambiguous: write 10s, 10m or 10h",
                "Stock reserve: 'many' is not a whole number: write 42",
                "Create orders: 'yes' is neither true nor false",
            ],
        ),
        (
            "worker.configure",
            "w1",
            ["intervall=1m", "create orders=1"],
            [
                "there is no setting 'intervall': did you mean Interval? (there is interval, Stock",
                "Create orders: '1' is neither true nor false",
            ],
        ),
        ("worker.configure", "w1", ["o-stock="], ["Stock reserve is required"]),
        ("worker.configure", "w1", ["note=c"], ["note is the name of 2 options: write o-a or o-b"]),
        ("worker.configure", "w1", ["interval=1m", "Interval=2m"], ["interval is given twice"]),
        ("worker.configure", "w1", [], ["no setting: write interval=10m, or an option"]),
        ("worker.configure", "w9", ["interval=5m"], ["w9: the server listed no configuration for it"]),
        (
            "worker.configure",
            "w1",
            ["stock-reserve=1"],
            ["there is no setting 'stock-reserve': did you mean Stock reserve? (there"],
        ),
        ("worker.stop", "w1", ["interval=5m"], ["interval: this operation has no settings"]),
        ("extension.create", "neu", ["hash=f"], ["version is missing: write version=1.4.0"]),
        (
            "extension.create",
            "neu",
            ["hash=", "version= "],
            ["manifest_hash is empty", "version is empty"],
        ),
        (
            "extension.update",
            "e1",
            ["version=", "status=on"],
            [
                "status: 'on' is invalid: write disabled or pending or active",
                "version is",
            ],
        ),
        (
            "extension.toggle",
            "e1",
            ["status=pending"],
            ["status: 'pending' is invalid"],
        ),
        ("extension.push-manifest", "e1", [], ["manifest is missing", "signature is missing"]),
        ("engine.stop", "engine", ["interval=5m"], ["interval: this operation has no settings"]),
        ("engine.interval", "engine", [], ["interval is missing: write interval=15m"]),
        ("engine.interval", "engine", ["interval=5"], ["interval: 5 is ambiguous: write 5s, 5m or 5h"]),
        (
            "engine.force-resync",
            "crm",
            [],
            ["keys is missing: write keys=670,47,100-120, or keys=every"],
        ),
        (
            "engine.force-resync",
            "crm",
            ["keys= , "],
            ["keys: no key: it has only separators"],
        ),
        (
            "engine.force-resync",
            "crm",
            ["keys=all"],
            ["keys: no key: 'all' is not a number"],
        ),
        ("engine.force-resync", "crm", ["keys=all", "skip_bad=true"], ["keys: no key: 'all' is"]),
        (
            "engine.force-resync",
            "7",
            ["keys=1", "how=batch"],
            ["there is no batch task that ignores empty"],
        ),
        (
            "engine.force-resync",
            "7",
            ["external=A", "actor_type=Sale", "how=batch", "blanks=overwrite"],
            ["there is no batch task for external keys"],
        ),
        (
            "engine.force-resync",
            "crm",
            ["external=A", "actor_type=Person"],
            ["external keys belong to a connection"],
        ),
        (
            "engine.force-resync",
            "7",
            ["external=A", "keys=1", "blanks=kep"],
            [
                "keys and external exclude each other",
                "actor_type is missing",
                "blanks: 'kep' is invalid: did you mean keep?",
            ],
        ),
        ("engine.force-resync", "7", ["file=/"], ["file: / is a directory: name a file"]),
    ],
)
def test_all_that_is_wrong_is_told_by_its_name(
    store: Store, operation_id: str, target: str, given: list[str], wrong: list[str]
) -> None:
    said = planned(store, operation_id, target, *given)
    assert isinstance(said, tuple)
    assert len(said) == len(wrong)
    assert [one for one, start in zip(said, wrong, strict=True) if not one.startswith(start)] == []


@pytest.mark.parametrize(
    ("operation_id", "target", "given"),
    [
        ("worker.configure", "w1", ["interval=5m"]),
        ("engine.interval", "engine", ["interval=PT15M"]),
        ("extension.toggle", "e1", ["status=active"]),
    ],
)
def test_a_target_that_has_it_already_is_unchanged_and_not_wrong(
    store: Store, operation_id: str, target: str, given: list[str]
) -> None:
    assert isinstance(planned(store, operation_id, target, *given), Unchanged)


@pytest.mark.parametrize(
    ("operation_id", "word", "wrong"),
    [
        (
            "worker.stop",
            "Outlet",
            "'Outlet' names 2 syncs: Ebay · Outlet (w3), Ebay · outlet (w4); write",
        ),
        ("worker.stop", "Temu D", "there is no sync 'Temu D'; the nearest: Temu · Temu DE (w1)"),
        ("worker.stop", "zzz", "there is no sync 'zzz'; `syncdeck workers` lists them"),
        ("worker.stop", " ", "the sync's name or identifier is empty"),
        ("extension.create", "", "the extension's name or identifier is empty"),
        (
            "extension.delete",
            "shoop",
            "there is no extension 'shoop'; the nearest: shop (e1), billing (shop)",
        ),
        ("engine.force-resync", "3", "there is no connection '3'"),
        ("engine.stop", "Temu DE", "there is one engine: write engine, not 'Temu DE'"),
    ],
)
def test_a_word_finds_one_target_or_says_what_there_is(
    store: Store, operation_id: str, word: str, wrong: str
) -> None:
    said = find_target(OPERATIONS[operation_id], word, store)
    assert isinstance(said, Refusal)
    assert said.sentence.startswith(wrong)


def test_d14_an_identifier_that_is_another_s_name_is_ambiguous(store: Store) -> None:
    delete = OPERATIONS["extension.delete"]
    assert str(find_target(delete, "shop", store)) == (
        "'shop' names 2 extensions: shop (e1), billing (shop);"
        " write the identifier of one, such as id:e1"
    )
    assert find_target(delete, "id:shop", store) is ODD
    assert find_target(delete, " NAME: Shop ", store) is SHOP
    assert "there is no extension 'id:billing'" in str(find_target(delete, "id:billing", store))


def test_a_row_that_could_not_be_read_is_not_changed_by_guess(store: Store) -> None:
    broken = Extension("e1", "shop", problem="no version")
    assert planned(store, "extension.update", broken, "version=2") == (
        "shop: its row could not be read, so it cannot be changed safely",
    )
    assert planned(store, "extension.delete", broken) == DeleteExtension("e1")


@pytest.mark.parametrize("verb", ["start", "stop", "restart"])
def test_a_sync_whose_row_could_not_be_read_can_be_controlled(store: Store, verb: str) -> None:
    broken = Worker("w1", replace(TEMU, problem="Interval: a list"), WorkerStatus("w1", 3))
    action = ControlAction[verb.upper()]
    assert planned(store, f"worker.{verb}", broken) == ControlWorker("w1", action)
    unlisted = Worker("w1", None, WorkerStatus("w1", 3))
    assert planned(store, f"worker.{verb}", unlisted) == ControlWorker("w1", action)
    assert planned(store, "worker.configure", broken, "interval=9m") == (
        "Temu · Temu DE: its row could not be read, so it cannot be changed safely",
    )


def test_an_update_takes_status_version_and_hash_together(store: Store) -> None:
    given = ("status=disabled", "version=2", "hash=x")
    assert planned(store, "extension.update", SHOP, *given) == UpdateExtension("e1", "2", "x", 0)
    assert planned(store, "extension.update", SHOP, "version= ", "hash= ", "status=active") == (
        "version is empty: write a value, or leave it out",
        "manifest_hash is empty: write a value, or leave it out",
    )


RESTS_ON = {
    "worker.configure": Topic.WORKERS,
    "worker.start": Topic.STATUS,
    "worker.stop": Topic.STATUS,
    "worker.restart": Topic.STATUS,
    "extension.update": Topic.EXTENSIONS,
    "extension.toggle": Topic.EXTENSIONS,
    "extension.delete": Topic.EXTENSIONS,
    "engine.start": Topic.ENGINE,
    "engine.stop": Topic.ENGINE,
    "engine.interval": Topic.ENGINE,
    "engine.sync-all": Topic.CONNECTIONS,
    "engine.force-sync-all": Topic.CONNECTIONS,
    "engine.force-resync": Topic.CONNECTIONS,
    "connection.toggle": Topic.CONNECTIONS,
    "connection.update-fields": Topic.CONNECTIONS,
    "connection.priorities": Topic.CONNECTIONS,
}
WORDS = {"worker": "w1", "extension": "e1", "engine": "engine", "connection": "12"}
GIVEN = {
    "worker.configure": [("interval", "9m")],
    "extension.update": [("version", "2")],
    "engine.interval": [("interval", "9m")],
    "engine.force-resync": [("keys", "1")],
    "connection.priorities": [("order", "12,7")],
}


@pytest.mark.parametrize("operation_id", RESTS_ON)
def test_a_proposal_rests_on_the_snapshot_that_it_was_read_from(store: Store, operation_id: str) -> None:
    operation = OPERATIONS[operation_id]
    word = {"engine.force-resync": "7", "connection.priorities": "connections"}.get(
        operation_id, WORDS[operation_id.partition(".")[0]]
    )
    target = find_target(operation, word, store)
    assert not isinstance(target, Refusal)
    given = GIVEN.get(operation_id, [])
    snapshot: Snapshot[object] = store.snapshot(RESTS_ON[operation_id])
    (newest,) = propose_calls(operation, target, given, store, NOW)  # type: ignore[misc] # it is not unchanged
    assert newest.rests_on is snapshot
    earlier = replace(snapshot, took=7.0)
    (bound,) = propose_calls(operation, target, given, store, NOW, earlier)  # type: ignore[misc] # the same
    assert bound.rests_on is earlier


@pytest.mark.parametrize("operation", writes(), ids=lambda one: one.id)
def test_every_write_declares_its_settings_and_each_is_found_by_its_example(
    operation: Operation,
) -> None:
    for setting in parameters_of(operation):
        assert setting.help.endswith(".")
        if setting.name != "OPTION":
            name = setting.example.partition("=")[0]
            assert find_setting(name, settings_for(operation)) is setting


def test_every_operation_of_the_table_can_be_named() -> None:
    everything = tuple(OPERATIONS.values())
    assert {operation.id for operation in words_for(everything).values()} == set(OPERATIONS)
    assert find_operation("RESTART", writes()) is OPERATIONS["worker.restart"]
    assert str(find_operation("STOP", writes())) == (
        "STOP is ambiguous: write worker.stop or engine.stop"
    )
    assert find_operation("extension.toggle", writes()) is OPERATIONS["extension.toggle"]
    assert (
        str(find_operation("stp", writes()))
        == "there is no operation 'stp': did you mean stop or start?"
    )


def test_crm_and_a_new_extension_are_targets_of_their_own(store: Store) -> None:
    assert find_target(OPERATIONS["engine.force-resync"], "crm", store) is CRM
    assert find_target(OPERATIONS["extension.create"], " neu ", store) == NewExtension("neu")
    assert Worker("w1", TEMU, None).name == "Temu · Temu DE"
