"""What a bulk was about to send, recorded before its first write; what of it was never sent.

Invariants: every attempt of a bulk names its plan, and is recorded before it is sent, so a target
without an attempt was never sent; a plan has an end once its results were shown, or its rest was resumed
or declined.
"""

import os
import socket
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tui.ops.audit.process_mark import still_runs

OFFERED_FOR = timedelta(days=1)
"""After this, the rest of a plan is reported but not offered: what it was for has probably passed."""


@dataclass(frozen=True, slots=True)
class PlannedWrites:
    """A plan before it is recorded; the fields are those of `Plan`."""

    at: datetime
    profile: str
    environment: str
    operation: str
    targets: tuple[str, ...]
    target_names: tuple[str, ...]
    settings: tuple[str, ...]
    withheld: tuple[str, ...]
    system: str
    address: str
    rest_files: tuple[str, ...] = ()
    resumes: str = ""
    """The id of the plan whose rest it is: that one has an end then."""
    undoes: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    id: str
    at: datetime
    """UTC."""
    operation: str
    line: int
    user: str = ""
    host: str = ""
    pid: int | None = None
    process: str = ""
    """When that process started, see `mark_of`; empty: unknown."""
    profile: str = ""
    address: str = ""
    """Address of the system that it was for."""
    settings: tuple[str, ...] = ()
    """`KEY=VALUE`, as `run` takes them."""
    withheld: tuple[str, ...] = ()
    """Settings that may be secret, or are too much for the trail: without their values."""
    targets: tuple[str, ...] = ()
    """Identifiers, in the order of sending; the source of a resync once for each of its calls."""
    target_names: tuple[str, ...] = ()
    rest_files: tuple[str, ...] = ()
    """Where a resync of several calls keeps its unsent keys."""
    undoes: bool = False
    """Whether it undoes changes, each to values of its own."""
    sent: tuple[str, ...] = ()
    """The targets of its attempts; whatever became of them, they are not sent again."""

    @property
    def unsent(self) -> tuple[tuple[str, str], ...]:
        """Identifier and name of each target that was never sent."""
        names = self.target_names if len(self.target_names) == len(self.targets) else self.targets
        each = tuple(zip(self.targets, names, strict=True))
        if self.rest_files:
            return each[len(self.sent) :]
        sent = frozenset(self.sent)
        return tuple(one for one in each if one[0] not in sent)

    def holds(self, operation: str, targets: Sequence[str]) -> bool:
        """Whether these targets of this operation are of its rest."""
        return operation == self.operation and {key for key, _ in self.unsent}.issuperset(targets)

    def is_running(self, own: Collection[str] = ()) -> bool | None:
        """Whether its process still sends; None: it was started on another host. `own`: plans of this
        process.
        """
        if self.host != socket.gethostname() or self.pid is None:
            return None
        if self.pid == os.getpid():
            return self.id in own
        return still_runs(self.pid, self.process)

    def is_recent(self, now: datetime) -> bool:
        """Whether its rest may be offered; a time in the future is that of a clock set back since."""
        return now - self.at < OFFERED_FOR


def interrupted(plans: Sequence[Plan], own: Collection[str] = ()) -> tuple[Plan, ...]:
    """The plans whose process ended before all was sent, newest first; of another host those as well."""
    return tuple(one for one in plans if one.unsent and not one.is_running(own))
