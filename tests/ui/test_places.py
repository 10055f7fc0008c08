"""What was begun at one server is not looked at, resumed or undone at another one (D5)."""

import json
from collections.abc import Iterator

import pytest

from tests.drivers.command import syncdeck
from tests.drivers.console import console, jtl_of, wall_clock, write_config
from tests.drivers.simulator import RunningSimulator
from tests.ops.commands import operation_for
from tui.domain.writes import ConfigureWorker, ToggleConnection, Write
from tui.ops.audit.file_trail import FileTrail
from tui.ops.audit.record import Attempt
from tui.paths import state_dir, trail_path


@pytest.fixture
def other() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        yield running


async def left_open(write: Write, address: str, before: str = "") -> str:
    """An attempt that a console of a moment ago left without an outcome; its id."""
    operation = operation_for(write)
    system = operation.scope.system
    assert system is not None
    attempt = Attempt(
        wall_clock(), "sim", "development", operation.id, write, (), "Temu DE", system.value, address
    )
    key = await FileTrail(trail_path("sim")).attempt(attempt)
    # Of a process that is gone.
    text = trail_path("sim").read_text()
    record = json.loads(text.splitlines()[-1])
    trail_path("sim").write_text(text.replace(f'"pid":{record["pid"]}', '"pid":null'))
    return key


def checks() -> list[str]:
    lines = trail_path("sim").read_text().splitlines()
    return [record["id"] for record in map(json.loads, lines) if record["record"] == "check"]


async def test_d5_an_attempt_is_looked_at_where_it_was_sent_to(erp: RunningSimulator) -> None:
    key = await left_open(ConfigureWorker(erp.worker_id("Temu DE"), "00:05:00"), jtl_of(erp))
    async with console(erp) as deck:
        await deck.sees("no response; at ", "applied, Interval is 5m, as")
    assert checks() == [key]


async def test_d5_an_attempt_at_another_server_is_not_looked_at(
    erp: RunningSimulator, other: RunningSimulator
) -> None:
    await left_open(ConfigureWorker(other.worker_id("Temu DE"), "00:05:00"), jtl_of(other))
    async with console(erp, size=(200, 24)) as deck:
        await deck.sees(
            "not checked, it was sent to", jtl_of(other), f"this profile now uses {jtl_of(erp)}"
        )
    assert checks() == []


async def test_d5_an_attempt_for_another_tenant_of_the_same_address_is_not_looked_at(
    erp: RunningSimulator,
) -> None:
    tenant = f"{erp.cloud_base} · tenant another"
    await left_open(ConfigureWorker(erp.worker_id("Temu DE"), "00:05:00"), tenant)
    async with console(erp, size=(200, 24)) as deck:
        await deck.sees("not checked, it was sent to", "tenant another")
    assert checks() == []


async def test_d5_a_record_without_an_address_is_not_looked_at(erp: RunningSimulator) -> None:
    await left_open(ToggleConnection(1, active=True), "")
    async with console(erp, size=(200, 24)) as deck:
        await deck.sees("not checked, its record does not say which server it was sent to")
    assert checks() == []


@pytest.mark.parametrize("online", [False, True])
def test_d5_an_attempt_carries_system_and_address(erp: RunningSimulator, online: bool) -> None:
    path = write_config(erp, online=online)
    path.write_text(path.read_text().replace(f'"{erp.so_base}"', f'"{erp.so_base}/api/"'))
    assert syncdeck("run", "worker.configure", "Temu DE", "--set", "interval=9m", "--yes").code == 0
    assert syncdeck("run", "update-fields", "1", "--yes").code == 0
    records = map(json.loads, trail_path("sim").read_text().splitlines())
    places = [(one["system"], one["address"]) for one in records if one["record"] == "attempt"]
    so = f"{erp.so_state_url} · tenant {erp.so_tenant}" if online else erp.so_base
    assert places == [("jtl", jtl_of(erp)), ("superoffice", so)]
    (first, second) = syncdeck("audit", "--json").document["entries"]
    assert [second["address"], first["address"]] == [jtl_of(erp), so]


async def test_d5_a_draft_is_offered_only_at_its_own_server(
    erp: RunningSimulator, other: RunningSimulator
) -> None:
    async def types(server: RunningSimulator, text: str) -> None:
        async with console(server) as deck:
            await deck.workers.focus("Temu DE")
            await deck.press("e")
            await deck.opens("Configure Temu")
            await deck.form.fill("Interval", text)
            await deck.press("escape")
            await deck.opens("")

    async def offered(server: RunningSimulator) -> str:
        async with console(server) as deck:
            await deck.workers.focus("Temu DE")
            await deck.press("e")
            await deck.until(lambda: bool(deck.heading()), "a dialog")
            return await deck.read()

    await types(erp, "11m")
    async with console(other, size=(200, 24)) as deck:
        await deck.sees(f"a draft for {jtl_of(erp)} is kept but not offered")
        assert "Draft" not in deck.heading()
    assert "Draft" not in await offered(other)
    await types(other, "12m")
    assert "Interval 11m" in " ".join((await offered(erp)).split())
    assert "Interval 12m" in " ".join((await offered(other)).split())
    assert len(list((state_dir() / "drafts" / "sim").glob("*.json"))) == 2


async def test_d5_a_draft_that_does_not_say_its_server_is_kept_and_not_offered(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Temu DE")
        await deck.press("e")
        await deck.opens("Configure Temu")
        await deck.form.fill("Interval", "11m")
        await deck.press("escape")
        await deck.opens("")
    (path,) = (state_dir() / "drafts" / "sim").glob("*.json")
    tree = json.loads(path.read_text())
    del tree["address"]
    path.write_text(json.dumps(tree))
    async with console(erp, size=(200, 24)) as deck:
        await deck.sees("a draft without the address of its server is kept but not offered")
        await deck.workers.focus("Temu DE")
        await deck.press("e")
        await deck.opens("Configure Temu")
    assert path.exists()
