"""Lists that look back judge by the same rule as the live screen, and come to the same result."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tui.domain.health.rules import (
    Level,
    Verdict,
    assess,
    assess_connection,
    assess_engine,
    assess_extension,
    run_hangs_for,
)
from tui.domain.health.server_times import ahead_of
from tui.domain.history.observing import (
    state_of_connection,
    state_of_engine,
    state_of_extension,
    state_of_worker,
)
from tui.domain.history.records import Cause, Change, State, Subject, SubjectKind
from tui.domain.history.replay import (
    expected_of,
    present,
    replayed_connection,
    replayed_engine,
    replayed_extension,
    replayed_worker,
)
from tui.domain.intervals import NOT_REPORTED, Interval, short
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import Worker, WorkerStatus, WorkerSync
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.timestamps import ABSENT, Moment, MomentKind


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Otto · Otto Market", ("", "Otto", "Otto Market")),
        ("2-2-1 · Otto · Otto Market", ("2-2-1", "Otto", "Otto Market")),
        ("…4f3a · Otto · Otto Market", ("…4f3a", "Otto", "Otto Market")),
        ("Shop · B2B · EU", ("", "Shop", "B2B · EU")),
        ("Datenbankpflege", ("", "", "Datenbankpflege")),
        ("2-2-1", ("", "", "2-2-1")),
    ],
)
def test_kind_and_channel_are_those_of_the_recorded_name(name: str, parts: tuple[str, str, str]) -> None:
    worker = replayed_worker(Subject(SubjectKind.SYNC, "a1", name), State("ok", Level.OK), None)
    assert worker.sync is not None
    assert (worker.sync.apart, worker.sync.kind, worker.sync.channel) == parts
    assert worker.name == name


NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
SECONDS = st.integers(-90_000, 90_000)


def instant(seconds: int) -> Moment:
    at = NOW + timedelta(seconds=seconds)
    return Moment(MomentKind.INSTANT, at.isoformat(), at)


MOMENTS = st.one_of(
    st.just(ABSENT),
    st.just(Moment(MomentKind.NEVER, "0001")),
    st.just(Moment(MomentKind.LOCAL, "2026-11-29T12:00:00")),
    st.just(Moment(MomentKind.UNREADABLE, "soon")),
    SECONDS.map(instant),
)
INTERVALS = st.one_of(
    st.just(NOT_REPORTED),
    st.just(Interval("often", None)),
    st.integers(1, 90_000).map(lambda seconds: Interval(short(seconds), float(seconds))),
)
PROBLEMS = st.sampled_from([None, "no id"])
TEXTS = st.sampled_from(["", "orders 420 of 1000", "401 from marketplace"])


@st.composite
def workers(draw: st.DrawFn) -> Worker:
    doubled = draw(st.booleans())
    problem = "another row has its identifier" if doubled else draw(PROBLEMS)
    status = WorkerStatus(
        "a",
        draw(st.one_of(st.none(), st.integers(0, 9))),
        draw(TEXTS),
        status_at=draw(MOMENTS),
        next_at=draw(MOMENTS),
        problem=problem,
        doubled=doubled,
    )
    sync = WorkerSync("a", "Temu", "Temu DE", interval=draw(INTERVALS))
    return Worker("a", draw(st.sampled_from([sync, sync, None])), draw(st.sampled_from([status, None])))


def judged(verdict: Verdict) -> tuple[int, str]:
    return verdict.level, verdict.word


@given(workers(), st.integers(0, 90_000), st.booleans())
def test_a_sync_is_judged_as_it_was_live(worker: Worker, later: int, is_listed: bool) -> None:
    """Recorded once, and looked at any time later for which the record holds."""
    if worker.doubled and worker.status is not None:
        # Whether its times are ahead is not kept of a row that shares its identifier.
        assume(ahead_of(worker.status.status_at, NOW) is None)
    subject = Subject(SubjectKind.SYNC, worker.id, worker.name)
    verdict, then = assess(worker, NOW), NOW + timedelta(seconds=later)
    if verdict.level is Level.RUNNING and worker.status is not None:
        # A run that began to hang has a record of its own since then.
        assume(run_hangs_for(worker.status, then) is None)
    state = state_of_worker(worker, verdict)
    known = worker.sync if is_listed else None
    assert judged(assess(replayed_worker(subject, state, known), then)) == judged(assess(worker, then))


def test_a_long_run_whose_progress_is_not_recorded_does_not_hang_in_the_past() -> None:
    """Only its begin is recorded, while its status was new all the time."""
    at = instant(0)
    worker = Worker("a", WorkerSync("a"), WorkerStatus("a", 2, "orders 1 of 9", status_at=at))
    state = state_of_worker(worker, assess(worker, NOW))
    then = NOW + timedelta(days=2)
    assert assess(replayed_worker(Subject(SubjectKind.SYNC, "a"), state, None), then).word == "running"
    late = replace(worker, status=WorkerStatus("a", 2, "orders 1 of 9", status_at=instant(-90_000)))
    state = state_of_worker(late, assess(late, NOW))
    replayed = assess(replayed_worker(Subject(SubjectKind.SYNC, "a"), state, None), then)
    assert (replayed.level, replayed.word) == (Level.WARNING, "running")


@given(st.sampled_from([True, False, None]), TEXTS)
def test_the_engine_is_judged_as_it_was_live(running: bool | None, message: str) -> None:
    verdict = assess_engine(EngineStatus(running, message or None, NOT_REPORTED))
    state = state_of_engine(EngineStatus(running, message or None, NOT_REPORTED), verdict)
    assert judged(assess_engine(replayed_engine(state))) == judged(verdict)


@given(st.sampled_from([True, False, None]), PROBLEMS, st.booleans(), st.booleans())
def test_a_connection_is_judged_as_it_was_live(
    active: bool | None, problem: str | None, doubled: bool, expected: bool
) -> None:
    live = Connection(
        7, "Visma", active=active, problem=problem, doubled=doubled and problem is not None
    )
    verdict = assess_connection(live, expected=expected)
    subject = Subject(SubjectKind.CONNECTION, "7", "Visma")
    state = state_of_connection(live, verdict)
    replayed = replayed_connection(subject, state)
    known = expected_of({subject: Change(NOW, subject, Cause.POLL, state)})
    assert judged(assess_connection(replayed, expected=7 in known)) == judged(verdict)


@given(st.one_of(st.none(), st.integers(0, 5)), PROBLEMS, st.booleans())
def test_an_extension_is_judged_as_it_was_live(
    status: int | None, problem: str | None, doubled: bool
) -> None:
    live = Extension("u", "artikel", status=status, problem=problem, doubled=doubled and bool(problem))
    verdict = assess_extension(live)
    replayed = replayed_extension(
        Subject(SubjectKind.EXTENSION, "u", "artikel"), state_of_extension(live, verdict)
    )
    assert judged(assess_extension(replayed)) == judged(verdict)


def test_a_replayed_sync_has_no_value_that_was_not_recorded() -> None:
    from tui.domain.jtl.workers import WorkerOption

    sync = WorkerSync("a", "Temu", "Temu DE", options=(WorkerOption("1", "Account", value="main"),))
    worker = Worker("a", sync, WorkerStatus("a", 3))
    state = state_of_worker(worker, assess(worker, NOW))
    replayed = replayed_worker(Subject(SubjectKind.SYNC, "a"), state, sync)
    assert replayed.name == worker.name
    assert replayed.sync is not None
    assert replayed.sync.options == ()


@pytest.mark.parametrize(
    ("recorded", "kind", "channel"), [("Temu · Temu DE", "Temu", "Temu DE"), ("Temu", "", "Temu")]
)
def test_the_recorded_name_has_kind_and_channel_as_in_the_list(
    recorded: str, kind: str, channel: str
) -> None:
    subject = Subject(SubjectKind.SYNC, "a", recorded)
    replayed = replayed_worker(subject, State("ok", Level.OK), None)
    assert replayed.sync is not None
    assert (replayed.sync.kind, replayed.sync.channel, replayed.name) == (kind, channel, recorded)


@pytest.mark.parametrize("word", ["state 9", "state -1"])
def test_a_state_without_a_meaning_keeps_its_number(word: str) -> None:
    number = int(word.removeprefix("state "))
    worker = Worker("a", None, WorkerStatus("a", number))
    state = state_of_worker(worker, assess(worker, NOW))
    assert replayed_worker(Subject(SubjectKind.SYNC, "a"), state, None).state_word == word


@pytest.mark.parametrize("key", ["", "x", "\x1b1", "1.0", "٣", "--1", "9" * 5_000])
def test_a_key_or_number_that_no_server_has_is_no_error(key: str) -> None:
    """Anybody may have made the file."""
    inactive = State("inactive", Level.OFF)
    subject = Subject(SubjectKind.CONNECTION, key)
    states = {subject: Change(NOW, subject, Cause.POLL, inactive)}
    assert list(present(states, SubjectKind.CONNECTION)) == []
    assert expected_of(states) == frozenset()
    odd = State(f"status {key}", Level.WARNING)
    assert replayed_extension(Subject(SubjectKind.EXTENSION, "e"), odd).status is None
    odd = State(f"state {key}", Level.WARNING)
    worker = replayed_worker(Subject(SubjectKind.SYNC, "s"), odd, None)
    assert worker.status is not None
    assert worker.status.state is None
