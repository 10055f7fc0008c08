"""`run --rest`: the targets that an interrupted bulk never sent become those of a new run.

Invariant: they are planned on fresh data, shown and confirmed like all others.
"""

from collections.abc import Sequence

from tui.core import Core
from tui.domain.text import cited
from tui.frozen import frozen
from tui.headless.fetch import Clock
from tui.ops.audit.plan import DECLINED, HELD, RECALLED
from tui.ops.operations.operation import Operation
from tui.ops.operations.registry import OPERATIONS
from tui.ops.refusal import Refusal
from tui.ops.text_commands.setting import Given
from tui.paths import reason_of
from tui.session.unsent_rest import UnsentRest, find, unsent_rests


@frozen
class ChosenRest:
    rest: UnsentRest
    operation: Operation
    parts: tuple[tuple[tuple[str, ...], Given], ...]
    """Targets, and what these are sent with."""

    @property
    def targets(self) -> tuple[str, ...]:
        return tuple(one for targets, _ in self.parts for one in targets)


async def read_rests(core: Core, clock: Clock) -> tuple[UnsentRest, ...]:
    """The interrupted bulks of the profile, newest first; none where the trail cannot be read."""
    now = clock()
    try:
        history = await core.trail.newest(HELD, now - RECALLED)
    except OSError:
        return ()  # Then no attempt can be recorded either, and that is reported.
    return unsent_rests(history, core.facts, now)


def named(rests: Sequence[UnsentRest], id: str) -> UnsentRest | Refusal:
    """The one whose id begins so, or why there is none."""
    why = f"no interrupted bulk has the id {cited(id)}: `syncdeck audit` lists them"
    return find(rests, id) or Refusal(why)


def chosen_rest(rest: UnsentRest, more: Given) -> ChosenRest | Refusal:
    """It, with settings that were not recorded from `more`; or why it is not sent."""
    operation = OPERATIONS.get(rest.plan.operation)
    if operation is None or rest.obstacle:
        return Refusal(rest.words)
    given = {name.casefold() for name, _ in more}
    missing = [name for name in rest.withheld if name.casefold() not in given]
    if missing:
        names = ", ".join(f'--set "{name}=…"' for name in missing)
        return Refusal(f"--rest: not recorded, because it may be a secret or a file: add {names}")
    parts = (
        (targets, (*(one for one in args if one[0].casefold() not in given), *more))
        for targets, args in rest.parts
    )
    return ChosenRest(rest, operation, tuple(parts))


async def drop(core: Core, clock: Clock, rest: UnsentRest) -> str:
    """Record that it is not to be offered again; why that failed, or empty."""
    try:
        await core.trail.end_plan(rest.plan.id, clock(), DECLINED)
    except OSError as failure:
        return f"the audit trail cannot be written ({reason_of(failure)}): it is offered again"
    return ""
