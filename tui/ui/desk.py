"""What every screen is handed: what can be read of a profile, and the one way to write.

Writes leave the front end here, through the guard. A write belongs to the desk, not to the dialog
that started it: leaving the dialog neither stops nor repeats it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from tui.domain.systems import System
from tui.ops.engine_requests import EngineRequests
from tui.ops.registry import Operation
from tui.ops.undo import CarriedOutChanges
from tui.store.snapshot import Topic
from tui.ui.messages import BulkEnded, BulkMoved, ControlWatched, OperationFinished
from tui.ui.reading import Reading
from tui.ui.trail_reading import TrailReading
from tui.ui.watching import Seen, Watching

if TYPE_CHECKING:
    from textual.message import Message

    from tui.domain.resync import PluginAnswer
    from tui.domain.systems import ProfileFacts
    from tui.last_state import LastState
    from tui.ops.bulk import BulkRun
    from tui.ops.bulk_plan import BulkPlan
    from tui.ops.carried_out import CarriedOut
    from tui.ops.drafts import DraftKey
    from tui.ops.history import Entry
    from tui.ops.outcome import Outcome
    from tui.ops.proposal import Proposal
    from tui.ops.resync_account import ResyncAccount
    from tui.ops.resync_rest import RestFile
    from tui.ops.watch import WatchVerdict
    from tui.ops.watches import Watch
    from tui.wiring import Core

_MOST_ANSWERS = 500
_LEFT = "another profile was chosen"


class Desk(Reading):
    """The front end's one way to the core."""

    def __init__(
        self,
        facts: "ProfileFacts",
        clock: Callable[[], datetime],
        post: Callable[["Message"], object],
        report: Callable[[Exception], str],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        changes: CarriedOutChanges | None = None,
        last_state: "LastState | None" = None,
    ) -> None:
        """`post` takes what happened, `report` keeps a fault and says where.

        `changes`: what this session changed already, where the profile was left and is chosen again.
        `last_state`: the first screen as an earlier console saw it.
        """
        super().__init__(facts, clock, last_state)
        self._post = post
        self._report = report
        self.trail = TrailReading(post)
        self.changes = changes or CarriedOutChanges()
        """What this session changed, for undo."""
        self.opened_at = clock()
        self.requests = EngineRequests()
        """What was asked of the engine since then."""
        self._watching = Watching(clock, sleep)
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

    def attach(self, core: "Core") -> None:
        """Take the core over; from now on the screens have data and operations."""
        self._core = core
        self.trail.attach(core.trail)

    @property
    def is_sending(self) -> bool:
        """Whether a write has been sent and not been answered."""
        return self._sending > 0

    @property
    def under_way(self) -> str:
        """What is being sent, in a sentence; empty: nothing is."""
        return f"sending: {', '.join(self._under_way)}…" if self._under_way else ""

    def perform(
        self,
        proposal: "Proposal",
        draft: "DraftKey | None" = None,
        undoes: "CarriedOut | None" = None,
    ) -> "asyncio.Future[Outcome]":
        """Send it, once, through the guard. The outcome is also posted as `OperationFinished`.

        `draft`: the form's that it comes from; forgotten once it was applied. `undoes`: the change that
        it undoes.
        """
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._under_way.append(f"{proposal.operation.title} · {proposal.target}")
        _spawn(self._perform(proposal, answer, draft, undoes), self._sends)
        return answer

    async def _perform(
        self,
        proposal: "Proposal",
        answer: "asyncio.Future[Outcome]",
        draft: "DraftKey | None",
        undoes: "CarriedOut | None",
    ) -> None:
        from tui.ops.outcome import OutcomeKind

        drafts = self.drafts
        try:
            effect = partial(self._tell_effect, proposal)
            outcome = await self._send(proposal, effect, undoes=undoes)
        finally:
            self._under_way.remove(f"{proposal.operation.title} · {proposal.target}")
        if draft is not None and drafts is not None and outcome.kind.is_success:
            drafts.drop(draft)
        if not answer.cancelled():
            answer.set_result(outcome)
        self._post(OperationFinished(proposal, outcome, self.facts.name))
        if outcome.kind not in (OutcomeKind.REFUSED, OutcomeKind.NOT_SENT):
            self._look_again(proposal.operation)

    def _tell_effect(self, proposal: "Proposal", verdict: "WatchVerdict") -> None:
        if verdict.done:
            self._post(ControlWatched(proposal, verdict))

    def perform_all(self, plan: "BulkPlan") -> "BulkRun":
        """Send all of it, each once through the guard; what happens is posted as `BulkMoved`.

        Calls that follow one another become `resync`, or go on with what was left of it.
        """
        from tui.ops.bulk import BulkRun

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

    def _account_for(self, run: "BulkRun") -> None:
        from tui.ops.resync_account import ResyncAccount
        from tui.ops.resync_rest import RestFile

        if self.resync is not None:
            self.resync = self.resync.resumed(run)
            return
        self.resync = ResyncAccount((run,))
        lasts = self.drafts is not None and self.drafts.lasts
        self.rest = RestFile(self.clock()) if lasts else None

    async def _keep_rest(self, run: "BulkRun") -> str:
        """Keep what a killed console would lose, before each call; why none may go out, or empty."""
        if not run.plan.in_turn or self.resync is None or self.rest is None:
            return ""
        await asyncio.to_thread(self.rest.keep, self.resync)
        return self.rest.refusal

    async def _run(
        self, run: "BulkRun", account: "ResyncAccount | None", rest: "RestFile | None"
    ) -> None:
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

    def _tell_sightings(self, run: "BulkRun") -> None:
        """Once nothing is watched any more, say in one sentence what was seen."""
        if run.is_over and run.sightings and not run.is_watching:
            self._post(BulkEnded(run, f"{run.summary} · {run.sightings}", self.facts.name))

    async def _send_of(self, run: "BulkRun", position: int, proposal: "Proposal") -> "Outcome":
        def seen(verdict: "WatchVerdict") -> None:
            found = verdict.result if verdict.done else None
            run.saw(
                position,
                verdict.sight,
                done=verdict.done,
                found=found,
                unrecorded=verdict.unrecorded,
            )
            self._tell_sightings(run)

        together = len(run.results)
        hindrance = await self._keep_rest(run)
        if hindrance:
            from tui.ops.outcome import Outcome, OutcomeKind

            sentence = f"nothing was sent: {hindrance}"
            return Outcome(OutcomeKind.REFUSED, sentence, "Make room, then send the rest", self.clock())
        # What waits its turn for minutes rests on a look of its own.
        looked = None if run.plan.in_turn else run.confirmed_at
        outcome = await self._send(proposal, seen, looked, lambda: run.stopped, together)
        if _is_watched(proposal, outcome) and not self._is_retired:
            run.saw(position, "", done=False)
        return outcome

    async def _send(
        self,
        proposal: "Proposal",
        seen: Seen,
        confirmed_at: float | None = None,
        stopped: Callable[[], str] = lambda: "",
        together: int = 1,
        undoes: "CarriedOut | None" = None,
    ) -> "Outcome":
        assert self._core is not None  # noqa: S101 - `refusal` was asked first

        from tui.domain.resync import PluginAnswer
        from tui.ops.watch_engine import EngineWatch
        from tui.ops.watches import watch_for

        def withdrawn() -> str:
            return _LEFT if self._is_retired else stopped()

        sent_at = self.clock()
        number = self.requests.sent(proposal.write, sent_at)
        asked_at = self.clock_of(System.SUPEROFFICE)
        self._sending += 1
        try:
            outcome = await self._outcome(self._core, proposal, confirmed_at, withdrawn)
        finally:
            self._sending -= 1
        address = self._core.facts.address_of(proposal.operation.scope.system)
        self.changes.note(proposal, outcome, together, address, undoes)
        if outcome.attempt and isinstance(outcome.result, PluginAnswer):
            self._keep_answer(outcome.attempt, outcome.result)
        if _queues(proposal, outcome) and self.batch_asked_at is None:
            self.batch_asked_at = asked_at
        watch = None if self._is_retired else watch_for(proposal, outcome, sent_at, self.now)
        if number is not None:
            awaits = watch.run if isinstance(watch, EngineWatch) else None
            self.requests.answered(number, outcome, awaits)
        if watch is not None:
            self._watch(self._core, watch, seen, outcome, number)
        return outcome

    def _keep_answer(self, attempt: str, answer: "PluginAnswer") -> None:
        self.answers[attempt] = answer
        while len(self.answers) > _MOST_ANSWERS:
            del self.answers[next(iter(self.answers))]

    def _look_again(self, operation: Operation) -> None:
        if self._core is not None and not self._is_retired:
            self._core.poller.refresh(*_touched(operation))

    async def _outcome(
        self,
        core: "Core",
        proposal: "Proposal",
        confirmed_at: float | None,
        withdrawn: Callable[[], str],
    ) -> "Outcome":
        """The worker boundary: a fault of ours ends the operation, not the console."""
        try:
            return await core.conduct.perform(proposal, confirmed_at=confirmed_at, withdrawn=withdrawn)
        except Exception as fault:  # noqa: BLE001 - a named place for it
            from tui.ops.findings import before_again
            from tui.ops.outcome import Outcome, OutcomeKind

            sentence = f"a fault in syncdeck ({type(fault).__name__}); whether it was applied is unknown"
            step = f"{before_again(proposal.write)}; {self._report(fault)}"
            return Outcome(OutcomeKind.UNKNOWN, sentence, step, self.clock())

    def _watch(
        self, core: "Core", watch: "Watch", seen: Seen, outcome: "Outcome", number: int | None
    ) -> None:
        """Have the state looked at until the effect is seen or the deadline passes."""

        def look(verdict: "WatchVerdict") -> None:
            if verdict.done and number is not None:
                self.requests.became(number, verdict.sight)
            seen(replace(verdict, unrecorded=outcome.unrecorded))
            if verdict.done:
                self.changes.saw(outcome.attempt, verdict.result)
                _spawn(self._note_seen(core, outcome, verdict, seen), self._sends)

        if self._watching.add(watch, look):
            _spawn(self._watching.look(core.store, core.poller), self._watches)

    def look_back(self) -> None:
        """Look at the targets of what an earlier console left without outcome, lately."""
        from tui.ui.looking_back import worth_a_look

        entries = worth_a_look(self.trail.unseen(self.clock()), self.clock())
        if self._core is not None and entries:
            _spawn(self._look_back(self._core, entries), self._watches)

    async def _look_back(self, core: "Core", entries: "Sequence[Entry]") -> None:
        from tui.ui.looking_back import look_back

        seen = await look_back(core, entries, self.clock)
        if seen.found or seen.elsewhere:
            self._post(seen)
            self.trail.again()

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

    async def _note_seen(
        self, core: "Core", outcome: "Outcome", verdict: "WatchVerdict", seen: Seen
    ) -> None:
        """Keep in the trail what was seen, and say so where that fails."""
        from tui.ops.trail import Finding

        finding = Finding(self.clock(), verdict.result, verdict.sentence)
        try:
            await core.trail.check(outcome.attempt, finding)
        except OSError as failure:
            seen(replace(verdict, unrecorded=failure.strerror or str(failure)))
        self.trail.again()

    async def aclose(self) -> None:
        """Let go of everything at once; nothing is waited for but what the core must flush."""
        self.trail.close()
        for task in (*self._sends, *self._watches):
            task.cancel()
        await asyncio.gather(*self._sends, *self._watches, return_exceptions=True)
        if self._core is not None:
            await self._core.aclose()


def _is_watched(proposal: "Proposal", outcome: "Outcome") -> bool:
    """Whether the effect is still to be seen: the answer says no more than accepted."""
    from tui.domain.changes import STATE_CHANGES

    return isinstance(proposal.write, STATE_CHANGES) and outcome.kind.may_have_effect


def _queues(proposal: "Proposal", outcome: "Outcome") -> bool:
    """Whether a batch task may have come of it."""
    from tui.domain.changes import ForceResync

    sent = outcome.kind.may_have_effect
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
