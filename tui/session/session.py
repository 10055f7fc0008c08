"""What every screen works with: what can be read of a profile, and the one way to write.

All writes of a front end go through the guard here. A write belongs to the session and not to the dialog
that started it: closing the dialog neither stops nor repeats it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from tui.domain.profile import System
from tui.ops.execution.engine_requests import EngineRequests
from tui.ops.operations.registry import Operation
from tui.session.audit_view import AuditView
from tui.session.bulk_plans import BulkPlans
from tui.session.effect_watcher import FIRST_RUN_S, EffectWatcher, PolledReports, VerdictHandler
from tui.session.events import BulkEnded, BulkMoved, ControlWatched, OperationFinished, Post
from tui.session.maintenance.view import MaintenanceView
from tui.session.sending import Sending, touched
from tui.session.server_info import read_server_info
from tui.session.session_view import SessionView
from tui.session.tab_attention import TabAttention
from tui.session.under_way import Confirmed, under_way
from tui.session.undo.undo_list import UndoList
from tui.session.worker_boundary import contained

if TYPE_CHECKING:
    from tui.core import Core
    from tui.domain.profile import ProfileFacts
    from tui.domain.superoffice.plugin_response import PluginAnswer
    from tui.ops.audit.entries import Entry
    from tui.ops.audit.plan import Plan
    from tui.ops.drafts.draft import DraftKey
    from tui.ops.execution.bulk_run import BulkRun
    from tui.ops.execution.outcome import Outcome
    from tui.ops.execution.plan_record import PlanRecord
    from tui.ops.execution.resync_remainder import RestFile
    from tui.ops.execution.resync_report import ResyncAccount
    from tui.ops.execution.state_watch import Watch, WatchVerdict
    from tui.ops.proposals.bulk import BulkPlan
    from tui.ops.proposals.proposal import Proposal
    from tui.startup.last_screen import LastState

_MOST_ANSWERS = 500
_LEFT = "another profile was chosen"


class Session(SessionView):
    """The front end's one way to the core."""

    def __init__(
        self,
        facts: "ProfileFacts",
        clock: Callable[[], datetime],
        post: Post,
        report: Callable[[Exception], str],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        last_state: "LastState | None" = None,
    ) -> None:
        """`post` receives the events, `report` keeps a fault and says where.

        `last_state`: the first screen as the previous console saw it.
        """
        super().__init__(facts, clock, last_state)
        self.attention = TabAttention(self)
        """Counts of what needs attention, by tab."""
        self._post = post
        self._report = report
        self.trail = AuditView(post, clock)
        self.bulks = BulkPlans(self, self.trail)
        self.maintenance = MaintenanceView(self.trail, post, clock, sleep, report)
        self.undo = UndoList(self, self.trail)
        self.opened_at = clock()
        self.requests = EngineRequests()
        """What this session requested of the engine."""
        self._watching = EffectWatcher(clock, sleep, FIRST_RUN_S)
        self._sleep = sleep
        self._sending = 0
        self._confirmed: list[Confirmed] = []
        self._sends: set[asyncio.Task[None]] = set()
        self._watches: set[asyncio.Task[None]] = set()
        self._runs: list[BulkRun] = []
        self._is_retired = False
        self.resync: ResyncAccount | None = None
        """A forced resync in several calls whose result the operator has not seen yet."""
        self.rest: RestFile | None = None
        """The file with what is left of it; None where nothing is kept, as in the demo."""
        self.answers: dict[str, PluginAnswer] = {}
        """The responses to syncs and resyncs of this session, by attempt id."""
        self.batch_asked_at: datetime | None = None
        """When the first batch resync of this session was sent, by the server's clock."""

    def attach(self, core: "Core") -> None:
        """Connect the session: from now on the screens have data and operations."""
        self._core = core
        self._writes = Sending(core, self.clock)
        self._reports = PolledReports(core.store, core.poller)
        self.trail.attach(core.trail)
        self.maintenance.attach(core)
        self.follow_history(core, self.trail, self._post)
        _spawn(read_server_info(core, self._sleep), self._watches)

    @property
    def is_sending(self) -> bool:
        """Whether a write was sent and its response is still awaited."""
        return self._sending > 0 or bool(self.maintenance.runs)

    @property
    def under_way(self) -> str:
        """What is being sent, as text; empty: nothing is."""
        return under_way(self._confirmed, self._runs) or self.maintenance.under_way

    def perform(
        self,
        proposal: "Proposal",
        draft: "DraftKey | None" = None,
        begun: Callable[[], object] = lambda: None,
    ) -> "asyncio.Future[Outcome]":
        """Send it, once, through the guard. The outcome is also posted as `OperationFinished`.

        `draft`: of the form that it comes from; deleted once it was applied. `begun` is called right
        before it is sent.
        """
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        what = f"{proposal.operation.title} · {proposal.target}"
        confirmed = Confirmed(what, begun, is_sent=not proposal.baseline)
        self._confirmed.append(confirmed)
        _spawn(self._perform(proposal, answer, draft, confirmed), self._sends)
        return answer

    async def _perform(
        self,
        proposal: "Proposal",
        answer: "asyncio.Future[Outcome]",
        draft: "DraftKey | None",
        confirmed: Confirmed,
    ) -> None:
        from tui.domain.result import Result

        drafts = self.drafts
        try:
            effect = partial(self._tell_effect, proposal)
            outcome = await self._send(proposal, effect, begun=confirmed.sent)
        finally:
            self._confirmed.remove(confirmed)
        if draft is not None and drafts is not None and outcome.kind.is_success:
            drafts.drop(draft)
        if not answer.cancelled():
            answer.set_result(outcome)
        self._post(OperationFinished(proposal, outcome, self.facts.name))
        if outcome.kind not in (Result.REFUSED, Result.NOT_SENT):
            self.look_again(proposal.operation)

    def _tell_effect(self, proposal: "Proposal", verdict: "WatchVerdict") -> None:
        if verdict.done:
            self._post(ControlWatched(proposal, verdict))

    async def read_again(self, proposal: "Proposal") -> "Outcome | None":
        """Why it could not be sent to its target as it is now, by a fresh read; None if it could."""
        assert self._core is not None  # noqa: S101 - `refusal` was checked first
        return await self._core.executor.read_again(proposal)

    def perform_all(self, plan: "BulkPlan") -> "BulkRun":
        """Send all of it, each once through the guard; progress is posted as `BulkMoved`.

        Calls that follow one another become `resync`, or continue what was left of it.
        """
        from tui.ops.execution.bulk_run import BulkRun

        run = BulkRun(
            plan,
            lambda position, proposal: self._send_of(run, record, position, proposal),
            lambda: self._post(BulkMoved(run)),
        )
        resumed, continues = self.bulks.taken_up(plan), plan.in_turn and self.resync is not None
        record = self.bulks.record(plan, resumed, lambda: self.rest, continues=continues)
        if plan.in_turn:
            self._account_for(run, resumed)
        _spawn(self._run(run, record, self.resync, self.rest), self._sends)
        return run

    def _account_for(self, run: "BulkRun", resumed: "Plan | None") -> None:
        from tui.ops.execution.resync_remainder import RestFile
        from tui.ops.execution.resync_report import ResyncAccount

        if self.resync is not None:
            self.resync = self.resync.resumed(run)
            return
        self.resync = ResyncAccount((run,))
        path = resumed.rest_file if resumed else None
        self.rest = RestFile(self.clock(), path) if self.trail.lasts else None

    async def _keep_rest(self, run: "BulkRun") -> str:
        """Before each call, save what a killed console would lose; why nothing may be sent, or empty."""
        if not run.plan.in_turn or self.resync is None or self.rest is None:
            return ""
        await asyncio.to_thread(self.rest.keep, self.resync)
        return self.rest.refusal

    async def _run(
        self,
        run: "BulkRun",
        record: "PlanRecord",
        account: "ResyncAccount | None",
        rest: "RestFile | None",
    ) -> None:
        self._sending += 1
        self._runs.append(run)
        try:
            await run.run()
            left = await self.bulks.end(run, record, account, rest)
            if account is not None:
                self._post(BulkMoved(run))
        finally:
            self._sending -= 1
            self._runs.remove(run)
        self.look_again(run.plan.operation)
        self._post(BulkEnded(run, " · ".join(filter(None, (left, run.summary))), self.facts.name))
        self._tell_sightings(run)

    def _tell_sightings(self, run: "BulkRun") -> None:
        """Once nothing is watched any more, report in one sentence what was observed."""
        if run.has_news:
            self._post(BulkEnded(run, f"{run.summary} · {run.sightings}", self.facts.name))

    async def _send_of(
        self, run: "BulkRun", record: "PlanRecord", position: int, proposal: "Proposal"
    ) -> "Outcome":
        def seen(verdict: "WatchVerdict") -> None:
            run.saw(position, verdict)
            self._tell_sightings(run)

        hindrance = await record.take_up() or await self._keep_rest(run) or await record.begin()
        if hindrance:
            from tui.ops.execution.outcome import Outcome

            run.is_overtaken = record.is_overtaken
            step = "" if record.is_overtaken else "Free disk space, then send the rest"
            return Outcome.nothing_sent(hindrance, self.clock(), step)
        proposal = record.of(proposal)
        # A proposal that waited minutes for its turn is checked on a fresh read.
        looked = None if run.plan.in_turn else run.confirmed_at
        outcome = await self._send(
            proposal, seen, looked, lambda: run.stopped, lambda: run.sends(position)
        )
        if _is_watched(proposal, outcome) and not self._is_retired:
            run.watches(position)
        return outcome

    async def _send(
        self,
        proposal: "Proposal",
        seen: VerdictHandler,
        confirmed_at: float | None = None,
        stopped: Callable[[], str] = lambda: "",
        begun: Callable[[], object] = lambda: None,
    ) -> "Outcome":
        assert self._core is not None  # noqa: S101 - `refusal` was checked first

        from tui.domain.superoffice.plugin_response import PluginAnswer

        def withdrawn() -> str:
            return _LEFT if self._is_retired else stopped()

        number = self.requests.sent(proposal.write, self.clock())
        asked_at = self.clock_of(System.SUPEROFFICE)
        self._sending += 1
        try:
            sending = self._writes.perform(
                proposal, confirmed_at=confirmed_at, withdrawn=withdrawn, begun=begun
            )
            outcome, watch = await self._outcome(proposal, sending)
        finally:
            self._sending -= 1
        if outcome.attempt and isinstance(outcome.result, PluginAnswer):
            self._keep_answer(outcome.attempt, outcome.result)
        if _queues(proposal, outcome) and self.batch_asked_at is None:
            self.batch_asked_at = asked_at
        watch = None if self._is_retired else watch
        if number is not None:
            self.requests.answered(number, outcome, watch.awaits if watch else None)
        if watch is not None:
            self._watch(watch, seen, outcome, number)
        return outcome

    def _keep_answer(self, attempt: str, answer: "PluginAnswer") -> None:
        self.answers[attempt] = answer
        while len(self.answers) > _MOST_ANSWERS:
            del self.answers[next(iter(self.answers))]

    def look_again(self, operation: Operation) -> None:
        if self._core is not None and not self._is_retired:
            self._core.poller.refresh(*touched(operation))

    async def _outcome(
        self, proposal: "Proposal", sending: "Awaitable[tuple[Outcome, Watch | None]]"
    ) -> "tuple[Outcome, Watch | None]":
        def unknown(fault: Exception) -> "tuple[Outcome, Watch | None]":
            from tui.domain.result import Result
            from tui.ops.execution.outcome import Outcome
            from tui.ops.operations.kinds import kind_of

            sentence = f"a fault in syncdeck ({type(fault).__name__}); whether it was applied is unknown"
            step = f"{kind_of(proposal.write).before_again}; {self._report(fault)}"
            return Outcome(Result.UNKNOWN, sentence, step, self.clock()), None

        return await contained(sending, unknown)

    def _watch(
        self, watch: "Watch", seen: VerdictHandler, outcome: "Outcome", number: int | None
    ) -> None:
        """Have the state polled until the effect is observed or the deadline passes."""

        def look(verdict: "WatchVerdict") -> None:
            if verdict.done and number is not None:
                self.requests.became(number, verdict.sight)
            seen(replace(verdict, unrecorded=outcome.unrecorded))
            if verdict.done:
                _spawn(self._note_seen(outcome, verdict, seen), self._sends)

        if self._watching.add(watch, look):
            _spawn(self._watching.poll(self._reports), self._watches)

    def check_open_attempts(self) -> None:
        """Check the targets of recent attempts that a previous console left without outcome."""
        from tui.session.recovery import worth_checking

        entries = worth_checking(self.trail.unseen(self.clock()), self.clock())
        if self._core is not None and entries:
            _spawn(self._check_open_attempts(self._core, entries), self._watches)

    async def _check_open_attempts(self, core: "Core", entries: "Sequence[Entry]") -> None:
        from tui.session.recovery import check_open_attempts

        seen = await check_open_attempts(core, entries, self.clock)
        if seen.found or seen.elsewhere:
            self._post(seen)
            self.trail.again()

    # Leaving.

    async def retire(self) -> None:
        """Another profile takes over: start no more reads, wait for the responses to what was sent."""
        self._is_retired = True
        self.trail.close()
        for run in self._runs:
            run.stop(_LEFT)
        await self.maintenance.retire(_LEFT)
        for task in self._watches:
            task.cancel()
        if self._core is not None:
            await self._core.poller.aclose()
            await asyncio.gather(*self._sends, return_exceptions=True)
            await self.trail.catch_up()
            await self._core.aclose()

    async def _note_seen(
        self, outcome: "Outcome", verdict: "WatchVerdict", seen: VerdictHandler
    ) -> None:
        """Record in the audit trail what was observed, and report where that fails."""
        why_not = await self._writes.record(outcome, verdict)
        if why_not:
            seen(replace(verdict, unrecorded=why_not))
        self.trail.again()

    async def aclose(self) -> None:
        """Close at once; wait only for what must be flushed."""
        await self.bulks.ended()
        self.trail.close()
        await self.maintenance.aclose()
        for task in (*self._sends, *self._watches):
            task.cancel()
        await asyncio.gather(*self._sends, *self._watches, return_exceptions=True)
        if self._core is not None:
            await self._core.aclose()


def _is_watched(proposal: "Proposal", outcome: "Outcome") -> bool:
    """Whether the effect is still to be observed: the response said only that it was accepted."""
    from tui.ops.operations.kinds import kind_of

    return kind_of(proposal.write).is_watched and outcome.kind.may_have_effect


def _queues(proposal: "Proposal", outcome: "Outcome") -> bool:
    from tui.ops.operations.kinds import kind_of

    return outcome.kind.may_have_effect and kind_of(proposal.write).queues(proposal.write)


def _spawn(work: Awaitable[None], among: set[asyncio.Task[None]]) -> None:
    task = asyncio.ensure_future(work)
    among.add(task)
    task.add_done_callback(among.discard)
