"""The history in the user's files: who writes it, who reads along, and where an event goes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tui.domain.history.day_sums import day_totals
from tui.domain.history.records import Event
from tui.history import inbox
from tui.history.reader import FileReader
from tui.history.writer import Writer, WriterKind

if TYPE_CHECKING:
    from tui.domain.history.reader import HistoryReader, HistorySink
    from tui.domain.history.settings import HistorySettings
    from tui.history.history import Keeper

_LONGEST_WAIT = 0.5
"""Seconds that somebody who notes something waits for a slow disk."""


class InFiles:
    """The keeper of a history in files; the writer is the only one that records."""

    def __init__(self, writer: Writer, place: Path, fallback: Path, notices: Sequence[str]) -> None:
        self._writer, self._place, self._fallback = writer, place, fallback
        self._notices = notices

    @property
    def notices(self) -> Sequence[str]:
        """As reported by the writer, and why it pauses."""
        status = self.status()
        why = f"history {status}; it is tried again every minute, and polling goes on"
        return (*self._notices, *((why,) if status.startswith("paused") else ()))

    def status(self) -> str:
        status = self._writer.status
        words = {WriterKind.READING_ALONG: "reading along, "}
        lead = words.get(status.kind, f"{status.kind}: ") if status.why else f"{status.kind}"
        lost = f", {status.dropped:,} records lost" if status.dropped else ""
        return f"{lead}{status.why}{lost}".replace("_", " ")

    def dropped(self) -> int:
        return self._writer.status.dropped

    def write(self, event: Event) -> None:
        if self._writer.status.kind is WriterKind.RECORDING:
            self._writer.add([event])
            # What a person did is on the disk once it is said; a slow one gets it a little later.
            self._writer.flush(_LONGEST_WAIT)
        else:
            inbox.append(self._place, self._fallback, event)

    def close(self, seconds: float) -> None:
        self._writer.close(seconds)


def open_files(
    place: Path,
    fallback: Path,
    settings: "HistorySettings",
    meta: Mapping[str, str],
    clock: Callable[[], datetime],
) -> "tuple[HistoryReader, HistorySink, Keeper]":
    """`place`: the profile's folder; `fallback`: the user's own, where that cannot be written."""
    notices: list[str] = []
    writer = Writer(
        place, settings, meta, clock, take_in=inbox.take_in, sum_up=day_totals, report=notices.append
    )
    return FileReader(place, fallback), writer, InFiles(writer, place, fallback, notices)
