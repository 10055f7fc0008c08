"""Polls states after a write, all watched ones together, until each is judged done.

Invariants: one poll a second, however many are watched; a response that was requested before the
deadline never ends a watch as without effect.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from tui.store.snapshot import Snapshot, Topic

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from tui.ops.execution.engine_watch import EngineWatch, Watch
    from tui.ops.execution.watch_time import Waited
    from tui.ops.execution.worker_watch import WatchVerdict
    from tui.store.poller import Poller
    from tui.store.store import Store

_EVERY = 1.0
"""Seconds between polls."""
VerdictHandler: TypeAlias = "Callable[[WatchVerdict], None]"


@dataclass(slots=True, eq=False)
class _Watched:
    """A watch, who is notified, and how long it has waited."""

    watch: "Watch"
    on_verdict: VerdictHandler
    waited: "Waited"

    @property
    def moment(self) -> datetime:
        """The time for the judge."""
        return self.watch.asked_at + timedelta(seconds=self.waited.seconds)


class EffectWatcher:
    """The watches that are under way."""

    def __init__(self, clock: Callable[[], datetime], sleep: Callable[[float], Awaitable[None]]) -> None:
        """`clock` is our own, by which answers are dated."""
        self._clock = clock
        self._sleep = sleep
        self._pending: list[_Watched] = []
        self._is_polling = False

    def add(self, watch: "Watch", on_verdict: VerdictHandler) -> bool:
        """Call `on_verdict` after every poll until it is done; returns whether to start `poll`."""
        from tui.ops.execution.watch_time import Waited

        if _is_of_engine(watch):
            # There is one engine: a newer request replaces the older watch.
            self._pending = [one for one in self._pending if not _is_of_engine(one.watch)]
        self._pending.append(_Watched(watch, on_verdict, Waited(self._clock(), watch.deadline_s)))
        starts, self._is_polling = not self._is_polling, True
        return starts

    async def poll(self, store: "Store", poller: "Poller") -> None:
        """Poll until nothing is watched any more."""
        try:
            while self._pending:
                await self._sleep(_EVERY)
                self._judge(store)
                topics = dict.fromkeys(_topic(one.watch) for one in self._pending)
                due = [topic for topic in topics if store.snapshot(topic).error is None]
                if due:
                    poller.refresh(*due)
        finally:
            self._is_polling = False

    def _judge(self, store: "Store") -> None:
        status, engine = store.snapshot(Topic.STATUS), store.snapshot(Topic.ENGINE)
        known = {one.id: one for one in status.data or ()}
        now = self._clock()
        for one in tuple(self._pending):
            watch, waited = one.watch, one.waited
            waited.look(now)
            if _is_of_engine(watch):
                # While the engine does not respond its state is unknown, whatever it was last.
                reported, asked_at = engine.data if engine.error is None else None, _asked_at(engine)
                verdict = watch.judge(reported, one.moment, asked_at, fresh=waited.tells(asked_at))
            else:
                row, asked_at = known.get(watch.sync_id), _asked_at(status)
                verdict = watch.judge(row, one.moment, asked_at, fresh=waited.tells(asked_at))
            if verdict.done:
                self._pending.remove(one)
            one.on_verdict(verdict)


def _is_of_engine(watch: "Watch") -> "TypeIs[EngineWatch]":
    from tui.ops.execution.engine_watch import EngineWatch

    return isinstance(watch, EngineWatch)


def _topic(watch: "Watch") -> Topic:
    return Topic.ENGINE if _is_of_engine(watch) else Topic.STATUS


def _asked_at(snapshot: Snapshot[object]) -> datetime | None:
    """When the read was sent: a response that was already on its way shows the time before the write."""
    return snapshot.fetched_at and snapshot.fetched_at - timedelta(seconds=snapshot.took or 0)
