"""The demo's past through a session: since when, what happened, and lists as they were."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.history.recordings import LONG
from tests.history.test_history_files import TEMU
from tests.history.test_history_files import Console as Recording
from tests.history.test_recorder import FAILED, FINISHED, RUNNING, Story
from tui.core import Core
from tui.domain.health.rules import Level, assess
from tui.domain.history.gaps import NOTHING_RECORDED, Gap
from tui.domain.history.records import (
    Cause,
    Change,
    Event,
    EventKind,
    Poll,
    State,
    Subject,
    SubjectKind,
)
from tui.domain.history.since import Since, since_text
from tui.domain.history.strip import Cell
from tui.domain.jtl.workers import WorkerStatus
from tui.domain.profile import System
from tui.history.history import History, InMemory
from tui.history.memory import MemoryHistory
from tui.launch import RunOptions
from tui.ops.operations.registry import OPERATIONS, writes
from tui.session import session_view
from tui.session.events import Event as Posted
from tui.session.events import HistoryChanged
from tui.session.history_view import HistoryView
from tui.session.levels_begun import LevelsBegun, since_of_all
from tui.session.session import Session
from tui.store.freshness import FreshnessKind
from tui.store.snapshot import Topic
from tui.wiring import demo_core

NOW = datetime(2026, 11, 29, 17, 16, tzinfo=UTC)
REFUSED = "401 from marketplace"
NIGHT = datetime(2026, 11, 29, tzinfo=UTC)


class Console:
    """A session on the demo, polled once; its clock stands still."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.posted: list[Posted] = []
        self.session = Session(core.facts, lambda: NOW, self.posted.append, str)

    async def start(self) -> None:
        self.session.attach(self.core)
        await self.poll()
        view = await self.session.begun_history()
        assert view is not None
        await view.settled()

    async def poll(self) -> None:
        for topic in (Topic.WORKERS, Topic.STATUS, Topic.ENGINE, Topic.CONNECTIONS, Topic.EXTENSIONS):
            assert await self.core.poller.read_once(topic) is None

    def sync(self, channel: str) -> Subject:
        [worker] = (one for one in self.core.store.workers() if one.name.endswith(channel))
        return Subject(SubjectKind.SYNC, worker.id, worker.name)


async def test_a_profile_that_is_left_at_once_builds_no_history() -> None:
    one = Console(demo_core(RunOptions(), clock=lambda: NOW))
    one.session.attach(one.core)
    await one.poll()
    await one.session.aclose()
    assert await one.session.begun_history() is None
    late = one.core.late_history
    assert late is not None
    assert late.made is None


async def test_the_past_is_read_while_no_server_responds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_view, "_LONGEST_WAIT", 0.0)
    console = Console(demo_core(RunOptions(), clock=lambda: NOW))
    console.session.attach(console.core)
    for _ in range(3):
        await asyncio.sleep(0)
    view = await console.session.begun_history()
    assert view is not None
    assert console.core.store.snapshot(Topic.STATUS).fetched_at is None
    assert (await view.happened(NOW - timedelta(hours=24), NOW)).lines
    await console.session.aclose()


async def test_every_row_has_its_since_and_its_strip(console: Console) -> None:
    view = console.session.history
    assert view is not None
    temu, shop = console.sync("Temu DE"), console.sync("Hauptshop")
    assert since_text(view.since(temu.kind, temu.key), NOW) == "16h"
    assert since_text(view.since(shop.kind, shop.key), NOW) == "≥16h"
    view.want_strips(24)
    await view.settled()
    strip = view.strip(temu.kind, temu.key)
    assert strip is not None
    assert set(strip.cells[-16:]) == {Cell.ERROR}
    assert HistoryChanged() in console.posted


async def test_the_demo_knows_since_when_it_fails(console: Console) -> None:
    view = console.session.history
    assert view is not None
    shown = await view.of_subject(console.sync("Temu DE"), NOW - timedelta(hours=24), NOW, 60)
    assert shown.sentence.startswith("error since 01:14 (16h")
    assert shown.sentence.endswith("good runs seen, none failed; 1 gap")
    assert [(gap.start, gap.end) for gap in shown.gaps] == [
        (NIGHT + timedelta(minutes=41), NIGHT + timedelta(minutes=47))
    ]
    paced = [(line.text, line.detail) for line in shown.lines if "interval" in line.text]
    assert paced[-1] == ("Configure sync · Temu · Temu DE: interval 5m → 1m · applied", "by anna")
    assert len(paced) == 2


