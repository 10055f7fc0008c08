"""Looks at the status after control actions, all of them together, until each is judged done.

Invariant: one look a second, however many are watched.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from tui.ops.watch import ControlWatch, WatchVerdict
from tui.store.poller import Poller
from tui.store.snapshot import Topic
from tui.store.store import Store

_EVERY = 1.0
"""Seconds between looks."""
Seen = Callable[[WatchVerdict], None]


class Watching:
    """The watches that are under way."""

    def __init__(self, now: Callable[[], datetime], sleep: Callable[[float], Awaitable[None]]) -> None:
        """`now` is the time by the server's clock."""
        self._now = now
        self._sleep = sleep
        self._pending: list[tuple[ControlWatch, Seen]] = []

    def add(self, watch: ControlWatch, seen: Seen) -> bool:
        """Have `seen` told of every look until it is done; whether `look` must be started for it."""
        self._pending.append((watch, seen))
        return len(self._pending) == 1

    async def look(self, store: Store, poller: Poller) -> None:
        """Look until nothing is watched any more."""
        while self._pending:
            await self._sleep(_EVERY)
            status = store.snapshot(Topic.STATUS)
            known = {status.id: status for status in status.data or ()}
            # An answer that was on its way when the request went out tells of the time before.
            asked_at = status.fetched_at and status.fetched_at - timedelta(seconds=status.took or 0)
            for watch, seen in tuple(self._pending):
                verdict = watch.judge(known.get(watch.sync_id), self._now(), asked_at)
                if verdict.done:
                    self._pending.remove((watch, seen))
                seen(verdict)
            if self._pending and status.error is None:
                poller.refresh(Topic.STATUS)
