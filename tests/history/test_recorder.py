"""The recorder: what the store shows becomes records, and nothing else does."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.api.errors import Throttled, Unreachable
from tui.domain.health.rules import Level, assess
from tui.domain.history.gaps import gaps_of
from tui.domain.history.records import Cause, Change, EventKind, Subject, SubjectKind
from tui.domain.history.replay import replayed_worker
from tui.domain.intervals import Interval
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import WorkerOption, WorkerStatus, WorkerSync
from tui.domain.profile import System
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.timestamps import Moment, MomentKind
from tui.history.memory import MemoryHistory
from tui.history.recorder import Feed, Recorder
from tui.store.snapshot import Topic
from tui.store.store import Store

START = datetime(2026, 11, 29, 1, 0, tzinfo=UTC)
TEMU = Subject(SubjectKind.SYNC, "t-1")
FAILED, FINISHED, RUNNING = 4, 3, 2


def moment(at: datetime) -> Moment:
    return Moment(MomentKind.INSTANT, at.isoformat(), at)


@dataclass
class Story:
    """A store that is polled by hand, by a clock that is set by hand."""

    now: datetime = START
    kept: MemoryHistory = field(default_factory=MemoryHistory)
    store: Store = field(default_factory=Store)
    generation: int = 0
    faults: list[dict[str, Any]] = field(default_factory=list)

    def recorder(self, expected: Callable[[], frozenset[int]] = frozenset, **options: Any) -> Recorder:
        async def never(_seconds: float) -> None:
            await asyncio.Event().wait()

        sleep: Callable[[float], Awaitable[None]] = never
        feed = Feed(self.store, lambda _topic: 5.0, lambda _system, at: at, expected, lambda: self.now)
        return Recorder(feed, self.kept, sleep=sleep, **options)

    def poll(self, topic: Topic, data: object, took: float = 0.1) -> None:
        self.generation += 1
        self.store.succeed(topic, self.generation, data, at=self.now, took=took)

    def fail(self, topic: Topic, sentence: str = "connection refused", took: float = 0.1) -> None:
        self.generation += 1
        error = Unreachable(system=topic.system, sentence=sentence, next_step="")
        self.store.fail(topic, self.generation, error, at=self.now, took=took)

    def sync(
        self,
        state: int,
        *,
        text: str = "",
        at: datetime | None = None,
        every: str = "00:05:00",
        took: float = 0.1,
    ) -> None:
        self.poll(Topic.WORKERS, (WorkerSync("t-1", "Temu", "Temu DE", Interval.read(every)),))
        status = WorkerStatus("t-1", state, text, status_at=moment(at or self.now))
        self.poll(Topic.STATUS, (status,), took)

    def after(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @property
    def changes(self) -> Sequence[Change]:
        return [one for one in self.kept.changes(START, self.now) if one.subject == TEMU]


async def test_a_failure_is_one_change_with_its_message() -> None:
    story = Story()
    story.sync(FINISHED)
    story.recorder().start()
    story.after(5)
    story.sync(FAILED, text="401 from marketplace")
    story.after(5)
    story.sync(FAILED, text="401 from marketplace", at=story.now - timedelta(seconds=5))
    [change] = story.changes
    assert change.before is not None
    assert (change.before.state, change.after.state) == ("ok", "error")
    assert (change.cause, change.after.text) == (Cause.POLL, "401 from marketplace")
    assert change.at == START + timedelta(seconds=5)
    [first] = (one for one in story.kept.states_at(START).values() if one.subject == TEMU)
    assert first.cause is Cause.KEYFRAME
    assert "Temu · Temu DE" in {one.name for one in story.kept.subjects()}


async def test_progress_is_no_row_and_the_last_one_is_kept_with_the_end() -> None:
    story = Story()
    story.sync(FINISHED)
    story.recorder().start()
    for count in (10, 20, 30):
        story.after(5)
        story.sync(RUNNING, text=f"orders {count} of 30")
    story.after(5)
    story.sync(FINISHED)
    began, ended = story.changes
    assert (began.after.state, began.after.text) == ("running", "")
    assert (ended.after.state, ended.after.text) == ("ok", "orders 30 of 30")


async def test_a_status_time_that_moved_alone_is_not_a_run() -> None:
    story = Story()
    story.sync(FINISHED)
    story.recorder().start()
    story.after(300)
    story.sync(FINISHED)
    assert [one.cause for one in story.changes] == [Cause.STATUS_MOVED]


async def test_time_alone_makes_a_sync_overdue() -> None:
    story = Story()
    story.sync(FINISHED)
    recorder = story.recorder()
    recorder.start()
    began = START
    for _ in range(3):
        story.after(290)
        story.sync(FINISHED, at=began)
        recorder.judge_again()
    [change] = story.changes
    assert (change.after.state, change.cause) == ("overdue", Cause.TIME)
    assert change.at == START + timedelta(seconds=870)


async def test_what_is_not_seen_is_not_judged_by_the_time() -> None:
    story = Story()
    story.sync(FINISHED)
    recorder = story.recorder()
    recorder.start()
    for _ in range(15):
        story.after(60)
        story.fail(Topic.STATUS)
        recorder.judge_again()
    assert story.changes == []
    story.sync(FINISHED, at=story.now)
    assert [one.after.state for one in story.changes] == ["ok"]
    story.after(630)
    story.sync(FINISHED, at=story.now - timedelta(seconds=630))
    recorder.judge_again()
    assert [one.after.state for one in story.changes] == ["ok", "overdue"]


async def test_the_newest_name_that_was_received_is_kept_and_the_old_one_is_known() -> None:
    story = Story()
    story.sync(FINISHED)
    story.recorder().start()
    story.after(60)
    story.poll(Topic.WORKERS, (WorkerSync("t-1", "Temu", "Temu Neu"),))
    assert story.kept.states_at(story.now)[TEMU].subject.name == "Temu · Temu Neu"
    story.sync(FAILED)
    assert story.kept.former_names()[TEMU] == {"Temu · Temu DE", "Temu · Temu Neu"}
    assert story.changes[-1].subject.name == "Temu · Temu DE"


async def test_a_name_that_cannot_be_read_is_no_new_one() -> None:
    story = Story()
    story.sync(FINISHED)
    memory = story.kept
    story.recorder().start()
    nameless = Story(story.now, memory)
    nameless.fail(Topic.WORKERS)
    nameless.poll(Topic.STATUS, (WorkerStatus("t-1", FAILED, "401"),))
    nameless.recorder().start(memory.states_at(story.now))
    assert [(one.after.state, one.subject.name) for one in story.changes] == [
        ("error", "Temu · Temu DE")
    ]


async def test_appearing_and_disappearing_are_changes() -> None:
    story = Story()
    story.sync(FINISHED)
    story.recorder().start()
    other = WorkerSync("o-1", "Otto", "Otto Market")
    story.after(5)
    story.poll(Topic.WORKERS, (other,))
    story.poll(Topic.STATUS, (WorkerStatus("o-1", FINISHED),))
    causes = {
        (one.subject.key, one.cause)
        for one in story.kept.changes(START, story.now)
        if one.subject.kind is SubjectKind.SYNC
    }
    assert causes >= {("o-1", Cause.APPEARED), ("t-1", Cause.DISAPPEARED)}


async def test_what_changed_while_nothing_was_recording_is_a_change() -> None:
    story = Story()
    story.sync(FINISHED)
    first = story.recorder()
    first.start()
    await first.aclose()
    story.after(3_600)
    story.sync(FAILED, text="401")
    story.recorder().start(story.kept.states_at(story.now))
    assert [(one.after.state, one.cause) for one in story.changes] == [("error", Cause.POLL)]


async def test_a_system_that_fails_is_down_and_its_gap_has_the_reason() -> None:
    story = Story()
    story.sync(FINISHED)
    story.recorder().start()
    for _ in range(20):
        story.after(10)
        story.fail(Topic.STATUS)
        story.fail(Topic.WORKERS)
    system = Subject(SubjectKind.SYSTEM, System.JTL.value)
    [down] = story.kept.changes(START, story.now, system)
    assert (down.after.state, down.after.text) == ("down", "connection refused")
    rows = story.kept.coverage(START, story.now)
    [gap] = gaps_of(rows, "status", START, story.now)
    assert gap.reason == "connection refused"
    assert len([row for row in rows if row.topic == "status"]) == 2
    story.after(5)
    story.sync(FINISHED, at=START)
    assert story.kept.states_at(story.now)[system].after.state == "up"


async def test_a_clock_that_is_set_back_is_an_event() -> None:
    story = Story()
    story.sync(FINISHED)
    story.recorder().start()
    story.after(-3_600)
    story.sync(FINISHED)
    [event] = story.kept.events(story.now, START)
    assert (event.kind, event.text) == (EventKind.CLOCK, "the clock was set back by 1h")


async def test_a_fault_of_the_recorder_never_reaches_the_store() -> None:
    story = Story()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: story.faults.append(context))
    story.sync(FINISHED)

    def broken() -> frozenset[int]:
        raise RuntimeError("a bug")

    story.recorder(expected=broken).start()
    story.after(5)
    story.poll(Topic.CONNECTIONS, (Connection(7, "Visma", active=True),))
    assert story.store.snapshot(Topic.CONNECTIONS).data is not None
    assert story.faults


async def test_thousands_of_syncs_are_compared_in_slices() -> None:
    story = Story()
    syncs = tuple(WorkerSync(f"s-{n}", "Temu", f"Temu {n}") for n in range(5_000))
    story.poll(Topic.WORKERS, syncs)
    recorder = story.recorder()
    recorder.start()
    story.poll(Topic.STATUS, tuple(WorkerStatus(sync.id, FINISHED) for sync in syncs))
    first = sum(one.kind is SubjectKind.SYNC for one in story.kept.subjects())
    assert 0 < first <= 100
    await recorder.settled()
    assert sum(one.kind is SubjectKind.SYNC for one in story.kept.subjects()) == 5_000


async def test_what_waits_at_the_end_is_still_recorded() -> None:
    story = Story()
    syncs = tuple(WorkerSync(f"s-{n}", "Temu", f"Temu {n}") for n in range(500))
    story.poll(Topic.WORKERS, syncs)
    recorder = story.recorder()
    recorder.start()
    story.poll(Topic.STATUS, tuple(WorkerStatus(sync.id, FINISHED) for sync in syncs))
    await recorder.aclose()
    assert sum(one.kind is SubjectKind.SYNC for one in story.kept.subjects()) == 500


SECRET = "hunter2-planted"


async def test_no_planted_secret_is_recorded() -> None:
    story = Story()
    recorder = story.recorder()
    recorder.start()
    option = WorkerOption("1", "Password", value=SECRET)
    raw = {"Authorization": SECRET, "Configurations": [{"CurrentValue": SECRET}]}
    sync = WorkerSync("t-1", "Temu", "Temu DE", options=(option,), raw=raw)
    said = f"401 for https://u:{SECRET}@shop.example/?key={SECRET} token={SECRET} Bearer {SECRET}"
    story.poll(Topic.WORKERS, (sync,))
    story.poll(Topic.STATUS, (WorkerStatus("t-1", FAILED, said, raw=raw),))
    story.poll(Topic.ENGINE, EngineStatus(False, f"stopped, password={SECRET}", Interval(), raw=raw))
    fields = ("PASSWORD",)
    story.poll(
        Topic.CONNECTIONS, (Connection(7, "Visma", problem=f"pin: {SECRET}", config_field_names=fields),)
    )
    story.poll(
        Topic.EXTENSIONS, (Extension("u", "shop", status=9, problem=f"secret={SECRET}", raw=raw),)
    )
    story.fail(Topic.STATUS, f"GET https://shop.example/?apikey={SECRET} failed")
    everything = [
        *story.kept.states_at(story.now).values(),
        *story.kept.coverage(START, story.now),
        *story.kept.events(START, story.now),
    ]
    assert len(everything) > 8
    assert SECRET not in repr(everything)
    assert "401 for https://shop.example/" in repr(everything)


async def test_a_failure_covers_the_time_from_its_request_on() -> None:
    story = Story()
    story.sync(FINISHED)
    story.recorder().start()
    for _ in range(2):
        story.after(95)
        story.fail(Topic.STATUS, "no response within 90 s", took=90)
    [_, failed] = [one for one in story.kept.coverage(START, story.now) if one.topic == "status"]
    assert (failed.start, failed.end) == (START + timedelta(seconds=5), story.now)
    story.after(45)
    story.sync(FINISHED)
    [gap] = gaps_of(story.kept.coverage(START, story.now), "status", START, story.now)
    assert (gap.start, gap.end, gap.reason) == (START, story.now, "no response within 90 s")


async def test_a_server_that_demands_a_pause_is_not_unwatched() -> None:
    story = Story()
    story.sync(FINISHED)
    story.recorder().start()
    story.after(5)
    error = Throttled(system=System.JTL, sentence="too many requests", next_step="", retry_after=300)
    story.store.fail(Topic.STATUS, 9, error, at=story.now)
    story.after(300)
    story.sync(FINISHED)
    [gap] = gaps_of(story.kept.coverage(START, story.now), "status", START, story.now)
    assert (gap.start, gap.end, gap.reason) == (START, story.now, "too many requests")


async def test_without_messages_no_text_is_recorded() -> None:
    story = Story()
    story.recorder(messages="none").start()
    story.sync(FAILED, text="401 from marketplace")
    story.fail(Topic.STATUS, "connection refused")
    kept = repr([story.kept.states_at(story.now), story.kept.coverage(START, story.now)])
    assert "401" not in kept
    assert "connection refused" not in kept


STEPS = st.lists(
    st.tuples(
        st.integers(1, 900),
        st.integers(0, 8),
        st.sampled_from(["", "401", "orders 3 of 10"]),
        st.integers(0, 2_000),
        st.sampled_from(["00:01:00", "00:05:00", ""]),
    ),
    min_size=1,
    max_size=8,
)


@pytest.mark.parametrize("minutely", [True, False])
@given(steps=STEPS)
def test_any_past_time_is_judged_as_the_live_screen_judged_it(
    minutely: bool, steps: list[tuple[int, int, str, int, str]]
) -> None:
    """Over a random life, at every poll and between polls."""

    async def live() -> None:
        story = Story()
        recorder = story.recorder()
        recorder.start()
        seen: list[tuple[datetime, Level, str]] = []
        for seconds, state, text, age, every in steps:
            story.sync(state, text=text, at=story.now - timedelta(seconds=age), every=every)
            for part in (0, seconds / 2):
                story.after(part)
                if minutely:
                    recorder.judge_again()
                [worker] = story.store.workers()
                verdict = assess(worker, story.now)
                seen.append((story.now, verdict.level, verdict.word))
            story.after(seconds / 2 + 1)
        await recorder.aclose()
        for at, level, word in seen:
            state_then = replace(story.kept.states_at(at)[TEMU].after)
            verdict = assess(replayed_worker(TEMU, state_then, None), at)
            assert (verdict.level, verdict.word) == (level, word)

    asyncio.run(live())
