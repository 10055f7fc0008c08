"""What is measured: each function runs one program once and returns figures by name.

Times are milliseconds, memory megabytes, the rest is said in the name.
"""

import os
import re
import statistics
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from tests.benchmarks.metered import Effect, Metered
from tests.benchmarks.minimum import minimum
from tests.terminal.erp_process import ErpProcess

Figures: TypeAlias = dict[str, float]
SIZE = (100, 30)
_IDLE = 4.0
"""Seconds that nobody does anything."""
_FRAME = r"State +.*Channel"
LIVE = r"\d+ syncs?\b(.|\n)*"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the programs run: a folder of their own, a clean environment."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """All that they get."""
        return {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(self.folder),
            "COLORTERM": "truecolor",
            "SYNCDECK_STATE_DIR": str(self.folder / "state"),
            "SYNCDECK_CACHE_DIR": str(self.folder / "cache"),
        }

    def forget(self) -> None:
        """Remove what the last console kept of its screen."""
        for file in (self.folder / "cache" / "last").glob("*"):
            file.unlink()

    def terminal(self, *argv: object) -> Metered:
        """Start a program in a terminal that answers every query at once, as real ones do."""
        words = [str(word) for word in argv]
        return Metered(words, self.environment, size=SIZE, cwd=self.folder, answers_after=0.0)


def installed() -> str:
    """The command as it was installed."""
    return str(Path(sysconfig.get_path("scripts")) / "syncdeck")


def bare(place: Place) -> Figures:
    """Python that does nothing, and the command that answers at once."""
    return {
        "python": _run(place, sys.executable, "-c", "pass"),
        "version": _run(place, installed(), "--version"),
    }


def _run(place: Place, *argv: str) -> float:
    began = time.monotonic()
    subprocess.run(argv, env=place.environment, stdout=subprocess.DEVNULL, check=True)
    return 1_000 * (time.monotonic() - began)


def hello(place: Place) -> Figures:
    """The same of a Textual program that says hello."""
    with place.terminal(sys.executable, Path(__file__).with_name("hello.py")) as terminal:
        byte = terminal.first_byte()
        frame = terminal.seen("Hello, world")
        terminal.quiet(0.5)
        _, used = terminal.listen(_IDLE)
        return {
            "first byte": 1_000 * byte,
            "frame": 1_000 * frame,
            "idle cpu": 1_000 * used / _IDLE,
            "memory": terminal.peak_memory(),
            "quit": 1_000 * terminal.quit("ctrl+q"),
        }


def libraries(place: Place, erp: ErpProcess) -> Figures:
    """What the console cannot be without: the same program with its libraries."""
    script, address = Path(__file__).with_name("libraries.py"), f"http://127.0.0.1:{erp.port}/"
    with place.terminal(sys.executable, script, address) as terminal:
        terminal.seen("is ready")
        terminal.quiet(0.5)
        figures = {"memory": terminal.peak_memory()}
        terminal.quit("ctrl+q")
        return figures


def console(place: Place, erp: ErpProcess, *, known: bool) -> Figures:
    """A start and an end; `known`: with the last state of an earlier one."""
    if not known:
        place.forget()
    with place.terminal(installed(), "--config", erp.config) as terminal:
        byte = terminal.first_byte()
        # Only the real frame offers keys.
        frame = terminal.seen(rf"{_FRAME}(.|\n)*q quit")
        live = terminal.seen(rf" live(.|\n)*{LIVE}")
        terminal.quiet(0.5)
        return {
            "first byte": 1_000 * byte,
            "frame": 1_000 * frame,
            "live": 1_000 * live,
            "memory": terminal.peak_memory(),
            "quit": 1_000 * terminal.quit("q"),
        }


def session(place: Place, erp: ErpProcess) -> Figures:
    """What an operator does, key by key, and what the wire carries meanwhile."""
    place.forget()
    with place.terminal(installed(), "--config", erp.config) as terminal:
        terminal.seen(rf" live(.|\n)*{LIVE}")
        terminal.quiet(0.5)
        start, drawn = terminal.bytes_received, minimum(terminal.blank(), terminal.cells())
        heard, used = terminal.listen(_IDLE)
        erp.merge({"jtl": {"workers": {"Temu DE": {"interval": 420}}}})
        before, sent = terminal.cells(), terminal.bytes_received
        terminal.seen("Temu DE +7m")
        terminal.quiet()
        row = Effect(0, 0, terminal.bytes_received - sent, minimum(before, terminal.cells()))
        erp.merge({"jtl": {"workers": {"Temu DE": {"interval": 300}}}})
        terminal.seen("Temu DE +5m")
        terminal.quiet()
        keys = _keys(terminal)
        effects = [one for group in keys.values() for one in group]
        figures = {
            "idle bytes/s": heard / _IDLE,
            "idle cpu": 1_000 * used / _IDLE,
            "changed row bytes": float(row.sent),
            "changed row min": float(row.least),
            "session bytes": float(start + row.sent + sum(one.sent for one in effects)),
            "session min": float(drawn + row.least + sum(one.least for one in effects)),
        }
        for name, group in keys.items():
            figures |= _told(name, group)
        terminal.quit("q")
        return figures


def _keys(terminal: Metered) -> dict[str, list[Effect]]:
    return {
        "cursor move": [terminal.effect(key) for key in "jjjjjjjjkkkkkkkk"],
        "page down": [terminal.effect(key) for key in ("pagedown", "pageup") * 4],
        "screen switch": [terminal.effect(key) for key in "213421341"],
        "filter key": [terminal.effect(key) for key in ("/", *"temu", *["backspace"] * 4, "esc")],
    }


def _told(name: str, effects: Iterable[Effect]) -> Figures:
    seen = [one for one in effects if one.sent]
    settled = [1_000 * one.settled for one in seen]
    return {
        f"{name} first": statistics.median(1_000 * one.first for one in seen),
        f"{name} settled": statistics.median(settled),
        f"{name} p95": p95(settled),
        f"{name} bytes": statistics.mean(one.sent for one in seen),
        f"{name} min": statistics.mean(one.least for one in seen),
    }


def rows(place: Place, count: int) -> Figures:
    """The list alone with so many rows."""
    with place.terminal(sys.executable, Path(__file__).with_name("rows.py"), count) as terminal:
        populated = terminal.seen(rf"{count} rows(.|\n)*N-0")
        ready = terminal.seen("ready")
        terminal.quiet()
        terminal.press("h")
        terminal.seen(r"longest [\d.]+ ms")
        terminal.quiet()
        figures = {"populated": 1_000 * populated, "ready": 1_000 * ready}
        for name, keys in (
            ("page down", ("pagedown", "pageup") * 8),
            ("sort", ("o",) * 8),
            ("mark all", ("*", "-") * 4),
            ("refresh", ("u",) * 8),
            ("filter key", ("/", *"shard 6", *["backspace"] * 7)),
        ):
            figures |= _told(name, [terminal.effect(key) for key in keys])
        terminal.press("esc")
        terminal.quiet()
        terminal.press("h")
        terminal.quiet()
        found = re.search(r"longest ([\d.]+) ms", terminal.screen())
        assert found is not None
        figures |= {"longest": float(found[1]), "memory": terminal.peak_memory()}
        terminal.quit("q")
        return figures


def p95(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]


def scale(place: Place, erp: ErpProcess, rows: int) -> Figures:
    """The same keys where there are many rows."""
    place.forget()
    with place.terminal(installed(), "--config", erp.config) as terminal:
        frame = terminal.seen(rf"{_FRAME}(.|\n)*q quit")
        live = terminal.seen(rf" live(.|\n)*{rows} syncs")
        terminal.quiet(1.0)
        figures = {"frame": 1_000 * frame, "live": 1_000 * live}
        for name, keys in (
            ("cursor move", "jjjjjjjj"),
            ("page down", ("pagedown",) * 8),
            ("filter key", ("/", *"temu", *["backspace"] * 4)),
        ):
            figures |= _told(name, [terminal.effect(key) for key in keys])
        figures["memory"] = terminal.peak_memory()
        terminal.press("esc")
        terminal.quiet()
        figures["quit"] = 1_000 * terminal.quit("q")
        return figures
