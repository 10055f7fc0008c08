"""`run --rest`: the targets that an interrupted bulk never sent become those of a new run.

Invariant: they are planned on fresh data, shown and confirmed like all others.
"""

from tui.core import Core
from tui.domain.text import cited, one_line
from tui.frozen import frozen
from tui.headless.fetch import Clock
from tui.ops.audit.entries import History
from tui.ops.audit.plan import DECLINED, HELD, OVER, RECALLED, RESUMED, Plan, PlanEnd
from tui.ops.operations.operation import Operation
from tui.ops.operations.registry import OPERATIONS
from tui.ops.refusal import Refusal
from tui.ops.text_commands.setting import Given
from tui.paths import reason_of
from tui.session.unsent_rest import SHORT_ID, UnsentRest, find, unsent_rests

_LIST = "`syncdeck audit` lists what was sent"
_ENDS = {OVER: "ended", DECLINED: "was dropped"}


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


async def find_rest(core: Core, clock: Clock, id: str) -> UnsentRest | Refusal:
    """The one whose id begins so, or what became of it."""
    now = clock()
    try:
        history = await core.trail.newest(HELD, now - RECALLED)
    except OSError as failure:
        return Refusal(f"the audit trail cannot be read ({reason_of(failure)})")
    return find(unsent_rests(history, core.facts, now), id) or Refusal(_fate(history, id))


def _fate(history: History, id: str) -> str:
    """Why there is no rest whose id begins so, as far as the trail shows it."""
    plans = [one for one in history.plans if one.id.startswith(id)]
    ends = {one.id: one for one in history.plan_ends}
    found = [one for one in ends.values() if one.id.startswith(id)]
    if len(plans) + len(found) != 1:
        count = "more than one" if plans or found else "no"
        return f"{count} interrupted bulk has the id {cited(id)}: {_LIST}"
    bulk = f"the bulk {cited(id)}"
    if plans:
        return f"{bulk} {_state(plans[0], history)}"
    end = found[0]
    if end.how != RESUMED:
        return f"{bulk} {_ENDS.get(end.how, _ENDS[OVER])} at {_time(end)}: nothing is left to send"
    by = one_line(f"{end.user or 'an unknown user'} on {end.host or 'an unknown host'}")
    later = ends.get(end.resumed_as)
    then = f", and {_ENDS[OVER]} at {_time(later)}" if later and later.how == OVER else ""
    rest = cited(end.resumed_as[:SHORT_ID])
    return f"{bulk} was resumed at {_time(end)} by {by} as {rest}{then}: {_LIST}"


def _state(plan: Plan, history: History) -> str:
    if plan.is_running(history.own):
        return "is still being sent"
    if plan.is_open:
        return "is too old: check the targets and start again"
    return f"has nothing left to send: {_LIST}"


def _time(end: PlanEnd) -> str:
    return f"{end.at:%Y-%m-%d %H:%M} UTC"


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
