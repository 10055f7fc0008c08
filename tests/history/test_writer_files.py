"""What a writer leaves in a day's file."""

import grp
import os
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.history.recordings import (
    DAY,
    ERROR,
    LONG,
    NOON,
    OK,
    OTTO,
    RUNNING,
    TEMU,
    Folder,
    at,
    change,
    eventually,
    poll,
)
from tui.domain.history.records import Cause, Event, EventKind, Named, Subject, SubjectKind
from tui.domain.history.settings import HistorySettings
from tui.history.reader import FileReader
from tui.history.writer import Pace
from tui.history.writing.mounts import is_local


def permissions(path: Path) -> str:
    return f"{stat.S_IMODE(path.stat().st_mode):o}"


def test_changes_polls_and_events_are_in_the_days_file(kept: Folder) -> None:
    with kept.writer() as writer:
        note = Event(at(1), EventKind.NOTE, "restarted the router", TEMU, "anna")
        writer.add([poll(), change(OK), change(ERROR, at(1)), note])
        assert writer.flush(LONG)
        assert kept.meta()["closed"] is None
    assert kept.states() == [("t-1", "poll", "ok"), ("t-1", "poll", "error")]
    assert kept.rows("SELECT topic, ok, failed, slowest_ms FROM coverage") == [("status", 1, 0, 100)]
    assert kept.rows("SELECT kind, user, text FROM event") == [("note", "anna", "restarted the router")]
    meta = kept.meta()
    assert (meta["schema"], meta["profile"], meta["version"]) == ("1", "test", "1")
    assert meta["opened"] == meta["closed"] == str(int(NOON.timestamp() * 1_000))


def test_only_the_user_may_read(kept: Folder) -> None:
    with kept.writer() as writer:
        writer.add([change(OK)])
        assert writer.flush(LONG)
        assert {permissions(path) for path in kept.place.iterdir()} == {"600"}
        assert permissions(kept.place) == "700"


def test_a_group_may_read_and_needs_no_wal(kept: Folder) -> None:
    own = grp.getgrgid(os.getegid()).gr_name
    kept.place.mkdir(parents=True, mode=0o700)
    (kept.place / "2026-11-28.db").touch(0o600)
    with kept.writer(HistorySettings(group=own)) as writer:
        writer.add([change(OK)])
        assert writer.flush(LONG)
        assert f"{DAY}.db-wal" not in kept.names()
        assert {permissions(path) for path in kept.place.iterdir()} == {"640"}
        assert permissions(kept.place) == permissions(kept.place.parent) == "2750"


def test_each_text_is_kept_once_and_shortened(kept: Folder) -> None:
    long = replace(ERROR, text="x" * 5_000)
    with kept.writer() as writer:
        writer.add([change(long), change(long, subject=OTTO), poll(error="503"), change(ERROR, at(1))])
    bodies = [body for (body,) in kept.rows("SELECT body FROM text ORDER BY length(body)")]
    assert bodies == ["503", ERROR.text, "x" * 300]


def test_no_messages_are_kept_where_none_are_wanted(kept: Folder) -> None:
    with kept.writer(HistorySettings(messages="none")) as writer:
        writer.add([change(ERROR), poll(error="secret 503")])
    assert kept.rows("SELECT body FROM text") == [("the request failed",)]
    assert kept.rows("SELECT ok, failed FROM coverage") == [(0, 1)]


def test_equal_polls_are_one_row_until_a_gap_or_another_outcome(kept: Folder) -> None:
    with kept.writer() as writer:
        writer.add([poll(at(n / 12)) for n in range(12)])
        assert writer.flush(LONG)
        writer.add([poll(at(n / 12)) for n in range(12, 24)])
        writer.add([poll(at(2), error="503"), poll(at(10)), poll(at(10), topic="engine")])
    rows = kept.rows("SELECT topic, (end - start) / 1000, ok, failed FROM coverage ORDER BY start")
    assert rows == [
        ("status", 115, 24, 0),
        ("status", 0, 0, 1),
        ("engine", 0, 1, 0),
        ("status", 0, 1, 0),
    ]


def test_coverage_goes_on_when_the_console_was_only_restarted(kept: Folder) -> None:
    for moment in (at(0), at(0.1)):
        with kept.writer() as writer:
            writer.add([poll(moment)])
    assert kept.rows("SELECT (end - start) / 1000, ok FROM coverage") == [(6, 2)]


def test_two_changes_in_a_millisecond_are_both_kept_in_their_order(kept: Folder) -> None:
    with kept.writer() as writer:
        writer.add([change(RUNNING), change(ERROR), change(OK)])
    first = int(NOON.timestamp() * 1_000)
    found = kept.rows("SELECT at, state FROM change ORDER BY seq")
    assert found == [(first, "running"), (first + 1, "error"), (first + 2, "ok")]


def test_the_newest_name_of_a_subject_is_kept(kept: Folder) -> None:
    renamed = Subject(SubjectKind.SYNC, "t-1", "Temu · Temu AT")
    with kept.writer() as writer:
        writer.add([change(OK), change(ERROR, at(1), renamed)])
    assert kept.rows("SELECT key, name FROM subject") == [("t-1", "Temu · Temu AT")]


