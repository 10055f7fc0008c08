"""Puts a history together, in files or in memory."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tui.domain.history.records import Record
from tui.history.history import History, InMemory
from tui.history.memory import MemoryHistory
from tui.history.recorder import Feed, Recorder

if TYPE_CHECKING:
    from tui.domain.history.reader import HistoryReader
    from tui.domain.history.settings import HistorySettings


def kept(
    feed: Feed, place: Path, fallback: Path, settings: "HistorySettings", meta: Mapping[str, str]
) -> History:
    """In files; `fallback` is the user's own folder, where `place` cannot be written."""
    from tui.history.files import open_files

    reader, sink, keeper = open_files(place, fallback, settings, meta, feed.clock)
    return History(reader, keeper, Recorder(feed, sink, settings.messages), clock=feed.clock)


def in_memory(feed: Feed, past: Sequence[Record] = ()) -> History:
    """For this run alone, after a given past."""
    memory = MemoryHistory()
    memory.add(past)
    return History(memory, InMemory(memory), Recorder(feed, memory), clock=feed.clock)


def replayed(reader: "HistoryReader", clock: Callable[[], datetime]) -> History:
    """Of a file alone: nothing is recorded or written."""
    return History(reader, InMemory(MemoryHistory()), None, clock=clock, is_on=False)
