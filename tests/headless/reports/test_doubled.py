"""Two rows with one identifier: neither is written to, both keep what the server said of them (D15)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drivers.command import Run, syncdeck, trail
from tests.drivers.doubled import double
from tests.drivers.simulator import RunningSimulator
from tests.ops.sent import sent
from tui.ops.targets.fitness import DOUBLED

RESYNC = ("--set", "keys=670", "--profile", "sim")


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        double(running)
        yield running


@pytest.mark.parametrize("operation", ["start", "stop", "restart", "configure"])
@pytest.mark.parametrize("word", ["Temu DE", "Temu twin", "{id}", "{id}#2"])
def test_d15_a_doubled_sync_is_refused(
    erp: RunningSimulator, run: Run, private_places: Path, operation: str, word: str
) -> None:
    word = word.format(id=erp.worker_id("Temu DE"))
    more = ["--set", "interval=10m"] if operation == "configure" else []
    done = run(f"worker.{operation}", "Hauptshop", word, *more, "--yes")
    assert done.code == 2, done.out
    assert DOUBLED in done.err
    assert sent(erp) == []
    assert trail(private_places) == []


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("extension.update", ["--set", "version=9"]),
        ("extension.toggle", []),
        ("extension.delete", ["--profile", "sim"]),
    ],
)
def test_d15_a_doubled_extension_is_refused(
    erp: RunningSimulator, run: Run, operation: str, more: list[str]
) -> None:
    first = next(iter(erp.world.jtl.extensions.values()))
    for word in (first.id, first.extension_id, "twin.extension", f"{first.id}#2"):
        done = run(operation, word, *more, "--yes")
        assert done.code == 2, done.out
        assert DOUBLED in done.err
    assert sent(erp) == []


@pytest.mark.parametrize(
    ("operation", "more"),
    [("connection.toggle", []), ("update-fields", []), ("force-resync", RESYNC)],
)
def test_d15_a_doubled_connection_is_refused(
    erp: RunningSimulator, run: Run, operation: str, more: list[str]
) -> None:
    own = erp.world.so.connections[1].name
    for word in ("1", own, "Twin connection"):
        done = run(operation, word, *more, "--yes")
        assert done.code == 2, done.out
        assert DOUBLED in done.err
    assert sent(erp) == []


def test_d15_no_order_is_given_where_a_number_is_there_twice(erp: RunningSimulator, run: Run) -> None:
    done = run("connection.priorities", "connections", "--set", "order=2,1,3,4", "--yes")
    assert done.code == 2
    assert sent(erp) == []


def test_d15_the_lists_keep_name_and_state_of_both(erp: RunningSimulator, run: Run) -> None:
    known_id = erp.worker_id("Temu DE")
    done = syncdeck("workers", "--json")
    rows = {one["id"]: one for one in done.document["items"]}
    states = {rows[known_id]["state"], rows[f"{known_id}#2"]["state"]}
    assert [rows[known_id]["channel"], rows[f"{known_id}#2"]["channel"]] == ["Temu DE", "Temu twin"]
    assert states == {rows[known_id]["state"]}
    assert states != {"unknown"}
    assert "the same identifier as another row" in rows[known_id]["reason"]
    connections = syncdeck("connections", "--json").document["items"]
    twins = [one for one in connections if one["name"] == "Twin connection" or one["id"] == 1]
    assert [one["active"] for one in twins] == [True, False]
    extensions = syncdeck("extensions", "--json").document["items"]
    twin = next(one for one in extensions if one["extension_id"] == "twin.extension")
    assert twin["status"] == extensions[0]["status"]


def test_d15_a_list_of_nothing_but_doubled_rows_is_still_a_list(erp: RunningSimulator, run: Run) -> None:
    jtl = erp.world.jtl
    for key in list(jtl.syncs):
        if key not in ("twin", erp.worker_id("Temu DE")):
            del jtl.syncs[key]
    jtl.trees.clear()
    done = syncdeck("workers", "--json")
    assert done.code == 1
    assert [one["channel"] for one in done.document["items"]] == ["Temu DE", "Temu twin"]
