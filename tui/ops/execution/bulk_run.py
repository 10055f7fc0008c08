"""Carries out a bulk plan: a few targets at a time, each through the guard; can be stopped.

Invariants: nothing is sent twice, nothing is retried automatically; targets that were not sent when
the run was stopped, or when a failure would affect all of them, are reported as not sent.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
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
from tui.domain.result import Result
from tui.domain.writes import target_of
from tui.frozen import frozen
from tui.ops.execution.outcome import Outcome
from tui.ops.execution.state_watch import WatchVerdict
from tui.ops.proposals.bulk import BulkPlan
from tui.ops.proposals.proposal import Proposal

AT_ONCE = 4
"""Maximum of simultaneous requests."""
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
"""Different results listed in a summary."""


class Stage(StrEnum):
    WAITING = "waiting"
    READING = "reading again"
    SENDING = "sending"
    NOT_SENT = "not sent"
    ENDED = "ended"


@frozen
class TargetResult:
    proposal: Proposal
    stage: Stage = Stage.WAITING
    outcome: Outcome | None = None
    """None until the response came."""
    is_watched: bool = False
    verdict: WatchVerdict | None = None
    """What the last poll showed; None: not watched, or not long enough."""

    @property
    def seen(self) -> str:
        """The status reported since a control action."""
        return self.verdict.sight if self.verdict else ""

    @property
    def has_bad_run(self) -> bool:
        """Whether its first run after a start was seen to end badly."""
        run = self.verdict.run if self.verdict else None
        return run is not None and run.is_good is False

    def counted(self, count: int) -> str:
        """The status of so many targets that have the same: `11 now off`."""
        run = self.verdict.run if self.verdict else None
        return run.words(count) if run else f"{count} {self.seen}"

    @property
    def found(self) -> Result | None:
        """The final finding of the watch."""
        return self.verdict.result if self.verdict and self.verdict.done else None

    @property
    def kind(self) -> Result | None:
        """The result known so far; None until it has ended."""
        return self.found or (self.outcome.kind if self.outcome else None)

    @property
    def unrecorded(self) -> str:
        return (self.outcome.unrecorded if self.outcome else "") or (
            self.verdict.unrecorded if self.verdict else ""
        )

    @property
    def key(self) -> str:
        return target_of(self.proposal.write)

    @property
    def word(self) -> str:
        """The result word; before that the stage, `waiting` to `not sent`."""
        return self.stage.value if self.kind is None else self.kind.value

    @property
    def succeeded(self) -> bool:
        return self.kind is not None and self.kind.is_success

    @property
    def can_be_retried(self) -> bool:
        """Whether it can be sent again without doing anything twice; an unknown result cannot."""
        over = self.stage in (Stage.ENDED, Stage.NOT_SENT)
        return over and (self.kind is None or not self.kind.may_have_effect)


class BulkRun:
    """A bulk plan in progress; `results` are in the order of the plan."""

    def __init__(
        self,
        plan: BulkPlan,
        perform: Callable[[int, Proposal], Awaitable[Outcome]],
        changed: Callable[[], object] = lambda: None,
        *,
        at_once: int = AT_ONCE,
    ) -> None:
        """`perform` sends the proposal at a position; `changed` is called after every change."""
        self.plan = plan
        self.stopped = ""
        """Why nothing more is sent; empty while sending continues."""
        self.is_stopped_by_hand = False
        """Whether `stop` ended it, and not the outcome of a target."""
        self.is_over = False
        self.is_overtaken = False
        """Whether somebody else sent or dropped the rest that this is: nothing is left to retry."""
        self.confirmed_at = time.monotonic()
        """Time of the confirmation: a list read since then serves all targets."""
        self._ends_runs = False
        """Whether the latest verdict was of a run and not of an effect."""
        self._perform = perform
        self._changed = changed
        self._at_once = 1 if plan.in_turn else at_once
        self._results = [TargetResult(proposal) for proposal in plan.proposals]

    @property
    def results(self) -> tuple[TargetResult, ...]:
        return tuple(self._results)

    @property
    def has_sent(self) -> bool:
        """Whether anything of it was sent; before that its targets are read again."""
        return any(one.stage not in (Stage.WAITING, Stage.READING) for one in self._results)

    @property
    def is_watching(self) -> bool:
        return any(result.is_watched for result in self._results)

    @property
    def has_news(self) -> bool:
        """Whether all effects were observed, and if its runs are reported, all of them ended."""
        follows = any(one.verdict is not None and one.verdict.follows_run for one in self._results)
        is_complete = not (self.is_watching or (self._ends_runs and follows))
        return self.is_over and is_complete and bool(self.sightings)

    def stop(self, why: str = "stopped") -> None:
        """Send nothing more; requests in progress end normally."""
        if not self.stopped and not self.is_over:
            self.stopped, self.is_stopped_by_hand = why, True
            self._changed()

    async def run(self) -> None:
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
        self._changed()

    async def _send_from(self, positions: Iterator[int]) -> None:
        for position in positions:
            if self.stopped:
                return
            proposal = self._results[position].proposal
            # With a baseline it is read again first; then `sends` is called. Of calls in turn the file
            # of the rest is written before: they count as sent from here on.
            is_read = proposal.baseline and not self.plan.in_turn
            self._set(position, stage=Stage.READING if is_read else Stage.SENDING)
            outcome = await self._perform(position, proposal)
            if self._ends_it(outcome) and not self.stopped:
                self.stopped = outcome.sentence
            self._set(position, stage=Stage.ENDED, outcome=outcome)

    def _ends_it(self, outcome: Outcome) -> bool:
        in_vain = self.plan.in_turn and not outcome.kind.is_success
        return in_vain or hits_all(outcome)

    def sends(self, position: int) -> None:
        """Its target was read again, nothing can prevent sending any more."""
        self._set(position, stage=Stage.SENDING)

    def watches(self, position: int) -> None:
        """The status of a target is being watched from now on."""
        self._set(position, is_watched=True)

    def saw(self, position: int, verdict: WatchVerdict) -> None:
        """Keep what a poll showed of a target, or how its first run ended."""
        self._ends_runs = verdict.run is not None
        self._set(position, is_watched=not verdict.done, verdict=verdict)

    def _set(self, position: int, **changes: object) -> None:
        self._results[position] = replace(self._results[position], **changes)  # type: ignore[arg-type]  # fields of TargetResult
        self._changed()

    @property
    def retryable(self) -> tuple[str, ...]:
        """The keys of failed and unsent targets, once the run is over."""
        may = self.is_over and not self.is_overtaken
        return tuple(one.key for one in self._results if may and one.can_be_retried)

    @property
    def count(self) -> str:
        """`7 of 12 · 1 failed`."""
        ended = sum(result.stage is Stage.ENDED for result in self._results)
        words = Counter(result.word for result in self._results)
        odd = [f"{words[word]} {word}" for word in words if word in _ODD]
        return " · ".join((f"{ended} of {len(self._results)}", *odd))

    @property
    def summary(self) -> str:
        """`Stop sync · 12 syncs: 11 applied, 1 failed`, with the reason if it was stopped."""
        words = Counter(result.word for result in self._results)
        counts = ", ".join(f"{count} {word}" for word, count in words.items())
        missing = sum(bool(result.unrecorded) for result in self._results)
        return " · ".join(
            (
                f"{self.plan.title}: {counts}",
                *([self.stopped] if self.is_cut_short else []),
                *([f"{missing} not recorded in the audit trail"] if missing else []),
            )
        )

    @property
    def is_cut_short(self) -> bool:
        """Whether it was stopped before everything was sent."""
        unsent = (Result.NOT_SENT, Result.REFUSED)
        return bool(self.stopped) and any(one.word in unsent for one in self._results)

    @property
    def is_well(self) -> bool:
        """Whether every target was applied, as far as known, and recorded in the audit trail."""
        return all(
            result.succeeded
            and result.found is not Result.ACCEPTED
            and not result.unrecorded
            and (result.verdict is None or result.verdict.run is None or result.verdict.reached)
            for result in self._results
        )

    @property
    def sightings(self) -> str:
        """`11 now off, 1 accepted, but …`: the final statuses; empty if none was watched."""
        one_of = {result.counted(1): result for result in self._results if result.seen}
        seen = Counter(result.counted(1) for result in self._results if result.seen).most_common()
        listed = [one_of[sentence].counted(count) for sentence, count in seen[:_MOST_GROUPS]]
        rest = sum(count for _, count in seen[_MOST_GROUPS:])
        return " · ".join((*listed, *([f"{rest} other"] if rest else [])))


_ODD = (
    Result.NOT_APPLIED,
    Result.FAILED,
    Result.REFUSED,
    Result.CONFLICT,
    Result.UNKNOWN,
    Result.NOT_SENT,
)


def hits_all(outcome: Outcome) -> bool:
    """Whether every other target would fail in the same way."""
    error = outcome.error
    if error is None:
        return outcome.kind in (Result.REFUSED, Result.NOT_SENT) and not outcome.is_of_target
    if outcome.kind is Result.UNKNOWN or (isinstance(error, NotAuthorised) and error.renewed):
        return False
    return isinstance(error, _HITS_ALL) or not error.sent
