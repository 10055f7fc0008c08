"""A history in files: recorded from a store, read back, without a secret, by one console at a time."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

from tests.drivers.command import PATIENCE
from tests.history.recordings import LONG
from tests.history.test_recorder import SECRET
from tui.domain.history.records import Change, EventKind, Subject, SubjectKind
from tui.domain.history.settings import HistorySettings
from tui.domain.intervals import Interval
from tui.domain.jtl.workers import WorkerOption, WorkerStatus, WorkerSync
from tui.domain.superoffice.engine import EngineStatus
from tui.domain.timestamps import Moment
from tui.history.build import kept
from tui.history.history import History
from tui.history.reader import FileReader
from tui.history.recorder import Feed
from tui.store.snapshot import Topic
from tui.store.store import Store

START = datetime(2026, 11, 29, 1, 0, tzinfo=UTC)
AT = Moment.read("2026-11-29T01:00:00Z")
TEMU = Subject(SubjectKind.SYNC, "t-1")


@dataclass
class Console:
    """A store and its history in the files of `place`."""

    place: Path
    now: datetime = START
    store: Store = field(default_factory=Store)

    def __post_init__(self) -> None:
        feed = Feed(self.store, lambda _topic: 5.0, lambda _system, at: at, frozenset, lambda: self.now)
        own = self.place.parent / "own"
        self.history: History = kept(feed, self.place, own, HistorySettings(), {"profile": "acme"})

    async def start(self) -> None:
        self.history.start()
        await self.history.started()

    def sync(self, state: int, text: str = "") -> None:
        self.now += timedelta(seconds=5)
        secret = WorkerOption("1", "Password", value=SECRET)
        raw = {"Authorization": SECRET}
        sync = WorkerSync("t-1", "Temu", "Temu DE", options=(secret,), raw=raw)
        for topic, row in (
            (Topic.WORKERS, sync),
            (Topic.STATUS, WorkerStatus("t-1", state, text, status_at=AT, raw=raw)),
        ):
            generation = self.store.snapshot(topic).generation + 1
            self.store.succeed(topic, generation, (row,), at=self.now, took=0.1)


async def test_what_a_console_saw_is_read_back_by_the_next(tmp_path: Path) -> None:
    first = Console(tmp_path / "acme")
    first.sync(3)
    await first.start()
    first.sync(4, "401 from marketplace")
    await first.history.note("provider informed", "anna")
    await first.history.aclose(LONG)
    second = Console(tmp_path / "acme", first.now + timedelta(hours=1))
    reader = second.history.reader
    changes = await asyncio.to_thread(reader.changes, START, second.now, TEMU)
    assert [(one.before and one.before.state, one.after.state) for one in changes] == [("ok", "error")]
    second.sync(4, "401 from marketplace")
    await second.start()
    await second.history.aclose(LONG)
    since = reader.since_at(second.now)[TEMU]
    assert since.at == changes[0].at
    notes = [one for one in reader.events(START, second.now) if one.kind is EventKind.NOTE]
    assert [(one.text, one.user) for one in notes] == [("provider informed", "anna")]


async def test_a_note_is_on_the_disk_once_it_is_said_to_be_kept(tmp_path: Path) -> None:
    console = Console(tmp_path / "acme")
    await console.start()
    await console.history.note("provider informed", "anna")
    reader = console.history.reader
    notes = await asyncio.to_thread(reader.events, START, START + timedelta(seconds=1))
    assert [one.text for one in notes] == ["provider informed"]
    await console.history.aclose(LONG)


async def test_what_is_closed_before_it_could_begin_does_not_say_that_it_records(tmp_path: Path) -> None:
    console, is_read = Console(tmp_path / "acme"), Event()

    class Hanging(FileReader):
        def states_at(self, at: datetime) -> Mapping[Subject, Change]:
            is_read.wait(PATIENCE)
            return {}

    console.history.reader = Hanging(console.place)
    console.history.start()
    with suppress(TimeoutError):
        async with asyncio.timeout(0.01):
            await console.history.started()
    await console.history.aclose(LONG)
    is_read.set()
    assert console.history.status.startswith("paused: ")


async def test_no_file_has_a_planted_secret(tmp_path: Path) -> None:
    console = Console(tmp_path / "acme")
    console.sync(3)
    await console.start()
    console.sync(4, f"401 for https://u:{SECRET}@shop.example/?key={SECRET} token={SECRET}")
    engine = EngineStatus(False, f"stopped, password: {SECRET}", Interval(), raw={"x": SECRET})
    console.store.succeed(Topic.ENGINE, 1, engine, at=console.now, took=0.1)
    await console.history.note(f"the token={SECRET} was renewed", "anna")
    await console.history.aclose(LONG)
    contents = contents_of(tmp_path)
    assert any(b"401 for https://shop.example/" in content for content in contents.values())
    assert [name for name, content in contents.items() if SECRET.encode() in content] == []


async def test_a_note_of_the_second_console_is_kept_in_the_inbox(tmp_path: Path) -> None:
    first = Console(tmp_path / "acme")
    first.sync(3)
    await first.start()
    await first.history.note("from the first", "anna")
    second = Console(tmp_path / "acme", first.now)
    second.sync(3)
    await second.start()
    assert (await reading_along(second.history)).startswith("reading along, ")
    await second.history.note("from the second", "ben")
    notes = second.history.reader.events(START, second.now)
    assert "from the second" in [one.text for one in notes]
    await second.history.aclose(LONG)
    await first.history.aclose(LONG)


def contents_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def reading_along(history: History) -> str:
    """The status once the writer's thread knows whether the lock is free."""
    for _ in range(1_000):
        if history.status.startswith("reading along"):
            break
        await asyncio.sleep(0.01)
    return history.status
