"""The event loop of a command without a screen: signals end what it does, no thread is waited for."""

import asyncio
import signal
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class OwnLoop:
    """Does one piece of work after the other; between them signals do what they always do."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()

    def run(self, work: Coroutine[object, object, T]) -> tuple[T | None, int]:
        """The result, or None, and the signal that ended it or came with its last step."""
        return self._loop.run_until_complete(self._interruptible(work))

    async def _interruptible(self, work: Coroutine[object, object, T]) -> tuple[T | None, int]:
        caught: list[int] = []
        task = asyncio.ensure_future(work)

        def end(number: int) -> None:
            caught.append(number)
            task.cancel()

        for number in _ENDING:
            self._loop.add_signal_handler(number, end, number)
        try:
            result = await task
            # A signal that came with the last step is heard two turns later: it must not be lost.
            for _ in range(2):
                await asyncio.sleep(0)
            return result, caught[0] if caught else 0
        except asyncio.CancelledError:
            return None, caught[0] if caught else signal.SIGINT
        finally:
            for number in _ENDING:
                self._loop.remove_signal_handler(number)

    def close(self) -> None:
        """Unlike `asyncio.run`, not waiting for threads that still look up a name."""
        self._loop.close()


@contextmanager
def own_loop() -> Iterator[OwnLoop]:
    """A loop for the time of a command."""
    loop = OwnLoop()
    try:
        yield loop
    finally:
        loop.close()
