"""Puts a history together, in files or in memory."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from tui.domain.history.records import Record
from tui.domain.profile import System
from tui.history.history import History, InMemory
from tui.history.memory import MemoryHistory
from tui.history.recorder import Recorder
from tui.store.snapshot import Topic
from tui.store.store import Store

if TYPE_CHECKING:
    from tui.domain.history.reader import HistoryReader, HistorySink
    from tui.domain.history.settings import HistorySettings


class Feed(NamedTuple):
    """What a recorder watches."""

    store: Store
    every: Callable[[Topic], float]
    """Seconds within which a topic is polled again."""
    now_of: Callable[[System, datetime], datetime]
    """A time of ours by a server's clock."""
    expected: Callable[[], frozenset[int]]
    """Connections that are inactive for a known reason."""
    clock: Callable[[], datetime]


def kept(
    feed: Feed, place: Path, fallback: Path, settings: "HistorySettings", meta: Mapping[str, str]
) -> History:
    """In files; `fallback` is the user's own folder, where `place` cannot be written."""
    from tui.history.files import open_files

    reader, sink, keeper = open_files(place, fallback, settings, meta, feed.clock)
    return History(reader, keeper, _recorder(feed, sink, settings.messages), clock=feed.clock)


def in_memory(feed: Feed, past: Sequence[Record] = ()) -> History:
    """For this run alone, after a given past."""
    memory = MemoryHistory()
    memory.add(past)
    return History(memory, InMemory(memory), _recorder(feed, memory, "masked"), clock=feed.clock)


def _recorder(feed: Feed, sink: "HistorySink", messages: Literal["masked", "none"]) -> Recorder:
    return Recorder(
        feed.store,
        sink,
        every=feed.every,
        now_of=feed.now_of,
        clock=feed.clock,
        expected=feed.expected,
        messages=messages,
    )


def replayed(reader: "HistoryReader", clock: Callable[[], datetime]) -> History:
    """Of a file alone: nothing is recorded or written."""
    return History(reader, InMemory(MemoryHistory()), None, clock=clock, is_on=False)
