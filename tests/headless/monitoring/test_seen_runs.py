"""Runs that were seen are counted over restarts: finished days by their sums, the rest by changes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.history.written import write, write_totals
from tui.domain.health.rules import Level
from tui.domain.history.records import Cause, Change, DayTotal, State, Subject, SubjectKind
from tui.headless.monitoring.seen_runs import SeenRuns, Tally, recorded_runs
from tui.history.reader import FileReader

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TEMU, OTTO = (Subject(SubjectKind.SYNC, key, key) for key in ("temu", "otto"))
RUNNING, OK = State("running", Level.RUNNING), State("ok", Level.OK)
ERROR = State("error", Level.ERROR)


def run(at: datetime, end: State, subject: Subject = TEMU) -> list[Change]:
    return [
        Change(at, subject, Cause.POLL, RUNNING, OK),
        Change(at + timedelta(seconds=40), subject, Cause.POLL, end, RUNNING),
    ]


def seen(place: Path) -> dict[str, Tally]:
    return recorded_runs(FileReader(place), NOW).of_sync


def test_without_a_history_nothing_is_known(tmp_path: Path) -> None:
    assert not recorded_runs(FileReader(tmp_path / "none"), NOW).is_known


def test_all_days_without_sums_are_counted_by_their_changes(tmp_path: Path) -> None:
    write(tmp_path, [*run(NOW - DAY, OK), *run(NOW - 2 * timedelta(hours=1), ERROR)])
    assert seen(tmp_path) == {"temu": Tally(2, 1, NOW - DAY + timedelta(seconds=40))}


def test_a_summed_day_is_not_counted_twice(tmp_path: Path) -> None:
    write(tmp_path, [*run(NOW - DAY, OK), *run(NOW - timedelta(hours=1), OK)])
    write_totals(
        tmp_path,
        [
            DayTotal(TEMU, "2026-09-01", runs=100, failed_runs=10),
            DayTotal(TEMU, "2026-11-29", runs=1),
        ],
    )
    found = seen(tmp_path)["temu"]
    assert (found.runs, found.failed) == (102, 10)
    assert found.last_success == NOW - timedelta(hours=1) + timedelta(seconds=40)


def test_the_last_success_is_found_in_an_older_day(tmp_path: Path) -> None:
    success = NOW - 2 * DAY
    write(
        tmp_path,
        [
            *run(success, OK, OTTO),
            *run(NOW - DAY, ERROR, OTTO),
            *run(NOW - timedelta(hours=1), ERROR, OTTO),
        ],
    )
    days = ("2026-11-28", 0), ("2026-11-29", 1)
    write_totals(tmp_path, [DayTotal(OTTO, day, runs=1, failed_runs=bad) for day, bad in days])
    assert seen(tmp_path) == {"otto": Tally(3, 2, success + timedelta(seconds=40))}


def test_a_success_whose_day_is_not_kept_any_more_is_not_made_up(tmp_path: Path) -> None:
    write(tmp_path, run(NOW - timedelta(hours=1), ERROR))
    write_totals(tmp_path, [DayTotal(TEMU, "2026-09-01", runs=5, failed_runs=1)])
    assert seen(tmp_path) == {"temu": Tally(6, 2, None)}


def test_what_comes_in_is_added_to_what_was_recorded() -> None:
    earlier, now = SeenRuns(), SeenRuns()
    earlier.of_sync["temu"] = Tally(10, 2, NOW - DAY)
    for change in run(NOW, ERROR):
        now.saw(change)
    now.saw(Change(NOW, TEMU, Cause.STATUS_MOVED, OK, OK))
    assert not now.is_known
    now.include(earlier)
    assert now.is_known
    assert now.of_sync == {"temu": Tally(11, 3, NOW - DAY)}
