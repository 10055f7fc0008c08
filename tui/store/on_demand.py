"""Data requested for one item at a time, such as a connection's summary: the last response of each.

Invariants: requests only what is wanted, a few at once; a failure keeps the older data, is shown with
its time, and does not affect others; listeners are not called if the display would not change.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import datetime
from math import inf
from typing import Generic, TypeVar

from tui.api.errors import ErpError
from tui.domain.profile import System
from tui.frozen import frozen
from tui.store.snapshot import processing_error

K = TypeVar("K")
T = TypeVar("T")
_NOT_YET = -inf
_AFTER_FAILURE = 30.0
"""Seconds, unless a response is due sooner."""
_BETWEEN = 0.5
"""Seconds between two requests by a key that is held down."""
_GRACE_AT_CLOSE = 0.1
"""Seconds to wait for a connection to close."""


@frozen
class OnDemandValue(Generic[T]):
    data: T | None = None
    """Kept through failures; None before the first response."""
    at: datetime | None = None
    """When `data` arrived, by our clock."""
    error: ErpError | None = None
    """Of the last request; None after a success."""
    failed_at: datetime | None = None
    """The time of `error`."""
    asking: bool = False
    """Whether an operator requested it and waits."""


@frozen
class Asking:
    """Parameters that several kinds of requests share."""

    notify: Callable[[], object]
    """Called after every change."""
    clock: Callable[[], datetime]
    monotonic: Callable[[], float]
    at_once: asyncio.Semaphore
    """Limits concurrent requests."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


class OnDemandValues(Generic[K, T]):
    def __init__(
        self,
        ask: Callable[[K], Awaitable[T]],
        asking: Asking,
        every: float = 0.0,
    ) -> None:
        """`every`: seconds after which a response is due again; 0: never automatically."""
        self._ask, self._asking, self._every = ask, asking, every
        self._heard: dict[K, OnDemandValue[T]] = {}
        self._tried: dict[K, float] = {}
        """Monotonic time of the end of the last request."""
        self._tasks: dict[K, asyncio.Task[None]] = {}
        self._again: set[K] = set()
        """Items that an operator requested during a request for them."""
        self._by_key: dict[K, float] = {}
        """Monotonic time planned for the last request by a held key."""
        self._planned: set[K] = set()
        """Items whose planned request is still to come."""

    def of(self, key: K) -> OnDemandValue[T]:
        return self._heard.get(key) or OnDemandValue()

    def want(self, keys: Iterable[K]) -> None:
        """Request those without data, or with old data."""
        now = self._asking.monotonic()
        for key in keys:
            waited = now - self._tried.get(key, _NOT_YET)
            if waited >= self._pause(key) and key not in self._tasks:
                self._start(key)

    def _pause(self, key: K) -> float:
        """Seconds from the last request to the next."""
        if self._every <= 0:
            return inf
        return self._every if self.of(key).error is None else min(self._every, _AFTER_FAILURE)

    def ask(self, keys: Iterable[K]) -> None:
        """Request them now, and show that; if an older request is running, after it: its response may
        be out of date."""
        for key in keys:
            self._heard[key] = replace(self.of(key), asking=True)
            if key in self._tasks:
                self._again.add(key)
            else:
                self._start(key)
        self._asking.notify()

    def ask_again(self, keys: Iterable[K]) -> None:
        """Request them by a key that may be held down: one request at a time, and one after it."""
        for key in keys:
            if key not in self._tasks:
                self._start(key, self._pause_by_key(key))
            elif key not in self._planned:
                self._again.add(key)

    def _pause_by_key(self, key: K) -> float:
        """Seconds until the next request by key may be sent."""
        now = self._asking.monotonic()
        self._by_key[key] = max(now, self._by_key.get(key, _NOT_YET) + _BETWEEN)
        return self._by_key[key] - now

    async def aclose(self) -> None:
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
        if key in self._again:
            self._again.discard(key)
            self._start(key, self._pause_by_key(key) if key in self._by_key else 0.0)
            now = replace(now, asking=True)
        before, self._heard[key] = self.of(key), now
        self._tried[key] = self._asking.monotonic()
        if before.asking or _differs(now, before):
            self._asking.notify()

    async def _outcome(self, key: K) -> OnDemandValue[T]:
        try:
            data = await self._ask(key)
        except ErpError as failure:
            error: ErpError = failure
        except Exception as fault:  # noqa: BLE001 - as the poller: one error does not affect other items
            error = processing_error(System.SUPEROFFICE, type(fault).__name__)
        else:
            return OnDemandValue(data, self._asking.clock())
        # A stored error must not keep the frames that it passed through alive.
        error.__traceback__ = error.__cause__ = error.__context__ = None
        return replace(self.of(key), error=error, failed_at=self._asking.clock(), asking=False)


def _differs(now: OnDemandValue[T], before: OnDemandValue[T]) -> bool:
    """Whether the display would change."""
    new, old = (one.error and one.error.sentence for one in (now, before))
    return now.data != before.data or new != old
