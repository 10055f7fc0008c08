"""Facts about one target in a few words."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.domain.history.samples import NOON
from tui.domain.health.rules import assess, assess_connection, assess_engine, assess_extension
from tui.domain.history.records import Subject, SubjectKind
from tui.domain.intervals import Interval
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import Worker, WorkerStatus, WorkerSync
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.timestamps import Moment, iso
from tui.domain.why.explain import explain
from tui.domain.why.explanation import Explanation
from tui.domain.why.facts import Facts

TEMU = Subject(SubjectKind.SYNC, "temu", "Temu · Temu DE")


def sync(
    state: int | None,
    text: str = "",
    *,
    id: str = "temu",
    kind: str = "Temu",
    channel: str = "Temu DE",
    minutes: float = 1,
    every: str = "00:05:00",
) -> Worker:
    """A sync whose status is so many minutes old."""
    at = Moment.read(iso(NOON - timedelta(minutes=minutes)))
    row = WorkerSync(id, kind, channel, Interval.read(every))
    return Worker(id, row, WorkerStatus(id, state, text, status_at=at))


def of_sync(worker: Worker, *others: Worker, **more: Any) -> Facts:
    subject = Subject(SubjectKind.SYNC, worker.id, worker.name)
    facts = Facts(subject, assess(worker, NOON), NOON, worker, read_at=NOON, syncs=(worker, *others))
    return replace(facts, **more)


def of_engine(status: EngineStatus | None, **more: Any) -> Facts:
    subject = Subject(SubjectKind.ENGINE, "engine", "ErpSync engine")
    return replace(Facts(subject, assess_engine(status), NOON, status, read_at=NOON), **more)


def of_connection(connection: Connection, **more: Any) -> Facts:
    subject = Subject(SubjectKind.CONNECTION, str(connection.id), connection.name)
    verdict = assess_connection(connection)
    return replace(Facts(subject, verdict, NOON, connection, read_at=NOON), **more)


def of_extension(extension: Extension, **more: Any) -> Facts:
    subject = Subject(SubjectKind.EXTENSION, extension.id, extension.name)
    verdict = assess_extension(extension)
    return replace(Facts(subject, verdict, NOON, extension, read_at=NOON), **more)


def ids(facts: Facts) -> list[str]:
    return [one.id for one in explain(facts)]


def first(facts: Facts) -> Explanation:
    return explain(facts)[0]
