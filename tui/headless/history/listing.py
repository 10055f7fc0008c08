"""`history`: a window as a document, and as a table for people."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from tui.domain.history.clock_text import clock_text, long_age
from tui.domain.history.gaps import GapsOf, seen_share
from tui.domain.history.grouping import Line, LineKind, timeline
from tui.domain.history.reader import HistoryReader
from tui.domain.history.records import Subject, SubjectKind
from tui.domain.history.runs import runs_of
from tui.domain.history.sentence import sentence
from tui.domain.history.throughout import with_lasting
from tui.domain.history.window import Window
from tui.domain.text import counted
from tui.domain.timestamps import iso
from tui.headless.history.item import change_item, event_item
from tui.headless.output import masked_line, masked_row, table
from tui.presentation.columns import Column, Printed
from tui.session.levels_begun import since_of_all

COLUMNS = (
    Column("at", "At (UTC)", printed=Printed(14)),
    Column("name", "Name", printed=Printed(22)),
    Column("text", "What", printed=Printed(24)),
    Column("detail", "Message", printed=Printed()),
)


def document(window: Window) -> Mapping[str, object]:
    """The keys of `history --json` below `schema` and `profile`; items are newest first."""
    found = [(change.at, change_item(change)) for change in window.changes]
    found += [(event.at, event_item(event)) for event in window.events]
    return {
        "since": iso(window.since),
        "until": iso(window.until),
        "complete": _share(window.complete),
        "gaps": [
            {"from": iso(gap.start), "to": iso(gap.end), "reason": masked_line(gap.reason)}
            for gap in window.gaps
        ],
        "items": [item for _, item in sorted(found, key=lambda one: one[0], reverse=True)],
    }


def _share(part: float) -> float:
    """In hundredths, rounded down: 1.0 means that nothing is missing."""
    return int(part * 100) / 100


def as_text(
    window: Window, reader: HistoryReader, sentences: Sequence[str], now: datetime, screen: int | None
) -> Iterator[str]:
    """Sentences of the targets, the lines newest first, and a summary below."""
    for one in sentences:
        yield from textwrap.wrap(one, screen, subsequent_indent="  ") if screen else [one]
    lines = timeline(window.changes, window.events, window.gaps, known=window.before)
    count = sum(one.kind is LineKind.CHANGE for one in lines)
    if not window.subjects:
        # Of a target its sentence says it.
        lines = with_lasting(lines, reader, window.since, window.until, now)
    if lines:
        if sentences:
            yield ""
        yield from table(COLUMNS, [masked_row(_row(one, now)) for one in lines], screen, 16)
    if lines or sentences:
        yield ""
    yield summary(window, count)


def _row(one: Line, now: datetime) -> Mapping[str, str]:
    subject = one.subject
    is_named = one.kind not in (LineKind.CHANGE, LineKind.GAP)
    details = (one.text if is_named else "", one.detail, one.also_text)
    return {
        "at": clock_text(one.at, now, seconds=one.span is None),
        "name": (subject.name or subject.key) if subject else "",
        "text": one.kind.value if is_named else one.text,
        "detail": " · ".join(filter(None, details)),
    }


def summary(window: Window, count: int | None = None) -> str:
    """`2026-11-30 00:14 to 08:14 UTC · 98 % seen, 2 gaps · 7 changes`; `count`: of changes, without the
    runs that are not lines of their own; None: not said."""
    days = window.since.date() != window.until.date()
    until = f"{window.until:%Y-%m-%d %H:%M}" if days else f"{window.until:%H:%M}"
    head = f"{window.since:%Y-%m-%d %H:%M} to {until} UTC"
    if not window.was_seen:
        return f"{head} · nothing was recorded then"
    gaps = f", {counted(len(window.gaps), 'gap')}" if window.gaps else ""
    changes = "" if count is None else f" · {counted(count, 'change') if count else 'no change'}"
    return f"{head} · {seen_share(window.complete)}{gaps}{changes}"


def sentences_of(reader: HistoryReader, window: Window) -> Iterator[str]:
    """What each target is, since when, and its runs in the window."""
    since, last = since_of_all(reader, window.until), reader.states_at(window.until)
    gaps = GapsOf(reader.coverage(window.since, window.until), window.since, window.until)
    for subject in window.subjects:
        missing = gaps.of(subject)
        runs = runs_of((one for one in window.changes if one.subject == subject), missing)
        said = sentence(last.get(subject), since.get(subject), runs, missing, window.until)
        yield masked_line(f"{_named(subject)}: {said}")
        if subject.kind is SubjectKind.SYNC and runs.seen:
            longest = f", the longest {long_age(runs.longest_s)}" if runs.longest_s else ""
            yield f"  {counted(runs.seen, 'run')} seen to end, {runs.failed:,} failed{longest}"


def _named(subject: Subject) -> str:
    return subject.name or subject.key
