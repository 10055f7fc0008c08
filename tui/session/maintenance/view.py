"""The maintenances of a profile as a console sees them: which are open, what must be said of them, and
the runs that this console does.

The journals are read again whenever something polled and a journal was written, by whichever process.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from tui.paths import reason_of
from tui.session.events import MaintenanceChanged, MaintenanceEnded, Post
from tui.session.worker_boundary import contained
from tui.store.snapshot import Topic

if TYPE_CHECKING:
    from tui.core import Core
    from tui.domain.maintenance.banner import SeenNow
    from tui.domain.maintenance.coverage import Covered
    from tui.domain.maintenance.records import Maintenance, MemberKind, NotedTarget
    from tui.domain.maintenance.rules import Seen
    from tui.ops.maintenance.journals import Journals
    from tui.ops.maintenance.planning import ClosingPlan, OpeningPlan
    from tui.ops.proposals.proposal import Proposal
    from tui.ops.refusal import Refusal
    from tui.session.audit_view import AuditView
    from tui.session.maintenance.beginning import Beginning, Terms
    from tui.session.maintenance.run import MaintenanceRun

P = TypeVar("P")


class MaintenanceView:
    def __init__(
        self,
        trail: "AuditView",
        post: Post,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
        report: Callable[[Exception], str],
    ) -> None:
        """`trail` is read again after a run; `post` receives the events, `report` keeps a fault and
        says where."""
        self._trail = trail
        self._post, self._clock, self._sleep, self._report = post, clock, sleep, report
        self._core: Core | None = None
        self._mark: object = None
        self._reading: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.open_ones: tuple[Maintenance, ...] = ()
        """Those that are not closed, the oldest first; empty until they were read."""
        self.covered: Covered | None = None
        """What they cover, and those of other profiles on the same servers; None: nothing."""
        self.beside: tuple[Maintenance, ...] = ()
        """What is open in other profiles, on the same servers."""
        self.troubles: tuple[str, ...] = ()
        """Why journals cannot be read, a sentence each."""
        self.is_read = False
        """Whether they were read at all, so that an offer at the start can be made."""
        self.runs: list[MaintenanceRun] = []
        """What this console opens and closes now."""

    # Reading.

    def attach(self, core: "Core") -> None:
        """Read the journals of this profile from now on."""
        self._core = core
        if core.maintenances is not None:
            core.store.on_polled(lambda *_: self.look())
            self.look()

    def look(self) -> None:
        """Read them again if one was written since, in the background."""
        journals = self._journals
        if journals is None or self.is_reading:
            return
        if not self.is_read or journals.mark != self._mark:
            self._reading = asyncio.ensure_future(self._read(journals))

    async def _read(self, journals: "Journals") -> None:
        while not self.is_read or journals.mark != self._mark:
            self._mark = journals.mark
            try:
                known = await asyncio.to_thread(journals.read)
                self.beside = await asyncio.to_thread(self._read_beside)
            except OSError as failure:
                self.troubles = (f"the journals cannot be read: {reason_of(failure)}",)
            else:
                self.open_ones, self.troubles = known.open, known.troubles
                self.covered = self._covered()
            self.is_read = True
            self._post(MaintenanceChanged())

    def _read_beside(self) -> "tuple[Maintenance, ...]":
        from tui.ops.maintenance.covered import others_of

        core = self._connected()
        return others_of(core.maintenances, core.facts)

    def _covered(self) -> "Covered | None":
        known = (*self.open_ones, *self.beside)
        if not known:
            return None
        from tui.domain.maintenance.coverage import Covered

        return Covered(known)

    @property
    def is_reading(self) -> bool:
        return self._reading is not None and not self._reading.done()

    @property
    def _journals(self) -> "Journals | None":
        return self._core.maintenances if self._core is not None else None

    @property
    def set_names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self._core.facts.sets) if self._core is not None else ()

    @property
    def interrupted(self) -> "tuple[Maintenance, ...]":
        """Those that nobody works on and that are done only in part: go on, or close."""
        return tuple(one for one in self.open_ones if one.is_interrupted)

    @property
    def urgent(self) -> int:
        """How many are overdue, or done only in part: the banner is red."""
        if not self.open_ones:
            return 0
        from tui.domain.maintenance.banner import needs_attention

        return sum(needs_attention(one, self._clock()) for one in self.open_ones)

    def banner(self) -> str:
        """One line for every screen and the window title; empty: none is open."""
        if not self.open_ones:
            return ""
        from tui.domain.maintenance.banner import banners

        return banners(self.open_ones, self._clock(), self.seen_now)

    @property
    def seen_now(self) -> "SeenNow":
        """By the lists; what was read before its stop says nothing."""
        from tui.domain.maintenance.rules import seen_of
        from tui.ops.maintenance.states import read_since, states_in

        store = self._connected().store
        # A list may have thousands of rows, and each target looks its own up.
        known_open = (*self.open_ones, *self.beside)
        noted = {target.id.lower() for one in known_open for target in one.off}
        known = states_in(store)
        states = replace(known, workers=tuple(one for one in known.workers if one.id.lower() in noted))

        def seen(target: "NotedTarget") -> "Seen | None":
            is_newer = target.stop is not None and read_since(store, target.kind, target.stop.at)
            return seen_of(states.of(target)) if is_newer else None

        return seen

    def heeded(self, proposal: "Proposal") -> "Proposal":
        """The proposal, with a warning if it turns on what one of them has stopped."""
        if self.covered is None and not proposal.maintenance:
            return proposal
        from tui.domain.maintenance.coverage import Covered
        from tui.ops.maintenance.against import heeded

        return heeded(proposal, self.covered or Covered(), self._clock())

    @property
    def under_way(self) -> str:
        """What is being opened or closed, as text; empty: nothing is."""
        verbs = ("closing", "opening")
        doing = (f"{verbs[run.is_opening]} {run.one.name}" for run in self.runs)
        return f"maintenance: {', '.join(doing)}…" if self.runs else ""

    # Opening and closing: plan, show the plan, confirm it by its grade, then begin.

    async def plan(self, name: str, *, engine: bool = False) -> "OpeningPlan | Refusal":
        """What opening the set `name` of the config would do; `engine`: the engine too."""
        from tui.domain.writes import ENGINE
        from tui.ops.maintenance.planning import plan_opening, read_through, set_words
        from tui.ops.refusal import Refusal

        core = self._connected()
        words = set_words(core.facts, name)
        if isinstance(words, Refusal):
            return words
        more = (ENGINE,) if engine else ()
        return await read_through(plan_opening(core.guard, name, (*words, *more)))

    async def plan_words(
        self, words: "Sequence[str]", *, engine: bool = False
    ) -> "OpeningPlan | Refusal":
        """What opening these filters would do, under a name of its own."""
        from tui.domain.writes import ENGINE
        from tui.ops.maintenance.planning import adhoc_name, plan_opening, read_through

        name, more = adhoc_name(self._clock()), (ENGINE,) if engine else ()
        return await read_through(plan_opening(self._connected().guard, name, (*words, *more)))

    async def plan_marked(
        self, marked: "Collection[tuple[MemberKind, str]]", *, engine: bool = False
    ) -> "OpeningPlan | Refusal":
        """What opening these rows would do, under a name of its own; kind and identifier of each."""
        from tui.domain.maintenance.records import MemberKind
        from tui.domain.writes import ENGINE
        from tui.ops.maintenance.planning import adhoc_name, plan_of_marked, read_through

        name = adhoc_name(self._clock())
        marked = [*marked, *([(MemberKind.ENGINE, ENGINE)] if engine else [])]
        return await read_through(plan_of_marked(self._connected().guard, name, marked))

    async def open(self, plan: "OpeningPlan", terms: "Terms") -> "MaintenanceRun | Refusal":
        """Note it and begin to stop; the run goes on by itself, see `MaintenanceEnded`."""
        run = await self._beginning().opening(plan, terms)
        return self._begun(run, lambda begun: begun.open())

    async def go_on(self, one: "Maintenance") -> "MaintenanceRun | Refusal":
        """Go on with an opening that was interrupted."""
        run = await self._beginning().going_on(one)
        return self._begun(run, lambda begun: begun.open())

    async def plan_closing(self, one: "Maintenance") -> "ClosingPlan | Refusal":
        """What closing it would do now; everything is read again, the journal too."""
        from tui.ops.maintenance.planning import plan_closing, read_through
        from tui.ops.refusal import Refusal

        journals = self._journals
        now = one if journals is None else (await asyncio.to_thread(journals.read)).find(one.id)
        if isinstance(now, Refusal):
            return now
        return await read_through(plan_closing(self._connected().guard, now, self.beside))

    async def close(self, plan: "ClosingPlan", also: Collection[str] = ()) -> "MaintenanceRun | Refusal":
        """Begin to start what was stopped; `also`: ids of its doubtful targets (`Act.ASK`) that the
        operator wants to be started."""
        run = await self._beginning().closing(plan)
        return self._begun(run, lambda begun: begun.close(also))

    def _connected(self) -> "Core":
        assert self._core is not None  # noqa: S101 - `refusal` was checked first
        return self._core

    def _beginning(self) -> "Beginning":
        from tui.session.maintenance.beginning import Beginning

        return Beginning(self._connected(), self._clock, self._sleep)

    def _begun(
        self,
        run: "MaintenanceRun | Refusal",
        work: "Callable[[MaintenanceRun], Coroutine[Any, Any, None]]",
    ) -> "MaintenanceRun | Refusal":
        from tui.ops.refusal import Refusal

        if isinstance(run, Refusal):
            return run
        run.follow(lambda: self._post(MaintenanceChanged()))
        self.runs.append(run)
        task = asyncio.ensure_future(self._done(run, work(run)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.look()
        return run

    async def _done(self, run: "MaintenanceRun", work: Coroutine[Any, Any, None]) -> None:
        """A fault of ours ends the run; the journal says how far it came."""

        def ended(fault: Exception) -> None:
            run.trouble = f"a fault in syncdeck ({type(fault).__name__}); {self._report(fault)}"

        try:
            await contained(work, ended)
        finally:
            self.runs.remove(run)
            self.look()
            self._trail.again()
            self._connected().poller.refresh(Topic.STATUS, Topic.ENGINE, Topic.CONNECTIONS)
            self._post(MaintenanceEnded(run))

    # Leaving.

    async def retire(self, why: str) -> None:
        """Send nothing more, and wait for the responses to what was sent."""
        for run in self.runs:
            run.leave(why)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def grace_s(self) -> float:
        """Seconds that `aclose` may take."""
        if not self.runs:
            return 0.0
        from tui.session.maintenance.leaving import GRACE_S

        return GRACE_S

    async def aclose(self) -> None:
        """End in a moment, see `leaving.py`; the journal says how far it came."""
        tasks = [*self._tasks, *([self._reading] if self._reading is not None else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
