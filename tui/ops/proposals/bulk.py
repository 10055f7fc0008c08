"""One operation on many targets before it is sent, as the bulk review shows it.

A target that cannot or need not be changed is listed with the reason.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from tui.domain.intervals import short
from tui.domain.jtl.extensions import Extension, ExtensionStatus
from tui.domain.jtl.worker_options import is_secret
from tui.domain.jtl.workers import ControlAction, SyncState, Worker, WorkerOption, WorkerSync
from tui.domain.writes import target_of
from tui.frozen import frozen
from tui.ops.operations.configure_worker import configure
from tui.ops.operations.control_worker import control
from tui.ops.operations.registry import OPERATIONS, Operation
from tui.ops.operations.update_extension import toggle_extension
from tui.ops.proposals.proposal import Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.fitness import unfit
from tui.store.snapshot import Snapshot

GONE = "it is no longer in the server's list"
_SYNCS, _EXTENSIONS = ("sync", "syncs"), ("extension", "extensions")
_NAMED = 3
"""Names listed in a sentence."""
_IN_VAIN = {
    (ControlAction.START, SyncState.RUNNING): "it is already running",
    (ControlAction.START, SyncState.STARTING): "it is already starting",
    (ControlAction.STOP, SyncState.DEACTIVATED): "it is already off",
}


@frozen
class LeftOut:
    target: str
    reason: str


@frozen
class BulkPlan:
    """Proposals of one operation, each with a different target."""

    operation: Operation
    noun: tuple[str, str]
    """Singular and plural of the target type."""
    waves: tuple[tuple[Proposal, ...], ...]
    """A wave is sent when the previous one has ended; no wave is empty."""
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    """Remarks for the review, one sentence each."""
    settings: tuple[tuple[str, str], ...] = ()
    """What was chosen for all of them, as `run` takes it: name and text."""
    secret: tuple[str, ...] = ()
    """The names of those settings that may be secrets."""
    in_turn: bool = False
    """Proposals are sent one at a time, up to the first failure."""
    heading: str = ""
    """What it is called where that is not its operation: `Undo stop sync`."""

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        return tuple(proposal for wave in self.waves for proposal in wave)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(target_of(proposal.write) for proposal in self.proposals)

    @property
    def title(self) -> str:
        """`Stop sync · 3 syncs`."""
        return f"{self.heading or self.operation.title} · {counted(len(self.proposals), self.noun)}"


Replan = Callable[[Sequence[str]], BulkPlan | Refusal]
"""Plans the same operation for these keys on current data; or says why there is nothing to do."""


def counted(count: int, noun: tuple[str, str]) -> str:
    """`1 sync`, `3 syncs`."""
    return f"{count} {noun[0] if count == 1 else noun[1]}"


def control_all(
    workers: Sequence[Worker],
    action: ControlAction,
    before: Callable[[Worker], str],
    rests_on: Snapshot[object] | None = None,
    *,
    missing: Sequence[str] = (),
) -> BulkPlan | Refusal:
    """Start, stop or restart syncs; `before` returns a sync's state, `missing` names rows not listed."""

    def planned(worker: Worker) -> Proposal | Refusal:
        reason = unfit(worker)
        if reason is not None:
            return Refusal(reason)
        vain = None if worker.state is None else _IN_VAIN.get((action, worker.state))
        return Refusal(vain) if vain else control(worker, action, before(worker), rests_on)

    operation = OPERATIONS[f"worker.{action.name.lower()}"]
    return _plan(operation, _SYNCS, ((worker.name, planned(worker)) for worker in workers), missing)


def toggle_all(
    extensions: Sequence[Extension],
    rests_on: Snapshot[object] | None = None,
    *,
    status: ExtensionStatus | None = None,
    missing: Sequence[str] = (),
) -> BulkPlan | Refusal:
    """Disable extensions if all are active, activate them if none is; `status` overrides this."""
    wanted = other_status(extensions) if status is None else status
    if isinstance(wanted, Refusal):
        return wanted

    def planned(extension: Extension) -> Proposal | Refusal:
        reason = unfit(extension)
        if reason is not None:
            return Refusal(reason)
        proposal = toggle_extension(extension, rests_on, status=wanted)
        if isinstance(proposal, Refusal):
            return Refusal(f"unchanged: it is already {wanted.word}")
        return proposal

    operation = OPERATIONS["extension.toggle"]
    plan = _plan(operation, _EXTENSIONS, ((one.name, planned(one)) for one in extensions), missing)
    return plan if isinstance(plan, Refusal) else replace(plan, settings=(("status", wanted.word),))


