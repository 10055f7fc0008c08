"""Rows and deeds of a report, of the lines of a history and the audit trail. Blocking."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from tui.domain.history.gaps import GapsOf, is_right_after
from tui.domain.history.grouping import Line, LineKind, change_text
from tui.domain.history.records import Event, EventKind, Subject
from tui.domain.history.runs import run_ended
from tui.domain.report.facts import Deed, Row, RunAfter
from tui.domain.report.names import Names
from tui.domain.writes import FieldChange
from tui.ops.audit.entries import Entry, Standing
from tui.ops.audit.run_ends import RUN_FOLLOWS, run_end_of
from tui.ops.operations.registry import OPERATIONS
from tui.session.history_events import subject_of
from tui.session.report.now import problem_text
from tui.session.report.sources import Sources

_STATE = "State"
_LONGEST_RUN = timedelta(hours=12)
"""After a start, in which the end of its first run is looked for."""


class Teller:
    def __init__(self, names: Names, sources: Sources, settled: Mapping[str, str]) -> None:
        """`settled`: by the id of a doubtful attempt, what shows its effect."""
        self._names, self._sources, self._settled = names, sources, settled
        self._trail, self._now = sources.trail, sources.now
        self._entries = {one.id: one for one in self._trail.entries}
        self._deeds: dict[str, Deed] = {}
        self._times: dict[tuple[str, ...], list[datetime]] = {}
        """Of the writes to each target, oldest first."""
        for one in sorted(self._trail.entries, key=lambda entry: entry.at):
            self._times.setdefault(one.targets, []).append(one.at)
        self._undone: dict[str, Entry] = {}
        for one in self._trail.entries:
            if one.undoes and self._trail.standing(one, self._now) in _WORKED:
                self._undone.setdefault(one.undoes, one)

    def row(self, line: Line) -> Row:
        names, event = self._names, line.event
        subjects = (line.subject, *line.also) if line.subject is not None else ()
        targets = tuple(map(names.target, subjects))
        if line.gap is not None:
            return Row(line.at, line.kind, "", names.text(line.gap.reason), until=line.gap.end)
        if event is None:
            message = problem_text(line.change.after, names) if line.change is not None else ""
            what = names.text(line.text)
            last = None if line.span is None else line.span[1]
            return Row(line.at, line.kind, what, message, targets, line.level, line.repeats, until=last)
        by = names.user(event.user)
        if line.kind is LineKind.ACTION:
            deed = self.deed_of(line)
            # Of a start or stop the fields say no more than its title.
            fields = (one for one in deed.changes if one.field != _STATE)
            changes = (f"{one.field} {one.before} → {one.after}" for one in fields)
            message = " · ".join((*changes, deed.result))
            return Row(line.at, line.kind, deed.title, message, targets, by=by, ref=deed.id, deed=deed)
        struck = names.user(event.struck_by)
        text, ref = self._said(event)
        return Row(line.at, line.kind, "", text, targets, by=by, ref=ref, struck_by=struck)

    def _said(self, event: Event) -> tuple[str, str]:
        """The text of an event, and its id."""
        names = self._names
        if event.kind is EventKind.MAINTENANCE:
            return names.maintenance_text(event.text, event.ref), names.maintenance_id(event.ref)
        text = names.note(event.text) if event.kind is EventKind.NOTE else names.text(event.text)
        return text, names.text(event.ref)

    def deed_of(self, line: Line) -> Deed:
        """Of a write with its record in the audit trail, or what the history alone says of it."""
        names, event = self._names, line.event
        entry = self._entries.get(event.ref) if event is not None else None
        if entry is not None:
            return self.deed(entry)
        user, text = (names.user(event.user), event.text) if event is not None else ("", line.text)
        if line.kind is not LineKind.ACTION:
            said, ref = self._said(event) if event is not None else (names.text(text), "")
            return Deed(line.at, user, line.kind.value, "", (), "", said, ref)
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
        if entry.id not in self._deeds:
            self._deeds[entry.id] = self._made(entry)
        return self._deeds[entry.id]

    def _made(self, entry: Entry) -> Deed:
        names, operation = self._names, OPERATIONS.get(entry.operation)
        title = operation.title if operation else names.text(entry.operation)
        fields = dict.fromkeys((*entry.before, *entry.after))
        changes = (
            names.change(one, entry.before.get(one, ""), entry.after.get(one, "")) for one in fields
        )
        standing = self._trail.standing(entry, self._now)
        remark = entry.checks[-1].sentence if entry.checks else entry.sentence
        origin, undone = self._entries.get(entry.undoes), self._undone.get(entry.id)
        return Deed(
            entry.at,
            names.user(entry.user),
            title,
            self._target(entry),
            tuple(changes),
            standing.value,
            "" if standing is Standing.APPLIED else names.text(remark),
            names.id(entry.id),
            self._run(entry) if standing in _WORKED else None,
            origin.at if origin is not None else None,
            origin is not None and bool(origin.undoes),
            undone.at if undone is not None else None,
            names.user(undone.user) if undone is not None else "",
            names.text(self._settled.get(entry.id, "")),
        )

    def _run(self, entry: Entry) -> RunAfter | None:
        """As it was watched, or else as the history has it."""
        subject = subject_of(entry)
        if entry.operation not in RUN_FOLLOWS or subject is None:
            return None
        seen = run_end_of(entry)
        if seen is not None:
            return RunAfter(seen.at, self._names.text(seen.words), seen.is_good)
        return self._recorded_run(entry, subject)

    def _recorded_run(self, entry: Entry, subject: Subject) -> RunAfter:
        """The first end of a run between this and the next action there."""
        reader, times = self._sources.reader, self._times.get(entry.targets, [])
        later = times[bisect_right(times, entry.at) :][:1]
        until = min((*later, entry.at + _LONGEST_RUN, self._now))
        gaps = GapsOf(reader.coverage(entry.at, until), entry.at, until).of(subject)
        for change in reader.changes(entry.at, until, subject):
            is_good = run_ended(change)
            if is_good is None:
                continue
            if is_right_after(change.at, gaps):
                break
            text = "" if is_good else change.after.text
            words = " ".join(filter(None, (change.after.state, text)))
            return RunAfter(change.at, self._names.text(words), is_good)
        return RunAfter()

    def _target(self, entry: Entry) -> str:
        subject = subject_of(entry)
        if subject is not None:
            return self._names.target(subject).name
        return ", ".join(self._names.named(one) for one in entry.target_names or entry.targets)


_WORKED = (Standing.APPLIED, Standing.ACCEPTED)


def told_at(entry: Entry) -> datetime:
    """When something was known of it last."""
    times = [entry.at, *(one.at for one in entry.checks)]
    return max((*times, entry.ended_at) if entry.ended_at is not None else times)
