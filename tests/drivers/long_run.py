"""The real console in a terminal for as long as one likes, polling every second a world that moves,
fails and recovers, while somebody walks through its screens: what it holds must not grow.

`python -m tests.drivers.long_run --minutes 60` prints a line a minute, and ends with 1 if memory or
open files grew. Linux only.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from tests.drivers.command import command
from tests.drivers.terminal import Terminal
from tests.terminal.erp_process import ErpProcess

WALK = (
    *("1", "j", "enter", "esc", "2", "enter", "v", "esc", "3", "4", "enter", "esc", "5", "6", "r"),
    *("1", "?", "esc", "e", "esc", "o", "O", "2", "o", "p", "p", "1", "y", "space", "space"),
)
FAULTS = ("reset", "hostile", "status:503", "one-bad-row", "status:401", "html", "wrong-types")
WARM_UP = 0.25
"""Part of the run after which memory is taken as what it should stay."""
MAY_GROW_MB = 6.0
MAY_GROW_FILES = 2
_STEP = 2.0
"""Seconds between two keys."""
_FAULT_EVERY = 20
"""Steps; a fault hits the next few requests."""


@dataclass(frozen=True)
class Reading:
    """What the console holds at a moment."""

    second: float
    rss_mb: float
    files: int

    @classmethod
    def of(cls, pid: int, second: float) -> "Reading":
        """Read it from /proc."""
        status = Path(f"/proc/{pid}/status").read_text()
        pages = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return cls(second, int(pages.split()[1]) / 1_024, len(list(Path(f"/proc/{pid}/fd").iterdir())))

    def __str__(self) -> str:
        return f"{self.second / 60:6.1f} min  {self.rss_mb:7.1f} MB  {self.files:3} files"


@contextmanager
def running(home: Path) -> Iterator[tuple[Terminal, ErpProcess]]:
    """A simulator that lives, and the console on it at intervals of one second."""
    environment = {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "SYNCDECK_STATE_DIR": str(home / "state"),
        "SYNCDECK_CACHE_DIR": str(home / "cache"),
    }
    erp = ErpProcess(home, environment)
    try:
        pace = "".join(f"{topic} = 1\n" for topic in ("workers", "engine", "extensions", "connections"))
        text = erp.config.read_text()
        profile = text.split('default_profile = "')[1].split('"')[0]
        erp.config.write_text(f"{text}\n[profiles.{profile}.refresh]\n{pace}")
        with Terminal(command("--config", erp.config), environment, cwd=home) as terminal:
            terminal.wait_for("live")
            yield terminal, erp
            terminal.press("esc", "esc", "ctrl+q")
            terminal.press("ctrl+q")
            terminal.wait_ended()
    finally:
        erp.kill()


def walk(terminal: Terminal, erp: ErpProcess, seconds: float) -> Iterator[Reading]:
    """Walk about for so long; a reading per step."""
    began = time.monotonic()
    faults = cycle(FAULTS)
    for step, key in enumerate(cycle(WALK), 1):
        passed = time.monotonic() - began
        if passed >= seconds:
            return
        terminal.press(key)
        if step % _FAULT_EVERY == 0:
            erp.fault(f".*={next(faults)}*5")
        until = time.monotonic() + _STEP
        while (left := until - time.monotonic()) > 0:
            terminal.pump(left)
        terminal.raw.clear()
        assert terminal.exit_code is None, f"it ended:\n{terminal.screen()}"
        yield Reading.of(terminal.program.pid, passed)


def grown(readings: list[Reading]) -> tuple[float, int]:
    """By how many MB and files the last quarter lies above the one after the warm-up, at the median."""
    cut = max(1, int(len(readings) * WARM_UP))
    early, late = readings[cut : 2 * cut] or readings, readings[-cut:]

    def median(values: list[float]) -> float:
        return sorted(values)[len(values) // 2]

    megabytes = median([r.rss_mb for r in late]) - median([r.rss_mb for r in early])
    return megabytes, int(median([r.files for r in late]) - median([r.files for r in early]))


def main() -> int:
    """Run the console for so many minutes; 1 if what it holds grew."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    minutes = parser.parse_args().minutes
    readings: list[Reading] = []
    with tempfile.TemporaryDirectory() as home, running(Path(home)) as (terminal, erp):
        told = -1
        for reading in walk(terminal, erp, minutes * 60):
            readings.append(reading)
            if int(reading.second // 60) > told:
                told = int(reading.second // 60)
                print(reading, flush=True)
        print(readings[-1])
    megabytes, files = grown(readings)
    print(
        f"after the warm-up: {megabytes:+.1f} MB, {files:+} files; most files: "
        f"{max(r.files for r in readings)}"
    )
    return int(megabytes > MAY_GROW_MB or files > MAY_GROW_FILES)


if __name__ == "__main__":
    sys.exit(main())