def other_status(extensions: Sequence[Extension]) -> ExtensionStatus | Refusal:
    """The status that a toggle sets: disabled if all are active, active if none is; else a refusal."""
    readable = [extension for extension in extensions if extension.problem is None]
    active = sum(extension.status == ExtensionStatus.ACTIVE for extension in readable)
    if 0 < active < len(readable):
        return Refusal(
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
    missing: Sequence[str] = (),
) -> BulkPlan | Refusal:
    """Set the interval (seconds) of each sync, and one option (identifier, value) of their kind.

    All syncs of a kind share their options (jtl PROTOCOL §1.4): the option is sent once, with the last
    sync and after all others, so that it does not change the baseline of another write.
    """
    readable = [worker for worker in workers if worker.sync is not None and worker.problem is None]
    carrier = readable[-1] if option is not None and readable else None

    def planned(worker: Worker) -> Proposal | Refusal:
        if worker.sync is None or worker.problem is not None:
            return Refusal(unfit(worker) or "the server listed no configuration for it")
        options = dict((option,)) if option and worker is carrier else {}
        wanted = worker.sync.interval.seconds if interval is None else interval
        proposal = configure(
            worker.sync, wanted, options, rests_on, sharing=sharing(worker.sync) if options else ()
        )
        if isinstance(proposal, Proposal):
            return proposal
        if interval is None and carrier is not None and worker is not carrier:
            return Refusal(f"nothing to send: the option is shared and sent with {carrier.name}")
        return Refusal("unchanged: it already has these values")

    plan = _plan(
        OPERATIONS["worker.configure"], _SYNCS, ((w.name, planned(w)) for w in workers), missing
    )
    if isinstance(plan, Refusal):
        return plan
    every = () if interval is None else (("interval", short(interval)),)
    # A text that begins with @ is written with a second one.
    one = (
        () if option is None else ((option[0], f"@{option[1]}" if option[1][:1] == "@" else option[1]),)
    )
    known = carrier.sync.options if carrier is not None and carrier.sync else ()
    secret = tuple(o.id for o in known if option and o.id == option[0] and is_secret(o))
    plan = replace(plan, settings=(*every, *one), secret=secret)
    return plan if carrier is None else _carried_last(plan, carrier)


def _carried_last(plan: BulkPlan, carrier: Worker) -> BulkPlan:
    first = tuple(one for one in plan.proposals if target_of(one.write) != carrier.id)
    last = tuple(one for one in plan.proposals if target_of(one.write) == carrier.id)
    kind = carrier.sync.kind if carrier.sync else ""
    note = f"The option is shared by all {kind or 'such'} syncs: it is sent once, with {carrier.name}."
    return replace(plan, waves=tuple(filter(None, (first, last))), notes=(note,) if last else ())


def kinds_of(workers: Iterable[Worker]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(worker.sync.kind for worker in workers if worker.sync))


def shared_options(workers: Sequence[Worker]) -> tuple[WorkerOption, ...]:
    """The options common to all syncs of one kind, without those that cannot be displayed."""
    syncs = [worker.sync for worker in workers if worker.sync and worker.problem is None]
    if not syncs or len(kinds_of(workers)) != 1:
        return ()
    common = set.intersection(*({option.id for option in sync.options} for sync in syncs))
    altered = {option.id for sync in syncs for option in sync.options if option.altered}
    return tuple(option for option in syncs[-1].options if option.id in common - altered)


def _plan(
    operation: Operation,
    noun: tuple[str, str],
    planned: Iterable[tuple[str, Proposal | Refusal]],
    missing: Sequence[str],
) -> BulkPlan | Refusal:
    each = tuple(planned)
    proposals = tuple(proposal for _, proposal in each if isinstance(proposal, Proposal))
    left_out = (
        *(LeftOut(name, reason.sentence) for name, reason in each if isinstance(reason, Refusal)),
        *(LeftOut(name, GONE) for name in missing),
    )
    if not proposals:
        return _nothing(operation, left_out)
    return BulkPlan(operation, noun, (proposals,), left_out)


def _nothing(operation: Operation, left_out: Sequence[LeftOut]) -> Refusal:
    reasons: dict[str, list[str]] = {}
    for one in left_out:
        reasons.setdefault(one.reason, []).append(one.target)
    said = [f"{', '.join(named(names))}: {reason}" for reason, names in reasons.items()]
    return Refusal(f"{operation.title}: nothing to send · " + " · ".join(said))


def named(names: Sequence[str]) -> Sequence[str]:
    """The first names and the number of the others."""
    more = len(names) - _NAMED
    return names if more <= 0 else (*names[:_NAMED], f"{more} more")
