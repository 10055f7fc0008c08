"""One attempt at a time to get a secret, which something newer can overtake.

Invariant: of an attempt that was overtaken neither its result nor its failure is used, and nobody goes
on waiting for it.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from tui.api.errors import ErpError

T = TypeVar("T")


class Overtaken(Exception):
    """Something newer is known: what came of the attempt does not count."""


@dataclass(slots=True)
class Latest:
    """The attempts at one secret."""

    generation: int = 0
    """How often an attempt could have been overtaken."""
    _attempt: "asyncio.Task[Any] | None" = None

    def overtake(self) -> None:
        """Something newer is known: end the attempt that is under way."""
        self.generation += 1
        if self._attempt is not None:
            self._attempt.cancel()

    async def run(self, begin: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What comes of a new attempt.

        Raises:
            Overtaken: by something newer.
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
            raise Overtaken from None
        except ErpError:
            if generation == self.generation:
                raise
            raise Overtaken from None
        if generation != self.generation:
            raise Overtaken
        return result


def _is_cancelled() -> bool:
    """Whether it is the task itself that is to end."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
