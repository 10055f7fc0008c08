"""What is known of a profile at one moment, wherever it comes from; and who can be asked about."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import NamedTuple

from tui.domain.history.records import Subject, SubjectKind
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import Worker
from tui.domain.profile import System
from tui.domain.superoffice.engine import ENGINE_NAME, Connection
from tui.domain.superoffice.tenant import Tenant
from tui.domain.writes import ENGINE
from tui.frozen import frozen
from tui.ops.audit.entries import Entry
from tui.store.snapshot import Topic
from tui.store.store import Store

TOPICS: Mapping[SubjectKind, tuple[Topic, ...]] = {
    SubjectKind.SYNC: (Topic.WORKERS, Topic.STATUS),
    SubjectKind.ENGINE: (Topic.ENGINE,),
    SubjectKind.CONNECTION: (Topic.CONNECTIONS,),
    SubjectKind.EXTENSION: (Topic.EXTENSIONS,),
}
"""The lists that a target comes from."""
_OF_SYSTEM = {one: tuple(topic for topic in Topic if topic.system is one) for one in System}
THE_ENGINE = Subject(SubjectKind.ENGINE, ENGINE, ENGINE_NAME)


class StoppedBy(NamedTuple):
    """The open maintenance that stopped a target."""

    words: str = ""
    """Empty: none stopped it."""
    was_seen: bool = True
    """Whether the stop was seen to have its effect."""


@frozen
class Known:
    store: Store
    now: datetime
    """By our clock."""
    offsets: Mapping[System, float | None] = field(default_factory=dict)
    """Seconds that each server's clock is ahead of ours."""
    tenant: Tenant | None = None
    expected: frozenset[int] = frozenset()
    """Connections that are inactive for a known reason."""
    test_of: Callable[[int], bool | None] = lambda _id: None
    """The last result of a connection's test."""
    entries: Sequence[Entry] = ()
    """Of the audit trail."""
    maintenance_of: Callable[[Subject], StoppedBy] = lambda _subject: StoppedBy()


def topics_of(subject: Subject) -> tuple[Topic, ...]:
    if subject.kind is SubjectKind.SYSTEM:
        return _OF_SYSTEM[System(subject.key)]
    return TOPICS.get(subject.kind, ())


def system_of(subject: Subject) -> System:
    if subject.kind is SubjectKind.SYSTEM:
        return System(subject.key)
    return TOPICS[subject.kind][0].system


def of_worker(worker: Worker) -> Subject:
    return Subject(SubjectKind.SYNC, worker.id, worker.name)


def of_connection(connection: Connection) -> Subject:
    return Subject(SubjectKind.CONNECTION, str(connection.id), connection.name)


def of_extension(extension: Extension) -> Subject:
    return Subject(SubjectKind.EXTENSION, extension.id, extension.name)


def of_system(system: System) -> Subject:
    return Subject(SubjectKind.SYSTEM, system.value, system.product)


def subjects(store: Store) -> Iterator[Subject]:
    """Everything that can be asked about, rows first."""
    yield from map(of_worker, store.workers())
    yield from map(of_extension, store.snapshot(Topic.EXTENSIONS).data or ())
    if Topic.ENGINE not in store.absent:
        yield THE_ENGINE
    yield from map(of_connection, store.snapshot(Topic.CONNECTIONS).data or ())
    for system in System:
        if not store.absent.issuperset(_OF_SYSTEM[system]):
            yield of_system(system)
