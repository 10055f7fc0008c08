"""After a control action: the status is watched, quoted, and never interpreted beyond what it says."""

from datetime import UTC, datetime, timedelta

import pytest

from tui.domain.jtl.workers import ControlAction, WorkerStatus
from tui.domain.result import Result
from tui.domain.timestamps import ABSENT, Moment
from tui.ops.execution.state_watch import ControlWatch, WatchVerdict

ASKED = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
SUSPENDED, STARTING, RUNNING, OK, FAILED, STOPPING, LOCKED, OFF = range(8)


def status(state: int | None, at: float | None = -300, text: str = "") -> WorkerStatus:
    """A status whose time lies `at` seconds after the action."""
    moment = ABSENT if at is None else Moment.read((ASKED + timedelta(seconds=at)).isoformat())
    return WorkerStatus("a1", state, text, status_at=moment)


def story(
    action: ControlAction, before: WorkerStatus | None, *looks: tuple[float, WorkerStatus | None]
) -> list[WatchVerdict]:
    watch = ControlWatch(before, ASKED, "a1", "Temu DE", action)
    return [watch.judge(one, ASKED + timedelta(seconds=after)) for after, one in looks]


def test_a_start_is_done_when_it_runs() -> None:
    waiting, starting, running = story(
        ControlAction.START,
        status(OFF),
        (1, status(OFF)),
        (2, status(STARTING, 1)),
        (3, status(RUNNING, 2)),
    )
    assert waiting == WatchVerdict(False, "start of Temu DE: accepted, no effect seen yet")
    assert starting == WatchVerdict(False, "start of Temu DE: now starting")
    assert running == WatchVerdict(True, "start of Temu DE: now running", reached=True)


def test_a_start_that_ran_and_failed_between_two_looks_says_so() -> None:
    (verdict,) = story(ControlAction.START, status(OFF), (5, status(FAILED, 3, "401 from\nmarketplace")))
    assert verdict == WatchVerdict(
        True, "start of Temu DE: now error: 401 from marketplace", reached=True
    )


def test_a_start_that_changed_nothing_says_so_at_the_deadline() -> None:
    before, at_deadline = story(
        ControlAction.START, status(LOCKED), (59, status(LOCKED)), (60, status(LOCKED))
    )
    assert not before.done
    assert at_deadline == WatchVerdict(True, "start of Temu DE: accepted, but still locked after 1m")


def test_a_start_into_a_lock_is_an_answer() -> None:
    (verdict,) = story(ControlAction.START, status(OFF), (5, status(LOCKED, 3, "account locked")))
    assert verdict == WatchVerdict(True, "start of Temu DE: now locked: account locked", reached=True)


SCHEDULED = "it was not seen to {}: this may be a scheduled run"


@pytest.mark.parametrize("before", [OK, FAILED])
def test_d_the_next_run_of_a_waiting_sync_is_no_proof_of_a_start(before: int) -> None:
    same, runs, newer = story(
        ControlAction.START,
        status(before, -300),
        (5, status(before, -300)),
        (6, status(RUNNING, 6)),
        (60, status(OK, 50)),
    )
    assert (same.done, runs.done) == (False, False)
    said = f"start of Temu DE: accepted; ok after 1m, {SCHEDULED.format('start')}"
    assert newer == WatchVerdict(True, said)
    assert newer.result is Result.ACCEPTED


def test_d_a_waiting_sync_that_is_seen_starting_was_started() -> None:
    starting, newer = story(
        ControlAction.START, status(OK, -300), (2, status(STARTING, 1)), (9, status(OK, 8))
    )
    assert not starting.done
    assert newer == WatchVerdict(True, "start of Temu DE: now ok", reached=True)


def test_a_stop_is_done_when_it_is_off_and_not_before() -> None:
    stopping, off = story(
        ControlAction.STOP, status(RUNNING), (1, status(STOPPING, 1)), (4, status(OFF, 3))
    )
    assert stopping == WatchVerdict(False, "stop of Temu DE: now stopping")
    assert off == WatchVerdict(True, "stop of Temu DE: now off", reached=True)


def test_a_stop_that_hangs_says_what_it_hangs_in() -> None:
    (verdict,) = story(ControlAction.STOP, status(RUNNING), (61, status(STOPPING, 1)))
    assert verdict == WatchVerdict(True, "stop of Temu DE: accepted, but still stopping after 1m")


def test_a_restart_is_done_only_after_it_was_seen_down() -> None:
    running, stopping, again = story(
        ControlAction.RESTART,
        status(RUNNING),
        (1, status(RUNNING, 1)),
        (2, status(STOPPING, 2)),
        (5, status(RUNNING, 4)),
    )
    assert not running.done
    assert stopping == WatchVerdict(False, "restart of Temu DE: now stopping")
    assert again == WatchVerdict(True, "restart of Temu DE: now running", reached=True)


