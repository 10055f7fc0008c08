"""`status`: both systems read at the same time; only what needs attention is listed."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from tui.core import ServiceHandle
from tui.domain.health.attention import needs_attention
from tui.domain.health.rules import (
    Verdict,
)
from tui.domain.health.server_times import times_note
from tui.domain.history.lasting import Lasting
from tui.domain.history.records import SubjectKind
from tui.domain.history.since import Since, since_words
from tui.domain.maintenance.coverage import Covered
from tui.domain.maintenance.records import NotedTarget
from tui.domain.maintenance.rules import Seen, seen_of
from tui.domain.monitoring.check_result import Row
from tui.domain.profile import System
from tui.domain.superoffice.tenant import remark
from tui.domain.text import counted
from tui.headless.exit_codes import SystemState
from tui.headless.fetch import (
    Clock,
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
from tui.headless.reports.judged import (
    connection_rows,
    engine_rows,
    extension_rows,
    list_rows,
    suspended_row,
    sync_rows,
)
from tui.headless.reports.lists import (
    covered_now,
    expected_in,
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
_WORDS = {
    SubjectKind.SYNC: "worker",
    SubjectKind.ENGINE: "engine",
    SubjectKind.CONNECTION: "connection",
    SubjectKind.EXTENSION: "extension",
    SubjectKind.SYSTEM: "system",
}
_SHORT: Mapping[SubjectKind, Callable[[str], str]] = {
    SubjectKind.CONNECTION: str,
    SubjectKind.EXTENSION: lambda key: f"{key[:8]}…",
}
"""How an identifier is written before a name that several have."""


def _since_and_reason(found: Finding) -> str:
    words = since_words(found.since, found.now) if found.now else ""
    return " · ".join(filter(None, (words, found.verdict.reason)))


async def status(profile: ServiceHandle, clock: Clock) -> Report:
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
    rows = (
        *(list_rows(workers) if worker_answers[0].error is None else ()),
        *sync_rows(workers, worker_answers, now, meant),
        *engine_rows(engine),
        *connection_rows(connections, expected_in(profile, connections)),
        *extension_rows(extensions),
    )
    known, covered = await lasting_now(profile, clock), await covered_now(profile)
    findings = list(_findings(rows, known, covered, clock()))
    states = States(tuple(workers), connections.data, engine.data)

    def seen_now(target: NotedTarget) -> Seen:
        return seen_of(states.of(target))

    findings += [
        Finding("maintenance", one.id, one.name, verdict)
        for one, verdict in covered.verdicts(clock(), seen_now)
    ]
    findings += [Finding("maintenance", None, "journal", verdict) for verdict in covered.unreadable]
    explained = suspended_row(workers, covered) if worker_answers[1].error is None else ()
    parts = (
        _verdict_on(findings, systems.values()),
        times_note(workers, now, meant),
        counted(len(workers), "sync") if worker_answers[0].at else "",
        counted(len(extensions.data), "extension") if extensions.at else "",
        f"engine {engine.data.word}" if engine.data else "",
        counted(len(connections.data), "connection") if connections.at else "",
        masked_line(remark(service.tenant())),
        *map(line, covered.sentences(clock(), seen_now)),
    )
    return report_of(
        profile, systems, FINDINGS, [*map(_finding, explained), *findings], len(findings), parts
    )


def _findings(rows: Sequence[Row], known: Lasting, covered: Covered, now: datetime) -> Iterator[Finding]:
    """What needs attention and is not in maintenance."""
    counts = Counter((row.kind, row.name) for row in rows)
    for row in rows:
        is_system = row.kind is SubjectKind.SYSTEM
        if not row.verdict.needs_attention or (
            not is_system and covered.by(row.kind.value, row.id, row.seen)
        ):
            continue
        found = _finding(row)
        if row.kind in _SHORT and row.name and counts[row.kind, row.name] > 1:
            found = found._replace(name=f"{_SHORT[row.kind](row.id)} · {row.name}")
        if not is_system:
            found = found._replace(since=known.of(row.kind, row.id, row.verdict.level), now=now)
        yield found


def _finding(row: Row) -> Finding:
    target = None if row.kind is SubjectKind.ENGINE else row.id
    return Finding(_WORDS[row.kind], target, row.name, row.verdict)


def _verdict_on(findings: Sequence[Finding], answers: Iterable[SystemAnswer]) -> str:
    if findings:
        return needs_attention(len(findings))
    whole = all(answer.state in (SystemState.OK, SystemState.ABSENT) for answer in answers)
    return "all is well" if whole else "not everything could be read"
