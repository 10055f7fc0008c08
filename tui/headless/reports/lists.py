"""One report per list: the syncs, the extensions, the engine, the connections, the change log."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from tui.core import ServiceHandle
from tui.domain.health.attention import needs_attention, of_all_connections, of_all_syncs
from tui.domain.health.rules import (
    ALL_SUSPENDED,
    Level,
    Verdict,
    all_suspended,
    assess_engine,
    extension_sort_key,
    worker_sort_key,
)
from tui.domain.health.server_times import times_note
from tui.domain.history.lasting import NOT_RECORDED, Lasting
from tui.domain.history.records import SubjectKind
from tui.domain.history.since import since_words
from tui.domain.jtl.workers import Worker
from tui.domain.maintenance.coverage import Covered
from tui.domain.profile import System
from tui.domain.superoffice.engine import Connection
from tui.domain.superoffice.sync_log import SyncLogPage
from tui.domain.superoffice.tenant import remark
from tui.domain.text import counted
from tui.headless.exit_codes import SystemState
from tui.headless.fetch import (
    Clock,
    ReadResult,
    clock_of,
    read,
    read_connections,
    read_engine,
    read_extensions,
    read_workers,
    server_now,
    summed,
)
from tui.headless.history.since import since_item
from tui.headless.output import masked_line, masked_row
from tui.headless.report import Report, SystemAnswer
from tui.presentation import connections as connection_rows
from tui.presentation import engine as engine_rows
from tui.presentation import extensions as extension_rows
from tui.presentation import log as log_rows
from tui.presentation import workers as worker_rows
from tui.presentation.connections import ConnectionExtras, ConnectionRow
from tui.presentation.extensions import ExtensionRow
from tui.presentation.item import PrintedList
from tui.presentation.workers import Responses, SyncRow

T = TypeVar("T")


async def workers(profile: ServiceHandle, clock: Clock) -> Report:
    found, answers = await read_workers(profile.service, clock)
    now = server_now(profile.service, System.JTL, clock)
    meant = clock_of(profile.service, System.JTL)
    covered = await covered_now(profile)
    rows = judge_workers(found, answers, now, meant, covered)
    whole = of_all_syncs(found, sync_asked=answers[0].error is None)
    attention = sum(one.needs_attention for one in (*whole, *(row.verdict for row in rows)))
    parts = (
        _tally(rows, "sync", attention, answers[0]),
        ALL_SUSPENDED if all_suspended(found) else "",
        *(verdict.reason for verdict in whole),
        times_note(found, now, meant),
    )
    systems = {System.JTL: summed(answers)}
    report = report_of(profile, systems, worker_rows.PRINTED, rows, attention, parts, whole)
    known = await lasting_now(profile, clock)
    since = [known.of(SubjectKind.SYNC, row.worker.id, row.verdict.level) for row in rows]
    items = ({**item, **since_item(begun)} for item, begun in zip(report.items, since, strict=True))
    shown = (
        begun if row.verdict.needs_attention else None for row, begun in zip(rows, since, strict=True)
    )
    texts = (
        {**text, "reason": sentence(since_words(begun, clock()), text["reason"])}
        for text, begun in zip(report.rows, shown, strict=True)
    )
    return replace(report, items=tuple(items), rows=tuple(texts))


async def extensions(profile: ServiceHandle, clock: Clock) -> Report:
    answer = await read_extensions(profile.service, clock)
    now = server_now(profile.service, System.JTL, clock)
    rows = [ExtensionRow(one, now) for one in sorted(answer.data, key=extension_sort_key)]
    attention = sum(row.verdict.needs_attention for row in rows)
    parts = (
        _tally(rows, "extension", attention, answer),
        "the list is not complete" if rows and answer.error else "",
    )
    systems = {System.JTL: summed([answer])}
    return report_of(profile, systems, extension_rows.PRINTED, rows, attention, parts)


async def engine(profile: ServiceHandle, clock: Clock) -> Report:
    answer = await read_engine(profile.service, clock)
    covered = await covered_now(profile)
    verdict = covered.excused(assess_engine(answer.data), "engine", answer.data, clock())
    rows = [] if answer.data is None else [answer.data]
    attention = int(verdict.needs_attention and answer.error is None)
    parts = (
        "" if answer.error else f"engine {verdict.word}",
        verdict.reason if verdict.level is Level.OFF else "",
        masked_line(remark(profile.service.tenant())),
    )
    systems = {System.SUPEROFFICE: summed([answer])}
    return report_of(profile, systems, engine_rows.PRINTED, rows, attention, parts)


async def connections(profile: ServiceHandle, clock: Clock) -> Report:
    answer = await read_connections(profile.service, clock)
    now, expected, covered = clock(), expected_in(profile, answer), await covered_now(profile)
    whole = of_all_connections(answer.data) if answer.error is None else ()
    rows = [
        ConnectionRow.of(one, ConnectionExtras(expected=one.id in expected, covered=covered), now)
        for one in answer.data
    ]
    attention = sum(one.needs_attention for one in (*whole, *(row.verdict for row in rows)))
    parts = (
        _tally(rows, "connection", attention, answer),
        *(verdict.reason for verdict in whole),
        masked_line(remark(profile.service.tenant())),
    )
    systems = {System.SUPEROFFICE: summed([answer])}
    return report_of(profile, systems, connection_rows.PRINTED, rows, attention, parts, whole)


async def log(profile: ServiceHandle, clock: Clock) -> Report:
    """The newest page, in the server's order; connections are read for their names only."""
    answer, connections = await asyncio.gather(
        read(System.SUPEROFFICE, lambda: profile.service.superoffice.sync_log(), SyncLogPage(), clock),
        read_connections(profile.service, clock),
    )
    page, names = answer.data, {str(one.id): one.name for one in connections.data}
    rows = [log_rows.LogRow(entry, names, clock()) for entry in page.entries]
    unreadable = sum(entry.problem is not None for entry in page.entries)
    parts = (
        counted(len(rows), "change") if answer.error is None else "",
        f"{unreadable} unreadable" if unreadable else "",
        "" if page.sorted else "in the server's order",
        "older entries exist" if page.next else "",
    )
    systems = {System.SUPEROFFICE: summed([answer])}
    return report_of(profile, systems, log_rows.PRINTED, rows, unreadable, parts)


