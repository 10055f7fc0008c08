"""One operation on many targets, complete, before anything is sent: the bulk review shows just this.

A target that cannot or need not be changed is left out with the reason, never passed over.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from tui.domain.changes import target_of
from tui.domain.extensions import Extension, ExtensionStatus
from tui.domain.systems import Environment
from tui.domain.workers import ControlAction, SyncState, Worker, WorkerOption, WorkerSync
from tui.ops import plans
from tui.ops.proposal import Proposal
from tui.ops.registry import OPERATIONS, Danger, Operation, grade
from tui.ops.unfit import unfit
from tui.store.snapshot import Snapshot

GONE = "it is no longer in the server's list"
_SYNCS, _EXTENSIONS = ("sync", "syncs"), ("extension", "extensions")
_NAMED = 3
"""Reasons that a sentence gives one by one."""
_IN_VAIN = {
    (ControlAction.START, SyncState.RUNNING): "it is running already",
    (ControlAction.START, SyncState.STARTING): "it is being started already",
    (ControlAction.STOP, SyncState.DEACTIVATED): "it is off already",
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A target to which nothing is sent."""

    target: str
    reason: str


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """Proposals of one operation, each with a target of its own."""

    operation: Operation
    noun: tuple[str, str]
    """What one target is called, and several."""
    waves: tuple[tuple[Proposal, ...], ...]
    """A wave is sent once the one before it has ended; none is empty."""
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    """What is particular about doing it to many, one sentence each."""
    in_turn: bool = False
    """One waits for the other, and the first that does not go well ends it."""

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """All that is sent, in order."""
        return tuple(proposal for wave in self.waves for proposal in wave)

    @property
    def keys(self) -> tuple[str, ...]:
        """The identifiers of the targets, in order."""
        return tuple(target_of(proposal.write) for proposal in self.proposals)

    @property
    def title(self) -> str:
        """`Stop sync · 3 syncs`."""
        return f"{self.operation.title} · {counted(len(self.proposals), self.noun)}"

    def grade(self, environment: Environment) -> Danger:
        """The highest grade that one of the proposals has, given how many they are."""
        many = len(self.proposals)
        return max(
            grade(self.operation, environment=environment, targets=many, write=proposal.write)
            for proposal in self.proposals
        )


Replan = Callable[[Sequence[str]], BulkPlan | str]
"""The same wish for the targets of these keys, on what is known now; or why there is nothing to do."""


def counted(count: int, noun: tuple[str, str]) -> str:
    """`1 sync`, `3 syncs`."""
    return f"{count} {noun[0] if count == 1 else noun[1]}"


def control_all(
    workers: Sequence[Worker],
    action: ControlAction,
    before: Callable[[Worker], str],
    rests_on: Snapshot[object] | None = None,
    *,
    gone: Sequence[str] = (),
) -> BulkPlan | str:
    """Start, stop or restart them; `before` says a sync's state, `gone` names rows that are lost."""

    def planned(worker: Worker) -> Proposal | str:
        reason = unfit(worker)
        if reason is not None:
            return reason
        vain = None if worker.state is None else _IN_VAIN.get((action, worker.state))
        return vain or plans.control(worker, action, before(worker), rests_on)

    operation = OPERATIONS[f"worker.{action.name.lower()}"]
    return _plan(operation, _SYNCS, ((worker.name, planned(worker)) for worker in workers), gone)


def toggle_all(
    extensions: Sequence[Extension],
    rests_on: Snapshot[object] | None = None,
    *,
    status: ExtensionStatus | None = None,
    gone: Sequence[str] = (),
) -> BulkPlan | str:
    """Disable them if all are active, activate them if none is; or set what `status` says."""
    wanted = other_status(extensions) if status is None else status
    if isinstance(wanted, str):
        return wanted

    def planned(extension: Extension) -> Proposal | str:
        reason = unfit(extension)
        if reason is not None:
            return reason
        proposal = plans.toggle_extension(extension, rests_on, status=wanted)
        return f"unchanged: it is {wanted.word} already" if isinstance(proposal, str) else proposal

    operation = OPERATIONS["extension.toggle"]
    return _plan(operation, _EXTENSIONS, ((one.name, planned(one)) for one in extensions), gone)


