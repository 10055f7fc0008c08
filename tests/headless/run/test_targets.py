"""Which target a word of `syncdeck run` means, over real HTTP: where it may be two, none is chosen."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drivers.command import Run, trail
from tests.drivers.simulator import RunningSimulator
from tests.ops.sent import sent


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        running.state(jtl={"control_delay": 0})
        yield running


# Named twice.

RESYNC = ("force-resync", "--set", "keys=670", "--profile", "sim")


@pytest.mark.parametrize(
    ("operation", "targets"),
    [
        (RESYNC, ["1", "1"]),
        (RESYNC, ["1", "1", "1"]),
        (RESYNC, ["0", "CRM"]),
        (("connection.toggle",), ["2", "2"]),
        (("connection.toggle",), ["2", "Visma.net NO"]),
        (("connection.toggle",), ["VISMA.NET NO", "visma.net no"]),
        (("connection.toggle",), ["id:2", "name:visma.net no"]),
        (("update-fields",), ["1", "1"]),
        (("connection.priorities", "--set", "order=2,1,3,4"), ["connections", "connections"]),
        (("engine.stop",), ["engine", "ENGINE"]),
        (("engine.interval", "--set", "interval=20m"), ["engine", "engine"]),
        (("sync-all",), ["engine", "engine"]),
        (("worker.stop",), ["Temu DE", "Temu DE"]),
        (("worker.configure", "--set", "stock reserve=7"), ["Temu DE", "Temu DE"]),
        (("extension.create", "--set", "version=1", "--set", "hash=ab"), ["shop", "Shop"]),
    ],
    ids=lambda value: " ".join(value),
)
def test_d3_a_target_named_twice_is_refused(
    erp: RunningSimulator, run: Run, private_places: Path, operation: tuple[str, ...], targets: list[str]
) -> None:
    done = run(operation[0], *targets, *operation[1:], "--yes")
    assert done.code == 2, done.out
    assert done.err.count("named twice") == len(targets) - 1
    assert "nothing was sent" in done.err
    assert sent(erp) == []
    assert trail(private_places) == []


def test_d3_the_document_has_a_result_for_each_word(erp: RunningSimulator, run: Run) -> None:
    done = run("connection.toggle", "nowhere", "2", "2", "nothing", "--yes", "--json")
    assert done.code == 2
    told = [(one["id"], one["result"], one["sentence"]) for one in done.document["results"]]
    assert [result for _, result, _ in told] == ["not sent"] * 4
    assert [sentence.split(";")[0] for *_, sentence in told if sentence] == [
        "there is no connection 'nowhere'",
        "named twice: '2'",
        "there is no connection 'nothing'",
    ]
    assert sent(erp) == []


# One word, two things.


def test_d14_a_connection_named_like_another_s_number_is_ambiguous(
    erp: RunningSimulator, run: Run
) -> None:
    connections = erp.world.so.connections
    connections[3].name = "2"
    done = run("connection.toggle", "2", "--yes")
    assert done.code == 2
    assert "'2' names 2 connections: Visma.net NO (2), 2 (3)" in done.err
    assert "write the identifier of one, such as id:2" in done.err
    assert run("force-resync", "2", "--set", "keys=1", "--yes", "--profile", "sim").code == 2
    assert sent(erp) == []
    assert run("connection.toggle", "id:2", "--yes").code == 0
    (request,) = [one for one in erp.log() if "Toggle" in one["path"]]
    assert request["body"] == {"ErpConnectionId": 2}
    assert "Target       2 (connection 3)" in run("connection.toggle", "name:2", "--dry-run").out


def test_d14_a_sync_named_like_another_s_identifier_is_ambiguous(
    erp: RunningSimulator, run: Run
) -> None:
    first, second = list(erp.world.jtl.syncs.values())[:2]
    second.channel = first.id.upper()
    done = run("worker.stop", first.id, "--yes")
    assert done.code == 2
    assert "names 2 syncs" in done.err
    assert first.id in done.err
    assert second.id in done.err
    assert sent(erp) == []
    assert run("worker.stop", f"ID:{first.id}", "--yes").code == 0
    (request,) = erp.received("PUT")
    assert request["path"].endswith(first.id)


def test_d14_an_extension_named_like_another_s_identifier_is_ambiguous(
    erp: RunningSimulator, run: Run
) -> None:
    first, second = list(erp.world.jtl.extensions.values())[:2]
    second.extension_id = first.id
    done = run("extension.delete", first.id, "--yes", "--profile", "sim")
    assert done.code == 2
    assert "names 2 extensions" in done.err
    assert sent(erp) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zürich", unicodedata.normalize("NFD", "Zürich")),
        ("Outlet DE", "outlet de"),
        ("Outlet DE", "Outlet\N{NO-BREAK SPACE}DE"),
        ("Outlet DE", "Outlet  DE"),
        ("STRASSE", "Straße"),
    ],
)
def test_d14_names_that_look_the_same_are_told_apart_by_identifier_only(
    erp: RunningSimulator, run: Run, one: str, other: str
) -> None:
    connections = erp.world.so.connections
    connections[1].name, connections[2].name = one, other
    for word in (one, other):
        done = run("connection.toggle", word, "--yes")
        assert done.code == 2
        assert "names 2 connections" in done.err
    assert sent(erp) == []


def test_d14_a_name_is_found_in_any_form(erp: RunningSimulator, run: Run) -> None:
    erp.world.so.connections[2].name = unicodedata.normalize("NFD", "Zürich\N{NO-BREAK SPACE}1")
    done = run("connection.toggle", "zürich 1", "--dry-run")
    assert done.code == 0, done.err
    assert "(connection 2)" in done.out


@pytest.mark.parametrize("word", ["shop\x1b[31m", "shop\x07", "sh\u202eop", "shop\nx", "sh\u200bop"])
def test_d12_a_target_with_a_control_character_is_refused(
    erp: RunningSimulator, run: Run, word: str
) -> None:
    done = run("extension.create", word, "--set", "version=1", "--set", "hash=ab", "--yes")
    assert done.code == 2
    assert "contains a character that cannot be shown" in done.err
    assert "\x1b" not in done.err
    assert sent(erp) == []
