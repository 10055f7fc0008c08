"""What opening leaves as it is, and what closing does with each target."""

from datetime import timedelta

import pytest

from tests.domain.maintenance.samples import DONE, ONE, target
from tui.domain.jtl.workers import SyncState, Worker, WorkerStatus, WorkerSync
from tui.domain.maintenance.doubt import SETTLED_AFTER
from tui.domain.maintenance.records import MemberKind, NotedTarget, Step
from tui.domain.maintenance.rules import Act, OnRecord, Seen, decide, seen_of, why_left
from tui.domain.result import Result
from tui.domain.superoffice.engine import Connection

LATER = ONE + SETTLED_AFTER
STOPPED, UNKNOWN, NEVER = (
    target(stop=DONE),
    target(stop=Step(ONE, Result.UNKNOWN)),
    target(stop=Step(ONE, Result.FAILED)),
)


def test_only_what_ran_or_waited_is_stopped() -> None:
    stopped = {
        state.word
        for state in SyncState
        if not why_left(seen_of(Worker("1", WorkerSync("1"), WorkerStatus("1", state))))
    }
    assert stopped == {"starting", "running", "ok", "error"}


@pytest.mark.parametrize(
    "row",
    [
        None,
        Worker("1", WorkerSync("1"), None),
        Worker("1", WorkerSync("1"), WorkerStatus("1", 9)),
        Worker("1", WorkerSync("1", doubled=True), WorkerStatus("1", 2)),
        Worker("1", WorkerSync("1", problem="unreadable"), WorkerStatus("1", 2)),
        Connection(1, active=None),
        Connection(1, active=True, deleted=True),
    ],
)
def test_what_is_not_known_for_certain_is_left_as_it_is(row: Worker | Connection | None) -> None:
    assert why_left(seen_of(row))


@pytest.mark.parametrize(
    ("noted", "seen", "act"),
    [
        (STOPPED, Seen.OFF, Act.START),
        (STOPPED, Seen.ON, Act.LEAVE),
        (STOPPED, Seen.IDLE, Act.LEAVE),
        (STOPPED, Seen.LOCKED, Act.TELL),
        (STOPPED, Seen.UNKNOWN, Act.TELL),
        (STOPPED, Seen.STOPPING, Act.TELL),
        (STOPPED, Seen.GONE, Act.TELL),
        (UNKNOWN, Seen.OFF, Act.ASK),
        (UNKNOWN, Seen.ON, Act.LEAVE),
        (target(stop=Step(ONE)), Seen.OFF, Act.ASK),
        (target(stop=Step(ONE, Result.ACCEPTED)), Seen.OFF, Act.START),
        (target(stop=Step(ONE, Result.NOT_APPLIED)), Seen.OFF, Act.ASK),
        (target(stop=Step(ONE, Result.NOT_APPLIED)), Seen.ON, Act.LEAVE),
        (NEVER, Seen.OFF, Act.LEAVE),
        (NEVER, Seen.ON, Act.LEAVE),
        (NEVER, Seen.GONE, Act.LEAVE),
        (UNKNOWN, Seen.GONE, Act.TELL),
        (target(), Seen.OFF, Act.LEAVE),
    ],
)
def test_what_closing_does(noted: NotedTarget, seen: Seen, act: Act) -> None:
    decision = decide(noted, seen, LATER, "syncdeck run worker.start 1")
    assert decision.act is act
    assert decision.sentence
    assert bool(decision.step) is (act in (Act.TELL, Act.ASK))


def test_what_somebody_else_stopped_again_is_left() -> None:
    record = OnRecord(stopped_by="stopped again by bob at 02:10 UTC")
    decision = decide(STOPPED, Seen.OFF, LATER, record=record)
    assert decision.act is Act.LEAVE
    assert "stopped again by bob" in decision.sentence


@pytest.mark.parametrize("result", [Result.ACCEPTED, Result.UNKNOWN, Result.NOT_APPLIED, None])
@pytest.mark.parametrize("seen", [Seen.ON, Seen.IDLE])
def test_a_stop_that_was_not_seen_may_still_take_effect(result: Result | None, seen: Seen) -> None:
    noted = target(stop=Step(ONE, result))
    early = decide(noted, seen, ONE + timedelta(seconds=2))
    assert early.act is Act.TELL
    if seen is Seen.IDLE:
        assert early.step == "Close again once the JTL-Worker runs it"
    else:
        accepted = "it still runs: the stop was accepted, and may take effect yet"
        lost = "it still runs, and whether our stop arrived is unknown"
        assert early.sentence == (accepted if result is Result.ACCEPTED else lost)
        assert early.step == "Close again once it is off, or after 01:11 UTC if it still runs then"
    assert decide(noted, seen, LATER - timedelta(seconds=1)).act is Act.TELL
    late = decide(noted, seen, LATER)
    # What is suspended is not stopped before the JTL-Worker runs it again.
    assert late.act is (Act.LEAVE if seen is Seen.ON else Act.TELL)
    assert "started meanwhile" not in late.sentence


