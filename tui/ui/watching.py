"""Looks at states after they were asked for, all of them together, until each is judged done.

Invariants: one look a second, however many are watched; a clock that is set back makes none of them
longer than its deadline.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from tui.domain.systems import System
from tui.store.snapshot import Snapshot, Topic

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from tui.ops.watch import WatchVerdict
    from tui.ops.watch_engine import EngineWatch
    from tui.ops.watches import Watch
    from tui.store.poller import Poller
    from tui.store.store import Store

_EVERY = 1.0
"""Seconds between looks."""
Seen: TypeAlias = "Callable[[WatchVerdict], None]"


@dataclass(slots=True, eq=False)
class _Watched:
    """A watch, who is told of it, and how often it was looked at."""

    watch: "Watch"
    seen: Seen
    looks: int = 0

    def moment(self, now: datetime) -> datetime:
        """What its judge takes for the time: `now`, or what the looks took where that is later."""
        return max(now, self.watch.asked_at + timedelta(seconds=self.looks * _EVERY))


class Watching:
    """The watches that are under way."""

    def __init__(
        self, now: Callable[[System], datetime], sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        """`now` is the time by a system's clock."""
        self._now = now
        self._sleep = sleep
        self._pending: list[_Watched] = []
        self._is_looking = False

    def add(self, watch: "Watch", seen: Seen) -> bool:
        """Have `seen` told of every look until it is done; whether `look` must be started for it."""
        if _is_of_engine(watch):
            # There is one engine: what was asked of it before is overtaken.
            self._pending = [one for one in self._pending if not _is_of_engine(one.watch)]
        self._pending.append(_Watched(watch, seen))
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
        for one in tuple(self._pending):
            watch, one.looks = one.watch, one.looks + 1
            if _is_of_engine(watch):
                # While it does not answer its state is not known, whatever it was last.
                said = engine.data if engine.error is None else None
                now = one.moment(self._now(System.SUPEROFFICE))
                verdict = watch.judge(said, now, _asked_at(engine))
            else:
                now = one.moment(self._now(System.JTL))
                verdict = watch.judge(known.get(watch.sync_id), now, _asked_at(status))
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
