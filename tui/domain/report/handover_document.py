"""A hand-over as a document: what is open, what to watch, what was done. Pure."""

from collections.abc import Iterator, Sequence

from tui.domain.health.rules import Level
from tui.domain.report.document import (
    Block,
    Document,
    Foreign,
    Line,
    Paragraph,
    Section,
    Times,
    quiet,
)
from tui.domain.report.facts import HandoverFacts, Open, ReportFacts, StateNow
from tui.domain.report.parts import changed_line, deed_blocks, head_blocks, limited, state_line
from tui.domain.report.report_document import notes
from tui.domain.text import counted

_NOTED_GAP = 60
"""Seconds that were not seen from which the next shift is informed."""
_FLAPPING = 3
"""Problems of one target in the shift from which it is watched."""


def handover_document(facts: HandoverFacts) -> Document:
    head = facts.report.head
    times = Times(head.zone, head.since, head.until)
    return Document(
        ("Hand-over: ", quiet(head.profile), f", {times.full(head.until)}"),
        (Paragraph((_sentence(facts, times),)), *head_blocks(head, times)),
        tuple(_sections(facts, times)),
    )


def _sentence(facts: HandoverFacts, times: Times) -> str:
    bad = len(_open_now(facts.report))
    left = sum(map(len, (facts.maintenance, facts.report.doubtful, facts.unsent, facts.drafts)))
    watch = len(_watch(facts.report, times))
    none = "" if bad or left else "Nothing is open"
    said = (
        none if facts.report.now.is_known else "What is open now is not known: nothing was recorded",
        f"{counted(bad, 'problem')} {'is' if bad == 1 else 'are'} open" if bad else "",
        f"{watch} to watch" if watch else "",
        f"{counted(left, 'item')} unfinished" if left else "",
    )
    text = ", ".join(filter(None, said))
    last = facts.report.now.last_seen
    return f"Seen last at {times.short(last)}: {text}." if last is not None else f"{text}."


def _sections(facts: HandoverFacts, times: Times) -> Iterator[Section]:
    report = facts.report
    now = tuple(state_line(one, report.head.written_at, times) for one in _open_now(report))
    none = "Nothing is open." if report.now.is_known else "Not known: nothing was recorded."
    yield Section("Open now", _items(now, none))
    yield Section("Watch next", _items(_watch(report, times), "Nothing stands out."))
    done = "Nothing was changed from here in the shift."
    yield Section("Done in the shift", deed_blocks(report.deeds, times, done))
    yield Section("Notes", notes(report, times))
    yield Section("Unfinished", _items(tuple(_left(facts, times)), "Nothing is unfinished."))


def _items(lines: Sequence[Line], nothing: str) -> tuple[Block, ...]:
    return limited(lines) if lines else (Paragraph((nothing,)),)


def _open_now(report: ReportFacts) -> Sequence[StateNow]:
    return [one for one in report.now.troubled if one.level <= Level.LOCKED]


def _to_watch(report: ReportFacts) -> Sequence[StateNow]:
    return [one for one in report.now.troubled if one.level is Level.WARNING]


def _watch(report: ReportFacts, times: Times) -> Sequence[Line]:
    """Overdue now, failed again and again, not seen."""
    lines = [changed_line(one, times) for one in report.now.changed]
    lines += [state_line(one, report.head.written_at, times) for one in _to_watch(report)]
    flapping = (one for one in report.impact if one.spells >= _FLAPPING)
    lines += [(Foreign(one.target.name), f" had a problem {one.spells} times") for one in flapping]
    head = report.head
    lines += [
        (f"not seen {times.span(gap.start, gap.end)}: ", quiet(gap.reason))
        for gap in head.gaps
        if gap.seconds >= _NOTED_GAP
    ]
    return lines


def _left(facts: HandoverFacts, times: Times) -> Iterator[Line]:
    for one in facts.maintenance:
        yield ("Maintenance ", *_open(one, times))
    for deed in facts.report.doubtful:
        at = f" at {times.short(deed.at)}: its effect is unknown · audit "
        yield ("Write ", quiet(deed.title), " of ", Foreign(deed.target), at, quiet(deed.id))
    for one in facts.unsent:
        yield ("Unsent ", *_open(one, times))
    for one in facts.drafts:
        yield ("Draft ", *_open(one, times))
    yield from (("Not known: ", Foreign(trouble)) for trouble in facts.troubles)


def _open(one: Open, times: Times) -> Line:
    until = "" if one.until is None else f" until {times.short(one.until)}"
    return (
        *((quiet(one.title),) if one.title else ()),
        *((" of ",) if one.title and one.target else ()),
        *((Foreign(one.target),) if one.target else ()),
        f" since {times.short(one.at)}{until}",
        *((" by ", quiet(one.user)) if one.user else ()),
        f": {one.text}" if one.text else "",
        *((" · ", Foreign(one.foreign)) if one.foreign else ()),
        *((" · ", Foreign(one.command)) if one.command else ()),
    )
