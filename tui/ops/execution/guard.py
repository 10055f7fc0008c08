"""The only path by which a write is sent, for every front end.

Invariants: nothing is sent on a read-only profile, before the audit trail has recorded the attempt, or
twice; every recorded attempt gets an outcome; after a lost response that is *unknown*, never
failed.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
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
from tui.api.service import MASK, ErpService, RequestPreview
from tui.domain.jtl.workers import WorkerSync
from tui.domain.profile import ProfileFacts
from tui.domain.writes import ConfigureWorker, FieldChange, Write
from tui.ops.audit.audit_trail import AuditTrail
from tui.ops.audit.record import Attempt, Ending
from tui.ops.execution.ignored_options import dialect_hint
from tui.ops.execution.outcome import GATEWAY, Outcome, OutcomeKind
from tui.ops.execution.response_comparison import Comparison
from tui.ops.execution.response_outcome import outcome_of
from tui.ops.execution.verification import LOOK_FIRST
from tui.ops.operations.kinds import kind_of, sends
from tui.ops.operations.operation import Danger, Operation
from tui.ops.proposals.reviewed_request import REVIEW_AGAIN, going_elsewhere

T = TypeVar("T")
Compare: TypeAlias = Callable[[object], Comparison]
_SEE_OTHER = 303
"""Results that do not need a failure report here."""


__all__ = ["Guard", "Outcome", "OutcomeKind"]


def _as_asked(_result: object) -> Comparison:
    return Comparison()


def _ignore() -> None:
    return None


async def _free(_key: str) -> str:
    return ""


class Guard:
    """Enforces the rules of the profile; the invariants are those of the module."""

    def __init__(
        self,
        service: ErpService,
        facts: ProfileFacts,
        trail: AuditTrail,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.service, self.trail, self.clock = service, trail, clock
        self._noting: set[asyncio.Task[object]] = set()
        """Record tasks in progress; kept until done, even if the caller has ended."""
        self.facts = facts

    def preview(self, write: Write) -> RequestPreview:
        """The exact request that `write` will send, with possible secrets masked; sends nothing.

        Raises:
            ErpError: `VersionUnknown` if the request depends on an API version that is not known yet.
        """
        preview = self.service.preview(write)
        if not (isinstance(write, ConfigureWorker) and write.secret):
            return preview
        return replace(preview, body=_masked_body(preview.body, write))

    def refusal(self, operation: Operation) -> str | None:
        """Why `operation` is not possible on this profile, with the next step; None if it is."""
        if operation.danger is Danger.READ:
            return None
        system = operation.scope.system
        if system is not None and system not in self.facts.systems:
            return f"profile {self.facts.name} does not configure {system.product}"
        if self.facts.sealed:
            return f"profile {self.facts.name} is read-only: the console was started with --read-only"
        if self.facts.read_only:
            return (
                f"profile {self.facts.name} is read-only: set read_only = false in its config to write"
            )
        return None

    @property
    def can_unlock(self) -> bool:
        """Whether the profile is read-only and can be unlocked by its name."""
        return self.facts.read_only and not self.facts.sealed

    def unlock(self, name: str) -> bool:
        """Allow writes until the end of this run; needs the exact name of the profile."""
        if not self.can_unlock or name != self.facts.name:
            return False
        self.facts = replace(self.facts, read_only=False, unlocked=True)
        return True

    def lock(self) -> None:
        """Undo `unlock`."""
        if self.facts.unlocked:
            self.facts = replace(self.facts, read_only=True, unlocked=False)

    async def run(
        self,
        operation: Operation,
        write: Write,
        changes: Sequence[FieldChange],
        target: str = "",
        compare: Compare = _as_asked,
        begun: Callable[[], object] = _ignore,
        barred: Callable[[str], Awaitable[str]] = _free,
        reviewed: str = "",
    ) -> Outcome:
        """Record the attempt, send it once, record the outcome; `target` is the display name.

        `compare` finds differences between response and request; `begun` is called right before sending.
        `barred` is called with the id of the recorded attempt: why it must not be sent, or empty.
        `reviewed`: method and address of the reviewed request; no other is sent.
        An internal error is recorded as unknown and raised to the caller.

        Raises:
            ValueError: `operation` does not send `write`; nothing was sent.
        """
        if not sends(operation.id, write):
            raise ValueError(f"{operation.id} does not send {write.__class__.__name__}")
        reason = self.refusal(operation)
        if reason is not None:
            return Outcome(OutcomeKind.REFUSED, f"nothing was sent: {reason}", "", self.clock())
        moved = self._moved(write, reviewed)
        if moved:
            sentence = f"nothing was sent: {moved}"
            return Outcome(OutcomeKind.REFUSED, sentence, REVIEW_AGAIN, self.clock())
        facts = self.facts
        attempt = Attempt(
            self.clock(),
            facts.name,
            facts.environment.value,
            operation.id,
            write,
            tuple(changes),
            target,
            *facts.place_of(operation.scope.system),
        )
        noted = self._kept(self.trail.attempt(attempt))
        try:
            key = await asyncio.shield(noted)
            reason = await barred(key) or self.refusal(operation) or self._moved(write, reviewed)
        except OSError as failure:
            return self._unrecorded(failure)
        except asyncio.CancelledError:
            await asyncio.shield(self._kept(self._withdraw(noted)))
            raise
        if reason:
            sentence = f"nothing was sent: {reason}"
            step = REVIEW_AGAIN if self._moved(write, reviewed) else ""
            locked = Outcome(OutcomeKind.REFUSED, sentence, step, self.clock(), attempt=key)
            return await asyncio.shield(self._kept(self._note(key, locked)))
        begun()
        return await self._send(key, write, compare)

    def _moved(self, write: Write, reviewed: str) -> str:
        """Why the request is not the reviewed one; empty if it is."""
        try:
            now = self.preview(write).line if reviewed else ""
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
            await self._note(key, Outcome(OutcomeKind.NOT_SENT, sentence, "", self.clock()))

    def _unrecorded(self, failure: OSError) -> Outcome:
        return Outcome(
            OutcomeKind.REFUSED,
            f"nothing was sent: the audit trail cannot be written ({_reason(failure)})",
            "Free disk space or fix the permissions of the state directory, then try again",
            self.clock(),
        )

    async def _send(self, key: str, write: Write, compare: Compare) -> Outcome:
        outcome: Outcome | None = None
        with receipts() as responses:
            try:
                outcome = await self._call(write, compare)
            finally:
                outcome = replace(outcome or self._cut_short(sys.exception(), write), attempt=key)
                noting = self._note(key, outcome, tuple(responses))
                outcome = await asyncio.shield(self._kept(noting))
        return outcome

    def _cut_short(self, why: BaseException | None, write: Write) -> Outcome:
        """The outcome after an internal error or a cancellation: the request may have been sent."""
        sentence = f"interrupted before the response came; {IN_DOUBT}"
        if isinstance(why, Exception):
            sentence = "internal error in syncdeck; whether it was applied is unknown"
        return Outcome(OutcomeKind.UNKNOWN, sentence, kind_of(write).before_again, self.clock())

    async def _call(self, write: Write, compare: Compare) -> Outcome:
        try:
            result = await kind_of(write).send(self.service, write)
        except ErpError as error:
            return _of_error(error, write, self.clock())
        outcome = outcome_of(write, result, self.clock())
        if outcome.kind is not OutcomeKind.APPLIED:
            return outcome
        found = compare(result)
        step = self._after(write, found, result) if found.missing else ""
        return judged(replace(outcome, next_step=step), found)

    def _after(self, write: Write, found: Comparison, result: object) -> str:
        """The next step if the response shows that values were ignored."""
        row = result.raw if isinstance(result, WorkerSync) else {}
        try:
            hint = dialect_hint(write, found.missing_keys, self.preview(write), row)
        except ErpError:
            hint = ""
        return hint or LOOK_FIRST

    async def _note(self, key: str, outcome: Outcome, responses: tuple[Receipt, ...] = ()) -> Outcome:
        error = outcome.error
        # After a refused login the last response is that of the renewal: the error has the right one.
        status, request_id = (error.status, error.request_id) if error else _decided(outcome, responses)
        ending = Ending(outcome.at, outcome.kind, outcome.sentence, status, request_id, responses)
        try:
            await self.trail.outcome(key, ending)
        except OSError as failure:
            note = f"the audit trail could not record this outcome ({_reason(failure)})"
            step = "; ".join(filter(None, (outcome.next_step, note)))
            return replace(outcome, next_step=step, unrecorded=_reason(failure))
        return outcome


def judged(outcome: Outcome, found: Comparison) -> Outcome:
    """The outcome once the server's values are known, with changes made elsewhere."""
    if found.result is OutcomeKind.APPLIED:
        said = outcome.sentence if outcome.kind is found.result else "applied"
        sentence = "; ".join((said, *found.elsewhere))
        return replace(
            outcome, kind=found.result, sentence=sentence, next_step="", differences=found.elsewhere
        )
    differences = (*found.missing, *found.elsewhere)
    return replace(outcome, kind=found.result, sentence=found.sentence, differences=differences)


