"""What is asked for one thing at a time, such as a connection's summary: the last answer of each.

Invariants: only what is wanted is asked for, a few at once; a failure keeps the older answer, is told
with its time, and spoils no other; whoever listens hears of nothing that reads the same.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from math import inf
from typing import Generic, TypeVar

from tui.api.errors import ErpError
from tui.domain.systems import System
from tui.store.fault import not_taken

K = TypeVar("K")
T = TypeVar("T")
_NOT_YET = -inf
_AFTER_FAILURE = 30.0
"""Seconds, unless an answer is due sooner."""
_BETWEEN = 0.5
"""Seconds between two asks by a key that is held down."""
_GRACE_AT_CLOSE = 0.1
"""Seconds; a connection that does not let go is left behind."""


@dataclass(frozen=True, slots=True)
class Heard(Generic[T]):
    """The state of our knowledge of one thing."""

    data: T | None = None
    """Kept through failures; None before the first answer."""
    at: datetime | None = None
    """When `data` came, by our clock."""
    error: ErpError | None = None
    """Of the last ask; None after a success."""
    failed_at: datetime | None = None
    """When that was."""
    asking: bool = False
    """Whether an operator asked for it and waits."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How is asked, common to several questions."""

    tell: Callable[[], object]
    """Called whenever something new is known."""
    clock: Callable[[], datetime]
    monotonic: Callable[[], float]
    at_once: asyncio.Semaphore
    """Bounds the asks in flight."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


class Answers(Generic[K, T]):
    """The answers to one question, by what it is asked of."""

    def __init__(
        self,
        ask: Callable[[K], Awaitable[T]],
        asking: Asking,
        every: float = 0.0,
    ) -> None:
        """`every`: seconds after which an answer is due again; 0: never by itself."""
        self._ask, self._asking, self._every = ask, asking, every
        self._heard: dict[K, Heard[T]] = {}
        self._tried: dict[K, float] = {}
        """Monotonic time of the end of the last ask."""
        self._tasks: dict[K, asyncio.Task[None]] = {}
        self._anew: set[K] = set()
        """Those that an operator asked for while they were being asked for."""
        self._by_key: dict[K, float] = {}
        """Monotonic time for which the last ask by a held key was planned."""
        self._planned: set[K] = set()
        """Those of which it is still to come."""

    def of(self, key: K) -> Heard[T]:
        """What is known of `key`."""
        return self._heard.get(key) or Heard()

    def want(self, keys: Iterable[K]) -> None:
        """Ask for those that were not asked for, or not lately."""
        now = self._asking.monotonic()
        for key in keys:
            waited = now - self._tried.get(key, _NOT_YET)
            if waited >= self._pause(key) and key not in self._tasks:
                self._start(key)

    def _pause(self, key: K) -> float:
        """Seconds from the last ask to the next."""
        if self._every <= 0:
            return inf
        return self._every if self.of(key).error is None else min(self._every, _AFTER_FAILURE)

    def ask(self, keys: Iterable[K]) -> None:
        """Ask for them now, and show that they are being asked for; where an older ask is under way,
        after it: its answer may be of what was before."""
        for key in keys:
            self._heard[key] = replace(self.of(key), asking=True)
            if key in self._tasks:
                self._anew.add(key)
            else:
                self._start(key)
        self._asking.tell()

    def ask_again(self, keys: Iterable[K]) -> None:
        """Ask for them by a key that may be held down: one request at a time, and one after it."""
        for key in keys:
            if key not in self._tasks:
                self._start(key, self._pause_by_key(key))
            elif key not in self._planned:
                self._anew.add(key)

    def _pause_by_key(self, key: K) -> float:
        """Seconds until the next ask by key may go out."""
        now = self._asking.monotonic()
        self._by_key[key] = max(now, self._by_key.get(key, _NOT_YET) + _BETWEEN)
        return self._by_key[key] - now

    async def aclose(self) -> None:
        """Stop at once."""
        tasks = set(self._tasks.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_GRACE_AT_CLOSE)

    def _start(self, key: K, after: float = 0.0) -> None:
        self._tasks[key] = asyncio.ensure_future(self._answer(key, after))
        if after > 0:
            self._planned.add(key)

    async def _answer(self, key: K, after: float) -> None:
        try:
            if after > 0:
                await self._asking.sleep(after)
            self._planned.discard(key)
            async with self._asking.at_once:
                now = await self._outcome(key)
        finally:
            del self._tasks[key]
        if key in self._anew:
            self._anew.discard(key)
            self._start(key, self._pause_by_key(key) if key in self._by_key else 0.0)
            now = replace(now, asking=True)
        before, self._heard[key] = self.of(key), now
        self._tried[key] = self._asking.monotonic()
        if before.asking or _differs(now, before):
            self._asking.tell()

    async def _outcome(self, key: K) -> Heard[T]:
        try:
            data = await self._ask(key)
        except ErpError as failure:
            error: ErpError = failure
        except Exception as fault:  # noqa: BLE001 - as the poller: one fault spoils no other answer
            error = not_taken(System.SUPEROFFICE, type(fault).__name__)
        else:
            return Heard(data, self._asking.clock())
        # A kept error must not keep the frames it passed through alive.
        error.__traceback__ = error.__cause__ = error.__context__ = None
        return replace(self.of(key), error=error, failed_at=self._asking.clock(), asking=False)


def _differs(now: Heard[T], before: Heard[T]) -> bool:
    """Whether an operator would read something else."""
    said, was = (one.error and one.error.sentence for one in (now, before))
    return now.data != before.data or said != was
