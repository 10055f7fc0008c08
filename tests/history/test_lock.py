"""One writer per profile; who stands by takes over without a gap in what it saw."""

import grp
import json
import os
import resource
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.history.recordings import (
    ERROR,
    LONG,
    NOON,
    OK,
    OTTO,
    RUNNING,
    Folder,
    Program,
    at,
    becomes,
    change,
    eventually,
    poll,
)
from tui.domain.history.records import Event, EventKind
from tui.domain.history.settings import HistorySettings
from tui.history.writer import Pace, WriterKind
from tui.history.writing.access import Access
from tui.history.writing.lock import WriterLock

NOBODY = 65534


def test_a_second_console_reads_along_and_says_who_records(
    kept: Folder, program: Callable[[], Program]
) -> None:
    first = program().start(kept.place)
    assert first.tell("ok 1") == "True"
    with kept.writer() as second:
        assert becomes(second, WriterKind.READING_ALONG)
        assert f"pid {first.process.pid} on " in second.status.why
        assert "since 2026-11-29 12:00 UTC" in second.status.why
    known = json.loads((kept.place / "lock").read_text())
    assert known["pid"] == first.process.pid


def test_it_takes_over_when_the_writer_is_killed(kept: Folder, program: Callable[[], Program]) -> None:
    first = program().start(kept.place)
    assert first.tell("ok 3") == "True"
    with kept.writer() as second:
        assert becomes(second, WriterKind.READING_ALONG)
        # What the first one has as well, and what only the second one sees.
        second.add([poll(NOON), change(RUNNING, NOON + timedelta(seconds=1))])
        note = Event(NOON, EventKind.NOTE, "in between")
        second.add([change(OK, NOON + timedelta(seconds=2)), change(ERROR, NOON, OTTO), note])
        first.kill()
        assert becomes(second, WriterKind.RECORDING)
        second.add([change(ERROR, at(1))])
        assert second.flush(LONG)
    assert kept.states() == [
        ("t-1", "poll", "ok"),
        ("t-1", "poll", "ok"),
        ("t-1", "poll", "ok"),
        ("o-1", "poll", "error"),
        ("t-1", "poll", "error"),
    ]
    assert kept.rows("SELECT text FROM event") == [("in between",)]


def test_who_stands_by_for_long_knows_what_it_saw(kept: Folder, program: Callable[[], Program]) -> None:
    first = program().start(kept.place)
    assert first.tell("ok 1") == "True"
    with kept.writer() as second:
        assert becomes(second, WriterKind.READING_ALONG)
        second.add([change(RUNNING, at(1), OTTO), change(OK, at(1))])
        kept.clock.now = at(60)
        second.add([change(ERROR, at(60), OTTO)])
        first.kill()
        assert becomes(second, WriterKind.RECORDING)
        assert second.flush(LONG)
    assert kept.states()[-1] == ("o-1", "poll", "error")


def test_two_consoles_and_a_recorder_write_each_row_once(
    kept: Folder, program: Callable[[], Program]
) -> None:
    recorder, *consoles = (program() for _ in range(3))
    recorder.start(kept.place)
    assert recorder.becomes("recording")
    assert recorder.tell("ok 1") == "True"
    for console in consoles:
        console.start(kept.place)
        assert console.becomes("reading_along")
        console.tell("add ok")
    assert recorder.tell("error 1") == "True", recorder.tell("status")
    for console in consoles:
        console.tell("add error")
    recorder.end()
    assert eventually(lambda: any(one.tell("status").startswith("recording") for one in consoles))
    assert sorted(console.tell("status").split()[0] for console in consoles) == [
        "reading_along",
        "recording",
    ]
    for console in consoles:
        console.end()
    assert kept.states() == [("t-1", "poll", "ok"), ("t-1", "poll", "error")]


def test_a_full_disk_does_not_keep_the_lock_taken(kept: Folder) -> None:
    """It would look as if another program recorded, as long as this one runs."""
    lock, other = (WriterLock(Access(kept.place), kept.clock) for _ in range(2))
    kept.place.mkdir(parents=True)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        assert lock.take()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not other.take()
    lock.release()
    assert other.take()
    other.release()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to be another user")
def test_another_user_who_may_only_read_reads_along(program: Callable[[], Program]) -> None:
    with TemporaryDirectory() as top:
        Path(top).chmod(0o755)
        kept = Folder(Path(top) / "history" / "test")
        with kept.writer(HistorySettings(group=grp.getgrgid(NOBODY).gr_name)) as first:
            first.add([change(OK)])
            assert first.flush(LONG)
            other = program().start(kept.place, uid=NOBODY)
            assert other.becomes("reading_along")
            assert f"pid {os.getpid()} on" in other.tell("status")
        assert other.becomes("paused")
        assert other.tell("status") == "paused Permission denied"


RESTLESS = Pace(retry=0.02, take_over=0.02, rest=0.02)


def test_a_console_that_has_nothing_to_record_lets_another_one_record(kept: Folder) -> None:
    """Such as one whose refresh is paused."""
    with kept.writer(pace=RESTLESS) as first:
        first.add([poll(NOON)])
        assert first.flush(LONG)
        assert becomes(first, WriterKind.READING_ALONG)
        with kept.writer() as second:
            assert becomes(second, WriterKind.RECORDING)
            first.add([poll(NOON)])
            assert eventually(lambda: f"pid {os.getpid()} on" in first.status.why)


def test_what_only_another_console_saw_while_this_one_did_not_poll_is_kept(kept: Folder) -> None:
    later = [poll(NOON + timedelta(seconds=5 * number)) for number in range(1, 61)]
    with kept.writer() as first:
        first.add([poll(NOON)])
        assert first.flush(LONG)
        kept.clock.now = later[-1].at
        with kept.writer() as second:
            assert becomes(second, WriterKind.READING_ALONG)
            second.add(later)
            first.add(later[-1:])
            assert becomes(second, WriterKind.RECORDING)
            assert second.flush(LONG)
    [[start, end]] = kept.rows("SELECT start, end FROM coverage")
    assert end - start == 300_000


def test_what_comes_after_a_rest_is_written_also_at_the_end(kept: Folder) -> None:
    with kept.writer(pace=RESTLESS) as only:
        for number in range(3):
            assert becomes(only, WriterKind.READING_ALONG)
            only.add([poll(NOON + timedelta(seconds=5 * number))])
            if number < 2:
                assert only.flush(LONG)
    assert kept.rows("SELECT ok FROM coverage") == [(3,)]
