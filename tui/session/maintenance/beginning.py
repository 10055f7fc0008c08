"""Begins to open, go on with, or close a maintenance: claims its journal and reads its targets again.

Invariant: the journal is on the disk, and held by this process, before a run exists.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from tui.core import Core
from tui.domain.maintenance.records import Maintenance, NotedTarget, dated_id
from tui.domain.maintenance.rules import Decision, seen_of, why_left, word_of
from tui.domain.maintenance.set_words import NAME
from tui.domain.text import clean, one_line
from tui.frozen import frozen
from tui.ops.audit.file_trail import user_name
from tui.ops.maintenance.covered import others_of
from tui.ops.maintenance.journals import Journals
from tui.ops.maintenance.late_starts import late_starts
from tui.ops.maintenance.planning import (
    ClosingPlan,
    OpeningPlan,
    elsewhere,
    plan_closing,
    read_through,
    refused,
)
from tui.ops.maintenance.states import States, read_states
from tui.ops.refusal import Refusal
from tui.paths import reason_of
from tui.session.maintenance.run import MaintenanceRun

T = TypeVar("T")
LONGEST = timedelta(days=31)
"""From the opening to the planned end: one that is not overdue for months is forgotten."""
_NO_JOURNAL = Refusal("nothing is kept here, so a maintenance could not be closed again")


@frozen
class Terms:
    """What an operator says when a maintenance is opened."""

    reason: str
    until: datetime
    drain_s: float = 0.0

    def problem(self, now: datetime) -> str:
        """What is wrong with them; empty: nothing."""
        if not one_line(self.reason):
            return "a reason is needed: say what it is for"
        if self.until <= now:
            return "the planned end must be after now"
        is_far = self.until - now > LONGEST
        return f"the planned end must be within {LONGEST.days} days" if is_far else ""


class Beginning:
    """Makes runs of one profile; each of its calls is refused where the journal is held elsewhere."""

    def __init__(
        self,
        core: Core,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._core, self._clock, self._sleep = core, clock, sleep

    async def opening(self, plan: OpeningPlan, terms: Terms) -> MaintenanceRun | Refusal:
        """A new maintenance, noted as its targets are now; never replaces another one."""
        now, problem = self._clock(), terms.problem(self._clock())
        if problem:
            return Refusal(problem)
        if not NAME.fullmatch(plan.name):
            return Refusal(f"{one_line(clean(plan.name))!r} is not a name: use letters, digits, . _ -")
        # Another one must know before its stops are taken for somebody else's.
        taken = await self._taken(plan.name)
        states = taken or await self._read(plan.targets, run=False)
        if isinstance(states, Refusal):
            return states
        rows = [row for one in plan.stopped if (row := states.of(one)) is not None]
        waits = await late_starts(self._core.guard, rows)
        targets = tuple(_as_now(target, states, waits) for target in plan.targets)
        if not any(one.is_to_stop for one in targets):
            nothing = Refusal("nothing is to be stopped: all targets are left as they are")
            return await self._taken(plan.name, targets) or nothing
        one = Maintenance(
            dated_id(plan.name, now),
            plan.name,
            self._core.facts.name,
            one_line(clean(terms.reason)),
            user_name(),
            now,
            terms.until,
            targets,
            tuple((system.value, address) for system, address in self._core.facts.addresses),
            terms.drain_s,
        )
        held = await self._claimed(lambda journals: journals.create(one), is_new=True)
        return held if isinstance(held, Refusal) else self._begun(held, states)

    async def going_on(self, one: Maintenance) -> MaintenanceRun | Refusal:
        """Go on with an opening that was interrupted; what it noted stays as it is."""
        refusal = elsewhere(self._core.facts, one)
        if refusal is not None:
            return refusal
        held = await self._claimed(lambda journals: journals.claim(one.id, reviewed=one.targets))
        if isinstance(held, Refusal):
            return held
        states = await self._while_held(held, self._read(held.targets, run=False))
        return states if isinstance(states, Refusal) else self._begun(held, states)

    async def closing(self, plan: ClosingPlan) -> MaintenanceRun | Refusal:
        """Close it by a plan that was confirmed. Once the journal is held, everything is read and
        decided again; what is not as it was reviewed is left as it is."""
        reviewed = plan.maintenance
        held = await self._claimed(
            lambda journals: journals.claim(reviewed.id, closes=True, reviewed=reviewed.targets)
        )
        if isinstance(held, Refusal):
            return held
        fresh = await self._while_held(held, self._planned(held))
        if isinstance(fresh, Refusal):
            return fresh
        # With what is known by now of the stops in doubt.
        for one in fresh.decisions:
            held = held.with_target(one.target)
        return self._begun(held, fresh.states, fresh.by(plan))

    async def _planned(self, held: Maintenance) -> ClosingPlan | Refusal:
        core = self._core
        others = await asyncio.to_thread(others_of, core.maintenances, core.facts)
        return await plan_closing(core.guard, held, others)

    async def _while_held(self, held: Maintenance, reading: Awaitable[T | Refusal]) -> T | Refusal:
        """What was read; where that fails or is cancelled, the journal is given back as it was."""
        found: T | Refusal = Refusal("")
        try:
            found = await read_through(reading)
        finally:
            if isinstance(found, Refusal) and self._core.maintenances is not None:
                with suppress(OSError):
                    self._core.maintenances.give_back(held)
        return found

    async def _taken(self, name: str, targets: Sequence[NotedTarget] = ()) -> Refusal | None:
        """Which open maintenance is in the way."""
        journals = self._core.maintenances
        return None if journals is None else await asyncio.to_thread(journals.standing, name, targets)

    async def _read(
        self, targets: "tuple[NotedTarget, ...] | list[NotedTarget]", *, run: bool
    ) -> States | Refusal:
        kinds = frozenset(one.kind for one in targets if not one.is_settled)
        refusal = refused(self._core.guard, kinds, run=run)
        if refusal is not None:
            return refusal
        return await read_through(read_states(self._core.service, kinds))

    async def _claimed(
        self, claim: Callable[[Journals], Maintenance | Refusal], *, is_new: bool = False
    ) -> Maintenance | Refusal:
        """The journal, held by this process; who is cancelled meanwhile holds nothing."""
        journals = self._core.maintenances
        if journals is None:
            return _NO_JOURNAL
        claiming = asyncio.ensure_future(asyncio.to_thread(claim, journals))
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            held = await claiming
            if isinstance(held, Maintenance):
                (journals.release if is_new else journals.give_back)(held)
            raise
        except OSError as failure:
            why = f"nothing was sent: the journal cannot be written ({reason_of(failure)})"
            return Refusal(why, "Free disk space or fix the permissions of the state directory")

    def _begun(
        self, held: Maintenance, states: States, decisions: Sequence[Decision] = ()
    ) -> MaintenanceRun:
        journals = self._core.maintenances
        assert journals is not None  # noqa: S101 - it is held
        return MaintenanceRun(self._core, journals, held, states, self._clock, self._sleep, decisions)


def _as_now(target: NotedTarget, states: States, waits: Collection[str]) -> NotedTarget:
    """The planned target in its state of this moment; what the plan left stays left. `waits`: ids of
    those that are off and may start yet."""
    row = states.of(target)
    if target.left or row is None:
        return target if target.left else replace(target, left=why_left(seen_of(None)))
    left = "" if target.id in waits else why_left(seen_of(row))
    return replace(target, before=word_of(row), left=left)
