"""`check` by requests: one read of every list that is selected."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from tui.api.errors import Absent, ErpError
from tui.core import ServiceHandle
from tui.domain.history.lasting import NOT_RECORDED
from tui.domain.history.records import SubjectKind
from tui.domain.maintenance.coverage import Covered
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
from tui.headless.reports.judged import (
    connection_rows,
    engine_rows,
    extension_rows,
    list_rows,
    suspended_row,
    sync_rows,
)
from tui.headless.reports.lists import covered_now, expected_in, lasting_now

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
    unlisted = selection.unlisted(rows) if SubjectKind.SYNC in read else ()
    if missing and not is_one_of_many:
        failures = (*failures, Failure("", absent(", ".join(missing))))
    seen = Observation(
        profile.facts.name,
        (*unlisted, *selection.apply(rows)),
        failures,
        read,
        dict(_response_times(answers)),
        profile.runbooks,
        missing=missing,
    )
    seen = with_maintenance(seen, covered, clock(), is_named=selection.is_named, read=rows)
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


async def _syncs(profile: ServiceHandle, clock: Clock, covered: Covered) -> Seen:
    workers, answers = await read_workers(profile.service, clock)
    if answers[1].error is not None:
        return (), answers
    whole = (*list_rows(workers), *suspended_row(workers, covered))
    now = server_now(profile.service, System.JTL, clock)
    rows = sync_rows(workers, answers, now, clock_of(profile.service, System.JTL))
    return (*(whole if answers[0].error is None else ()), *rows), answers


async def _engine(profile: ServiceHandle, clock: Clock, _: Covered) -> Seen:
    answer = await read_engine(profile.service, clock)
    return tuple(engine_rows(answer)), (answer,)


async def _connections(profile: ServiceHandle, clock: Clock, _: Covered) -> Seen:
    answer = await read_connections(profile.service, clock)
    return tuple(connection_rows(answer, expected_in(profile, answer))), (answer,)


async def _extensions(profile: ServiceHandle, clock: Clock, _: Covered) -> Seen:
    answer = await read_extensions(profile.service, clock)
    return tuple(extension_rows(answer)), (answer,)
