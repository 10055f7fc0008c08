"""An inactive connection is off or needs attention, the same in every face and for every next run."""

import asyncio
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drivers.command import syncdeck
from tests.drivers.console import console, write_config
from tests.drivers.simulator import RunningSimulator
from tui.cli.main import main

CAPSYS = pytest.CaptureFixture[str]
WORDS = "inactive (server gives no reason; an interrupted change can also leave it inactive)"


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        write_config(running, systems=("superoffice",))
        yield running


def ran(capsys: CAPSYS, *arguments: str) -> tuple[int, str]:
    code = main(arguments)
    return code, capsys.readouterr().out


def seen_files(places: Path) -> list[Path]:
    return list((places / "state" / "seen").glob("*"))


def test_one_that_was_inactive_when_first_seen_is_off(
    erp: RunningSimulator, capsys: CAPSYS, private_places: Path
) -> None:
    for _ in range(2):
        code, said = ran(capsys, "connections")
        assert code == 0
        assert WORDS in said
        assert "attention" not in said
        assert ran(capsys, "status")[0] == 0
    [kept] = seen_files(private_places)
    assert kept.name == "sim.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


async def test_one_that_became_inactive_later_needs_attention_in_every_face(
    erp: RunningSimulator,
) -> None:
    assert (await asyncio.to_thread(syncdeck, "status")).code == 0
    erp.world.so.connections[1].active = False
    for command in ("status", "connections"):
        done = await asyncio.to_thread(syncdeck, command)
        assert done.code == 1
        assert "1 needs attention" in done.out
        assert WORDS in done.out
    async with console(erp, waits=False, systems=("superoffice",)) as deck:
        await deck.connections.show()
        assert "1 needs attention" in deck.said("status")
        assert sum(row.startswith("!") for row in deck.rows()) == 1


def test_one_that_was_deactivated_from_here_is_off_until_somebody_else_turns_it(
    erp: RunningSimulator, capsys: CAPSYS
) -> None:
    assert ran(capsys, "run", "connection.toggle", "2", "--yes")[0] == 0
    assert ran(capsys, "connections")[0] == 0
    erp.world.so.connections[2].active = True
    assert ran(capsys, "connections")[0] == 0
    erp.world.so.connections[2].active = False
    code, said = ran(capsys, "connections")
    assert code == 1
    assert "1 needs attention" in said


def test_a_deactivation_that_failed_explains_nothing(erp: RunningSimulator, capsys: CAPSYS) -> None:
    assert ran(capsys, "connections")[0] == 0
    erp.fault("ToggleErpConnectionActive=status:400")
    assert ran(capsys, "run", "connection.toggle", "2", "--yes")[0] == 1
    erp.world.so.connections[2].active = False
    assert ran(capsys, "connections")[0] == 1


def test_another_address_of_the_same_profile_is_seen_for_the_first_time(
    erp: RunningSimulator, capsys: CAPSYS, private_places: Path
) -> None:
    assert ran(capsys, "connections")[0] == 0
    with RunningSimulator(still=True) as other:
        other.world.so.connections[1].active = False
        write_config(other, systems=("superoffice",))
        assert ran(capsys, "connections")[0] == 0
    assert len(seen_files(private_places)) == 1


@pytest.mark.parametrize("broken", ["", "[]", '{"x": 1', "\x00"])
def test_a_file_that_cannot_be_used_is_begun_anew(
    erp: RunningSimulator, capsys: CAPSYS, private_places: Path, broken: str
) -> None:
    assert ran(capsys, "connections")[0] == 0
    [kept] = seen_files(private_places)
    kept.write_text(broken)
    assert ran(capsys, "connections")[0] == 0
    erp.world.so.connections[1].active = False
    assert ran(capsys, "connections")[0] == 1


def test_the_demo_writes_nothing(capsys: CAPSYS, private_places: Path) -> None:
    assert ran(capsys, "connections", "--demo")[0] == 0
    assert not (private_places / "state").exists()
