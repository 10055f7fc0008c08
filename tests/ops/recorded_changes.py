"""Changes in an audit trail, recorded as the guard does, and how they are undone."""

import asyncio
from datetime import datetime

from tui.domain.profile import ProfileFacts
from tui.ops.audit.file_trail import MemoryTrail
from tui.ops.audit.record import Attempt, Ending
from tui.ops.execution.guard import undo_baseline
from tui.ops.execution.outcome import Outcome
from tui.ops.operations.kinds import kind_of
from tui.ops.proposals.proposal import Proposal
from tui.ops.undo.changes import ChangeSet, Reversal, change_sets, reversal
from tui.store.store import Store


class RecordedChanges:
    def __init__(self) -> None:
        self.trail = MemoryTrail()
        self.now = datetime.min
        """When the last was recorded."""

    def note(
        self,
        proposal: Proposal,
        outcome: Outcome | None,
        *,
        address: str = "",
        at: datetime | None = None,
    ) -> str:
        """Record a change; without an outcome the console was killed before it came."""
        self.now = outcome.at if outcome else at or self.now
        operation, write = proposal.operation, proposal.write
        attempt = Attempt(
            self.now,
            "acme",
            "staging",
            operation.id,
            write,
            proposal.changes,
            proposal.target,
            operation.scope.system.value if operation.scope.system else "",
            address,
            proposal.plan,
            undo_baseline(proposal),
            proposal.undoes,
        )
        key = asyncio.run(self.trail.attempt(attempt))
        if outcome is not None:
            left = kind_of(write).values(write, outcome.result)
            ending = Ending(outcome.at, outcome.kind, outcome.sentence, left=left)
            asyncio.run(self.trail.outcome(key, ending))
        return key

    def sets(self, now: datetime | None = None) -> tuple[ChangeSet, ...]:
        return change_sets(asyncio.run(self.trail.entries(10_000)), now or self.now)

    def reversals(self, store: Store, facts: ProfileFacts | None = None) -> tuple[Reversal, ...]:
        """Of each change, newest first."""
        changes = (change for one in self.sets() for change in reversed(one.changes))
        return tuple(reversal(change, store, facts) for change in changes)
