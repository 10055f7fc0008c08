"""`status`: both systems read at the same time; only what needs attention is listed."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from tui.core import ServiceHandle
from tui.domain.health.attention import needs_attention, of_all_connections, of_all_syncs
from tui.domain.health.rules import (
    ALL_SUSPENDED,
    Level,
    Verdict,
    all_suspended,
    assess_connection,
    assess_engine,
    assess_extension,
)
from tui.domain.health.server_times import times_note
from tui.domain.history.lasting import Lasting
from tui.domain.history.records import SubjectKind
from tui.domain.history.since import Since, since_words
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import Worker
from tui.domain.maintenance.coverage import Covered
from tui.domain.maintenance.rules import seen_of
from tui.domain.profile import System
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.superoffice.tenant import remark
from tui.domain.text import counted
from tui.headless.exit_codes import SystemState
from tui.headless.fetch import (
    Clock,
    ReadResult,
    clock_of,
    read_connections,
    read_engine,
    read_extensions,
    read_workers,
    server_now,
    summed,
)
from tui.headless.history.since import since_item
from tui.headless.output import line, masked_line
from tui.headless.report import Report, SystemAnswer
from tui.headless.reports.lists import (
    covered_now,
    expected_in,
    judge_workers,
    lasting_now,
    report_of,
)
from tui.ops.maintenance.states import States
from tui.presentation.columns import Column, Printed
from tui.presentation.item import PrintedList, health


class Finding(NamedTuple):
    """What needs attention."""

    kind: str
    target: str | None
    name: str
    verdict: Verdict
    since: Since | None = None
    """Since when it is like this, where that is recorded."""
    now: datetime | None = None


FINDINGS: PrintedList[Finding] = PrintedList(
    (
        Column("health", "Health", printed=Printed(10)),
        Column("kind", "What", printed=Printed(10)),
        Column("name", "Name", printed=Printed(24)),
        Column("reason", "Reason", printed=Printed()),
    ),
    {
        "health": lambda found: found.verdict.word,
        "kind": lambda found: found.kind,
        "name": lambda found: found.name or found.target or "",
        "reason": lambda found: _since_and_reason(found),
    },
    lambda found: {
        "kind": found.kind,
        "id": found.target,
        "name": line(found.name) or None,
        "health": health(found.verdict),
        "reason": line(found.verdict.reason) or None,
        **since_item(found.since),
    },
)
_KINDS = {
    "worker": SubjectKind.SYNC,
    "engine": SubjectKind.ENGINE,
    "connection": SubjectKind.CONNECTION,
    "extension": SubjectKind.EXTENSION,
}


def _since_and_reason(found: Finding) -> str:
    words = since_words(found.since, found.now) if found.now else ""
    return " · ".join(filter(None, (words, found.verdict.reason)))


def _dated(found: Finding, known: Lasting, now: datetime) -> Finding:
    kind = _KINDS.get(found.kind)
    if kind is None:
        return found
    return found._replace(since=known.of(kind, found.target, found.verdict.level), now=now)


async def status(profile: ServiceHandle, clock: Clock) -> Report:
    """What needs attention, and why."""
    service = profile.service
    (workers, worker_answers), extensions, engine, connections = await asyncio.gather(
        read_workers(service, clock),
        read_extensions(service, clock),
        read_engine(service, clock),
        read_connections(service, clock),
    )
    systems = {
        System.JTL: summed([*worker_answers, extensions]),
        System.SUPEROFFICE: summed([engine, connections]),
    }
    now = server_now(service, System.JTL, clock)
    meant = clock_of(service, System.JTL)
    findings = [
        *_of_workers(workers, worker_answers, now, meant),
        *_of_engine(engine),
        *_of_connections(connections, expected_in(profile, connections)),
        *_of_extensions(extensions.data),
    ]
    known, covered = await lasting_now(profile, clock), await covered_now(profile)
    findings = [_dated(found, known, clock()) for found in findings if not _is_in(covered, found)]
    findings += [
        Finding("maintenance", one.id, one.name, verdict) for one, verdict in covered.verdicts(clock())
    ]
    findings += [Finding("maintenance", None, "journal", verdict) for verdict in covered.unreadable]
    judged = [one for one in workers if not covered.by("sync", one.id)]
    explained = list(_explained(judged, worker_answers))
    seen = States(tuple(workers), connections.data, engine.data)
    parts = (
        _verdict_on(findings, systems.values()),
        times_note(workers, now, meant),
        counted(len(workers), "sync") if worker_answers[0].at else "",
        counted(len(extensions.data), "extension") if extensions.at else "",
        f"engine {engine.data.word}" if engine.data else "",
        counted(len(connections.data), "connection") if connections.at else "",
        masked_line(remark(service.tenant())),
        *map(line, covered.sentences(clock(), lambda target: seen_of(seen.of(target)))),
    )
    return report_of(profile, systems, FINDINGS, [*explained, *findings], len(findings), parts)


def _is_in(covered: Covered, found: Finding) -> bool:
    """Whether it is in maintenance, and therefore needs no attention."""
    kind = _KINDS.get(found.kind)
    return kind is not None and bool(covered.by(kind.value, found.target or kind.value))


def _explained(found: Sequence[Worker], answers: Sequence[ReadResult[object]]) -> Iterator[Finding]:
    """States that explain the findings and are not counted with them."""
    if answers[1].error is None and all_suspended(found):
        yield _of_system(System.JTL, Verdict(Level.ERROR, "suspended", ALL_SUSPENDED))


def _of_system(system: System, verdict: Verdict) -> Finding:
    return Finding("system", system.value, system.product, verdict)


def _of_workers(
    found: Sequence[Worker], answers: Sequence[ReadResult[object]], now: datetime, clock: str
) -> Iterator[Finding]:
    for verdict in of_all_syncs(found, sync_asked=answers[0].error is None):
        yield _of_system(System.JTL, verdict)
    if answers[1].error is not None:
        # The system's own state is listed once; repeated for every sync it would bury the rest.
        return
    for row in judge_workers(found, answers, now, clock):
        if row.verdict.needs_attention:
            yield Finding("worker", row.worker.id, row.worker.name, row.verdict)


def _of_engine(answer: ReadResult[EngineStatus | None]) -> Iterator[Finding]:
    verdict = assess_engine(answer.data)
    if answer.error is None and verdict.needs_attention:
        yield Finding("engine", None, "ErpSync engine", verdict)


def _of_connections(
    answer: ReadResult[tuple[Connection, ...]], expected: frozenset[int]
) -> Iterator[Finding]:
    if answer.error is None:
        for verdict in of_all_connections(answer.data):
            yield _of_system(System.SUPEROFFICE, verdict)
    shared = _shared(connection.name for connection in answer.data)
    for connection in answer.data:
        verdict = assess_connection(connection, expected=connection.id in expected)
        if verdict.needs_attention:
            number, name = str(connection.id), connection.name
            called = f"{number} · {name}" if name in shared else name
            yield Finding("connection", number, called, verdict)


def _of_extensions(found: Sequence[Extension]) -> Iterator[Finding]:
    shared = _shared(extension.name for extension in found)
    for extension in found:
        verdict = assess_extension(extension)
        if verdict.needs_attention:
            known, name = extension.id, extension.name
            called = f"{known[:8]}… · {name}" if name in shared else name
            yield Finding("extension", known, called, verdict)


def _shared(names: Iterable[str]) -> frozenset[str]:
    """Names that several targets have: these are printed with their identifiers."""
    counts = Counter(names)
    return frozenset(name for name, count in counts.items() if name and count > 1)


def _verdict_on(findings: Sequence[Finding], answers: Iterable[SystemAnswer]) -> str:
    if findings:
        return needs_attention(len(findings))
    whole = all(answer.state in (SystemState.OK, SystemState.ABSENT) for answer in answers)
    return "all is well" if whole else "not everything could be read"
