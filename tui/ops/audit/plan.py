"""What a bulk was about to send, recorded before its first write; what of it was never sent.

Invariants: every attempt of a bulk names its plan, and is recorded before it is sent, so a target
without an attempt was never sent; a plan stays open until nothing of it is left to send, or its rest was
resumed or declined. What an operator stopped, or a failure, is recorded as its end without the rest.
"""

import os
import socket
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from tui.domain.text import counted
from tui.frozen import frozen
from tui.ops.audit.process_mark import still_runs
from tui.paths import read_regular

OFFERED_FOR = timedelta(days=1)
"""After this, the rest of a plan is reported but not offered: what it was for has probably passed."""
HELD, RECALLED = 2_000, timedelta(days=2)
"""How many entries of the trail, and how far back, a plan without an end is looked for at least."""
OVER, DECLINED, UNSENT = "over", "declined", "unsent"
"""How a plan ends; after `UNSENT` its rest is still to be sent."""
RESUMED = "resumed"


@frozen
class PlanEnd:
    """What became of a plan of which nothing is left to send."""

    id: str
    at: datetime
    """UTC."""
    how: str
    """`OVER`, `DECLINED`, or `RESUMED`: its rest is another plan since."""
    resumed_as: str = ""
    user: str = ""
    host: str = ""
    """Of the one that resumed it; of other ends both are unknown."""


@frozen
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
    """Where a resync keeps its unsent keys; a file is removed once none is left."""
    undoes: bool = False
    """Whether it undoes changes, each to values of its own."""
    sent: tuple[str, ...] = ()
    """The targets of its attempts, and of later ones of the same operation: whatever became of them,
    they are not sent again."""
    is_over: bool = False
    """Whether it ended by itself and left a rest; its process may still run."""
    keys_left: int | None = None
    """Keys in its files at that end."""

    @property
    def unsent(self) -> tuple[tuple[str, str], ...]:
        """Identifier and name of each target that was never sent."""
        names = self.target_names if len(self.target_names) == len(self.targets) else self.targets
        each = tuple(zip(self.targets, names, strict=True))
        if self.rest_files:
            return each[len(self.sent) :]
        sent = frozenset(self.sent)
        return tuple(one for one in each if one[0] not in sent)

    @property
    def is_open(self) -> bool:
        """Whether anything of it is left to send, if its process sends no more."""
        if self.rest_files and not self.is_over:
            return bool(self.unsent) or any(_may_hold_keys(Path(file)) for file in self.rest_files)
        return bool(self.unsent) or bool(self.keys_left)

    @property
    def left(self) -> str:
        """`388 of 500 targets`, `2 of 3 calls`, `200 keys`."""
        if self.keys_left:
            return counted(self.keys_left, "key")
        if self.rest_files and not self.unsent:
            return "some keys"
        noun = "call" if self.rest_files else "target"
        return f"{len(self.unsent)} of {counted(len(self.targets), noun)}"

    @property
    def files(self) -> tuple[tuple[str, Path], ...]:
        """Each source of a resync with the file of its unsent keys; empty where not each has one."""
        sources = tuple(dict.fromkeys(self.targets))
        has_each = len(sources) == len(self.rest_files)
        return tuple(zip(sources, map(Path, self.rest_files), strict=True)) if has_each else ()

    @property
    def files_left(self) -> tuple[tuple[str, Path], ...]:
        """Those that still hold keys; all of them where none does, as nobody knows why."""
        return tuple(one for one in self.files if _may_hold_keys(one[1])) or self.files

    @property
    def rest_file(self) -> Path | None:
        """The file with all its unsent keys; None where there is none, or there are several sources."""
        return self.files[0][1] if len(self.files) == 1 else None

    def holds(self, operation: str, targets: Sequence[str]) -> bool:
        """Whether these targets of this operation are of its rest."""
        of_rest = self.targets if self.rest_files else [key for key, _ in self.unsent]
        return operation == self.operation and set(of_rest).issuperset(targets)

    def is_running(self, own: Collection[str] = ()) -> bool | None:
        """Whether its process still sends; None: it was started on another host. `own`: plans of this
        process."""
        if self.is_over:
            return False
        if self.host != socket.gethostname() or self.pid is None:
            return None
        if self.pid == os.getpid():
            return self.id in own
        return still_runs(self.pid, self.process)

    def is_recent(self, now: datetime) -> bool:
        """Whether its rest may be offered; a time in the future is that of a clock set back since."""
        return now - self.at < OFFERED_FOR


def _may_hold_keys(file: Path) -> bool:
    """Whether it is there with a line that is a key, or cannot be read. Blocking."""
    try:
        with read_regular(file) as lines:
            return any(line.strip() and not line.startswith(b"#") for line in lines)
    except FileNotFoundError:
        return False
    except OSError:
        return True


def interrupted(plans: Sequence[Plan], now: datetime, own: Collection[str] = ()) -> tuple[Plan, ...]:
    """The plans that ended before all was sent, newest first; of another host also those that may still
    run. Keys are reported until they are sent or dropped, targets whose results were shown only for
    `OFFERED_FOR`."""
    return tuple(
        one
        for one in plans
        if one.is_open
        and not one.is_running(own)
        and (not one.is_over or one.keys_left or one.is_recent(now))
    )
