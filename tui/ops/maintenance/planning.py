"""What opening and closing a maintenance will do, as the reviews show it. Sends nothing."""

from collections.abc import Awaitable, Collection, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from typing import TypeVar

from tui.api.errors import ErpError
from tui.domain.maintenance.coverage import Covered
from tui.domain.maintenance.doubt import ARRIVES_WITHIN, Clocks, arriving
from tui.domain.maintenance.records import Maintenance, MemberKind, NotedTarget
from tui.domain.maintenance.rules import Act, Decision, Seen, Target, decide, is_busy, seen_of
from tui.domain.maintenance.set_words import kinds_of
from tui.domain.profile import Environment, ProfileFacts, suggested_command
from tui.domain.text import cited, counted
from tui.frozen import frozen
from tui.ops.execution.guard import Guard
from tui.ops.maintenance.earlier_steps import EarlierSteps, read_earlier
from tui.ops.maintenance.late_starts import late_starts
from tui.ops.maintenance.members import in_order, members
from tui.ops.maintenance.states import States, noted, operation_of, read_states, server_now
from tui.ops.operations.operation import Danger, Operation, grade
from tui.ops.refusal import Refusal
from tui.paths import reason_of

T = TypeVar("T")
_CHANGED = "changed since the review"
_AGAIN = "It is left as it is; open the review again"


@frozen
class OpeningPlan:
    name: str
    targets: tuple[NotedTarget, ...]
    """In the order in which they are stopped, those that are left as they are among them."""
    waits: Mapping[str, str] = field(default_factory=dict)
    """Why those of `stopped` that are off are not left as they are, by id: a start may turn them on."""

    @property
    def stopped(self) -> tuple[NotedTarget, ...]:
        return tuple(one for one in self.targets if one.is_to_stop)

    @property
    def left(self) -> tuple[NotedTarget, ...]:
        return tuple(one for one in self.targets if one.left)

    def grade(self, environment: Environment) -> Danger:
        return _grade(self.stopped, environment, run=False)


def _as_it_is(decision: Decision) -> str:
    """What becomes of a target that is settled by hand."""
    stays_off = "it stays off until somebody starts it"
    return stays_off if decision.seen is Seen.OFF else decision.sentence


def _names(target: NotedTarget) -> tuple[str, ...]:
    """What a person may call it, folded: id, whole name, and its part behind the kind."""
    return tuple(one.casefold() for one in (target.id, target.name, target.name.rpartition(" · ")[2]))


@frozen
class ClosingPlan:
    maintenance: Maintenance
    decisions: tuple[Decision, ...]
    """In the order in which they are started."""
    states: States = field(default_factory=States, repr=False, compare=False)
    """By which it was decided."""
    settled: frozenset[str] = frozenset()
    """Ids of those that an operator settled by hand."""

    def by(self, reviewed: "ClosingPlan") -> "tuple[Decision, ...]":
        """What is done where `reviewed` was confirmed: what has changed since is left as it is."""
        before = {one.target.id: (one.act, one.seen) for one in reviewed.decisions}
        return tuple(
            one
            if one.act is Act.TELL or before.get(one.target.id) == (one.act, one.seen)
            else replace(one, act=Act.TELL, sentence=f"{_CHANGED}: {one.sentence}", step=_AGAIN)
            for one in self.with_settled(reviewed.settled).decisions
        )

    def with_settled(self, ids: Collection[str]) -> "ClosingPlan":
        """The same; these are left as they are, whatever is not known of them."""
        decisions = tuple(
            replace(one, act=Act.LEAVE, sentence=f"settled by hand; {_as_it_is(one)}", step="")
            if one.target.id in ids
            else one
            for one in self.decisions
        )
        return replace(self, decisions=decisions, settled=frozenset(ids))

    def named(self, words: Collection[str]) -> frozenset[str] | Refusal:
        """The ids of those that `words` name, by name or id."""
        found = set()
        for word in words:
            wanted = word.removeprefix("id:").removeprefix("name:").casefold()
            known = (one.target for one in self.decisions)
            ids = {x.id for x in known if wanted in _names(x)}
            if not ids:
                named = f"{self.maintenance.name} has nothing left to close that is called {cited(word)}"
                return Refusal(named, "`syncdeck maintenance list` shows names and ids")
            if len(ids) > 1:
                return Refusal(f"{cited(word)} is the name of {len(ids)} targets", "Name it by its id")
            found |= ids
        return frozenset(found)

    def too_soon(self, ids: Collection[str], clocks: Clocks) -> Refusal | None:
        """Why these cannot be settled by hand yet: what was sent may still arrive and change one."""
        for one in self.maintenance.targets:
            late = arriving(one, clocks) if one.id in ids else None
            if late is not None:
                said = f"{one.name} cannot be settled yet: what was sent to it may still arrive"
                return Refusal(said, f"Settle it {clocks.then(late, ARRIVES_WITHIN)}")
        return None

    def of(self, act: Act) -> tuple[Decision, ...]:
        return tuple(one for one in self.decisions if one.act is act)

    @property
    def started(self) -> tuple[NotedTarget, ...]:
        return tuple(one.target for one in self.of(Act.START))

    def grade(self, environment: Environment, also: Collection[str] = ()) -> Danger:
        """`also`: ids of doubtful ones that a person wants to be started."""
        asked = [one.target for one in self.of(Act.ASK) if one.target.id in also]
        least = Danger.REVERSIBLE if self.settled else Danger.READ
        return max(_grade([*self.started, *asked], environment, run=True), least)


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
    """Find the targets of `words` and read their states. Raises ErpError: a list cannot be read."""
    kinds = kinds_of(words)
    refusal = refused(guard, kinds, run=False)
    if refusal is not None:
        return refusal
    found = members(words, await read_states(guard.service, kinds))
    if isinstance(found, Refusal):
        return found
    return await _opening(guard, name, found)


