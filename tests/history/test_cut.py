"""A file for a ticket: what was recorded in a window, and nothing that somebody else made of it."""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.history.test_reader_equals_memory import _CALM, both, clipped, histories, moments, ordered
from tests.history.test_reader_files import become_a_pipe
from tests.history.written import begin, fill, with_keyframes, write
from tui.domain.health.rules import Level
from tui.domain.history.notes import events_of, strike_of
from tui.domain.history.records import (
    Cause,
    Change,
    Event,
    EventKind,
    Poll,
    Record,
    State,
    Subject,
    SubjectKind,
)
from tui.history import inbox
from tui.history.cut import NotReplayableError, cut, open_replay
from tui.history.schema import to_ms

START = datetime(2026, 11, 28, 23, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TEMU = Subject(SubjectKind.SYNC, "t-1", "Temu · Temu DE")
OK, ERROR = State("ok", Level.OK), State("error", Level.ERROR, "401 from marketplace")
NIGHT: Sequence[Record] = (
    Change(START, TEMU, Cause.APPEARED, OK),
    Poll("status", START, True, 7_200.0, 0.1),
    Change(START + 2 * HOUR, TEMU, Cause.POLL, ERROR, OK),
    Event(START + 2 * HOUR, EventKind.NOTE, "called the marketplace", TEMU, "anna"),
    Poll("status", START + 3 * HOUR, True, 7_200.0, 0.1),
    Change(START + 4 * HOUR, TEMU, Cause.POLL, OK, ERROR),
)
FROM, TO = START + HOUR, START + 3 * HOUR


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """The night as a file."""
    write(tmp_path / "history", with_keyframes(NIGHT))
    assert cut(tmp_path / "history", FROM, TO, tmp_path / "night.db") == ()
    return tmp_path / "night.db"


def test_a_cut_holds_the_window_and_the_states_it_began_with(night: Path) -> None:
    replay = open_replay(night)
    assert replay.changes(START, START + 9 * HOUR) == (NIGHT[2],)
    assert replay.states_at(FROM)[TEMU].after == OK
    assert replay.states_at(FROM)[TEMU].cause is Cause.KEYFRAME
    assert replay.since_at(TO)[TEMU] == NIGHT[2]
    assert replay.events(START, TO) == (NIGHT[3],)
    assert [(row.start, row.end) for row in replay.coverage(START, START + 9 * HOUR)] == [(FROM, TO)]
    assert replay.totals(START, TO) == ()
    assert replay.extent().until == TO


def test_a_cut_is_private_and_alone(night: Path) -> None:
    assert night.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in night.parent.glob("night*")] == ["night.db"]
    open_replay(night).states_at(FROM)
    assert [path.name for path in night.parent.glob("night*")] == ["night.db"]


def test_an_existing_file_is_not_written_over(night: Path) -> None:
    before = night.read_bytes()
    with pytest.raises(FileExistsError):
        cut(night.parent / "history", FROM, TO, night)
    assert night.read_bytes() == before


def test_a_cut_that_fails_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "history", NIGHT)
    monkeypatch.setattr("tui.history.cut.TABLES", "CREATE TABLE half")
    with pytest.raises(OSError, match="cannot be written"):
        cut(tmp_path / "history", FROM, TO, tmp_path / "night.db")
    assert not (tmp_path / "night.db").exists()


def test_what_could_not_be_read_is_said(tmp_path: Path) -> None:
    write(tmp_path / "history", with_keyframes(NIGHT))
    (tmp_path / "history" / "2026-11-29.db").write_text("broken")
    troubles = cut(tmp_path / "history", FROM, TO, tmp_path / "night.db")
    assert troubles == ("2026-11-29.db is not a database",)
    assert open_replay(tmp_path / "night.db").states_at(TO)[TEMU].after == OK


def test_a_note_that_was_not_taken_in_yet_is_in_it(tmp_path: Path) -> None:
    note = Event(FROM, EventKind.NOTE, "waiting", user="ben")
    inbox.append(tmp_path / "history", tmp_path / "history", note)
    cut(tmp_path / "history", FROM, TO, tmp_path / "night.db")
    assert open_replay(tmp_path / "night.db").events(FROM, TO) == (note,)


def test_a_note_that_was_struck_through_later_is_so_in_the_file(tmp_path: Path) -> None:
    place, note = tmp_path / "history", Event(FROM, EventKind.NOTE, "the token is renewed", user="ben")
    for event in (note, strike_of(note, TO + HOUR, "anna")):
        inbox.append(place, place, event)
    cut(place, FROM, TO, tmp_path / "night.db")
    found = events_of(open_replay(tmp_path / "night.db"), FROM, TO)
    assert [(one.text, one.struck_by) for one in found] == [(note.text, "anna")]


def test_a_finished_day_can_be_replayed_as_it_is(tmp_path: Path) -> None:
    write(tmp_path, NIGHT[:2])
    assert open_replay(tmp_path / "2026-11-28.db").states_at(START)[TEMU].after == OK


