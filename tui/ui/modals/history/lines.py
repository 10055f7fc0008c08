"""Lines of a history as rows of a list."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from tui.domain.filter_terms import Record
from tui.domain.history.clock_text import clock_text, long_age
from tui.domain.history.grouping import Line, LineKind, gap_times, is_lasting, is_pace_only, span_text
from tui.domain.text import counted, one_line
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
_NEW_PACE = ("±", "plain")
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


def problems_text(lines: Sequence[Line]) -> str:
    """`6 problems`; with some that were there all through: `no new problem, 8 lasting`."""
    began, lasting = sum(line.is_problem for line in lines), sum(map(is_lasting, lines))
    if not lasting:
        return counted(began, "problem")
    return f"{counted(began, 'new problem') if began else 'no new problem'}, {lasting:,} lasting"


def sign_of(line: Line) -> tuple[str, str]:
    if line.kind is LineKind.CHANGE:
        if line.change is not None and is_pace_only(line.change):
            # A new interval is neither good nor bad, whatever state the subject is in.
            return _NEW_PACE
        return (" ", "off") if line.level is None else SIGNS[line.level]
    return _SIGNS[line.kind]


def row_cells(line: Line, now: datetime) -> tuple[str, ...]:
    """Of one subject's history: time, change, message."""
    return tuple(map(one_line, (_at_text(line, now), *_texts(line))))


def all_cells(line: Line, now: datetime) -> tuple[str, ...]:
    """Of what happened: time, name, change, message."""
    return tuple(map(one_line, (_at_text(line, now), name_of(line), *_texts(line))))


def _at_text(line: Line, now: datetime) -> str:
    """Of several in the same minute, and of a time that was not seen, the minute."""
    is_of_others = line.kind is LineKind.CHANGE and line.change is None
    has_second = not is_of_others and line.span is None and line.kind is not LineKind.GAP
    return clock_text(line.at, now, seconds=has_second)


def _texts(line: Line) -> tuple[str, str]:
    """A short word for what it was, and the rest."""
    text, rest = line.text, [line.detail, line.also_text]
    if line.kind is LineKind.ACTION:
        # The target stands beside it, or above the list.
        text, _, rest[0] = line.text.partition(" · ")
        rest[0] = " · ".join(filter(None, (rest[0].rpartition(": ")[2], line.detail)))
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
    if line.gap is not None:
        lasting = f"({long_age(line.gap.seconds)})"
        return one_line(f"{gap_times(line.gap)} {line.text} {lasting} · {line.gap.reason}")
    others = ", ".join(one.name or one.key for one in line.also)
    # The text of an action names its target again.
    said = _texts(line) if line.kind is LineKind.ACTION else (line.text, line.detail)
    parts = (
        span_text(line.span) if line.span is not None else _at_text(line, now),
        "" if line.subject is None else line.subject.name or line.subject.key,
        *said,
        f"also {others}" if others else "",
    )
    return " · ".join(one_line(part) for part in parts if part)


def record_of(line: Line, now: datetime) -> Record:
    names = " ".join(_names(line))
    at = clock_text(line.at, now, seconds=line.span is None)
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
        yield replace(line, also=(), span=None)
        yield Line(line.at, LineKind.CHANGE, "", line.also_text)
