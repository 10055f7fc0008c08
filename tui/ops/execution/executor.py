"""Executes confirmed proposals, for every front end.

Invariants: before a write its target is read again, and nothing is sent if it differs from what the
operator saw; after a lost response the target is read, and the write is never repeated.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from tui.api.errors import BadAnswer, ErpError, NotAuthorised, ServerFailed
from tui.api.urgent import for_a_write
from tui.domain.result import Result
from tui.domain.writes import Write
from tui.ops.audit.record import Finding
from tui.ops.execution.conflicts import made_elsewhere, stops, why_stopped
from tui.ops.execution.guard import Barred, Guard, free, judged
from tui.ops.execution.outcome import Outcome
from tui.ops.execution.pending_steps import PendingSteps
from tui.ops.execution.pending_toggles import Hindrance, hindrance
from tui.ops.execution.response_comparison import compared
from tui.ops.execution.verification import (
    APPLIED,
    LOOK_FIRST,
    NOT_APPLIED,
    UNDER_WAY,
    UNKNOWN,
    late,
    not_yet,
)
from tui.ops.operations.kinds import kind_of
from tui.ops.proposals.proposal import Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.from_server import Reread
from tui.ops.targets.target import TargetRow
from tui.paths import reason_of

_PAUSES = (0.0, 1.0, 2.0)
"""Seconds before each check after a lost response: the server may still be working on it."""
_MAY_BE_DONE = (ServerFailed, BadAnswer, NotAuthorised)
"""Failures after which a check may show that the write was applied anyway."""
_LOOKING = 15.0
"""Timeout of a check, in seconds."""


class Executor:
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
        self._pending = PendingSteps(guard.trail)

    async def perform(
        self,
        proposal: Proposal,
        *,
        confirmed_at: float | None = None,
        withdrawn: Callable[[], str] = lambda: "",
        begun: Callable[[], object] = lambda: None,
        leaving: Barred = free,
    ) -> Outcome:
        """Read the target again, send the write once, and return the outcome.

        `confirmed_at` (monotonic clock): the time of the confirmation, for a proposal that waited in
        a queue. `withdrawn` is called right before sending and returns why it must not be sent any
        more, or empty. `leaving` is called with the id of the recorded attempt, last of all, and may
        still say why not. `begun` is called when nothing can prevent sending. Internal errors are
        raised to the caller.
        """
        if confirmed_at is None:
            confirmed_at = self._monotonic()
        with for_a_write():
            return await self._performed(proposal, confirmed_at, withdrawn, begun, leaving)

    async def _performed(
        self,
        proposal: Proposal,
        confirmed_at: float,
        withdrawn: Callable[[], str],
        begun: Callable[[], object],
        leaving: Barred,
    ) -> Outcome:
        may_have_changed = proposal.baseline and not kind_of(proposal.write).creates
        if self.guard.refusal(proposal.operation) is None:
            stopped = await (
                self._stopped(proposal, confirmed_at) if may_have_changed else self._held(proposal, None)
            )
            if stopped is not None:
                return stopped
        reason = withdrawn()
        if reason:
            return Outcome.nothing_sent(reason, self.guard.clock(), kind=Result.NOT_SENT)

        held: list[Refusal] = []

        async def barred(key: str) -> str:
            earlier = await self._earlier(proposal, None, key)
            held.extend([earlier] if earlier else [])
            reason = earlier.sentence if earlier else await self._flipped_meanwhile(proposal)
            return reason or await leaving(key)

        outcome = await self.guard.run(proposal, partial(compared, proposal), begun, barred)
        if held:
            return replace(outcome, next_step=held[0].next_step, is_of_target=True)
        if outcome.kind.nothing_sent:
            return outcome
        kind = kind_of(proposal.write)
        lost = outcome.error if outcome.kind is Result.UNKNOWN else None
        if lost is not None and not kind.is_watched:
            return await self._looked_again(proposal, outcome, lost)
        # A server can do the work and then fail, redirect or end the login before it responds.
        broke = outcome.kind is Result.FAILED and isinstance(outcome.error, _MAY_BE_DONE)
        broke = broke and not kind.unseen
        if broke or (outcome.error is None and kind.is_read_after):
            return await self._read_again(proposal, outcome)
        # A response without the values, or with others, does not settle what is there now.
        open_yet = outcome.kind in (Result.ACCEPTED, Result.NOT_APPLIED)
        if open_yet and kind.wanted(proposal.write):
            return await self._compared(proposal, outcome)
        return outcome

    async def read_again(self, proposal: Proposal) -> Outcome | None:
        """Why the proposal could not be sent to its target as it is now; None if it could."""
        with for_a_write():
            return await self._stopped(proposal, self._monotonic())

    async def look(self, write: Write, before: Mapping[str, str], sent_at: datetime) -> Finding:
        """Read the target of an earlier `write` without a response, and judge it.

        `before`: the previous values in words, by key or label. `sent_at`: when it was noted.

        Raises ErpError: the target cannot be read now.
        """
        with for_a_write():
            finding, _ = await self._judged(write, before)
        found = finding.result, finding.sentence
        if finding.at - sent_at < UNDER_WAY:
            found = not_yet(*found, flips=kind_of(write).flips)
        late_finding = self._finding(*late(*found))
        return replace(late_finding, left=finding.left if late_finding.result is not UNKNOWN else {})

    async def _stopped(self, proposal: Proposal, since: float) -> Outcome | None:
        try:
            row = await self._row(proposal.write, since)
            row = await self._reread.named(row, since)
        except ErpError as error:
            reason = f"the target could not be read again: {error.sentence}"
            return Outcome.nothing_sent(reason, self.guard.clock(), error.next_step, error=error)
        return stops(proposal, row, self.guard.clock()) or await self._held(proposal, row)

    async def _held(self, proposal: Proposal, row: TargetRow | None) -> Outcome | None:
        """The outcome where an earlier write may still undo it; `row`: the target as just read."""
        held = await self._earlier(proposal, row)
        if held is None:
            return None
        now = self.guard.clock()
        return Outcome.nothing_sent(held.sentence, now, held.next_step, is_of_target=True)

    async def _earlier(self, proposal: Proposal, row: TargetRow | None, own: str = "") -> Refusal | None:
        """The earlier write that this one must wait for; `own`: its own attempt, once it is noted."""
        write = proposal.write
        if kind_of(write).flips:
            toggle = await self._hindrance(proposal, own)
            return None if toggle is None else Refusal(toggle.sentence, toggle.next_step(write, row))
        address, now = self._address_of(proposal), self.guard.clock()
        return await self._pending.hindrance(write, row, address, now, own)

    async def _hindrance(self, proposal: Proposal, own: str = "") -> Hindrance | None:
        """An earlier toggle that may still invert the state as well."""
        guard, address = self.guard, self._address_of(proposal)
        now, write = guard.clock(), proposal.write
        return await hindrance(guard.trail, write, address, now, own, proposal.expects)

    def _address_of(self, proposal: Proposal) -> str:
        return self.guard.facts.address_of(proposal.operation.scope.system)

    async def _flipped_meanwhile(self, proposal: Proposal) -> str:
        """Why a noted toggle must not be sent: another one may have ended since the target was read,
        and this one would undo it. Empty for other writes."""
        if not kind_of(proposal.write).flips:
            return ""
        try:
            row = await self._row(proposal.write, self._monotonic())
        except ErpError as error:
            return f"the target could not be read again: {error.sentence}"
        return why_stopped(proposal, row)

    async def _row(self, write: Write, since: float) -> TargetRow | None:
        return await kind_of(write).on_server(write, self._reread, since)

    async def _compared(self, proposal: Proposal, outcome: Outcome) -> Outcome:
        """Read the target after the write and compare it with the request."""
        row: TargetRow | None = None
        why = "it is no longer listed"
        try:
            async with asyncio.timeout(_LOOKING):
                row = await self._read_until_applied(proposal, isinstance(outcome.result, TargetRow))
        except (ErpError, TimeoutError) as failure:
            why = getattr(failure, "sentence", f"no response within {_LOOKING:.0f}s")
        if row is None:
            sentence = f"{outcome.sentence}; it could not be read again: {why}"
            return replace(outcome, sentence=sentence, next_step=outcome.next_step or LOOK_FIRST)
        found = compared(proposal, row)
        step = outcome.next_step or LOOK_FIRST
        outcome = judged(replace(outcome, result=row, next_step=step), found)
        finding = self._finding(found.result, found.sentence or "as requested")
        finding = replace(finding, left=kind_of(proposal.write).values(proposal.write, row))
        return await self._checked(replace(outcome, finding=finding), finding)

    async def _read_until_applied(self, proposal: Proposal, answered: bool) -> TargetRow | None:
        """The current target; read repeatedly while it may still change, unless a response with values
        says the same."""
        row: TargetRow | None = None
        for pause in _PAUSES[:1] if answered else _PAUSES:
            await self._sleep(pause)
            row = await self._row(proposal.write, self._monotonic())
            if compared(proposal, row).result is Result.APPLIED:
                break
        return row

    async def _checked(self, outcome: Outcome, finding: Finding) -> Outcome:
        try:
            await self.guard.trail.check(outcome.attempt, finding)
        except OSError as failure:
            note = f"the audit trail could not record this check ({reason_of(failure)})"
            step = ". ".join(filter(None, (outcome.next_step, note)))
            return replace(outcome, next_step=step, unrecorded=reason_of(failure))
        return outcome

    async def _looked_again(self, proposal: Proposal, outcome: Outcome, lost: ErpError) -> Outcome:
        before = {facet.key: facet.value for facet in proposal.baseline}
        finding, row = await self._look_until_seen(proposal.write, before)
        kind = kind_of(proposal.write)
        if kind.flips or outcome.may_be_under_way:
            finding = self._finding(*not_yet(finding.result, finding.sentence, flips=kind.flips))
        if made_elsewhere(proposal.write, proposal.baseline):
            finding = self._finding(
                UNKNOWN, f"{finding.sentence}, as it was before: this proves nothing"
            )
        if kind.unseen:
            sentence = f"{outcome.sentence}; {finding.sentence}"
            return await self._checked(replace(outcome, sentence=sentence, finding=finding), finding)
        return await self._checked(_settled(outcome, lost, finding, row), finding)

    async def _read_again(self, proposal: Proposal, outcome: Outcome) -> Outcome:
        """Check the target after a response that proves little."""
        before = {facet.key: facet.value for facet in proposal.baseline}
        look = self._look if outcome.kind is Result.FAILED else self._look_until_seen
        finding, row = await look(proposal.write, before)
        return await self._checked(_seen_after(outcome, finding, row), finding)

    async def _look_until_seen(
        self, write: Write, before: Mapping[str, str]
    ) -> tuple[Finding, TargetRow | None]:
        """Check repeatedly until the effect is seen: the server may still be working on it."""
        seen: tuple[Finding, TargetRow | None] | None = None
        try:
            async with asyncio.timeout(_LOOKING):
                for pause in _PAUSES:
                    await self._sleep(pause)
                    seen = await self._look(write, before)
                    if seen[0].result == APPLIED or kind_of(write).unseen:
                        return seen
        except TimeoutError:
            pass
        return seen or (self._finding(UNKNOWN, f"no response within {_LOOKING:.0f}s"), None)

    async def _look(self, write: Write, before: Mapping[str, str]) -> tuple[Finding, TargetRow | None]:
        try:
            return await self._judged(write, before)
        except ErpError as error:
            return self._finding(UNKNOWN, f"the target could not be read: {error.sentence}"), None

    async def _judged(self, write: Write, before: Mapping[str, str]) -> tuple[Finding, TargetRow | None]:
        kind = kind_of(write)
        if kind.unseen and not kind.is_watched:
            return self._finding(UNKNOWN, kind.unseen), None
        row = await self._row(write, self._monotonic())
        finding = self._finding(*kind.verify(write, row, before))
        left = {} if finding.result is UNKNOWN else kind.values(write, row)
        return replace(finding, left=left), row

    def _finding(self, result: Result, sentence: str) -> Finding:
        return Finding(self.guard.clock(), result, sentence)


def _seen_after(outcome: Outcome, finding: Finding, row: TargetRow | None) -> Outcome:
    """The outcome of a response once the target was read again."""
    words = f"read again: {finding.sentence}"
    if outcome.kind is Result.FAILED:
        if finding.result != APPLIED:
            return replace(outcome, finding=finding)
        sentence = f"{outcome.sentence}\nbut {words}"
        return replace(outcome, kind=Result.UNKNOWN, sentence=sentence, finding=finding)
    if finding.result is APPLIED:
        sentence = f"applied; {words}"
        return replace(outcome, kind=APPLIED, sentence=sentence, result=row, finding=finding)
    sentence = f"the server reported success, but {words}"
    return replace(
        outcome,
        kind=NOT_APPLIED if finding.result is NOT_APPLIED else Result.ACCEPTED,
        sentence=sentence,
        next_step=LOOK_FIRST,
        differences=(words,),
        result=row if finding.result is NOT_APPLIED else outcome.result,
        finding=finding,
    )


def _settled(outcome: Outcome, error: ErpError, finding: Finding, row: TargetRow | None) -> Outcome:
    """The outcome once the target was read; `error`: why there is no usable response."""
    # The response, if any, comes first.
    came = error.sentence if outcome.responded else "response lost"
    step = "" if finding.result is APPLIED else outcome.next_step
    if finding.result in (APPLIED, NOT_APPLIED):
        sentence = f"{came}; checked: {finding.result}, {finding.sentence}"
    else:
        sentence = f"{outcome.sentence}; checked: {finding.sentence}"
    return replace(
        outcome,
        kind=finding.result,
        sentence=sentence,
        next_step=step,
        result=row if finding.result is APPLIED else None,
        finding=finding,
    )
