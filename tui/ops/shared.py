"""One question for many who ask at once.

Invariant: an answer serves only those who began to ask before it was requested.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")
_FRESH = 1.0
"""Seconds for which an answer still serves."""


class Shared(Generic[T]):
    """Asks once for all who ask at the same time."""

    def __init__(self, ask: Callable[[], Awaitable[T]], monotonic: Callable[[], float]) -> None:
        self._ask, self._monotonic = ask, monotonic
        self._task: asyncio.Task[T] | None = None
        self._requested: float | None = None
        """When the question went out; None: it has not yet."""
        self._answered: float | None = None

    async def answer(self, since: float) -> T:
        """The answer to a question that was sent after `since`, by the same clock."""
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
    """Whoever asked may have gone; a failure is then nobody's."""
    if not task.cancelled():
        task.exception()