def test_a_name_alone_is_kept_also_over_midnight_and_the_old_ones_are_known(kept: Folder) -> None:
    first, second = (replace(TEMU, name=f"Temu · {name}") for name in ("FR", "AT"))
    with kept.writer() as writer:
        writer.add([change(OK), Named(at(1), first), Named(at(2), second)])
        assert writer.flush(LONG)
        reader = FileReader(kept.place)
        assert [one.name for one in reader.subjects()] == ["Temu · AT"]
        kept.clock.now += timedelta(days=1)
        writer.add([poll(kept.clock.now)])
        assert writer.flush(LONG)
    assert kept.rows("SELECT name FROM subject", "2026-11-30") == [("Temu · AT",)]
    assert reader.former_names() == {TEMU: {TEMU.name, "Temu · FR"}}
    assert kept.states() == [("t-1", "poll", "ok")]


def test_a_level_that_gets_worse_is_committed_at_once(kept: Folder) -> None:
    with kept.writer(pace=Pace(commit=1_000)) as writer:
        writer.add([change(OK)])
        assert writer.flush(LONG)
        writer.add([poll(), change(ERROR, at(1))])
        assert eventually(lambda: len(kept.states()) == 2)


def test_200_records_are_committed_at_once(kept: Folder) -> None:
    with kept.writer(pace=Pace(commit=1_000)) as writer:
        writer.add([change(OK)])
        assert writer.flush(LONG)
        writer.add([change(OK, at(n), cause=Cause.STATUS_MOVED) for n in range(1, 201)])
        assert eventually(lambda: len(kept.states()) == 201)


def test_the_database_is_loaded_in_the_thread_of_the_writer() -> None:
    code = "import sys, tui.history.writer; raise SystemExit('sqlite3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_nothing_is_recorded_where_it_is_switched_off(kept: Folder) -> None:
    with kept.writer(HistorySettings(enabled=False)) as writer:
        writer.add([change(OK)])
        assert writer.status.kind == "off"
    assert not kept.place.exists()


def test_events_of_other_programs_are_taken_in_and_go_into_the_file_of_their_day(kept: Folder) -> None:
    inbox = [
        Event(NOON - timedelta(days=1), EventKind.NOTE, "late", user="anna"),
        Event(NOON, EventKind.NOTE, "now", user="ben"),
    ]

    def take_in(place: Path, store: object) -> None:
        assert callable(store)
        events = [inbox.pop() for _ in range(len(inbox))]
        store(events)

    with kept.writer(take_in=take_in) as writer:
        writer.add([change(OK)])
        assert writer.flush(LONG)
    assert kept.rows("SELECT text FROM event") == [("now",)]
    assert kept.rows("SELECT text FROM event", "2026-11-28") == [("late",)]


def test_an_event_of_a_clock_that_is_ahead_stays_with_today(kept: Folder) -> None:
    with kept.writer() as writer:
        writer.add([change(OK), Event(at(99_999), EventKind.NOTE, "from a wrong clock"), poll(at(1))])
    assert kept.names() == [f"{DAY}.db"]
    assert kept.rows("SELECT kind FROM event") == [("note",)]


def test_our_clock_goes_back_an_hour(kept: Folder) -> None:
    with kept.writer() as writer:
        writer.add([poll(), change(OK)])
        writer.add([poll(at(-60)), change(ERROR, at(-60)), poll(at(-59.95))])
    assert kept.rows("SELECT kind, text FROM event") == [("clock", "the clock was set back by 1h")]
    assert [state for _, _, state in kept.states()] == ["ok", "error"]
    assert kept.rows("SELECT ok FROM coverage ORDER BY start") == [(2,), (1,)]
    kept.clock.now = at(-59)
    with kept.writer() as writer:
        writer.add([change(OK, at(-59))])
    assert kept.rows("SELECT count(*) FROM event") == [(1,)]


def test_a_step_of_the_clock_that_was_reported_already_is_one_event(kept: Folder) -> None:
    step = Event(at(-24 * 60), EventKind.CLOCK, "the clock was set back by 1d")
    with kept.writer() as writer:
        writer.add([poll(), change(OK), step, poll(at(-24 * 60)), change(ERROR, at(-24 * 60 + 1))])
    assert kept.rows("SELECT count(*) FROM event") == [(0,)]
    assert kept.rows("SELECT kind FROM event", "2026-11-28") == [("clock",)]
    assert kept.states("2026-11-28")[-1] == ("t-1", "poll", "error")


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [("ext4", True), ("nfs4", False), ("cifs", False), ("fuse.sshfs", False), ("smb3", False)],
)
def test_a_wal_is_only_used_on_local_file_systems(tmp_path: Path, kind: str, wanted: bool) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        f"22 1 8:1 / / rw - btrfs /dev/sda1 rw\n"
        f"23 22 8:2 / /mnt/a\\040b rw,relatime shared:1 - {kind} server:/x rw\n"
    )
    assert is_local(Path("/mnt/a b/history"), mounts) is wanted
    assert is_local(Path("/mnt/other"), mounts)
    assert not is_local(Path("/"), tmp_path / "missing")


def test_the_first_writer_knows_no_state_from_before(kept: Folder) -> None:
    kept.clock.now = datetime(2026, 11, 30, tzinfo=UTC)
    with kept.writer() as writer:
        writer.add([change(OK, kept.clock.now)])
    assert kept.states("2026-11-30") == [("t-1", "poll", "ok")]
