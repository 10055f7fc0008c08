"""The same text settings for several targets: one bulk plan, or all errors."""

from collections.abc import Sequence

from tui.domain.jtl.extensions import Extension, ExtensionStatus
from tui.domain.jtl.workers import Worker, WorkerSync, same_kind
from tui.ops.operations.operation import Operation
from tui.ops.proposals import bulk as bulk_plan
from tui.ops.proposals.bulk import BulkPlan
from tui.ops.refusal import Refusal
from tui.ops.targets.operand import Target
from tui.ops.text_commands import parameter_values as values
from tui.ops.text_commands.parameter_values import Texts, Wrong
from tui.ops.text_commands.proposal_from_text import Problems, settings_for
from tui.ops.text_commands.setting import Given, Setting, of_option, read
from tui.ops.text_commands.value_sources import ValueSources
from tui.store.snapshot import Topic
from tui.store.store import Store

FOR_SEVERAL = ("worker.configure", "extension.toggle")
"""Operations with settings that can be applied to all marked rows."""


def propose_all(
    operation: Operation,
    targets: Sequence[Target],
    given: Given,
    store: Store,
    missing: Sequence[str] = (),
) -> BulkPlan | Problems:
    """The plan of `operation` on `targets`; `missing` names targets that are no longer listed."""
    workers = [one for one in targets if isinstance(one, Worker)]
    texts, wrong = read(given, _offered(operation, workers))
    try:
        if operation.id == "worker.configure":
            plan = _configure(workers, texts, store, missing)
        else:
            extensions = [one for one in targets if isinstance(one, Extension)]
            plan = _toggle(extensions, texts, store, missing)
    except Wrong as problem:
        return (*wrong, *problem.sentences)
    if wrong:
        return wrong
    return (plan.sentence,) if isinstance(plan, Refusal) else plan


def _offered(operation: Operation, workers: Sequence[Worker]) -> Sequence[Setting]:
    shared = bulk_plan.shared_options(workers)
    return (*settings_for(operation), *map(of_option, shared))


def _configure(
    workers: Sequence[Worker], texts: Texts, store: Store, missing: Sequence[str]
) -> BulkPlan | Refusal:
    syncs = store.snapshot(Topic.WORKERS)
    seconds = values.interval(texts["interval"]) if "interval" in texts else None
    changed = [
        (option.id, values.option(option, texts[f"option {option.id}"], ValueSources()))
        for option in bulk_plan.shared_options(workers)
        if f"option {option.id}" in texts
    ]
    if len(changed) > 1:
        raise Wrong("several syncs take one option at a time")

    def sharing(sync: WorkerSync) -> Sequence[str]:
        return same_kind(sync, syncs.data or ())

    option = changed[0] if changed else None
    return bulk_plan.configure_all(workers, seconds, option, syncs, sharing=sharing, missing=missing)


def _toggle(
    extensions: Sequence[Extension], texts: Texts, store: Store, missing: Sequence[str]
) -> BulkPlan | Refusal:
    either = (ExtensionStatus.ACTIVE, ExtensionStatus.DISABLED)
    status = values.status(texts["status"], either) if "status" in texts else None
    listed = store.snapshot(Topic.EXTENSIONS)
    return bulk_plan.toggle_all(extensions, listed, status=status, missing=missing)
