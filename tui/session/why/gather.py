"""The facts about one target, from what is known; sends nothing and blocks for nothing."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from tui.domain.health.attention import of_all_connections, of_all_syncs
from tui.domain.health.problems import assess_tested
from tui.domain.health.rules import (
    ALL_SUSPENDED,
    Level,
    Verdict,
    all_suspended,
    assess,
    assess_engine,
    assess_extension,
)
from tui.domain.health.server_times import clock_meant
from tui.domain.history.records import Subject, SubjectKind
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import Worker
from tui.domain.maintenance.rules import Seen, Target, seen_of
from tui.domain.profile import System
from tui.domain.result import Result
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.timestamps import by_server
from tui.domain.why.facts import Action, Facts, Failure, FailureKind, Row
from tui.ops.audit.entries import Entry
from tui.ops.operations.kinds import kind_for
from tui.session.history_events import action_event
from tui.session.why.failures import failures_of
from tui.session.why.known import (
    THE_ENGINE,
    Known,
    of_connection,
    of_extension,
    of_system,
    of_worker,
    system_of,
    topics_of,
)
from tui.store.snapshot import Topic

_NOT_READ = Verdict(Level.WARNING, "unknown", "nothing was read yet")


def facts_of(known: Known, subject: Subject) -> Facts:
    """Of a target, or of one that is not listed: then it has no row."""
    system = system_of(subject)
    offset = known.offsets.get(system)
    store = known.store
    failures = tuple(failures_of(store, topics_of(subject)))
    row, by = _row(known, subject), known.maintenance_of(subject)
    verdict, empty = _judged(known, subject, row, failures)
    troubled = tuple(_troubled(known, system)) if subject.kind is SubjectKind.SYSTEM else ()
    return Facts(
        subject,
        verdict,
        known.now,
        row,
        by_server(known.now, offset),
        clock_meant(offset),
        offset,
        _read_at(known, subject, row, troubled),
        store.workers() if system is System.JTL else (),
        failures,
        empty,
        troubled,
        known.tenant if system is System.SUPEROFFICE else None,
        known.test_of(int(subject.key)) if subject.kind is SubjectKind.CONNECTION else None,
        tuple(action_of(one) for one in known.entries if one.at <= known.now),
        maintenance=by.words,
        maintenance_is_sure=by.was_seen,
    )


def _read_at(
    known: Known, subject: Subject, row: Row | None, troubled: Sequence[str]
) -> datetime | None:
    """When what is said was read. The state of a sync is in the list that is polled more often; what is
    wrong with a row, or missing, is true of all its lists since the oldest response."""
    topics = [one for one in topics_of(subject) if not one.on_demand]
    if isinstance(row, Worker) and row.sync and row.status and row.problem is None:
        topics = [Topic.STATUS]
    read = [at for one in topics if (at := known.store.snapshot(one).fetched_at) is not None]
    return (max if troubled else min)(read, default=None)


def _row(known: Known, subject: Subject) -> Row | None:
    store = known.store
    match subject.kind:
        case SubjectKind.SYNC:
            return next((one for one in store.workers() if one.id == subject.key), None)
        case SubjectKind.ENGINE:
            return store.snapshot(Topic.ENGINE).data
        case SubjectKind.CONNECTION:
            rows = store.snapshot(Topic.CONNECTIONS).data or ()
            return next((one for one in rows if str(one.id) == subject.key), None)
        case SubjectKind.EXTENSION:
            extensions = store.snapshot(Topic.EXTENSIONS).data or ()
            return next((one for one in extensions if one.id == subject.key), None)
    return None


def _troubled(known: Known, system: System) -> Iterator[str]:
    """The names of the rows that need attention, without those that could not be read."""
    for subject, row in _rows(known, system):
        if _judged(known, subject, row, ())[0].needs_attention:
            yield subject.name or subject.key


def _rows(known: Known, system: System) -> Iterator[tuple[Subject, Row]]:
    store = known.store
    if system is System.JTL:
        yield from ((of_worker(one), one) for one in store.workers())
        extensions = store.snapshot(Topic.EXTENSIONS).data or ()
        yield from ((of_extension(one), one) for one in extensions)
        return
    engine = store.snapshot(Topic.ENGINE).data
    if engine is not None:
        yield THE_ENGINE, engine
    connections = store.snapshot(Topic.CONNECTIONS).data or ()
    yield from ((of_connection(one), one) for one in connections)


def _judged(
    known: Known, subject: Subject, row: Row | None, failures: tuple[Failure, ...]
) -> tuple[Verdict, tuple[Verdict, ...]]:
    """The verdict, and the problems of the whole list."""
    if isinstance(row, Worker):
        return _excused(known, subject, row, _judged_worker(known, row)), ()
    if isinstance(row, Extension):
        return assess_extension(row), ()
    if isinstance(row, Connection):
        tested = assess_tested(row, known.test_of(row.id), expected=row.id in known.expected)
        return _excused(known, subject, row, tested), ()
    if subject.kind is SubjectKind.SYSTEM:
        return _judged_system(known, System(subject.key), failures)
    if isinstance(row, EngineStatus) and not failures:
        return _excused(known, subject, row, assess_engine(row)), ()
    if failures:
        return _of_failure(failures[0]), ()
    if _read_at(known, subject, row, ()) is None:
        return _NOT_READ, ()
    return Verdict(Level.WARNING, "not listed", "the list does not have it"), ()


def _excused(known: Known, subject: Subject, row: Target | None, verdict: Verdict) -> Verdict:
    """What an open maintenance stopped is not a problem."""
    words = known.maintenance_of(subject).words
    if not words or seen_of(row) is not Seen.OFF:
        return verdict
    return Verdict(Level.OFF, verdict.word, f"maintenance {words}")


def _judged_worker(known: Known, worker: Worker) -> Verdict:
    store = known.store
    syncs, statuses = (store.snapshot(one).data is not None for one in (Topic.WORKERS, Topic.STATUS))
    offset = known.offsets.get(System.JTL)
    return assess(
        worker,
        by_server(known.now, offset),
        status_asked=statuses,
        sync_asked=syncs,
        clock=clock_meant(offset),
    )


def _judged_system(
    known: Known, system: System, failures: tuple[Failure, ...]
) -> tuple[Verdict, tuple[Verdict, ...]]:
    store = known.store
    if failures:
        return _of_failure(failures[0]), ()
    if all(store.snapshot(one).fetched_at is None for one in topics_of(of_system(system))):
        return _NOT_READ, ()
    if system is System.JTL:
        workers = store.workers()
        empty = of_all_syncs(workers, sync_asked=store.snapshot(Topic.WORKERS).data is not None)
        if all_suspended(workers):
            return Verdict(Level.ERROR, "suspended", ALL_SUSPENDED), ()
    else:
        listed = store.snapshot(Topic.CONNECTIONS).data
        empty = of_all_connections(listed) if listed is not None else ()
    return (empty[0] if empty else Verdict(Level.OK, "up", "")), empty


def _of_failure(failure: Failure) -> Verdict:
    level = Level.OFF if failure.kind is FailureKind.NOT_CONFIGURED else Level.ERROR
    return Verdict(level, failure.kind.value, failure.sentence)


def action_of(entry: Entry) -> Action:
    event = action_event(entry)
    active = entry.sent.get("active")
    is_sure = entry.result not in (None, Result.UNKNOWN)
    had_effect = not is_sure or (entry.result is not None and entry.result.may_have_effect)
    return Action(
        entry.at,
        event.text,
        entry.operation,
        event.subject,
        entry.user,
        entry.id,
        had_effect and kind_for(entry.operation) is not None,
        entry.sentence,
        entry.targets,
        active if isinstance(active, bool) else None,
        is_sure,
    )
