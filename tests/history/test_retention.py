"""Old days go, and a history stays below its size; what is deleted is whole files."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.history.recordings import DAY, LONG, NOON, OK, RUNNING, Folder, change, eventually, poll
from tui.domain.history.records import Record, Subject, SubjectKind
from tui.domain.history.settings import HistorySettings
from tui.history.writing.retention import prune

MB = 1_000_000


def days(kept: Folder) -> list[str]:
    return [name.removesuffix(".db") for name in kept.names() if name.endswith(".db")]


@pytest.fixture
def full(kept: Folder) -> Folder:
    """Ten days until the 29th, a MB each, and other files."""
    kept.place.mkdir(parents=True)
    for number in range(20, 30):
        (kept.place / f"2026-11-{number}.db").write_bytes(bytes(MB))
    for name in ("days.db", "inbox.jsonl", "lock", "2026-11-20.db-wal", "2026-11-21.db.broken"):
        (kept.place / name).write_bytes(bytes(1_000))
    return kept


def test_days_that_ended_before_the_time_go_with_all_beside_them(full: Folder) -> None:
    gone = prune(full.place, NOON, keep=7 * 86_400.0, max_mb=100)
    assert gone == ["2026-11-20", "2026-11-21"]
    assert not [name for name in full.names() if name.startswith(("2026-11-20", "2026-11-21"))]
    assert {"days.db", "inbox.jsonl", "2026-11-22.db"} <= set(full.names())


def test_the_oldest_days_go_until_the_rest_is_small_enough(full: Folder) -> None:
    assert prune(full.place, NOON, keep=99 * 86_400.0, max_mb=4.5) == [f"2026-11-2{n}" for n in range(6)]
    assert sum(path.stat().st_size for path in full.place.iterdir()) <= 4.5 * MB


def test_today_never_goes_nor_what_is_later(full: Folder) -> None:
    assert len(prune(full.place, NOON - timedelta(days=1), keep=0, max_mb=0)) == 8
    assert [name for name in full.names() if name.startswith("2026")] == [
        "2026-11-28.db",
        "2026-11-29.db",
    ]


def test_names_that_are_no_day_stay(full: Folder) -> None:
    for name in ("2026-99-99.db", "notes.txt", "2026-11-01.dbx"):
        (full.place / name).touch()
    prune(full.place, NOON, keep=0, max_mb=0)
    assert {"2026-99-99.db", "notes.txt", "2026-11-01.dbx"} <= set(full.names())


def a_day(syncs: list[Subject], begin: datetime) -> list[Record]:
    """Each sync runs every five minutes for twenty seconds, polled every five seconds at that time."""
    records: list[Record] = []
    for number in range(288):
        at = begin + timedelta(minutes=5 * number)
        records.append(poll(at))
        records += [change(RUNNING, at, sync) for sync in syncs]
        records += [change(OK, at + timedelta(seconds=20), sync) for sync in syncs]
    return records


def test_500_syncs_stay_below_the_size_for_14_days_and_no_longer(kept: Folder) -> None:
    """A tenth of the syncs, with a tenth of the size."""
    syncs = [Subject(SubjectKind.SYNC, f"id-{n:032}", f"Marketplace {n}") for n in range(50)]
    settings = HistorySettings(max_mb=25.6)
    kept.clock.now = first = NOON.replace(hour=0)
    with kept.writer(settings, sum_up=lambda *_given: ()) as writer:
        for number in range(2):
            kept.clock.now = first + timedelta(days=number)
            records = a_day(syncs, kept.clock.now)
            for start in range(0, len(records), 5_000):
                writer.add(records[start : start + 5_000])
                assert writer.flush(LONG)
        assert writer.status.dropped == 0
        assert eventually(lambda: kept.meta()["summed"] == "1")
    one = (kept.place / f"{DAY}.db").stat().st_size
    assert 14 * one < 25.6 * MB
    copy_to_older_days(kept.place, first, 12)
    assert total(kept.place) < 25.6 * MB
    copy_to_older_days(kept.place, first, 18)
    kept.clock.now = first + timedelta(days=1, hours=1)
    with kept.writer(HistorySettings(max_mb=25.6, keep=99 * 86_400.0)):
        assert eventually(lambda: total(kept.place) <= 25.6 * MB)
    assert len(days(kept)) > 15
    with kept.writer(settings):
        assert eventually(lambda: days(kept)[0] == "2026-11-16")


def copy_to_older_days(place: Path, first: datetime, days: int) -> None:
    for number in range(1, days + 1):
        older = f"{first - timedelta(days=number):%Y-%m-%d}"
        (place / f"{older}.db").write_bytes((place / f"{first:%Y-%m-%d}.db").read_bytes())


def total(place: Path) -> int:
    size = 0
    for path in place.iterdir():
        # The writer may be deleting it.
        with suppress(FileNotFoundError):
            size += path.stat().st_size
    return size
