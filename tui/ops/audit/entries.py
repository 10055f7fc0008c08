"""The entries of the audit trail; an entry is judged by its outcome and later checks.

Invariant: all text was cleaned when it was read; nothing is inferred from a missing outcome.
"""

import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum

from tui.api.receipts import Receipt
from tui.domain.result import Result
from tui.domain.text import Altered
from tui.domain.writes import Write
from tui.frozen import frozen
from tui.ops.audit.plan import Plan, PlanEnd
from tui.ops.audit.process_mark import is_alive
from tui.ops.audit.record import Finding
from tui.ops.execution.verification import UNDER_WAY
from tui.ops.operations.kinds import kind_for, kind_of

Record = Mapping[str, object]

_LONGEST_FLIGHT = timedelta(minutes=5)
"""After this, no response can still come: the longest timeout is 120 s."""


class Standing(StrEnum):
    """The current knowledge about an attempt in a word: its result, or that it has none."""

    APPLIED = Result.APPLIED.value
    ACCEPTED = Result.ACCEPTED.value
    UNCHANGED = Result.UNCHANGED.value
    NOT_APPLIED = Result.NOT_APPLIED.value
    FAILED = Result.FAILED.value
    REFUSED = Result.REFUSED.value
    CONFLICT = Result.CONFLICT.value
    UNKNOWN = Result.UNKNOWN.value
    NOT_SENT = Result.NOT_SENT.value
    NO_OUTCOME = "no outcome"
    """The console ended before the response came, and no check could show the result."""
    IN_FLIGHT = "in flight"

    @property
    def is_open(self) -> bool:
        """Whether somebody has to check it."""
        return self in (Standing.UNKNOWN, Standing.NO_OUTCOME)


@frozen
class Entry:
    id: str
    at: datetime
    """UTC."""
    operation: str
    """Its id in the operation table of the version that wrote it."""
    line: int
    """The line number of the attempt, from 1; where only the end was read, perhaps counted there."""
    user: str = ""
    host: str = ""
    profile: str = ""
    environment: str = ""
    address: str = ""
    """Address of the system that it was sent to; empty in records of older versions."""
    pid: int | None = None
    targets: tuple[str, ...] = ()
    """Identifiers."""
    target_names: tuple[str, ...] = ()
    """Display names; empty in records of older versions."""
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    sent: Mapping[str, object] = field(default_factory=dict)
    plan: str = ""
    """Id of the plan that it is part of."""
    baseline: Mapping[str, object] | None = None
    """The exact values before, for an undo; None: not known, and in records of older versions."""
    undoes: str = ""
    """Id of the attempt that it undoes."""
    left_at_first: Mapping[str, object] = field(default_factory=dict)
    """The exact values in its response."""
    result: Result | None = None
    """The result by its response, before any check of the target; None: there is no outcome."""
    sentence: str = ""
    ended_at: datetime | None = None
    status: int | None = None
    request_id: str = ""
    responses: tuple[Receipt, ...] = ()
    """All responses, including redirects and retries; empty in records of older versions."""
    checks: tuple[Finding, ...] = ()
    """Oldest first."""
    records: tuple[Record, ...] = field(default=(), repr=False)
    """Cleaned."""

    @property
    def write(self) -> Write | None:
        """The command that was sent, exactly; None if the record does not hold all of it.

        A manifest is recorded only by its hash, a possible secret not at all, and a cleaned text differs
        from the one that was sent.
        """
        kind = kind_for(self.operation)
        if kind is None or len(self.targets) != 1 or _is_altered((*self.targets, self.sent)):
            return None
        try:
            found: Write | None = kind.from_json(self.operation, self.targets[0], self.sent)
        except (KeyError, TypeError, ValueError):
            return None
        return found

    @property
    def settled(self) -> Standing:
        """Its result by all that is known, whether or not a response may still come: a check of the
        target settles what the response left open, if it had a result."""
        seen = [check.result for check in self.checks if check.result is not Result.UNKNOWN]
        if self.result is Result.FAILED and Result.APPLIED in seen:
            return Standing.UNKNOWN  # It was rejected, but its effect is there.
        if seen and self.result in _OPEN:
            return Standing(seen[-1].value)
        return Standing.NO_OUTCOME if self.result is None else Standing(self.result.value)

    @property
    def left(self) -> Mapping[str, object]:
        """The exact values that it left, as they were seen last; empty: not seen."""
        return next((one.left for one in reversed(self.checks) if one.left), self.left_at_first)

    @property
    def target(self) -> str:
        """Display names of the targets, or their identifiers."""
        return ", ".join(self.target_names or self.targets)


@frozen
class BrokenLine:
    line: int
    """From 1."""
    reason: str
    at: datetime | None = None
    """When it was written, if that is readable."""


@frozen
class History:
    entries: tuple[Entry, ...] = ()
    """Newest first."""
    broken: tuple[BrokenLine, ...] = ()
    """The first unreadable lines, in the order of the file."""
    more_broken: int = 0
    """The number of further unreadable lines."""
    left_out: int = 0
    """Number of entries older than those kept."""
    written_at: datetime | None = None
    """When the file was last written, by the clock of its disk; None if unknown."""
    own: frozenset[str] = frozenset()
    """Ids of the attempts and plans of this process."""
    is_whole: bool = True
    """Whether all of the trail was read, not only its end."""
    plans: tuple[Plan, ...] = ()
    """Plans without an end, newest first: the process still runs, or ended in the middle."""
    plan_ends: tuple[PlanEnd, ...] = ()
    """Of the other plans, oldest first."""

    def is_in_flight(self, entry: Entry, now: datetime) -> bool:
        """Whether the process that made the attempt may still be waiting for its response."""
        if entry.result is not None or entry.pid is None or entry.host != socket.gethostname():
            return False
        if now - entry.at >= _LONGEST_FLIGHT:
            return False
        # Others with the id of this process are of an earlier one.
        return entry.id in self.own if entry.pid == os.getpid() else is_alive(entry.pid)

    def standing(self, entry: Entry, now: datetime) -> Standing:
        return Standing.IN_FLIGHT if self.is_in_flight(entry, now) else entry.settled

    def unsettled(self, now: datetime) -> tuple[Entry, ...]:
        """Unknown attempts that nobody has checked since."""
        unknown = self.of_unknown_effect(now)
        return tuple(one for one in unknown if not _was_looked_at(one) and one.id not in self.own)

    def of_unknown_effect(self, now: datetime) -> tuple[Entry, ...]:
        """Attempts with an unknown effect, with or without an outcome."""
        return tuple(one for one in self.entries if self.standing(one, now).is_open)

    def without_outcome(self, now: datetime) -> tuple[Entry, ...]:
        """Attempts whose result is still unknown, even after later checks."""
        found = (entry for entry in self.entries if entry.result is None)
        return tuple(one for one in found if self.standing(one, now) is Standing.NO_OUTCOME)


def _was_looked_at(entry: Entry) -> bool:
    """Whether another check could not show more than the previous ones."""
    if entry.write is None or kind_of(entry.write).unseen:
        return bool(entry.checks)
    return any(check.at - entry.at >= UNDER_WAY for check in entry.checks)


_OPEN = (None, Result.UNKNOWN, Result.ACCEPTED, Result.NOT_APPLIED)
"""Whether the response leaves the result open, or its values do not prove it."""


def _is_altered(value: object) -> bool:
    if isinstance(value, str):
        return isinstance(value, Altered)
    if isinstance(value, Mapping):
        return any(map(_is_altered, (*value.keys(), *value.values())))
    return isinstance(value, Sequence) and any(map(_is_altered, value))