async def test_the_night_is_told_in_a_few_lines(console: Console) -> None:
    view = console.session.history
    assert view is not None
    happened = await view.happened(NOW - timedelta(hours=24), NOW)
    [incident] = (line for line in happened.lines if line.also)
    assert (incident.text, incident.detail) == ("ok → error", "401 from marketplace")
    assert f"{incident.at:%H:%M}" == "01:14"
    texts = [line.text for line in happened.lines]
    assert texts.count("error → ok") == 2
    assert "ok → overdue" in texts
    assert len(happened.lines) < 20


@pytest.mark.parametrize("minutes", range(60, 90, 3))
async def test_no_run_at_the_edge_of_a_window_is_news(console: Console, minutes: int) -> None:
    """Temu is in error all the time, and runs every minute."""
    view = console.session.history
    assert view is not None
    since = NIGHT + timedelta(minutes=minutes, seconds=20)
    temu = console.sync("Temu DE")
    all_of_them = (await view.happened(since, since + timedelta(hours=1))).lines
    own = (await view.of_subject(temu, since, since + timedelta(hours=1), 4)).lines
    assert not [one.text for one in (*all_of_them, *own) if "running" in one.text]


async def test_what_has_no_runs_is_not_drawn_as_if_it_ran(console: Console) -> None:
    view, core = console.session.history, console.core
    assert view is not None
    view.want_strips(24)
    await view.settled()
    kinds = (SubjectKind.EXTENSION, SubjectKind.CONNECTION)
    assert core.history is not None
    subjects = [one for one in core.history.reader.subjects() if one.kind in kinds]
    states = core.history.reader.states_at(NOW)
    assert "pending" in {states[one].after.state for one in subjects}
    for subject in subjects:
        shown = await view.of_subject(subject, NOW - timedelta(hours=24), NOW, 24)
        listed = view.strip(subject.kind, subject.key)
        assert listed is not None
        assert Cell.RAN not in {*shown.strip.cells, *listed.cells}
        if states[subject].after.state == "pending":
            assert {shown.strip.cells[-1], listed.cells[-1]} == {Cell.OFF}


async def test_lists_show_the_time_that_is_looked_at(console: Console) -> None:
    session, view = console.session, console.session.history
    assert view is not None
    await view.look_at(NIGHT + timedelta(hours=1, minutes=10))
    words = {one.name: assess(one, session.now(System.JTL)).word for one in session.store.workers()}
    assert words["Temu · Temu DE"] == "ok"
    assert words["Otto · Otto Market"] == "ok"
    assert view.looking_at == "LOOKING AT 01:10 · 16h ago"
    assert session.freshness(Topic.STATUS).kind is FreshnessKind.DATED
    await view.look_at(NIGHT + timedelta(hours=1, minutes=16))
    words = {one.name: assess(one, session.now(System.JTL)).word for one in session.store.workers()}
    assert words["Otto · Otto Market"] == "error"
    assert session.snapshot(Topic.ENGINE).data is not None
    await view.look_at(None)
    assert session.store is console.core.store
    assert view.looking_at == ""


async def test_a_time_that_nobody_saw_is_said_to_be_unseen(console: Console) -> None:
    view = console.session.history
    assert view is not None
    await view.look_at(NIGHT + timedelta(minutes=44))
    assert view.looking_at.endswith("not seen then (nothing was recording)")
    assert not console.session.freshness(Topic.STATUS).trusted


async def test_no_write_is_sent_while_looking_back(console: Console) -> None:
    session, view = console.session, console.session.history
    assert view is not None
    assert writes()
    await view.look_at(NIGHT + timedelta(hours=1, minutes=14))
    refusals = {session.refusal(one) for one in writes()}
    assert refusals == {"looking at 01:14: writes are refused; press B to return to now"}
    await view.look_at(None)
    assert session.refusal(OPERATIONS["worker.stop"]) is None


async def test_what_gets_worse_behind_the_past_is_counted(console: Console) -> None:
    view, store = console.session.history, console.core.store
    assert view is not None
    await view.look_at(NIGHT + timedelta(hours=1, minutes=14))
    assert view.worse_now == ""
    known = store.snapshot(Topic.STATUS)
    shop = console.sync("Hauptshop")
    worse = tuple(
        WorkerStatus(one.id, 4, "timeout", one.progress, one.status_at) if one.id == shop.key else one
        for one in known.data or ()
    )
    store.succeed(Topic.STATUS, known.generation + 1, worse, at=NOW, took=0.1)
    assert view.worse_now == "now: 1 worse"
    await view.look_at(None)
    assert view.worse_now == ""


