"""What the store keeps, drops and tells."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.drivers.scripted_service import down
from tui.api.errors import Absent, BadAnswer, Unreachable
from tui.domain.intervals import NOT_REPORTED, Interval
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import WorkerStatus, WorkerSync
from tui.domain.profile import System
from tui.domain.superoffice.engine import EngineStatus
from tui.store.snapshot import Topic
from tui.store.store import Store

START = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
TEMU = WorkerSync("a1", "Temu", "Temu DE", interval=Interval.read("00:05:00"))


def later(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


class Told:
    """Remembers what a subscriber heard."""

    def __init__(self, store: Store) -> None:
        self.topics: list[Topic] = []
        store.subscribe(self.topics.append)


def test_an_answer_is_kept_with_its_time_and_told() -> None:
    store = Store()
    told = Told(store)
    store.succeed(Topic.WORKERS, 1, (TEMU,), at=START, took=0.2)
    snapshot = store.snapshot(Topic.WORKERS)
    assert (snapshot.data, snapshot.fetched_at, snapshot.took, snapshot.error) == (
        (TEMU,),
        START,
        0.2,
        None,
    )
    assert told.topics == [Topic.WORKERS]


def test_the_same_answer_again_is_dated_but_told_to_nobody() -> None:
    store = Store()
    store.succeed(Topic.WORKERS, 1, (TEMU,), at=START, took=0.2)
    told, before = Told(store), store.workers()
    again = WorkerSync("a1", "Temu", "Temu DE", interval=Interval.read("00:05:00"))
    store.succeed(Topic.WORKERS, 2, (again,), at=later(5), took=0.3)
    assert told.topics == []
    assert store.snapshot(Topic.WORKERS).fetched_at == later(5)
    assert store.workers() is before


def test_a_failure_keeps_the_data_and_its_date() -> None:
    store = Store()
    store.succeed(Topic.WORKERS, 1, (TEMU,), at=START, took=0.2)
    told = Told(store)
    store.fail(Topic.WORKERS, 2, down(), at=later(5))
    store.fail(Topic.WORKERS, 3, down(), at=later(10))
    snapshot = store.snapshot(Topic.WORKERS)
    assert (snapshot.data, snapshot.fetched_at) == ((TEMU,), START)
    assert told.topics == [Topic.WORKERS]
    store.succeed(Topic.WORKERS, 4, (TEMU,), at=later(15), took=0.2)
    recovered = store.snapshot(Topic.WORKERS)
    assert (recovered.error, recovered.fetched_at, len(told.topics)) == (None, later(15), 2)


def test_another_failure_is_told() -> None:
    store = Store()
    store.fail(Topic.ENGINE, 1, down(), at=START)
    told = Told(store)
    store.fail(Topic.ENGINE, 2, down("SuperOffice: name not known"), at=later(5))
    assert told.topics == [Topic.ENGINE]


def refused() -> Unreachable:
    try:
        raise down() from OSError("refused")
    except Unreachable as raised:
        return raised


def test_a_kept_failure_does_not_keep_frames_alive() -> None:
    store, failure = Store(), refused()
    assert failure.__traceback__ is not None
    store.fail(Topic.WORKERS, 1, failure, at=START)
    error = store.snapshot(Topic.WORKERS).error
    assert error is not None
    assert (error.__cause__, error.__context__, error.__traceback__) == (None, None, None)


def test_a_late_answer_of_an_older_ask_changes_nothing() -> None:
    store = Store()
    store.succeed(Topic.WORKERS, 2, (TEMU,), at=later(5), took=0.2)
    told = Told(store)
    store.succeed(Topic.WORKERS, 1, (), at=later(6), took=5.0)
    store.fail(Topic.WORKERS, 1, down(), at=later(7))
    assert store.snapshot(Topic.WORKERS).data == (TEMU,)
    assert store.snapshot(Topic.WORKERS).error is None
    assert told.topics == []


def test_a_row_that_cannot_be_read_keeps_its_last_known_values() -> None:
    store = Store()
    store.succeed(Topic.WORKERS, 1, (TEMU,), at=START, took=0.2)
    store.succeed(
        Topic.WORKERS,
        2,
        (WorkerSync("a1", problem="no text", raw={"Interval": []}),),
        at=later(5),
        took=0.2,
    )
    (row,) = store.snapshot(Topic.WORKERS).data or ()
    assert (row.channel, row.interval.shown) == ("Temu DE", "5m")
    assert (row.problem, row.raw) == ("no text", {"Interval": []})
    store.succeed(Topic.WORKERS, 3, (TEMU,), at=later(10), took=0.2)
    assert store.snapshot(Topic.WORKERS).data == (TEMU,)


def test_a_list_streams_in_only_the_first_time() -> None:
    store = Store()
    one, two, three = Extension("1"), Extension("2"), Extension("3")
    store.succeed(Topic.EXTENSIONS, 1, (one,), at=START, took=0.1, complete=False)
    assert store.snapshot(Topic.EXTENSIONS).complete is False
    store.succeed(Topic.EXTENSIONS, 1, (one, two), at=START, took=0.2)
    told = Told(store)
    store.succeed(Topic.EXTENSIONS, 2, (three,), at=later(60), took=0.1, complete=False)
    assert store.snapshot(Topic.EXTENSIONS).data == (one, two)
    store.succeed(Topic.EXTENSIONS, 2, (three, one), at=later(61), took=0.2)
    assert store.snapshot(Topic.EXTENSIONS).data == (three, one)
    assert told.topics == [Topic.EXTENSIONS]


def test_a_stream_that_broke_off_is_not_shortened_by_the_next() -> None:
    store = Store()
    rows = tuple(Extension(str(n)) for n in range(5))
    store.succeed(Topic.EXTENSIONS, 1, rows[:4], at=START, took=0.1, complete=False)
    store.fail(Topic.EXTENSIONS, 1, down(), at=later(1))
    store.succeed(Topic.EXTENSIONS, 2, rows[:2], at=later(5), took=0.1, complete=False)
    broken = store.snapshot(Topic.EXTENSIONS)
    assert (len(broken.data or ()), broken.complete, broken.error is None) == (4, False, False)
    store.succeed(Topic.EXTENSIONS, 2, rows, at=later(6), took=0.1)
    assert store.snapshot(Topic.EXTENSIONS).complete is True


def test_completing_a_list_without_a_new_row_is_told() -> None:
    store = Store()
    store.succeed(Topic.EXTENSIONS, 1, (Extension("1"),), at=START, took=0.1, complete=False)
    told = Told(store)
    store.succeed(Topic.EXTENSIONS, 1, (Extension("1"),), at=START, took=0.2)
    assert told.topics == [Topic.EXTENSIONS]


def test_syncs_are_joined_with_their_statuses_once_both_are_known() -> None:
    store = Store()
    store.succeed(Topic.STATUS, 1, (WorkerStatus("A1", 3), WorkerStatus("b2", 4)), at=START, took=0.1)
    assert store.workers() == ()
    store.succeed(Topic.WORKERS, 1, (TEMU,), at=START, took=0.1)
    assert [(worker.name, worker.state_word) for worker in store.workers()] == [
        ("Temu · Temu DE", "ok"),
        ("b2", "error"),
    ]


def test_statuses_stand_alone_where_the_list_fails() -> None:
    store = Store()
    store.succeed(Topic.STATUS, 1, (WorkerStatus("b2", 4),), at=START, took=0.1)
    store.fail(Topic.WORKERS, 1, down(), at=START)
    assert [worker.id for worker in store.workers()] == ["b2"]


def engine(running: bool | None, message: str) -> EngineStatus:
    return EngineStatus(running, message, NOT_REPORTED)


def test_only_what_changed_on_the_engine_is_a_new_observation() -> None:
    store = Store()
    answers = [(True, "waiting"), (True, "waiting"), (False, "stopped"), (None, "stopped")]
    for n, (running, message) in enumerate(answers):
        store.succeed(Topic.ENGINE, n, engine(running, message), at=later(n), took=0.1)
    store.fail(Topic.ENGINE, 10, down("no answer"), at=later(10))
    store.fail(Topic.ENGINE, 11, down("no answer"), at=later(11))
    assert [(one.at, one.word, one.message) for one in store.observations()] == [
        (later(0), "running", "waiting"),
        (later(2), "stopped", "stopped"),
        (later(3), "unknown", "stopped"),
        (later(10), "unknown", "no answer"),
    ]


def test_observations_are_bounded() -> None:
    store = Store()
    for n in range(500):
        store.succeed(Topic.ENGINE, n, engine(n % 2 == 0, f"run {n}"), at=later(n), took=0.1)
    assert len(store.observations()) == 200
    assert store.observations()[-1].message == "run 499"


def test_a_message_in_which_only_a_number_counts_is_one_observation_with_its_latest_words() -> None:
    store = Store()
    for n, message in enumerate(("last sync 1 min ago", "last sync 2 min ago", "last sync 2 min ago")):
        store.succeed(Topic.ENGINE, n, engine(True, message), at=later(n), took=0.1)
    (seen,) = store.observations()
    assert (seen.at, seen.until, seen.message) == (later(0), later(1), "last sync 2 min ago")


def test_a_system_that_is_not_configured_is_absent_and_says_how_to_add_it() -> None:
    store = Store(absent=frozenset({Topic.ENGINE, Topic.CONNECTIONS}))
    error = store.snapshot(Topic.ENGINE).error
    assert isinstance(error, Absent)
    assert error.system is System.SUPEROFFICE
    assert "superoffice" in error.next_step
    assert store.snapshot(Topic.WORKERS).error is None


def test_a_subscriber_that_fails_keeps_nobody_from_hearing() -> None:
    store = Store()

    def fails(topic: Topic) -> None:
        raise RuntimeError(topic)

    store.subscribe(fails)
    told = Told(store)
    with pytest.raises(RuntimeError):
        store.succeed(Topic.WORKERS, 1, (TEMU,), at=START, took=0.1)
    assert told.topics == [Topic.WORKERS]
    assert store.snapshot(Topic.WORKERS).data == (TEMU,)


def test_errors_that_read_the_same_are_the_same_whatever_their_request_id() -> None:
    store = Store()
    for n in range(3):
        error = BadAnswer(system=System.JTL, sentence="not JSON", request_id=f"r{n}")
        store.fail(Topic.WORKERS, n, error, at=later(n))
        if n == 0:
            told = Told(store)
    assert told.topics == []


def test_since_when_the_engine_is_observed_is_its_first_answer_and_stays_so() -> None:
    store = Store()
    store.succeed(Topic.WORKERS, 1, (), at=START, took=0.1)
    assert store.observed_from is None
    store.succeed(Topic.ENGINE, 1, EngineStatus(True, "", NOT_REPORTED), at=later(5), took=0.1)
    assert store.observed_from == later(5)
    store.fail(Topic.ENGINE, 2, down(), at=later(10))
    store.succeed(Topic.ENGINE, 3, EngineStatus(False, "", NOT_REPORTED), at=later(15), took=0.1)
    assert store.observed_from == later(5)


def test_a_first_failure_is_what_the_engine_is_observed_from() -> None:
    store = Store()
    store.fail(Topic.ENGINE, 1, down(), at=later(3))
    assert store.observed_from == later(3)
    store.succeed(Topic.ENGINE, 2, EngineStatus(True, "", NOT_REPORTED), at=later(5), took=0.1)
    assert store.observed_from == later(3)


def test_every_result_is_reported_also_one_that_changes_nothing() -> None:
    store = Store()
    seen: list[object] = []
    store.on_polled(lambda topic, ok, at, took, error: seen.append((topic, ok, at, error is None)))
    for second in (1, 2):
        store.succeed(Topic.WORKERS, second, (), at=later(second), took=0.1)
    store.succeed(Topic.EXTENSIONS, 1, (), at=later(3), took=0.1, complete=False)
    store.fail(Topic.WORKERS, 3, refused(), at=later(4))
    assert seen == [
        (Topic.WORKERS, True, later(1), True),
        (Topic.WORKERS, True, later(2), True),
        (Topic.WORKERS, False, later(4), False),
    ]
