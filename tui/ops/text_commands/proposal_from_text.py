"""Makes a proposal from an operation, a target and text settings, for `run` and `:`.

All errors are reported together, each with its setting and valid examples.
"""

from datetime import datetime
from typing import TypeAlias

from tui.domain.jtl.workers import Worker
from tui.frozen import frozen
from tui.ops.operations.kinds import kind_for, writing_kind
from tui.ops.operations.operation import Operation
from tui.ops.proposals.proposal import NOTHING_CHANGED, Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.operand import Target, doubled, name_of, unchangeable
from tui.ops.text_commands.parameter_values import Wrong
from tui.ops.text_commands.request import Request
from tui.ops.text_commands.setting import ANY_OPTION, Given, Setting, of_option, read
from tui.ops.text_commands.value_sources import ValueSources
from tui.store.snapshot import Snapshot, Topic
from tui.store.store import Store

Problems: TypeAlias = tuple[str, ...]


@frozen
class Unchanged:
    """The target already has the requested values: nothing to send, no error."""

    sentence: str


def parameters_of(operation: Operation) -> tuple[Setting, ...]:
    """The declared settings; `OPTION` stands for all options of a sync."""
    kind = kind_for(operation.id)
    return () if kind is None else kind.parameters(operation.id)


def settings_for(operation: Operation, target: Target | None = None) -> tuple[Setting, ...]:
    """The settings, with the options of `target` in place of `OPTION`."""
    declared = parameters_of(operation)
    fixed = tuple(setting for setting in declared if setting.name != ANY_OPTION)
    if len(fixed) == len(declared) or not isinstance(target, Worker) or target.sync is None:
        return fixed
    return (*fixed, *map(of_option, target.sync.options))


def propose_calls(
    operation: Operation,
    target: Target,
    given: Given,
    store: Store,
    now: datetime,
    rests_on: Snapshot[object] | None = None,
    sources: ValueSources | None = None,
) -> tuple[Proposal, ...] | Unchanged:
    """The proposals of `operation` on `target`, to be sent in order, or `Unchanged`.

    `now`: the server's time; `rests_on`: the snapshot of `target`, if not the newest;
    `sources` reads values from files and standard input.

    Raises Wrong: with all errors.
    """
    offered = settings_for(operation, target)
    texts, wrong = read(given, offered)
    reason = _unfit(operation, target, store)
    if reason is not None:
        raise Wrong(reason, *wrong)
    if wrong and (not texts or any(one.required and one.key not in texts for one in offered)):
        raise Wrong(*wrong)
    rests_on = rests_on or store.snapshot(seen_in(operation))
    sources = sources or ValueSources()
    request = Request(operation, target, offered, texts, store, now, rests_on, sources)
    try:
        planned = writing_kind(operation).propose(request)
    except Wrong as problem:
        raise Wrong(*wrong, *problem.sentences) from None
    if wrong:
        raise Wrong(*wrong)
    if planned is NOTHING_CHANGED:
        return Unchanged(f"{name_of(target)}: {planned}")
    if isinstance(planned, Refusal):
        raise Wrong(f"{name_of(target)}: {planned}")
    return (planned,) if isinstance(planned, Proposal) else planned


def seen_in(operation: Operation) -> Topic:
    """The topic of the baseline: the status for a control action, else the list."""
    return writing_kind(operation).topics[-1]


def _unfit(operation: Operation, target: Target, store: Store) -> str | None:
    """Why an incompletely read row is not sufficient."""
    shared = doubled(target)
    if shared is not None or not writing_kind(operation).needs_whole_row:
        return shared
    return unchangeable(target, syncs_listed=store.snapshot(Topic.WORKERS).data is not None)
