"""Shares one request between simultaneous callers.

Invariant: a response is only used by callers that started before it was requested.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")
_FRESH = 1.0
"""Seconds for which a response can be reused."""


class SingleFlight(Generic[T]):
    def __init__(self, ask: Callable[[], Awaitable[T]], monotonic: Callable[[], float]) -> None:
        self._ask, self._monotonic = ask, monotonic
        self._task: asyncio.Task[T] | None = None
        self._requested: float | None = None
        """When the request was sent; None: not yet."""
        self._answered: float | None = None

    async def answer(self, since: float) -> T:
        """The response to a request that was sent after `since`, by the same clock."""
        if self._task is None or not self._serves(since):
            self._requested = self._answered = None
            self._task = asyncio.ensure_future(self._asked())
            self._task.add_done_callback(_take_note)
        return await asyncio.shield(self._task)

    def _serves(self, since: float) -> bool:
        if self._requested is not None and self._requested <= since:
            return False
        return self._answered is None or self._monotonic() - self._answered <= _FRESH

    async def _asked(self) -> T:
        task = asyncio.current_task()
        self._requested = self._monotonic()
        try:
            return await self._ask()
        finally:
            if self._task is task:
                self._answered = self._monotonic()


def _take_note(task: asyncio.Task[T]) -> None:
    """Mark an exception as retrieved: every caller may have been cancelled."""
    if not task.cancelled():
        task.exception()
