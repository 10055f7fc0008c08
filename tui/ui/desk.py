"""What every screen is handed: the profile's facts, the clock, and the core once it is connected.

Writes leave the front end here, through the guard. A write belongs to the desk, not to the dialog
that started it: leaving the dialog neither stops nor repeats it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from tui.api.errors import ErpError
from tui.api.service import RequestPreview
from tui.domain.changes import STATE_CHANGES, ForceResync
from tui.domain.moments import age_text, by_server
from tui.domain.resync import PluginAnswer
from tui.domain.systems import ProfileFacts, System
from tui.domain.workers import WorkerSync, same_kind
from tui.ops.bulk import BulkRun
from tui.ops.bulk_plan import BulkPlan
from tui.ops.drafts import DraftKey
from tui.ops.engine_requests import EngineRequests
from tui.ops.findings import AS_ASKED, UNKNOWN, before_again
from tui.ops.guard import Outcome, OutcomeKind
from tui.ops.proposal import Proposal
from tui.ops.registry import Danger, Operation
from tui.ops.trail import Finding
from tui.ops.undo import CarriedOutChanges
from tui.ops.watch import WatchVerdict
from tui.ops.watch_engine import EngineWatch
from tui.ops.watches import Watch, watch_for
from tui.store.freshness import Freshness, FreshnessKind, freshness
from tui.store.snapshot import Snapshot, Topic
from tui.ui.messages import BulkEnded, BulkMoved, ControlWatched, LookedBack, OperationFinished
from tui.ui.trail_reading import TrailReading
from tui.ui.watching import Seen, Watching

if TYPE_CHECKING:
    from textual.message import Message

    from tui.ops.draft_keeper import DraftKeeper
    from tui.ops.history import Entry
    from tui.ops.resync_account import ResyncAccount
    from tui.ops.resync_rest import RestFile
    from tui.wiring import Core

_LATELY = timedelta(days=1)
"""After this, the target's values say little about one attempt."""
_MOST_LOOKS = 20
_LEFT = "another profile was chosen"


