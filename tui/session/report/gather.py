"""The facts of a report, from the history and the audit trail. Blocking: it reads the history."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tui import __version__
from tui.domain.health.rules import Level
from tui.domain.history.gaps import GapsOf
from tui.domain.history.grouping import Line, LineKind, change_text, timeline
from tui.domain.history.reader import HistoryReader
from tui.domain.history.records import Change, Subject
from tui.domain.history.since import since_of
from tui.domain.history.window import Window, read_window
from tui.domain.report.facts import Deed, FieldChange, Head, Impact, ReportFacts, Row, Unseen
from tui.domain.report.impact import Trouble, troubles_of
from tui.domain.report.names import Names
from tui.domain.text import counted
from tui.ops.audit.entries import Entry, History, Standing
from tui.ops.operations.registry import OPERATIONS
from tui.session.history_view import action_event
from tui.session.report.now import problem_text, settled_at, state_now
from tui.session.report.sources import ReportRequest, Sources

_MARGIN = timedelta(days=1)
"""Before a window, in which the poll lies that reaches into it."""


def gather(sources: Sources, request: ReportRequest) -> ReportFacts:
    reader, since, until = sources.reader, request.since, request.until
    about = request.subjects
    names = Names(sources.profile, (*reader.subjects(), *about), is_anonymous=request.is_anonymous)
    entries = {one.id: one for one in sources.trail.entries if _is_about(one, about)}
    in_window = {key: one for key, one in entries.items() if since <= one.at <= until}
    actions = map(action_event, in_window.values())
    window = read_window(reader, since, until, about, actions)
    gaps = GapsOf(reader.coverage(since - _MARGIN, until), since, until)
    troubles = _with_beginnings(troubles_of(window, gaps), reader, since)
    lines = timeline(window.changes, window.events, window.gaps, known=window.before)[::-1]
    teller = _Teller(names, sources, in_window)
    unknown = sources.trail.of_unknown_effect(sources.now)
    return ReportFacts(
        _head(sources, request, window, names),
        tuple(_impact(one, names) for one in troubles),
        tuple(map(teller.row, lines)),
        tuple(teller.deed_of(one) for one in lines if one.kind in _DONE),
        state_now(reader, sources.now, frozenset(one.subject for one in troubles), about, names),
        tuple(_not_known(window, sources.trail)),
        tuple(teller.deed(one) for one in unknown if one.id in entries)[::-1],
        request.is_postmortem,
    )


def _with_beginnings(
    troubles: Sequence[Trouble], reader: HistoryReader, since: datetime
) -> Sequence[Trouble]:
    """With the beginnings that the history knows of problems that the window began with."""
    if not any(one.spells[0].start <= since for one in troubles):
        return troubles
    begun = settled_at(reader, since)[1]
    oldest = min((change.at for change in begun.values()), default=since) - _MARGIN
    gaps = GapsOf(reader.coverage(oldest, since), oldest, since)
    found = [_begun_before(one, begun.get(one.subject), gaps, since) for one in troubles]
    return sorted(found, key=lambda one: one.spells[0].start)


def _begun_before(trouble: Trouble, begun: Change | None, gaps: GapsOf, since: datetime) -> Trouble:
    first = trouble.spells[0]
    if first.start > since or begun is None or begun.after.level > Level.WARNING:
        return trouble
    start = since_of(begun, gaps.of(trouble.subject), since)
    spell = replace(first, start=start.at, start_is_known=start.is_known)
    more = (first.start - start.at).total_seconds()
    return replace(trouble, spells=(spell, *trouble.spells[1:]), bad_s=trouble.bad_s + more)


_STATE = "State"
_DONE = (LineKind.ACTION, LineKind.MAINTENANCE, LineKind.UNLOCK)


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
        tuple(Unseen(one.start, one.end, names.text(one.reason)) for one in window.gaps),
        window.was_seen,
        tuple(names.target(one).name for one in request.subjects),
        names.is_anonymous,
    )


def _impact(trouble: Trouble, names: Names) -> Impact:
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
    )


def _not_known(window: Window, trail: History) -> Iterator[str]:
    if window.was_seen and window.unseen:
        yield f"What was not polled in the window: {', '.join(sorted(window.unseen))}."
    broken = len(trail.broken) + trail.more_broken
    if broken:
        yield f"{counted(broken, 'line')} of the audit trail cannot be read: see `audit verify`."
    if trail.left_out:
        yield f"{counted(trail.left_out, 'older change')} of the audit trail were not read."


class _Teller:
    """Makes rows and deeds of the lines of a history."""

    def __init__(self, names: Names, sources: Sources, entries: Mapping[str, Entry]) -> None:
        self._names, self._entries = names, entries
        self._trail, self._now = sources.trail, sources.now

    def row(self, line: Line) -> Row:
        names, event = self._names, line.event
        subjects = (line.subject, *line.also) if line.subject is not None else ()
        targets = tuple(map(names.target, subjects))
        if line.gap is not None:
            return Row(line.at, line.kind, "", names.text(line.gap.reason), until=line.gap.end)
        if event is None:
            message = problem_text(line.change.after, names) if line.change is not None else ""
            what = names.text(line.text)
            return Row(line.at, line.kind, what, message, targets, line.level, line.repeats)
        by = names.user(event.user)
        if line.kind is LineKind.ACTION:
            deed = self.deed_of(line)
            # Of a start or stop the fields say no more than its title.
            fields = (one for one in deed.changes if one.field != _STATE)
            changes = (f"{one.field} {one.before} → {one.after}" for one in fields)
            message = " · ".join((*changes, deed.result))
            return Row(line.at, line.kind, deed.title, message, targets, by=by, ref=deed.id)
        struck = names.user(event.struck_by)
        text = names.note(event.text) if line.kind is LineKind.NOTE else names.text(event.text)
        ref = names.text(event.ref)
        return Row(line.at, line.kind, "", text, targets, by=by, ref=ref, struck_by=struck)

    def deed_of(self, line: Line) -> Deed:
        """Of a write with its record in the audit trail, or what the history alone says of it."""
        names, event = self._names, line.event
        entry = self._entries.get(event.ref) if event is not None else None
        if entry is not None:
            return self.deed(entry)
        user, text = (names.user(event.user), event.text) if event is not None else ("", line.text)
        if line.kind is not LineKind.ACTION:
            ref = "" if event is None else names.text(event.ref)
            return Deed(line.at, user, line.kind.value, "", (), "", names.text(text), ref)
        title, _, rest = text.partition(" · ")
        target, _, result = rest.rpartition(": ")
        name = names.target(line.subject).name if line.subject is not None else names.named(target)
        changes = tuple(self._pace(line))
        return Deed(line.at, user, names.text(title), name, changes, names.text(result), "", "")

    def _pace(self, line: Line) -> Iterator[FieldChange]:
        """The interval that was seen to change right after it."""
        if line.change is not None:
            before, _, after = change_text(line.change).removeprefix("interval ").partition(" → ")
            yield self._names.change("interval", before, after)

    def deed(self, entry: Entry) -> Deed:
        names, operation = self._names, OPERATIONS.get(entry.operation)
        title = operation.title if operation else names.text(entry.operation)
        fields = dict.fromkeys((*entry.before, *entry.after))
        changes = (
            names.change(one, entry.before.get(one, ""), entry.after.get(one, "")) for one in fields
        )
        standing = self._trail.standing(entry, self._now)
        remark = entry.checks[-1].sentence if entry.checks else entry.sentence
        return Deed(
            entry.at,
            names.user(entry.user),
            title,
            self._target(entry),
            tuple(changes),
            standing.value,
            "" if standing is Standing.APPLIED else names.text(remark),
            names.id(entry.id),
        )

    def _target(self, entry: Entry) -> str:
        subject = action_event(entry).subject
        return names_of(self._names, entry) if subject is None else self._names.target(subject).name


def names_of(names: Names, entry: Entry) -> str:
    return ", ".join(names.named(one) for one in entry.target_names or entry.targets)
