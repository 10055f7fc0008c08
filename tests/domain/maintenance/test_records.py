"""When a set is open, partly open or closed, and the sentences that keep it from being forgotten."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.domain.maintenance.samples import DONE, ONE, maintenance, target
from tui.domain.maintenance.banner import banner, banners, needs_attention, off_words, summary
from tui.domain.maintenance.records import (
    Holder,
    NotedTarget,
    SetState,
    Step,
    dated_id,
    name_in_id,
)
from tui.domain.result import Result

UNKNOWN = Result.UNKNOWN
FAILED, SENDING = Step(ONE, Result.FAILED), Step(ONE)
LATER = ONE + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("one", "state"),
    [
        (target(stop=DONE), SetState.OPEN),
        (target(left="it was off before"), SetState.OPEN),
        (target(), SetState.PARTLY),
        (target(stop=FAILED), SetState.PARTLY),
        (target(stop=SENDING), SetState.PARTLY),
        (target(stop=Step(ONE, Result.UNKNOWN)), SetState.PARTLY),
        (target(stop=DONE, start=FAILED), SetState.PARTLY),
        (target(stop=DONE, start=DONE), SetState.PARTLY),
    ],
)
def test_the_state_of_a_set(one: NotedTarget, state: SetState) -> None:
    assert maintenance(target("Amazon DE", stop=DONE), one).state is state


def test_a_set_that_is_worked_on_is_open_and_a_closed_one_closed() -> None:
    assert maintenance(target(), holder=Holder(1, "erp1")).state is SetState.OPEN
    assert maintenance(target(stop=DONE), closed_at=LATER).state is SetState.CLOSED


def test_the_banner_names_what_is_off_and_until_when() -> None:
    off = [target(name, stop=DONE) for name in ("a", "b", "c", "d")]
    one = maintenance(*off, target("e", left="it was off before"))
    assert banner(one, LATER) == "maintenance nightly · 4 off since 01:00 · until 03:00"
    assert not needs_attention(one, LATER)
    overdue = ONE + timedelta(hours=2)
    assert banner(one, overdue).endswith("4 off since 01:00 · overdue since 03:00")
    assert needs_attention(one, overdue)


def test_the_banner_tells_what_is_not_done() -> None:
    one = maintenance(target("a", stop=DONE), target("b", stop=SENDING), target("c"))
    assert banner(one, LATER) == (
        "maintenance nightly · 1 to 2 off, 1 in doubt since 01:00 · 1 not stopped · until 03:00"
    )
    doubt = [target(name, stop=Step(ONE, result)) for name, result in (("a", None), ("b", UNKNOWN))]
    assert "· 0 to 2 off, 2 in doubt since" in banner(maintenance(*doubt), LATER)
    # Under way is not in doubt.
    held = maintenance(*doubt, holder=Holder(1, "erp1"))
    assert "· 0 to 1 off, 1 in doubt, 1 stopping since 01:00 · opening…" in banner(held, LATER)
    assert off_words(held) == "0 to 1 off, 1 in doubt, 1 stopping"
    first = maintenance(doubt[0], target("c"), holder=Holder(1, "erp1"))
    assert "nightly · 1 stopping since 01:00 · opening…" in banner(first, LATER)
    closing = maintenance(target("a", stop=DONE, start=DONE), target("b", stop=DONE, start=FAILED))
    assert "1 off since 01:00 · 1 not started" in banner(closing, LATER)
    starts = [target(name, stop=DONE, start=SENDING) for name in "ab"]
    begun = maintenance(*starts, target("c", stop=DONE), holder=Holder(1, "erp1", closes=True))
    assert "· 1 off, 2 starting since 01:00 · closing…" in banner(begun, LATER)


def test_a_rest_that_was_never_stopped_is_counted_as_well() -> None:
    """It changed since the review: closing has left it, and it is in the rest."""
    changed = target("b", stop=FAILED, start=Step(LATER, Result.NOT_SENT))
    one = maintenance(target("a", stop=DONE, start=DONE), changed)
    assert summary(one, opening=False) == "maintenance nightly: 1 started, 1 not started"
    assert "1 not started" in banner(one, LATER)


def test_of_several_the_urgent_one_is_told_and_the_others_are_counted() -> None:
    calm = maintenance(target(stop=DONE))
    urgent = maintenance(target("b", stop=DONE), target("c"))
    closed = maintenance(target(stop=DONE, start=DONE), closed_at=LATER)
    assert banners([calm, urgent, closed], LATER) == f"{banner(urgent, LATER)} · 1 more"
    assert banners([closed], LATER) == ""


def test_another_day_is_named() -> None:
    one = maintenance(target(stop=DONE))
    assert "since 11-30 01:00" in banner(one, ONE + timedelta(days=1))


@pytest.mark.parametrize("name", ["nightly", "night-2", "adhoc-20260302-010000"])
def test_an_id_tells_the_name_also_where_it_is_the_second_of_that_second(name: str) -> None:
    assert name_in_id(dated_id(name, ONE)) == name
    assert name_in_id(f"{dated_id('nightly', ONE)}-2") == "nightly"


def test_the_id_of_another_plan_tells_no_name() -> None:
    assert name_in_id("") == name_in_id("9f" * 16) == ""


LATER_TRY = "a2"


@pytest.mark.parametrize("result", [None, UNKNOWN, Result.ACCEPTED, Result.NOT_APPLIED])
@pytest.mark.parametrize(
    "came", [Result.REFUSED, Result.FAILED, Result.NOT_SENT, Result.CONFLICT, Result.UNCHANGED]
)
def test_a_later_try_that_did_nothing_leaves_the_doubt(result: Result | None, came: Result) -> None:
    """Also where it was noted as being sent meanwhile."""
    in_doubt = target(stop=Step(ONE, result, "a1"))
    for before in (in_doubt, in_doubt.with_stop(Step(LATER, None, LATER_TRY))):
        after = before.with_stop(Step(LATER, came, LATER_TRY, "a reason"))
        assert after.stop is not None
        assert (after.stop.at, after.stop.audit, after.earlier) == (ONE, "a1", None)
        assert after.stop.result is (result or UNKNOWN)
        assert "a reason" in after.stop.sentence
        assert maintenance(after).in_doubt == (after,)


@pytest.mark.parametrize("add", [NotedTarget.with_stop, NotedTarget.with_start])
def test_a_step_counts_from_when_it_left_until_its_effect_was_seen(
    add: Callable[[NotedTarget, Step], NotedTarget],
) -> None:
    left = add(target(), Step(ONE, None, "a1", server_at=ONE))
    unseen = add(left, Step(LATER, Result.ACCEPTED, "a1", "still ok after 1m", server_at=LATER))
    assert unseen.last == Step(ONE, Result.ACCEPTED, "a1", "still ok after 1m", server_at=ONE)
    seen = Step(LATER, Result.APPLIED, "a1", server_at=LATER)
    assert seen in (add(unseen, seen).stop, add(unseen, seen).start)
    other = Step(LATER, Result.ACCEPTED, LATER_TRY)
    assert add(unseen, other).last == other


def test_a_later_try_that_was_seen_ends_the_doubt() -> None:
    before = target(stop=SENDING).with_stop(Step(LATER, None, LATER_TRY))
    assert before.earlier == SENDING
    after = before.with_stop(Step(LATER, Result.APPLIED, LATER_TRY))
    assert (after.stop_word, after.earlier) == ("applied", None)
    # What was seen is not taken back by another try, nor is anything stopped once closing has begun.
    assert after.with_stop(Step(LATER, Result.FAILED, "a3")) == after
    closing = target(start=FAILED)
    assert closing.with_stop(SENDING) == closing


def test_what_is_settled_stays_settled_and_a_start_in_doubt_stays_in_doubt() -> None:
    settled = target(stop=DONE, start=Step(ONE, Result.UNCHANGED))
    assert settled.with_start(FAILED) == settled
    started = target(stop=DONE, start=Step(ONE, Result.APPLIED, "a1"))
    lost_again = started.with_start(Step(ONE, Result.NOT_APPLIED, "a1"))
    assert lost_again.start_word == "not applied"
    unseen = target(stop=DONE, start=Step(ONE, UNKNOWN, "a1"))
    after = unseen.with_start(Step(LATER, Result.REFUSED, "", "wait"))
    assert after.start_word == "unknown"
    one = maintenance(after, target("b", stop=DONE))
    assert one.in_doubt == (after,)
    assert [each.name for each in one.not_started] == ["b"]
    assert "· 1 to 2 off, 1 in doubt since 01:00 · 1 not started ·" in banner(one, LATER)
