"""The known data of all topics: one snapshot per topic, written by the poller, read by everyone.

Invariants: old data stays through failures; a late response of an older generation changes nothing;
subscribers are called only when a topic's data, error or completeness changed, and after the state is
written; an error of one subscriber does not stop the others, and is then raised to the writer.
"""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, cast, overload

from tui.api.errors import Absent, ErpError
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import Worker, WorkerStatus, WorkerSync, join
from tui.domain.superoffice.engine import Connection, EngineObservation, EngineStatus
from tui.store.snapshot import Snapshot, Topic

if TYPE_CHECKING:
    from tui.domain.superoffice.sync_log import SyncLog

Subscriber = Callable[[Topic], None]
PollHook = Callable[[Topic, bool, datetime, float, ErpError | None], None]
"""Topic, whether it succeeded, when by our clock, seconds it took, and why it failed."""
Row = WorkerSync | WorkerStatus | Extension | Connection

_MOST_OBSERVATIONS = 200


class Store:
    def __init__(self, absent: frozenset[Topic] = frozenset()) -> None:
        """`absent`: topics of systems that the profile does not configure."""
        self.absent = absent
        self._snapshots: dict[Topic, Snapshot[Any]] = {
            topic: Snapshot(error=_absence(topic)) if topic in absent else Snapshot() for topic in Topic
        }
        self._subscribers: list[Subscriber] = []
        self._poll_hooks: list[PollHook] = []
        self._observations: deque[EngineObservation] = deque(maxlen=_MOST_OBSERVATIONS)
        self.observed_from: datetime | None = None
        """When the first result of the engine came, even a failure; None: not yet."""
        self._workers: tuple[Worker, ...] | None = None

    @overload
    def snapshot(self, topic: Literal[Topic.WORKERS]) -> Snapshot[tuple[WorkerSync, ...]]: ...
    @overload
    def snapshot(self, topic: Literal[Topic.STATUS]) -> Snapshot[tuple[WorkerStatus, ...]]: ...
    @overload
    def snapshot(self, topic: Literal[Topic.EXTENSIONS]) -> Snapshot[tuple[Extension, ...]]: ...
    @overload
    def snapshot(self, topic: Literal[Topic.ENGINE]) -> Snapshot[EngineStatus]: ...
    @overload
    def snapshot(self, topic: Literal[Topic.CONNECTIONS]) -> Snapshot[tuple[Connection, ...]]: ...
    @overload
    def snapshot(self, topic: Literal[Topic.SYNC_LOG]) -> "Snapshot[SyncLog]": ...
    @overload
    def snapshot(self, topic: Topic) -> Snapshot[object]: ...
    def snapshot(self, topic: Topic) -> Snapshot[Any]:
        return self._snapshots[topic]

    def workers(self) -> tuple[Worker, ...]:
        """Syncs joined with their statuses; the same object until one of them changes."""
        if self._workers is None:
            syncs, statuses = self.snapshot(Topic.WORKERS).data, self.snapshot(Topic.STATUS).data
            # Statuses alone would be rows without a name: they wait for the list, unless it fails.
            late = syncs is None and self.snapshot(Topic.WORKERS).error is None
            self._workers = join(syncs or (), () if late else statuses or ())
        return self._workers

    def observations(self) -> tuple[EngineObservation, ...]:
        """What polls of the engine showed, oldest first; one entry per change."""
        return tuple(self._observations)

    def subscribe(self, callback: Subscriber) -> None:
        """Call `callback` with a topic whenever it changed."""
        self._subscribers.append(callback)

    def on_polled(self, hook: PollHook) -> None:
        """Call `hook` after every result of a request, also one that changed nothing."""
        self._poll_hooks.append(hook)

    def announce(self, topic: Topic) -> None:
        """Call all subscribers for a change beside the snapshot of `topic`."""
        with ExitStack() as calls:
            for subscriber in reversed(self._subscribers):
                calls.callback(subscriber, topic)

    def succeed(
        self,
        topic: Topic,
        generation: int,
        data: object,
        *,
        at: datetime,
        took: float,
        complete: bool = True,
        heard: float | None = None,
    ) -> None:
        """Record a response; `complete` is False for a list with more pages to come; `heard` is `at` by
        the clock that nobody can set."""
        old = self._snapshots[topic]
        if self._is_late(topic, generation) or _would_shrink(old, data, complete=complete):
            return
        kept = _with_last_known(data, old.data)
        data = old.data if kept == old.data else kept
        new = Snapshot(data, at, took, None, generation, complete, heard)
        self._observe(topic, data if isinstance(data, EngineStatus) else None, None, at)
        self._replace(topic, new)
        if complete:
            self._polled(topic, at, took, None)

    def fail(
        self, topic: Topic, generation: int, error: ErpError, *, at: datetime, took: float = 0.0
    ) -> None:
        """Record a failure: the data stays, dated, with the cause beside it."""
        if self._is_late(topic, generation):
            return
        # A stored error must not keep the frames that it passed through alive.
        error.__traceback__ = error.__cause__ = error.__context__ = None
        old = self._snapshots[topic]
        self._observe(topic, None, error, at)
        self._replace(topic, replace(old, error=error, generation=generation))
        self._polled(topic, at, took, error)

    def _polled(self, topic: Topic, at: datetime, took: float, error: ErpError | None) -> None:
        for hook in self._poll_hooks:
            hook(topic, error is None, at, took, error)

    def _is_late(self, topic: Topic, generation: int) -> bool:
        return generation < self._snapshots[topic].generation

    def _replace(self, topic: Topic, new: Snapshot[Any]) -> None:
        old, self._snapshots[topic] = self._snapshots[topic], new
        if new.data is old.data and new.complete == old.complete and _alike(new.error, old.error):
            return
        if topic in (Topic.WORKERS, Topic.STATUS):
            self._workers = None
        self.announce(topic)

    def _observe(
        self, topic: Topic, status: EngineStatus | None, error: ErpError | None, at: datetime
    ) -> None:
        if topic is not Topic.ENGINE:
            return
        word = status.word if status else "unknown"
        message = error.sentence if error else (status and status.message) or ""
        last = self._observations[-1] if self._observations else None
        self.observed_from = self.observed_from or at
        if last is None or not last.agrees_with(word, message):
            self._observations.append(EngineObservation(at, word, message))
        elif last.message != message:
            self._observations[-1] = replace(last, message=message, until=at)


