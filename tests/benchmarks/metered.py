"""A pseudo-terminal that measures: when something was seen, what it cost on the wire and in the CPU."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.minimum import Cell, Row, minimum
from tests.drivers.terminal import Terminal

_QUIET = 0.15
"""Seconds without output after which a screen counts as settled."""
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Effect:
    """What a key led to; seconds."""

    first: float
    settled: float
    sent: int
    """Bytes."""
    least: int
    """Bytes of the cheapest encoding of the same change."""


class Metered(Terminal):
    """One program, measured."""

    def cells(self) -> list[list[Cell]]:
        """The screen, cell by cell."""
        buffer, columns = self._screen.buffer, self._screen.columns
        return [[_cell(buffer[line][at]) for at in range(columns)] for line in range(self._screen.lines)]

    def blank(self) -> list[Row]:
        """The screen before anything was drawn."""
        return [[Cell(" ", "default", "default", False, False, False, False)] * self._screen.columns] * (
            self._screen.lines
        )

    def first_byte(self) -> float:
        """Seconds from the start to the first output."""
        while not self.pump(_PATIENCE):
            assert self.program.poll() is None, "it ended without a word"
        return self.read_at - self.started

    def seen(self, pattern: str) -> float:
        """Seconds from the start until the screen shows this."""
        end = time.monotonic() + _PATIENCE
        while not re.search(pattern, self.screen()):
            assert time.monotonic() < end, f"{pattern!r} was never seen:\n{self.screen()}"
            self.pump(0.5)
        return self.read_at - self.started

    def quiet(self, seconds: float = _QUIET) -> None:
        """Until nothing comes for a while."""
        while self.pump(seconds):
            pass

    def effect(self, *keys: str) -> Effect:
        """Press keys together and wait for what they lead to."""
        before, sent, first, last = self.cells(), self.bytes_received, 0.0, 0.0
        began = time.monotonic()
        self.press(*keys)
        while self.pump(_QUIET if first else 2.0):
            last = self.read_at - began
            first = first or last
        return Effect(first, last, self.bytes_received - sent, minimum(before, self.cells()))

    @property
    def cursor_line(self) -> int:
        """The line of the screen that the cursor of the list stands on; -1: on none."""
        lines = self.screen().split("\n")
        return next((number for number, line in enumerate(lines) if line.startswith("▌")), -1)

    def until(self, key: str, shows: Callable[[int], bool]) -> float:
        """Seconds from a key until the screen shows what it leads to, given the cursor's line before."""
        before, began = self.cursor_line, time.monotonic()
        self.press(key)
        while not shows(before):
            assert time.monotonic() < began + _PATIENCE, f"{key} had no effect:\n{self.screen()}"
            self.pump(0.5)
        return self.read_at - began

    def listen(self, seconds: float) -> tuple[int, float]:
        """Bytes received and seconds of CPU used while nobody does anything."""
        sent, used, end = self.bytes_received, self.cpu(), time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.pump(left)
        return self.bytes_received - sent, self.cpu() - used

    def cpu(self) -> float:
        """Seconds of CPU used so far by all threads (Linux)."""
        spent = 0
        for file in Path(f"/proc/{self.program.pid}/task").glob("*/schedstat"):
            spent += int(file.read_text().split()[0])
        return spent / 1e9

    def peak_memory(self) -> float:
        """Megabytes at the most (Linux)."""
        status = Path(f"/proc/{self.program.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found else 0.0

    def quit(self, key: str) -> float:
        """Seconds from the key to the end of the process."""
        began = time.monotonic()
        self.press(key)
        while self.program.poll() is None:
            assert time.monotonic() < began + _PATIENCE, "it does not end"
            self.pump(0.001)
        return time.monotonic() - began


def _cell(drawn: Any) -> Cell:
    text, foreground, background, bold, italics, underscore, _, reverse, *_ = drawn
    return Cell(text, foreground, background, bold, italics, underscore, reverse)
