"""What is left of a history after `forget`."""

import fcntl
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.history.written import begin, fill, with_keyframes, write, write_totals
from tui.domain.health.rules import Level
from tui.domain.history.records import (
    Cause,
    Change,
    DayTotal,
    Event,
    EventKind,
    Poll,
    Record,
    State,
    Subject,
    SubjectKind,
)
from tui.history import inbox
from tui.history.forget import forget
from tui.history.reader import FileReader

START = datetime(2026, 11, 27, 22, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TEMU = Subject(SubjectKind.SYNC, "t-1", "Temu · Temu DE")
ETSY = Subject(SubjectKind.SYNC, "e-1", "Etsy")
OK, ERROR, SECRET = (
    State("ok", Level.OK),
    State("error", Level.ERROR, "401 from marketplace"),
    State("error", Level.ERROR, "customer Meier has no address"),
)
NOTE = Event(START + 9 * HOUR, EventKind.NOTE, "still with us", user="anna")
RECORDS: Sequence[Record] = (
    Change(START, TEMU, Cause.APPEARED, OK),
    Change(START, ETSY, Cause.APPEARED, OK),
    Poll("status", START, True, 7_200.0, 0.1),
    Change(START + 3 * HOUR, TEMU, Cause.POLL, SECRET, OK),
    Poll("status", START + 3 * HOUR, True, 14_400.0, 0.1),
    Event(START + 3 * HOUR, EventKind.NOTE, "called Meier", user="anna"),
    Change(START + 4 * HOUR, TEMU, Cause.POLL, ERROR, SECRET),
    Change(START + 5 * HOUR, ETSY, Cause.DISAPPEARED, OK, OK),
    Poll("status", START + 8 * HOUR, True, 14_400.0, 0.1),
    Change(START + 8 * HOUR, TEMU, Cause.POLL, OK, ERROR),
    NOTE,
)
BEFORE = START + 6 * HOUR


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "history"
    write(folder, with_keyframes(RECORDS))
    return folder


def test_a_history_that_is_not_there_has_nothing_to_forget(tmp_path: Path) -> None:
    assert forget(tmp_path / "nowhere", BEFORE).days == []
    assert not (tmp_path / "nowhere").exists()


def test_whole_days_go_and_of_the_day_that_goes_on_what_was_before(place: Path) -> None:
    reader = FileReader(place)
    gone = forget(place, BEFORE)
    assert (gone.days, gone.in_use) == (["2026-11-27"], False)
    assert gone.rows > 0
    assert gone.size > 0
    assert [path.name for path in place.iterdir()] == ["2026-11-28.db"]
    assert reader.changes(START, START + 24 * HOUR) == (RECORDS[9],)
    assert reader.events(START, START + 24 * HOUR) == (NOTE,)
    assert [row.start for row in reader.coverage(START, START + 24 * HOUR)] == [BEFORE]
    assert reader.extent().since == BEFORE
    assert reader.troubles == ()


def test_the_states_of_that_time_are_the_beginning_of_the_rest(place: Path) -> None:
    forget(place, BEFORE)
    reader = FileReader(place)
    assert reader.states_at(BEFORE - timedelta(milliseconds=1)) == {}
    states = reader.states_at(BEFORE + HOUR)
    assert {subject: change.after for subject, change in states.items()} == {TEMU: ERROR}
    assert states[TEMU].cause is Cause.KEYFRAME


def test_what_was_forgotten_is_in_no_file(place: Path) -> None:
    inbox.append(place, place, Event(START, EventKind.NOTE, "ask Meier", user="anna"))
    inbox.append(place, place, NOTE)
    write_totals(place, [DayTotal(TEMU, f"2026-11-{day}", runs=1) for day in (26, 27, 28, 29)])
    forget(place, BEFORE)
    left = b"".join(path.read_bytes() for path in place.iterdir())
    assert b"Meier" not in left
    assert b"401 from marketplace" in left
    assert b"still with us" in left
    # The sum of the 28th holds what was before that time.
    totals = FileReader(place).totals(START - 99 * HOUR, START + 99 * HOUR)
    assert [total.day for total in totals] == ["2026-11-29"]


def test_forgetting_twice_changes_nothing_more(place: Path) -> None:
    forget(place, BEFORE)
    kept = FileReader(place).states_at(BEFORE + 9 * HOUR)
    again = forget(place, BEFORE)
    assert (again.days, again.rows) == ([], 0)
    assert FileReader(place).states_at(BEFORE + 9 * HOUR) == kept


def test_a_change_at_that_very_time_needs_no_keyframe(place: Path) -> None:
    forget(place, START + 8 * HOUR)
    states = FileReader(place).states_at(START + 8 * HOUR)
    assert {subject: change.cause for subject, change in states.items()} == {TEMU: Cause.POLL}


def test_the_rows_that_are_being_recorded_are_kept_and_it_is_said(place: Path) -> None:
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        gone = forget(place, BEFORE)
        assert (gone.days, gone.rows, gone.in_use) == (["2026-11-27"], 0, True)
    assert forget(place, BEFORE).in_use is False
    assert FileReader(place).extent().since == BEFORE


def test_a_log_that_a_recording_left_is_emptied_as_well(tmp_path: Path) -> None:
    path = tmp_path / "2026-11-28.db"
    with closing(begin(path, "WAL")) as file:
        fill(file, [Change(START + 3 * HOUR, TEMU, Cause.APPEARED, SECRET)])
        fill(file, [Change(START + 5 * HOUR, TEMU, Cause.POLL, OK)], seq=2)
        forget(tmp_path, BEFORE)
        left = b"".join(one.read_bytes() for one in tmp_path.glob("2026*"))
        assert b"Meier" not in left
    assert FileReader(tmp_path).states_at(BEFORE)[TEMU].after == OK


def test_a_file_that_cannot_be_changed_is_named(place: Path) -> None:
    (place / "2026-11-28.db").write_text("broken")
    with pytest.raises(OSError, match="cannot be changed") as refused:
        forget(place, BEFORE)
    assert refused.value.filename == str(place / "2026-11-28.db")
