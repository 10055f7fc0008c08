"""The queue is bounded, and gives up what is no problem first."""

import pytest

from tests.history.recordings import ERROR, LONG, NOON, OK, Folder, at, change, poll
from tui.domain.history.records import Cause, Event, EventKind, Record, Subject, SubjectKind
from tui.history.writing.record_queue import RecordQueue

NOTE = Event(NOON, EventKind.NOTE, "seen")


def filled(*records: Record) -> RecordQueue:
    queue = RecordQueue(most=4)
    for record in records:
        queue.add([record])
    return queue


def test_the_oldest_that_are_no_problem_are_dropped_and_counted() -> None:
    queue = filled(change(ERROR), NOTE, poll(), change(OK), change(OK, at(1)), change(ERROR, at(2)))
    assert queue.first() == (change(ERROR), NOTE, change(OK, at(1)), change(ERROR, at(2)))
    assert queue.dropped == 2


def test_if_all_are_problems_the_oldest_are_dropped() -> None:
    queue = filled(*(change(ERROR, at(n)) for n in range(6)))
    assert queue.first() == tuple(change(ERROR, at(n)) for n in range(2, 6))


def test_what_is_being_written_is_not_dropped() -> None:
    queue = filled(poll(), poll(at(1)), poll(at(2)))
    assert queue.first() == (poll(), poll(at(1)), poll(at(2)))
    queue.add([change(ERROR), change(ERROR, at(1)), poll(at(3))])
    queue.done(3)
    assert queue.first() == (change(ERROR, at(1)),)


def test_a_failed_write_leaves_all_in_place() -> None:
    queue = filled(poll(), change(ERROR))
    queue.first()
    queue.done(0)
    assert queue.first() == (poll(), change(ERROR))
    assert queue.dropped == 0


def first_of(number: int, cause: Cause = Cause.KEYFRAME) -> Record:
    return change(OK, NOON, Subject(SubjectKind.SYNC, f"s-{number}", "a sync"), cause)


@pytest.mark.parametrize("cause", [Cause.KEYFRAME, Cause.APPEARED])
def test_the_first_record_of_a_subject_is_never_dropped(cause: Cause) -> None:
    firsts = [first_of(number, cause) for number in range(20)]
    problems = [change(ERROR, at(n)) for n in range(10)]
    again = [first_of(number, cause) for number in range(20)]
    queue = filled(*firsts, poll(), *problems, *again)
    assert queue.first() == (*firsts, *problems[-4:])
    queue.done(24)
    assert filled(*firsts[:3], poll(), poll(at(1))).dropped == 0


def test_what_is_known_to_be_written_makes_no_more_room() -> None:
    queue = filled(*(first_of(number) for number in range(20)))
    queue.first()
    queue.done(20)
    for number in range(6):
        queue.add([poll(at(number))])
    assert queue.first() == tuple(poll(at(number)) for number in range(2, 6))


def test_thousands_of_syncs_are_all_written_however_late(kept: Folder) -> None:
    """The disk is not there at first."""
    kept.place.parent.parent.mkdir(parents=True, exist_ok=True)
    kept.place.parent.touch()
    with kept.writer() as writer:
        for number in range(20_000):
            writer.add([first_of(number)])
        kept.place.parent.unlink()
        assert writer.flush(LONG)
        assert writer.status.dropped == 0
    assert kept.rows("SELECT count(DISTINCT subject) FROM change") == [(20_000,)]
