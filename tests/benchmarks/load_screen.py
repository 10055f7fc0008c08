"""`python -m tests.benchmarks.load_screen`: what many rows cost on the screen, as ratios within one run.

L11: 20,000 workers against 200: the first rows, every row, and what the console uses while it idles.
L4: a bulk of 1,000 against one of 12: how long a write takes, and a key meanwhile.
L8: 500 rows against 12 at 64 kbit/s and 250 ms, in round trips: how long the list runs on after `j` was
held for two seconds, and the first part of a form and of the details.
"""

import argparse
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import slow_lines
from tests.benchmarks.measures import Figures, Place, installed
from tests.benchmarks.metered import Metered
from tests.terminal.erp_process import ErpProcess

ROWS = (200, 20_000)
BULKS = (12, 1_000)
LINES = (12, 500)
_HELD, _REPEATED = 60, 0.033
"""Presses of a held key, and seconds between two."""
_BODY = 5
"""The screen's line of the first result."""
_IDLE = 64.0
"""Seconds that nobody does anything: several polls, and a minute that turns."""


def rows(place: Place, erp: ErpProcess, count: int) -> Figures:
    """L11: seconds until the first rows and until all are made; the part of a CPU that idling takes."""
    place.forget()
    with place.terminal(installed(), "--config", erp.config) as terminal:
        first = terminal.seen(r"\n▌(.|\n)* syncs")
        every = terminal.seen(rf"\n {count} syncs(?!.*more is coming)")
        terminal.quiet(2.0)
        _, used = terminal.listen(_IDLE)
        terminal.quit("q")
    return {"first rows, s": first, "every row, s": every, "idle CPU, %": 100 * used / _IDLE}


def bulk(place: Place, erp: ErpProcess, count: int) -> Figures:
    """L4: milliseconds a write of a bulk on all syncs takes, and the longest that a key waits."""
    place.forget()
    with place.terminal(installed(), "--config", erp.config) as terminal:
        terminal.seen(rf"\n {count} syncs(?!.*more is coming)")
        terminal.quiet(1.0)
        terminal.press("*", "R")
        terminal.seen(r"Restart sync · \d+ syncs(.|\n)*type sim")
        found = re.search(r"Restart sync · (\d+)", terminal.screen())
        count = int(found[1]) if found else count
        terminal.quiet(2.0)
        for key in "sim":
            terminal.press(key)
            terminal.quiet(0.3)
        terminal.press("enter")
        began = terminal.seen(rf"\b\d+ of {count}")
        waits = [_scrolled(terminal, key) for key in ("jk" * 6 if count > 100 else "")]
        ended = terminal.seen(rf"\b{count} of {count}")
        terminal.press("q")
        terminal.quiet()
        terminal.quit("ctrl+q")
    return {"a write, ms": 1_000 * (ended - began) / count, "a key, ms": 1_000 * max(waits, default=0)}


def _scrolled(terminal: Metered, key: str) -> float:
    """Seconds from a key until the results have moved by a line: down by `j`, up by `k`."""

    def named(line: int) -> str:
        return " ".join(terminal.screen().split("\n")[line].split("·")[1].split()[:2])

    come_from, goes_to = (_BODY + 1, _BODY) if key == "j" else (_BODY, _BODY + 1)
    wanted = named(come_from)
    return terminal.until(key, lambda _: named(goes_to) == wanted)


def line(place: Place, erp: ErpProcess, count: int) -> Figures:
    """L8: in round trips."""
    place.forget()
    slow = slow_lines.RADIO
    with place.terminal(*slow.argv(installed(), "--config", erp.config)) as terminal:
        terminal.seen(rf"\n {count} syncs(?!.*more is coming)")
        terminal.quiet(1.0)
        first_part = {}
        for name, key in (("form", "e"), ("details", "enter")):
            terminal.quiet(2.0)
            first_part[f"{name}, trips"] = terminal.until(key, lambda _: "╭" in terminal.screen())
            terminal.quiet(1.0)
            terminal.press("esc")
            terminal.quiet(1.0)
        for _ in range(_HELD):
            terminal.press("j")
            released = time.monotonic()
            while (left := released + _REPEATED - time.monotonic()) > 0:
                terminal.pump(left)
        terminal.quiet(0.8)
        runs_on = terminal.read_at - released
        terminal.quit("q")
    runs_on = max(0.0, runs_on)
    seconds = {"held key, trips": runs_on, **first_part}
    return {name: value / slow.round_trip for name, value in seconds.items()}


_SUBJECTS = {"L11": (ROWS, rows), "L4": (BULKS, bulk), "L8": (LINES, line)}


def ratios(place: Place) -> Figures:
    """Many as a multiple of few, one run each; a figure that few do not have, as it is."""
    found = Figures()
    for name, (counts, measure) in _SUBJECTS.items():
        few, many = _best(place, counts, measure, 1)
        for figure, value in many.items():
            found[f"{name} {figure}{', x' if few[figure] else ''}"] = value / (few[figure] or 1.0)
    return found


def main() -> None:
    """Measure in turn, and print the best of each beside its ratio to that of few."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.load_screen", description=__doc__)
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="runs of everything")
    parser.add_argument("--only", choices=("L11", "L4", "L8"), help="only this one")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="syncdeck-load-") as folder:
        place = Place(Path(folder))
        for name, (counts, measure) in _SUBJECTS.items():
            if given.only in (None, name):
                few, many = _best(place, counts, measure, given.repeat)
                for figure, value in many.items():
                    ratio = f"{value / few[figure]:8.2f} x" if few[figure] else ""
                    print(f"{name} {figure:16}{few[figure]:10.2f}{value:10.2f}{ratio}")


def _best(
    place: Place,
    counts: tuple[int, int],
    measure: Callable[[Place, ErpProcess, int], Figures],
    repeat: int,
) -> list[Figures]:
    erps, best = [], [Figures(), Figures()]
    try:
        for count in counts:
            folder = place.folder / str(count)
            folder.mkdir(exist_ok=True)
            erps.append(ErpProcess(folder, place.environment, "--still", "--workers", str(count)))
        for _ in range(repeat):
            for erp, count, known in zip(erps, counts, best, strict=True):
                for figure, value in measure(place, erp, count).items():
                    known[figure] = min(value, known.get(figure, value))
    finally:
        for erp in erps:
            erp.kill()
    return best


if __name__ == "__main__":
    main()
