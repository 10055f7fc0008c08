"""Looks at states after they were asked for, all of them together, until each is judged done.

Invariant: one look a second, however many are watched.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from tui.domain.systems import System
from tui.ops.watch import WatchVerdict
from tui.ops.watch_engine import EngineWatch
from tui.ops.watches import Watch
from tui.store.poller import Poller
from tui.store.snapshot import Snapshot, Topic
from tui.store.store import Store

_EVERY = 1.0
"""Seconds between looks."""
Seen = Callable[[WatchVerdict], None]


class Watching:
    """The watches that are under way."""

    def __init__(
        self, now: Callable[[System], datetime], sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        """`now` is the time by a system's clock."""
        self._now = now
        self._sleep = sleep
        self._pending: list[tuple[Watch, Seen]] = []
        self._is_looking = False

    def add(self, watch: Watch, seen: Seen) -> bool:
        """Have `seen` told of every look until it is done; whether `look` must be started for it."""
        if isinstance(watch, EngineWatch):
            # There is one engine: what was asked of it before is overtaken.
            self._pending = [one for one in self._pending if not isinstance(one[0], EngineWatch)]
        self._pending.append((watch, seen))
        starts, self._is_looking = not self._is_looking, True
        return starts

    async def look(self, store: Store, poller: Poller) -> None:
        """Look until nothing is watched any more."""
        try:
            while self._pending:
                await self._sleep(_EVERY)
                self._judge(store)
                topics = dict.fromkeys(_topic(watch) for watch, _ in self._pending)
                due = [topic for topic in topics if store.snapshot(topic).error is None]
                if due:
                    poller.refresh(*due)
        finally:
            self._is_looking = False

    def _judge(self, store: Store) -> None:
        status, engine = store.snapshot(Topic.STATUS), store.snapshot(Topic.ENGINE)
        known = {one.id: one for one in status.data or ()}
        for watch, seen in tuple(self._pending):
            if isinstance(watch, EngineWatch):
                # While it does not answer its state is not known, whatever it was last.
                said = engine.data if engine.error is None else None
                verdict = watch.judge(said, self._now(System.SUPEROFFICE), _asked_at(engine))
            else:
                now = self._now(System.JTL)
                verdict = watch.judge(known.get(watch.sync_id), now, _asked_at(status))
            if verdict.done:
                self._pending.remove((watch, seen))
            seen(verdict)


def _topic(watch: Watch) -> Topic:
    return Topic.ENGINE if isinstance(watch, EngineWatch) else Topic.STATUS


def _asked_at(snapshot: Snapshot[object]) -> datetime | None:
    """An answer that was on its way when the request went out tells of the time before."""
    return snapshot.fetched_at and snapshot.fetched_at - timedelta(seconds=snapshot.took or 0)
