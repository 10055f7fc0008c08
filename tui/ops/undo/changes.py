"""What was changed lately according to the audit trail, by anybody, and the proposal that undoes it.

Invariants: an undo is not listed as a change; it marks the one that it undid, which can be redone. Where
the trail no longer holds what was undone, its undo is not listed either: undoing it would redo.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from tui.domain.maintenance.records import name_in_id
from tui.domain.profile import ProfileFacts
from tui.domain.result import Result
from tui.frozen import frozen
from tui.ops.audit.entries import Entry, History, Standing
from tui.ops.operations.kinds import kind_for, kind_of
from tui.ops.proposals.bulk import BulkPlan, LeftOut, counted
from tui.ops.proposals.proposal import Planned, Proposal
from tui.ops.refusal import Refusal
from tui.ops.server_binding import elsewhere
from tui.ops.undo.applied_change import LOOK_FIRST, NOT_KNOWN, NOT_READ, AppliedChange, lowered
from tui.store.store import Store

RECALLED = timedelta(hours=24)
"""How long a change is listed."""
_DOUBTFUL = "check first: this was already sent, with an unknown result"
_UNDER_WAY = Refusal("its response has not arrived yet")
OTHER_VALUES = "not the values of this change: somebody set others before it was undone"
_UNREADABLE = Refusal("this version cannot read what was sent")
_NOUNS = {
    "worker": ("sync", "syncs"),
    "extension": ("extension", "extensions"),
    "connection": ("connection", "connections"),
}
"""By the first word of an operation."""


@frozen
class Change:
    first: AppliedChange
    latest: AppliedChange
    """The last of it, its undos and redos: undoing that undoes or redoes the change."""
    is_undone: bool = False
    is_doubtful: bool = False
    """Whether an undo or redo was sent with an unknown result."""
    is_under_way: bool = False
    """Whether it, its undo or its redo has no response yet."""


@frozen
class ChangeSet:
    """What was done together: the changes of one plan, or a single one."""

    key: str
    changes: tuple[Change, ...]
    """In the order of sending."""

    @property
    def first(self) -> AppliedChange:
        return self.changes[0].first


@frozen
class Reversal:
    """How a change is undone now; or redone, if it is undone."""

    change: Change
    proposal: Proposal | None
    reason: str = ""
    """Why there is no proposal; with a proposal: its warnings."""
    is_unread: bool = False
    """Whether there is none because the list of its target was not read since the change."""

    @property
    def can_undo(self) -> bool:
        return self.proposal is not None and not self.change.is_undone

    @property
    def is_left(self) -> bool:
        """Whether it can be undone, as far as is known before its list is read."""
        return self.can_undo or (self.is_unread and not self.change.is_undone)

    @property
    def can_redo(self) -> bool:
        return self.proposal is not None and self.change.is_undone


def change_sets(history: History, now: datetime) -> tuple[ChangeSet, ...]:
    """What was changed within `RECALLED`, newest first."""
    changes: dict[str, Change] = {}
    origins: dict[str, tuple[str, int]] = {"": ("", 0)}
    """By the id of an attempt, that of its change, and how often that was inverted by then."""
    for entry in reversed(history.entries):
        standing = history.standing(entry, now)
        if entry.undoes not in origins or not _has_effect(entry, standing):
            continue
        origin, times = origins[entry.undoes]
        if not entry.undoes:
            origins[entry.id] = entry.id, 0
            done = _applied(entry, standing)
            changes[entry.id] = Change(done, done, is_under_way=standing is Standing.IN_FLIGHT)
        else:
            origins[entry.id] = origin, times + 1
            is_undone = (times + 1) % 2 == 1
            changes[origin] = _inverted(changes[origin], entry, standing, is_undone=is_undone)
    keys = {one.id: f"{one.plan} {one.operation}" if one.plan else one.id for one in history.entries}
    sets: dict[str, list[Change]] = {}
    for id_, change in changes.items():
        if now - change.first.at < RECALLED:
            sets.setdefault(keys[id_], []).append(change)
    found = (ChangeSet(key, tuple(each)) for key, each in sets.items())
    return tuple(sorted(found, key=lambda one: one.first.at, reverse=True))


def _has_effect(entry: Entry, standing: Standing) -> bool:
    """Whether it changed something, or may have: a server that rounds applies another value."""
    if standing is Standing.NOT_APPLIED:
        kind, was = kind_for(entry.operation), entry.baseline or {}
        return bool(entry.left) and entry.left != was and kind is not None and not kind.is_watched
    return standing.is_open or standing in _EFFECTIVE


_RESULTS = {one.value: one for one in Result}
_EFFECTIVE = (Standing.APPLIED, Standing.ACCEPTED, Standing.IN_FLIGHT)


def _inverted(known: Change, entry: Entry, standing: Standing, *, is_undone: bool) -> Change:
    """After an undo or redo; its result may be open."""
    if standing is Standing.IN_FLIGHT:
        return replace(known, is_under_way=True)
    if standing not in _EFFECTIVE:
        return replace(known, is_doubtful=True)
    return Change(known.first, _applied(entry, standing), is_undone)


def _applied(entry: Entry, standing: Standing) -> AppliedChange:
    kind = kind_for(entry.operation)
    write = None
    if kind is not None and len(entry.targets) == 1:
        with suppress(KeyError, TypeError, ValueError):
            write = kind.in_undo(entry.operation, entry.targets[0], entry.sent)
    return AppliedChange(
        entry.id,
        entry.operation,
        write,
        entry.target,
        entry.ended_at or entry.at,
        _RESULTS.get(standing.value, Result.UNKNOWN),
        entry.before,
        entry.baseline,
        entry.left,
        entry.address,
        name_in_id(entry.plan),
    )


def reversal(change: Change, store: Store, facts: ProfileFacts | None = None) -> Reversal:
    """How it is undone or redone, from current data; `facts`: the current addresses of the systems."""
    back = _inverse(change, store, facts)
    doubt = _DOUBTFUL if change.is_doubtful else ""
    if isinstance(back, Refusal):
        reason = "; ".join(filter(None, (doubt, back.sentence)))
        return Reversal(change, None, reason, is_unread=back is NOT_READ)
    other = "" if does_again(change, back) else OTHER_VALUES
    warnings = (*back.warnings, *filter(None, (other,)))
    back = replace(back, undoes=change.latest.attempt, warnings=warnings)
    return Reversal(change, back, "; ".join(filter(None, (doubt, *back.warnings))))


def _inverse(change: Change, store: Store, facts: ProfileFacts | None) -> Planned:
    done = change.latest
    if facts is not None and (reason := elsewhere(done.operation, done.address, facts)):
        return Refusal(reason)
    if change.is_under_way:
        return _UNDER_WAY
    if done.write is None:
        kind = kind_for(done.operation)
        return _UNREADABLE if kind is None or kind.no_way_back is NOT_KNOWN else kind.no_way_back
    try:
        back: Planned = kind_of(done.write).invert(done, done.write, store)
    except (KeyError, TypeError, ValueError):
        return NOT_KNOWN
    if isinstance(back, Refusal) or done.result is not Result.UNKNOWN:
        return back
    return replace(back, warnings=(LOOK_FIRST, *back.warnings))


def noun_of(one: ChangeSet) -> str:
    """`3 syncs`."""
    return counted(len(one.changes), _noun(one.first.operation))


def _noun(operation: str) -> tuple[str, str]:
    return _NOUNS.get(operation.partition(".")[0], ("target", "targets"))


def does_again(change: Change, back: Proposal) -> bool:
    """Whether it would set the values of the change, if that is undone: before the undo, somebody else
    may have set others, which undoing the undo restores."""
    write = change.first.write
    if not change.is_undone or write is None:
        return True
    wanted, then = kind_of(back.write).wanted(back.write), kind_of(write).wanted(write)
    return all(then.get(key, value) == value for key, value in wanted.items())


def concerned(change: Change, verb: str, back: Proposal) -> tuple[str, str]:
    """`Undoes` or `Redoes`, and what it undoes or redoes."""
    if verb == "Redo" and does_again(change, back):
        return "Redoes", f"{change.first.summary}, undone {change.latest.at:%H:%M:%S} UTC"
    if verb == "Redo":
        return "Undoes", f"the undo of {change.latest.at:%H:%M:%S} UTC"
    return "Undoes", change.latest.summary


def plan_of(reversals: Sequence[Reversal], verb: str) -> BulkPlan | Refusal:
    """All of these in one review, `verb`: `Undo` or `Redo`; or why nothing can be sent."""
    proposals = [one.proposal for one in reversals if one.proposal is not None]
    if not proposals:
        return Refusal("; ".join(dict.fromkeys(one.reason for one in reversals)))
    first, change = proposals[0], reversals[0].change
    left_out = (
        LeftOut(one.change.first.target, one.reason) for one in reversals if one.proposal is None
    )
    return BulkPlan(
        first.operation,
        _noun(first.operation.id),
        _waves(proposals),
        tuple(left_out),
        notes=(f"{' '.join(concerned(change, verb, first))}, by: {first.operation.title}.",),
        heading=f"{verb} {lowered(change.first.title)}",
    )


def _waves(proposals: Iterable[Proposal]) -> tuple[tuple[Proposal, ...], ...]:
    """What other targets share comes last: it changes what their proposals rest on."""
    alone: list[Proposal] = []
    shared: list[Proposal] = []
    for one in proposals:
        (shared if one.sharing else alone).append(one)
    return tuple(tuple(wave) for wave in (alone, shared) if wave)
