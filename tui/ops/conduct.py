"""From a confirmed proposal to what became of it: the one way in for every front end.

Invariants: before a write its target is read again, and nothing is sent where it is no longer what
the operator saw; after a lost answer the target is looked at, and the write is never repeated.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from tui.api.errors import BadAnswer, ErpError, NotAuthorised, ServerFailed
from tui.api.urgent import for_a_write
from tui.domain.changes import (
    SEEN_AFTER,
    STATE_CHANGES,
    ToggleConnection,
    Write,
)
from tui.domain.result import Result
from tui.ops.answers import compared
from tui.ops.conflicts import asks_for_the_same, rests_on_something, stops
from tui.ops.findings import (
    APPLIED,
    LOOK_FIRST,
    NOT_APPLIED,
    UNDER_WAY,
    UNKNOWN,
    judge,
    late,
    not_yet,
    unseen,
)
from tui.ops.guard import DOUBT, Guard, Outcome, OutcomeKind, judged
from tui.ops.lost_toggles import Hindrance, hindrance
from tui.ops.proposal import Proposal
from tui.ops.reread import Reread
from tui.ops.target import Thing, asked
from tui.ops.trail import Finding

_PAUSES = (0.0, 1.0, 2.0)
"""Seconds before each look at a target whose answer was lost: the server may still be at it."""
_MAY_BE_DONE = (ServerFailed, BadAnswer, NotAuthorised)
"""Failures after which a look can show that the write was done all the same."""
_LOOKING = 15.0
"""Seconds after which nobody waits for a look any longer."""


class Conduct:
    """Carries proposals out."""

    def __init__(
        self,
        guard: Guard,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.guard = guard
        self._sleep, self._monotonic = sleep, monotonic
        self._reread = Reread(guard.service, monotonic)

    async def perform(
        self,
        proposal: Proposal,
        *,
        confirmed_at: float | None = None,
        withdrawn: Callable[[], str] = lambda: "",
        begun: Callable[[], object] = lambda: None,
    ) -> Outcome:
        """Read the target again, send it once, and say what became of it.

        `confirmed_at` (by the monotonic clock): when the operator confirmed it, for a proposal that
        had to wait its turn since. `withdrawn` is asked right before it is sent: why it is no longer
        wanted, or empty. `begun` is told once nothing can keep it from being sent. A fault of ours
        goes on to the caller.
        """
        if confirmed_at is None:
            confirmed_at = self._monotonic()
        with for_a_write():
            return await self._performed(proposal, confirmed_at, withdrawn, begun)

    async def _performed(
        self,
        proposal: Proposal,
        confirmed_at: float,
        withdrawn: Callable[[], str],
        begun: Callable[[], object],
    ) -> Outcome:
        if self.guard.refusal(proposal.operation) is None and rests_on_something(proposal):
            stopped = await self._stopped(proposal, confirmed_at)
            if stopped is not None:
                return stopped
        reason = withdrawn()
        if reason:
            return Outcome(OutcomeKind.NOT_SENT, f"nothing was sent: {reason}", "", self.guard.clock())
        outcome = await self.guard.run(
            proposal.operation,
            proposal.write,
            proposal.changes,
            proposal.target,
            partial(compared, proposal),
            begun,
            partial(self._barred, proposal),
            proposal.reviewed,
        )
        if outcome.kind.nothing_sent:
            return outcome
        lost = outcome.error if outcome.kind is OutcomeKind.UNKNOWN else None
        if lost is not None and not isinstance(proposal.write, STATE_CHANGES):
            return await self._looked_again(proposal, outcome, lost)
        # A server can do the work and fail, redirect or end the login on the way to its response.
        broke = outcome.kind is OutcomeKind.FAILED and isinstance(outcome.error, _MAY_BE_DONE)
        broke = broke and not unseen(proposal.write)
        if broke or (outcome.error is None and isinstance(proposal.write, SEEN_AFTER)):
            return await self._read_again(proposal, outcome)
        # A response without the values, or with others, is not the last word on what is there now.
        open_yet = outcome.kind in (OutcomeKind.ACCEPTED, OutcomeKind.NOT_APPLIED)
        if open_yet and asked(proposal.write):
            return await self._compared(proposal, outcome)
        return outcome

    async def look(self, write: Write, before: Mapping[str, str], sent_at: datetime) -> Finding:
        """What the target of `write`, of which no answer came at its time, is now.

        `before`: the values that were, by key or by label, in words. `sent_at`: when it was noted.

        Raises:
            ErpError: it cannot be looked at now.
        """
        with for_a_write():
            finding, _ = await self._judged(write, before)
        found = finding.result, finding.sentence
        if finding.at - sent_at < UNDER_WAY:
            found = not_yet(write, *found)
        return self._finding(*late(*found))

    # Before.

    async def _stopped(self, proposal: Proposal, since: float) -> Outcome | None:
        try:
            thing = await self._reread.thing(proposal.write, since)
            thing = await self._reread.named(thing, since)
        except ErpError as error:
            sentence = f"nothing was sent: the target could not be read again: {error.sentence}"
            return Outcome(OutcomeKind.REFUSED, sentence, error.next_step, self.guard.clock(), error)
        stopped = stops(proposal, thing, self.guard.clock())
        write = proposal.write
        if stopped or not isinstance(write, ToggleConnection):
            return stopped
        held = await self._hindrance(proposal, write)
        if held is None:
            return None
        sentence = f"nothing was sent: {held.sentence}"
        return Outcome(OutcomeKind.REFUSED, sentence, held.next_step(write, thing), self.guard.clock())

    async def _hindrance(
        self, proposal: Proposal, write: ToggleConnection, own: str = ""
    ) -> Hindrance | None:
        guard = self.guard
        address = guard.facts.address_of(proposal.operation.scope.system)
        return await hindrance(guard.trail, write, address, guard.clock(), own, proposal.expects)

    async def _barred(self, proposal: Proposal, own: str) -> str:
        """Why a toggle that is noted as `own` must wait for another one; empty for other writes."""
        write = proposal.write
        if not isinstance(write, ToggleConnection):
            return ""
        held = await self._hindrance(proposal, write, own)
        return await self._flipped_meanwhile(proposal) if held is None else held.sentence

    async def _flipped_meanwhile(self, proposal: Proposal) -> str:
        """Why a toggle whose attempt is noted must not go out: another one may have ended since the
        target was read, and this one would flip back what that one did."""
        try:
            thing = await self._reread.thing(proposal.write, self._monotonic())
        except ErpError as error:
            return f"the target could not be read again: {error.sentence}"
        stopped = stops(proposal, thing, self.guard.clock())
        return "" if stopped is None else stopped.sentence.removeprefix("nothing was sent: ")

    # After.

    async def _compared(self, proposal: Proposal, outcome: Outcome) -> Outcome:
        """Read what the write led to, and compare it with what was requested."""
        thing: Thing | None = None
        why = "it is no longer listed"
        try:
            async with asyncio.timeout(_LOOKING):
                thing = await self._read_until_applied(proposal, isinstance(outcome.result, Thing))
        except (ErpError, TimeoutError) as failure:
            why = getattr(failure, "sentence", f"no answer within {_LOOKING:.0f}s")
        if thing is None:
            sentence = f"{outcome.sentence}; it could not be read again: {why}"
            return replace(outcome, sentence=sentence, next_step=outcome.next_step or LOOK_FIRST)
        found = compared(proposal, thing)
        step = outcome.next_step or LOOK_FIRST
        outcome = judged(replace(outcome, result=thing, next_step=step), found)
        finding = self._finding(found.result, found.sentence or "as requested")
        return await self._checked(replace(outcome, finding=finding), finding)

    async def _read_until_applied(self, proposal: Proposal, answered: bool) -> Thing | None:
        """The target as it is now; read again while it may still change, unless a response with values
        says the same."""
        thing: Thing | None = None
        for pause in _PAUSES[:1] if answered else _PAUSES:
            await self._sleep(pause)
            thing = await self._reread.thing(proposal.write, self._monotonic())
            if compared(proposal, thing).result is Result.APPLIED:
                break
        return thing

    async def _checked(self, outcome: Outcome, finding: Finding) -> Outcome:
        """Keep in the trail what a look showed."""
        try:
            await self.guard.trail.check(outcome.attempt, finding)
        except OSError as failure:
            note = f"the audit trail could not note this look ({failure.strerror or failure})"
            step = ". ".join(filter(None, (outcome.next_step, note)))
            return replace(outcome, next_step=step, unrecorded=failure.strerror or str(failure))
        return outcome

    async def _looked_again(self, proposal: Proposal, outcome: Outcome, lost: ErpError) -> Outcome:
        before = {facet.key: facet.value for facet in proposal.basis}
        finding, thing = await self._look_until_seen(proposal.write, before)
        if isinstance(proposal.write, ToggleConnection) or outcome.may_be_under_way:
            finding = self._finding(*not_yet(proposal.write, finding.result, finding.sentence))
        if asks_for_the_same(proposal):
            finding = self._finding(
                UNKNOWN, f"{finding.sentence}, and was so before: that proves nothing"
            )
        if unseen(proposal.write):
            sentence = f"{outcome.sentence}; {finding.sentence}"
            return await self._checked(replace(outcome, sentence=sentence, finding=finding), finding)
        return await self._checked(_settled(outcome, lost, finding, thing), finding)

    async def _read_again(self, proposal: Proposal, outcome: Outcome) -> Outcome:
        """What the target shows after an answer that alone proves little."""
        before = {facet.key: facet.value for facet in proposal.basis}
        look = self._look if outcome.kind is OutcomeKind.FAILED else self._look_until_seen
        finding, thing = await look(proposal.write, before)
        return await self._checked(_seen_after(outcome, finding, thing), finding)

    async def _look_until_seen(
        self, write: Write, before: Mapping[str, str]
    ) -> tuple[Finding, Thing | None]:
        """Look again while it is not seen: the server may still be at it."""
        seen: tuple[Finding, Thing | None] | None = None
        try:
            async with asyncio.timeout(_LOOKING):
                for pause in _PAUSES:
                    await self._sleep(pause)
                    seen = await self._look(write, before)
                    if seen[0].result == APPLIED or unseen(write):
                        return seen
        except TimeoutError:
            pass
        return seen or (self._finding(UNKNOWN, f"no answer within {_LOOKING:.0f}s"), None)

    async def _look(self, write: Write, before: Mapping[str, str]) -> tuple[Finding, Thing | None]:
        try:
            return await self._judged(write, before)
        except ErpError as error:
            return self._finding(UNKNOWN, f"it could not be looked at: {error.sentence}"), None

    async def _judged(self, write: Write, before: Mapping[str, str]) -> tuple[Finding, Thing | None]:
        if unseen(write) and not isinstance(write, STATE_CHANGES):
            return self._finding(UNKNOWN, unseen(write)), None
        thing = await self._reread.thing(write, self._monotonic())
        return self._finding(*judge(write, thing, before)), thing

    def _finding(self, result: Result, sentence: str) -> Finding:
        return Finding(self.guard.clock(), result, sentence)


def _seen_after(outcome: Outcome, finding: Finding, thing: Thing | None) -> Outcome:
    """What is said of an answer once the target was read again."""
    words = f"read again: {finding.sentence}"
    if outcome.kind is OutcomeKind.FAILED:
        if finding.result != APPLIED:
            return replace(outcome, finding=finding)
        sentence = f"{outcome.sentence}\nyet {words}"
        return replace(outcome, kind=OutcomeKind.UNKNOWN, sentence=sentence, finding=finding)
    if finding.result is APPLIED:
        sentence = f"applied; {words}"
        return replace(outcome, kind=APPLIED, sentence=sentence, result=thing, finding=finding)
    sentence = f"the server answered that it was done, but {words}"
    return replace(
        outcome,
        kind=NOT_APPLIED if finding.result is NOT_APPLIED else OutcomeKind.ACCEPTED,
        sentence=sentence,
        next_step=LOOK_FIRST,
        differences=(words,),
        result=thing if finding.result is NOT_APPLIED else outcome.result,
        finding=finding,
    )


def _settled(outcome: Outcome, error: ErpError, finding: Finding, thing: Thing | None) -> Outcome:
    """What is said once the target was looked at; `error`: why there is no response to go by."""
    # What came is said first, whatever it was.
    came = error.sentence.removesuffix(f"; {DOUBT}") if outcome.responded else "answer lost"
    step = "" if finding.result is APPLIED else outcome.next_step
    match finding.result:
        case Result.APPLIED:
            sentence = f"{came}; looked again: applied, {finding.sentence}"
        case Result.NOT_APPLIED:
            sentence = f"{came}; looked again: not applied, {finding.sentence}"
        case _:
            sentence = f"{outcome.sentence}; looked again: {finding.sentence}"
    return replace(
        outcome,
        kind=finding.result,
        sentence=sentence,
        next_step=step,
        result=thing if finding.result is APPLIED else None,
        finding=finding,
    )
