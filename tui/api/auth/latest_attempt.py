"""One attempt at a time to get a secret, which a newer secret can supersede.

Invariant: neither the result nor the failure of a superseded attempt is used, and no caller keeps
waiting for it.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from tui.api.errors import ErpError

T = TypeVar("T")


class Superseded(Exception):
    """A newer secret is known: the attempt's result does not count."""


@dataclass(slots=True)
class LatestAttempt:
    generation: int = 0
    """Incremented whenever a newer secret is known."""
    _attempt: "asyncio.Task[Any] | None" = None

    def supersede(self) -> None:
        """A newer secret is known: cancel the attempt in progress."""
        self.generation += 1
        if self._attempt is not None:
            self._attempt.cancel()

    async def run(self, begin: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The result of a new attempt.

        Raises:
            Superseded: by a newer secret.
            ErpError: the attempt failed.
        """
        generation = self.generation
        attempt: asyncio.Task[T] = asyncio.ensure_future(begin())
        self._attempt = attempt
        try:
            result = await attempt
        except asyncio.CancelledError:
            if generation == self.generation or _is_cancelled():
                raise
            raise Superseded from None
        except ErpError:
            if generation == self.generation:
                raise
            raise Superseded from None
        if generation != self.generation:
            raise Superseded
        return result


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
