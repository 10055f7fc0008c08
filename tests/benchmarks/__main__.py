"""`python -m tests.benchmarks`: how fast and how quiet the console is, beside public programs.

It runs what is installed, in a clean environment, against a simulator that stands still. Programs are
run in turn, so that whatever else the machine does meets them all; look at ratios, not at milliseconds.
"""

import argparse
import json
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.benchmarks import counting, load_screen, load_trail, load_wire, measures, slow_lines
from tests.benchmarks.measures import Figures, Place
from tests.benchmarks.report import ROWS, Runs, table
from tests.terminal.erp_process import ErpProcess


def main() -> None:
    """Measure, print the table, write the figures."""
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="syncdeck-bench-") as folder:
        if given.count:
            print(_counted(Path(folder), given))
            return
        runs = _measure(Path(folder), given)
    against = json.loads(given.against.read_text()) if given.against else None
    print(table(runs, against))
    if given.json:
        given.json.write_text(json.dumps(runs, indent=1) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "--count",
        action="store_true",
        help="only count the instructions to the first frame, by valgrind",
    )
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="runs of everything")
    parser.add_argument(
        "--only",
        nargs="+",
        metavar="NAME",
        help="bare, hello, libraries, new, known, session, radio, serial, rows50, rows10000, rows50000,"
        " many; load, only if named",
    )
    parser.add_argument("--workers", type=int, default=50, metavar="N", help="rows of the usual console")
    parser.add_argument("--many", type=int, default=0, metavar="N", help="also measure with N syncs")
    parser.add_argument("--many-extensions", type=int, default=20_000, metavar="N", help="beside them")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure of every run")
    parser.add_argument("--against", type=Path, metavar="FILE", help="show an earlier run beside it")
    return parser.parse_args()


def _counted(folder: Path, given: argparse.Namespace) -> str:
    place = Place(folder)
    erp = _simulator(folder / "few", place, "--workers", str(given.workers))
    try:
        return counting.counted(place, erp)
    finally:
        erp.kill()


def _measure(folder: Path, given: argparse.Namespace) -> Runs:
    place, runs = Place(folder), dict[str, list[float]]()
    erp = _simulator(folder / "few", place, "--workers", str(given.workers))
    subjects: dict[str, Callable[[], Figures]] = {
        "bare": lambda: measures.bare(place),
        "hello": lambda: measures.hello(place),
        "libraries": lambda: measures.libraries(place, erp),
        "new": lambda: measures.console(place, erp, known=False),
        "known": lambda: measures.console(place, erp, known=True),
        "session": lambda: measures.session(place, erp),
        "radio": lambda: slow_lines.link(place, erp, slow_lines.RADIO),
        "serial": lambda: slow_lines.link(place, erp, slow_lines.SERIAL),
        **{f"rows{count}": partial(measures.rows, place, count) for count in ROWS},
    }
    erps = [erp]
    if given.many:
        options = ("--workers", str(given.many), "--extensions", str(given.many_extensions))
        crowded = _simulator(folder / "many", place, *options)
        erps.append(crowded)
        subjects["many"] = lambda: measures.scale(place, crowded, given.many)
    if "load" in (given.only or ()):
        subjects["load"] = lambda: _load(folder, place)
    chosen = {name: one for name, one in subjects.items() if not given.only or name in given.only}
    try:
        # The first round compiles and fills the file cache; it does not count.
        for number in range(given.repeat + 1):
            for name, measure in chosen.items():
                for figure, value in measure().items() if number else _once(name, measure):
                    runs.setdefault(f"{name}: {figure}", []).append(value)
    finally:
        for one in erps:
            one.kill()
    return runs


def _load(folder: Path, place: Place) -> Figures:
    """On simulators of its own: what was received counts from their start."""
    sizes = {"long": load_wire.SYNCS, "watched": 2 * load_wire.WATCHED, "few": 2 * load_wire.WATCHED}
    erps = {
        name: _simulator(Path(tempfile.mkdtemp(dir=folder)) / name, place, "--workers", str(size))
        for name, size in sizes.items()
    }
    try:
        return (
            load_wire.polling(place, erps["long"])
            | load_wire.watching(place, erps["watched"], erps["few"])
            | load_screen.ratios(place)
            | load_trail.ratios()
        )
    finally:
        for one in erps.values():
            one.kill()


def _once(name: str, measure: Callable[[], Figures]) -> tuple[tuple[str, float], ...]:
    if name in ("bare", "hello", "new"):
        measure()
    return ()


def _simulator(folder: Path, place: Place, *options: str) -> ErpProcess:
    folder.mkdir()
    return ErpProcess(folder, place.environment, "--still", *options)


if __name__ == "__main__":
    main()
