"""From a confirmed proposal to what became of it: the one way in for every front end.

The guard below it sends; what is to be looked at before and after stands here.
"""

from tui.ops.guard import Guard, Outcome
from tui.ops.proposal import Proposal


class Conduct:
    """Carries proposals out."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard

    async def perform(self, proposal: Proposal) -> Outcome:
        """Send it, once; what became of it. A fault of ours goes on to the caller."""
        return await self.guard.run(
            proposal.operation, proposal.write, proposal.changes, proposal.target
        )
