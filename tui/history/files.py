"""The history in the user's files: who writes it, who reads along, and where an event goes."""

import importlib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.domain.history.records import Event

if TYPE_CHECKING:
    from tui.domain.history.reader import HistoryReader, HistorySink
    from tui.domain.history.settings import HistorySettings
    from tui.history.history import Keeper


class InFiles:
    """The keeper of a history in files; the writer is the only one that records."""

    def __init__(self, writer: Any, inbox: Any, place: Path, fallback: Path) -> None:
        self._writer, self._inbox = writer, inbox
        self._place, self._fallback = place, fallback

    def status(self) -> str:
        status = self._writer.status
        word = str(status.kind).replace("_", " ")
        sign = ", " if word.startswith("reading") else ": "
        text = f"{word}{sign}{status.why}" if status.why else word
        return f"{text}, {status.dropped:,} records lost" if status.dropped else text

    def write(self, event: Event) -> None:
        if self._writer.status.kind == "recording":
            self._writer.add([event])
        else:
            self._inbox.append(self._place, self._fallback, event)

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
    parts = {
        name: importlib.import_module(f"tui.history.{name}") for name in ("writer", "reader", "inbox")
    }
    writer = parts["writer"].Writer(place, settings, meta, clock)
    reader: HistoryReader = parts["reader"].FileReader(place)
    return reader, writer, InFiles(writer, parts["inbox"], place, fallback)
