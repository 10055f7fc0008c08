"""What happens when a day ends, and what a new day's file begins with."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial

from tests.history.recordings import (
    DAY,
    ERROR,
    LONG,
    NOON,
    OK,
    OTTO,
    RUNNING,
    TEMU,
    Folder,
    change,
    eventually,
    poll,
)
from tui.domain.history.records import Cause, Change, Coverage, DayTotal, State, Subject
from tui.domain.history.settings import HistorySettings
from tui.history.schema import day_of
from tui.history.writer import Pace

NEXT = "2026-11-30"
MIDNIGHT = datetime(2026, 11, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
Given = tuple[str, Sequence[Change], Sequence[Coverage], Mapping[Subject, Change]]


class Sums:
    """Counts the changes of a day, and keeps what it was given."""

    def __init__(self) -> None:
        self.given: list[Given] = []

    def __call__(
        self,
        day: str,
        changes: Sequence[Change],
        coverage: Sequence[Coverage],
        states_at_start: Mapping[Subject, Change],
    ) -> Sequence[DayTotal]:
        self.given.append((day, changes, coverage, states_at_start))
        subject = next(iter(states_at_start), None) or changes[0].subject
        return [DayTotal(subject, day, runs=len(changes), ok_s=5.0)]


def totals(kept: Folder) -> list[tuple[object, ...]]:
    if not (kept.place / "days.db").exists():
        return []
    return kept.rows("SELECT day, subject_key, runs, ok_s FROM day ORDER BY day, subject_key", "days")


def test_a_new_day_begins_with_every_known_subject(kept: Folder) -> None:
    with kept.writer() as writer:
        writer.add([change(OK), change(ERROR, subject=OTTO)])
        writer.add([poll(MIDNIGHT - SECOND), change(RUNNING, MIDNIGHT - SECOND)])
        kept.clock.now = MIDNIGHT + SECOND
        writer.add([poll(MIDNIGHT + SECOND), change(OK, MIDNIGHT + SECOND)])
        assert writer.flush(LONG)
    assert kept.states(NEXT) == [
        ("t-1", "keyframe", "running"),
        ("o-1", "keyframe", "error"),
        ("t-1", "poll", "ok"),
    ]
    midnight = int(MIDNIGHT.timestamp() * 1_000)
    assert kept.rows("SELECT DISTINCT at FROM change WHERE cause='keyframe'", NEXT) == [(midnight,)]
    assert kept.states(DAY)[-1] == ("t-1", "poll", "running")


def is_finished(kept: Folder) -> bool:
    """One file, without a WAL."""
    files = [name for name in kept.names() if name.startswith(DAY)]
    return files == [f"{DAY}.db"] and (kept.place / files[0]).read_bytes()[18:20] == b"\x01\x01"


def test_a_finished_day_is_one_file_without_a_wal(kept: Folder) -> None:
    with kept.writer() as writer:
        writer.add([change(OK)])
        assert writer.flush(LONG)
        kept.clock.now = MIDNIGHT
        writer.add([change(ERROR, MIDNIGHT)])
        assert writer.flush(LONG)
        assert eventually(lambda: is_finished(kept))
        assert kept.meta(DAY)["closed"] is not None


def test_a_reader_of_yesterday_holds_nothing_up(kept: Folder) -> None:
    with kept.writer(pace=Pace(upkeep=0.01)) as writer:
        writer.add([change(OK)])
        assert writer.flush(LONG)
        with closing(sqlite3.connect(kept.place / f"{DAY}.db", isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM change").fetchall()
            kept.clock.now = MIDNIGHT
            writer.add([change(ERROR, MIDNIGHT)])
            assert writer.flush(LONG)
            assert writer.status.kind == "recording"
            assert not is_finished(kept)
        kept.clock.now = MIDNIGHT + SECOND
        writer.add([change(OK, MIDNIGHT + SECOND)])
        assert writer.flush(LONG)
        assert eventually(lambda: is_finished(kept))


def test_a_record_that_is_late_just_after_midnight_stays_with_its_file(kept: Folder) -> None:
    kept.clock.now = MIDNIGHT
    with kept.writer() as writer:
        writer.add([poll(MIDNIGHT + SECOND / 4), change(OK, MIDNIGHT - SECOND / 4)])
    assert kept.names() == [f"{NEXT}.db"]
    assert kept.rows("SELECT count(*) FROM event", NEXT) == [(0,)]


def test_after_a_restart_on_another_day_the_last_states_are_known(kept: Folder) -> None:
    with kept.writer() as writer:
        gone = change(State("not listed", OK.level), NOON, OTTO, Cause.DISAPPEARED)
        writer.add([change(ERROR), change(OK, subject=OTTO), gone])
    kept.clock.now = MIDNIGHT + timedelta(days=3, hours=8)
    with kept.writer() as writer:
        writer.add([poll(kept.clock.now)])
    assert kept.states("2026-12-03") == [("t-1", "keyframe", "error")]
    assert kept.rows("SELECT body FROM text", "2026-12-03") == [(ERROR.text,)]


def test_a_restart_on_the_same_day_adds_nothing(kept: Folder) -> None:
    for _ in range(3):
        with kept.writer() as writer:
            writer.add([poll(NOON)])
    with kept.writer() as writer:
        writer.add([change(OK)])
    with kept.writer() as writer:
        assert writer.flush(LONG)
    assert kept.states() == [("t-1", "poll", "ok")]


def test_a_finished_day_is_summed_up(kept: Folder) -> None:
    sums = Sums()
    with kept.writer(sum_up=sums) as writer:
        writer.add([change(OK), change(RUNNING, NOON + SECOND), change(OK, subject=OTTO)])
        writer.add([poll(MIDNIGHT - SECOND)])
        assert writer.flush(LONG)
        kept.clock.now = MIDNIGHT + timedelta(hours=1)
        writer.add([poll(kept.clock.now), change(ERROR, kept.clock.now)])
        assert eventually(lambda: len(totals(kept)) == 2)
    assert totals(kept) == [(DAY, "o-1", 1, 5.0), (DAY, "t-1", 2, 5.0)]
    [day, changes, coverage, start] = sums.given[0]
    assert (day, start, [row.ok for row in coverage]) == (DAY, {}, [1])
    assert [(one.subject, one.before, one.after) for one in changes] == [
        (TEMU, None, OK),
        (TEMU, OK, RUNNING),
    ]
    kept.clock.now = MIDNIGHT + timedelta(days=1)
    with kept.writer(sum_up=sums):
        assert eventually(lambda: len(totals(kept)) == 4)
    day, changes, coverage, start = next(given for given in sums.given if given[0] == NEXT)
    assert [one.after for one in changes] == [ERROR]
    assert changes[0].before == start[TEMU].after == RUNNING
    assert [row.start for row in coverage] == [MIDNIGHT - SECOND, MIDNIGHT + timedelta(hours=1)]
    assert len(sums.given) == 4


def is_summed_up(kept: Folder, day: datetime) -> bool:
    return day < NOON or day_of(day) in [row[0] for row in totals(kept)]


def test_sums_are_given_up_after_their_own_time(kept: Folder) -> None:
    settings = HistorySettings(keep_days_totals=2 * 86_400.0)
    for number in range(5):
        kept.clock.now = NOON + timedelta(days=number)
        with kept.writer(settings, sum_up=Sums()) as writer:
            writer.add([change(OK, kept.clock.now)])
            assert writer.flush(LONG)
            assert eventually(partial(is_summed_up, kept, kept.clock.now - timedelta(days=1)))
    kept.clock.now += timedelta(hours=1)
    with kept.writer(settings, sum_up=Sums()):
        assert eventually(lambda: [row[0] for row in totals(kept)] == ["2026-12-01", "2026-12-02"])


def test_a_clock_that_goes_back_over_midnight_sums_the_day_up_again(kept: Folder) -> None:
    sums = Sums()
    kept.clock.now = MIDNIGHT - timedelta(minutes=10)
    with kept.writer(sum_up=sums) as writer:
        writer.add([change(OK, kept.clock.now)])
        assert writer.flush(LONG)
        kept.clock.now = MIDNIGHT + SECOND
        writer.add([poll(kept.clock.now)])
        assert writer.flush(LONG)
        assert eventually(lambda: totals(kept) == [(DAY, "t-1", 1, 5.0)])
        kept.clock.now = MIDNIGHT - timedelta(minutes=5)
        writer.add([change(ERROR, kept.clock.now)])
        assert writer.flush(LONG)
        kept.clock.now = MIDNIGHT + timedelta(minutes=5)
        writer.add([poll(kept.clock.now, topic="engine")])
        assert writer.flush(LONG)
        assert eventually(lambda: totals(kept) == [(DAY, "t-1", 2, 5.0)])
    assert kept.rows("SELECT kind FROM event") == [("clock",)]
    assert kept.states(NEXT) == [("t-1", "keyframe", "ok"), ("t-1", "keyframe", "error")]
