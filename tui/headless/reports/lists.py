"""One report per list: the syncs, the extensions, the engine, the connections."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from tui.core import ServiceHandle
from tui.domain.health.attention import counted as counted_verdicts
from tui.domain.health.attention import of_all_connections, of_all_syncs
from tui.domain.health.rules import (
    ALL_SUSPENDED,
    Verdict,
    all_suspended,
    assess,
    assess_connection,
    assess_engine,
    assess_extension,
    extension_sort_key,
    worker_sort_key,
)
from tui.domain.health.server_times import SERVER_CLOCK, is_zoneless, times_note
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import Worker, WorkerStatus
from tui.domain.profile import System
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.superoffice.tenant import remark
from tui.domain.timestamps import seen_text
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
from tui.headless.output import line, stamp
from tui.headless.report import Column, Item, Report, SystemAnswer

WORKER_COLUMNS = (
    Column("State", "state", 10),
    Column("Sync", "name", 24),
    Column("Every", "every", 8, right=True),
    Column("Reported", "at", 10),
    Column("Message", "reason"),
)
EXTENSION_COLUMNS = (
    Column("Status", "status", 10),
    Column("Extension", "name", 40),
    Column("Version", "version", 12),
    Column("Changed", "changed"),
)
ENGINE_COLUMNS = (
    Column("Engine", "state"),
    Column("Every", "every", 16, right=True),
    Column("Message", "message"),
)
CONNECTION_COLUMNS = (
    Column("State", "state", 10),
    Column("Id", "id", 10, right=True),
    Column("Name", "name", 32),
    Column("Connector", "connector", 10, right=True),
    Column("Reason", "reason"),
)


async def workers(profile: ServiceHandle, clock: Clock) -> Report:
    """Every sync, problems first."""
    found, answers = await read_workers(profile.service, clock)
    now = server_now(profile.service, System.JTL, clock)
    meant = clock_of(profile.service, System.JTL)
    judged = judge_workers(found, answers, now, meant)
    whole = of_all_syncs(found, sync_asked=answers[0].error is None)
    attention = counted_verdicts((*whole, *(verdict for _, verdict in judged))).total
    systems = {System.JTL: summed(answers)}
    return Report(
        profile.facts.name,
        systems,
        tuple(_worker_item(worker, verdict) for worker, verdict in judged),
        WORKER_COLUMNS,
        tuple(_worker_row(worker, verdict, now) for worker, verdict in judged),
        sentence(
            _tally(judged, "sync", attention, answers[0]),
            ALL_SUSPENDED if all_suspended(found) else "",
            *(verdict.reason for verdict in whole),
            times_note(found, now, meant),
            *state_words(systems),
        ),
        attention,
        tuple(verdict.reason for verdict in whole),
    )


async def extensions(profile: ServiceHandle, clock: Clock) -> Report:
    """Every extension of every page."""
    answer = await read_extensions(profile.service, clock)
    found = sorted(answer.data, key=extension_sort_key)
    now = server_now(profile.service, System.JTL, clock)
    attention = sum(assess_extension(extension).needs_attention for extension in found)
    systems = {System.JTL: summed([answer])}
    return Report(
        profile.facts.name,
        systems,
        tuple(_extension_item(extension) for extension in found),
        EXTENSION_COLUMNS,
        tuple(_extension_row(extension, now) for extension in found),
        sentence(
            _tally(found, "extension", attention, answer),
            "the list is not complete" if found and answer.error else "",
            *state_words(systems),
        ),
        attention,
    )


async def engine(profile: ServiceHandle, clock: Clock) -> Report:
    answer = await read_engine(profile.service, clock)
    verdict = assess_engine(answer.data)
    known = () if answer.data is None else (answer.data,)
    systems = {System.SUPEROFFICE: summed([answer])}
    return Report(
        profile.facts.name,
        systems,
        tuple(_engine_item(status) for status in known),
        ENGINE_COLUMNS,
        tuple(_engine_row(status) for status in known),
        sentence(
            "" if answer.error else f"engine {verdict.word}",
            line(remark(profile.service.tenant())),
            *state_words(systems),
        ),
        int(verdict.needs_attention and answer.error is None),
    )


async def connections(profile: ServiceHandle, clock: Clock) -> Report:
    """Every connection that is not deleted."""
    answer = await read_connections(profile.service, clock)
    expected = expected_in(profile, answer)
    whole = of_all_connections(answer.data) if answer.error is None else ()
    rows = [assess_connection(one, expected=one.id in expected) for one in answer.data]
    attention = counted_verdicts((*whole, *rows)).total
    systems = {System.SUPEROFFICE: summed([answer])}
    return Report(
        profile.facts.name,
        systems,
        tuple(_connection_item(one) for one in answer.data),
        CONNECTION_COLUMNS,
        tuple(_connection_row(one, verdict) for one, verdict in zip(answer.data, rows, strict=True)),
        sentence(
            _tally(answer.data, "connection", attention, answer),
            *(verdict.reason for verdict in whole),
            line(remark(profile.service.tenant())),
            *state_words(systems),
        ),
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
    clock: str = SERVER_CLOCK,
) -> list[tuple[Worker, Verdict]]:
    """Every sync with its verdict, problems first. A list that could not be read counts as unknown, not
    as empty.
    """
    syncs_asked, status_asked = (answer.error is None for answer in answers)
    judged = [
        (
            worker,
            assess(worker, now, status_asked=status_asked, sync_asked=syncs_asked, clock=clock),
        )
        for worker in found
    ]
    return sorted(judged, key=lambda pair: worker_sort_key(*pair))


def health(verdict: Verdict) -> str:
    """The verdict as `--json` writes it; `unknown` where nothing was reported."""
    return "unknown" if verdict.word == "unknown" else verdict.level.name.lower()


def sentence(*parts: str) -> str:
    """The non-empty parts on one line."""
    return " · ".join(part for part in parts if part)


def state_words(systems: Mapping[System, SystemAnswer]) -> tuple[str, ...]:
    """`JTL-Wawi unreachable` for every system that did not respond successfully."""
    words = {SystemState.OK: "", None: "", SystemState.ABSENT: "not configured"}
    text = {system: words.get(answer.state, str(answer.state)) for system, answer in systems.items()}
    return tuple(f"{system.product} {word.replace('_', ' ')}" for system, word in text.items() if word)


def counted(count: int, noun: str) -> str:
    """`1 sync`, `12 syncs`, `no syncs`."""
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"


def _tally(found: Sequence[object], noun: str, attention: int, answer: ReadResult[object]) -> str:
    """How many there are and how many need attention; empty where the list could not be read."""
    if answer.error is not None and not found:
        return ""
    needs = f"{attention} need{'s' if attention == 1 else ''} attention" if attention else ""
    return sentence(counted(len(found), noun), needs)


def _worker_item(worker: Worker, verdict: Verdict) -> Item:
    sync, status = worker.sync, worker.status
    return {
        "id": worker.id,
        "name": line(sync.kind) or None if sync else None,
        "channel": line(sync.channel) or None if sync else None,
        "channel_id": line(sync.channel_id) or None if sync else None,
        "state": worker.state_word,
        "health": health(verdict),
        "reason": line(verdict.reason) or None,
        "interval_s": sync.interval.seconds if sync else None,
        "status_at": stamp(status.status_at.at) if status else None,
        "next_at": stamp(status.next_at.at) if status else None,
        "message": line(status.text) or None if status else None,
        **(_raw_times(status) if status else {}),
    }


def _raw_times(status: WorkerStatus) -> Item:
    """Timestamps that are not an instant, as received: their zone is unknown, so they have no UTC."""
    times = {"status_at_raw": status.status_at, "next_at_raw": status.next_at}
    return {key: line(moment.text) for key, moment in times.items() if is_zoneless(moment)}


def _worker_row(worker: Worker, verdict: Verdict, now: datetime) -> dict[str, str]:
    sync, status = worker.sync, worker.status
    text = status.text if status else ""
    return {
        "state": verdict.word,
        "name": worker.name,
        "every": sync.interval.shown if sync else "",
        "at": seen_text(status.status_at, now) if status else "",
        "reason": verdict.reason if verdict.needs_attention else text or verdict.reason,
    }


def _extension_item(extension: Extension) -> Item:
    return {
        "id": extension.id,
        "extension_id": line(extension.extension_id) or None,
        "version": line(extension.version) or None,
        "status": extension.status_word,
        "manifest_hash": line(extension.manifest_hash) or None,
        "created": stamp(extension.created.at),
        "last_changed": stamp(extension.last_changed.at),
    }


def _extension_row(extension: Extension, now: datetime) -> dict[str, str]:
    return {
        "status": extension.status_word,
        "name": extension.name,
        "version": extension.version,
        "changed": extension.last_changed.ago(now),
    }


def _engine_item(status: EngineStatus) -> Item:
    return {
        "running": status.running,
        "message": line(status.message) if status.message else None,
        "interval_s": status.interval.seconds,
        "interval": line(status.interval.raw) if status.interval.raw else None,
    }


def _engine_row(status: EngineStatus) -> dict[str, str]:
    return {
        "state": status.word,
        "every": status.interval.shown,
        "message": status.message or "",
    }


def _connection_item(connection: Connection) -> Item:
    return {
        "id": connection.id,
        "name": line(connection.name) or None,
        "active": connection.active,
        "connector": connection.connector_id,
        "deleted": connection.deleted,
    }


def _connection_row(connection: Connection, verdict: Verdict) -> dict[str, str]:
    return {
        "state": verdict.word,
        "id": str(connection.id),
        "name": connection.name,
        "connector": "" if connection.connector_id is None else str(connection.connector_id),
        "reason": verdict.reason or connection.description,
    }
