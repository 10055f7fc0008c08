"""What was read of a profile, as rows with a verdict: what `status` lists and `check` counts.

A list that could not be read has no rows: its failure is reported once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from tui.domain.health.attention import of_all_connections, of_all_syncs
from tui.domain.health.rules import (
    ALL_SUSPENDED,
    Level,
    Verdict,
    all_suspended,
    assess_connection,
    assess_engine,
    assess_extension,
)
from tui.domain.history.records import SubjectKind
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import Worker
from tui.domain.maintenance.coverage import Covered
from tui.domain.maintenance.rules import seen_of
from tui.domain.monitoring.check_result import Row
from tui.domain.profile import System
from tui.domain.superoffice.engine import ENGINE_NAME, Connection, EngineStatus
from tui.domain.writes import ENGINE
from tui.headless.fetch import ReadResult
from tui.headless.reports.lists import judge_workers


def _of_system(system: System, verdict: Verdict, *, explains: bool = False) -> Row:
    return Row(SubjectKind.SYSTEM, system.value, system.product, verdict, explains=explains)


def list_rows(workers: Sequence[Worker]) -> Iterator[Row]:
    """Problems of the whole list of syncs."""
    return (_of_system(System.JTL, one) for one in of_all_syncs(workers))


def suspended_row(workers: Sequence[Worker], covered: Covered) -> Iterator[Row]:
    """Of the system, where it explains the states of all syncs that are not in maintenance."""
    if all_suspended(one for one in workers if not covered.by("sync", one.id)):
        yield _of_system(System.JTL, Verdict(Level.ERROR, "suspended", ALL_SUSPENDED), explains=True)


def sync_rows(
    workers: Sequence[Worker], answers: Sequence[ReadResult[object]], now: datetime, clock: str
) -> Iterator[Row]:
    """Problems first; without a state there is nothing to judge."""
    if answers[1].error is None:
        for row in judge_workers(workers, answers, now, clock):
            yield _sync_row(row.worker, row.verdict)


def _sync_row(worker: Worker, verdict: Verdict) -> Row:
    status_at = worker.status.status_at.at if worker.status is not None else None
    kind = worker.sync.kind if worker.sync is not None else ""
    text = worker.status.text if worker.status is not None else ""
    row = Row(SubjectKind.SYNC, worker.id, worker.name, verdict, kind, status_at, message=text)
    return replace(row, seen=seen_of(worker))


def engine_rows(answer: ReadResult[EngineStatus | None]) -> Iterator[Row]:
    if answer.error is None:
        verdict = assess_engine(answer.data)
        yield Row(SubjectKind.ENGINE, ENGINE, ENGINE_NAME, verdict, seen=seen_of(answer.data))


def connection_rows(
    answer: ReadResult[tuple[Connection, ...]], expected: frozenset[int]
) -> Iterator[Row]:
    """Problems of the whole list come first."""
    if answer.error is None:
        for verdict in of_all_connections(answer.data):
            yield _of_system(System.SUPEROFFICE, verdict)
        for one in answer.data:
            verdict = assess_connection(one, expected=one.id in expected)
            yield Row(SubjectKind.CONNECTION, str(one.id), one.name, verdict, seen=seen_of(one))


def extension_rows(answer: ReadResult[tuple[Extension, ...]]) -> Iterator[Row]:
    """Also of the pages that arrived before a failure."""
    for one in answer.data:
        yield Row(SubjectKind.EXTENSION, one.id, one.name, assess_extension(one))