async def test_a_note_is_kept_with_its_user(console: Console) -> None:
    history = console.core.history
    assert history is not None
    await history.note("provider informed, token=hunter2", "anna")
    note = history.reader.events(NOW, NOW)[-1]
    assert note == Event(NOW, EventKind.NOTE, "provider informed, token=•••", user="anna")


async def test_the_past_of_the_demo_ends_in_its_present(console: Console) -> None:
    """Nothing that the recorder sees first differs from what the past ended with."""
    history = console.core.history
    assert history is not None
    late = [one for one in history.reader.changes(NOW, NOW) if one.after.level is not Level.RUNNING]
    assert [one for one in late if one.cause is not Cause.STATUS_MOVED] == []


async def test_what_is_written_while_it_is_read_is_not_missed(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer commits between two reads."""
    view, temu = console.session.history, console.sync("Temu DE")
    assert view is not None
    known = console.core.store.snapshot(Topic.STATUS)
    rows = tuple(WorkerStatus(one.id, 2, "", one.progress, one.status_at) for one in known.data or ())
    console.core.store.succeed(Topic.STATUS, known.generation + 1, rows, at=NOW, took=0.1)
    reader, written = view.history.reader, False
    began, states = reader.since_at, reader.states_at

    def since_at(at: datetime) -> Mapping[Subject, Change]:
        nonlocal written
        found = began(at) if written else {}
        written = True
        return found

    monkeypatch.setattr(reader, "since_at", since_at)
    monkeypatch.setattr(reader, "states_at", lambda at: states(at) if written else {})
    view.refresh()
    await view.settled()
    assert view.since(temu.kind, temu.key) is not None


async def test_a_run_that_was_under_way_at_the_start_does_not_end_an_error(console: Console) -> None:
    history = console.core.history
    assert history is not None
    temu = console.sync("Temu DE")

    def status(state: int) -> None:
        known = console.core.store.snapshot(Topic.STATUS)
        rows = tuple(
            WorkerStatus(one.id, state, "401", one.progress, one.status_at)
            if one.id == temu.key
            else one
            for one in known.data or ()
        )
        console.core.store.succeed(Topic.STATUS, known.generation + 1, rows, at=NOW, took=0.1)

    status(2)
    view = HistoryView(console.core, history, console.session.trail, lambda: NOW)
    view.refresh()
    await view.settled()
    assert since_text(view.since(temu.kind, temu.key), NOW) == "0s"
    status(4)
    assert since_text(view.since(temu.kind, temu.key), NOW) == "16h"


async def test_since_follows_what_is_recorded(console: Console) -> None:
    view, history = console.session.history, console.core.history
    assert view is not None
    assert history is not None
    shop = console.sync("Hauptshop")
    known = console.core.store.snapshot(Topic.STATUS)
    failed = tuple(
        WorkerStatus(one.id, 4, "timeout", one.progress, one.status_at) if one.id == shop.key else one
        for one in known.data or ()
    )
    console.core.store.succeed(Topic.STATUS, known.generation + 1, failed, at=NOW, took=0.1)
    since = view.since(shop.kind, shop.key)
    assert since is not None
    assert (since.at, since.is_known) == (NOW, True)


async def test_what_began_in_a_gap_is_not_known_of_a_list_that_is_seldom_polled(
    console: Console,
) -> None:
    memory = MemoryHistory()
    begun, every_s = NOW - timedelta(hours=4), 300.0
    one = Subject(SubjectKind.EXTENSION, "e-1", "Export")
    ready, failed = State("ready", Level.OK), State("failed", Level.ERROR)
    memory.add([Change(begun - timedelta(hours=9), one, Cause.KEYFRAME, ready)])
    for start in (begun - timedelta(hours=9), begun):
        polls = [start + timedelta(seconds=number * every_s) for number in range(49)]
        memory.add([Poll("extensions", at, True, every_s, 0.1) for at in polls])
    memory.add([Change(begun, one, Cause.POLL, failed)])
    history = History(memory, InMemory(memory), None, clock=lambda: NOW)
    view = HistoryView(console.core, history, console.session.trail, lambda: NOW)
    view.refresh()
    await view.settled()
    assert since_text(view.since(one.kind, one.key), NOW) == "≥4h"


def test_a_run_with_a_gap_in_it_carries_no_level_across() -> None:
    """As for a level without a run: the rule of `since_of`."""
    error, running = State("error", Level.ERROR), State("running", Level.RUNNING)
    known, hour = Since(NOW - timedelta(hours=4), True), timedelta(hours=1)
    levels = LevelsBegun()
    levels.follow(Change(NOW - hour, TEMU, Cause.POLL, running, error), known, ())
    ended = Change(NOW, TEMU, Cause.POLL, error, running)
    gaps = [Gap(NOW - hour / 2, NOW, NOTHING_RECORDED)]
    assert levels.follow(ended, None, gaps) == Since(NOW, False, known)


async def gone_for(place: Path, away_s: float, *, fails: bool) -> Recording:
    """A console that starts so long after another one has ended, which saw a sync at work, or that it
    `fails`.
    """
    before = Recording(place)
    before.sync(3)
    await before.start()
    if fails:
        before.sync(4, REFUSED)
    await before.history.aclose(LONG)
    return Recording(place, before.now + timedelta(seconds=away_s - 5))


@pytest.mark.parametrize(("away_s", "text"), [(5.0, "0s"), (3_600.0, "≥0s")])
async def test_what_changed_while_nothing_was_recording_is_not_known_to_begin_now(
    console: Console, tmp_path: Path, away_s: float, text: str
) -> None:
    """In the live list, at once: the first poll after a gap finds another state."""
    now = await gone_for(tmp_path / "acme", away_s, fails=False)
    view = HistoryView(console.core, now.history, console.session.trail, lambda: now.now)
    now.sync(4, REFUSED)
    await now.start()
    assert since_text(view.since(TEMU.kind, TEMU.key), now.now) == text
    await now.history.aclose(LONG)


@pytest.mark.parametrize(("away_s", "text"), [(5.0, "6s"), (3_600.0, "≥1s")])
async def test_what_is_the_same_after_nothing_was_recording_is_claimed_from_now_on(
    console: Console, tmp_path: Path, away_s: float, text: str
) -> None:
    """In the live list, before the first poll is written."""
    now = await gone_for(tmp_path / "acme", away_s, fails=True)
    now.sync(4, REFUSED)
    await now.start()
    now.now += timedelta(seconds=1)
    view = HistoryView(console.core, now.history, console.session.trail, lambda: now.now)
    view.refresh()
    await view.settled()
    assert since_text(view.since(TEMU.kind, TEMU.key), now.now) == text
    await now.history.aclose(LONG)


def hung(story: Story) -> None:
    """The last response takes long as well."""
    for _ in range(3):
        story.after(45)
        story.fail(Topic.STATUS, "no response within 30 s", took=30)
    story.after(40)
    story.sync(FAILED, text=REFUSED, took=25)


def hung_during_a_run(story: Story) -> None:
    story.after(5)
    story.sync(RUNNING)
    story.after(300)
    story.sync(FAILED, text=REFUSED)


def slow(story: Story) -> None:
    story.after(34)
    story.sync(FAILED, text=REFUSED, took=29)


def paused(story: Story) -> None:
    for _ in range(2):
        story.after(300)
        story.sync(FAILED, text=REFUSED)


@pytest.mark.parametrize(
    ("outage", "before_it"), [(hung, True), (hung_during_a_run, True), (paused, True), (slow, False)]
)
async def test_an_open_console_says_what_is_said_of_the_same_history_later(
    console: Console, outage: Callable[[Story], None], before_it: bool
) -> None:
    """A sync in error, of which nothing was seen for a while."""
    story = Story()
    story.sync(FINISHED)
    recorder = story.recorder()
    history = History(story.kept, InMemory(story.kept), recorder, clock=lambda: story.now)
    view = HistoryView(console.core, history, console.session.trail, lambda: story.now)
    recorder.start()
    story.after(5)
    story.sync(FAILED, text=REFUSED)
    failed_at = story.now
    view.refresh()
    await view.settled()
    outage(story)
    story.after(1)
    await view.settled()
    since = view.since(TEMU.kind, TEMU.key)
    assert since == since_of_all(story.kept, story.now)[TEMU]
    known = Since(failed_at, True)
    assert since == (Since(since.at, False, known) if before_it else known)
    await recorder.aclose()


async def test_what_another_program_recorded_is_read_in_a_while(console: Console) -> None:
    story = Story()
    story.sync(FINISHED)
    recorder = story.recorder()
    history = History(story.kept, InMemory(story.kept), recorder, clock=lambda: story.now)
    view = HistoryView(console.core, history, console.session.trail, lambda: story.now)
    recorder.start()
    view.refresh()
    await view.settled()
    other = Subject(SubjectKind.SYNC, "o-1")
    story.kept.add([Change(story.now, other, Cause.APPEARED, State("ok", Level.OK))])
    for _ in range(12):
        story.after(5)
        story.sync(FINISHED)
    await view.settled()
    assert view.since(other.kind, other.key) is not None
    await recorder.aclose()
