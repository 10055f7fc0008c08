"""The change log as it is read: nothing twice, nothing lost, nothing out of its place."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tui.domain.superoffice.sync_log import SyncLog, SyncLogEntry, SyncLogPage
from tui.domain.timestamps import Moment

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def entry(number: int) -> SyncLogEntry:
    """The change of minute `number`."""
    text = (NOON + timedelta(minutes=number)).isoformat()
    return SyncLogEntry("7", field="NAME", at=Moment.read(text), raw={"updated": text})


def page(*numbers: int, following: str = "more", is_sorted: bool = True) -> SyncLogPage:
    return SyncLogPage(tuple(entry(number) for number in numbers), following, is_sorted)


def minutes(log: SyncLog) -> list[int]:
    return [round((one.at.at - NOON).total_seconds() / 60) for one in log.entries if one.at.at]


def test_pages_stand_one_below_the_other() -> None:
    log = SyncLog().refreshed(page(9, 8)).extended(page(7, 6, following=""))
    assert minutes(log) == [9, 8, 7, 6]
    assert [one.number for one in log.entries] == sorted(one.number for one in log.entries)
    assert (log.next, log.moved) == ("", False)


def test_what_is_new_comes_above_and_older_pages_stay() -> None:
    log = SyncLog().refreshed(page(9, 8, following="p2")).extended(page(7, 6, following="p3"))
    before = {one.number: one for one in log.entries}
    log = log.refreshed(page(10, 9, following="p2"))
    assert minutes(log) == [10, 9, 8, 7, 6]
    assert log.next == "p3"
    assert {one.number: one for one in log.entries if one.number in before} == before


def test_a_first_page_that_does_not_meet_what_is_known_takes_its_place() -> None:
    old = SyncLog().refreshed(page(9, 8))
    log = old.refreshed(page(30, 29, following="p2"))
    assert (minutes(log), log.next) == ([30, 29], "p2")
    assert not {one.number for one in log.entries} & {one.number for one in old.entries}
    assert minutes(log.refreshed(page(following=""))) == []


def test_rows_that_moved_down_a_page_are_not_listed_twice() -> None:
    log = SyncLog().refreshed(page(9, 8)).extended(page(8, 7))
    assert (minutes(log), log.moved) == ([9, 8, 7], True)


def test_a_page_that_would_leave_a_gap_is_not_taken() -> None:
    log = SyncLog().refreshed(page(9, 8, following="p2")).extended(page(12, 11, following="p3"))
    assert (minutes(log), log.moved, log.next) == ([9, 8], True, "p2")


def test_a_server_that_repeats_itself_ends_the_reading() -> None:
    log = SyncLog().refreshed(page(9, 8)).extended(page(9, 8))
    assert (minutes(log), log.moved, log.next) == ([9, 8], True, "")
    assert log.refreshed(page(9, 8, following="p2")).next == "p2"


def test_equal_changes_are_listed_as_often_as_they_came() -> None:
    log = SyncLog().refreshed(page(9, 9, 8))
    assert minutes(log) == [9, 9, 8]
    assert minutes(log.refreshed(page(9, 9, 9))) == [9, 9, 9, 8]


def test_without_an_order_any_row_may_follow() -> None:
    log = SyncLog().refreshed(page(3, 9, is_sorted=False)).extended(page(12, 1, is_sorted=False))
    assert (minutes(log), log.sorted) == ([3, 9, 12, 1], False)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 30), st.integers(1, 9))
def test_a_growing_log_is_never_shown_with_a_gap(size: int, pages: int, grown: int, again: int) -> None:
    server = list(range(60, 0, -1))

    def of(position: int) -> SyncLogPage:
        return page(*server[position : position + size], following=str(position + size))

    log = SyncLog().refreshed(of(0))
    for number in range(pages):
        if number == again:
            server[:0] = range(60 + grown, 60, -1)
        log = log.extended(of(int(log.next))) if log.next else log
    shown = minutes(log)
    assert shown == list(range(shown[0], shown[-1] - 1, -1))
