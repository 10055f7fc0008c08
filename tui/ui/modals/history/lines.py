"""Lines of a history as rows of a list."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from tui.domain.filter_terms import Record
from tui.domain.history.clock_text import clock_text
from tui.domain.history.grouping import Line, LineKind
from tui.domain.text import one_line
from tui.ui.screens.signs import SIGNS

_SIGNS = {
    LineKind.GAP: ("·", "off"),
    LineKind.ACTION: ("→", "running"),
    LineKind.NOTE: ("»", "plain"),
    LineKind.MAINTENANCE: ("→", "running"),
    LineKind.UNLOCK: ("→", "running"),
    LineKind.CLOCK: ("!", "warning"),
    LineKind.RECORDER: ("·", "off"),
}
_SPOKEN = (LineKind.NOTE, LineKind.MAINTENANCE, LineKind.UNLOCK)
"""Lines whose text is a sentence."""
FIELDS = ("at", "name", "what", "message", "kind")
"""What the filter of *what happened* reads."""


def keyed(lines: Iterable[Line]) -> dict[str, Line]:
    """By a key that stays the same while newer lines come."""
    found: dict[str, Line] = {}
    for line in lines:
        subject = "" if line.subject is None else f"{line.subject.kind} {line.subject.key}"
        key = f"{line.at.isoformat()} {line.kind} {subject} {line.text}"
        # Two notes of one moment may say the same.
        while key in found:
            key += "+"
        found[key] = line
    return found


def is_routine(line: Line) -> bool:
    """Whether it is of no interest by itself."""
    if line.kind is LineKind.RECORDER:
        return True
    return line.change is not None and line.change.is_routine


def sign_of(line: Line) -> tuple[str, str]:
    if line.kind is LineKind.CHANGE:
        return (" ", "off") if line.level is None else SIGNS[line.level]
    return _SIGNS[line.kind]


def row_cells(line: Line, now: datetime) -> tuple[str, ...]:
    """Of one subject's history: time, change, message."""
    return tuple(map(one_line, (clock_text(line.at, now, seconds=True), *_texts(line))))


def all_cells(line: Line, now: datetime) -> tuple[str, ...]:
    """Of what happened: time, name, change, message."""
    at = clock_text(line.at, now, seconds=True)
    return tuple(map(one_line, (at, name_of(line), *_texts(line))))


def _texts(line: Line) -> tuple[str, str]:
    """A short word for what it was, and the rest."""
    text, rest = line.text, [line.detail, line.also_text]
    if line.kind is LineKind.ACTION:
        # The target stands beside it, or above the list.
        text, _, rest[0] = line.text.partition(" · ")
        rest[0] = f"{rest[0].rpartition(': ')[2]} {line.detail}"
    elif line.kind in _SPOKEN:
        text, rest[0] = line.kind.value, f"{line.text} {line.detail}"
    return text, " · ".join(filter(None, map(str.strip, rest)))


def name_of(line: Line) -> str:
    """The subject, with how many others share the change."""
    if line.subject is None:
        return ""
    others = f"+{len(line.also)} " if line.also else ""
    return f"{others}{line.subject.name or line.subject.key}"


def whole_of(line: Line, now: datetime) -> str:
    """All of it as one text; every name of a group."""
    others = ", ".join(one.name or one.key for one in line.also)
    parts = (
        clock_text(line.at, now, seconds=True),
        "" if line.subject is None else line.subject.name or line.subject.key,
        line.text,
        line.detail,
        f"also {others}" if others else "",
    )
    return " · ".join(one_line(part) for part in parts if part)


def record_of(line: Line, now: datetime) -> Record:
    names = " ".join(_names(line))
    at = clock_text(line.at, now, seconds=True)
    texts = (at, names, line.text, line.detail, str(line.kind))
    return Record(dict(zip(FIELDS, texts, strict=True)), {}, {})


def _names(line: Line) -> Iterator[str]:
    for subject in (line.subject, *line.also):
        if subject is not None:
            yield subject.name
            yield subject.key
            yield subject.kind


def with_also(lines: Iterable[Line]) -> Iterator[Line]:
    """A group's others stand below it, as a line of their own."""
    for line in lines:
        if not line.also:
            yield line
            continue
        yield replace(line, also=())
        yield Line(line.at.replace(second=0, microsecond=0), LineKind.CHANGE, "", line.also_text)
