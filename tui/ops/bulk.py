"""Carries out a bulk plan: a few at a time, each on its own through the guard, stoppable.

Invariants: nothing is sent twice, nothing is sent by itself after a failure; what was not sent
when it was stopped, or when a failure would hit all, stays unsent and says so.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from tui.api.errors import (
    Absent,
    CredentialFailed,
    Forbidden,
    LicenceRequired,
    NotAuthorised,
    Throttled,
    VersionUnknown,
)
from tui.domain.changes import target_of
from tui.domain.result import Result
from tui.ops.bulk_plan import BulkPlan
from tui.ops.guard import Outcome, OutcomeKind
from tui.ops.proposal import Proposal

AT_ONCE = 4
"""Requests that are on their way at the same time."""
_HITS_ALL = (
    NotAuthorised,
    Forbidden,
    LicenceRequired,
    CredentialFailed,
    Throttled,
    Absent,
    VersionUnknown,
)
_MOST_GROUPS = 3
"""Different endings that a summary tells one by one."""


class Stage(StrEnum):
    """How far one target has come."""

    WAITING = "waiting"
    SENDING = "sending"
    NOT_SENT = "not sent"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class TargetResult:
    """What became of one target."""

    proposal: Proposal
    stage: Stage = Stage.WAITING
    outcome: Outcome | None = None
    """None until the answer came."""
    seen: str = ""
    """What the status has said since a control action."""
    is_watched: bool = False
    """Whether that may still change."""
    found: Result | None = None
    """What the status has shown in the end; None: it was not looked at, or not for long enough."""
    unseen_why: str = ""
    """Why the audit trail does not hold what was seen; empty: it does."""

    @property
    def kind(self) -> Result | None:
        """How it ended, as far as it is known by now; None: it has not ended."""
        return self.found or (self.outcome.kind if self.outcome else None)

    @property
    def unrecorded(self) -> str:
        """Why the audit trail does not hold all of it; empty: it does."""
        return (self.outcome.unrecorded if self.outcome else "") or self.unseen_why

    @property
    def key(self) -> str:
        """The target's identifier."""
        return target_of(self.proposal.write)

    @property
    def word(self) -> str:
        """`waiting` to `not sent`, of its stage; then its result."""
        return self.stage.value if self.kind is None else self.kind.value

    @property
    def succeeded(self) -> bool:
        """Whether it was applied, or at least accepted."""
        return self.kind is not None and self.kind.is_success

    @property
    def can_be_retried(self) -> bool:
        """Whether sending it again can do nothing twice; of an unknown one nobody knows that."""
        over = self.stage in (Stage.ENDED, Stage.NOT_SENT)
        return over and (self.kind is None or not self.kind.may_have_effect)