def test_f8_a_stop_may_take_effect_as_long_as_a_run_is_under_way_or_a_clock_says_so() -> None:
    by_server = ONE + timedelta(hours=1)
    noted = target(stop=Step(ONE, Result.ACCEPTED, server_at=by_server))
    busy = decide(noted, Seen.ON, ONE + timedelta(days=3), is_busy=True, settle="settle it")
    assert (busy.act, busy.step) == (
        Act.TELL,
        "Close again once that run has ended; if it is certain that it stays on: settle it",
    )
    # Our clock was set forward, or back.
    jumped = decide(noted, Seen.ON, LATER, by_server=by_server + timedelta(minutes=2))
    assert (jumped.act, jumped.step) == (
        Act.TELL,
        "Close again once it is off, or in 9 minutes if it still runs then",
    )
    assert decide(noted, Seen.ON, ONE - timedelta(hours=1)).act is Act.TELL
    late = decide(noted, Seen.ON, LATER, by_server=by_server + SETTLED_AFTER)
    assert late.act is Act.LEAVE


def test_what_was_seen_off_and_runs_was_started_meanwhile() -> None:
    found = decide(STOPPED, Seen.ON, ONE + timedelta(seconds=2))
    assert (found.act, found.sentence) == (Act.LEAVE, "it was started meanwhile")


@pytest.mark.parametrize("result", [Result.UNKNOWN, None])
def test_what_went_off_right_after_a_stop_in_doubt_was_stopped_by_it(result: Result | None) -> None:
    noted, recorded = target(stop=Step(ONE, result, "a1", server_at=ONE)), OnRecord(has_stop=True)
    soon, long_ago = ONE + timedelta(minutes=9), ONE + timedelta(hours=1)
    for now, by_server, record, act in (
        (soon, soon, recorded, Act.START),
        (soon, None, recorded, Act.START),
        (soon, long_ago, recorded, Act.ASK),
        (long_ago, soon, recorded, Act.ASK),
        (ONE - timedelta(hours=1), soon, recorded, Act.ASK),
        # The audit trail has no such attempt.
        (soon, soon, OnRecord(), Act.ASK),
        (soon, soon, OnRecord("stopped again by bob", has_stop=True), Act.LEAVE),
    ):
        decision = decide(noted, Seen.OFF, now, by_server=by_server, record=record)
        assert decision.act is act, (now, by_server, record)


@pytest.mark.parametrize("seen", [one for one in Seen if one not in (Seen.OFF, Seen.IDLE)])
def test_what_was_never_stopped_is_nobody_elses_rest(seen: Seen) -> None:
    refused = target(stop=Step(ONE, Result.FAILED))
    found = decide(refused, seen, LATER)
    assert (found.act, found.sentence) == (Act.LEAVE, "it was not stopped")


def test_a_toggle_that_may_arrive_yet_is_not_taken_for_done() -> None:
    noted = target(kind=MemberKind.CONNECTION, stop=Step(ONE, Result.UNKNOWN, "a1"))
    for minutes, act in ((1, Act.TELL), (2, Act.START), (10, Act.ASK)):
        now = ONE + timedelta(minutes=minutes)
        assert decide(noted, Seen.OFF, now, record=OnRecord(has_stop=True)).act is act
    early = decide(noted, Seen.OFF, ONE + timedelta(minutes=1))
    assert (early.sentence, early.step) == (
        "it is off, and our toggle may arrive yet and invert that",
        f"Close again after {ONE + timedelta(minutes=3):%H:%M} UTC",
    )


def test_a_toggle_that_started_it_may_arrive_yet_as_well() -> None:
    start = Step(LATER, Result.UNKNOWN, "a2")
    noted = target(kind=MemberKind.CONNECTION, stop=DONE, start=start)
    for minutes, act in ((1, Act.TELL), (2, Act.LEAVE)):
        assert decide(noted, Seen.ON, LATER + timedelta(minutes=minutes)).act is act


@pytest.mark.parametrize("result", [Result.UNKNOWN, Result.ACCEPTED, None])
def test_a_start_that_was_not_seen_is_not_sent_again_while_it_may_arrive(result: Result | None) -> None:
    noted = target(stop=DONE, start=Step(LATER, result, server_at=LATER))
    for ours, servers, act in ((1, 1, Act.TELL), (1, 3, Act.TELL), (3, 1, Act.TELL), (3, 3, Act.START)):
        now, by_server = (LATER + timedelta(minutes=minutes) for minutes in (ours, servers))
        found = decide(noted, Seen.OFF, now, by_server=by_server)
        assert found.act is act
        expected = "our start may take effect yet" if act is Act.TELL else "our start had no effect"
        assert expected in found.sentence
    assert decide(noted, Seen.ON, LATER).act is Act.LEAVE
    theirs = OnRecord(stopped_by="stopped again by bob")
    assert decide(noted, Seen.OFF, LATER, record=theirs).act is Act.LEAVE
