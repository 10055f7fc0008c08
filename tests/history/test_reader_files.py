"""What lies in the folder: a running writer, another user's files, and files that cannot be read."""

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.history.written import begin, fill, write, write_totals
from tui.domain.health.rules import Level
from tui.domain.history.records import (
    Cause,
    Change,
    DayTotal,
    Event,
    EventKind,
    Poll,
    State,
    Subject,
    SubjectKind,
)
from tui.history import inbox
from tui.history.reader import FileReader

START = datetime(2026, 11, 29, 1, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEMU = Subject(SubjectKind.SYNC, "t-1", "Temu · Temu DE")
OK, ERROR = State("ok", Level.OK), State("error", Level.ERROR, "401 from marketplace")
APPEARED = Change(START, TEMU, Cause.APPEARED, OK)
FAILED = Change(START + HOUR, TEMU, Cause.POLL, ERROR, OK)
EARLIER = Change(START - DAY, TEMU, Cause.APPEARED, OK)


def kept(place: Path) -> Sequence[Change]:
    return FileReader(place).changes(START - 9 * DAY, START + 9 * DAY)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "history"
    folder.mkdir()
    return folder


def become_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def test_all_of_time_can_be_asked_for(place: Path) -> None:
    write(place, [APPEARED, Poll("status", START, True, 60.0, 0.1)])
    first, last = (limit.replace(tzinfo=UTC) for limit in (datetime.min, datetime.max))
    [row] = FileReader(place).coverage(first, last)
    assert row.start == START
    assert FileReader(place).coverage(first, first) == FileReader(place).coverage(last, last) == ()


@pytest.mark.parametrize("journal", ["WAL", "TRUNCATE", "DELETE"])
def test_it_reads_beside_a_running_writer(place: Path, journal: str) -> None:
    with closing(begin(place / "2026-11-29.db", journal)) as file:
        fill(file, [APPEARED])
        beside = set(place.iterdir())
        reader = FileReader(place)
        assert reader.changes(START, START + 2 * HOUR) == (APPEARED,)
        fill(file, [FAILED], seq=2)
        assert reader.changes(START, START + 2 * HOUR) == (APPEARED, FAILED)
        file.execute("BEGIN IMMEDIATE")
        file.execute("DELETE FROM change")
        assert reader.changes(START, START + 2 * HOUR) == (APPEARED, FAILED)
        file.execute("ROLLBACK")
        # No lock is left: the journal can only be changed where nobody else has it open.
        assert file.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
        assert set(place.iterdir()) <= beside


def test_a_closed_log_is_read_without_creating_one(place: Path) -> None:
    with closing(begin(place / "2026-11-29.db", "WAL")) as file:
        fill(file, [APPEARED])
    assert kept(place) == (APPEARED,)
    assert [path.name for path in place.iterdir()] == ["2026-11-29.db"]


def test_rows_that_a_killed_writer_had_committed_are_read(place: Path) -> None:
    child = os.fork()
    if child == 0:
        file = begin(place / "2026-11-29.db", "WAL")
        fill(file, [APPEARED, FAILED])
        file.execute("BEGIN")
        file.execute("DELETE FROM change")
        os._exit(9)
    os.waitpid(child, 0)
    left = {path.name: path.stat().st_size for path in place.iterdir()}
    assert left["2026-11-29.db-wal"]
    assert kept(place) == (APPEARED, FAILED)
    assert {path.name: path.stat().st_size for path in place.iterdir()} == left


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda path: path.write_bytes(b""), "is not a database"),
        (lambda path: path.write_bytes(b"x" * 5_000), "is not a database"),
        (lambda path: path.write_bytes(path.read_bytes()[:5_000]), "cannot be read"),
        (lambda path: path.write_bytes(path.read_bytes()[:100] + os.urandom(30_000)), "cannot be read"),
        (become_a_pipe, "not a regular file"),
        (lambda path: (path.unlink(), path.mkdir()), "directory"),
        (lambda path: sql(path, "DROP TABLE meta"), "is not a history file"),
        (lambda path: sql(path, "DELETE FROM meta"), "is not a history file"),
        (lambda path: sql(path, "UPDATE meta SET value = 2"), "by a newer syncdeck"),
        (lambda path: sql(path, "UPDATE change SET level = 9"), "cannot be read"),
        (lambda path: sql(path, "UPDATE change SET status_at = 'now'"), "cannot be read"),
        (lambda path: sql(path, "UPDATE change SET state = zeroblob(2000000)"), "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_left_out_and_named(
    place: Path, spoil: Callable[[Path], object], why: str
) -> None:
    write(place, [EARLIER, APPEARED])
    spoil(place / "2026-11-29.db")
    reader = FileReader(place)
    assert reader.changes(START - 9 * DAY, START + 9 * DAY) == (EARLIER,)
    assert reader.troubles[0].startswith("2026-11-29.db ")
    assert why in reader.troubles[0]
    assert reader.states_at(START + HOUR)[TEMU] == EARLIER
    assert reader.since_at(START + HOUR)[TEMU] == EARLIER
    reader.strips(START, START + HOUR, 4)
    assert reader.events(START, START + HOUR) == ()
    assert reader.coverage(START, START + HOUR) == ()
    assert reader.extent().since == EARLIER.at


