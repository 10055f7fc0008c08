"""Sections that a report and a hand-over share. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from tui.domain.history.clock_text import long_age
from tui.domain.history.grouping import LineKind
from tui.domain.report.document import (
    Block,
    Foreign,
    Items,
    Line,
    Paragraph,
    Piece,
    Table,
    Times,
    listed,
    quiet,
)
from tui.domain.report.facts import Deed, Head, Now, ReportFacts, StateNow
from tui.domain.text import counted

_MOST_LINES, _MOST_ROWS = 300, 100
"""Of a list and of a table; more are counted: JSON has all."""


def head_blocks(head: Head, times: Times) -> tuple[Block, ...]:
    """Window, zone, author, version and completeness."""
    about = (("Limited to ", *listed(tuple(map(Foreign, head.about))), "."),) if head.about else ()
    environment = (f" ({head.environment})",) if head.environment else ()
    left_out: tuple[Line, ...] = ()
    if head.is_anonymous:
        left_out = (("Anonymous: names are replaced, and notes are left out.",),)
    return (
        Items(
            (
                ("Profile: ", quiet(head.profile), *environment),
                (f"Window: {times.full(head.since)} to {times.full(head.until)}, ", _long(head)),
                (f"All times: {times.name}",),
                (
                    f"Written: {times.full(head.written_at)} by ",
                    quiet(head.author),
                    f" with syncdeck {head.version}",
                ),
                (f"Seen: {_seen(head, times)}",),
                *about,
                *left_out,
            )
        ),
    )


def _long(head: Head) -> str:
    return long_age(head.seconds)


def _seen(head: Head, times: Times) -> str:
    """`98 % of 2h 10m; not seen 00:41 to 00:47 (6m)`."""
    part = int(head.complete * 100)
    said = "less than 1 %" if 0 < head.complete < 0.01 else f"{part} %"
    if not head.was_recorded:
        return f"0 % of {_long(head)}; nothing was recorded"
    shown = ", ".join(times.span(gap.start, gap.end) for gap in head.gaps[:5])
    more = f" and {len(head.gaps) - 5} more times" if len(head.gaps) > 5 else ""
    return f"{said} of {_long(head)}" + (f"; not seen {shown}{more}" if shown else "")


def deed_blocks(deeds: Sequence[Deed], times: Times, nothing: str) -> tuple[Block, ...]:
    """Before → after with the audit ids."""
    if not deeds:
        return (Paragraph((nothing,)),)
    return limited([_deed(one, times) for one in deeds])


def _deed(deed: Deed, times: Times) -> Line:
    changes: list[Piece] = []
    for change in deed.changes:
        pair = (Foreign(change.before), " → ", Foreign(change.after))
        changes += ["; " if changes else ": ", quiet(change.field), " ", *pair]
    return (
        f"{times.short(deed.at, seconds=True)} ",
        *((quiet(deed.user), ": ") if deed.user else ()),
        quiet(deed.title),
        *((" ", Foreign(deed.target)) if deed.target else ()),
        *changes,
        *((" · ", quiet(deed.result)) if deed.result else ()),
        *((" · ", Foreign(deed.remark)) if deed.remark else ()),
        *((" · ", quiet(deed.settled)) if deed.settled else ()),
        *after_words(deed, times),
        *((id_word(deed.title), quiet(deed.id)) if deed.id else ()),
    )


def id_word(kind: str) -> str:
    """What the id behind it is of."""
    return " · id " if kind == LineKind.MAINTENANCE else " · audit "


def after_words(deed: Deed, times: Times) -> Line:
    """How its first run ended, and whether it was undone or undoes something."""
    said: list[Piece] = []
    if deed.run is not None and deed.run.at is None:
        said.append(" · its first run was not watched to its end")
    elif deed.run is not None and deed.run.at is not None:
        lead = " · run ended" if deed.run.is_good else " · but its run failed"
        said += [f"{lead} {times.short(deed.run.at, seconds=True)}: ", quiet(deed.run.words)]
    if deed.undoes_at is not None:
        verb = "does again what was done at" if deed.is_redo else "undoes what was done at"
        said.append(f" · {verb} {times.short(deed.undoes_at, seconds=True)}")
    if deed.undone_at is not None:
        said += [f" · undone {times.short(deed.undone_at, seconds=True)} by ", quiet(deed.undone_by)]
    return tuple(said)


def state_line(one: StateNow, at: datetime, times: Times) -> Line:
    """`Temu · Temu DE` error since 01:14 (7h 2m): `401 from marketplace`; `at`: when it is written."""
    since: tuple[Piece, ...] = ()
    if one.since is not None:
        age = long_age((at - one.since).total_seconds())
        earlier, least = ("", "") if one.since_is_known else (" or earlier", "at least ")
        lasting = f" ({least}{age})" if one.is_seen else ""
        since = (f" since {times.short(one.since)}{earlier}{lasting}{_before_gap(one, times)}",)
    return (
        Foreign(one.target.name),
        " ",
        quiet(one.state),
        *since,
        *((": ", Foreign(one.text)) if one.text else ()),
        "" if one.is_seen else " (seen last; not seen now)",
        *((" · then ", *_then(one, times)) if one.then is not None else ()),
    )


def _before_gap(one: StateNow, times: Times) -> str:
    if one.before_gap is None:
        return ""
    known = "" if one.before_gap_is_known else " or earlier"
    return f", before a gap since {times.short(one.before_gap)}{known}"


def _then(one: StateNow, times: Times) -> Line:
    """`Start engine by anna 10:22:59: applied, now running; not seen since`; empty: nothing was done."""
    deed, seen = one.then, one.then_seen
    if deed is None:
        return ()
    return (
        quiet(deed.title),
        *((" by ", quiet(deed.user)) if deed.user else ()),
        f" {times.short(deed.at, seconds=True)}: ",
        quiet(deed.result),
        *((", ", quiet(seen)) if seen else ()),
        "; not seen since",
    )


def changed_line(one: StateNow, times: Times) -> Line:
    """`ErpSync engine`: Start engine by anna 10:22:59: applied, now running; not seen since (seen last
    before that: stopped)."""
    then = _then(one, times)
    return (Foreign(one.target.name), ": ", *then, " (seen last before that: ", quiet(one.state), ")")


def now_blocks(now: Now, at: datetime, times: Times) -> Iterator[Block]:
    """What needs attention, what had a problem and is well again, and how many others are well."""
    if now.last_seen is not None:
        yield Paragraph((f"Not seen since {times.short(now.last_seen)}: this is what was seen last.",))
    if now.troubled:
        yield Paragraph(
            (f"{counted(len(now.troubled), 'target')} {_need(len(now.troubled))} attention:",)
        )
        yield from limited([state_line(one, at, times) for one in now.troubled])
    if now.recovered:
        yield Paragraph(("Had a problem in the window, and needs no attention now:",))
        yield from limited([state_line(one, at, times) for one in now.recovered])
    if now.changed:
        yield Paragraph(("Changed from here since it was seen last:",))
        yield from limited([changed_line(one, times) for one in now.changed])
    if now.planned:
        yield Paragraph(("Off in an open maintenance:",))
        yield from limited([state_line(one, at, times) for one in now.planned])
    if now.well:
        is_first = not (now.troubled or now.recovered or now.changed or now.planned)
        others = "target" if is_first else "other target"
        needs = _need(now.well) if now.last_seen is None else "needed"
        yield Paragraph((f"{counted(now.well, others)} {needs} no attention.",))
    elif not now.is_known:
        yield Paragraph(("Not known: nothing was recorded.",))


def _need(count: int) -> str:
    return "needs" if count == 1 else "need"


def unknown_lines(facts: ReportFacts, times: Times) -> Iterator[Line]:
    """What the document cannot say, and why."""
    head = facts.head
    if not head.was_recorded:
        yield ("What the targets did in the window: nothing was recorded.",)
    for gap in head.gaps if head.was_recorded else ():
        yield (f"What happened from {times.span(gap.start, gap.end)}: ", quiet(gap.reason), ".")
    for one in facts.impact:
        if not one.start_is_known:
            seen = f" began: it was there at {times.short(one.start)}."
            yield ("When the problem of ", Foreign(one.target.name), seen)
    for deed in facts.doubtful:
        yield (
            "Whether ",
            quiet(deed.title),
            " of ",
            Foreign(deed.target),
            f" at {times.short(deed.at)} took effect: audit ",
            quiet(deed.id),
            ".",
        )
    yield from ((one,) for one in facts.unknown)


def limited(lines: Sequence[Line]) -> tuple[Block, ...]:
    return (Items(tuple(lines[:_MOST_LINES])), *_left_out(len(lines) - _MOST_LINES, "more"))


def cells(titles: Sequence[str], rows: Sequence[tuple[Line, ...]]) -> tuple[Block, ...]:
    table = Table(tuple(titles), tuple(rows[:_MOST_ROWS]))
    return (table, *_left_out(len(rows) - _MOST_ROWS, "more rows"))


def _left_out(count: int, what: str) -> Iterator[Paragraph]:
    if count > 0:
        yield Paragraph((f"{count:,} {what} are left out here; --format json has all of them.",))