class BulkRun:
    """A bulk plan that is being carried out; `results` are in the order of the plan."""

    def __init__(
        self,
        plan: BulkPlan,
        perform: Callable[[int, Proposal], Awaitable[Outcome]],
        told: Callable[[], object] = lambda: None,
        *,
        at_once: int = AT_ONCE,
    ) -> None:
        """`perform` sends one and is given its position; `told` is called after every change."""
        self.plan = plan
        self.stopped = ""
        """Why nothing more is sent; empty while that is not so."""
        self.is_over = False
        self.confirmed_at = time.monotonic()
        """When the operator confirmed all of it: one look at the list since then serves them all."""
        self._perform = perform
        self._told = told
        self._at_once = 1 if plan.in_turn else at_once
        self._results = [TargetResult(proposal) for proposal in plan.proposals]

    @property
    def results(self) -> tuple[TargetResult, ...]:
        """One per target."""
        return tuple(self._results)

    @property
    def is_watching(self) -> bool:
        """Whether a status is still looked at."""
        return any(result.is_watched for result in self._results)

    # Doing.

    def stop(self, why: str = "stopped") -> None:
        """Send nothing more; what is under way ends."""
        if not self.stopped and not self.is_over:
            self.stopped = why
            self._told()

    async def run(self) -> None:
        """Send everything, wave by wave; returns when the last answer came."""
        first = 0
        for wave in self.plan.waves:
            positions = iter(range(first, first + len(wave)))
            first += len(wave)
            async with asyncio.TaskGroup() as senders:
                for _ in range(min(self._at_once, len(wave))):
                    senders.create_task(self._send_from(positions))
        for position, result in enumerate(self._results):
            if result.stage is Stage.WAITING:
                self._results[position] = replace(result, stage=Stage.NOT_SENT)
        self.is_over = True
        self._told()

    async def _send_from(self, positions: Iterator[int]) -> None:
        for position in positions:
            if self.stopped:
                return
            self._set(position, stage=Stage.SENDING)
            outcome = await self._perform(position, self._results[position].proposal)
            if self._ends_it(outcome) and not self.stopped:
                self.stopped = outcome.sentence
            self._set(position, stage=Stage.ENDED, outcome=outcome)

    def _ends_it(self, outcome: Outcome) -> bool:
        in_vain = self.plan.in_turn and not outcome.kind.is_success
        return in_vain or hits_all(outcome)

    def saw(
        self,
        position: int,
        sentence: str,
        *,
        done: bool,
        found: Result | None = None,
        unrecorded: str = "",
    ) -> None:
        """Keep what the status said of a target; `done`: nothing more is waited for.

        `found`: what that makes of it; `unrecorded`: why the audit trail does not hold that.
        """
        self._set(position, seen=sentence, is_watched=not done, found=found, unseen_why=unrecorded)

    def _set(self, position: int, **changes: object) -> None:
        self._results[position] = replace(self._results[position], **changes)  # type: ignore[arg-type]  # fields of TargetResult
        self._told()

    # Telling.

    @property
    def retryable(self) -> tuple[str, ...]:
        """The keys of what failed or was not sent, once all is over."""
        return tuple(one.key for one in self._results if self.is_over and one.can_be_retried)

    @property
    def count(self) -> str:
        """`7 of 12 · 1 failed`."""
        ended = sum(result.stage is Stage.ENDED for result in self._results)
        words = Counter(result.word for result in self._results)
        odd = [f"{words[word]} {word}" for word in words if word in _ODD]
        return " · ".join((f"{ended} of {len(self._results)}", *odd))

    @property
    def summary(self) -> str:
        """`Stop sync · 12 syncs: 11 applied, 1 failed`, and why it was stopped."""
        words = Counter(result.word for result in self._results)
        told = ", ".join(f"{count} {word}" for word, count in words.items())
        missing = sum(bool(result.unrecorded) for result in self._results)
        return " · ".join(
            (
                f"{self.plan.title}: {told}",
                *([self.stopped] if self.is_cut_short else []),
                *([f"{missing} not recorded in the audit trail"] if missing else []),
            )
        )

    @property
    def is_cut_short(self) -> bool:
        """Whether it was stopped before all of it was sent."""
        unsent = (Result.NOT_SENT.value, Result.REFUSED.value)
        return bool(self.stopped) and any(one.word in unsent for one in self._results)

    @property
    def is_well(self) -> bool:
        """Whether every target was applied, as far as it is known by now, and is in the audit trail."""
        return all(
            result.succeeded and result.found is not Result.ACCEPTED and not result.unrecorded
            for result in self._results
        )

    @property
    def sightings(self) -> str:
        """`11 now off, 1 accepted, but …`: what the status said in the end; empty: none was watched."""
        seen = Counter(result.seen for result in self._results if result.seen).most_common()
        told = [f"{count} {sentence}" for sentence, count in seen[:_MOST_GROUPS]]
        rest = sum(count for _, count in seen[_MOST_GROUPS:])
        return " · ".join((*told, *([f"{rest} other"] if rest else [])))


_ODD = ("not applied", "failed", "refused", "conflict", "unknown", "not sent")


def hits_all(outcome: Outcome) -> bool:
    """Whether what went wrong would go wrong with every other target as well."""
    error = outcome.error
    if error is None:
        return outcome.kind in (OutcomeKind.REFUSED, OutcomeKind.NOT_SENT)
    lost = outcome.kind is OutcomeKind.UNKNOWN
    return not lost and (isinstance(error, _HITS_ALL) or not error.sent)
