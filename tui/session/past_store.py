"""A store filled with rows as they were, so that lists show a past time."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from tui.domain.history.records import Change, Subject, SubjectKind
from tui.domain.history.replay import (
    present,
    replayed_connection,
    replayed_engine,
    replayed_extension,
    replayed_worker,
)
from tui.store.snapshot import Topic
from tui.store.store import Store

if TYPE_CHECKING:
    from tui.domain.jtl.workers import Worker


def store_of(states: Mapping[Subject, Change], live: Store, at: datetime) -> Store:
    """`live` gives what is not recorded and does not change: kind and channel of a sync."""
    past = Store(live.absent)

    def fill(topic: Topic, rows: object) -> None:
        if topic not in past.absent:
            past.succeed(topic, 1, rows, at=at, took=0.0)

    workers = _workers(states, live)
    if workers:
        fill(Topic.WORKERS, tuple(one.sync for one in workers if one.sync is not None))
        fill(Topic.STATUS, tuple(one.status for one in workers if one.status is not None))
    for _, state in present(states, SubjectKind.ENGINE):
        fill(Topic.ENGINE, replayed_engine(state))
    now = {str(one.id): one for one in live.snapshot(Topic.CONNECTIONS).data or ()}
    connections = [
        replayed_connection(subject, state, now.get(subject.key))
        for subject, state in present(states, SubjectKind.CONNECTION)
    ]
    if connections:
        fill(Topic.CONNECTIONS, tuple(sorted(connections, key=lambda one: one.id)))
    extensions = [replayed_extension(*one) for one in present(states, SubjectKind.EXTENSION)]
    if extensions:
        fill(Topic.EXTENSIONS, tuple(extensions))
    return past


def _workers(states: Mapping[Subject, Change], live: Store) -> "list[Worker]":
    known = {sync.id: sync for sync in live.snapshot(Topic.WORKERS).data or ()}
    return [
        replayed_worker(subject, state, known.get(subject.key))
        for subject, state in present(states, SubjectKind.SYNC)
    ]
