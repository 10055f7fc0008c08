"""A run that is ended in the middle: what is under way has a moment to be answered and noted."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine

GRACE_S = 3.0
"""Seconds for which responses to what was sent are waited for."""


async def seen_out(work: Coroutine[object, object, None], leave: Callable[[], object]) -> None:
    """Do the work. Once this is cancelled, `leave` is called, which must have nothing new sent, and the
    work has a moment to end by itself; cancelled again, it ends at once."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        leave()
        try:
            await asyncio.wait({task}, timeout=GRACE_S)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        raise


class Pauses:
    """Waits that end at once where it leaves."""

    def __init__(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._sleep = sleep
        self._under_way: asyncio.Future[None] | None = None

    async def wait(self, seconds: float) -> None:
        self._under_way = pause = asyncio.ensure_future(self._sleep(seconds))
        try:
            await asyncio.wait({pause})
        finally:
            pause.cancel()
        if not pause.cancelled():
            pause.result()

    def cut(self) -> None:
        if self._under_way is not None:
            self._under_way.cancel()
