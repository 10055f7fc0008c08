"""One breaker per system: while it does not answer at all, one topic tries for all of them.

Invariants: a system that answered while an ask was under way is not taken for dead by the end of that
ask; once anything of it answers, everything that waited is asked at once. Pure but for the waiting.
"""

import asyncio
from collections.abc import Callable

from tui.api.errors import ErpError, TimedOut, TlsFailed, Unreachable
from tui.store.snapshot import Topic

_DEAD = (Unreachable, TimedOut, TlsFailed)


class Breaker:
    """The breaker of one system."""

    def __init__(self, every: Callable[[Topic], float]) -> None:
        """`every`: seconds between two asks of a topic; the one that is asked most often tries."""
        self._every = every
        self._probe: Topic | None = None
        self._answered: float | None = None
        self._works = asyncio.Event()
        self._works.set()

    def holds_back(self, topic: Topic) -> bool:
        """Whether another topic tries in the place of this one."""
        return self._probe not in (None, topic)

    @property
    def is_open(self) -> bool:
        """Whether nothing of the system answers."""
        return not self._works.is_set()

    def answered(self, at: float) -> bool:
        """The system said something, be it a refusal, at this monotonic time; whether it was open."""
        was_open = self.is_open
        self._answered, self._probe = at, None
        self._works.set()
        return was_open

    def failed(self, topic: Topic, error: ErpError, began: float, at: float) -> None:
        """An ask that `began` then ended with `error`."""
        if not isinstance(error, _DEAD):
            self.answered(at)
        elif self._answered is None or self._answered < began:
            if self._probe is None or self._every(topic) < self._every(self._probe):
                self._probe = topic
            self._works.clear()

    async def until_it_answers(self) -> None:
        """Wait until something of the system answers."""
        await self._works.wait()
