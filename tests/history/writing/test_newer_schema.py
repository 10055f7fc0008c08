"""A newer version wrote today's file: it is left alone, and recording goes on as soon as it can."""

import sqlite3
from contextlib import closing
from datetime import timedelta

from tests.history.recordings import (
    DAY,
    ERROR,
    LONG,
    NOON,
    OK,
    OTTO,
    Folder,
    at,
    becomes,
    change,
    poll,
)
from tui.domain.history.records import Event, EventKind
from tui.history.writer import WriterKind

TOMORROW = NOON + timedelta(days=1)


def written_by_a_newer_version(kept: Folder) -> bytes:
    with kept.writer() as writer:
        writer.add([change(OK)])
        assert writer.flush(LONG)
    path = kept.place / f"{DAY}.db"
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE meta SET value='99' WHERE key='schema'")
        file.commit()
        file.execute("PRAGMA journal_mode=DELETE")
    return path.read_bytes()


def test_the_next_day_is_recorded_from_what_was_seen_meanwhile(kept: Folder) -> None:
    content = written_by_a_newer_version(kept)
    with kept.writer() as writer:
        assert becomes(writer, WriterKind.OFF)
        since = writer.status.since
        writer.add([change(ERROR, at(1)), poll(at(1)), change(OK, at(2), OTTO)])
        writer.add([change(OK, at(3)), Event(at(4), EventKind.NOTE, "seen")])
        kept.clock.now = TOMORROW
        assert becomes(writer, WriterKind.RECORDING)
        assert writer.status.since != since
        writer.add([change(ERROR, TOMORROW)])
        assert writer.flush(LONG)
    assert (kept.place / f"{DAY}.db").read_bytes() == content
    assert sorted(kept.states("2026-11-30")) == [
        ("o-1", "poll", "ok"),
        ("t-1", "poll", "error"),
        ("t-1", "poll", "ok"),
    ]
    midnight = round(TOMORROW.timestamp() * 1_000) - 12 * 3_600_000
    assert kept.rows("SELECT min(at) FROM change", "2026-11-30") == [(midnight,)]
    assert kept.rows("SELECT text FROM event", "2026-11-30") == [("seen",)]


def test_it_goes_on_the_same_day_when_the_file_is_gone(kept: Folder) -> None:
    written_by_a_newer_version(kept)
    with kept.writer() as writer:
        assert becomes(writer, WriterKind.OFF)
        writer.add([change(ERROR, at(1))])
        (kept.place / f"{DAY}.db").unlink()
        assert becomes(writer, WriterKind.RECORDING)
        assert writer.flush(LONG)
    assert kept.states() == [("t-1", "poll", "error")]


def test_a_console_can_be_closed_meanwhile(kept: Folder) -> None:
    content = written_by_a_newer_version(kept)
    with kept.writer() as writer:
        assert becomes(writer, WriterKind.OFF)
        writer.add([change(ERROR, at(1))])
        assert not writer.flush(0.05)
        assert writer.status.why == f"{DAY}.db was written by a newer version of syncdeck"
    assert (kept.place / f"{DAY}.db").read_bytes() == content
