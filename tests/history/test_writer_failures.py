"""Killed, full, read-only, damaged, newer: nothing committed is lost, and recording goes on."""

import os
import resource
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.history.recordings import (
    DAY,
    ERROR,
    LONG,
    NOON,
    OK,
    OTTO,
    Folder,
    Program,
    at,
    becomes,
    change,
    eventually,
    poll,
)
from tui.domain.history.records import DayTotal, Event, EventKind, Record
from tui.domain.history.settings import HistorySettings
from tui.history.writer import WriterKind

NOBODY = 65534
Start = Callable[[], Program]


def damage(path: Path) -> None:
    """Overwrite what follows the header."""
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"\xa5" * (len(content) - 100))


def record(kept: Folder, records: Sequence[Record]) -> None:
    with kept.writer() as writer:
        writer.add(records)
        assert writer.flush(LONG)


def has_more(kept: Folder, than: int) -> bool:
    return len(kept.states()) > than


def test_a_kill_in_the_middle_of_writing_loses_no_committed_row(kept: Folder, program: Start) -> None:
    for begun in range(3):
        writing = program().start(kept.place)
        assert writing.tell("ok 250") == "True"
        writing.send("error 5000")
        writing.send("error 5000")
        assert eventually(partial(has_more, kept, 250 * (begun + 1)))
        committed = len(kept.states())
        writing.kill()
        assert kept.rows("PRAGMA quick_check") == [("ok",)]
        assert len(kept.states()) >= committed
        assert kept.meta()["closed"] is None
    before = len(kept.states())
    record(kept, [change(OK, at(300))])
    assert kept.names() == [f"{DAY}.db"]
    assert len(kept.states()) == before + 1


def test_a_damaged_file_is_set_aside_and_a_new_one_begun_with_what_is_known(kept: Folder) -> None:
    kept.clock.now = NOON - timedelta(days=1)
    record(kept, [change(ERROR, kept.clock.now)])
    kept.clock.now = NOON
    record(kept, [change(OK, subject=OTTO)])
    damage(kept.place / f"{DAY}.db")
    told: list[str] = []
    for _ in range(2):
        with kept.writer(report=told.append) as writer:
            writer.add([change(OK, subject=OTTO)])
            assert writer.flush(LONG)
            assert writer.status.kind is WriterKind.RECORDING
    assert told == [f"The history of {DAY} was damaged; it is kept as {DAY}.db.broken"]
    assert kept.states() == [("t-1", "keyframe", "error"), ("o-1", "poll", "ok"), ("o-1", "poll", "ok")]
    assert kept.rows("SELECT kind, text FROM event") == [("recorder", told[0])]
    assert f"{DAY}.db.broken" in kept.names()


def test_a_damage_inside_a_file_is_found_if_it_was_not_closed(kept: Folder, program: Start) -> None:
    writing = program().start(kept.place)
    assert writing.tell("error 2000") == "True"
    writing.kill()
    with closing(sqlite3.connect(kept.place / f"{DAY}.db")) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = kept.place / f"{DAY}.db"
    content = path.read_bytes()
    assert len(content) > 60_000
    path.write_bytes(content[:40_960] + b"\xa5" * 4_096 + content[45_056:])
    told: list[str] = []
    with kept.writer(report=told.append) as writer:
        writer.add([change(OK)])
        assert writer.flush(LONG)
    assert len(told) == 1
    assert kept.states() == [("t-1", "poll", "ok")]


def test_a_damaged_file_of_an_older_day_is_set_aside_as_well(kept: Folder) -> None:
    record(kept, [change(OK)])
    damage(kept.place / f"{DAY}.db")
    kept.clock.now = NOON + timedelta(days=1)
    told: list[str] = []
    with kept.writer(report=told.append) as writer:
        assert eventually(lambda: f"{DAY}.db.broken" in kept.names())
        assert writer.status.kind is WriterKind.RECORDING
    assert len(told) == 1


def test_damaged_sums_are_set_aside_and_begun_again(kept: Folder) -> None:
    record(kept, [change(OK)])
    (kept.place / "days.db").write_bytes(b"no database" * 100)
    kept.clock.now = NOON + timedelta(days=1)
    with kept.writer(sum_up=lambda *_given: ()) as writer:
        assert eventually(lambda: "days.db.broken" in kept.names())
        assert writer.status.kind is WriterKind.RECORDING


def test_a_newer_schema_is_left_alone_and_said(kept: Folder) -> None:
    record(kept, [change(OK)])
    path = kept.place / f"{DAY}.db"
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE meta SET value='99' WHERE key='schema'")
        file.commit()
        file.execute("PRAGMA journal_mode=DELETE")
    content = path.read_bytes()
    with kept.writer() as writer:
        writer.add([change(ERROR)])
        assert becomes(writer, WriterKind.OFF)
        assert writer.status.why == f"{DAY}.db was written by a newer version of syncdeck"
        writer.add([change(ERROR)])
    assert path.read_bytes() == content


