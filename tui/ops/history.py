"""What the audit trail holds, as data; an entry is judged by its outcome and what was found later.

Invariant: all text in here was cleaned when it was read; nothing is inferred from a missing outcome.
"""

import os
import socket
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from tui.api.receipts import Receipt
from tui.domain.changes import Write
from tui.domain.result import Result
from tui.ops.findings import UNDER_WAY, unseen
from tui.ops.recorded import write_of
from tui.ops.trail import Finding

Record = Mapping[str, object]

_LONGEST_FLIGHT = timedelta(minutes=5)
"""After this, no answer is still to come: the longest request has a deadline of 120 s."""


class Standing(StrEnum):
    """What is known today of an attempt, in a word: its result, or that it has none."""

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
    """The console ended before the answer came, and no look at the target could tell."""
    IN_FLIGHT = "in flight"

    @property
    def is_open(self) -> bool:
        """Whether somebody has to look."""
        return self in (Standing.UNKNOWN, Standing.NO_OUTCOME)


@dataclass(frozen=True, slots=True)
class Entry:
    """One attempt, with what became of it."""

    id: str
    at: datetime
    """UTC."""
    operation: str
    """Its id in the operation table of the version that wrote it."""
    line: int
    """Where the attempt stands in the file, from 1."""
    user: str = ""
    host: str = ""
    profile: str = ""
    environment: str = ""
    address: str = ""
    """What the system that it was sent to is known by; empty where an older version wrote it."""
    pid: int | None = None
    targets: tuple[str, ...] = ()
    """Identifiers."""
    target_names: tuple[str, ...] = ()
    """What a person calls them; empty where an older version wrote it."""
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    sent: Mapping[str, object] = field(default_factory=dict)
    result: Result | None = None
    """As its response left it, before any look at the target; None: there is no outcome."""
    sentence: str = ""
    ended_at: datetime | None = None
    status: int | None = None
    request_id: str = ""
    responses: tuple[Receipt, ...] = ()
    """Every response on the way; empty where an older version wrote it."""
    checks: tuple[Finding, ...] = ()
    """Oldest first."""
    records: tuple[Record, ...] = field(default=(), repr=False)
    """As they were read, cleaned."""

    @property
    def write(self) -> Write | None:
        """The command that was sent; None where the record does not hold all of it, exactly."""
        return write_of(self.operation, self.targets, self.sent)

    @property
    def target(self) -> str:
        """What a person calls the target, or its identifier."""
        return ", ".join(self.target_names or self.targets)


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A line of the trail that could not be used."""

    line: int
    """From 1."""
    reason: str
    at: datetime | None = None
    """When it was written, where that can still be read."""


@dataclass(frozen=True, slots=True)
class History:
    """An audit trail as it was read."""

    entries: tuple[Entry, ...] = ()
    """Newest first."""
    broken: tuple[BrokenLine, ...] = ()
    """The first of them, in the order of the file."""
    more_broken: int = 0
    """How many more there are."""
    left_out: int = 0
    """Entries that are older than those kept."""
    written_at: datetime | None = None
    """When the file was last written to, by the clock of its disk; None: that is not known."""
    own: frozenset[str] = frozenset()
    """Ids of the attempts that this process made."""

    def is_in_flight(self, entry: Entry, now: datetime) -> bool:
        """Whether its answer may still come."""
        return is_in_flight(entry, now, own=self.own)

    def standing(self, entry: Entry, now: datetime) -> Standing:
        """What is known of it today."""
        if self.is_in_flight(entry, now):
            return Standing.IN_FLIGHT
        return _standing(entry)

    def unsettled(self, now: datetime) -> tuple[Entry, ...]:
        """Those of which nobody knows whether they took effect, and at which nobody has looked since."""
        unknown = self.of_unknown_effect(now)
        return tuple(one for one in unknown if not _was_looked_at(one) and one.id not in self.own)

    def of_unknown_effect(self, now: datetime) -> tuple[Entry, ...]:
        """The attempts of which nobody knows whether they took effect, with an outcome or without."""
        unknown = (Standing.NO_OUTCOME, Standing.UNKNOWN)
        return tuple(one for one in self.entries if self.standing(one, now) in unknown)

    def without_outcome(self, now: datetime) -> tuple[Entry, ...]:
        """The attempts of which nobody knows what became, neither then nor by a later look."""
        found = (entry for entry in self.entries if entry.result is None)
        return tuple(one for one in found if self.standing(one, now) is Standing.NO_OUTCOME)


def _was_looked_at(entry: Entry) -> bool:
    """Whether another look could tell no more than those there were."""
    if entry.write is None or unseen(entry.write):
        return bool(entry.checks)
    return any(check.at - entry.at >= UNDER_WAY for check in entry.checks)


def _standing(entry: Entry) -> Standing:
    """A look at the target settles what its response left open, if it could tell."""
    settled = [check.result for check in entry.checks if check.result is not Result.UNKNOWN]
    if entry.result is Result.FAILED and Result.APPLIED in settled:
        return Standing.UNKNOWN  # It was rejected, and yet it is there.
    if settled and entry.result in _OPEN:
        return Standing(settled[-1].value)
    return Standing.NO_OUTCOME if entry.result is None else Standing(entry.result.value)


_OPEN = (None, Result.UNKNOWN, Result.ACCEPTED, Result.NOT_APPLIED)
"""What a response leaves open, or what its values alone do not prove."""


def is_alive(pid: int) -> bool:
    """Whether a process of that number runs on this host."""
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Killed, and not yet taken note of by whoever started it: it will do nothing more (Linux only)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[:1] == ["Z"]


def is_in_flight(
    entry: Entry,
    now: datetime,
    *,
    own: Collection[str] = (),
    alive: Callable[[int], bool] = is_alive,
) -> bool:
    """Whether the process that made the attempt may still be waiting for its answer.

    `own` are the attempts of this process: another one that bears its number is of one before it.
    """
    if entry.result is not None or entry.pid is None or entry.host != socket.gethostname():
        return False
    if now - entry.at >= _LONGEST_FLIGHT:
        return False
    return entry.id in own if entry.pid == os.getpid() else alive(entry.pid)
