"""The history of one profile at work: it records, is read, and says in the header how it is doing.

Blocking calls of the reader belong in a thread; what is here blocks nothing.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from tui.domain.history.gaps import LONGEST_PAUSE
from tui.domain.history.observing import kept_text
from tui.domain.history.records import Change, Coverage, Event, EventKind, Subject

if TYPE_CHECKING:
    from tui.domain.history.reader import HistoryReader, HistorySink
    from tui.history.recorder import Recorder

FLUSH = 0.2
"""Seconds that the end of a console may wait for the disk."""


class Keeper(Protocol):
    """Where events go and how the recording is doing; files and memory have one each."""

    @property
    def notices(self) -> Sequence[str]:
        """What an operator should know, each once: such as a damaged day that was set aside."""
        ...

    def status(self) -> str:
        """`recording`, `reading along, pid 4711`, `paused: no space left on device`, `off`."""
        ...

    def dropped(self) -> int:
        """Records that were given up because the disk was too slow or full."""
        ...

    def write(self, event: Event) -> None:
        """Keep an event, whichever program records. Blocking.

        Raises OSError: it could not be kept anywhere.
        """
        ...

    def close(self, seconds: float) -> None:
        """Keep what waits. Blocking, for at most `seconds`."""
        ...


class InMemory:
    """The keeper of a history that ends with the console."""

    notices: Sequence[str] = ()

    def __init__(self, sink: "HistorySink") -> None:
        self._sink = sink

    def status(self) -> str:
        return "recording"

    def dropped(self) -> int:
        return 0

    def write(self, event: Event) -> None:
        self._sink.add([event])

    def close(self, seconds: float) -> None:
        """Nothing waits."""


class History:
    def __init__(
        self,
        reader: "HistoryReader",
        keeper: Keeper,
        recorder: "Recorder | None",
        *,
        clock: Callable[[], datetime],
        is_on: bool = True,
    ) -> None:
        """`recorder` is None where an old recording is shown; `is_on`: as the config says."""
        self.reader, self.recorder = reader, recorder
        self._keeper, self._clock, self._is_on = keeper, clock, is_on
        self._starting: asyncio.Task[None] | None = None
        self._readers: list[Callable[[], None]] = []

    @property
    def status(self) -> str:
        """`recording`, `reading along, pid 4711`, `paused: no space left on device` or `off`."""
        if self._starting is not None and self._starting.cancelled():
            return "paused: it took too long to read what was recorded before"
        return self._keeper.status() if self._is_on and self.recorder is not None else "off"

    @property
    def is_recording(self) -> bool:
        return self.status.startswith(("recording", "reading along"))

    @property
    def dropped(self) -> int:
        """Records that were given up since this history was opened."""
        return self._keeper.dropped()

    @property
    def notices(self) -> Sequence[str]:
        return tuple(self._keeper.notices)

    def start(self) -> None:
        """Record from now on; call it once the first live data is on screen."""
        if self._is_on and self.recorder is not None and self._starting is None:
            self._starting = asyncio.ensure_future(self._start())

    async def started(self) -> None:
        """Wait until it records; who stops waiting does not stop it."""
        if self._starting is not None:
            await asyncio.shield(self._starting)

    async def _start(self) -> None:
        """What was recorded last is read first: what changed since then did so unseen."""
        known: Mapping[Subject, Change] = {}
        recorded: Sequence[Coverage] = ()
        now = self._clock()
        with suppress(OSError, ValueError):
            known = await asyncio.to_thread(self.reader.states_at, now)
            recorded = await asyncio.to_thread(self.reader.coverage, now - LONGEST_PAUSE, now)
        if self.recorder is not None:
            self.recorder.start(known, recorded)

    async def note(self, text: str, user: str) -> None:
        """Keep a line of a person. Raises OSError: it could not be written anywhere."""
        await self.event(EventKind.NOTE, text, user=user)

    async def event(self, kind: EventKind, text: str, *, user: str = "", ref: str = "") -> None:
        """Keep an event that is not a change of a row.

        Raises OSError: it could not be written anywhere.
        """
        event = Event(self._clock(), kind, kept_text(text), None, user, ref)
        await asyncio.to_thread(self._keeper.write, event)

    def on_close(self, hook: Callable[[], None]) -> None:
        """Call `hook` before the history is closed: its readers stop."""
        self._readers.append(hook)

    async def aclose(self, within: float = FLUSH) -> None:
        """Stop and keep what waits, within so many seconds; `status` says where that was too short."""
        for stop in self._readers:
            stop()
        if self._starting is not None:
            self._starting.cancel()
        if self.recorder is not None:
            await self.recorder.aclose()
        # The thread may hang on a dead disk: it is left behind.
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(within + FLUSH):
                await asyncio.to_thread(self._keeper.close, within)
