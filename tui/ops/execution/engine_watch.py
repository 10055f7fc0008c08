"""Which watch follows a write, by its outcome."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from tui.domain.profile import System
from tui.domain.result import Result
from tui.ops.execution.outcome import Outcome
from tui.ops.execution.state_watch import LOST, Watch
from tui.ops.operations.kinds import kind_of
from tui.ops.proposals.proposal import Proposal


def watch_for(
    proposal: Proposal, outcome: Outcome, sent_at: datetime, now: Callable[[System], datetime]
) -> Watch | None:
    """The watch to start after this outcome; None if the outcome itself shows the effect.

    `sent_at` is by our clock, `now` by the clock of the system.
    """
    system = proposal.operation.scope.system
    if system is None or not outcome.kind.may_have_effect:
        return None
    accepted = outcome.kind is not Result.UNKNOWN
    came = outcome.error.sentence if outcome.error else ""
    lost = came if outcome.responded and came else LOST
    watch = kind_of(proposal.write).watch(proposal, proposal.write, now(system))
    return watch and replace(watch, sent_at=sent_at, accepted=accepted, unanswered=lost)
