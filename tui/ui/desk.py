"""What every screen is handed: the profile's facts, the clock, and the core once it is connected.

Writes leave the front end here, through the guard. A write belongs to the desk, not to the dialog
that started it: leaving the dialog neither stops nor repeats it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tui.api.service import RequestPreview
from tui.domain.changes import ControlWorker
from tui.domain.moments import age_text
from tui.domain.systems import ProfileFacts, System
from tui.domain.workers import Worker, WorkerSync
from tui.ops.drafts import DraftKey
from tui.ops.findings import APPLIED, UNKNOWN
from tui.ops.guard import Outcome, OutcomeKind
from tui.ops.proposal import Proposal
from tui.ops.registry import Danger, Operation
from tui.ops.trail import Finding
from tui.ops.watch import ControlWatch, WatchVerdict
from tui.store.freshness import Freshness, FreshnessKind, freshness
from tui.store.snapshot import Snapshot, Topic
from tui.ui.messages import ControlWatched, OperationFinished

if TYPE_CHECKING:
    from textual.message import Message

    from tui.ops.draft_keeper import DraftKeeper
    from tui.wiring import Core

_WATCH_EVERY = 1.0
"""Seconds between looks at the status while the effect of a control action is awaited."""


class Desk:
    """The front end's one way to the core."""

    def __init__(
        self,
        facts: ProfileFacts,
        clock: Callable[[], datetime],
        post: Callable[["Message"], object],
        report: Callable[[Exception], str],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`post` takes what happened, `report` keeps a fault and says where."""
        self.facts = facts
        self.clock = clock
        self._post = post
        self._report = report
        self._sleep = sleep
        self._core: Core | None = None
        self._sending = 0
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
            self._core.poller.pace(topic),
            self.clock(),
            paused=self._core.poller.paused,
        )

    def sharing(self, sync: WorkerSync) -> tuple[str, ...]:
        """The names of the other syncs of the same kind: they share its options."""
        known = self._core.store.snapshot(Topic.WORKERS).data if self._core else None
        same = (one for one in known or () if one.kind == sync.kind and one.id != sync.id)
        return tuple(Worker(one.id, one, None).name for one in same)

    def age_since(self, at: datetime) -> str:
        """How long ago that was, by our own clock."""
        return f"{age_text(max(0.0, (self.clock() - at).total_seconds()))} ago"

    def age_of(self, snapshot: Snapshot[object]) -> str:
        """How old a snapshot is now."""
        if snapshot.fetched_at is None:
            return "never received"
        return f"{age_text(max(0.0, (self.clock() - snapshot.fetched_at).total_seconds()))} old"

    # Writing.

    def refusal(self, operation: Operation) -> str | None:
        """Why an operation cannot be done now, or None."""
        if operation.danger is Danger.READ:
            return None
        if self._core is None:
            return "not connected yet"
        return self._core.guard.refusal(operation)

    def preview(self, proposal: Proposal) -> RequestPreview:
        """The request that the proposal will send.

        Raises:
            ErpError: it is not known yet which request that is.
        """
        assert self._core is not None  # noqa: S101 - `refusal` was asked first
        return self._core.guard.preview(proposal.write)

    @property
    def is_sending(self) -> bool:
        """Whether a write has been sent and not been answered."""
        return self._sending > 0

    @property
    def drafts(self) -> "DraftKeeper | None":
        """Where forms keep what was typed; None until the core is connected."""
        return self._core.drafts if self._core else None

    def perform(self, proposal: Proposal, draft: DraftKey | None = None) -> "asyncio.Future[Outcome]":
        """Send it, once, through the guard. The outcome is also posted as `OperationFinished`.

        `draft`: the form's that it comes from; forgotten once it was applied.
        """
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._spawn(self._perform(proposal, answer, draft))
        return answer

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _perform(
        self, proposal: Proposal, answer: "asyncio.Future[Outcome]", draft: DraftKey | None
    ) -> None:
        assert self._core is not None  # noqa: S101 - `refusal` was asked first
        sent_at = self.clock()
        self._sending += 1
        try:
            outcome = await self._outcome(self._core, proposal)
        finally:
            self._sending -= 1
        if draft is not None and outcome.kind is OutcomeKind.APPLIED:
            self._core.drafts.drop(draft)
        if not answer.cancelled():
            answer.set_result(outcome)
        self._post(OperationFinished(proposal, outcome))
        if outcome.kind is OutcomeKind.REFUSED:
            return
        self._core.poller.refresh(*_touched(proposal.operation))
        may_be_done = outcome.kind in (OutcomeKind.APPLIED, OutcomeKind.UNKNOWN)
        if may_be_done and isinstance(proposal.write, ControlWorker):
            self._spawn(self._watch(proposal, proposal.write, sent_at, outcome))

    async def _outcome(self, core: "Core", proposal: Proposal) -> Outcome:
        """The worker boundary: a fault of ours ends the operation, not the console."""
        try:
            return await core.conduct.perform(proposal)
        except Exception as fault:  # noqa: BLE001 - a named place for it
            sentence = f"a fault in syncdeck ({type(fault).__name__}); whether it was applied is unknown"
            step = f"look at the target before trying again; {self._report(fault)}"
            return Outcome(OutcomeKind.UNKNOWN, sentence, step, self.clock())

    async def _watch(
        self, proposal: Proposal, write: ControlWorker, sent_at: datetime, outcome: Outcome
    ) -> None:
        """Look at the status until the effect is seen or the deadline passes; say which."""
        assert self._core is not None  # noqa: S101 - only called after a write
        watch = ControlWatch(
            write.sync_id,
            proposal.target,
            write.action,
            proposal.status_before,
            self.now(System.JTL),
            sent_at=sent_at,
            accepted=outcome.kind is OutcomeKind.APPLIED,
        )
        while True:
            await self._sleep(_WATCH_EVERY)
            status = self._core.store.snapshot(Topic.STATUS)
            known = {status.id: status for status in status.data or ()}
            # An answer that was on its way when the request went out tells of the time before.
            asked_at = status.fetched_at and status.fetched_at - timedelta(seconds=status.took or 0)
            verdict = watch.judge(known.get(write.sync_id), self.now(System.JTL), asked_at)
            if verdict.done:
                self._post(ControlWatched(verdict.sentence, changed=verdict.changed))
                if not watch.accepted:
                    await self._note_seen(self._core, outcome, verdict)
                return
            if status.error is None:
                self._core.poller.refresh(Topic.STATUS)

    async def _note_seen(self, core: "Core", outcome: Outcome, verdict: WatchVerdict) -> None:
        """Keep in the trail what was seen of a control action whose answer was lost."""
        result = APPLIED if verdict.reached else UNKNOWN
        with suppress(OSError):
            await core.trail.check(outcome.attempt, Finding(self.clock(), result, verdict.sentence))

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
