"""How a report is written: a table for people in 80 columns, one JSON document for scripts.

Invariant: every value of a server stays on one line, and nothing but the document goes to stdout
with `--json`. The keys of the document are a contract: scripts read them.
"""

import contextlib
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TextIO, TypeVar, cast
from unicodedata import combining, east_asian_width

from tui.domain.profile import System
from tui.domain.redaction import masked_text
from tui.domain.text import clean, one_line
from tui.domain.timestamps import stamp
from tui.headless.exit_codes import UNUSABLE, SystemState
from tui.headless.report import Report, SystemAnswer
from tui.presentation.columns import Column
from tui.presentation.item import Value

SCHEMA = 1
V = TypeVar("V")
_EXACT = frozenset({"id", "hash", "manifest_hash"})
"""Keys of values that look like a secret and are none."""
_GAP = "  "
_LEAST = 20
"""Columns that the last column keeps however narrow the screen is."""
_MOST_PADDING = 120
"""Columns that are padded to where nothing is cut: one long text must not make all rows long."""


def json_text(content: Mapping[str, object]) -> str:
    """A document, indented, ASCII: it survives every terminal and pipe."""
    return json.dumps({"schema": SCHEMA, **content}, indent=2, allow_nan=False)


def document(report: Report) -> Mapping[str, object]:
    """The keys below `schema`."""
    notes = {"notes": [line(note) for note in report.notes]} if report.notes else {}
    return {
        "profile": report.profile,
        "systems": {system.value: _system(report.systems.get(system)) for system in System},
        "items": [{key: _safe(value) for key, value in item.items()} for item in report.items],
        **notes,
    }


def as_text(report: Report, screen: int | None = None) -> str:
    """The table with its summary below; on a screen it is cut to so many columns,
    elsewhere nothing is."""
    lines = "\n".join(table(report.columns, report.rows, screen))
    return f"{lines}\n\n{report.summary}" if report.rows else report.summary


def diagnostics(report: Report) -> Iterator[str]:
    """A line for every failure, with what can be done about it.

    A profile may have one system alone: that the other one is absent is not a failure.
    """
    there = {one: it for one, it in report.systems.items() if it.state is not SystemState.ABSENT}
    for system, answer in (there or report.systems).items():
        yield from dict.fromkeys(_failure(system, answer))


def line(text: str) -> str:
    """A server's text on one line, safe to print."""
    return one_line(clean(text))


def say(sentence: str) -> None:
    """Beside the output, for people."""
    print(f"syncdeck: {line(sentence)}", file=sys.stderr)


def refuse(sentence: str) -> int:
    say(sentence)
    return UNUSABLE


def masked_line(text: str) -> str:
    """The same without what may be a secret: for what a server says, wherever the output goes."""
    return line(masked_text(clean(text)))


def masked_row(row: Mapping[str, V]) -> dict[str, V]:
    """An item or a row of a table the same way, on as many lines as before."""
    return {key: _masked(key, value) for key, value in row.items()}


def _masked(key: str, value: V) -> V:
    is_said = isinstance(value, str) and key not in _EXACT
    return cast("V", masked_text(clean(str(value)))) if is_said else value


def _safe(value: Value) -> Value:
    return clean(value) if isinstance(value, str) else value


def _system(answer: SystemAnswer | None) -> Mapping[str, str | None]:
    answer = answer or SystemAnswer()
    sentences = dict.fromkeys(masked_line(error.sentence) for error in answer.errors)
    return {
        "state": answer.state,
        "error": "; ".join(sentences) or None,
        "fetched_at": stamp(answer.fetched_at),
    }


def _failure(system: System, answer: SystemAnswer) -> Iterator[str]:
    for error in answer.errors:
        step = f". {masked_line(error.next_step)}" if error.next_step else ""
        yield f"{system.product}: {masked_line(error.sentence)}{step}"


def screen_width(stream: TextIO | None = None) -> int | None:
    """Columns of the terminal, stdout's unless another is given; None where the output goes elsewhere
    and is not cut."""
    stream = stream or sys.stdout
    if stream is None or not stream.isatty():
        return None
    with contextlib.suppress(OSError):
        return os.get_terminal_size(stream.fileno()).columns
    return shutil.get_terminal_size().columns


def table(
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, str]],
    screen: int | None,
    least: int = _LEAST,
) -> Iterator[str]:
    """The titles and the rows; on a screen the last column is cut, but keeps `least` columns."""
    shown = [(column, column.printed) for column in columns if column.printed]
    cells = [
        [_cut(row.get(column.id, ""), how.most if screen else 0) for column, how in shown]
        for row in rows
    ]
    cells.insert(0, [(how.title or column.title).upper() for column, how in shown])
    widths = [max(width(row[place]) for row in cells) for place in range(len(shown))]
    if screen is None:
        widths = [min(size, _MOST_PADDING) for size in widths]
    if screen is not None:
        taken = sum(widths[:-1]) + len(_GAP) * (len(widths) - 1)
        widths[-1] = min(widths[-1], max(screen - taken, least))
    for row in cells:
        row[-1] = _cut(row[-1], widths[-1] if screen else 0)
        padded = (
            _padded(text, size, right=how.right)
            for text, size, (_, how) in zip(row, widths, shown, strict=True)
        )
        yield _GAP.join(padded).rstrip()


def width(text: str) -> int:
    """Columns that `text` takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def _cut(text: str, most: int) -> str:
    text = line(text)
    if not most or width(text) <= most:
        return text
    kept = taken = 0
    while (taken := taken + width(text[kept])) < most:
        kept += 1
    return f"{text[:kept].rstrip()}…"


def _padded(text: str, size: int, *, right: bool) -> str:
    space = " " * (size - width(text))
    return space + text if right else text + space
