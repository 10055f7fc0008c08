"""A store filled with rows as they were, so that lists show a past time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tui.domain.history.gaps import Gap, gap_at
from tui.domain.history.records import Change, Subject, SubjectKind
from tui.domain.history.replay import (
    expected_of,
    present,
    replayed_connection,
    replayed_engine,
    replayed_extension,
    replayed_worker,
)
from tui.frozen import frozen
from tui.store.snapshot import Topic
from tui.store.store import Store

if TYPE_CHECKING:
    from tui.domain.history.reader import HistoryReader
    from tui.domain.jtl.workers import Worker


@frozen
class Past:
    """The lists as they were at one time."""

    at: datetime
    store: Store
    gap: Gap | None
    """The gap of the first list that `at` lies in; None: it was seen."""
    expected: frozenset[int]
    """Connections that were inactive for a known reason."""
    begins: datetime | None = None
    """When the recording began, where that was later than `at`: nothing is known then."""

    @property
    def judged_at(self) -> datetime:
        """Rows are judged by the last time at which they were seen: what came after is not known."""
        return self.at if self.gap is None else self.gap.start

    @property
    def unseen(self) -> str:
        """Why nothing was seen at the time; empty: it was."""
        if self.begins is not None:
            return "nothing was recorded yet"
        return f"not seen then ({self.gap.reason})" if self.gap else ""


def past_at(
    reader: "HistoryReader", live: Store, at: datetime, now: datetime, topics: Sequence[str]
) -> Past:
    """`topics`: of the first of them the gap is said. Blocking."""
    first = reader.extent().since or now
    if at < first:
        return Past(at, Store(live.absent), None, frozenset(), first)
    states = reader.states_at(at)
    gap = gap_at(reader.coverage, topics[0], at, (first, now)) if topics else None
    return Past(at, store_of(states, live, at), gap, expected_of(states))


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
