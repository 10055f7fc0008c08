"""`status`: both systems asked at the same time, and only what needs attention listed."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from tui.domain.attention import of_all_connections, of_all_syncs
from tui.domain.engine import Connection, EngineStatus
from tui.domain.extensions import Extension
from tui.domain.health import (
    ALL_SUSPENDED,
    Level,
    Verdict,
    all_suspended,
    assess_connection,
    assess_engine,
    assess_extension,
)
from tui.domain.systems import System
from tui.domain.tenant import remark
from tui.domain.times import times_note
from tui.domain.workers import Worker
from tui.headless.asking import (
    Answer,
    Clock,
    ask_connections,
    ask_engine,
    ask_extensions,
    ask_workers,
    clock_of,
    server_now,
    summed,
)
from tui.headless.exitcodes import SystemState
from tui.headless.lists import counted, expected_in, health, judge_workers, sentence, state_words
from tui.headless.output import line
from tui.headless.report import Column, Item, Report, SystemAnswer
from tui.wiring import Line

COLUMNS = (
    Column("Health", "health", 10),
    Column("What", "kind", 10),
    Column("Name", "name", 24),
    Column("Reason", "reason"),
)
Finding = tuple[str, str | None, str, Verdict]
"""Kind, identifier, name and verdict of what needs attention."""


async def status(profile: Line, clock: Clock) -> Report:
    """What needs attention, and why."""
    service = profile.service
    (workers, worker_answers), extensions, engine, connections = await asyncio.gather(
        ask_workers(service, clock),
        ask_extensions(service, clock),
        ask_engine(service, clock),
        ask_connections(service, clock),
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
    explained = list(_explained(workers, worker_answers))
    summary = sentence(
        _verdict_on(findings, systems.values()),
        times_note(workers, now, meant),
        counted(len(workers), "sync") if worker_answers[0].at else "",
        counted(len(extensions.data), "extension") if extensions.at else "",
        f"engine {engine.data.word}" if engine.data else "",
        counted(len(connections.data), "connection") if connections.at else "",
        line(remark(service.tenant())),
        *state_words(systems),
    )
    return Report(
        profile.facts.name,
        systems,
        tuple(_item(finding) for finding in (*explained, *findings)),
        COLUMNS,
        tuple(_row(finding) for finding in (*explained, *findings)),
        summary,
        len(findings),
    )


def _explained(found: Sequence[Worker], answers: Sequence[Answer[object]]) -> Iterator[Finding]:
    """What explains findings, and is not counted beside them."""
    if answers[1].error is None and all_suspended(found):
        yield _of_system(System.JTL, Verdict(Level.ERROR, "suspended", ALL_SUSPENDED))


def _of_system(system: System, verdict: Verdict) -> Finding:
    return "system", system.value, system.product, verdict


def _of_workers(
    found: Sequence[Worker], answers: Sequence[Answer[object]], now: datetime, clock: str
) -> Iterator[Finding]:
    for verdict in of_all_syncs(found, sync_asked=answers[0].error is None):
        yield _of_system(System.JTL, verdict)
    if answers[1].error is not None:
        # The system's own state says so once; repeated for every sync it would bury the rest.
        return
    for worker, verdict in judge_workers(found, answers, now, clock):
        if verdict.needs_attention:
            yield "worker", worker.id, worker.name, verdict


def _of_engine(answer: Answer[EngineStatus | None]) -> Iterator[Finding]:
    verdict = assess_engine(answer.data)
    if answer.error is None and verdict.needs_attention:
        yield "engine", None, "ErpSync engine", verdict


def _of_connections(
    answer: Answer[tuple[Connection, ...]], expected: frozenset[int]
) -> Iterator[Finding]:
    if answer.error is None:
        for verdict in of_all_connections(answer.data):
            yield _of_system(System.SUPEROFFICE, verdict)
    shared = _shared(connection.name for connection in answer.data)
    for connection in answer.data:
        verdict = assess_connection(connection, expected=connection.id in expected)
        if verdict.needs_attention:
            number, name = str(connection.id), connection.name
            yield "connection", number, f"{number} · {name}" if name in shared else name, verdict


def _of_extensions(found: Sequence[Extension]) -> Iterator[Finding]:
    shared = _shared(extension.name for extension in found)
    for extension in found:
        verdict = assess_extension(extension)
        if verdict.needs_attention:
            known, name = extension.id, extension.name
            yield "extension", known, f"{known[:8]}… · {name}" if name in shared else name, verdict


def _shared(names: Iterable[str]) -> frozenset[str]:
    """The names that several have: what they name is then told apart."""
    counts = Counter(names)
    return frozenset(name for name, count in counts.items() if name and count > 1)


def _verdict_on(findings: Sequence[Finding], answers: Iterable[SystemAnswer]) -> str:
    if findings:
        return f"{len(findings)} need{'s' if len(findings) == 1 else ''} attention"
    whole = all(answer.state in (SystemState.OK, SystemState.ABSENT) for answer in answers)
    return "all is well" if whole else "not everything could be asked"


def _item(finding: Finding) -> Item:
    kind, target, name, verdict = finding
    return {
        "kind": kind,
        "id": target,
        "name": line(name) or None,
        "health": health(verdict),
        "reason": line(verdict.reason) or None,
    }


def _row(finding: Finding) -> dict[str, str]:
    kind, target, name, verdict = finding
    return {
        "health": verdict.word,
        "kind": kind,
        "name": name or str(target or ""),
        "reason": verdict.reason,
    }