async def lasting_now(profile: ServiceHandle, clock: Clock) -> Lasting:
    """Since when rows are as they are, where that is recorded."""
    if profile.lasting is None:
        return NOT_RECORDED
    return await asyncio.to_thread(profile.lasting, clock())


async def covered_now(profile: ServiceHandle) -> Covered:
    """What is in maintenance, by the journals of the user that runs this."""
    return Covered() if profile.covered is None else await asyncio.to_thread(profile.covered)


def report_of(
    profile: ServiceHandle,
    systems: Mapping[System, SystemAnswer],
    printed: PrintedList[T],
    rows: Sequence[T],
    attention: int,
    parts: Iterable[str],
    whole: Sequence[Verdict] = (),
) -> Report:
    """`parts`: of the summary; `whole`: what concerns the list as a whole."""
    return Report(
        profile.facts.name,
        systems,
        tuple(masked_row(printed.item(row)) for row in rows),
        printed.columns,
        tuple(masked_row(printed.texts(row)) for row in rows),
        sentence(*parts, *state_words(systems)),
        attention,
        tuple(verdict.reason for verdict in whole),
    )


def expected_in(profile: ServiceHandle, answer: ReadResult[tuple[Connection, ...]]) -> frozenset[int]:
    """The numbers of the connections that are known to be off; the states are noted for later runs."""
    if profile.seen is None or answer.error is not None:
        return frozenset()
    return profile.seen.saw(answer.data)


def judge_workers(
    found: Sequence[Worker],
    answers: Sequence[ReadResult[object]],
    now: datetime,
    clock: str,
    covered: Covered | None = None,
) -> list[SyncRow]:
    """Every sync with its verdict, problems first. A list that could not be read counts as unknown, not
    as empty."""
    syncs, statuses = (answer.error is None for answer in answers)
    asked = Responses(syncs, statuses, clock, covered=covered)
    judged = [SyncRow(worker, asked.assess(worker, now), now) for worker in found]
    return sorted(judged, key=lambda row: worker_sort_key(row.worker, row.verdict))


def sentence(*parts: str) -> str:
    """The non-empty parts on one line."""
    return " · ".join(part for part in parts if part)


def state_words(systems: Mapping[System, SystemAnswer]) -> tuple[str, ...]:
    """`JTL-Wawi unreachable` for every system that did not respond successfully."""
    words = {SystemState.OK: "", None: "", SystemState.ABSENT: "not configured"}
    text = {system: words.get(answer.state, str(answer.state)) for system, answer in systems.items()}
    return tuple(f"{system.product} {word.replace('_', ' ')}" for system, word in text.items() if word)


def _tally(found: Sequence[object], noun: str, attention: int, answer: ReadResult[object]) -> str:
    """How many there are and how many need attention; empty where the list could not be read."""
    if answer.error is not None and not found:
        return ""
    return sentence(counted(len(found), noun), needs_attention(attention))