def execute(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        for statement in statements:
            file.execute(statement)


NONSENSE = (
    ("UPDATE meta SET value = '2' WHERE key = 'schema'", "newer syncdeck"),
    ("DELETE FROM meta", "not a history file"),
    ("CREATE VIEW extra AS SELECT * FROM change", "its tables differ"),
    ("CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM change; END", "its tables differ"),
    ("ALTER TABLE change ADD COLUMN more", "its tables differ"),
    ("UPDATE change SET level = 7", "change has values"),
    ("UPDATE change SET level = 'high'", "change has values"),
    ("UPDATE change SET cause = 'magic'", "change has values"),
    ("UPDATE change SET at = 1e300 WHERE cause = 'poll'", "change has values"),
    ("UPDATE change SET at = 9223372036854775807 WHERE cause = 'poll'", "change has values"),
    ("UPDATE change SET status_at = 'now'", "change has values"),
    ("UPDATE change SET next_at = -1", "change has values"),
    ("UPDATE change SET interval_s = 'long'", "change has values"),
    ("UPDATE change SET interval_s = 9e999", "change has values"),
    ("UPDATE change SET state = x'00ff'", "change has values"),
    ("UPDATE change SET subject = 99", "change has values"),
    ("UPDATE subject SET kind = 'person'", "subject has values"),
    ("UPDATE subject SET key = x'00'", "subject has values"),
    ("UPDATE subject SET key = char(27) || key", "subject has keys"),
    ("UPDATE subject SET key = key || char(0)", "subject has keys"),
    ("UPDATE subject SET key = key || char(155)", "subject has keys"),
    ("UPDATE subject SET kind = 'connection'", "subject has keys"),
    ("UPDATE subject SET kind = 'connection', key = replace(hex(zeroblob(9000)), '0', '9')", "has keys"),
    ("UPDATE text SET body = x'00'", "text has values"),
    ("UPDATE coverage SET start = 'x'", "coverage has values"),
    ("UPDATE coverage SET every_ms = -5", "coverage has values"),
    ("UPDATE event SET subject = 99", "event has values"),
    ("UPDATE event SET kind = 'order'", "event has values"),
    ("UPDATE event SET at = 99999999999999999", "event has values"),
)


@pytest.mark.parametrize(("statement", "why"), NONSENSE)
def test_a_file_with_something_else_in_it_is_refused(night: Path, statement: str, why: str) -> None:
    execute(night, statement)
    with pytest.raises(NotReplayableError, match=f"^night.db .*{why}"):
        open_replay(night)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda path: path.unlink(), "No such file"),
        (become_a_pipe, "not a regular file"),
        (lambda path: path.write_bytes(b""), "not a database"),
        (lambda path: path.write_text("a ticket"), "not a database"),
        (lambda path: path.write_bytes(path.read_bytes()[:-9_000]), "cannot be read|broken"),
        (
            lambda path: path.write_bytes(path.read_bytes()[:4_096] + b"\xff" * 40_000),
            "cannot be read|broken",
        ),
    ],
)
def test_a_file_that_is_none_is_refused(night: Path, spoil: Callable[[Path], object], why: str) -> None:
    spoil(night)
    with pytest.raises(NotReplayableError, match=why):
        open_replay(night)


def test_every_text_is_cleaned_again(night: Path) -> None:
    columns = {
        "text": "body",
        "subject": "name",
        "change": "state",
        "event": "text user ref",
        "coverage": "topic",
    }
    for table, names in columns.items():
        values = ", ".join(f"{name} = char(27) || '[31m' || char(8238)" for name in names.split())
        execute(night, " ".join(("UPDATE", table, "SET", values)))
    execute(night, "UPDATE coverage SET error = 1")
    replay = open_replay(night)
    shown = repr((replay.changes(START, TO), replay.events(START, TO), replay.coverage(START, TO)))
    assert "␛[31m�" in shown
    assert "\\x1b" not in shown
    assert "\\u202e" not in shown


def test_a_journal_beside_the_file_is_not_looked_at(night: Path) -> None:
    """A rollback journal of somebody else would change what the file says."""
    shutil.copy(night, night.with_name("night.db-journal"))
    night.with_name("night.db-wal").write_bytes(b"\x37\x7f\x06\x82" + bytes(4_000))
    assert len(open_replay(night).changes(START, TO)) == 1


def test_the_longest_texts_and_latest_times_can_be_shown(tmp_path: Path) -> None:
    path = tmp_path / "2026-11-28.db"
    with closing(begin(path)) as file:
        fill(file, [Change(START, TEMU, Cause.APPEARED, State("error", Level.ERROR, "x" * 900_000))])
        file.execute("UPDATE change SET status_at = ?", (to_ms(datetime(9998, 1, 1, tzinfo=UTC)),))
    assert len(open_replay(path).states_at(START)[TEMU].after.text) < 30_000


def without_gone(changes: Sequence[Change]) -> Sequence[Change]:
    """A cut does not know what had disappeared before it."""
    appeared = [replace(one, before=None) for one in changes if one.cause is Cause.APPEARED]
    return ordered((*appeared, *(one for one in changes if one.cause is not Cause.APPEARED)))


@given(histories(), st.data())
@_CALM
def test_a_replay_answers_as_the_history_itself(records: Sequence[Record], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files, _ = both(f"{folder}/history", records)
        since, until = sorted((data.draw(moments(records)), data.draw(moments(records))))
        cut(Path(folder, "history"), since, until, Path(folder, "night.db"))
        replay = open_replay(Path(folder, "night.db"))
        assert without_gone(replay.changes(since, until)) == without_gone(files.changes(since, until))
        assert replay.events(since, until) == files.events(since, until)
        rows = (replay.coverage(since, until), files.coverage(since, until))
        assert clipped(rows[0], since, until) == clipped(rows[1], since, until)
        gone = {key for key, last in files.states_at(since).items() if last.cause is Cause.DISAPPEARED}
        for subject in set(replay.subjects()) - gone:
            assert replay.strips(since, until, 7)[subject] == files.strips(since, until, 7)[subject]
