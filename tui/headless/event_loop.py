"""The event loop of a command without a screen: signals end the work, and no thread is waited for."""

import asyncio
import signal
from collections.abc import Awaitable, Coroutine, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self, TypeVar

from tui.headless.output import say

if TYPE_CHECKING:
    from tui.core import Core

T = TypeVar("T")
GRACE = 3.0
"""Seconds that a response under way is waited for after a signal."""
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


class OwnLoop:
    """Runs one piece of work after the other; between them signals have the effect they had before."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()

    def run(self, work: Coroutine[object, object, T]) -> tuple[T | None, int]:
        """The result, or None; and the signal that ended the work or arrived with its last step."""
        return self._loop.run_until_complete(self._interruptible(work))

    async def _interruptible(self, work: Coroutine[object, object, T]) -> tuple[T | None, int]:
        caught: list[int] = []
        task = asyncio.ensure_future(work)

        def end(number: int) -> None:
            caught.append(number)
            task.cancel()

        before = {number: signal.getsignal(number) for number in _ENDING}
        for number in _ENDING:
            self._loop.add_signal_handler(number, end, number)
        try:
            result = await task
            # A signal that came with the last step arrives two turns of the loop later: it must not be
            # lost.
            for _ in range(2):
                await asyncio.sleep(0)
            return result, caught[0] if caught else 0
        except asyncio.CancelledError:
            return None, caught[0] if caught else signal.SIGINT
        finally:
            for number, handler in before.items():
                self._loop.remove_signal_handler(number)
                signal.signal(number, handler)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Unlike `asyncio.run`, do not wait for threads that are still resolving a name."""
        self._loop.close()


async def seen_through(call: Awaitable[T]) -> T:
    """The response to a call, even where a signal arrives while it is under way, if it comes soon after.

    The signal still counts: `stop_if_ending` obeys it, and the loop returns it.
    """
    asked = asyncio.ensure_future(call)
    try:
        return await asyncio.shield(asked)
    except asyncio.CancelledError:
        done, _ = await asyncio.wait({asked}, timeout=GRACE)
        if not done:
            asked.cancel()
            raise
        return asked.result()


def stop_if_ending() -> None:
    """Stop if a signal arrived together with the response."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


@contextmanager
def core_loop(core: "Core") -> Iterator[OwnLoop]:
    """A loop for work with `core`, which is closed at the end, after its warnings were said."""
    with OwnLoop() as loop:
        try:
            yield loop
        finally:
            for warning in (*core.warnings, *core.service.warnings):
                say(warning)
            loop.run(core.aclose())
