"""The audit trail on disk: private, appended, durable, and free of secrets."""

import asyncio
import json
import os
import stat
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from tests.drivers.fake_time import START
from tests.ops.commands import COMMANDS, operation_for
from tui.domain.result import Result
from tui.domain.writes import FieldChange, PushManifest, Write, target_of
from tui.ops.audit.file_trail import FileTrail
from tui.ops.audit.record import Attempt, Ending
from tui.ops.audit.trail_reader import read_trail


def attempt(write: Write, *changes: FieldChange) -> Attempt:
    return Attempt(START, "acme", "production", operation_for(write).id, write, changes)


def note(path: Path, write: Write, *changes: FieldChange) -> str:
    return asyncio.run(FileTrail(path).attempt(attempt(write, *changes)))


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "audit" / "acme.jsonl"


def test_attempt_and_outcome_are_joined_by_id(path: Path) -> None:
    trail = FileTrail(path)
    first = asyncio.run(trail.attempt(attempt(COMMANDS[0])))
    second = asyncio.run(trail.attempt(attempt(COMMANDS[1])))
    asyncio.run(trail.outcome(second, Ending(START, Result.FAILED, "401", 401, "req-7")))
    asyncio.run(trail.outcome(first, Ending(START, Result.APPLIED, "applied")))
    records = lines(path)
    assert [record["id"] for record in records] == [first, second, second, first]
    assert [record["record"] for record in records] == ["attempt", "attempt", "outcome", "outcome"]
    assert (records[2]["result"], records[2]["status"], records[2]["request_id"]) == (
        "failed",
        401,
        "req-7",
    )


def test_file_and_directories_are_private_whatever_the_umask(path: Path) -> None:
    before = os.umask(0)
    try:
        note(path, COMMANDS[0])
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(parent.stat().st_mode) for parent in (path.parent, path.parent.parent)} == {
        0o700
    }


def test_a_file_that_others_could_read_is_made_private(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.touch(0o644)
    path.chmod(0o644)
    note(path, COMMANDS[0])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_line_torn_by_a_crash_does_not_swallow_the_next(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text('{"record":"att')
    note(path, COMMANDS[0])
    torn, whole = path.read_text().splitlines()
    assert torn == '{"record":"att'
    assert json.loads(whole)["record"] == "attempt"


def test_what_stands_is_never_rewritten(path: Path) -> None:
    trail = FileTrail(path)
    asyncio.run(trail.attempt(attempt(COMMANDS[0])))
    first = path.read_bytes()
    note(path, COMMANDS[1])
    assert path.read_bytes().startswith(first)
    assert len(lines(path)) == 2


def test_a_link_in_its_place_is_not_followed(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic"):
        note(path, COMMANDS[0])
    assert not (tmp_path / "elsewhere").exists()


def test_a_pipe_in_its_place_is_refused_and_not_waited_for(path: Path) -> None:
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    with pytest.raises(OSError, match="not a regular file"):
        note(path, COMMANDS[0])
    with pytest.raises(OSError, match="not a regular file"):
        read_trail(path, 10)


def test_a_place_that_cannot_be_written_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a directory should be")
    with pytest.raises(OSError, match="state"):
        note(tmp_path / "state" / "acme.jsonl", COMMANDS[0])


def test_a_manifest_is_recorded_by_size_and_hash_only(path: Path) -> None:
    note(path, PushManifest("e1", b"top secret", b"signed secret"))
    assert "secret" not in path.read_text()
    (record,) = lines(path)
    sent = record["sent"]
    assert isinstance(sent, dict)
    assert sent["manifest"]["bytes"] == 10
    assert len(sent["manifest"]["sha512"]) == 128


@pytest.mark.parametrize("write", COMMANDS, ids=lambda write: operation_for(write).id)
def test_every_command_is_one_line_with_its_target(path: Path, write: Write) -> None:
    change = FieldChange("Text", "alt\nzwei", "neu \ud800 ü\u2028")
    note(path, write, change)
    assert path.read_bytes().count(b"\n") == 1
    record = json.loads(path.read_bytes())
    assert record["targets"] == [target_of(write)]
    assert record["before"] == {"Text": "alt\nzwei"}


def test_times_are_utc(path: Path) -> None:
    berlin = START.astimezone(timezone(timedelta(hours=1)))
    asyncio.run(FileTrail(path).outcome("x", Ending(berlin, Result.APPLIED, "applied")))
    assert lines(path)[0]["time"] == "2026-03-01T03:00:00.000Z"


def test_consoles_that_write_at_the_same_time_leave_whole_lines(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text('{"record":"att')
    trails = [FileTrail(path) for _ in range(4)]
    long = FieldChange("Text", "a" * 20_000, "b" * 20_000)

    async def all_at_once() -> list[str]:
        notes = (trail.attempt(attempt(COMMANDS[0], long)) for trail in trails for _ in range(25))
        return await asyncio.gather(*notes)

    keys = asyncio.run(all_at_once())
    history = read_trail(path, 1_000)
    assert {entry.id for entry in history.entries} == set(keys)
    assert [line.line for line in history.broken] == [1]
