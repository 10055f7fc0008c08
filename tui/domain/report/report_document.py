"""A report as a document. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from tui.domain.history.clock_text import long_age
from tui.domain.history.grouping import LineKind
from tui.domain.report.document import (
    Block,
    Document,
    Foreign,
    Items,
    Line,
    Paragraph,
    Piece,
    Section,
    Times,
    listed,
    quiet,
)
from tui.domain.report.facts import Impact, ReportFacts, Row
from tui.domain.report.parts import (
    after_words,
    cells,
    deed_blocks,
    head_blocks,
    id_word,
    limited,
    now_blocks,
    unknown_lines,
)
from tui.domain.report.sentence import sentence
from tui.domain.text import counted

_NAMED = 6
"""Names of a group that are written out."""
_BETWEEN = ", "
_AUDIT = 8
"""Least characters of an audit id in the timeline; the list of what was done has all of it."""

Shortened: TypeAlias = Callable[[str], Line]


def report_document(facts: ReportFacts) -> Document:
    head = facts.head
    times = Times(head.zone, head.since, head.until)
    return Document(
        ("Report: ", quiet(head.profile), f", {times.full(head.since)} to {times.full(head.until)}"),
        (Paragraph(sentence(facts, times)), *head_blocks(head, times)),
        tuple(_sections(facts, times)),
    )


def _sections(facts: ReportFacts, times: Times) -> Iterator[Section]:
    yield Section("Impact", _impact(facts, times))
    yield Section("Timeline", _timeline(facts, times))
    nothing = "Nothing was changed from here in the window."
    yield Section("What was done", deed_blocks(facts.deeds, times, nothing))
    yield Section("State now", tuple(now_blocks(facts.now, facts.head.written_at, times)))
    unknown = tuple(unknown_lines(facts, times))
    none = Paragraph(("Nothing that syncdeck knows of: the whole window was seen.",))
    yield Section("Not known", limited(unknown) if unknown else (none,))
    if facts.is_postmortem:
        yield Section("Causes", ())
        yield Section("Actions", ())


def _impact(facts: ReportFacts, times: Times) -> tuple[Block, ...]:
    if not facts.impact:
        known = (
            "No target had a problem" if facts.head.was_recorded else "Not known: nothing was recorded"
        )
        return (Paragraph((f"{known}.",)),)
    titles = ("Target", "Problem", "From", "To", "Lasted", "Runs failed, of seen", "Message")
    return cells(titles, [tuple(_impact_row(one, times)) for one in facts.impact])


def _impact_row(one: Impact, times: Times) -> Iterator[Line]:
    yield (Foreign(one.target.name),)
    again = f" ({one.spells} times)" if one.spells > 1 else ""
    yield (quiet(one.state), again)
    yield (times.short(one.start), "" if one.start_is_known else " or earlier")
    later = "" if one.later_end is None else f", ended {times.short(one.later_end)}"
    yield (f"not over{later}" if one.end is None else times.short(one.end),)
    unseen = f" ({long_age(one.unseen_s)} not seen)" if one.unseen_s >= 1 else ""
    yield (long_age(one.bad_s), unseen)
    yield (f"{one.failed:,} of {one.runs:,}" if one.runs else "–",)
    yield (Foreign(one.text),)


def _timeline(facts: ReportFacts, times: Times) -> tuple[Block, ...]:
    if not (facts.rows or facts.earlier):
        return (Paragraph(("Nothing is recorded of the window.",)),)
    lines, day = [], times.day(facts.head.since) if times.is_one_day else ""
    ids = _unambiguous(facts)
    for row in (*facts.earlier, *_folded(facts.rows)):
        # The first row of a day says which.
        date = "" if times.day(row.at) == day else f"{times.day(row.at)} "
        day = times.day(row.at)
        has_date = times.short(row.at).startswith(date)
        said = _row(row, times, ids)
        lines.append(said if has_date else (date, *said))
    return limited(lines)


def _unambiguous(facts: ReportFacts) -> Shortened:
    """The beginnings of audit ids that no other id of the document shares."""
    ids = {one.id for one in facts.deeds}
    longest = max(map(len, ids), default=_AUDIT)
    size = next(
        (size for size in range(_AUDIT, longest) if len({one[:size] for one in ids}) == len(ids)),
        longest,
    )
    return lambda refs: listed(tuple(quiet(one[:size]) for one in refs.split(_BETWEEN)))


def _folded(rows: Iterable[Row]) -> Sequence[Row]:
    """Actions of one minute that did the same to several targets are one row."""
    found: list[Row] = []
    for row in rows:
        last = found[-1] if found else None
        if last is None or not _is_same_action(last, row):
            found.append(row)
            continue
        refs = _BETWEEN.join(filter(None, (last.ref, row.ref)))
        until = row.at if _second(row.at) != _second(last.at) else last.until
        found[-1] = replace(last, targets=(*last.targets, *row.targets), ref=refs, until=until)
    return found


def _is_same_action(last: Row, row: Row) -> bool:
    def key(one: Row) -> tuple[object, ...]:
        return (one.by, one.what, one.message, one.at.replace(second=0, microsecond=0))

    both = (last, row)
    is_plain = all(one.deed is not None and one.deed.is_plain for one in both)
    is_action = last.kind == row.kind == LineKind.ACTION
    return is_action and is_plain and key(last) == key(row) and bool(row.targets)


def _second(at: datetime) -> datetime:
    return at.replace(microsecond=0)


def _row(row: Row, times: Times, ids: Shortened) -> Line:
    at = times.short(row.at, seconds=True)
    match row.kind:
        case LineKind.GAP:
            end = "" if row.until is None else f" to {times.short(row.until, seconds=True)}"
            return (f"{at}{end} not seen: ", quiet(row.message))
        case LineKind.NOTE:
            return (f"{at} note by ", quiet(row.by), ": ", *_note(row))
    last = "" if row.until is None else f"–{times.short(row.until, seconds=True)}"
    said: list[Piece] = [f"{at}{last} "]
    if row.kind not in (LineKind.CHANGE, LineKind.ACTION):
        said += [f"{row.kind}: "]
    if row.by:
        said += [quiet(row.by), ": "]
    if row.kind == LineKind.ACTION:
        said += [quiet(row.what), *((" ",) if row.targets else ()), *_names(row)]
    else:
        said += [*_names(row), *((" ", quiet(row.what)) if row.what else ())]
    if row.message and row.kind == LineKind.ACTION:
        said += [" · ", quiet(row.message)]
    elif row.message:
        said += [": ", Foreign(row.message)] if row.kind == LineKind.CHANGE else [quiet(row.message)]
    if row.repeats and len(row.targets) == 1:
        said += [f" · {counted(row.repeats, 'further run')} ended the same way"]
    if row.deed is not None:
        said += after_words(row.deed, times)
    if row.ref:
        shown = ids(row.ref) if row.kind == LineKind.ACTION else (quiet(row.ref),)
        said += [id_word(row.kind), *shown]
    return tuple(piece for piece in said if piece)


def _note(row: Row) -> Line:
    if not row.struck_by:
        return (Foreign(row.message),)
    return (Foreign(row.message, is_struck=True), " · struck through by ", quiet(row.struck_by))


def _names(row: Row) -> Line:
    """Those that share the change."""
    shown = listed(tuple(Foreign(one.name) for one in row.targets[:_NAMED]))
    more = len(row.targets) - _NAMED
    return (*shown, f" and {more:,} more") if more > 0 else shown


def notes(facts: ReportFacts, times: Times) -> tuple[Block, ...]:
    """The notes of the window and those since an open problem began, struck through ones included."""
    rows = [row for row in (*facts.earlier, *facts.rows) if row.kind == LineKind.NOTE]
    if not rows:
        return (Paragraph(("No note was written.",)),)
    lines = (
        (f"{times.short(row.at)} ", quiet(row.by), ": ", *_note(row)) if row.by else _note(row)
        for row in rows
    )
    return (Items(tuple(lines)),)
