"""Somebody deletes the file that is being recorded: nothing acknowledged is lost."""

import pytest

from tests.history.recordings import DAY, ERROR, LONG, NOON, OK, OTTO, Folder, at, change
from tui.domain.history.records import Event, EventKind
from tui.history.forget import forget
from tui.history.reader import FileReader

NOTE = Event(at(2), EventKind.NOTE, "seen")


@pytest.mark.parametrize("also_logs", [False, True])
def test_a_removed_file_is_begun_again_with_all_states(kept: Folder, also_logs: bool) -> None:
    told: list[str] = []
    with kept.writer(report=told.append) as writer:
        writer.add([change(OK), change(OK, subject=OTTO)])
        assert writer.flush(LONG)
        for path in kept.place.glob(f"{DAY}.db*" if also_logs else f"{DAY}.db"):
            path.unlink()
        writer.add([change(ERROR, at(1)), NOTE])
        assert writer.flush(LONG)
    assert kept.states() == [
        ("t-1", "keyframe", "ok"),
        ("o-1", "keyframe", "ok"),
        ("t-1", "poll", "error"),
    ]
    assert kept.rows("SELECT text FROM event WHERE kind='note'") == [("seen",)]
    assert kept.meta()["closed"] is not None
    assert told == [f"The history of {DAY} was removed while it was recorded; a new one was begun"]


def test_a_replaced_file_is_gone_on_with(kept: Folder) -> None:
    with kept.writer() as writer:
        writer.add([change(OK)])
        assert writer.flush(LONG)
    copied = (kept.place / f"{DAY}.db").read_bytes()
    with kept.writer() as writer:
        writer.add([change(OK, at(1), OTTO)])
        assert writer.flush(LONG)
        (kept.place / "copy").write_bytes(copied)
        (kept.place / "copy").replace(kept.place / f"{DAY}.db")
        writer.add([change(ERROR, at(2)), NOTE])
        assert writer.flush(LONG)
    states = FileReader(kept.place).states_at(at(3))
    assert {subject.key: one.after.state for subject, one in states.items()} == {
        "t-1": "error",
        "o-1": "ok",
    }
    assert kept.rows("SELECT text FROM event WHERE kind='note'") == [("seen",)]


def test_a_day_that_is_recorded_is_never_forgotten(kept: Folder) -> None:
    """Neither by a time after it, nor with a file of a later day beside it."""
    with kept.writer() as writer:
        writer.add([change(OK)])
        assert writer.flush(LONG)
        (kept.place / "2026-12-24.db").touch()
        gone = forget(kept.place, at(3 * 24 * 60))
        assert (gone.days, gone.in_use) == ([], True)
        writer.add([NOTE])
        assert writer.flush(LONG)
    assert kept.states() == [("t-1", "poll", "ok")]
    assert FileReader(kept.place).events(NOON, at(5)) == (NOTE,)
