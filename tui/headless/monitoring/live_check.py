"""`check` by requests: one read of every list that is selected."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from tui.api.errors import Absent, ErpError
from tui.core import ServiceHandle
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
from tui.domain.history.lasting import NOT_RECORDED
from tui.domain.history.records import SubjectKind
from tui.domain.jtl.workers import Worker
from tui.domain.maintenance.coverage import Covered
from tui.domain.maintenance.rules import seen_of
from tui.domain.monitoring.check_result import (
    CheckResult,
    Code,
    Failure,
    Observation,
    Row,
    absent,
    judge,
)
from tui.domain.monitoring.in_maintenance import with_maintenance
from tui.domain.monitoring.selection import SYSTEM_OF, Selection
from tui.domain.profile import System
from tui.headless.fetch import (
    Clock,
    ReadResult,
    clock_of,
    read_connections,
    read_engine,
    read_extensions,
    read_workers,
    server_now,
)
from tui.headless.output import masked_line
from tui.headless.reports.lists import covered_now, expected_in, judge_workers, lasting_now

ENGINE, ENGINE_NAME = "engine", "ErpSync engine"
_SINCE_WAIT = 1.0
"""Seconds that the history may take: the check does not depend on it."""
Seen = tuple[tuple[Row, ...], Sequence[ReadResult[object]]]


async def check_live(
    profile: ServiceHandle,
    selection: Selection,
    clock: Clock,
    unreachable: Code,
    *,
    is_one_of_many: bool = False,
) -> CheckResult:
    """`unreachable`: the code of a system that did not respond as it should. `is_one_of_many`: what was
    selected may be in another profile."""
    reads = {
        SubjectKind.SYNC: _syncs,
        SubjectKind.ENGINE: _engine,
        SubjectKind.CONNECTION: _connections,
        SubjectKind.EXTENSION: _extensions,
    }
    kinds = selection.subjects
    covered = await covered_now(profile)
    found = await asyncio.gather(*(reads[kind](profile, clock, covered) for kind in kinds))
    rows = tuple(row for seen, _ in found for row in seen)
    answers = {kind: results for kind, (_, results) in zip(kinds, found, strict=True)}
    read = frozenset(kind for kind, results in answers.items() if all(not one.error for one in results))
    failures = tuple(_failures(answers, selection, unreachable))
    missing = selection.missing(rows) if SubjectKind.SYNC in read else ()
    if missing and not is_one_of_many:
        failures = (*failures, Failure("", absent(", ".join(missing))))
    seen = Observation(
        profile.facts.name,
        selection.apply(rows),
        failures,
        read,
        dict(_response_times(answers)),
        profile.runbooks,
        missing=missing,
    )
    seen = with_maintenance(seen, covered, clock(), is_named=selection.is_named)
    seen = await _with_since(seen, profile, clock)
    return judge(seen, server_now(profile.service, System.JTL, clock))


def _failures(
    answers: Mapping[SubjectKind, Sequence[ReadResult[object]]], selection: Selection, unreachable: Code
) -> Iterator[Failure]:
    for results in answers.values():
        for error in (one.error for one in results if one.error is not None):
            if not isinstance(error, Absent):
                yield _failure(error, unreachable)
            elif selection.is_named:
                yield _failure(error, Code.UNKNOWN)


def _failure(error: ErpError, code: Code) -> Failure:
    return Failure(error.system.product, masked_line(error.sentence), code)


def _response_times(
    answers: Mapping[SubjectKind, Sequence[ReadResult[object]]],
) -> Iterator[tuple[System, float]]:
    for system in System:
        times = [
            one.took_s
            for kind, results in answers.items()
            if SYSTEM_OF[kind] is system
            for one in results
            if one.took_s is not None
        ]
        if times:
            yield system, max(times)


async def _with_since(seen: Observation, profile: ServiceHandle, clock: Clock) -> Observation:
    """Since when each problem lasts, where that is recorded; read only if there is one."""
    if not any(row.is_problem for row in seen.rows):
        return seen
    known = NOT_RECORDED
    with suppress(TimeoutError):
        async with asyncio.timeout(_SINCE_WAIT):
            known = await lasting_now(profile, clock)
    rows = (replace(row, since=known.of(row.kind, row.id, row.verdict.level)) for row in seen.rows)
    return replace(seen, rows=tuple(rows))


def system_row(system: System, verdict: Verdict, *, explains: bool = False) -> Row:
    return Row(SubjectKind.SYSTEM, system.value, system.product, verdict, explains=explains)


def rows_of_list(workers: Sequence[Worker], covered: Covered, *, is_read: bool) -> Iterator[Row]:
    """Problems of the whole list of syncs."""
    for verdict in of_all_syncs(workers, sync_asked=is_read):
        yield system_row(System.JTL, verdict)
    if is_read and all_suspended(one for one in workers if not covered.by("sync", one.id)):
        verdict = Verdict(Level.ERROR, "suspended", ALL_SUSPENDED)
        yield system_row(System.JTL, verdict, explains=True)


async def _syncs(profile: ServiceHandle, clock: Clock, covered: Covered) -> Seen:
    workers, answers = await read_workers(profile.service, clock)
    if answers[1].error is not None:
        # Without a state there is nothing to judge, and the failure is said.
        return (), answers
    now = server_now(profile.service, System.JTL, clock)
    judged = judge_workers(workers, answers, now, clock_of(profile.service, System.JTL))
    rows = (_sync_row(row.worker, row.verdict) for row in judged)
    return (*rows_of_list(workers, covered, is_read=answers[0].error is None), *rows), answers


def _sync_row(worker: Worker, verdict: Verdict) -> Row:
    status_at = worker.status.status_at.at if worker.status is not None else None
    kind = worker.sync.kind if worker.sync is not None else ""
    text = worker.status.text if worker.status is not None else ""
    return Row(
        SubjectKind.SYNC,
        worker.id,
        worker.name,
        verdict,
        kind,
        status_at,
        message=text,
        seen=seen_of(worker),
    )


async def _engine(profile: ServiceHandle, clock: Clock, _: Covered) -> Seen:
    answer = await read_engine(profile.service, clock)
    if answer.error is not None:
        return (), (answer,)
    verdict = assess_engine(answer.data)
    row = Row(SubjectKind.ENGINE, ENGINE, ENGINE_NAME, verdict, seen=seen_of(answer.data))
    return (row,), (answer,)


async def _connections(profile: ServiceHandle, clock: Clock, _: Covered) -> Seen:
    answer = await read_connections(profile.service, clock)
    if answer.error is not None:
        return (), (answer,)
    expected = expected_in(profile, answer)
    whole = (system_row(System.SUPEROFFICE, one) for one in of_all_connections(answer.data))
    rows = (
        Row(
            SubjectKind.CONNECTION,
            str(one.id),
            one.name,
            assess_connection(one, expected=one.id in expected),
            seen=seen_of(one),
        )
        for one in answer.data
    )
    return (*whole, *rows), (answer,)


async def _extensions(profile: ServiceHandle, clock: Clock, _: Covered) -> Seen:
    answer = await read_extensions(profile.service, clock)
    rows = (Row(SubjectKind.EXTENSION, one.id, one.name, assess_extension(one)) for one in answer.data)
    return tuple(rows), (answer,)
