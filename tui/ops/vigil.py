"""Keeps a proposal true while an operator looks at it.

Invariant: what may be sent is always what was last shown: whatever changes of the target changes the
proposal, or halts it, and is to be confirmed anew.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from tui.domain.basis import Drift, drift
from tui.domain.workers import WorkerStatus, WorkerSync
from tui.ops.conflicts import conflict, not_to_be_written, said
from tui.ops.outcome import Conflict, Outcome, OutcomeKind
from tui.ops.present import Present, present
from tui.ops.proposal import Proposal
from tui.ops.rebase import rebase
from tui.ops.target import basis_of
from tui.store.snapshot import Snapshot
from tui.store.store import Store

_GONE = "it is no longer in the server's list"


@dataclass(slots=True)
class Vigil:
    """One proposal under an operator's eyes."""

    proposal: Proposal
    """As it would be sent now."""
    keeps: bool = False
    """Whether it stays as it is, for a form to be adapted, instead of following its target."""
    drifts: tuple[Drift, ...] = field(default=(), init=False)
    """What changed of the target since the operator began."""
    halted: str = field(default="", init=False)
    """Why it cannot be sent now; empty: it can."""
    _opened: Proposal = field(init=False)
    _known_at: datetime | None = field(init=False)
    """An answer that was asked for earlier tells nothing new."""
    _sync: WorkerSync | None = field(default=None, init=False)
    """What is to be controlled, as it was named last."""
    found: Conflict | None = field(default=None, init=False)
    """Where it keeps as it is: how its target differs now."""

    def __post_init__(self) -> None:
        self._opened = self.proposal
        rests_on = self.proposal.rests_on
        self._known_at = rests_on.fetched_at if rests_on is not None else None

    def look(self, store: Store) -> bool:
        """Follow what the store knows; whether anything changed that is to be confirmed anew."""
        now = present(store, self.proposal.write) if self._opened.basis else None
        if now is None or self._is_before(now.asked_at):
            return False
        return self._take(self._named_now(now))

    def _named_now(self, now: Present) -> Present:
        """The name from the newest answer that tells it, which is not that of the status."""
        if not isinstance(now.thing, WorkerStatus):
            return now
        if self._is_before(now.named_at):
            return replace(now, thing=replace(now.thing, sync=self._sync))
        self._sync = now.thing.sync
        return now

    def met(self, outcome: Outcome) -> None:
        """Follow what the last look before sending found."""
        found = outcome.conflict
        if outcome.kind is OutcomeKind.CONFLICT and found is not None:
            self._known_at = outcome.at
            if isinstance(found.thing, WorkerStatus):
                self._sync = found.thing.sync
            known = () if found.thing is None else (found.thing,)
            self._take(Present(found.thing, found.thing is None, Snapshot(known, outcome.at)))

    def _is_before(self, asked_at: datetime | None) -> bool:
        return None not in (asked_at, self._known_at) and asked_at < self._known_at  # type: ignore[operator] # neither is None

    def _take(self, now: Present) -> bool:
        before = (self.proposal.basis, self.halted, self.drifts)
        self.found, self.halted = None, self._halt(now)
        if not self.halted:
            self._follow(now)
        return (self.proposal.basis, self.halted, self.drifts) != before

    def _halt(self, now: Present) -> str:
        if now.is_gone:
            return _GONE
        return not_to_be_written(now.thing)

    def _follow(self, now: Present) -> None:
        self.found = conflict(self._opened, now.thing)
        self.drifts = self.found.drifts if self.found else ()
        if self.keeps:
            self.halted = said(self.found) if self.found else ""
            return
        if not drift(self.proposal.basis, basis_of(self.proposal.write, now.thing)):
            return
        # From what was begun, so that nothing of it is lost where a value comes back to what it was.
        anew = rebase(self._opened, now.thing, now.snapshot)
        if isinstance(anew, str):
            self.halted = anew
        else:
            self.proposal = anew
