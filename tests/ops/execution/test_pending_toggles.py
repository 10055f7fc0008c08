"""What of the audit trail holds a toggle back, whatever the clock does (D4)."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.drivers.fake_time import START
from tests.ops.commands import operation_for
from tui.domain.result import Result
from tui.domain.superoffice.engine import Connection
from tui.domain.writes import FieldChange, ToggleConnection, UpdateConnectionFields, Write
from tui.ops.audit.file_trail import FileTrail, MemoryTrail
from tui.ops.audit.record import Attempt, Ending, Finding
from tui.ops.execution.pending_toggles import hindrance

HERE, THERE = "https://erp.example/Cust1", "https://erp.example/Cust2"
TOGGLE = ToggleConnection(1, active=True)
SECOND = timedelta(seconds=1)


def attempt(ago: float, write: Write = TOGGLE, address: str = HERE) -> Attempt:
    change = FieldChange("State", "inactive", "active")
    operation = operation_for(write).id
    at = START - ago * SECOND
    return Attempt(at, "acme", "staging", operation, write, (change,), "Main", "superoffice", address)


async def noted(
    trail: MemoryTrail | FileTrail,
    ago: float,
    result: str | None = "unknown",
    write: Write = TOGGLE,
    address: str = HERE,
) -> str:
    key = await trail.attempt(attempt(ago, write, address))
    if result is not None:
        await trail.outcome(key, Ending(START - ago * SECOND, Result(result), f"it was {result}"))
    return key


async def held(trail: MemoryTrail | FileTrail, now: datetime = START, own: str = "") -> str:
    found = await hindrance(trail, TOGGLE, HERE, now, own)
    return "" if found is None else found.sentence


@pytest.mark.parametrize("result", ["unknown", None])
@pytest.mark.parametrize(
    ("ago", "holds"), [(0.0, True), (60.0, True), (119.9, True), (120.0, False), (3_600.0, False)]
)
async def test_only_a_young_one_without_a_result_holds(
    result: str | None, ago: float, holds: bool
) -> None:
    trail = MemoryTrail()
    await noted(trail, ago, result)
    assert bool(await held(trail)) is holds


@pytest.mark.parametrize("result", ["applied", "not applied", "failed", "refused", "not sent"])
async def test_one_with_a_result_holds_nothing(result: str) -> None:
    trail = MemoryTrail()
    await noted(trail, 1.0, result)
    assert await held(trail) == ""


async def test_d4_one_that_was_accepted_holds_until_its_effect_was_seen() -> None:
    trail = MemoryTrail()
    key = await noted(trail, 1.0, "accepted")
    await trail.check(key, Finding(START, Result.NOT_APPLIED, "State is inactive"))
    assert "has an unknown result" in await held(trail)
    await trail.check(key, Finding(START, Result.APPLIED, "State is active"))
    assert await held(trail) == ""


async def test_d4_one_of_another_profile_at_the_same_server_holds_too(tmp_path: Path) -> None:
    mine, other = FileTrail(tmp_path / "acme.jsonl"), FileTrail(tmp_path / "branch.jsonl")
    await noted(other, 1.0)
    assert "has an unknown result" in await held(mine)
    away = FileTrail(tmp_path / "away" / "acme.jsonl")
    await noted(FileTrail(tmp_path / "away" / "branch.jsonl"), 1.0, address="https://elsewhere")
    assert await held(away) == ""


async def test_d4_knowing_the_state_does_not_settle_one_that_is_still_under_way() -> None:
    trail = MemoryTrail()
    await noted(trail, 1.0, None)
    for state in ("active", "inactive"):
        told = await hindrance(trail, TOGGLE, HERE, START, expects=state)
        assert told is not None
        assert "has no response yet" in told.sentence
        assert told.next_step(TOGGLE, None) == "Wait for its response, or 2 minutes"


@pytest.mark.parametrize("result", ["unknown", "accepted"])
async def test_d4_a_state_settles_a_toggle_only_where_that_toggle_requested_it(result: str) -> None:
    trail = MemoryTrail()
    await noted(trail, 1.0, result)
    assert await hindrance(trail, TOGGLE, HERE, START, expects="active") is None
    told = await hindrance(trail, TOGGLE, HERE, START, expects="inactive")
    assert told is not None
    inactive = Connection(1, "Main", active=False)
    assert told.next_step(TOGGLE, inactive) == (
        "It is still inactive: the earlier toggle may yet take effect. Wait 2 minutes"
    )
    later = START + 120 * SECOND
    assert await hindrance(trail, TOGGLE, HERE, later, expects="inactive") is None


async def test_d4_one_that_was_rejected_and_yet_took_effect_holds() -> None:
    trail = MemoryTrail()
    key = await noted(trail, 1.0, "failed")
    assert await held(trail) == ""
    await trail.check(key, Finding(START, Result.APPLIED, "State is active"))
    assert "has an unknown result" in await held(trail)


async def test_a_look_settles_nothing() -> None:
    trail = MemoryTrail()
    key = await noted(trail, 1.0)
    for result in (Result.APPLIED, Result.NOT_APPLIED, Result.UNKNOWN):
        await trail.check(key, Finding(START, result, "State is active"))
    assert "a toggle to active at 02:59:59 UTC" in await held(trail)


@pytest.mark.parametrize(
    ("write", "address"),
    [
        (ToggleConnection(2, active=True), HERE),
        (ToggleConnection(11, active=True), HERE),
        (UpdateConnectionFields(1), HERE),
        (TOGGLE, THERE),
    ],
)
async def test_another_connection_write_or_server_holds_nothing(write: Write, address: str) -> None:
    trail = MemoryTrail()
    await noted(trail, 1.0, write=write, address=address)
    assert await held(trail) == ""


async def test_a_record_that_does_not_say_its_server_holds() -> None:
    trail = MemoryTrail()
    await noted(trail, 1.0, address="")
    assert await held(trail)


async def test_of_two_at_once_the_one_noted_first_goes_on() -> None:
    trail = MemoryTrail()
    first = await noted(trail, 0.0, None)
    second = await noted(trail, 0.0, None)
    assert await held(trail, own=first) == ""
    assert await held(trail, own=second)


@pytest.mark.parametrize(("back", "holds"), [(1.0, True), (3_600.0, True)])
async def test_a_clock_that_was_set_back_makes_no_old_one(back: float, holds: bool) -> None:
    trail = MemoryTrail()
    await noted(trail, -back)
    assert bool(await held(trail)) is holds


async def test_after_a_clock_was_set_back_a_later_record_tells_its_age() -> None:
    trail = MemoryTrail()
    await noted(trail, -3_600.0)
    await noted(trail, 119.0, "applied", UpdateConnectionFields(1))
    assert await held(trail)
    await noted(trail, 120.0, "applied", UpdateConnectionFields(1))
    assert await held(trail) == ""


@pytest.mark.parametrize("ago", [1.0, -5.0], ids=["steady", "set back"])
async def test_a_disk_whose_clock_is_behind_makes_none_old(tmp_path: Path, ago: float) -> None:
    trail = FileTrail(tmp_path / "acme.jsonl")
    await noted(trail, ago)
    behind = (START - 200 * SECOND).timestamp()
    os.utime(trail.path, (behind, behind))
    assert await held(trail)


async def test_very_many_later_attempts_do_not_hide_it() -> None:
    trail = MemoryTrail()
    await noted(trail, 100.0)
    for _ in range(3_000):
        await noted(trail, 50.0, "applied", UpdateConnectionFields(2))
    assert await held(trail)


# A trail that is broken.


async def test_a_line_that_cannot_be_read_may_be_one(tmp_path: Path) -> None:
    trail = FileTrail(tmp_path / "acme.jsonl")
    await noted(trail, 500.0, "applied")
    with trail.path.open("a") as file:
        file.write('{"record":"attempt","id":\n')
    now = datetime.fromtimestamp(trail.path.stat().st_mtime, START.tzinfo)
    assert (await held(trail, now)).startswith("line 3 of the audit trail is unreadable; it may be")
    assert await held(trail, now + 121 * SECOND) == ""


async def test_a_broken_line_before_an_old_record_is_old(tmp_path: Path) -> None:
    trail = FileTrail(tmp_path / "acme.jsonl")
    await noted(trail, 500.0, "applied")
    with trail.path.open("a") as file:
        file.write("rubbish\n")
    now = datetime.fromtimestamp(trail.path.stat().st_mtime, START.tzinfo)
    key = await trail.attempt(attempt(0.0, UpdateConnectionFields(1)))
    text = trail.path.read_text().splitlines()
    record = json.loads(text[-1])
    assert record["id"] == key
    record["time"] = (now - 130 * SECOND).isoformat()
    trail.path.write_text("\n".join([*text[:-1], json.dumps(record)]) + "\n")
    assert await held(trail, now) == ""


async def test_a_line_that_was_cut_short_is_as_old_as_it_says(tmp_path: Path) -> None:
    trail = FileTrail(tmp_path / "acme.jsonl")
    for ago, holds in ((121.0, False), (119.0, True)):
        whole = FileTrail(tmp_path / "whole.jsonl")
        await whole.attempt(attempt(ago, ToggleConnection(3, active=True)))
        trail.path.write_text(whole.path.read_text().splitlines()[-1][:150] + "\n")
        own = await trail.attempt(attempt(0.0))
        assert bool(await held(trail)) is True
        assert await held(trail, own=own) == ""
        await trail.outcome(own, Ending(START, Result.APPLIED, "applied"))
        assert bool(await held(trail)) is holds


async def test_a_trail_that_cannot_be_read_holds(tmp_path: Path) -> None:
    (tmp_path / "acme.jsonl").mkdir()
    told = await held(FileTrail(tmp_path / "acme.jsonl"))
    assert told.startswith("the audit trail cannot be read (")
