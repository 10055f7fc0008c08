"""What opening and closing a maintenance will do, as the reviews show it. Sends nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from tui.api.errors import ErpError
from tui.domain.maintenance.records import Maintenance, MemberKind, NotedTarget
from tui.domain.maintenance.rules import Act, Decision, Target, decide, seen_of
from tui.domain.maintenance.set_words import kinds_of
from tui.domain.profile import Environment, ProfileFacts, suggested_command
from tui.domain.text import cited, counted
from tui.ops.execution.guard import Guard
from tui.ops.maintenance.earlier_steps import EarlierSteps, read_earlier
from tui.ops.maintenance.members import in_order, members
from tui.ops.maintenance.states import SYSTEM_OF, States, noted, operation_of, read_states
from tui.ops.operations.operation import Danger, Operation, grade
from tui.ops.refusal import Refusal


@dataclass(frozen=True, slots=True)
class OpeningPlan:
    name: str
    targets: tuple[NotedTarget, ...]
    """In the order in which they are stopped, those that are left as they are among them."""

    @property
    def stopped(self) -> tuple[NotedTarget, ...]:
        return tuple(one for one in self.targets if one.is_to_stop)

    @property
    def left(self) -> tuple[NotedTarget, ...]:
        return tuple(one for one in self.targets if one.left)

    def grade(self, environment: Environment) -> Danger:
        return _grade(self.stopped, environment, run=False)


@dataclass(frozen=True, slots=True)
class ClosingPlan:
    maintenance: Maintenance
    decisions: tuple[Decision, ...]
    """In the order in which they are started."""

    def of(self, act: Act) -> tuple[Decision, ...]:
        return tuple(one for one in self.decisions if one.act is act)

    @property
    def started(self) -> tuple[NotedTarget, ...]:
        return tuple(one.target for one in self.of(Act.START))

    def grade(self, environment: Environment, also: Collection[str] = ()) -> Danger:
        """`also`: ids of doubtful ones that a person wants to be started."""
        asked = [one.target for one in self.of(Act.ASK) if one.target.id in also]
        return _grade([*self.started, *asked], environment, run=True)


def _grade(targets: Sequence[NotedTarget], environment: Environment, *, run: bool) -> Danger:
    dangers = [operation_of(one.kind, run=run).danger for one in targets]
    return max((grade(one, environment, len(targets)) for one in dangers), default=Danger.READ)


def adhoc_name(now: datetime) -> str:
    return f"adhoc-{now:%Y%m%d-%H%M%S}"


def set_words(facts: ProfileFacts, name: str) -> tuple[str, ...] | Refusal:
    """The filters of a set of the config."""
    known = dict(facts.sets)
    if name in known:
        return known[name]
    names = ", ".join(known) or "none"
    step = f"Add it to [profiles.{facts.name}.sets], or use --target"
    return Refusal(f"there is no set {cited(name)} in the config; it has {names}", step)


async def plan_opening(guard: Guard, name: str, words: Sequence[str]) -> OpeningPlan | Refusal:
    """Find the targets of `words` and read their states.

    Raises:
        ErpError: a list cannot be read.
    """
    kinds = kinds_of(words)
    refusal = refused(guard, kinds, run=False)
    if refusal is not None:
        return refusal
    found = members(words, await read_states(guard.service, kinds))
    if isinstance(found, Refusal):
        return found
    return OpeningPlan(name, tuple(map(noted, found)))


async def plan_of_marked(
    guard: Guard, name: str, marked: Collection[tuple[MemberKind, str]]
) -> OpeningPlan | Refusal:
    """The same for marked rows: kind and identifier of each.

    Raises:
        ErpError: a list cannot be read.
    """
    kinds = frozenset(kind for kind, _ in marked)
    refusal = refused(guard, kinds, run=False)
    if refusal is not None:
        return refusal
    states = await read_states(guard.service, kinds)
    asked = {key: states.of(NotedTarget(key[1], "", key[0], "")) for key in marked}
    found: dict[tuple[MemberKind, str], Target] = {
        key: target for key, target in asked.items() if target is not None
    }
    if not found:
        return Refusal("none of the marked targets is listed any more")
    return OpeningPlan(name, tuple(map(noted, in_order(found))))


async def plan_closing(guard: Guard, one: Maintenance) -> ClosingPlan | Refusal:
    """Read everything again, and decide for each target that is not settled.

    Raises:
        ErpError: a list cannot be read. OSError: the audit trail cannot be read.
    """
    open_yet = [target for target in reversed(one.targets) if not target.is_settled]
    kinds = frozenset(target.kind for target in open_yet)
    refusal = refused(guard, kinds, run=True) or elsewhere(guard.facts, one)
    if refusal is not None:
        return refusal
    states = await read_states(guard.service, kinds)
    earlier = await read_earlier(guard.trail, one)
    return ClosingPlan(one, tuple(decided(guard, target, states, earlier) for target in open_yet))


def decided(guard: Guard, target: NotedTarget, states: States, earlier: EarlierSteps) -> Decision:
    return decide(
        earlier.verified(target),
        seen_of(states.of(target)),
        guard.clock(),
        _command(guard.facts, target),
        stopped_by=earlier.stopped_by(target),
    )


def _command(facts: ProfileFacts, target: NotedTarget) -> str:
    operation = operation_of(target.kind, run=True).id
    active = ("--set", "active=true") if target.kind is MemberKind.CONNECTION else ()
    return suggested_command(facts.name, "run", operation, target.id, *active)


def refused(guard: Guard, kinds: Collection[MemberKind], *, run: bool) -> Refusal | None:
    """Why the profile does not allow it, or None."""
    operations: list[Operation] = [operation_of(kind, run=run) for kind in MemberKind if kind in kinds]
    reasons = filter(None, map(guard.refusal, operations))
    return next((Refusal(reason) for reason in reasons), None)


def elsewhere(facts: ProfileFacts, one: Maintenance) -> Refusal | None:
    """Why it does not belong to the profile's current servers, or None."""
    known = dict(one.addresses)
    for system in sorted({SYSTEM_OF[target.kind] for target in one.targets}):
        then, now = known.get(system.value, ""), facts.address_of(system)
        if then != now:
            return Refusal(
                f"{one.name} was opened on {then or 'another system'};"
                f" this profile now uses {now or 'no such system'}"
            )
    return None


def reading_failed(error: ErpError) -> Refusal:
    """A failed read as a refusal: nothing was sent."""
    return Refusal(f"nothing was sent: {error.sentence}", error.next_step)


def counts_text(plan: OpeningPlan) -> str:
    """`12 to stop, 2 left as they are`."""
    left = f", {len(plan.left)} left as they are" if plan.left else ""
    return f"{counted(len(plan.stopped), 'target')} to stop{left}"
