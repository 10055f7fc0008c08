"""A report as a document. Pure."""

from collections.abc import Iterator

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
    cells,
    deed_blocks,
    head_blocks,
    limited,
    now_blocks,
    unknown_lines,
)
from tui.domain.report.sentence import sentence
from tui.domain.text import counted

_NAMED = 6
"""Names of a group that are written out."""
_AUDIT = 8
"""Characters of an audit id that stand in the timeline; the list of what was done has all of it."""


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
    yield ("not over" if one.end is None else times.short(one.end),)
    unseen = f" ({long_age(one.unseen_s)} not seen)" if one.unseen_s >= 1 else ""
    yield (long_age(one.bad_s), unseen)
    yield (f"{one.failed:,} of {one.runs:,}" if one.runs else "–",)
    yield (Foreign(one.text),)


def _timeline(facts: ReportFacts, times: Times) -> tuple[Block, ...]:
    if not facts.rows:
        return (Paragraph(("Nothing is recorded of the window.",)),)
    lines, day = [], times.day(facts.head.since) if times.is_one_day else ""
    for row in facts.rows:
        # The first row of a day says which.
        date = "" if times.day(row.at) == day else f"{times.day(row.at)} "
        day = times.day(row.at)
        has_date = times.short(row.at).startswith(date)
        lines.append(_row(row, times) if has_date else (date, *_row(row, times)))
    return limited(lines)


def _row(row: Row, times: Times) -> Line:
    at = times.short(row.at, seconds=True)
    match row.kind:
        case LineKind.GAP:
            end = "" if row.until is None else f" to {times.short(row.until, seconds=True)}"
            return (f"{at}{end} not seen: ", quiet(row.message))
        case LineKind.NOTE:
            return (f"{at} note by ", quiet(row.by), ": ", *_note(row))
    said: list[Piece] = [f"{at} "]
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
    if row.ref:
        said += [" · audit ", quiet(row.ref[:_AUDIT])]
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
    """The notes of the window, those that were struck through included."""
    rows = [row for row in facts.rows if row.kind == LineKind.NOTE]
    if not rows:
        return (Paragraph(("No note was written.",)),)
    lines = (
        (f"{times.short(row.at)} ", quiet(row.by), ": ", *_note(row)) if row.by else _note(row)
        for row in rows
    )
    return (Items(tuple(lines)),)
