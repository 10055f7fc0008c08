"""Keeps an open review in step with its target.

Invariant: only the proposal last shown can be sent: a change of the target changes the proposal, or
halts it, and must be confirmed again.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from tui.domain.baseline import Difference, drift
from tui.domain.jtl.workers import WorkerStatus, WorkerSync
from tui.domain.result import Result
from tui.ops.execution.conflicts import conflict, not_to_be_written, said
from tui.ops.execution.outcome import Conflict, Outcome
from tui.ops.operations.kinds import kind_of
from tui.ops.proposals.proposal import GONE, Proposal
from tui.ops.proposals.rebase import rebase
from tui.ops.refusal import Refusal
from tui.ops.targets.from_store import Present
from tui.store.snapshot import Snapshot
from tui.store.store import Store


@dataclass(slots=True)
class LiveProposal:
    proposal: Proposal
    keeps: bool = False
    """Whether it stays unchanged, because a form shows the conflict, instead of following its target."""
    drifts: tuple[Difference, ...] = field(default=(), init=False)
    """The changes of the target since the operator began."""
    halted: str = field(default="", init=False)
    """Why it cannot be sent now; empty if it can."""
    rests_on: Snapshot[object] | None = field(init=False)
    """The latest reading of the shown values."""
    _opened: Proposal = field(init=False)
    _known_at: datetime | None = field(init=False)
    """A response that was requested earlier is ignored."""
    _sync: WorkerSync | None = field(default=None, init=False)
    """The sync to be controlled, with its latest name."""
    found: Conflict | None = field(default=None, init=False)
    """The conflict with the current target, if `keeps`."""
    found_at: datetime | None = field(default=None, init=False)
    """When that was read."""

    def __post_init__(self) -> None:
        self._opened = self.proposal
        self.rests_on = rests_on = self.proposal.rests_on
        self._known_at = rests_on.fetched_at if rests_on is not None else None

    def look(self, store: Store) -> bool:
        """Follow the store; whether a change must be confirmed again."""
        write = self.proposal.write
        now = None if kind_of(write).creates else kind_of(write).in_store(write, store)
        if now is None or self._is_before(now.asked_at):
            return False
        return self._take(self._named_now(now))

    def _named_now(self, now: Present) -> Present:
        """With the name from the newest list; the status response has none."""
        if not isinstance(now.row, WorkerStatus):
            return now
        if self._is_before(now.named_at):
            return replace(now, row=replace(now.row, sync=self._sync))
        self._sync = now.row.sync
        return now

    def met(self, outcome: Outcome) -> None:
        """Follow the target as read before sending."""
        found = outcome.conflict
        if outcome.kind is Result.CONFLICT and found is not None:
            self._known_at = outcome.at
            if isinstance(found.row, WorkerStatus):
                self._sync = found.row.sync
            known = () if found.row is None else (found.row,)
            self._take(Present(found.row, found.row is None, Snapshot(known, outcome.at)))

    def _is_before(self, asked_at: datetime | None) -> bool:
        return asked_at is not None and self._known_at is not None and asked_at < self._known_at

    def _take(self, now: Present) -> bool:
        before = (self.proposal.baseline, self.halted, self.drifts)
        self.found, self.found_at = None, now.snapshot.fetched_at
        self.halted = GONE.sentence if now.is_gone else not_to_be_written(now.row)
        if not self.halted:
            self._follow(now)
        if self.proposal.rests_on is not None and not (self.keeps and self.halted):
            self.rests_on = now.snapshot
        return (self.proposal.baseline, self.halted, self.drifts) != before

    def _follow(self, now: Present) -> None:
        if not self._opened.baseline:
            # Nothing was known of it: what is known now is not a change.
            self._begin_with(now)
            return
        self.found = conflict(self._opened, now.row)
        self.drifts = self.found.drifts if self.found else ()
        if self.keeps:
            self.halted = said(self.found) if self.found else ""
            return
        write = self.proposal.write
        if not drift(self.proposal.baseline, kind_of(write).baseline(write, now.row)):
            return
        # From the opened proposal, so that no requested value is lost if a value changes back.
        rebased = rebase(self._opened, now.row, now.snapshot)
        if isinstance(rebased, Refusal):
            self.halted = rebased.sentence
        else:
            self.proposal = rebased

    def _begin_with(self, now: Present) -> None:
        known = rebase(self._opened, now.row, now.snapshot)
        if isinstance(known, Proposal):
            self._opened = self.proposal = known
