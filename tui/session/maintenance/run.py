"""One opening or closing of a maintenance: sends its stops or starts a few at a time, each through the
guard, and watches them together.

Invariants: each step is in the journal before it is sent and after its result; nothing is sent once the
journal cannot be written; what somebody else changed meanwhile is left as it is. A step is added to what
the journal holds then, never to what a plan held.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from tui.api.errors import Rejected
from tui.api.urgent import for_a_write
from tui.core import Core
from tui.domain.maintenance.banner import end_words, summary
from tui.domain.maintenance.doubt import Clocks
from tui.domain.maintenance.records import Maintenance, MemberKind, NotedTarget, Step
from tui.domain.maintenance.rules import Act, Decision, Seen, Target, decide, is_busy, seen_of, why_left
from tui.domain.result import Result
from tui.domain.text import one_line
from tui.ops.execution.bulk_run import AT_ONCE, hits_all
from tui.ops.execution.outcome import Outcome
from tui.ops.execution.state_watch import Watch, WatchVerdict
from tui.ops.maintenance.earlier_steps import read_earlier
from tui.ops.maintenance.journals import Journals
from tui.ops.maintenance.late_starts import late_starts
from tui.ops.maintenance.states import States, propose, server_now
from tui.ops.refusal import Refusal
from tui.session.effect_watcher import EffectWatcher, ReadReports
from tui.session.history_events import keep_maintenance
from tui.session.maintenance.leaving import Pauses, seen_out
from tui.session.maintenance.notes import Notes
from tui.session.maintenance.recent_stops import RecentStops
from tui.session.maintenance.sight import Sight
from tui.session.maintenance.step_result import (
    DOWN,
    gone_off,
    gone_on_with,
    is_settling,
    lock_words,
    looked_at,
    of_not_started,
    result_of_stop,
    resumed,
    row_now,
)
from tui.session.sending import Sending

if TYPE_CHECKING:
    from tui.domain.profile import System

_TRIES = 3
"""Looks at a target that changes while it is about to be sent."""
_LOOK_EVERY = 1.0
"""Seconds between two looks at a stop that was accepted before."""
_DRAIN_EVERY = 3.0
"""Seconds between two looks at runs that are to end by themselves."""


class MaintenanceRun:
    """`stopped` says why nothing more is sent, or is empty."""

    def __init__(
        self,
        core: Core,
        journals: Journals,
        one: Maintenance,
        states: States,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
        decisions: Sequence[Decision] = (),
    ) -> None:
        """`one` is held by this process; `states`: its targets, read since; `decisions`: what closing
        does with each."""
        self.stopped, self.is_over = "", False
        self.before = one
        """As it was when this began."""
        self.is_opening = True
        self.trouble = ""
        """Why journal or audit trail are incomplete; empty: they are complete."""
        self._core, self._decisions = core, decisions
        self._sight = Sight(core.service, states)
        self._clock, self._pauses, self._notes = clock, Pauses(sleep), Notes(journals, one)
        self._sending = Sending(core, clock, is_of_maintenance=True)
        self._watcher, self._stops = EffectWatcher(clock, sleep), RecentStops(core.trail)
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._barred: dict[System, str] = {}
        """Why nothing more is sent to a system: every other target there would fail in the same way."""
        self._leaves = False
        self._sent: set[str] = set()
        """Ids of what this run sent something to."""

    @property
    def one(self) -> Maintenance:
        """The journal as it is now."""
        return self._notes.one

    def follow(self, changed: Callable[[], object]) -> None:
        """Have `changed` called after every change."""
        self._notes.changed = changed

    def stop(self, why: str = "stopped") -> None:
        self.stopped = self.stopped or why
        self._pauses.cut()

    def _interrupted(self) -> None:
        self.stop("interrupted, so nothing more was sent")

    def leave(self, why: str) -> None:
        """The same, and wait for no effect: the next look shows it."""
        self.stop(why)
        self._leaves = True
        for task in self._tasks:
            task.cancel()

    @property
    def rest(self) -> tuple[NotedTarget, ...]:
        """What is still to be stopped, or started."""
        if self.is_opening:
            return self.one.not_stopped
        return tuple(one for one in self.one.targets if not one.is_settled)

    @property
    def is_well(self) -> bool:
        """Whether all of it was done, as far as is known, and recorded."""
        return not self.rest and not self.trouble

    @property
    def summary(self) -> str:
        """What became of it, in one sentence."""
        why = self.stopped if self.rest else ""
        whys = dict.fromkeys((why, *self._barred.values(), self.to_unlock, self.trouble))
        parts = (summary(self.one, opening=self.is_opening, before=self.before), *whys)
        return " · ".join(filter(None, parts))

    @property
    def to_unlock(self) -> str:
        """What must be done before the rest can be started; empty: nothing."""
        return "" if self.is_opening else lock_words(map(self._sight.seen, self.rest))

    async def open(self) -> None:
        """Stop what is to be stopped; also what an interrupted opening left. See `seen_out`."""
        await seen_out(self._worked(self._open), self._interrupted)

    async def close(self, also: Collection[str] = ()) -> None:
        """Do what was decided; `also`: ids of doubtful targets that a person wants to be started."""
        self.is_opening = False
        await seen_out(self._worked(partial(self._close, also)), self._interrupted)

    async def _worked(self, work: Callable[[], Awaitable[None]]) -> None:
        if self.is_opening:
            word = "goes on" if any(one.stop for one in self.one.targets) else "begins"
            begins = f"{self.one.name} {word}: {self.one.reason}"
            ends = end_words(self.one, self._clock())
            await keep_maintenance(self._core, f"{begins} · {ends} UTC", self.one.id)
        try:
            with for_a_write():
                await work()
                while self._tasks and not self._leaves:
                    done, _ = await asyncio.wait(self._tasks)
                    for task in done:
                        if not task.cancelled():
                            task.result()
                if not self._leaves:
                    await self._look_at_the_end()
        finally:
            for task in self._tasks:
                task.cancel()
            self._release()
        await keep_maintenance(self._core, self.summary, self.one.id)

    def _release(self) -> None:
        self.is_over = True
        all_done = not self.is_opening and all(one.is_settled for one in self.one.targets)
        self._notes.release(self._clock() if all_done else None)
        self.trouble = self._notes.trouble or self.trouble
        self._notes.changed()

    # Opening.

    async def _open(self) -> None:
        waiting = await self._verified_rest()
        for kind in dict.fromkeys(target.kind for target in waiting):
            now = [one for one in waiting if one.kind is kind and not self._drains(one)]
            await self._wave(now, run=False)
        await self._drain([one for one in waiting if self._drains(one)])

    async def _verified_rest(self) -> list[NotedTarget]:
        """What is left to stop; of a stop in doubt the audit trail and the state are looked at first."""
        rest = [one for one in self.one.targets if one.is_to_stop]
        if all(one.stop is None for one in rest):
            return rest
        earlier = await read_earlier(self._core.trail, self.one)
        known, left = [earlier.verified(one) for one in rest], []
        for was, target in zip(rest, known, strict=True):
            if target != was:
                await self._note(target)
        await self._settling(known)
        for target in known:
            noted, is_sent = gone_on_with(target, self._sight.of(target), self._clocks(target))
            if is_sent:
                left.append(noted)
            if noted != target:
                await self._note(noted)
        return left

    async def _settling(self, targets: Sequence[NotedTarget]) -> None:
        """Give an accepted stop its time to take effect: it is not sent twice."""
        while not self.stopped:
            now = self._clock()
            young = {one.kind for one in targets if is_settling(one, self._sight.of(one), now)}
            if not young:
                return
            await self._pauses.wait(_LOOK_EVERY)
            await self._sight.again(young)

    def _drains(self, target: NotedTarget) -> bool:
        """Whether its run has time to end by itself."""
        is_early = self._clock() < self.one.opened_at + timedelta(seconds=self.one.drain_s)
        return is_early and is_busy(self._sight.of(target))

    async def _drain(self, waiting: list[NotedTarget]) -> None:
        """Stop each as soon as its run has ended, and all at the end of the time."""
        while waiting and not self.stopped:
            ready = [one for one in waiting if not self._drains(one)]
            await self._wave(ready, run=False)
            waiting = [one for one in waiting if one not in ready]
            if waiting:
                await self._pauses.wait(_DRAIN_EVERY)
                await self._sight.again({MemberKind.SYNC})

    # Closing.

    async def _close(self, also: Collection[str]) -> None:
        starting = []
        settled = {one.id for one in self.one.targets if one.is_settled}
        for one in self._decisions:
            if one.target.id in settled:
                continue
            if one.act is Act.START or (one.act is Act.ASK and one.target.id in also):
                starting.append(await self._seen_off(one.target))
            else:
                await self._decided(one)
        for kind in dict.fromkeys(target.kind for target in starting):
            await self._wave([one for one in starting if one.kind is kind], run=True)

    async def _seen_off(self, target: NotedTarget) -> NotedTarget:
        """What is started was seen off: its stop is not waited for any more."""
        known = self._notes.known(target)
        if known.stop is not None and known.stop.is_pending:
            known = gone_off(known)
            await self._note(known)
        return known

    async def _decided(self, one: Decision) -> None:
        """Note what is not started, and why."""
        earlier = self._notes.known(one.target).start
        step = of_not_started(one, earlier, self._clocks(one.target))
        await self._note_step(one.target, step, True)

    # Sending.

    async def _wave(self, targets: Iterable[NotedTarget], *, run: bool) -> None:
        async def one(target: NotedTarget) -> None:
            async with self._slots:
                await self._send(target, run=run)

        async with asyncio.TaskGroup() as senders:
            for target in targets:
                senders.create_task(one(target))

    async def _send(self, target: NotedTarget, *, run: bool) -> None:
        row = self._sight.of(target)
        for _ in range(_TRIES):
            if self._why_not(target):
                return
            if row is None or seen_of(row) is not (Seen.OFF if run else Seen.ON):
                await self._left(target, row, run=run)
                return
            proposal = propose(row, run=run)
            if isinstance(proposal, Refusal):
                await self._note_step(
                    target, Step(self._clock(), Result.REFUSED, "", str(proposal)), run
                )
                return
            outcome, watch = await self._sending.perform(
                replace(proposal, plan=self.one.id),
                withdrawn=lambda: self._why_not(target),
                leaving=partial(self._leaving, target, run=run),
            )
            if outcome.conflict is None:
                break
            row = row_now(row, outcome.conflict.row)
        known = self._notes.known(target)
        if not run and known.earlier is None and isinstance(outcome.error, Rejected):
            # No later try would end differently.
            said = f"it cannot be stopped: {one_line(outcome.sentence)}"
            await self._note(replace(known, stop=None, left=said))
            return
        # What was not sent says what to do first: of a toggle in doubt, how long to wait.
        next_step = outcome.next_step if outcome.kind.nothing_sent else ""
        said = one_line(". ".join(filter(None, (outcome.sentence, next_step))))
        result = outcome.kind if run else result_of_stop(outcome)
        await self._note_step(target, Step(self._clock(), result, outcome.attempt, said), run)
        self.trouble = self.trouble or outcome.unrecorded
        if outcome.error is not None and hits_all(outcome):
            self._barred.setdefault(target.kind.system, one_line(outcome.sentence))
        if watch is not None:
            self._watch(target, watch, outcome, run=run)

    async def _leaving(self, target: NotedTarget, attempt: str, *, run: bool) -> str:
        """Note the step, right before its request leaves. Why it must not leave, or empty."""
        if why := self._why_not(target):
            return why
        if run and (who := await self._stops.by_others(self.one, self._notes.known(target))):
            return f"changed since the review: {who}. Open the review again"
        if not await self._note_step(target, Step(self._clock(), audit=attempt), run):
            return self.trouble
        self._sent.add(target.id)
        return ""

    def _why_not(self, target: NotedTarget) -> str:
        """Why nothing is sent to it any more, or empty."""
        return self.stopped or self._barred.get(target.kind.system, "")

    async def _left(self, target: NotedTarget, row: Target | None, *, run: bool) -> None:
        """It is no longer as it was when its step was planned: somebody else was faster."""
        seen = seen_of(row)
        if run:
            await self._decided(decide(replace(target, start=None), seen, self._clock()))
        elif (known := self._notes.known(target)).was_stopped and known.stop and seen in DOWN:
            # An earlier stop of ours took effect late.
            await self._note(resumed(known, seen, self._clocks(known)) or known)
        elif said := await self._unsettled(known, row, seen):
            await self._note_step(target, Step(self._clock(), Result.NOT_SENT, "", said), run)
        else:
            await self._note(replace(known, stop=None, left=why_left(seen)))

    async def _unsettled(self, known: NotedTarget, row: Target | None, seen: Seen) -> str:
        """Why a target that is not on stays in the rest; empty: it is left as it is."""
        if row is None or seen is Seen.GONE:
            return "it is not in the server's list"  # An empty list is not an answer.
        if known.was_stopped:
            return why_left(seen)
        late = await late_starts(self._core.guard, [row])
        return late.get(known.id, "")

    def _watch(self, target: NotedTarget, watch: Watch, outcome: Outcome, *, run: bool) -> None:
        def judged(verdict: WatchVerdict) -> None:
            if verdict.done:
                self._spawn(self._saw(target, outcome, verdict, run=run))

        if self._watcher.add(watch, judged):
            self._spawn(self._watcher.poll(ReadReports(self._core.service, self._clock)))

    async def _saw(
        self, target: NotedTarget, outcome: Outcome, verdict: WatchVerdict, *, run: bool
    ) -> None:
        self.trouble = self.trouble or await self._sending.record(outcome, verdict)
        step = Step(self._clock(), verdict.result, outcome.attempt, one_line(verdict.sight))
        await self._note_step(target, step, run)

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _look_at_the_end(self) -> None:
        """The last word has the state: a late effect counts, and one that was lost again does not."""
        looked = [one for one in self.one.targets if one.id in self._sent]
        if not looked or not await self._sight.again({one.kind for one in looked}):
            return
        for target in looked:
            seen, clocks = self._sight.seen(target), self._clocks(target)
            step = looked_at(target, seen, clocks, opening=self.is_opening)
            if step is not None:
                await self._note_step(target, step, not self.is_opening)

    def _clocks(self, target: NotedTarget) -> Clocks:
        return Clocks(self._clock(), server_now(self._core.service, target.kind))

    async def _note_step(self, target: NotedTarget, step: Step, run: bool) -> bool:
        by_server = step.server_at or server_now(self._core.service, target.kind)
        step = replace(step, server_at=by_server)
        return self._has_noted(await self._notes.step(target, step, run))

    async def _note(self, target: NotedTarget) -> bool:
        return self._has_noted(await self._notes.target(target))

    def _has_noted(self, is_written: bool) -> bool:
        if not is_written:
            self.trouble = self._notes.trouble
            self.stop("nothing more was sent")
        return is_written