def test_a_restart_that_was_never_seen_down_admits_it() -> None:
    (verdict,) = story(ControlAction.RESTART, status(RUNNING), (60, status(RUNNING, 50)))
    assert verdict.done
    assert "was not seen to stop" in verdict.sentence


@pytest.mark.parametrize("before", [OK, FAILED])
def test_d_the_next_run_of_a_waiting_sync_is_no_proof_of_a_restart(before: int) -> None:
    runs, late = story(
        ControlAction.RESTART, status(before), (3, status(RUNNING, 2)), (60, status(RUNNING, 2))
    )
    assert not runs.done
    said = f"restart of Temu DE: accepted; running after 1m, {SCHEDULED.format('stop')}"
    assert late == WatchVerdict(True, said)
    assert late.result is Result.ACCEPTED


def test_d_without_a_status_before_a_run_is_no_proof_of_a_restart() -> None:
    runs, down, again = story(
        ControlAction.RESTART,
        None,
        (2, status(RUNNING, 1)),
        (3, status(STOPPING, 3)),
        (5, status(RUNNING, 4)),
    )
    assert (runs.done, down.done, again.reached) == (False, False, True)


@pytest.mark.parametrize("between", [STARTING, STOPPING, OFF])
def test_a_restart_of_a_waiting_sync_is_done_when_it_was_seen_between_and_runs(between: int) -> None:
    seen, runs = story(
        ControlAction.RESTART, status(OK), (2, status(between, 1)), (3, status(RUNNING, 2))
    )
    assert not seen.done
    assert runs == WatchVerdict(True, "restart of Temu DE: now running", reached=True)


@pytest.mark.parametrize("before", [OFF, SUSPENDED, LOCKED])
def test_a_restart_of_what_does_not_run_by_itself_is_done_when_it_runs(before: int) -> None:
    (verdict,) = story(ControlAction.RESTART, status(before), (3, status(RUNNING, 2)))
    assert verdict == WatchVerdict(True, "restart of Temu DE: now running", reached=True)


def test_d_a_start_that_was_under_way_before_is_no_proof_of_a_restart() -> None:
    still, runs = story(
        ControlAction.RESTART, status(STARTING), (1, status(STARTING)), (2, status(RUNNING, 2))
    )
    assert (still.done, runs.done) == (False, False)


def test_a_status_that_is_missing_is_said_to_be_missing() -> None:
    waiting, over = story(ControlAction.STOP, status(RUNNING), (1, None), (60, None))
    assert not waiting.done
    assert over == WatchVerdict(True, "stop of Temu DE: accepted, but no status is reported after 1m")


def test_without_a_status_before_only_a_newer_one_counts_as_change() -> None:
    old, new = story(ControlAction.START, None, (1, status(OK, -10)), (2, status(OK, 1)))
    assert not old.done
    assert new.done


def test_an_unknown_state_is_quoted() -> None:
    (verdict,) = story(ControlAction.START, status(OFF), (60, status(9, 5)))
    assert verdict.sentence == "start of Temu DE: accepted, but still state 9 after 1m"


def seconds(after: float) -> datetime:
    return ASKED + timedelta(seconds=after)


def test_a_status_from_before_the_request_proves_no_stop() -> None:
    watch = ControlWatch(status(OFF), ASKED, "a1", "Temu DE", ControlAction.STOP, sent_at=ASKED)
    never = watch.judge(None, seconds(1), None)
    old = watch.judge(status(OFF), seconds(2), seconds(-1))
    news = watch.judge(status(OFF), seconds(3), seconds(3))
    assert (
        never == old == WatchVerdict(False, "stop of Temu DE: accepted, no status since the request yet")
    )
    assert news == WatchVerdict(True, "stop of Temu DE: now off", reached=True)


def test_an_old_status_that_is_on_the_way_does_not_count_as_seen_down() -> None:
    watch = ControlWatch(status(RUNNING), ASKED, "a1", "Temu DE", ControlAction.RESTART, sent_at=ASKED)
    watch.judge(status(STOPPING, -5), seconds(1), seconds(-1))
    assert not watch.judge(status(RUNNING, 2), seconds(3), seconds(3)).done


def test_without_any_status_since_the_request_it_stays_accepted() -> None:
    watch = ControlWatch(status(RUNNING), ASKED, "a1", "Temu DE", ControlAction.STOP, sent_at=ASKED)
    verdict = watch.judge(status(RUNNING), seconds(60), seconds(-1))
    sentence = "stop of Temu DE: accepted, but no status since the request"
    assert verdict == WatchVerdict(True, sentence)
    assert verdict.result is Result.ACCEPTED


def test_the_servers_clock_does_not_decide_how_fresh_a_status_is() -> None:
    ours = ASKED - timedelta(hours=1)
    watch = ControlWatch(status(RUNNING), ASKED, "a1", "Temu DE", ControlAction.STOP, sent_at=ours)
    assert watch.judge(status(OFF, 1), seconds(2), ours + timedelta(seconds=2)).done


