"""What is known of one target and of what surrounds it. Frozen; `session.why` gathers it."""

from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from tui.domain.health.rules import Verdict
from tui.domain.health.server_times import SERVER_CLOCK
from tui.domain.history.records import Event, Subject
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import Worker, WorkerStatus
from tui.domain.profile import System
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.superoffice.tenant import Tenant
from tui.domain.why.past import NOTHING_RECORDED, Past
from tui.frozen import frozen

Row: TypeAlias = Worker | EngineStatus | Connection | Extension


class FailureKind(StrEnum):
    """How the last request of a list failed."""

    LOGIN = "login refused"
    CREDENTIALS = "credentials missing"
    PERMISSION = "permission missing"
    LICENCE = "licence missing"
    THROTTLED = "throttled"
    TENANT = "tenant not running"
    MOVED = "tenant moved"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    TLS = "certificate refused"
    SERVER = "server failed"
    NOT_FOUND = "not found"
    REJECTED = "request rejected"
    PRECONDITION = "header missing"
    UNEXPECTED = "unexpected response"
    NOT_CONFIGURED = "not configured"


@frozen
class Failure:
    kind: FailureKind
    system: System
    topic: str
    """The list that was requested: `workers`, `status`, `extensions`, `engine`, `connections`."""
    sentence: str
    next_step: str = ""
    last_read_at: datetime | None = None
    """When the list was last read; None: never."""
    retry_after: float | None = None
    """Seconds that the server asked to wait."""
    status: int | None = None
    """Of HTTP; None: there was no response."""


@frozen
class Action:
    """A write, or another event that may have changed something, with who did it."""

    at: datetime
    text: str
    """`Stop sync · Temu · Temu DE: applied`."""
    operation: str = ""
    """Its id in the operation table; empty: only the text is known."""
    subject: Subject | None = None
    """None: it has several targets, or none."""
    user: str = ""
    ref: str = ""
    """Its id in the audit trail."""
    had_effect: bool = True
    """Whether it changed something, or may have."""
    sentence: str = ""
    """What the server responded."""
    targets: tuple[str, ...] = ()
    turned_on: bool | None = None
    """Of a toggle: the state that it should get."""
    is_sure: bool = True
    """False: what became of it was not seen."""


@frozen
class Facts:
    subject: Subject
    verdict: Verdict
    now: datetime
    """By our clock, as every time of the history and the audit trail."""
    row: Row | None = None
    """None: of a whole system, or the row is not listed."""
    judged_at: datetime | None = None
    """`now` by the server's clock; None: the same."""
    clock: str = SERVER_CLOCK
    """Whose clock that is, in words."""
    clock_offset: float | None = None
    """Seconds that the server's clock is ahead of ours; None: not known."""
    read_at: datetime | None = None
    """When the row was last read."""
    syncs: tuple[Worker, ...] = ()
    """All syncs of the profile, this one included."""
    failures: tuple[Failure, ...] = ()
    """Of the lists that the target comes from."""
    empty: tuple[Verdict, ...] = ()
    """Problems of a whole list, such as that no sync was reported."""
    troubled: tuple[str, ...] = ()
    """Of a system: the names of its targets that need attention."""
    tenant: Tenant | None = None
    """Of the Online tenant; None: not known, or there is none."""
    test_passed: bool | None = None
    """The last test of a connection; None: no test has ended."""
    actions: tuple[Action, ...] = ()
    """What was done from here to any target, newest first."""
    events: tuple[Event, ...] = ()
    """Maintenance and notes, newest first."""
    maintenance: str = ""
    """The open maintenance that stopped it: `nightly, since 01:00 until 03:00`; empty: none."""
    maintenance_is_sure: bool = True
    """Whether that stop was seen to have its effect."""
    past: Past = NOTHING_RECORDED
    """What the history knows of it."""

    @property
    def worker(self) -> Worker | None:
        return self.row if isinstance(self.row, Worker) else None

    @property
    def status(self) -> WorkerStatus | None:
        """Of a sync."""
        return self.worker.status if self.worker is not None else None

    @property
    def server_now(self) -> datetime:
        return self.judged_at or self.now