async def plan_of_marked(
    guard: Guard, name: str, marked: Collection[tuple[MemberKind, str]]
) -> OpeningPlan | Refusal:
    """The same for marked rows: kind and identifier of each. Raises ErpError: a list cannot be read."""
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
    return await _opening(guard, name, in_order(found))


async def _opening(guard: Guard, name: str, found: Iterable[Target]) -> OpeningPlan:
    waits = await late_starts(guard, found)
    targets = (replace(one, left="") if one.id in waits else one for one in map(noted, found))
    return OpeningPlan(name, tuple(targets), waits)


async def plan_closing(
    guard: Guard, one: Maintenance, others: Sequence[Maintenance] = ()
) -> ClosingPlan | Refusal:
    """Read everything again, and decide for each target that is not settled; `others` are open on the
    same servers.

    Raises ErpError: a list cannot be read. OSError: the audit trail cannot be read.
    """
    open_yet = [target for target in reversed(one.targets) if not target.is_settled]
    kinds = frozenset(target.kind for target in open_yet)
    refusal = refused(guard, kinds, run=True) or elsewhere(guard.facts, one)
    if refusal is not None:
        return refusal
    states = await read_states(guard.service, kinds)
    earlier = await read_earlier(guard.trail, one)
    also = Covered(tuple(others))
    decisions = tuple(
        _heeding(also, decided(guard, one, target, states, earlier)) for target in open_yet
    )
    return ClosingPlan(one, decisions, states)


def decided(
    guard: Guard, one: Maintenance, target: NotedTarget, states: States, earlier: EarlierSteps
) -> Decision:
    row = states.of(target)
    seen, known = seen_of(row), earlier.verified(target)
    record = earlier.on_record(known)
    if known.stop is None and seen is Seen.OFF and (step := earlier.left_open(target)) is not None:
        # That it was never sent, only the journal says, which may be an old copy.
        known = replace(known, stop=step)
    return decide(
        known,
        seen,
        guard.clock(),
        _command(guard.facts, target),
        record=record,
        by_server=server_now(guard.service, target.kind),
        is_busy=is_busy(row),
        settle=suggested_command(
            guard.facts.name, "maintenance", "close", one.id, "--settle", target.id
        ),
    )


def _heeding(others: Covered, one: Decision) -> Decision:
    """What another maintenance has off is not started in its middle, unless somebody says so."""
    found = others.of(one.target.kind.value, one.target.id)
    if found is None or one.act is not Act.START:
        return one
    name = found.maintenance.name
    said = f"it is off by us, and belongs to the open maintenance {name} as well"
    return replace(
        one,
        act=Act.ASK,
        sentence=said,
        step=f"Close {name} first, or leave it to that one: close --settle {one.target.id}",
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
    for system in sorted({target.kind.system for target in one.targets}):
        then, now = known.get(system.value, ""), facts.address_of(system)
        if then != now:
            return Refusal(
                f"{one.name} was opened on {then or 'another system'};"
                f" this profile now uses {now or 'no such system'}"
            )
    return None


async def read_through(planning: Awaitable[T | Refusal]) -> T | Refusal:
    """A plan, or what one rests on; a failed read becomes a refusal."""
    try:
        return await planning
    except ErpError as error:
        return Refusal(f"nothing was sent: {error.sentence}", error.next_step)
    except OSError as failure:
        return Refusal(f"nothing was sent: the audit trail cannot be read ({reason_of(failure)})")


def counts_text(plan: OpeningPlan) -> str:
    """`12 to stop, 2 left as they are`."""
    left = f", {len(plan.left)} left as they are" if plan.left else ""
    return f"{counted(len(plan.stopped), 'target')} to stop{left}"