def _decided(outcome: Outcome, responses: tuple[Receipt, ...]) -> tuple[int | None, str]:
    """Status and request id of the last response; none if it was cut off."""
    cut_off = outcome.kind is OutcomeKind.UNKNOWN and outcome.result is None
    if cut_off or not responses:
        return None, ""
    return responses[-1].status, responses[-1].request_id


def _masked_body(body: str, write: ConfigureWorker) -> str:
    """The body with the values of secret options masked."""
    secret = {key: value for key, value in write.options if key in write.secret}

    def masked(tree: object) -> object:
        if isinstance(tree, list):
            return [masked(item) for item in tree]
        if not isinstance(tree, dict):
            return tree
        values = [secret[value] for value in tree.values() if isinstance(value, str) and value in secret]
        return {name: MASK if item in values else masked(item) for name, item in tree.items()}

    return json.dumps(masked(json.loads(body)), ensure_ascii=False, indent=2)


def _of_error(error: ErpError, write: Write, at: datetime) -> Outcome:
    if _answer_lost(error):
        sentence = f"{error.sentence}; {IN_DOUBT}"
        return Outcome(OutcomeKind.UNKNOWN, sentence, kind_of(write).before_again, at, error)
    sentence = error.message if error.sent else f"nothing was sent: {error.sentence}"
    refused = isinstance(error, Moved) and not error.sent
    kind = OutcomeKind.REFUSED if refused else OutcomeKind.FAILED
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


def _reason(failure: OSError) -> str:
    return failure.strerror or str(failure)
