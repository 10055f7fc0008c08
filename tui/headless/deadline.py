"""`--timeout`: what has not responded by then counts as unreachable, and the stage is said."""

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from tui.api.errors import TimedOut
from tui.api.service import ErpService
from tui.api.stages import Stages, stages
from tui.domain.profile import System
from tui.frozen import frozen
from tui.headless.exit_codes import UNREACHABLE

T = TypeVar("T")
_LAST_WAIT = 0.3
"""Seconds that a call which was given up may take to clean up, such as ending a secret command."""


@frozen
class _Limit:
    seconds: float
    ends: float
    """By the clock of the event loop."""
    stages: Stages


_limit: ContextVar[_Limit | None] = ContextVar("time limit", default=None)


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """All calls inside end together after so many seconds; None: each has only its own limits."""
    if seconds is None:
        yield
        return
    with stages() as noted:
        ends = asyncio.get_running_loop().time() + seconds
        token = _limit.set(_Limit(seconds, ends, noted))
        try:
            yield
        finally:
            _limit.reset(token)


async def asked(work: Coroutine[Any, Any, T], service: ErpService, seconds: float | None) -> T:
    """What is read within so many seconds, if limited; the service is closed then."""
    try:
        with time_limit(seconds):
            return await work
    finally:
        await service.aclose()


@contextmanager
def process_ends_after(seconds: float | None, tell: Callable[[], object]) -> Iterator[None]:
    """End the process with 3 where no other limit helps: a file that hangs holds the event loop.

    `tell` is called before; None: never.
    """
    if seconds is None:
        yield
        return

    def give_up() -> None:
        try:
            tell()
        finally:
            os._exit(UNREACHABLE)

    timer = threading.Timer(seconds, give_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


async def in_time(system: System, call: Awaitable[T]) -> T:
    """The result of a call. Raises TimedOut: the limit has passed."""
    limit = _limit.get()
    if limit is None:
        return await call
    task = asyncio.ensure_future(call)
    try:
        left = limit.ends - asyncio.get_running_loop().time()
        done, _ = await asyncio.wait({task}, timeout=max(0.0, left))
        # Once it is cancelled, it is in no stage any longer.
        stage = limit.stages.earliest(system)
    finally:
        task.cancel()
    if done:
        return task.result()
    await asyncio.wait({task}, timeout=_LAST_WAIT)
    raise TimedOut(
        system=system,
        sentence=f"timed out after {limit.seconds:g} s while {stage}",
        next_step="Raise --timeout if the server is that slow",
    )
