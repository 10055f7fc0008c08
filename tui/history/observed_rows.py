"""The rows of the store as subjects of the history, each with what it is judged by."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from types import MappingProxyType

from tui.domain.health.rules import (
    assess,
    assess_connection,
    assess_engine,
    assess_extension,
)
from tui.domain.history.observing import (
    state_of_connection,
    state_of_engine,
    state_of_extension,
    state_of_worker,
)
from tui.domain.history.records import State, Subject, SubjectKind
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import Worker
from tui.domain.profile import System
from tui.domain.redaction import masked_text
from tui.domain.superoffice.engine import ENGINE_NAME, Connection, EngineStatus
from tui.frozen import frozen
from tui.store.snapshot import Topic
from tui.store.store import Store

ENGINE = Subject(SubjectKind.ENGINE, "engine", ENGINE_NAME)
KINDS_OF: Mapping[Topic, SubjectKind] = MappingProxyType(
    {
        Topic.WORKERS: SubjectKind.SYNC,
        Topic.STATUS: SubjectKind.SYNC,
        Topic.ENGINE: SubjectKind.ENGINE,
        Topic.CONNECTIONS: SubjectKind.CONNECTION,
        Topic.EXTENSIONS: SubjectKind.EXTENSION,
    }
)
"""Whose rows a response to a topic may change."""


@frozen
class Observed:
    subject: Subject
    parts: tuple[object, ...]
    """What the verdict depends on besides the time; empty: it is always judged."""
    judge: Callable[[str], State]
    """The state, given the last progress text."""
    progress: str = ""
    """Of a running sync: kept with the end of its run."""


def rows_of(
    kind: SubjectKind,
    store: Store,
    expected: frozenset[int],
    now_of: Callable[[System], datetime],
) -> Iterator[Observed] | None:
    """None: not known yet. `expected`: ids of connections that are inactive for a known reason."""
    match kind:
        case SubjectKind.SYNC:
            return _syncs(store, now_of(System.JTL))
        case SubjectKind.ENGINE:
            status = store.snapshot(Topic.ENGINE).data
            return None if status is None else iter((_engine(status),))
        case SubjectKind.CONNECTION:
            return _connections(store, expected)
        case SubjectKind.EXTENSION:
            extensions = store.snapshot(Topic.EXTENSIONS).data
            return None if extensions is None else map(_extension, extensions)
        case _:
            return None


def _syncs(store: Store, now: datetime) -> Iterator[Observed] | None:
    """Once their status is known, and their list, unless that cannot be read."""
    syncs, statuses = store.snapshot(Topic.WORKERS), store.snapshot(Topic.STATUS)
    if statuses.data is None or (syncs.data is None and syncs.error is None):
        return None
    sync_asked = syncs.data is not None
    return (_worker(one, now, sync_asked) for one in store.workers())


def _connections(store: Store, expected: frozenset[int]) -> Iterator[Observed] | None:
    """Without deleted ones: they are listed on demand only, and are gone either way."""
    listed = store.snapshot(Topic.CONNECTIONS).data
    return None if listed is None else (_connection(one, expected) for one in listed if not one.deleted)


def _worker(worker: Worker, now: datetime, sync_asked: bool) -> Observed:
    status = worker.status
    return Observed(
        Subject(SubjectKind.SYNC, worker.id, masked_text(worker.name) if worker.sync else ""),
        (worker.sync, status),
        lambda last_text: state_of_worker(
            worker, assess(worker, now, sync_asked=sync_asked), last_text=last_text
        ),
        status.text if status is not None and worker.state_word == "running" else "",
    )


def _engine(status: EngineStatus) -> Observed:
    return Observed(ENGINE, (status,), lambda _text: state_of_engine(status, assess_engine(status)))


def _connection(one: Connection, expected: frozenset[int]) -> Observed:
    is_expected = one.id in expected
    verdict = partial(assess_connection, expected=is_expected)
    return Observed(
        Subject(SubjectKind.CONNECTION, str(one.id), masked_text(one.name)),
        (one, is_expected),
        lambda _text: state_of_connection(one, verdict(one)),
    )


def _extension(one: Extension) -> Observed:
    return Observed(
        Subject(SubjectKind.EXTENSION, one.id, masked_text(one.name)),
        (one,),
        lambda _text: state_of_extension(one, assess_extension(one)),
    )
