"""The history in memory: what was seen, and nothing that was not."""

from datetime import UTC, datetime, timedelta
from itertools import count

from tui.domain.health.rules import Level
from tui.domain.history.records import Cause, Change, Poll, State, Subject, SubjectKind
from tui.history.memory import MemoryHistory

START = datetime(2026, 11, 29, 1, 0, tzinfo=UTC)
TEMU = Subject(SubjectKind.SYNC, "t-1", "Temu · Temu DE")
OK, ERROR, RUNNING = (
    State("ok", Level.OK),
    State("error", Level.ERROR, "401"),
    State("running", Level.RUNNING),
)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def history(*states: tuple[float, State]) -> MemoryHistory:
    kept = MemoryHistory()
    kept.add([Change(at(minutes), TEMU, Cause.POLL, state) for minutes, state in states])
    return kept


def test_the_state_of_a_time_is_that_of_the_last_change_before_it() -> None:
    kept = history((0, OK), (14, ERROR), (30, OK))
    assert kept.states_at(at(20))[TEMU].after == ERROR
    assert kept.states_at(at(-1)) == {}


def test_a_level_began_with_its_first_change_not_with_its_newest_text() -> None:
    kept = history((0, OK), (14, ERROR), (20, State("error", Level.ERROR, "402")))
    assert kept.since_at(at(25))[TEMU].at == at(14)


def test_routine_is_left_out_where_only_news_are_asked_for() -> None:
    kept = history((0, OK), (5, RUNNING), (6, OK), (14, ERROR))
    news = kept.changes(at(1), at(60), with_routine=False)
    assert [(change.at, change.before, change.after) for change in news] == [(at(14), OK, ERROR)]


def test_polls_that_follow_one_another_are_one_row_and_a_gap_begins_another() -> None:
    kept = MemoryHistory()
    kept.add([Poll("status", at(0) + timedelta(seconds=s), True, 5.0, 0.1) for s in (0, 5, 10, 60, 65)])
    rows = kept.coverage(at(-1), at(60))
    assert [(row.ok, (row.end - row.start).total_seconds()) for row in rows] == [(3, 10.0), (2, 5.0)]


def test_a_strip_shows_the_worst_of_each_part_and_nothing_before_the_first_record() -> None:
    kept = history((10, OK), (14, ERROR), (16, OK))
    assert kept.strips(at(0), at(30), 3)[TEMU] == (None, Level.ERROR, Level.OK)


def test_what_is_added_while_another_thread_reads_does_not_disturb_it() -> None:
    kept, numbers = history((0, OK)), count()

    class Adding(datetime):
        """A moment in which somebody adds, whenever it is compared."""

        def __ge__(self, other: object, /) -> bool:
            assert isinstance(other, datetime)
            sync = Subject(SubjectKind.SYNC, f"added {next(numbers)}", "a sync")
            kept.add(
                [
                    Change(START, sync, Cause.POLL, OK),
                    Poll(f"topic {next(numbers)}", START, True, 5.0, 0.1),
                ]
            )
            return super().__ge__(other)

    end = Adding(2026, 11, 29, 2, tzinfo=UTC)
    assert TEMU in kept.strips(end, end + timedelta(hours=1), 4)
    assert TEMU in kept.states_at(end)
    assert TEMU in kept.since_at(end)
    assert kept.coverage(START, end)
    assert len(kept.subjects()) > 1
