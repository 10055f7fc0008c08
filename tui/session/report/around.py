"""What lies before and after a window and belongs to its problems. Blocking."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tui.domain.health.rules import Level
from tui.domain.history.gaps import GapsOf, unseen_seconds
from tui.domain.history.grouping import Line, timeline
from tui.domain.history.notable import notable_changes, settled_at, settled_before
from tui.domain.history.notes import events_of
from tui.domain.history.reader import HistoryReader
from tui.domain.history.records import Change, EventKind, Subject
from tui.domain.history.since import since_of
from tui.domain.history.window import read_window
from tui.domain.maintenance.stops import PlannedStops
from tui.domain.report.impact import Spell, Trouble, troubles_of
from tui.session.levels_begun import gaps_begin
from tui.session.report.sources import ReportRequest, Sources

_MARGIN = timedelta(days=1)
_JUST_BEFORE = timedelta(milliseconds=1)
_MOST_NOTES = 50


def with_beginnings(
    troubles: Sequence[Trouble], reader: HistoryReader, since: datetime
) -> Sequence[Trouble]:
    """With the beginnings that the history knows of problems that the window began with."""
    if not any(one.spells[0].start <= since for one in troubles):
        return troubles
    begun = settled_at(reader, since)[1]
    oldest = gaps_begin(begun.values(), since)
    gaps = GapsOf(reader.coverage(oldest, since), oldest, since)
    found = [_begun_before(one, begun.get(one.subject), gaps, since) for one in troubles]
    return sorted(found, key=lambda one: one.spells[0].start)


def _begun_before(trouble: Trouble, begun: Change | None, gaps: GapsOf, since: datetime) -> Trouble:
    first = trouble.spells[0]
    if first.start > since or begun is None or begun.after.level > Level.WARNING:
        return trouble
    missing = gaps.of(trouble.subject)
    start = since_of(begun, missing, since)
    # As within a window: a gap does not end a problem, it is counted as not seen.
    start = start.before_gap or start
    spell = replace(first, start=start.at, start_is_known=start.is_known)
    more = (first.start - start.at).total_seconds()
    unseen = trouble.unseen_s + unseen_seconds(missing, start.at, first.start)
    spells = (spell, *trouble.spells[1:])
    return replace(trouble, spells=spells, bad_s=trouble.bad_s + more, unseen_s=unseen)


def lines_before(troubles: Sequence[Trouble], reader: HistoryReader, since: datetime) -> Sequence[Line]:
    """How the problems began that are not over at the end of the window, and the notes since then."""
    lasting = {one.subject: one.spells[0].start for one in troubles if one.is_lasting}
    begun = {subject: start for subject, start in lasting.items() if start < since}
    if not begun:
        return ()
    first, last = min(begun.values()), since - _JUST_BEFORE
    notes = [
        one
        for one in events_of(reader, first, last)
        if one.kind is EventKind.NOTE and (one.subject is None or one.subject in begun)
    ]
    known = settled_before(reader, first - _JUST_BEFORE)
    changes = [one for one in notable_changes(reader, first, last) if one.subject in begun]
    lines = [
        line
        for line in timeline(changes, notes[-_MOST_NOTES:], known=known)
        if line.change is None or _begins(line, begun)
    ]
    return lines[::-1]


def _begins(line: Line, begun: Mapping[Subject, datetime]) -> bool:
    return any(begun.get(one) == line.at for one in (line.subject, *line.also) if one is not None)


def later_ends(
    troubles: Sequence[Trouble], sources: Sources, request: ReportRequest, planned: PlannedStops
) -> Mapping[Subject, Spell]:
    """Of problems that were not over at the end of the window: what is known of them by now."""
    lasting = tuple(one.subject for one in troubles if one.is_lasting)
    until, now = request.until, sources.now
    if not lasting or until >= now:
        return {}
    after = read_window(sources.reader, until, now, lasting)
    gaps = GapsOf(sources.reader.coverage(until - _MARGIN, now), until, now)
    found = troubles_of(after, gaps, planned)
    return {one.subject: one.spells[0] for one in found if one.spells[0].start <= until}