def other_status(extensions: Sequence[Extension]) -> ExtensionStatus | str:
    """What toggling all of them sets: disabled if all are active, active if none is; or why neither."""
    readable = [extension for extension in extensions if extension.problem is None]
    active = sum(extension.status == ExtensionStatus.ACTIVE for extension in readable)
    if 0 < active < len(readable):
        return (
            f"{active} of the marked are active, {len(readable) - active} are not: narrow the marks,"
            " or use :toggle status=disabled or :toggle status=active"
        )
    return ExtensionStatus.DISABLED if active else ExtensionStatus.ACTIVE


def configure_all(
    workers: Sequence[Worker],
    interval: float | None,
    option: tuple[str, str] | None = None,
    rests_on: Snapshot[object] | None = None,
    *,
    sharing: Callable[[WorkerSync], Sequence[str]] = lambda _sync: (),
    gone: Sequence[str] = (),
) -> BulkPlan | str:
    """Give each sync the interval (seconds), and one option (identifier, value) to their kind.

    Options are shared by all syncs of a kind (jtl-erp-api §1.4): the option travels once, with the
    last sync and after all others, so that no other rests on options that changed under it.
    """
    readable = [worker for worker in workers if worker.sync is not None and worker.problem is None]
    carrier = readable[-1] if option is not None and readable else None

    def planned(worker: Worker) -> Proposal | str:
        if worker.sync is None or worker.problem is not None:
            return unfit(worker) or "the server listed no configuration for it"
        options = dict((option,)) if option and worker is carrier else {}
        wanted = worker.sync.interval.seconds if interval is None else interval
        proposal = plans.configure(
            worker.sync, wanted, options, rests_on, sharing=sharing(worker.sync) if options else ()
        )
        if isinstance(proposal, Proposal):
            return proposal
        if interval is None and carrier is not None and worker is not carrier:
            return f"nothing to send: the option travels with {carrier.name} and is shared"
        return "unchanged: it has all of that already"

    plan = _plan(OPERATIONS["worker.configure"], _SYNCS, ((w.name, planned(w)) for w in workers), gone)
    return plan if isinstance(plan, str) or carrier is None else _carried_last(plan, carrier)


def _carried_last(plan: BulkPlan, carrier: Worker) -> BulkPlan:
    first = tuple(one for one in plan.proposals if target_of(one.write) != carrier.id)
    last = tuple(one for one in plan.proposals if target_of(one.write) == carrier.id)
    kind = carrier.sync.kind if carrier.sync else ""
    note = f"The option is shared by all {kind or 'such'} syncs: it is sent once, with {carrier.name}."
    return replace(plan, waves=tuple(filter(None, (first, last))), notes=(note,) if last else ())


def kinds_of(workers: Iterable[Worker]) -> tuple[str, ...]:
    """The kinds of these syncs, in order, each once."""
    return tuple(dict.fromkeys(worker.sync.kind for worker in workers if worker.sync))


def shared_options(workers: Sequence[Worker]) -> tuple[WorkerOption, ...]:
    """The options that all of them have, if they are of one kind; those that cannot be shown are not."""
    syncs = [worker.sync for worker in workers if worker.sync and worker.problem is None]
    if not syncs or len(kinds_of(workers)) != 1:
        return ()
    common = set.intersection(*({option.id for option in sync.options} for sync in syncs))
    altered = {option.id for sync in syncs for option in sync.options if option.altered}
    return tuple(option for option in syncs[-1].options if option.id in common - altered)


def _plan(
    operation: Operation,
    noun: tuple[str, str],
    planned: Iterable[tuple[str, Proposal | str]],
    gone: Sequence[str],
) -> BulkPlan | str:
    each = tuple(planned)
    proposals = tuple(proposal for _, proposal in each if isinstance(proposal, Proposal))
    left_out = (
        *(LeftOut(name, reason) for name, reason in each if isinstance(reason, str)),
        *(LeftOut(name, GONE) for name in gone),
    )
    if not proposals:
        return _nothing(operation, left_out)
    return BulkPlan(operation, noun, (proposals,), left_out)


def _nothing(operation: Operation, left_out: Sequence[LeftOut]) -> str:
    reasons: dict[str, list[str]] = {}
    for one in left_out:
        reasons.setdefault(one.reason, []).append(one.target)
    said = [f"{', '.join(named(names))}: {reason}" for reason, names in reasons.items()]
    return f"{operation.title}: nothing to send · " + " · ".join(said)


def named(names: Sequence[str]) -> Sequence[str]:
    """The first names and how many more there are."""
    more = len(names) - _NAMED
    return names if more <= 0 else (*names[:_NAMED], f"{more} more")
