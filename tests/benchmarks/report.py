"""The figures of all runs as one table: medians with their spread, ratios, budgets."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Runs: TypeAlias = Mapping[str, Sequence[float]]
"""By `subject: figure`, one value per repeat."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure, what it is measured by, and what it may be."""

    name: str
    figure: str
    by: str = ""
    """The figure it is divided by; empty: it stands for itself."""
    budget: float | None = None


ROWS = (50, 10_000, 50_000)
"""Rows of the list alone, few first."""
LINES = (
    Line("bare Python, ms", "bare: python"),
    Line("hello-world: first frame, ms", "hello: frame"),
    Line("--version / bare Python", "bare: version", "bare: python", 2.0),
    Line("first sign of life, last state known / hello", "known: first byte", "hello: frame", 0.15),
    Line("first byte, nothing known / hello", "new: first byte", "hello: frame"),
    Line("first useful frame / hello", "new: frame", "hello: frame", 1.25),
    Line("the same, last state known / hello", "known: frame", "hello: frame", 1.25),
    Line("first live data / hello", "new: live", "hello: frame", 3.0),
    Line("quit to exit / hello", "new: quit", "hello: quit", 0.25),
    Line("peak memory / hello", "new: memory", "hello: memory", 1.7),
    Line("its libraries alone / hello", "libraries: memory", "hello: memory"),
    Line("idle, bytes/s", "session: idle bytes/s", "", 0.0),
    Line("idle CPU / hello", "session: idle cpu", "hello: idle cpu", 1.5),
    Line("one row changed, bytes", "session: changed row bytes"),
    Line("one row changed / min", "session: changed row bytes", "session: changed row min", 2.0),
    *(
        line
        for key in ("cursor move", "page down", "screen switch", "filter key")
        for line in (
            Line(f"{key}: first change, ms", f"session: {key} first"),
            Line(f"{key}: settled, ms", f"session: {key} settled"),
            Line(f"{key}: settled p95, ms", f"session: {key} p95"),
            Line(f"{key}, bytes", f"session: {key} bytes"),
            Line(f"{key} / min", f"session: {key} bytes", f"session: {key} min"),
        )
    ),
    Line("whole session, bytes", "session: session bytes"),
    Line("whole session / min", "session: session bytes", "session: session min", 1.15),
    Line("64 kbit/s, 250 ms: cursor move, round trips", "radio: cursor move", "", 1.5),
    Line("64 kbit/s, 250 ms: the same, p95", "radio: cursor move p95"),
    Line("64 kbit/s, 250 ms: filter key, round trips", "radio: filter key", "", 1.5),
    Line("9,600 baud, 300 ms, --slow: cursor move, trips", "serial: cursor move"),
    Line("9,600 baud, 300 ms, --slow: the same, p95", "serial: cursor move p95"),
    Line("9,600 baud, 300 ms, --slow: filter key, trips", "serial: filter key"),
    *(
        Line(f"list of {count:,}: populated / hello", f"rows{count}: populated", "hello: frame", budget)
        for count, budget in zip(ROWS, (None, 1.3, 2.0), strict=True)
    ),
    Line("list of 50,000: every row made, ms", "rows50000: ready"),
    *(
        Line(f"list of 50,000: {key} p95 / on 50", f"rows50000: {key} p95", f"rows50: {key} p95", 1.5)
        for key in ("page down", "filter key", "sort", "mark all")
    ),
    Line("list of 50,000: one row in a hundred changed, ms", "rows50000: refresh settled"),
    Line("list of 50: longest turn, ms of CPU", "rows50: longest"),
    Line("list of 50,000: longest turn, ms of CPU", "rows50000: longest", "", 33.0),
    Line("list of 10,000: peak memory / hello", "rows10000: memory", "hello: memory"),
    Line("many rows: first frame / hello", "many: frame", "hello: frame"),
    Line("many rows: first live data / hello", "many: live", "hello: frame"),
    Line(
        "many rows: cursor move p95 / on few", "many: cursor move p95", "session: cursor move p95", 1.5
    ),
    Line("many rows: page down p95 / on few", "many: page down p95", "session: page down p95", 1.5),
    Line("many rows: filter key p95 / on few", "many: filter key p95", "session: filter key p95", 1.5),
    Line("many rows: peak memory / hello", "many: memory", "hello: memory", 1.7),
    Line("many rows: quit / hello", "many: quit", "hello: quit", 0.25),
    Line("load: 5,000 syncs, MB a minute", "load: default MB/min"),
    Line("load: the same / list every 5 s", "load: default MB/min", "load: often MB/min", 0.3),
    Line("load: status requests, 200 restarts watched", "load: many requests"),
    Line("load: the same / 20 watched", "load: many requests", "load: few requests", 1.5),
)


def table(runs: Runs, against: Runs | None = None) -> str:
    """The table as text; with the medians of an earlier run beside it where there is one."""
    head = f"{'':46}{'median':>10}{'spread':>20}{'budget':>9}{'':6}" + ("earlier" if against else "")
    return "\n".join([head, *_rows(runs, against)])


def _rows(runs: Runs, against: Runs | None) -> Iterator[str]:
    for line in LINES:
        values = _values(line, runs)
        if not values:
            continue
        middle, spread = statistics.median(values), f"{min(values):.2f} .. {max(values):.2f}"
        budget = "" if line.budget is None else f"{line.budget:.2f}"
        kept = "" if line.budget is None else "ok" if middle <= line.budget else "miss"
        earlier = _values(line, against or {})
        beside = f"{statistics.median(earlier):10.2f}" if earlier else ""
        yield f"{line.name:46}{middle:10.2f}{spread:>20}{budget:>9} {kept:5}{beside}".rstrip()


def _values(line: Line, runs: Runs) -> list[float]:
    values = list(runs.get(line.figure, ()))
    if not line.by:
        return values
    divisors = runs.get(line.by, ())
    # Neighbours in time are paired: the machine was as busy for both.
    return [value / by for value, by in zip(values, divisors, strict=False) if by]
