"""Looks at states after they were asked for, all of them together, until each is judged done.

Invariants: one look a second, however many are watched; none is said to have had no effect by what was
asked for before its deadline.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from tui.store.snapshot import Snapshot, Topic

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from tui.ops.watch import WatchVerdict
    from tui.ops.watch_engine import EngineWatch
    from tui.ops.watch_time import Waited
    from tui.ops.watches import Watch
    from tui.store.poller import Poller
    from tui.store.store import Store

_EVERY = 1.0
"""Seconds between looks."""
Seen: TypeAlias = "Callable[[WatchVerdict], None]"


@dataclass(slots=True, eq=False)
class _Watched:
    """A watch, who is told of it, and how long it has looked."""

    watch: "Watch"
    seen: Seen
    waited: "Waited"

    @property
    def moment(self) -> datetime:
        """What its judge takes for the time."""
        return self.watch.asked_at + timedelta(seconds=self.waited.seconds)


class Watching:
    """The watches that are under way."""

    def __init__(self, clock: Callable[[], datetime], sleep: Callable[[float], Awaitable[None]]) -> None:
        """`clock` is our own, by which answers are dated."""
        self._clock = clock
        self._sleep = sleep
        self._pending: list[_Watched] = []
        self._is_looking = False

    def add(self, watch: "Watch", seen: Seen) -> bool:
        """Have `seen` told of every look until it is done; whether `look` must be started for it."""
        from tui.ops.watch_time import Waited

        if _is_of_engine(watch):
            # There is one engine: what was asked of it before is overtaken.
            self._pending = [one for one in self._pending if not _is_of_engine(one.watch)]
        self._pending.append(_Watched(watch, seen, Waited(self._clock(), watch.deadline_s)))
        starts, self._is_looking = not self._is_looking, True
        return starts

    async def look(self, store: "Store", poller: "Poller") -> None:
        """Look until nothing is watched any more."""
        try:
            while self._pending:
                await self._sleep(_EVERY)
                self._judge(store)
                topics = dict.fromkeys(_topic(one.watch) for one in self._pending)
                due = [topic for topic in topics if store.snapshot(topic).error is None]
                if due:
                    poller.refresh(*due)
        finally:
            self._is_looking = False

    def _judge(self, store: "Store") -> None:
        status, engine = store.snapshot(Topic.STATUS), store.snapshot(Topic.ENGINE)
        known = {one.id: one for one in status.data or ()}
        now = self._clock()
        for one in tuple(self._pending):
            watch, waited = one.watch, one.waited
            waited.look(now)
            if _is_of_engine(watch):
                # While it does not answer its state is not known, whatever it was last.
                said, asked_at = engine.data if engine.error is None else None, _asked_at(engine)
                verdict = watch.judge(said, one.moment, asked_at, fresh=waited.tells(asked_at))
            else:
                row, asked_at = known.get(watch.sync_id), _asked_at(status)
                verdict = watch.judge(row, one.moment, asked_at, fresh=waited.tells(asked_at))
            if verdict.done:
                self._pending.remove(one)
            one.seen(verdict)


def _is_of_engine(watch: "Watch") -> "TypeIs[EngineWatch]":
    from tui.ops.watch_engine import EngineWatch

    return isinstance(watch, EngineWatch)


def _topic(watch: "Watch") -> Topic:
    return Topic.ENGINE if _is_of_engine(watch) else Topic.STATUS


def _asked_at(snapshot: Snapshot[object]) -> datetime | None:
    """An answer that was on its way when the request went out tells of the time before."""
    return snapshot.fetched_at and snapshot.fetched_at - timedelta(seconds=snapshot.took or 0)
