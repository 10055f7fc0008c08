"""Whatever stands in the place of a day's file: it is set aside once, and the day is recorded."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.history.recordings import DAY, ERROR, LONG, NOON, OK, Folder, change, eventually, poll
from tui.domain.history.records import Event, EventKind
from tui.history.writer import WriterKind

TOMORROW = NOON + timedelta(days=1)


def _sql(*statements: str) -> Callable[[Path], object]:
    def spoil(path: Path) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as file:
            for statement in statements:
                file.execute(statement)

    return spoil


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "what somebody keeps").touch()


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _link(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


SPOILERS = {
    "other columns": _sql("DROP TABLE change", "CREATE TABLE change(a, b)"),
    "a column less": _sql("DROP TABLE event", "CREATE TABLE event(id INTEGER PRIMARY KEY, at)"),
    "a level of 77": _sql("UPDATE change SET level=77"),
    "a level of words": _sql("UPDATE change SET level='high'"),
    "a far status time": _sql("UPDATE change SET status_at=9000000000000000000"),
    "a far time": _sql("UPDATE change SET at=9000000000000000000"),
    "a far end": _sql("UPDATE coverage SET end=9000000000000000000"),
    "an unknown kind": _sql("UPDATE subject SET kind='order'"),
    "an unknown cause": _sql("UPDATE change SET cause='moon'"),
    "no schema": _sql("DELETE FROM meta"),
    "a folder": _folder,
    "a pipe": _pipe,
    "a link to nothing": _link,
}
spoiled = pytest.mark.parametrize("spoil", SPOILERS.values(), ids=SPOILERS)


def recorded(kept: Folder) -> Path:
    with kept.writer() as writer:
        writer.add([change(OK), poll()])
        assert writer.flush(LONG)
    return kept.place / f"{DAY}.db"


@spoiled
def test_today_is_begun_again(kept: Folder, spoil: Callable[[Path], object]) -> None:
    spoil(recorded(kept))
    told: list[str] = []
    for _ in range(2):
        with kept.writer(report=told.append) as writer:
            writer.add([change(ERROR), Event(NOON, EventKind.NOTE, "seen")])
            assert writer.flush(LONG)
            assert writer.status.kind is WriterKind.RECORDING
    assert told == [f"The history of {DAY} was damaged; it is kept as {DAY}.db.broken"]
    assert kept.states()[0] == ("t-1", "poll", "error")
    assert f"{DAY}.db.broken" in kept.names()


@spoiled
def test_a_day_before_holds_up_no_chore(kept: Folder, spoil: Callable[[Path], object]) -> None:
    spoil(recorded(kept))
    kept.clock.now = TOMORROW
    told: list[str] = []
    with kept.writer(report=told.append, sum_up=lambda *_given: ()) as writer:
        writer.add([change(ERROR, TOMORROW)])
        assert writer.flush(LONG)
        if spoil not in (SPOILERS["a column less"], _link):
            assert eventually(lambda: f"{DAY}.db.broken" in kept.names())
        assert writer.status.kind is WriterKind.RECORDING
    assert len(told) <= 1


def test_a_folder_twice(kept: Folder) -> None:
    for _ in range(2):
        _folder(recorded(kept))
    assert kept.names() == [f"{DAY}.db", f"{DAY}.db.broken"]
    recorded(kept)
    assert kept.names() == [f"{DAY}.db", f"{DAY}.db.broken", f"{DAY}.db.broken.2"]


@pytest.mark.parametrize("spoil", [_folder, _pipe, _sql("DROP TABLE day", "CREATE TABLE day(a)")])
def test_sums_that_are_none_are_begun_again(kept: Folder, spoil: Callable[[Path], object]) -> None:
    recorded(kept)
    kept.clock.now = TOMORROW
    with kept.writer(sum_up=lambda *_given: ()):
        assert eventually(lambda: (kept.place / "days.db").exists())
    spoil(kept.place / "days.db")
    kept.clock.now = TOMORROW + timedelta(days=1)
    with kept.writer(sum_up=lambda *_given: ()) as writer:
        assert eventually(lambda: "days.db.broken" in kept.names())
        assert writer.status.kind is WriterKind.RECORDING
    assert f"{DAY}.db" in kept.names()