def test_a_full_disk_pauses_and_nothing_that_waits_is_lost(kept: Folder, program: Start) -> None:
    writing = program().start(kept.place)
    assert writing.tell("ok 1") == "True"
    no_limit = resource.RLIM_INFINITY
    resource.prlimit(writing.process.pid, resource.RLIMIT_FSIZE, (0, no_limit))
    for _ in range(20):
        assert writing.tell("add error") == "done"
    assert writing.becomes("paused")
    assert "disk" in writing.tell("status")
    assert writing.tell("add ok") == "done"
    resource.prlimit(writing.process.pid, resource.RLIMIT_FSIZE, (no_limit, no_limit))
    assert writing.becomes("recording")
    assert writing.tell("ok 1") == "True"
    writing.end()
    states = [state for _, _, state in kept.states()]
    assert states == ["ok", *["error"] * 20, "ok", "ok"]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to be another user")
def test_a_read_only_home_pauses_until_it_can_be_written(program: Start) -> None:
    with TemporaryDirectory() as top:
        home = Path(top)
        home.chmod(0o755)
        kept = Folder(home / "history" / "test")
        writing = program().start(kept.place, uid=NOBODY)
        assert writing.becomes("paused")
        assert writing.tell("status") == "paused Permission denied"
        writing.tell("add error")
        os.chown(home, NOBODY, -1)
        assert writing.becomes("recording")
        writing.end()
        assert kept.states() == [("t-1", "poll", "error")]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_root_leaves_no_files_in_the_folder_of_another_user(kept: Folder) -> None:
    kept.place.mkdir(parents=True)
    os.chown(kept.place, NOBODY, -1)
    with kept.writer() as writer:
        assert becomes(writer, WriterKind.PAUSED)
        assert writer.status.why == "the folder belongs to another user"
    assert kept.names() == []


def test_an_event_of_a_day_with_a_newer_schema_goes_into_todays_file(kept: Folder) -> None:
    record(kept, [change(OK)])
    with closing(sqlite3.connect(kept.place / f"{DAY}.db")) as file:
        file.execute("UPDATE meta SET value='99' WHERE key='schema'")
        file.commit()
    kept.clock.now = NOON + timedelta(days=1)
    record(kept, [Event(NOON, EventKind.NOTE, "late")])
    assert kept.rows("SELECT text FROM event", "2026-11-30") == [("late",)]


def test_a_place_that_is_no_folder_pauses_and_says_why(kept: Folder) -> None:
    kept.place.parent.parent.mkdir(parents=True, exist_ok=True)
    kept.place.parent.touch()
    with kept.writer() as writer:
        assert becomes(writer, WriterKind.PAUSED)
        assert writer.status.why
        writer.add([change(ERROR), poll()])
        kept.place.parent.unlink()
        assert becomes(writer, WriterKind.RECORDING)
    assert kept.states() == [("t-1", "poll", "error")]


def test_an_unknown_group_pauses_and_is_named(kept: Folder) -> None:
    with kept.writer(HistorySettings(group="no-such-group")) as writer:
        assert becomes(writer, WriterKind.PAUSED)
        assert writer.status.why == "there is no group 'no-such-group'"


def test_rules_that_fail_do_not_end_the_recording(kept: Folder) -> None:
    def fails(*_given: object) -> list[DayTotal]:
        raise ZeroDivisionError

    record(kept, [change(OK)])
    kept.clock.now = NOON + timedelta(days=1)
    told: list[str] = []
    with kept.writer(sum_up=fails, report=told.append) as writer:
        assert eventually(lambda: told == ["Finished days could not be summed up: ZeroDivisionError"])
        writer.add([change(ERROR, kept.clock.now)])
        assert writer.flush(LONG)
        assert writer.status.kind is WriterKind.RECORDING
    assert kept.states("2026-11-30")[-1] == ("t-1", "poll", "error")


def test_close_returns_while_the_disk_hangs(kept: Folder) -> None:
    """Another program holds today's file; what was committed is there."""
    record(kept, [change(OK)])
    with closing(sqlite3.connect(kept.place / f"{DAY}.db", isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with kept.writer() as writer:
            writer.add([change(ERROR)])
            writer.close(0.05)
            assert writer.status.kind is WriterKind.PAUSED
            assert writer.status.why == "the disk took longer than 0.05 s"
            holder.execute("ROLLBACK")
    assert kept.states() == [("t-1", "poll", "ok"), ("t-1", "poll", "error")]
