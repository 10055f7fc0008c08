"""What every screen is handed: the profile's facts, the clock, and the core once it is connected.

Writes leave the front end here, through the guard. A write belongs to the desk, not to the dialog
that started it: leaving the dialog neither stops nor repeats it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tui.api.service import RequestPreview
from tui.domain.changes import ControlWorker
from tui.domain.moments import age_text
from tui.domain.systems import ProfileFacts, System
from tui.ops.guard import Outcome, OutcomeKind
from tui.ops.registry import Danger, Operation
from tui.ops.watch import ControlWatch
from tui.store.freshness import Freshness, FreshnessKind, freshness
from tui.store.snapshot import Snapshot, Topic
from tui.ui.messages import ControlWatched, OperationFinished
from tui.ui.proposal import Proposal

if TYPE_CHECKING:
    from textual.message import Message

    from tui.wiring import Core

TOPICS_OF = {
    System.JTL: (Topic.WORKERS, Topic.STATUS, Topic.EXTENSIONS),
    System.SUPEROFFICE: (Topic.ENGINE, Topic.CONNECTIONS),
}
_WATCH_EVERY = 1.0
"""Seconds between looks at the status while the effect of a control action is awaited."""


class Desk:
    """The front end's one way to the core."""

    def __init__(
        self,
        facts: ProfileFacts,
        clock: Callable[[], datetime],
        post: Callable[["Message"], object],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.facts = facts
        self.clock = clock
        self._post = post
        self._sleep = sleep
        self._core: Core | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    # Reading.

    @property
    def core(self) -> "Core | None":
        """The core; None until it is connected."""
        return self._core

    def attach(self, core: "Core") -> None:
        """Take the core over; from now on the screens have data and operations."""
        self._core, self.facts = core, core.facts

    def now(self, system: System) -> datetime:
        """The time by the server's clock, so that ages are right where ours is off."""
        offset = self._core.service.clock_offset(system) if self._core else None
        return self.clock() + timedelta(seconds=offset or 0.0)

    def snapshot(self, topic: Topic) -> Snapshot[object]:
        """What is known of a topic."""
        return self._core.store.snapshot(topic) if self._core else Snapshot()

    def freshness(self, topic: Topic) -> Freshness:
        """How fresh a topic is."""
        if topic.system not in self.facts.systems:
            return Freshness(FreshnessKind.ABSENT, "not configured")
        if self._core is None:
            return Freshness(FreshnessKind.WAITING, "connecting…")
        return freshness(
            self.snapshot(topic),
            self._core.poller.every(topic),
            self.clock(),
            paused=self._core.poller.paused,
        )

    def as_of(self, topic: Topic) -> str:
        """The age of what a proposal rests on."""
        fetched = self.snapshot(topic).fetched_at
        if fetched is None:
            return "never received"
        age = max(0.0, (self.clock() - fetched).total_seconds())
        return f"{age_text(age)} old ({self.freshness(topic).text})"

    # Writing.

    def refusal(self, operation: Operation) -> str | None:
        """Why an operation cannot be done now, or None."""
        if operation.danger is Danger.READ:
            return None
        if self._core is None:
            return "not connected yet"
        return self._core.guard.refusal(operation)

    def preview(self, proposal: Proposal) -> RequestPreview | None:
        """The request that the proposal will send."""
        return self._core.guard.preview(proposal.write) if self._core else None

    def perform(self, proposal: Proposal) -> "asyncio.Future[Outcome]":
        """Send it, once, through the guard. The outcome is also posted as `OperationFinished`."""
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._spawn(self._perform(proposal, answer))
        return answer

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _perform(self, proposal: Proposal, answer: "asyncio.Future[Outcome]") -> None:
        assert self._core is not None  # noqa: S101 - `refusal` was asked first
        outcome = await self._core.guard.run(proposal.operation, proposal.write, proposal.changes)
        if not answer.cancelled():
            answer.set_result(outcome)
        self._post(OperationFinished(proposal, outcome))
        if outcome.kind is OutcomeKind.REFUSED:
            return
        self._core.poller.refresh(*_touched(proposal.operation))
        if isinstance(proposal.write, ControlWorker) and outcome.kind is not OutcomeKind.FAILED:
            self._spawn(self._watch(proposal, proposal.write))

    async def _watch(self, proposal: Proposal, write: ControlWorker) -> None:
        """Look at the status until the effect is seen or the deadline passes; say which."""
        assert self._core is not None  # noqa: S101 - only called after a write
        watch = ControlWatch(
            write.sync_id, proposal.target, write.action, proposal.status_before, self.now(System.JTL)
        )
        while True:
            await self._sleep(_WATCH_EVERY)
            known = {worker.id: worker for worker in self._core.store.workers()}
            worker = known.get(write.sync_id)
            verdict = watch.judge(worker.status if worker else None, self.now(System.JTL))
            if verdict.done:
                self._post(ControlWatched(verdict.sentence, changed=verdict.changed))
                return
            self._core.poller.refresh(Topic.STATUS)

    async def aclose(self) -> None:
        """Let go of everything at once; nothing is waited for but what the core must flush."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        if self._core is not None:
            await self._core.aclose()


def _touched(operation: Operation) -> tuple[Topic, ...]:
    family = operation.id.partition(".")[0]
    return {
        "worker": (Topic.WORKERS, Topic.STATUS),
        "extension": (Topic.EXTENSIONS,),
        "engine": (Topic.ENGINE, Topic.CONNECTIONS),
    }[family]