def sql(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute(statement)
        file.commit()


def test_a_file_that_can_be_read_again_is_no_trouble_any_more(place: Path) -> None:
    write(place, [APPEARED])
    reader, path = FileReader(place), place / "2026-11-29.db"
    whole = path.read_bytes()
    path.write_bytes(b"broken")
    assert reader.states_at(START) == {}
    assert len(reader.troubles) == 1
    path.write_bytes(whole)
    assert reader.states_at(START) == {TEMU: APPEARED}
    assert reader.troubles == ()


def test_a_place_that_is_not_there_is_an_empty_history(tmp_path: Path) -> None:
    reader = FileReader(tmp_path / "nowhere")
    assert (reader.extent().since, reader.extent().days) == (None, 0)
    assert (reader.subjects(), reader.states_at(START), reader.since_at(START)) == ([], {}, {})
    assert (reader.changes(START, START), reader.events(START, START)) == ((), ())
    assert (reader.strips(START, START, 3), reader.totals(START, START)) == ({}, ())
    assert not (tmp_path / "nowhere").exists()


def test_other_files_of_the_folder_are_none_of_its_business(place: Path) -> None:
    write(place, [APPEARED])
    for name in ("2026-11-28.db.broken", "2026-13-01.db", "notes.db", "lock", "2026-11-29.db~"):
        (place / name).write_text("x")
    reader = FileReader(place)
    assert reader.subjects() == [TEMU]
    assert reader.troubles == ()


def test_texts_are_cleaned_again(place: Path) -> None:
    write(place, [Change(START, TEMU, Cause.APPEARED, State("error", Level.ERROR, "\x1b[31mred"))])
    assert kept(place)[0].after.text == "␛[31mred"


def test_the_newest_name_is_the_name(place: Path) -> None:
    old = Subject(SubjectKind.SYNC, "t-1", "Temu")
    write(place, [Change(START - DAY, old, Cause.APPEARED, OK), FAILED])
    reader = FileReader(place)
    assert [subject.name for subject in reader.subjects()] == [TEMU.name]
    assert [subject.name for subject in reader.states_at(START + DAY)] == [TEMU.name]


def test_the_sums_of_days_are_those_that_begin_in_the_window(place: Path) -> None:
    totals = [DayTotal(TEMU, f"2026-11-{day}", runs=day, unseen_s=1.5) for day in (27, 28, 29)]
    write_totals(place, totals)
    reader = FileReader(place)
    assert reader.totals(START - DAY, START) == (totals[2],)
    midnight = datetime(2026, 11, 27, tzinfo=UTC)
    assert reader.totals(midnight, midnight + DAY) == (totals[0], totals[1])
    (place / "days.db").write_text("broken")
    assert reader.totals(midnight, START) == ()
    assert reader.troubles == ("days.db is not a database",)


CLOSED = "history cannot be read: Permission denied"
GROUP, RECORDER, ON_CALL, STRANGER = 61_234, 61_001, 61_002, 61_003


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder whose parents everybody may pass; 2750 of the recorder and the group."""
    above = Path(tempfile.mkdtemp())
    above.chmod(0o755)
    folder = above / "history"
    folder.mkdir()
    os.chown(folder, RECORDER, GROUP)
    folder.chmod(0o2750)
    yield folder
    shutil.rmtree(above)


def as_user(user: int, group: int, act: Callable[[], object]) -> object:
    """What `act` returns in a process of that user; of an error its name."""
    incoming, outgoing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgroups([group])
        os.setgid(group)
        os.setuid(user)
        os.umask(0o077)
        try:
            result = act()
        except BaseException as failure:  # noqa: BLE001 - reported to the parent
            result = type(failure).__name__
        os.write(outgoing, json.dumps(result, default=str).encode())
        os._exit(0)
    os.close(outgoing)
    with os.fdopen(incoming) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return json.loads(text)


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes other users")
@pytest.mark.parametrize("journal_of_yesterday", ["DELETE", "WAL"])
def test_another_user_reads_what_a_recorder_writes_and_creates_nothing(
    shared: Path, journal_of_yesterday: str
) -> None:
    """Today's shared file has the TRUNCATE journal, finished ones DELETE or a closed log."""

    def record() -> None:
        os.umask(0o027)
        yesterday = begin(shared / "2026-11-28.db", journal_of_yesterday)
        fill(yesterday, [EARLIER])
        yesterday.close()
        today = begin(shared / "2026-11-29.db", "TRUNCATE")
        fill(today, [APPEARED, FAILED])
        inbox.append(shared, shared, Event(START, EventKind.NOTE, "from the recorder"))
        # It is killed in the middle of its work, and so leaves its files open.
        os._exit(0)

    child = os.fork()
    if child == 0:
        os.setgroups([GROUP])
        os.setgid(GROUP)
        os.setuid(RECORDER)
        record()
    os.waitpid(child, 0)
    assert {path.stat().st_mode & 0o777 for path in shared.iterdir()} == {0o640}
    left = {path.name: path.stat().st_mtime_ns for path in shared.iterdir()}

    def look() -> object:
        with tempfile.TemporaryDirectory() as own:
            note = Event(START + HOUR, EventKind.NOTE, "from the console", user="anna")
            went_to = inbox.append(shared, Path(own), note)
            reader = FileReader(shared, Path(own))
            texts = [event.text for event in reader.events(START, START + HOUR)]
            found = [change.after.state for change in reader.changes(START - 9 * DAY, START + DAY)]
            return [found, list(reader.troubles), texts, went_to.parent == Path(own)]

    said = as_user(ON_CALL, GROUP, look)
    assert said == [["ok", "ok", "error"], [], ["from the recorder", "from the console"], True]
    assert as_user(STRANGER, STRANGER, look) == [[], [CLOSED], ["from the console"], True]
    assert as_user(ON_CALL, GROUP, lambda: begin(shared / "2026-11-30.db")) == "OperationalError"
    assert {path.name: path.stat().st_mtime_ns for path in shared.iterdir()} == left


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes other users")
def test_another_user_reads_while_the_recorder_has_a_log_open(shared: Path) -> None:
    """Without a group WAL is used; somebody who may read all the same is not turned away."""
    path = shared / "2026-11-29.db"
    with closing(begin(path, "WAL")) as file:
        fill(file, [APPEARED])
        for one in shared.iterdir():
            os.chown(one, RECORDER, GROUP)
            one.chmod(0o640)
        found = as_user(ON_CALL, GROUP, lambda: [change.after.state for change in kept(shared)])
    assert found == ["ok"]
