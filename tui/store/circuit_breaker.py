"""One breaker per system: while it does not respond at all, one topic polls for all of them.

Invariants: a response during a request means that the system is not down, even if that request fails;
once anything responds, every waiting topic is polled at once. Pure except for waiting.
"""

import asyncio
from collections.abc import Callable

from tui.api.errors import ErpError, TimedOut, TlsFailed, Unreachable
from tui.store.snapshot import Topic

_DEAD = (Unreachable, TimedOut, TlsFailed)


class Breaker:
    def __init__(self, every: Callable[[Topic], float]) -> None:
        """`every`: seconds between two polls of a topic; the most frequent one probes."""
        self._every = every
        self._probe: Topic | None = None
        self._answered: float | None = None
        self._works = asyncio.Event()
        self._works.set()

    def holds_back(self, topic: Topic) -> bool:
        """Whether another topic probes instead of this one."""
        return self._probe not in (None, topic)

    @property
    def is_open(self) -> bool:
        """Whether nothing of the system responds."""
        return not self._works.is_set()

    def answered(self, at: float) -> bool:
        """Record a response, even a refusal, at a monotonic time; returns whether the breaker was
        open."""
        was_open = self.is_open
        self._answered, self._probe = at, None
        self._works.set()
        return was_open

    def failed(self, topic: Topic, error: ErpError, began: float, at: float) -> None:
        """Record that a request that `began` then ended with `error`."""
        if not isinstance(error, _DEAD):
            self.answered(at)
        elif self._answered is None or self._answered < began:
            if self._probe is None or self._every(topic) < self._every(self._probe):
                self._probe = topic
            self._works.clear()

    async def until_it_answers(self) -> None:
        await self._works.wait()