def test_what_was_not_acknowledged_is_never_said_to_be_accepted() -> None:
    told = [
        ControlWatch(
            status(RUNNING), ASKED, "a1", "Temu DE", action, sent_at=ASKED, accepted=False
        ).judge(one, seconds(after), fetched)
        for action, one, after, fetched in (
            (ControlAction.STOP, None, 1, None),
            (ControlAction.STOP, status(RUNNING), 2, seconds(2)),
            (ControlAction.STOP, status(STOPPING, 2), 3, seconds(3)),
            (ControlAction.STOP, status(OFF, 4), 5, seconds(5)),
            (ControlAction.STOP, None, 60, None),
            (ControlAction.STOP, None, 60, seconds(59)),
            (ControlAction.STOP, status(RUNNING), 60, seconds(59)),
            (ControlAction.RESTART, status(RUNNING, 30), 60, seconds(59)),
        )
    ]
    assert [verdict.sentence.partition(": the response was lost; ")[2] for verdict in told] == [
        "no status since the request yet",
        "no effect seen yet",
        "now stopping",
        "now off",
        "no status since the request",
        "no status is reported after 1m",
        "still running after 1m",
        "running after 1m, it was not seen to stop",
    ]
    assert [verdict.done for verdict in told] == [False] * 3 + [True] * 5


@pytest.mark.parametrize(
    ("action", "state"),
    [
        (ControlAction.STOP, SUSPENDED),
        (ControlAction.STOP, OFF),
        (ControlAction.START, RUNNING),
        (ControlAction.START, OK),
    ],
)
def test_where_the_answer_was_lost_a_state_that_was_there_before_proves_nothing(
    action: ControlAction, state: int
) -> None:
    watch = ControlWatch(status(state), ASKED, "a1", "Temu DE", action, sent_at=ASKED, accepted=False)
    early = watch.judge(status(state, 2), seconds(3), seconds(3))
    late = watch.judge(status(state, 50), seconds(61), seconds(61))
    assert (early.done, early.reached) == (False, False)
    assert (late.done, late.reached) == (True, False)
    assert "the response was lost; still" in late.sentence


def test_where_the_answer_was_lost_a_state_that_is_new_is_an_effect() -> None:
    watch = ControlWatch(status(RUNNING), ASKED, "a1", "Temu DE", ControlAction.STOP, accepted=False)
    assert watch.judge(status(OFF, 2), seconds(3), seconds(3)).reached


def test_where_the_answer_was_lost_and_no_state_was_known_nothing_is_proved() -> None:
    watch = ControlWatch(None, ASKED, "a1", "Temu DE", ControlAction.STOP, accepted=False)
    assert not watch.judge(status(OFF, 2), seconds(3), seconds(3)).reached


def test_without_a_status_before_only_one_that_is_newer_than_the_request_shows_an_effect() -> None:
    older, equal, newer = story(
        ControlAction.START, None, (1, status(OK, -1)), (2, status(OK, 0)), (3, status(OK, 1))
    )
    assert (older.done, equal.done) == (False, False)
    assert newer == WatchVerdict(True, "start of Temu DE: now ok", reached=True)


def test_another_state_with_the_old_status_time_counts_as_moved() -> None:
    starting, finished = story(
        ControlAction.START, status(OFF, -300), (1, status(STARTING, -300)), (2, status(OK, -300))
    )
    assert starting == WatchVerdict(False, "start of Temu DE: now starting")
    assert finished == WatchVerdict(True, "start of Temu DE: now ok", reached=True)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (-300, "accepted, but still running after 1m"),
        (50, "accepted; running after 1m, it was not seen to stop"),
    ],
)
def test_a_restart_is_told_not_to_have_stopped_only_where_its_status_moved(at: float, said: str) -> None:
    (verdict,) = story(ControlAction.RESTART, status(RUNNING, -300), (60, status(RUNNING, at)))
    assert verdict == WatchVerdict(True, f"restart of Temu DE: {said}")


@pytest.mark.parametrize(
    ("action", "was", "sights", "said"),
    [
        (ControlAction.RESTART, OK, (LOCKED,), "now locked"),
        (ControlAction.STOP, OK, (LOCKED,), "now locked"),
        (ControlAction.START, OK, (OFF,), "now off"),
        (ControlAction.START, OFF, (STARTING, OFF), "off again"),
        (ControlAction.START, OFF, (OFF,), "still off"),
    ],
)
def test_a_state_that_is_new_is_not_still_so(
    action: ControlAction, was: int, sights: tuple[int, ...], said: str
) -> None:
    looks = ((5 + n, status(state, 5 + n)) for n, state in enumerate((*sights, sights[-1])))
    *_, last = story(action, status(was), *looks, (61, status(sights[-1], 5)))
    assert last.done
    assert last.sentence.endswith(f"accepted, but {said} after 1m")
