"""Which watch a write calls for: the answer to a start or stop says no more than that it was taken."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from tui.domain.changes import ChangeEngineStatus, ControlWorker
from tui.domain.engine import EngineStatus
from tui.domain.systems import System
from tui.domain.workers import WorkerStatus
from tui.ops.findings import DOUBT
from tui.ops.outcome import Outcome, OutcomeKind
from tui.ops.proposal import Proposal
from tui.ops.watch import LOST, ControlWatch
from tui.ops.watch_engine import EngineWatch

Watch: TypeAlias = ControlWatch | EngineWatch


def watch_for(
    proposal: Proposal, outcome: Outcome, sent_at: datetime, now: Callable[[System], datetime]
) -> Watch | None:
    """What is to be looked at after a write ended like this; None: its outcome is its effect.

    `sent_at` is by our own clock, `now` by that of the system.
    """
    if not outcome.kind.may_have_effect:
        return None
    accepted, before = outcome.kind is not OutcomeKind.UNKNOWN, proposal.status_before
    came = outcome.error.sentence.removesuffix(f"; {DOUBT}") if outcome.error else ""
    lost = came if outcome.responded and came else LOST
    match proposal.write:
        case ControlWorker(sync_id=sync_id, action=action):
            before = before if isinstance(before, WorkerStatus) else None
            at = now(System.JTL)
            return ControlWatch(
                sync_id,
                proposal.target,
                action,
                before,
                at,
                sent_at=sent_at,
                accepted=accepted,
                unanswered=lost,
            )
        case ChangeEngineStatus(run=run):
            before = before if isinstance(before, EngineStatus) else None
            at = now(System.SUPEROFFICE)
            return EngineWatch(run, before, at, sent_at=sent_at, accepted=accepted, unanswered=lost)
        case _:
            return None
