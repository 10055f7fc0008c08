"""Notes of whoever is not the writer: none is lost, whatever comes between."""

import json
import os
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.history.recordings import Folder, eventually
from tests.history.written import write
from tui.domain.history.records import LONGEST_TEXT, Event, EventKind, Subject, SubjectKind
from tui.history import inbox
from tui.history.reader import FileReader

START = datetime(2026, 11, 29, 1, 0, tzinfo=UTC)
TEMU = Subject(SubjectKind.SYNC, "t-1", "Temu · Temu DE")
NOTE = Event(START, EventKind.NOTE, "the marketplace is down", TEMU, "anna", "r-1")


def note(number: int) -> Event:
    return Event(START + timedelta(seconds=number), EventKind.NOTE, f"note {number}", user="ben")


def test_an_event_comes_back_as_it_was_and_only_once(tmp_path: Path) -> None:
    inbox.append(tmp_path, tmp_path, NOTE)
    assert inbox.take_in(tmp_path) == (NOTE,)
    assert inbox.take_in(tmp_path) == ()
    assert list(tmp_path.glob("inbox*")) == []


def test_the_file_is_private_and_of_the_group_where_the_folder_is(tmp_path: Path) -> None:
    private, shared = tmp_path / "private", tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o2750)
    modes = [inbox.append(place, place, NOTE).stat().st_mode & 0o777 for place in (private, shared)]
    assert modes == [0o600, 0o640]
    assert private.stat().st_mode & 0o777 == 0o700


def test_a_place_that_cannot_be_written_leads_to_our_own(tmp_path: Path) -> None:
    blocked, own = tmp_path / "blocked", tmp_path / "own"
    blocked.write_text("a file where a folder is expected")
    assert inbox.append(blocked, own, NOTE) == own / inbox.NAME
    assert FileReader(blocked, own).events(START, START) == (NOTE,)
    with pytest.raises(OSError, match="exists"):
        inbox.append(blocked, blocked, NOTE)


def test_a_reader_merges_the_inbox_in_order_of_time(tmp_path: Path) -> None:
    for number in (3, 1, 2):
        inbox.append(tmp_path, tmp_path, note(number))
    events = FileReader(tmp_path).events(START, START + timedelta(seconds=2))
    assert events == (note(1), note(2))


def test_hostile_lines_are_skipped_and_texts_are_cleaned(tmp_path: Path) -> None:
    inbox.append(tmp_path, tmp_path, NOTE)
    good = json.loads((tmp_path / inbox.NAME).read_text())
    hostile = [
        b"\xff\xfe",
        b"[" * 100_000,
        b"null",
        b'{"at": 1}',
        json.dumps(good | {"at": "yesterday"}).encode(),
        json.dumps(good | {"at": 10**30}).encode(),
        json.dumps(good | {"at": -62_135_596_800_000}).encode(),
        json.dumps(good | {"at": float("nan")}).encode(),
        json.dumps(good | {"kind": "order"}).encode(),
        json.dumps(good | {"subject": "t-1"}).encode(),
        json.dumps(good | {"text": ["a"]}).encode(),
        json.dumps(good | {"text": "red \x1b[31m" + "x" * 1_000}).encode(),
        b'{"at": 5, "kind": "no',
    ]
    (tmp_path / inbox.NAME).write_bytes(b"\n".join(hostile))
    inbox.append(tmp_path, tmp_path, NOTE)
    cleaned, last = inbox.take_in(tmp_path)
    assert cleaned.text.startswith("red ␛[31m")
    assert len(cleaned.text) == LONGEST_TEXT
    assert last == NOTE


def test_what_a_killed_writer_had_not_stored_is_taken_in_again(tmp_path: Path) -> None:
    inbox.append(tmp_path, tmp_path, note(1))
    child = os.fork()
    if child == 0:
        inbox.take_in(tmp_path, lambda events: os._exit(9))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    inbox.append(tmp_path, tmp_path, note(2))
    assert FileReader(tmp_path).events(START, START + timedelta(hours=1)) == (note(1), note(2))
    stored: list[Sequence[Event]] = []
    assert inbox.take_in(tmp_path, stored.append) == (note(1), note(2))
    assert stored == [(note(1),), (note(2),)]


def test_what_could_not_be_stored_stays(tmp_path: Path) -> None:
    def full(events: Sequence[Event]) -> None:
        raise OSError("the disk is full")

    inbox.append(tmp_path, tmp_path, NOTE)
    with pytest.raises(OSError, match="disk is full"):
        inbox.take_in(tmp_path, full)
    assert inbox.take_in(tmp_path) == (NOTE,)


def test_two_that_append_while_it_is_taken_in_lose_nothing(tmp_path: Path) -> None:
    def append(first: int) -> None:
        for number in range(first, first + 100):
            inbox.append(tmp_path, tmp_path, note(number))

    threads = [threading.Thread(target=append, args=(first,)) for first in (0, 100)]
    for thread in threads:
        thread.start()
    taken: list[Event] = []
    while any(thread.is_alive() for thread in threads):
        taken += inbox.take_in(tmp_path)
    taken += inbox.take_in(tmp_path)
    assert sorted(event.at for event in taken) == [note(number).at for number in range(200)]


def test_an_event_that_is_stored_and_still_in_the_inbox_is_shown_once(tmp_path: Path) -> None:
    inbox.append(tmp_path, tmp_path, NOTE)
    write(tmp_path, [NOTE])
    assert FileReader(tmp_path).events(START, START) == (NOTE,)
    assert inbox.drop(tmp_path, START + timedelta(seconds=1)) == 1
    assert inbox.waiting(tmp_path) == ()


def test_a_pipe_in_place_of_the_inbox_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / inbox.NAME)
    assert FileReader(tmp_path).events(START, START) == ()


@pytest.mark.parametrize("name", [inbox.NAME, inbox.TAKEN])
@pytest.mark.parametrize("stand", [os.mkfifo, os.mkdir])
def test_what_is_no_inbox_is_set_aside(tmp_path: Path, name: str, stand: Callable[[Path], None]) -> None:
    stand(tmp_path / name)
    assert inbox.take_in(tmp_path) == ()
    assert inbox.append(tmp_path, tmp_path, NOTE) == tmp_path / inbox.NAME
    assert inbox.take_in(tmp_path) == (NOTE,)
    assert [path.name for path in tmp_path.glob("inbox*")] == [f"{name}.broken"]
    stand(tmp_path / inbox.NAME)
    assert inbox.append(tmp_path, tmp_path, NOTE) == tmp_path / inbox.NAME


def test_a_time_far_ahead_is_no_event(kept: Folder) -> None:
    ahead = Event(kept.clock.now + timedelta(days=2), EventKind.NOTE, "from nowhere")
    inbox.append(kept.place, kept.place, ahead)
    inbox.append(kept.place, kept.place, NOTE)
    with kept.writer(take_in=inbox.take_in):
        assert eventually(lambda: inbox.waiting(kept.place) == ())
    assert kept.rows("SELECT text FROM event") == [(NOTE.text,)]
