"""After a start or stop of the engine only a boolean of its own tells, and only a later answer."""

from datetime import UTC, datetime, timedelta

import pytest

from tui.domain.intervals import NOT_REPORTED
from tui.domain.result import Result
from tui.domain.superoffice.engine import EngineStatus
from tui.ops.execution.state_watch import EngineWatch, WatchVerdict

ASKED = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


def engine(running: bool | None, message: str = "") -> EngineStatus:
    return EngineStatus(running, message, NOT_REPORTED)


def story(
    watch: EngineWatch, *looks: tuple[float, EngineStatus | None, float | None]
) -> list[WatchVerdict]:
    """Looks: (seconds after the request, what is known, when that was asked for)."""
    return [
        watch.judge(
            known,
            ASKED + timedelta(seconds=after),
            None if asked is None else ASKED + timedelta(seconds=asked),
        )
        for after, known, asked in looks
    ]


def watching(*, run: bool, before: bool | None = None, accepted: bool = True) -> EngineWatch:
    known = None if before is None else engine(before)
    return EngineWatch(known, ASKED, run, sent_at=ASKED, accepted=accepted)


def test_a_stop_is_done_when_an_answer_says_so_and_not_before() -> None:
    waiting, done = story(watching(run=False, before=True), (1, engine(True), 1), (3, engine(False), 3))
    assert waiting == WatchVerdict(False, "stop of the ErpSync engine: accepted, no effect seen yet")
    assert done == WatchVerdict(True, "stop of the ErpSync engine: now stopped", reached=True)
    assert done.sight == "now stopped"


def test_an_answer_that_was_asked_for_before_the_request_proves_nothing() -> None:
    never, old = story(watching(run=False, before=True), (1, None, None), (2, engine(False), -1))
    assert never.sight == old.sight == "accepted, no response since the request yet"
    assert not never.done
    assert not old.done


def test_the_message_never_tells_the_state() -> None:
    (verdict,) = story(watching(run=False, before=True), (1, engine(True, "Stopped"), 1))
    assert not verdict.done
    (verdict,) = story(watching(run=False, before=True), (1, engine(None, "Stopped"), 1))
    assert not verdict.done


def test_at_the_deadline_it_says_what_it_still_is() -> None:
    early, late = story(watching(run=False, before=True), (59, engine(True), 58), (60, engine(True), 59))
    assert not early.done
    assert (late.done, late.reached) == (True, False)
    assert late.sentence == "stop of the ErpSync engine: accepted, but still running after 1m"


@pytest.mark.parametrize("known", [None, engine(None)])
def test_an_engine_that_does_not_tell_is_unknown_at_the_deadline(known: EngineStatus | None) -> None:
    (verdict,) = story(watching(run=True, before=False), (60, known, 59))
    assert verdict.sight == "accepted, but its state is unknown after 1m"
    assert not verdict.reached


def test_without_any_answer_since_the_request_it_stays_accepted() -> None:
    (verdict,) = story(watching(run=True, before=False), (60, engine(False), -1))
    assert (verdict.done, verdict.sight) == (True, "accepted, but no response since the request")
    assert verdict.result is Result.ACCEPTED


def test_a_start_of_what_runs_is_done_at_once_and_changed_nothing() -> None:
    (verdict,) = story(watching(run=True, before=True), (1, engine(True), 1))
    assert (verdict.done, verdict.reached) == (True, True)


def test_where_the_answer_was_lost_it_is_never_said_to_be_accepted() -> None:
    watch = watching(run=False, before=True, accepted=False)
    told = story(watch, (1, None, None), (2, engine(True), 2), (3, engine(False), 3), (90, None, None))
    assert [one.sight for one in told] == [
        "the response was lost; no response since the request yet",
        "the response was lost; no effect seen yet",
        "the response was lost; now stopped",
        "the response was lost; no new response after 1m, stopped before",
    ]
    (late,) = story(watching(run=False, before=True, accepted=False), (60, engine(True), 59))
    assert late.sight == "the response was lost; still running after 1m"


@pytest.mark.parametrize("before", [False, None])
def test_where_the_answer_was_lost_a_state_that_may_have_been_there_proves_nothing(
    before: bool | None,
) -> None:
    early, late = story(
        watching(run=False, before=before, accepted=False),
        (2, engine(False), 2),
        (60, engine(False), 59),
    )
    assert (early.done, early.reached) == (False, False)
    assert (late.done, late.reached) == (True, False)
    assert late.sight == "the response was lost; still stopped after 1m"


def test_where_the_answer_was_lost_a_state_that_came_and_went_back_is_an_effect() -> None:
    watch = watching(run=True, before=True, accepted=False)
    _, done = story(watch, (1, engine(False), 1), (2, engine(True), 2))
    assert done.reached
