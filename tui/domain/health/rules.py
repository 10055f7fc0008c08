"""What needs attention, and why, in words for an operator. Pure: callers pass the time.

A status time does not prove a run (jtl PROTOCOL §1.4); so *overdue* is about the status, not success.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import IntEnum

from tui.domain.health.server_times import SERVER_CLOCK, ahead_of, ahead_text, is_zoneless
from tui.domain.intervals import short
from tui.domain.jtl.extensions import Extension, ExtensionStatus
from tui.domain.jtl.workers import SyncState, Worker, WorkerStatus
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.text import one_line
from tui.domain.timestamps import MomentKind, age_text, ago_text
from tui.frozen import frozen

ALL_SUSPENDED = "all syncs suspended: the JTL-Worker is probably not running"
NOT_READ = "the status could not be read"
GRACE = 120.0
"""Seconds that starting, stopping or a late run may take before they need attention."""
LONGEST_RUN = 43_200.0
"""Seconds that a run may take without a new status: a first import of a large shop runs overnight."""
_LONGEST_PAUSE = 86_400.0
"""Seconds beyond the interval for which NextSync is believed: one that moves on for ever proves no run.
Also the pause that is allowed for where neither an interval nor NextSync is known."""


class Level(IntEnum):
    """How much attention a row needs; in this order lists sort, problems first."""

    ERROR = 0
    LOCKED = 1
    WARNING = 2
    RUNNING = 3
    OK = 4
    OFF = 5

    @property
    def needs_attention(self) -> bool:
        """Whether somebody has to check it."""
        return self <= Level.WARNING


@frozen
class Verdict:
    level: Level
    word: str
    """One or two words, such as `error`, `overdue`, `ok`."""
    reason: str
    """On one line without a full stop; may be empty if all is well."""

    @property
    def summary(self) -> str:
        """Word and reason on one line, the word once: `running: orders 420 of 1000`."""
        if not self.reason or self.reason.startswith(self.word):
            return self.reason or self.word
        return f"{self.word}: {self.reason}"

    @property
    def needs_attention(self) -> bool:
        return self.level.needs_attention


def assess(
    worker: Worker,
    now: datetime,
    *,
    status_asked: bool = True,
    sync_asked: bool = True,
    clock: str = SERVER_CLOCK,
) -> Verdict:
    """Judge a sync at `now` (aware, by the server's clock; jtl PROTOCOL §1.3, §1.4).

    `status_asked`, `sync_asked`: whether that call succeeded; if not, absent values are not a statement
    of the server. `clock`: whose clock `now` is, in words.
    """
    verdict = _by_state(worker, now)
    if worker.status is not None:
        verdict = _timed(verdict, worker.status, now, clock)
    if worker.status is None and not status_asked:
        verdict = Verdict(Level.WARNING, "unknown", NOT_READ)
    if worker.sync is None and not sync_asked and verdict.level is Level.OK:
        verdict = replace(verdict, reason="its interval could not be read")
    if worker.problem is None:
        return verdict
    if worker.doubled:
        reason = "; ".join(filter(None, (one_line(worker.problem), verdict.reason)))
        return replace(verdict, level=min(verdict.level, Level.WARNING), reason=reason)
    reason = f"row unreadable: {one_line(worker.problem)}"
    if worker.status is not None:
        reason += f"; last known: {verdict.reason or verdict.word}"
    return replace(verdict, word="unreadable", level=min(verdict.level, Level.WARNING), reason=reason)


def _by_state(worker: Worker, now: datetime) -> Verdict:
    status, word = worker.status, worker.state_word
    if status is None:
        return Verdict(Level.WARNING, word, "no status reported")
    match worker.state:
        case None if status.state is None:
            return Verdict(Level.WARNING, word, "no state reported")
        case None:
            return Verdict(Level.WARNING, word, f"state {status.state} has no documented meaning")
        case SyncState.SUSPENDED:
            return Verdict(Level.WARNING, word, "suspended: the JTL-Worker does not run it")
        case SyncState.STARTING | SyncState.STOPPING:
            return _in_transition(word, status, now)
        case SyncState.RUNNING:
            return _in_run(word, status, now)
        case SyncState.FINISHED:
            late = _overdue(worker, status, now)
            return Verdict(Level.WARNING, "overdue", late) if late else Verdict(Level.OK, word, "")
        case SyncState.FAILED:
            message = one_line(status.text) or "it left no message"
            late = _overdue(worker, status, now)
            return Verdict(
                Level.ERROR, word, f"last run failed: {message}" + (f"; {late}" if late else "")
            )
        case SyncState.LOCKED:
            return Verdict(Level.LOCKED, word, "locked: unlock the account, then start it")
        case SyncState.DEACTIVATED:
            return Verdict(Level.OFF, word, "off on purpose: a user stopped it")


def _timed(verdict: Verdict, status: WorkerStatus, now: datetime, clock: str) -> Verdict:
    """Mark a status time that is not plausible: then nothing is judged by it."""
    ahead = ahead_of(status.status_at, now)
    if verdict.level is Level.OFF:
        return verdict
    if ahead is None:
        is_judged = status.status_at.at is not None or status.next_at.at is not None
        if verdict.level is not Level.OK or is_judged or status.status_at.kind is MomentKind.NEVER:
            return verdict
        if is_zoneless(status.status_at):
            return Verdict(Level.WARNING, "no zone", "its times have no offset: overdue is not judged")
        return Verdict(Level.WARNING, "no time", "its status has no time: overdue is not judged")
    note = ahead_text(ahead, clock)
    reason = f"{verdict.reason}; {note}" if verdict.reason else note
    word = "time ahead" if verdict.level is Level.OK else verdict.word
    return Verdict(min(verdict.level, Level.WARNING), word, reason)


def _in_transition(word: str, status: WorkerStatus, now: datetime) -> Verdict:
    age = status.status_at.age(now)
    if age is not None and age > GRACE:
        return Verdict(Level.WARNING, word, f"{word} for {age_text(age)}")
    return Verdict(Level.RUNNING, word, one_line(status.text))


def run_hangs_for(status: WorkerStatus, now: datetime) -> float | None:
    """Seconds without a new status if a run takes so long that it probably hangs; else None.

    The time of the status may be the beginning of the run or its last progress (jtl PROTOCOL §1.4).
    """
    age = status.status_at.age(now)
    return age if age is not None and age > LONGEST_RUN else None


def _in_run(word: str, status: WorkerStatus, now: datetime) -> Verdict:
    text, age = one_line(status.text), run_hangs_for(status, now)
    if age is None:
        return Verdict(Level.RUNNING, word, text or "a run is in progress")
    said = f"{word} for {age_text(age)} without a new status"
    return Verdict(Level.WARNING, word, f"{said}: {text}" if text else said)


def _overdue(worker: Worker, status: WorkerStatus, now: datetime) -> str:
    """For how long it is overdue; empty: it is not.

    The later of status + interval and NextSync counts: a shorter interval does not shorten a pause that
    has already begun (jtl PROTOCOL §1.4). NextSync alone is not believed for longer than a day.
    """
    every = worker.sync.interval.seconds if worker.sync else None
    every = every if every is not None and every > 0 else None
    at, due = status.status_at.at, status.next_at.at
    if at is not None and every is not None:
        expected = _later(at, every)
        due = expected if due is None else max(expected, min(due, _later(expected, _LONGEST_PAUSE)))
    elif at is not None and due is None:
        due = _later(at, _LONGEST_PAUSE)
    if due is None or (now - due).total_seconds() <= max(every or 0, GRACE):
        return ""
    pace = f", runs every {short(every)}" if every is not None else ""
    if at is None:
        return f"overdue: the next run was expected {ago_text((now - due).total_seconds())}{pace}"
    return f"overdue: status {ago_text((now - at).total_seconds())}{pace}"


def _later(at: datetime, seconds: float) -> datetime:
    try:
        return at + timedelta(seconds=seconds)
    except OverflowError:
        return datetime.max.replace(tzinfo=at.tzinfo)


def all_suspended(workers: Iterable[Worker]) -> bool:
    """Whether every sync that is not off on purpose is suspended, and there is at least one."""
    states = {worker.state for worker in workers}
    return SyncState.SUSPENDED in states and states <= {SyncState.SUSPENDED, SyncState.DEACTIVATED}


def worker_sort_key(worker: Worker, verdict: Verdict) -> tuple[int, str, str]:
    """Problems first, then by name."""
    apart = worker.sync.apart if worker.sync else ""
    return (verdict.level, f"{worker.plain_name}\n{apart}".casefold(), worker.id)


def assess_extension(extension: Extension) -> Verdict:
    """Judge an extension; only one that cannot be read needs attention."""
    word = extension.status_word
    if extension.problem is not None:
        said = one_line(extension.problem)
        return Verdict(Level.WARNING, word, said if extension.doubled else f"row unreadable: {said}")
    match extension.status:
        case ExtensionStatus.PENDING:
            return Verdict(Level.RUNNING, word, "waiting to be activated")
        case ExtensionStatus.DISABLED:
            return Verdict(Level.OFF, word, "")
        case ExtensionStatus.ACTIVE:
            return Verdict(Level.OK, word, "")
        case _:
            return Verdict(Level.WARNING, word, f"status unreadable: {word}")


def extension_sort_key(extension: Extension) -> tuple[int, str, str]:
    """Unreadable, Pending, Disabled, Active, then by name."""
    places = {ExtensionStatus.PENDING: 1, ExtensionStatus.DISABLED: 2, ExtensionStatus.ACTIVE: 3}
    place = (
        0
        if assess_extension(extension).needs_attention
        else places[ExtensionStatus(extension.status or 0)]
    )
    return (place, extension.name.casefold(), extension.id)


def assess_engine(status: EngineStatus | None) -> Verdict:
    """Judge the ErpSync engine; without a boolean it is unknown (superoffice PROTOCOL §11)."""
    if status is None or status.running is None:
        return Verdict(Level.WARNING, "unknown", "the engine's state was not reported")
    message = one_line(status.message or "")
    if status.running:
        return Verdict(Level.OK, "running", message)
    return Verdict(Level.WARNING, "stopped", f"stopped: {message}" if message else "stopped")


def assess_connection(connection: Connection, *, expected: bool = False) -> Verdict:
    """Judge a connection; an interrupted change leaves one inactive (superoffice PROTOCOL §14).

    `expected`: its inactivity is already known, see `superoffice.inactive_connections`.
    """
    if connection.problem is not None and connection.doubled:
        word = "deleted" if connection.deleted else connection.word
        return Verdict(Level.WARNING, word, one_line(connection.problem))
    if connection.problem is not None:
        return Verdict(Level.WARNING, "unknown", f"row unreadable: {one_line(connection.problem)}")
    if connection.deleted:
        return Verdict(Level.OFF, "deleted", "deleted")
    if connection.active is None:
        return Verdict(Level.WARNING, "unknown", "the server did not report whether it is active")
    if connection.active:
        return Verdict(Level.OK, "active", "")
    return Verdict(
        Level.OFF if expected else Level.WARNING,
        "inactive",
        "inactive (server gives no reason; an interrupted change can also leave it inactive)",
    )