def _absence(topic: Topic) -> Absent:
    product = topic.system.product
    return Absent(
        system=topic.system,
        sentence=f"this profile does not configure {product}",
        next_step=f"add a [profiles.NAME.{topic.system}] table to the configuration",
    )


def _would_shrink(old: Snapshot[Any], data: object, *, complete: bool) -> bool:
    """Whether a partial list would replace a complete or a longer one."""
    if complete or old.data is None:
        return False
    return old.complete or len(cast("Sequence[Row]", data)) < len(old.data)


def _with_last_known(data: object, old: object) -> object:
    """Unreadable rows keep the last known values of the same identifier, unless several rows share
    it."""
    if not isinstance(data, tuple) or not isinstance(old, tuple):
        return data
    if not any(row.problem for row in data):
        return data
    known = {row.id: row for row in old}
    return tuple(
        _marked(row, known.get(row.id)) if row.problem and not row.doubled else row for row in data
    )


def _marked(row: Row, known: Row | None) -> Row:
    return row if known is None else replace(known, problem=row.problem, raw=row.raw or known.raw)


def _alike(new: ErpError | None, old: ErpError | None) -> bool:
    """Whether the display would not change; request ids and paths always differ."""
    if new is None or old is None:
        return new is old
    return type(new) is type(old) and (new.sentence, new.next_step) == (old.sentence, old.next_step)
