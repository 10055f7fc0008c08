"""Starts of targets that are off, which may take effect yet: opening does not leave such a target as it
is, or it would run in the middle of the maintenance."""

from collections.abc import Iterable, Mapping

from tui.domain.jtl.workers import Worker
from tui.domain.maintenance.records import MemberKind
from tui.domain.maintenance.rules import Seen, Target, seen_of
from tui.domain.writes import Write
from tui.ops.execution.guard import Guard
from tui.ops.execution.pending_steps import PendingSteps
from tui.ops.execution.pending_toggles import hindrance
from tui.ops.maintenance.states import noted, propose
from tui.ops.refusal import Refusal
from tui.ops.targets.target import TargetRow

_DOWN = {Seen.OFF: "off", Seen.STOPPING: "stopping"}
_INACTIVE = "inactive"


async def late_starts(guard: Guard, targets: Iterable[Target]) -> Mapping[str, str]:
    """Why each that is off may start yet, and what to do, by id; the others are not in it."""
    down = [(noted(one).kind, one) for one in targets if seen_of(one) in _DOWN]
    found: dict[str, str] = {}
    for kind in dict.fromkeys(kind for kind, _ in down):
        planned = [(one, propose(one, run=True)) for each, one in down if each is kind]
        starts = [(one, plan.write) for one, plan in planned if not isinstance(plan, Refusal)]
        for (one, _), late in zip(starts, await _late(guard, kind, starts), strict=True):
            if late is not None:
                why = ". ".join(filter(None, (late.sentence, late.next_step)))
                found[noted(one).id] = f"it is {_DOWN[seen_of(one)]}, and {why}"
    return found


async def _late(
    guard: Guard, kind: MemberKind, starts: list[tuple[Target, Write]]
) -> list[Refusal | None]:
    address, now = guard.facts.address_of(kind.system), guard.clock()
    if kind is not MemberKind.CONNECTION:
        rows = [(write, _row(one)) for one, write in starts]
        return list(await PendingSteps(guard.trail).late_starts(rows, address, now))
    found: list[Refusal | None] = []
    for one, write in starts:
        toggle = await hindrance(guard.trail, write, address, now, expects=_INACTIVE)
        late = toggle and Refusal(toggle.sentence, toggle.next_step(write, _row(one)))
        found.append(late or None)
    return found


def _row(target: Target) -> TargetRow | None:
    return target.status if isinstance(target, Worker) else target
