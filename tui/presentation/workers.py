"""Worker syncs: the cells of a row, and the row as `--json` writes it."""

from datetime import datetime

from tui.domain.health.rules import Verdict, assess
from tui.domain.health.server_times import SERVER_CLOCK, is_zoneless
from tui.domain.jtl.workers import Worker, WorkerStatus, WorkerSync
from tui.domain.maintenance.coverage import Covered
from tui.domain.text import one_line
from tui.domain.timestamps import seen_text, stamp
from tui.frozen import frozen
from tui.presentation.columns import NOT_KNOWN, WORKERS, Cells
from tui.presentation.item import Item, PrintedList, health, text_of, time_cell


@frozen
class Responses:
    """Which of the two calls has responded; the content of the other is unknown."""

    syncs: bool
    statuses: bool
    clock: str = SERVER_CLOCK
    """Whose clock ages are measured by, as text."""
    is_past: bool = False
    """Whether it is a past time: only what is recorded is known."""
    covered: Covered | None = None
    """What is in maintenance; None: nothing."""

    def assess(self, worker: Worker, now: datetime) -> Verdict:
        """Judge a sync by the responses there are."""
        asked = {"status_asked": self.statuses, "sync_asked": self.syncs}
        verdict = assess(worker, now, **asked, clock=self.clock)
        return verdict if self.covered is None else self.covered.excused(verdict, "sync", worker, now)


@frozen
class SyncRow:
    worker: Worker
    verdict: Verdict
    now: datetime

    @property
    def sync(self) -> WorkerSync | None:
        return self.worker.sync

    @property
    def status(self) -> WorkerStatus | None:
        return self.worker.status


def _every(row: SyncRow) -> str:
    return row.sync.interval.shown if row.sync and row.sync.interval.raw else NOT_KNOWN


def _channel(row: SyncRow) -> str:
    """Where others have the same name, the distinguishing part comes first: the end may be cut."""
    if row.sync is None:
        return row.worker.id
    return " · ".join(filter(None, (row.sync.apart, row.sync.channel)))


def _message(row: SyncRow) -> str:
    """The server's message; our reason where it sent none, or sent it about another state."""
    worker, verdict = row.worker, row.verdict
    text = one_line(worker.status.text) if worker.status else ""
    if worker.problem:
        return verdict.reason
    if worker.percent is not None:
        return f"{worker.percent:.0f} % {text}".rstrip()
    reason = verdict.reason.removeprefix(f"{verdict.word}: ")
    return text or (reason if verdict.needs_attention or verdict.word == "off" else "")


def _reason(row: SyncRow) -> str:
    """A table has room for the whole reason, and for it alone."""
    text = row.status.text if row.status else ""
    return row.verdict.reason if row.verdict.needs_attention else text or row.verdict.reason


CELLS: Cells[SyncRow] = {
    "state": lambda row: row.verdict.word,
    "sync": lambda row: row.sync.kind if row.sync else "",
    "channel": _channel,
    "name": lambda row: row.worker.name,
    "every": _every,
    "status_at": lambda row: (
        time_cell(row.status.status_at, row.now, seen_text) if row.status else NOT_KNOWN
    ),
    "next": lambda row: time_cell(row.status.next_at, row.now) if row.status else NOT_KNOWN,
    "message": _message,
    "reason": _reason,
}


def _item(row: SyncRow) -> Item:
    sync, status = row.sync, row.status
    return {
        "id": row.worker.id,
        "name": one_line(sync.kind) or None if sync else None,
        "channel": one_line(sync.channel) or None if sync else None,
        "channel_id": one_line(sync.channel_id) or None if sync else None,
        "state": row.worker.state_word,
        "health": health(row.verdict),
        "reason": one_line(row.verdict.reason) or None,
        "interval_s": sync.interval.seconds if sync else None,
        "interval_text": text_of(sync.interval.unread) if sync else None,
        "status_at": stamp(status.status_at.at) if status else None,
        "next_at": stamp(status.next_at.at) if status else None,
        "message": one_line(status.text) or None if status else None,
        **(_raw_times(status) if status else {}),
    }


def _raw_times(status: WorkerStatus) -> Item:
    """Timestamps that are not an instant, as received: their zone is unknown, so they have no UTC."""
    times = {"status_at_raw": status.status_at, "next_at_raw": status.next_at}
    return {key: one_line(moment.text) for key, moment in times.items() if is_zoneless(moment)}


PRINTED = PrintedList(WORKERS, CELLS, _item)
