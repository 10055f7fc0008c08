"""Health: the table of what needs attention, and why, in words."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.health.rules import (
    Level,
    Verdict,
    all_suspended,
    assess,
    assess_connection,
    assess_engine,
    assess_extension,
    extension_sort_key,
    worker_sort_key,
)
from tui.domain.intervals import NOT_REPORTED, Interval
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import Worker, WorkerStatus, WorkerSync
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.timestamps import ABSENT, Moment, MomentKind

NOW = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
MINUTE = 60
DAY = 86_400


def at(seconds_ago: float) -> Moment:
    return Moment.read((NOW - timedelta(seconds=seconds_ago)).isoformat())


def worker(
    state: int | None,
    *,
    since: Moment = ABSENT,
    due: Moment = ABSENT,
    every: str | None = "00:05:00",
    text: str = "",
    name: str = "Temu DE",
) -> Worker:
    sync = WorkerSync(name.lower(), "Temu", name, interval=Interval.read(every))
    return Worker(sync.id, sync, WorkerStatus(sync.id, state, text, status_at=since, next_at=due))


@pytest.mark.parametrize(
    ("one", "level", "word", "reason"),
    [
        (
            worker(4, since=at(60), text="401 from marketplace"),
            Level.ERROR,
            "error",
            "last run failed: 401 from marketplace",
        ),
        (worker(4, since=at(60)), Level.ERROR, "error", "last run failed: it left no message"),
        (
            worker(4, since=at(7_200), text="401"),
            Level.ERROR,
            "error",
            "last run failed: 401; overdue: status 2h ago, runs every 5m",
        ),
        (worker(6), Level.LOCKED, "locked", "locked: unlock the account, then start it"),
        (worker(3, since=at(60)), Level.OK, "ok", ""),
        (worker(3, since=at(7_200)), Level.WARNING, "overdue", "overdue: status 2h ago, runs every 5m"),
        (worker(3, since=at(9.9 * MINUTE)), Level.OK, "ok", ""),
        (
            worker(3, since=at(10.1 * MINUTE)),
            Level.WARNING,
            "overdue",
            "overdue: status 10m ago, runs every 5m",
        ),
        (worker(3, since=at(129), every="00:00:10"), Level.OK, "ok", ""),
        (
            worker(3, since=at(131), every="00:00:10"),
            Level.WARNING,
            "overdue",
            "overdue: status 2m ago, runs every 10s",
        ),
        (worker(3, since=at(7_200), due=at(-60)), Level.OK, "ok", ""),
        (
            worker(3, due=at(3_600)),
            Level.WARNING,
            "overdue",
            "overdue: the next run was expected 1h ago, runs every 5m",
        ),
        # NextSync that moves on for ever proves no run; a pause that began before a change is believed.
        (
            worker(3, since=at(2 * DAY), due=at(-60)),
            Level.WARNING,
            "overdue",
            "overdue: status 2d ago, runs every 5m",
        ),
        (worker(3, since=at(0.9 * DAY), due=at(-60)), Level.OK, "ok", ""),
        (worker(3, since=at(2 * DAY), due=at(-60), every="7.00:00:00"), Level.OK, "ok", ""),
        (worker(3, since=at(7_200), every=None), Level.OK, "ok", ""),
        (worker(3, since=at(7_200), every="soon"), Level.OK, "ok", ""),
        (worker(3, since=at(2 * DAY), every="soon"), Level.WARNING, "overdue", "overdue: status 2d ago"),
        (worker(3, since=at(2 * DAY), due=at(-60), every="soon"), Level.OK, "ok", ""),
        (
            worker(3),
            Level.WARNING,
            "no time",
            "its status has no time: overdue is not judged",
        ),
        (worker(3, due=at(-60)), Level.OK, "ok", ""),
        (
            worker(3, since=at(-3_300)),
            Level.WARNING,
            "time ahead",
            "times are 55m ahead of the server's clock: zone?",
        ),
        (worker(3, since=at(-119)), Level.OK, "ok", ""),
        (
            worker(4, since=at(-3_300), text="401"),
            Level.ERROR,
            "error",
            "last run failed: 401; times are 55m ahead of the server's clock: zone?",
        ),
        (
            worker(5, since=at(-3_300)),
            Level.WARNING,
            "stopping",
            "times are 55m ahead of the server's clock: zone?",
        ),
        (worker(7, since=at(-3_300)), Level.OFF, "off", "off on purpose: a user stopped it"),
        (
            worker(3, since=Moment.read("2020-01-01T00:00:00")),
            Level.WARNING,
            "no zone",
            "its times have no offset: overdue is not judged",
        ),
        (
            worker(3, since=Moment.read("2020-01-01T00:00:00"), due=at(3_600)),
            Level.WARNING,
            "overdue",
            "overdue: the next run was expected 1h ago, runs every 5m",
        ),
        (worker(3, since=Moment.read("2020-01-01T00:00:00"), due=at(-60)), Level.OK, "ok", ""),
        (worker(3, since=Moment.read("0001-01-01T00:00:00")), Level.OK, "ok", ""),
        (
            worker(3, since=Moment.read("9999-12-31T23:59:59+14:00"), due=at(-60)),
            Level.WARNING,
            "time ahead",
            "times are in the year 9999: a placeholder?",
        ),
        (worker(3, since=at(60), every="10675199.00:00:00"), Level.OK, "ok", ""),
        (worker(1, since=at(60)), Level.RUNNING, "starting", ""),
        (worker(1, since=at(720)), Level.WARNING, "starting", "starting for 12m"),
        (worker(5, since=at(720)), Level.WARNING, "stopping", "stopping for 12m"),
        (worker(5), Level.RUNNING, "stopping", ""),
        (
            worker(2, since=at(9_999), text="orders 420 of 1000"),
            Level.RUNNING,
            "running",
            "orders 420 of 1000",
        ),
        # A long first import, and a run that hangs.
        (worker(2, since=at(0.49 * DAY)), Level.RUNNING, "running", "a run is in progress"),
        (
            worker(2, since=at(2 * DAY), due=at(2 * DAY - 300)),
            Level.WARNING,
            "running",
            "running for 2d without a new status",
        ),
        (
            worker(2, since=at(0.51 * DAY), text="orders 420 of 1000"),
            Level.WARNING,
            "running",
            "running for 12h without a new status: orders 420 of 1000",
        ),
        (worker(2), Level.RUNNING, "running", "a run is in progress"),
        (worker(7), Level.OFF, "off", "off on purpose: a user stopped it"),
        (worker(0), Level.WARNING, "suspended", "suspended: the JTL-Worker does not run it"),
        (worker(9), Level.WARNING, "state 9", "state 9 has no documented meaning"),
        (worker(None), Level.WARNING, "unknown", "no state reported"),
        (Worker("x", WorkerSync("x"), None), Level.WARNING, "unknown", "no status reported"),
    ],
)
def test_a_sync_is_judged(one: Worker, level: Level, word: str, reason: str) -> None:
    verdict = assess(one, NOW)
    assert (verdict.level, verdict.word, verdict.reason) == (level, word, reason)
    assert verdict.needs_attention == (level <= Level.WARNING)


def test_a_row_that_cannot_be_read_needs_attention_and_tells_its_last_word() -> None:
    sync = WorkerSync("a", "Shop", problem="Interval: expected text,\ngot a list")
    verdict = assess(Worker("a", sync, WorkerStatus("a", 3, status_at=at(60))), NOW)
    assert (verdict.level, verdict.word) == (Level.WARNING, "unreadable")
    assert verdict.reason == "row unreadable: Interval: expected text, got a list; last known: ok"


def test_a_status_that_could_not_be_read_is_no_statement_of_the_server() -> None:
    sync = Worker("x", WorkerSync("x"), None)
    verdict = assess(sync, NOW, status_asked=False)
    assert verdict == Verdict(Level.WARNING, "unknown", "the status could not be read")
    assert not all_suspended([sync])


def test_a_last_known_status_is_judged_also_where_the_call_now_fails() -> None:
    assert assess(worker(4, text="401"), NOW, status_asked=False) == assess(worker(4, text="401"), NOW)


def test_without_the_list_a_sync_is_not_said_to_be_on_time() -> None:
    alone = Worker("x", None, WorkerStatus("x", 3, status_at=at(60)))
    assert assess(alone, NOW).reason == ""
    verdict = assess(alone, NOW, sync_asked=False)
    assert (verdict.word, verdict.reason) == ("ok", "its interval could not be read")
    failed = Worker("x", None, WorkerStatus("x", 4, "401"))
    assert assess(failed, NOW, sync_asked=False).level is Level.ERROR


def test_an_unreadable_row_does_not_hide_an_error() -> None:
    verdict = assess(Worker("a", WorkerSync("a", problem="odd"), WorkerStatus("a", 4, "401")), NOW)
    assert verdict.level is Level.ERROR
    assert "401" in verdict.reason
    assert "odd" in verdict.reason


moments = st.builds(
    Moment,
    st.sampled_from(MomentKind),
    st.text(),
    st.none() | st.datetimes(timezones=st.just(UTC)),
)
intervals = st.just(NOT_REPORTED) | st.floats(-1e12, 1e12).map(lambda s: Interval("x", s))


@given(
    st.none() | st.integers(-2, 12),
    moments,
    moments,
    intervals,
    st.text(),
    st.none() | st.text(min_size=1),
)
def test_any_sync_gets_a_word_and_a_reason_on_one_line(
    state: int | None, since: Moment, due: Moment, interval: Interval, text: str, problem: str | None
) -> None:
    sync = WorkerSync("a", interval=interval, problem=problem)
    status = WorkerStatus("a", state, text, status_at=since, next_at=due)
    verdict = assess(Worker("a", sync, status), NOW)
    assert verdict.word
    assert len(verdict.reason.splitlines()) <= 1
    assert verdict.reason or not verdict.needs_attention


def test_problems_come_first_and_then_names() -> None:
    listed = [
        worker(7, name="A"),
        worker(3, since=at(1), name="b"),
        worker(6, name="Z"),
        worker(4, name="Y"),
        worker(4, name="X"),
    ]
    names = [
        w.sync.channel
        for w in sorted(listed, key=lambda w: worker_sort_key(w, assess(w, NOW)))
        if w.sync
    ]
    assert names == ["X", "Y", "Z", "b", "A"]


@pytest.mark.parametrize(
    ("states", "all_of_them"),
    [
        ([0, 0], True),
        ([0], True),
        ([], False),
        ([0, 7], True),
        ([7, 0, 0, 7], True),
        ([7, 7], False),
        ([0, 7, 3], False),
        ([0, None], False),
        ([0, 9], False),
        ([3, 4], False),
    ],
)
def test_all_suspended_where_every_one_that_is_not_off_is_known_to_be(
    states: list[int | None], all_of_them: bool
) -> None:
    assert all_suspended(worker(state) for state in states) is all_of_them


def test_extensions_are_listed_pending_disabled_active_with_the_unreadable_first() -> None:
    listed = [
        Extension("1", "a", status=2),
        Extension("2", "b", status=0),
        Extension("3", "d", status=1),
        Extension("4", "C", status=1),
        Extension("5", "z", status=2, problem="odd"),
        Extension("6", "y", status=9),
    ]
    assert [one.name for one in sorted(listed, key=extension_sort_key)] == ["y", "z", "C", "d", "b", "a"]
    attention = [one.name for one in listed if assess_extension(one).needs_attention]
    assert attention == ["z", "y"]


@pytest.mark.parametrize(
    ("status", "word", "attention"),
    [
        (EngineStatus(True, "waiting", NOT_REPORTED), "running", False),
        (EngineStatus(False, "Engine is running", NOT_REPORTED), "stopped", True),
        (EngineStatus(None, "Engine is running", NOT_REPORTED), "unknown", True),
        (None, "unknown", True),
    ],
)
def test_the_engine_is_judged_by_its_boolean_alone(
    status: EngineStatus | None, word: str, attention: bool
) -> None:
    verdict = assess_engine(status)
    assert (verdict.word, verdict.needs_attention) == (word, attention)


@pytest.mark.parametrize(
    ("connection", "word", "attention"),
    [
        (Connection(1, active=True), "active", False),
        (Connection(1, active=False), "inactive", True),
        (Connection(1, active=None), "unknown", True),
        (Connection(1, active=False, deleted=True), "deleted", False),
        (Connection(1, active=True, problem="odd"), "unknown", True),
    ],
)
def test_an_inactive_connection_needs_attention(
    connection: Connection, word: str, attention: bool
) -> None:
    verdict = assess_connection(connection)
    assert (verdict.word, verdict.needs_attention) == (word, attention)


def test_a_verdict_is_told_with_its_word_once() -> None:
    assert (
        Verdict(Level.RUNNING, "running", "orders 420 of 1000").summary == "running: orders 420 of 1000"
    )
    assert Verdict(Level.OFF, "off", "off on purpose: a user stopped it").summary.startswith("off on")
    assert Verdict(Level.OK, "ok", "").summary == "ok"
