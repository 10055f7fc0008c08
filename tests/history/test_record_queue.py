"""The queue is bounded, and gives up what is no problem first."""

from tests.history.recordings import ERROR, NOON, OK, at, change, poll
from tui.domain.history.records import Event, EventKind, Record
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
