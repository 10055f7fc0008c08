"""Polls the service for every topic and writes the results into the store.

Invariants: no failure ends polling; the next request is scheduled after the previous one ended; a
refresh sends a request at once, and the one request that it overtakes may still deliver until the newer
one does, so that repeated refreshing never starves a slow server; if a system does not respond at all,
one topic polls for all.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from math import inf
from typing import TYPE_CHECKING

from tui.api.errors import ErpError, Throttled, is_about_credentials
from tui.api.service import ErpService
from tui.domain.elapsed import elapsed
from tui.domain.profile import System
from tui.store.circuit_breaker import Breaker
from tui.store.poll_line import PollLine
from tui.store.snapshot import Topic, processing_error
from tui.store.store import Store

if TYPE_CHECKING:
    from tui.domain.jtl.extensions import Extension
    from tui.domain.jtl.workers import WorkerStatus

LONGEST_BACKOFF = 15.0
"""Seconds between two requests while they fail."""
HIDDEN_FACTOR = 4
LONGEST_HIDDEN = 60.0
"""Seconds between two polls of a topic that no screen shows, unless its own interval is longer."""
_PATIENCE = 2.0
"""Seconds for which a refresh by key waits for the running response, which may never come."""
_BETWEEN = 0.5
"""Seconds between two refreshes by key: a key held down must not use up a rate limit."""
_JITTER = 0.1
_GRACE_AT_CLOSE = 0.1
_GROWTH = 1.5
"""Growth factor of a streaming list between two publications."""


class Poller:
    def __init__(
        self,
        service: ErpService,
        store: Store,
        every: Mapping[Topic, float],
        *,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[float, float], float] = random.uniform,
        elapsed: Callable[[], float] = elapsed,
    ) -> None:
        """`every`: seconds per topic, of `status` those of `workers` unless given; none on demand."""
        self._service, self._store = service, store
        self._clock, self._monotonic, self._sleep, self._jitter = clock, monotonic, sleep, jitter
        self._elapsed = elapsed
        given = {Topic.STATUS: every[Topic.WORKERS], **every} if Topic.WORKERS in every else every
        paces = {**given, **{topic: inf for topic in Topic if topic.on_demand}}
        self._lines = {topic: PollLine(paces[topic]) for topic in paces if topic not in store.absent}
        self._breakers = {system: Breaker(self.every) for system in System}
        self._shown = frozenset(topic for topic in Topic if not topic.on_demand)
        self._paused = False
        self._deleted_too = False
        self._strange: set[str] = set()

    @property
    def paused(self) -> bool:
        """Whether only `refresh` sends requests."""
        return self._paused

    def every(self, topic: Topic) -> float:
        """Current seconds between two polls of `topic`; 0: not polled; infinite: on demand."""
        if topic not in self._lines:
            return 0.0
        every = self._lines[topic].every
        return every if topic in self._shown else max(every, min(every * HIDDEN_FACTOR, LONGEST_HIDDEN))

    def pace(self, topic: Topic) -> float:
        """Seconds within which a response was expected: a topic that has just come on screen is not late
        by its new interval before it was polled again."""
        every = self.every(topic)
        return max(every, self._lines[topic].pace) if every else every

    def start(self) -> None:
        """Poll everything now, and keep polling. Needs a running event loop."""
        self.refresh()

    def refresh(self, *topics: Topic) -> None:
        """Request `topics` at once (none given: all polled ones), also while paused or backing off."""
        wanted = self._wanted(topics)
        for topic, line in self._lines.items():
            if topic in wanted:
                line.wants_more = line.again = False
                self._restart(topic)

    def ask_again(self, *topics: Topic) -> None:
        """As `refresh`, by a key that may be held down: one request at a time, and never a queue.

        One more request follows the running one, however often the key comes; a hanging request is
        overtaken.
        """
        self._service.hurry()
        now = self._monotonic()
        for topic in self._wanted(topics):
            line = self._lines.get(topic)
            if line is None or line.planned:
                continue
            line.wants_more = False
            if line.loop in line.asking and now - line.began < _PATIENCE:
                if not line.again:
                    line.again = True
                    line.overtaking = asyncio.create_task(self._overtake(topic, line, line.began))
            else:
                line.again = False
                self._restart(topic, after=self._pause_by_key(line))
                line.planned = True

    async def _overtake(self, topic: Topic, line: PollLine, began: float) -> None:
        """Send the next request even if the running response does not come in time."""
        await self._sleep(began + _PATIENCE - self._monotonic())
        if line.again and line.began == began and line.loop in line.asking:
            line.again = False
            self._restart(topic)

    def _pause_by_key(self, line: PollLine) -> float:
        """Seconds until the next request by key may be sent."""
        now = self._monotonic()
        line.again_at = max(now, line.again_at + _BETWEEN)
        return line.again_at - now

    def more(self, topic: Topic) -> None:
        """Request the page after the known ones."""
        self._lines[topic].wants_more = True
        self._restart(topic)

    def is_asking(self, topic: Topic) -> bool:
        """Whether an on-demand request is running."""
        loop = self._lines[topic].loop if topic in self._lines else None
        return loop is not None and not loop.done()

    def waits(self, topic: Topic) -> float:
        """Seconds that the running request has waited for its response; 0: none is running."""
        line = self._lines.get(topic)
        is_asking = line is not None and line.loop in line.asking
        return self._monotonic() - line.began if line is not None and is_asking else 0.0

    def pause(self, on: bool) -> None:
        """Stop polling after the running requests, or poll everything and continue."""
        if on == self._paused:
            return
        self._paused = on
        if not on:
            self.start()
            return
        for line in self._lines.values():
            if line.loop is not None and line.loop not in line.asking:
                line.planned = False
                line.loop.cancel()

    def include_deleted(self, on: bool) -> None:
        """Include deleted connections, or no longer; at once."""
        self._deleted_too = on
        self.refresh(Topic.CONNECTIONS)

    def show(self, topics: frozenset[Topic]) -> None:
        """Set what is on screen: the rest slows down, new topics are polled when due."""
        appeared = [topic for topic in topics - self._shown if topic.on_demand]
        before = {topic: self.every(topic) for topic in self._lines}
        self._shown = self._with_followers(topics)
        for topic, line in self._lines.items():
            waits = line.loop is not None and line.loop not in line.asking and not line.loop.done()
            if (
                waits
                and not self._paused
                and not line.planned
                and line.failures == 0
                and self.every(topic) < before[topic]
            ):
                since = self._monotonic() - (line.ended or 0.0)
                self._restart(topic, after=max(0.0, self.every(topic) - since))
        if appeared:
            self.refresh(*appeared)

    async def aclose(self) -> None:
        """Stop at once; a connection that does not close is left behind."""
        tasks = {
            task
            for line in self._lines.values()
            for task in (line.loop, line.overtaken, line.overtaking)
            if task is not None and not task.done()
        }
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_GRACE_AT_CLOSE)

    def _wanted(self, topics: tuple[Topic, ...]) -> frozenset[Topic]:
        return self._with_followers(topics or tuple(one for one in self._lines if not one.on_demand))

    def _with_followers(self, topics: tuple[Topic, ...] | frozenset[Topic]) -> frozenset[Topic]:
        """The status belongs to the workers: both are on screen together, and requested together."""
        return frozenset(topics) | ({Topic.STATUS} if Topic.WORKERS in topics else frozenset())

    def _restart(self, topic: Topic, after: float = 0.0) -> None:
        line, old = self._lines[topic], self._lines[topic].loop
        if old is not None and not old.done():
            if old in line.asking and (line.overtaken is None or line.overtaken.done()):
                line.overtaken = old
            else:
                old.cancel()
        line.loop = asyncio.create_task(self._loop(topic, line, after), name=f"poll {topic}")

    async def _loop(self, topic: Topic, line: PollLine, after: float) -> None:
        me = asyncio.current_task()
        if after:
            await self._sleep(after)
        while True:
            line.asking.add(me)
            try:
                wait = await self._ask(topic, line)
            finally:
                line.asking.discard(me)
            if line.loop is me and line.again:
                line.again, line.planned = False, True
                await self._sleep(self._pause_by_key(line))
                continue
            if self._paused or line.loop is not me or topic.on_demand:
                return
            breaker = self._breakers[topic.system]
            if line.failures and breaker.holds_back(topic):
                await breaker.until_it_answers()
            else:
                await self._sleep(wait)

    async def _ask(self, topic: Topic, line: PollLine) -> float:
        """Send one request, publish the result, and return the seconds to wait."""
        line.generation += 1
        generation, began = line.generation, self._monotonic()
        line.began, line.planned = began, False
        try:
            await self._fetch(topic, generation, began)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            error: ErpError = _fault(topic, "the call was cancelled internally")
        except ErpError as failure:
            error = failure
        except Exception as fault:  # noqa: BLE001 - the poller: no failure ends polling
            error = _fault(topic, type(fault).__name__)
        else:
            line.failures, line.ended = 0, self._monotonic()
            if self._breakers[topic.system].answered(line.ended):
                self._poll_failed(topic)
            line.pace = max(self.every(topic), line.spread)
            return line.pace * self._jitter(1 - _JITTER, 1 + _JITTER)
        line.failures, line.ended = line.failures + 1, self._monotonic()
        took = line.ended - began
        self._record_failure(topic, generation, error, took)
        if not topic.on_demand:
            breaker = self._breakers[topic.system]
            breaker.failed(topic, error, began, line.ended)
            for other in self._beside(topic) if breaker.is_open else ():
                self._record_failure(other, self._lines[other].generation, error, took)
            if line.failures == 1 and is_about_credentials(error):
                self._poll_beside(topic)
        return self._backoff(topic, line.failures, error)

    def _beside(self, topic: Topic) -> list[Topic]:
        """The other polled topics of the same system."""
        return [
            other
            for other in self._lines
            if other.system is topic.system and other is not topic and not other.on_demand
        ]

    def _poll_failed(self, topic: Topic) -> None:
        """The system responds again: poll topics now that failed with it."""
        for other in self._beside(topic):
            if self._lines[other].failures == 0 and self._store.snapshot(other).error is not None:
                self._restart(other)

    def _poll_beside(self, topic: Topic) -> None:
        """Ask the others now, not at their next turn, whether the refused login is theirs as well."""
        for other in self._beside(topic):
            line = self._lines[other]
            is_due = line.loop is not None and line.loop not in line.asking and not line.planned
            if is_due and line.failures == 0 and not self._paused:
                self._restart(other)

    def _record_failure(self, topic: Topic, generation: int, error: ErpError, took: float) -> None:
        try:
            self._store.fail(topic, generation, error, at=self._clock(), took=took)
        except Exception as fault:  # noqa: BLE001 - the poller: a subscriber's error must not end polling
            asyncio.get_running_loop().call_exception_handler(
                {"message": f"a subscriber failed on {topic}", "exception": fault}
            )

    def _backoff(self, topic: Topic, failures: int, error: ErpError) -> float:
        if isinstance(error, Throttled) and error.retry_after is not None:
            return max(error.retry_after, min(self.every(topic), LONGEST_BACKOFF))
        doubled = self.every(topic) * 2.0 ** min(failures - 1, 10)
        wait = max(min(doubled, LONGEST_BACKOFF), self._lines[topic].spread)
        return wait * self._jitter(1 - _JITTER, 1 + _JITTER)

    async def read_once(self, topic: Topic) -> ErpError | None:
        """Read a topic without polling it; the failure, if any, is not stored."""
        try:
            await self._fetch(topic, 1, self._monotonic())
        except ErpError as failure:
            return failure
        return None

    async def _fetch(self, topic: Topic, generation: int, began: float) -> None:
        match topic:
            case Topic.WORKERS:
                self._publish(topic, generation, began, await self._service.jtl.workers())
            case Topic.STATUS:
                statuses = await self._service.jtl.worker_status()
                self._publish(topic, generation, began, statuses)
                self._look_for_new(statuses)
            case Topic.ENGINE:
                self._publish(topic, generation, began, await self._service.superoffice.engine_status())
            case Topic.CONNECTIONS:
                listed = await self._service.superoffice.connections(include_deleted=self._deleted_too)
                self._publish(topic, generation, began, listed)
            case Topic.EXTENSIONS:
                await self._fetch_pages(generation, began)
            case Topic.SYNC_LOG:
                await self._fetch_log(generation, began)

    def _look_for_new(self, statuses: "Sequence[WorkerStatus]") -> None:
        """Request the list, which is polled seldom, once the status names syncs that it lacks."""
        listed = self._store.snapshot(Topic.WORKERS).data
        strange = {one.id.lower() for one in statuses} - {sync.id.lower() for sync in listed or ()}
        if listed is not None and strange - self._strange and not self._paused:
            self._restart(Topic.WORKERS)
        self._strange = strange

    async def _fetch_pages(self, generation: int, began: float) -> None:
        """Publish the first page at once and then in growing steps: total work stays linear in the
        rows."""
        items: list[Extension] = []
        published, line = 0, self._lines[Topic.EXTENSIONS]
        line.pages = 0
        async for page in self._service.jtl.extensions():
            items.extend(page.items)
            line.pages += 1
            if page.last:
                break
            if len(items) >= published * _GROWTH:
                published = len(items)
                self._publish(Topic.EXTENSIONS, generation, began, tuple(items), complete=False)
        self._publish(Topic.EXTENSIONS, generation, began, tuple(items))

    async def _fetch_log(self, generation: int, began: float) -> None:
        """The newest page, or one more; the log's age is that of its newest page."""
        from tui.domain.superoffice.sync_log import SyncLog

        line = self._lines[Topic.SYNC_LOG]
        more, line.wants_more = line.wants_more, False
        before = self._store.snapshot(Topic.SYNC_LOG).data or SyncLog()
        page = await self._service.superoffice.sync_log(before.next if more else "")
        known = self._store.snapshot(Topic.SYNC_LOG)
        log = known.data or SyncLog()
        if more and known.fetched_at is not None:
            took = self._monotonic() - began
            at, data = known.fetched_at, log.extended(page)
            self._store.succeed(Topic.SYNC_LOG, generation, data, at=at, took=took, heard=known.heard)
        else:
            self._publish(Topic.SYNC_LOG, generation, began, log.refreshed(page))

    def _publish(
        self, topic: Topic, generation: int, began: float, data: object, *, complete: bool = True
    ) -> None:
        took = self._monotonic() - began
        at, heard = self._clock(), self._elapsed()
        self._store.succeed(topic, generation, data, at=at, took=took, complete=complete, heard=heard)


def _fault(topic: Topic, why: str) -> ErpError:
    return processing_error(topic.system, why, f"the response to {topic}")
