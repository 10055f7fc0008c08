"""The facts of a report, from the history and the audit trail. Blocking: it reads the history."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from tui import __version__
from tui.domain.history.gaps import GapsOf
from tui.domain.history.grouping import LineKind, timeline
from tui.domain.history.records import Subject
from tui.domain.history.window import Window, read_window
from tui.domain.maintenance.stops import PlannedStops
from tui.domain.report.facts import Head, Impact, ReportFacts
from tui.domain.report.impact import Spell, Trouble, troubles_of
from tui.domain.report.names import Names
from tui.domain.text import counted
from tui.ops.audit.entries import Entry, History, Standing
from tui.ops.operations.registry import OPERATIONS
from tui.session.history_events import action_event, subject_of
from tui.session.report.around import later_ends, lines_before, with_beginnings
from tui.session.report.now import Later, problem_text, state_now
from tui.session.report.settled import settled_by
from tui.session.report.sources import ReportRequest, Sources
from tui.session.report.telling import Teller, told_at

_MARGIN = timedelta(days=1)
"""Before a window, in which the poll lies that reaches into it."""


def names_of(sources: Sources, request: ReportRequest) -> Names:
    """Of a whole document: what is not in the history is a name as well."""
    known = (*sources.reader.subjects(), *request.subjects)
    names = Names(sources.profile, known, is_anonymous=request.is_anonymous)
    if request.is_anonymous:
        for address in sources.addresses:
            names.know_hosts(address)
        for one in sources.maintenances:
            names.maintenance(one.id, one.name)
            names.user(one.user)
        for entry in sources.trail.entries:
            names.user(entry.user)
            subject = subject_of(entry)
            if subject is not None:
                names.target(subject)
            for name in (entry.target_names or entry.targets) if subject is None else ():
                names.named(name)
    return names


def gather(sources: Sources, request: ReportRequest, names: Names | None = None) -> ReportFacts:
    """`names`: those of the document that the report is part of."""
    reader, since, until = sources.reader, request.since, request.until
    about = request.subjects
    names = names or names_of(sources, request)
    entries = [one for one in sources.trail.entries if _is_about(one, about)]
    window = read_window(reader, since, until, about, map(action_event, entries))
    for event in window.events if names.is_anonymous else ():
        # Before any text: a server may name who stopped its engine.
        names.user(event.user)
        names.user(event.struck_by)
    gaps = GapsOf(reader.coverage(since - _MARGIN, until), since, until)
    planned = PlannedStops(sources.maintenances)
    troubles = with_beginnings(troubles_of(window, gaps, planned), reader, since)
    lines = timeline(window.changes, window.events, window.gaps, known=window.before)[::-1]
    settled = settled_by(sources)
    teller = Teller(names, sources, settled)
    unknown = sources.trail.of_unknown_effect(sources.now)
    ends = later_ends(troubles, sources, request, planned)
    had_trouble = frozenset(one.subject for one in troubles)
    done = _switched(entries, sources, teller, names)
    ids = {one.id for one in entries}
    return ReportFacts(
        _head(sources, request, window, names),
        tuple(_impact(one, names, ends.get(one.subject)) for one in troubles),
        tuple(map(teller.row, lines)),
        tuple(teller.deed_of(one) for one in lines if one.kind in _DONE),
        state_now(reader, sources.now, had_trouble, about, names, done, planned),
        tuple(_not_known(window, sources.trail)),
        tuple(teller.deed(one) for one in unknown if one.id in ids and one.id not in settled)[::-1],
        request.is_postmortem,
        tuple(map(teller.row, lines_before(troubles, reader, since))),
    )


_DONE = (LineKind.ACTION, LineKind.MAINTENANCE, LineKind.UNLOCK)
_SWITCHES = tuple(
    one for one in OPERATIONS if one.partition(".")[2] in ("start", "stop", "restart", "toggle")
)


def _switched(
    entries: Sequence[Entry], sources: Sources, teller: Teller, names: Names
) -> Mapping[Subject, Later]:
    """The last switch of each target that may have had an effect."""
    found: dict[Subject, Later] = {}
    for entry in entries:
        subject, standing = subject_of(entry), sources.trail.standing(entry, sources.now)
        if subject is None or entry.operation not in _SWITCHES or subject in found:
            continue
        if standing in (Standing.APPLIED, Standing.ACCEPTED) or standing.is_open:
            seen = names.text(entry.checks[-1].sentence.rpartition(": ")[2]) if entry.checks else ""
            found[subject] = Later(entry, standing, teller.deed(entry), told_at(entry), seen)
    return found


def _is_about(entry: Entry, about: Sequence[Subject]) -> bool:
    keys = {one.key for one in about} | {one.name for one in about}
    return not about or not keys.isdisjoint((*entry.targets, *entry.target_names))


def _head(sources: Sources, request: ReportRequest, window: Window, names: Names) -> Head:
    return Head(
        names.profile,
        sources.environment,
        window.since,
        window.until,
        sources.now,
        sources.zone,
        names.user(sources.author),
        __version__,
        window.complete,
        tuple(replace(one, reason=names.text(one.reason)) for one in window.gaps),
        window.was_seen,
        tuple(names.target(one).name for one in request.subjects),
        names.is_anonymous,
    )


def _impact(trouble: Trouble, names: Names, later: Spell | None) -> Impact:
    """`later`: what became of one that was not over at the end of the window."""
    spells, worst = trouble.spells, trouble.worst
    return Impact(
        names.target(trouble.subject),
        names.text(worst.state),
        worst.level,
        problem_text(worst, names),
        spells[0].start,
        spells[0].start_is_known,
        spells[-1].end,
        names.text(spells[-1].ended_as),
        len(spells),
        trouble.bad_s,
        trouble.unseen_s,
        trouble.runs.seen,
        trouble.runs.failed,
        later.end if later else None,
        names.text(later.ended_as) if later else "",
    )


def _not_known(window: Window, trail: History) -> Iterator[str]:
    if window.was_seen and window.unseen:
        yield f"What was not polled in the window: {', '.join(sorted(window.unseen))}."
    broken = len(trail.broken) + trail.more_broken
    if broken:
        yield f"{counted(broken, 'line')} of the audit trail cannot be read: see `audit verify`."
    if trail.left_out:
        yield f"{counted(trail.left_out, 'older change')} of the audit trail were not read."
