"""A deadline is a number of looks: a stop of the program or the machine does not use it up."""

from datetime import UTC, datetime, timedelta

from tui.ops.execution.watch_time import Waited

BEGAN = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


def at(after: float) -> datetime:
    return BEGAN + timedelta(seconds=after)


def looked(*moments: float) -> Waited:
    waited = Waited(BEGAN, 60.0)
    for moment in moments:
        waited.look(at(moment))
    return waited


def test_d_a_long_stop_does_not_use_up_the_deadline() -> None:
    assert looked(1, 2, 3_602).seconds < 60
    assert looked(*range(1, 61)).seconds == 60


def test_d_a_clock_that_is_set_back_makes_it_no_longer() -> None:
    assert looked(1, *range(-3_600, -3_541)).seconds == 60


def test_d_only_what_was_asked_for_after_the_deadline_tells_what_is_so_then() -> None:
    waited = looked(*range(1, 61))
    assert [waited.tells(at(asked)) for asked in (59, 60, 61)] == [False, True, True]
    assert not waited.tells(None)
    assert not looked(*range(1, 60)).tells(at(61))
