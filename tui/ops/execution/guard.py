"""The only path by which a write is sent, for every front end.

Invariants: nothing is sent on a read-only profile, before the audit trail has recorded the attempt, or
twice; every recorded attempt gets an outcome; after a lost response that is *unknown*, never
failed.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias, TypeVar

from tui.api.errors import (
    IN_DOUBT,
    BadAnswer,
    ErpError,
    Moved,
    ServerFailed,
    TimedOut,
    TlsFailed,
    Unreachable,
)
from tui.api.receipts import Receipt, receipts
from tui.api.service import ErpService, RequestPreview
from tui.domain.elapsed import utc_now
from tui.domain.profile import ProfileFacts
from tui.domain.result import Result
from tui.domain.writes import Write
from tui.ops.audit.file_trail import AuditTrail
from tui.ops.audit.json_values import Sent
from tui.ops.audit.record import Attempt, Ending
from tui.ops.execution.outcome import GATEWAY, Outcome
from tui.ops.execution.response_comparison import Comparison
from tui.ops.execution.verification import LOOK_FIRST
from tui.ops.operations.kinds import kind_of, sends
from tui.ops.operations.operation import Danger, Operation
from tui.ops.proposals.proposal import REVIEW_AGAIN, Proposal, going_elsewhere
from tui.paths import reason_of

T = TypeVar("T")
Compare: TypeAlias = Callable[[object], Comparison]
Barred: TypeAlias = Callable[[str], Awaitable[str]]
"""Called with the id of a recorded attempt right before it is sent: why it must not be, or empty."""
_SEE_OTHER = 303
MAKE_ROOM = "Free disk space or fix the permissions of the state directory, then try again"


async def free(_key: str) -> str:
    return ""


class Guard:
    def __init__(
        self,
        service: ErpService,
        facts: ProfileFacts,
        trail: AuditTrail,
        *,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.service, self.trail, self.clock = service, trail, clock
        self._noting: set[asyncio.Task[object]] = set()
        """Record tasks in progress; kept until done, even if the caller has ended."""
        self.facts = facts
        self.looking_at = ""
        """The past time that the lists show; empty: they show now."""

    def preview(self, write: Write) -> RequestPreview:
        """The exact request that `write` will send, with possible secrets masked; sends nothing.

        Raises ErpError: `VersionUnknown` if the request depends on an API version that is not known yet.
        """
        return kind_of(write).masked(write, self.service.preview(write))

    def refusal(self, operation: Operation) -> str | None:
        """Why `operation` is not possible on this profile, with the next step; None if it is."""
        if operation.danger is Danger.READ:
            return None
        if self.facts.is_recording:
            return "this is a recording: there is no server to send to"
        if self.looking_at:
            return f"looking at {self.looking_at}: writes are refused; press B to return to now"
        system = operation.scope.system
        if system is not None and system not in self.facts.systems:
            return f"profile {self.facts.name} does not configure {system.product}"
        if self.facts.sealed:
            return f"profile {self.facts.name} is read-only: syncdeck was started with --read-only"
        if self.facts.read_only:
            return (
                f"profile {self.facts.name} is read-only: set read_only = false in its config to write"
            )
        return None

    @property
    def can_unlock(self) -> bool:
        """Whether the profile is read-only and can be unlocked by its name."""
        return self.facts.read_only and not self.facts.sealed and not self.looking_at

    def unlock(self, name: str) -> bool:
        """Allow writes until the end of this run; needs the exact name of the profile."""
        if not self.can_unlock or name != self.facts.name:
            return False
        self.facts = replace(self.facts, read_only=False, unlocked=True)
        return True

    def lock(self) -> None:
        if self.facts.unlocked:
            self.facts = replace(self.facts, read_only=True, unlocked=False)

    async def run(
        self,
        proposal: Proposal,
        compare: Compare = lambda _result: Comparison(),
        begun: Callable[[], object] = lambda: None,
        barred: Barred = free,
    ) -> Outcome:
        """Record the attempt, send it once, record the outcome.

        `compare` finds differences between response and request; `begun` is called right before sending.
        `barred` is called with the id of the recorded attempt: why it must not be sent, or empty.
        An internal error is recorded as unknown and raised to the caller.

        Raises ValueError: the operation does not send the command; nothing was sent.
        """
        operation, write = proposal.operation, proposal.write
        if not sends(operation.id, write):
            raise ValueError(f"{operation.id} does not send {write.__class__.__name__}")
        reason = self.refusal(operation)
        if reason is not None:
            return Outcome.nothing_sent(reason, self.clock())
        moved = self._moved(proposal)
        if moved:
            return Outcome.nothing_sent(moved, self.clock(), REVIEW_AGAIN)
        facts = self.facts
        attempt = Attempt(
            self.clock(),
            facts.name,
            facts.environment.value,
            operation.id,
            write,
            proposal.changes,
            proposal.target,
            *facts.place_of(operation.scope.system),
            plan=proposal.plan,
            baseline=undo_baseline(proposal),
            undoes=proposal.undoes,
        )
        noted = self._kept(self.trail.attempt(attempt))
        try:
            key = await asyncio.shield(noted)
            reason = await barred(key) or self.refusal(operation) or self._moved(proposal)
        except OSError as failure:
            return self._unrecorded(failure)
        except asyncio.CancelledError:
            await asyncio.shield(self._kept(self._withdraw(noted)))
            raise
        if reason:
            step = REVIEW_AGAIN if self._moved(proposal) else ""
            locked = Outcome.nothing_sent(reason, self.clock(), step, attempt=key)
            return await asyncio.shield(self._kept(self._note(key, locked)))
        begun()
        return await self._send(key, write, compare)

    def _moved(self, proposal: Proposal) -> str:
        """Why the request is not the reviewed one; empty if it is."""
        reviewed = proposal.reviewed
        try:
            now = self.preview(proposal.write).line if reviewed else ""
        except ErpError as error:
            return error.sentence
        return "" if now == reviewed else going_elsewhere(reviewed, now)

    def _kept(self, work: Coroutine[object, object, T]) -> asyncio.Task[T]:
        task = asyncio.ensure_future(work)
        self._noting.add(task)
        task.add_done_callback(self._noting.discard)
        return task

    async def _withdraw(self, noted: asyncio.Task[str]) -> None:
        """Record the outcome of an attempt that was cancelled while it was being recorded."""
        with suppress(OSError):
            key = await noted
            sentence = "cancelled before it was sent"
            await self._note(key, Outcome(Result.NOT_SENT, sentence, "", self.clock()))

    def _unrecorded(self, failure: OSError) -> Outcome:
        return Outcome.nothing_sent(
            f"the audit trail cannot be written ({reason_of(failure)})", self.clock(), MAKE_ROOM
        )

    async def _send(self, key: str, write: Write, compare: Compare) -> Outcome:
        outcome: Outcome | None = None
        with receipts() as responses:
            try:
                outcome = await self._call(write, compare)
            finally:
                outcome = replace(outcome or self._cut_short(sys.exception(), write), attempt=key)
                left = kind_of(write).values(write, outcome.result)
                noting = self._note(key, outcome, tuple(responses), left)
                outcome = await asyncio.shield(self._kept(noting))
        return outcome

    def _cut_short(self, why: BaseException | None, write: Write) -> Outcome:
        """The outcome after an internal error or a cancellation: the request may have been sent."""
        sentence = f"interrupted before the response came; {IN_DOUBT}"
        if isinstance(why, Exception):
            sentence = "internal error in syncdeck; whether it was applied is unknown"
        return Outcome(Result.UNKNOWN, sentence, kind_of(write).before_again, self.clock())

    async def _call(self, write: Write, compare: Compare) -> Outcome:
        # Before it is sent: nothing may fail between that and its outcome.
        from tui.ops.execution.response_outcome import outcome_of

        try:
            result = await kind_of(write).send(self.service, write)
        except ErpError as error:
            return _of_error(error, write, self.clock())
        outcome = outcome_of(write, result, self.clock())
        if outcome.kind is not Result.APPLIED:
            return outcome
        found = compare(result)
        step = self._after(write, found, result) if found.missing else ""
        return judged(replace(outcome, next_step=step), found)

    def _after(self, write: Write, found: Comparison, result: object) -> str:
        """The next step if the response shows that values were ignored."""
        try:
            hint = kind_of(write).why_ignored(write, found.missing_keys, self.preview(write), result)
        except ErpError:
            hint = ""
        return hint or LOOK_FIRST

    async def _note(
        self, key: str, outcome: Outcome, responses: tuple[Receipt, ...] = (), left: Sent | None = None
    ) -> Outcome:
        error = outcome.error
        # After a refused login the last response is that of the renewal: the error has the right one.
        status, request_id = (error.status, error.request_id) if error else _decided(outcome, responses)
        ending = Ending(
            outcome.at, outcome.kind, outcome.sentence, status, request_id, responses, left or {}
        )
        try:
            await self.trail.outcome(key, ending)
        except OSError as failure:
            note = f"the audit trail could not record this outcome ({reason_of(failure)})"
            step = "; ".join(filter(None, (outcome.next_step, note)))
            return replace(outcome, next_step=step, unrecorded=reason_of(failure))
        return outcome


def undo_baseline(proposal: Proposal) -> Sent | None:
    """What an undo needs to know; None if the target was not known."""
    kind = kind_of(proposal.write)
    row = kind.row_before(proposal, proposal.write)
    return None if row is None else kind.values(proposal.write, row)


def judged(outcome: Outcome, found: Comparison) -> Outcome:
    """The outcome once the server's values are known, with changes made elsewhere."""
    if found.result is Result.APPLIED:
        said = outcome.sentence if outcome.kind is found.result else "applied"
        sentence = "; ".join((said, *found.elsewhere))
        return replace(
            outcome, kind=found.result, sentence=sentence, next_step="", differences=found.elsewhere
        )
    differences = (*found.missing, *found.elsewhere)
    return replace(outcome, kind=found.result, sentence=found.sentence, differences=differences)


def _decided(outcome: Outcome, responses: tuple[Receipt, ...]) -> tuple[int | None, str]:
    """Status and request id of the last response; none if it was cut off."""
    cut_off = outcome.kind is Result.UNKNOWN and outcome.result is None
    if cut_off or not responses:
        return None, ""
    return responses[-1].status, responses[-1].request_id


def _of_error(error: ErpError, write: Write, at: datetime) -> Outcome:
    if _answer_lost(error):
        sentence = f"{error.sentence}; {IN_DOUBT}"
        return Outcome(Result.UNKNOWN, sentence, kind_of(write).before_again, at, error)
    sentence = error.message if error.sent else f"nothing was sent: {error.sentence}"
    refused = isinstance(error, Moved) and not error.sent
    kind = Result.REFUSED if refused else Result.FAILED
    return Outcome(kind, sentence, error.next_step, at, error)


def _answer_lost(error: ErpError) -> bool:
    """Whether the server may have applied it without a response."""
    if not error.sent:
        return False
    match error:
        case TimedOut() | Unreachable() | TlsFailed():
            return True
        case BadAnswer():
            return error.status is None or error.status < 300 or error.status == _SEE_OTHER
        case ServerFailed():
            return error.status in GATEWAY
        case _:
            return False