class Desk:
    """The front end's one way to the core."""

    def __init__(
        self,
        facts: ProfileFacts,
        clock: Callable[[], datetime],
        post: Callable[["Message"], object],
        report: Callable[[Exception], str],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        changes: CarriedOutChanges | None = None,
    ) -> None:
        """`post` takes what happened, `report` keeps a fault and says where.

        `changes`: what this session changed already, where the profile was left and is chosen again.
        """
        self._facts = facts
        self.clock = clock
        self._post = post
        self._report = report
        self.trail = TrailReading(post)
        self.changes = changes or CarriedOutChanges()
        """What this session changed, for undo."""
        self.opened_at = clock()
        self.requests = EngineRequests()
        """What was asked of the engine since then."""
        self._watching = Watching(self.now, sleep)
        self._core: Core | None = None
        self.failure = ""
        """Why there will be no core: the profile's config is not valid."""
        self._sending = 0
        self._under_way: list[str] = []
        """What was confirmed and has not ended, in words."""
        self._sends: set[asyncio.Task[None]] = set()
        self._watches: set[asyncio.Task[None]] = set()
        self._runs: list[BulkRun] = []
        self._is_retired = False
        self.resync: ResyncAccount | None = None
        """A forced resync in several calls whose end nobody has looked at yet."""
        self.rest: RestFile | None = None
        """The file with what is left of it; None where nothing is kept, as in the demo."""
        self.answers: dict[str, PluginAnswer] = {}
        """What syncs and resyncs of this session were answered, by the ids of their attempts."""
        self.batch_asked_at: datetime | None = None
        """When the first batch resync of this session was sent, by the server's clock."""

    # Reading.

    @property
    def facts(self) -> ProfileFacts:
        """What everyone may know of the profile, as it stands now."""
        return self._core.guard.facts if self._core else self._facts

    @property
    def core(self) -> "Core | None":
        """The core; None until it is connected."""
        return self._core

    def attach(self, core: "Core") -> None:
        """Take the core over; from now on the screens have data and operations."""
        self._core = core
        self.trail.attach(core.trail)

    def now(self, system: System) -> datetime:
        """The time by the server's clock, so that ages are right where ours is off."""
        offset = self._core.service.clock_offset(system) if self._core else None
        return by_server(self.clock(), offset)

    def snapshot(self, topic: Topic) -> Snapshot[object]:
        """What is known of a topic."""
        return self._core.store.snapshot(topic) if self._core else Snapshot()

    def freshness(self, topic: Topic) -> Freshness:
        """How fresh a topic is."""
        if topic.system not in self.facts.systems:
            return Freshness(FreshnessKind.ABSENT, "not configured")
        if self.failure:
            return Freshness(FreshnessKind.NO_DATA, "no data: config", trusted=False)
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
        return same_kind(sync, known or ())

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
            return self.failure or "not connected yet"
        reason = self._core.guard.refusal(operation)
        if reason and self._core.guard.can_unlock:
            return f"{reason}, or press U to unlock it for this session"
        return reason

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
    def under_way(self) -> str:
        """What is being sent, in a sentence; empty: nothing is."""
        return f"sending: {', '.join(self._under_way)}…" if self._under_way else ""

    @property
    def drafts(self) -> "DraftKeeper | None":
        """Where forms keep what was typed; None until the core is connected."""
        return self._core.drafts if self._core else None

    def perform(self, proposal: Proposal, draft: DraftKey | None = None) -> "asyncio.Future[Outcome]":
        """Send it, once, through the guard. The outcome is also posted as `OperationFinished`.

        `draft`: the form's that it comes from; forgotten once it was applied.
        """
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._under_way.append(f"{proposal.operation.title} · {proposal.target}")
        _spawn(self._perform(proposal, answer, draft), self._sends)
        return answer

    async def _perform(
        self, proposal: Proposal, answer: "asyncio.Future[Outcome]", draft: DraftKey | None
    ) -> None:
        drafts = self.drafts
        try:
            outcome = await self._send(proposal, partial(self._tell_effect, proposal))
        finally:
            self._under_way.remove(f"{proposal.operation.title} · {proposal.target}")
        if draft is not None and drafts is not None and outcome.kind is OutcomeKind.APPLIED:
            drafts.drop(draft)
        if not answer.cancelled():
            answer.set_result(outcome)
        self._post(OperationFinished(proposal, outcome, self.facts.name))
        if outcome.kind is not OutcomeKind.REFUSED:
            self._look_again(proposal.operation)

    def _tell_effect(self, proposal: Proposal, verdict: WatchVerdict) -> None:
        if verdict.done:
            self._post(ControlWatched(proposal, verdict.sentence, changed=verdict.changed))

    def perform_all(self, plan: BulkPlan) -> BulkRun:
        """Send all of it, each once through the guard; what happens is posted as `BulkMoved`.

        Calls that follow one another become `resync`, or go on with what was left of it.
        """
        run = BulkRun(
            plan,
            lambda position, proposal: self._send_of(run, position, proposal),
            lambda: self._post(BulkMoved(run)),
        )
        if plan.in_turn:
            self._account_for(run)
        self._under_way.append(plan.title)
        _spawn(self._run(run, self.resync, self.rest), self._sends)
        return run

    def _account_for(self, run: BulkRun) -> None:
        from tui.ops.resync_account import ResyncAccount
        from tui.ops.resync_rest import RestFile

        if self.resync is not None:
            self.resync = self.resync.resumed(run)
            return
        self.resync = ResyncAccount((run,))
        lasts = self.drafts is not None and self.drafts.lasts
        self.rest = RestFile(self.clock()) if lasts else None

    async def _keep_rest(self, run: BulkRun) -> None:
        """What a killed console would lose is in the file before each call goes out."""
        if run.plan.in_turn and self.resync is not None and self.rest is not None:
            await asyncio.to_thread(self.rest.keep, self.resync)

    async def _run(self, run: BulkRun, account: "ResyncAccount | None", rest: "RestFile | None") -> None:
        self._sending += 1
        self._runs.append(run)
        left = ""
        try:
            await run.run()
            if run.plan.in_turn and account is not None and rest is not None:
                await asyncio.to_thread(rest.keep, account)
                left = rest.told(account)
                self._post(BulkMoved(run))
        finally:
            self._sending -= 1
            self._runs.remove(run)
            self._under_way.remove(run.plan.title)
        self._look_again(run.plan.operation)
        self._post(BulkEnded(run, " · ".join(filter(None, (run.summary, left))), self.facts.name))
        self._tell_sightings(run)

    def _tell_sightings(self, run: BulkRun) -> None:
        """Once nothing is watched any more, say in one sentence what was seen."""
        if run.is_over and run.sightings and not run.is_watching:
            self._post(BulkEnded(run, f"{run.summary} · {run.sightings}", self.facts.name))

    async def _send_of(self, run: BulkRun, position: int, proposal: Proposal) -> Outcome:
        def seen(verdict: WatchVerdict) -> None:
            run.saw(position, verdict.sight, done=verdict.done)
            self._tell_sightings(run)

        together = len(run.results)
        await self._keep_rest(run)
        # What waits its turn for minutes rests on a look of its own.
        looked = None if run.plan.in_turn else run.confirmed_at
        outcome = await self._send(proposal, seen, looked, lambda: run.stopped, together)
        if _is_watched(proposal, outcome) and not self._is_retired:
            run.saw(position, "", done=False)
        return outcome

    async def _send(
        self,
        proposal: Proposal,
        seen: Seen,
        confirmed_at: float | None = None,
        stopped: Callable[[], str] = lambda: "",
        together: int = 1,
    ) -> Outcome:
        assert self._core is not None  # noqa: S101 - `refusal` was asked first

        def withdrawn() -> str:
            return _LEFT if self._is_retired else stopped()

        sent_at = self.clock()
        number = self.requests.sent(proposal.write, sent_at)
        asked_at = self.now(System.SUPEROFFICE)
        self._sending += 1
        try:
            outcome = await self._outcome(self._core, proposal, confirmed_at, withdrawn)
        finally:
            self._sending -= 1
        self.changes.note(proposal, outcome, together)
        if outcome.attempt and isinstance(outcome.result, PluginAnswer):
            self.answers[outcome.attempt] = outcome.result
        if _queues(proposal, outcome) and self.batch_asked_at is None:
            self.batch_asked_at = asked_at
        watch = None if self._is_retired else watch_for(proposal, outcome, sent_at, self.now)
        if number is not None:
            awaits = watch.run if isinstance(watch, EngineWatch) else None
            self.requests.answered(number, outcome, awaits)
        if watch is not None:
            self._watch(self._core, watch, seen, outcome, number)
        return outcome

    def _look_again(self, operation: Operation) -> None:
        if self._core is not None and not self._is_retired:
            self._core.poller.refresh(*_touched(operation))

    async def _outcome(
        self,
        core: "Core",
        proposal: Proposal,
        confirmed_at: float | None,
        withdrawn: Callable[[], str],
    ) -> Outcome:
        """The worker boundary: a fault of ours ends the operation, not the console."""
        try:
            return await core.conduct.perform(proposal, confirmed_at=confirmed_at, withdrawn=withdrawn)
        except Exception as fault:  # noqa: BLE001 - a named place for it
            sentence = f"a fault in syncdeck ({type(fault).__name__}); whether it was applied is unknown"
            step = f"{before_again(proposal.write)}; {self._report(fault)}"
            return Outcome(OutcomeKind.UNKNOWN, sentence, step, self.clock())

    def _watch(
        self, core: "Core", watch: Watch, seen: Seen, outcome: Outcome, number: int | None
    ) -> None:
        """Have the state looked at until the effect is seen or the deadline passes."""

        def look(verdict: WatchVerdict) -> None:
            if verdict.done and number is not None:
                self.requests.became(number, verdict.sight)
            seen(verdict)
            if verdict.done and not watch.accepted:
                _spawn(self._note_seen(core, outcome, verdict), self._sends)

        if self._watching.add(watch, look):
            _spawn(self._watching.look(core.store, core.poller), self._watches)

    # Looking back.

    def look_back(self) -> None:
        """Look at the targets of what an earlier console left without outcome, lately."""
        recent = [one for one in self.trail.unseen(self.clock()) if self.clock() - one.at < _LATELY]
        if self._core is not None and recent:
            _spawn(self._look_back(self._core, recent[:_MOST_LOOKS]), self._watches)

    async def _look_back(self, core: "Core", entries: "Sequence[Entry]") -> None:
        found: list[tuple[Entry, Finding]] = []
        for entry in entries:
            finding = await self._found_now(core, entry)
            if finding is not None:
                with suppress(OSError):
                    await core.trail.check(entry.id, finding)
                found.append((entry, finding))
        if found:
            self._post(LookedBack(found, len(entries)))
            self.trail.again()

    async def _found_now(self, core: "Core", entry: "Entry") -> Finding | None:
        """What its target tells; None where it cannot be looked at now, but perhaps at another start."""
        if entry.write is None:
            return Finding(self.clock(), UNKNOWN, "what was sent cannot be told from the trail")
        try:
            return await core.conduct.look(entry.write, entry.before)
        except ErpError:
            return None

    # Leaving.

    async def retire(self) -> None:
        """Another profile takes over: ask nothing more, but let what was sent have its answer."""
        self._is_retired = True
        self.trail.close()
        for run in self._runs:
            run.stop(_LEFT)
        for task in self._watches:
            task.cancel()
        if self._core is not None:
            await self._core.poller.aclose()
            await asyncio.gather(*self._sends, return_exceptions=True)
            await self._core.aclose()

    async def _note_seen(self, core: "Core", outcome: Outcome, verdict: WatchVerdict) -> None:
        """Keep in the trail what was seen of a control action whose answer was lost."""
        result = AS_ASKED if verdict.reached else UNKNOWN
        with suppress(OSError):
            await core.trail.check(outcome.attempt, Finding(self.clock(), result, verdict.sentence))

    async def aclose(self) -> None:
        """Let go of everything at once; nothing is waited for but what the core must flush."""
        self.trail.close()
        for task in (*self._sends, *self._watches):
            task.cancel()
        await asyncio.gather(*self._sends, *self._watches, return_exceptions=True)
        if self._core is not None:
            await self._core.aclose()


def _is_watched(proposal: Proposal, outcome: Outcome) -> bool:
    """Whether the effect is still to be seen: the answer says no more than handed over."""
    may_have_effect = outcome.kind in (OutcomeKind.APPLIED, OutcomeKind.UNKNOWN)
    return isinstance(proposal.write, STATE_CHANGES) and may_have_effect


def _queues(proposal: Proposal, outcome: Outcome) -> bool:
    """Whether a batch task may have come of it."""
    sent = outcome.kind in (OutcomeKind.APPLIED, OutcomeKind.UNKNOWN)
    return sent and isinstance(proposal.write, ForceResync) and proposal.write.as_batch


def _spawn(work: Awaitable[None], among: set[asyncio.Task[None]]) -> None:
    task = asyncio.ensure_future(work)
    among.add(task)
    task.add_done_callback(among.discard)


def _touched(operation: Operation) -> tuple[Topic, ...]:
    family = operation.id.partition(".")[0]
    return {
        "worker": (Topic.WORKERS, Topic.STATUS),
        "extension": (Topic.EXTENSIONS,),
        "engine": (Topic.ENGINE, Topic.CONNECTIONS),
        "connection": (Topic.CONNECTIONS,),
    }[family]
