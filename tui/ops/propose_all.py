"""The same settings as text for several targets: one bulk plan, or all that is wrong."""

from collections.abc import Sequence

from tui.domain.extensions import Extension, ExtensionStatus
from tui.domain.workers import Worker, WorkerSync, same_kind
from tui.ops import bulk_plan, values
from tui.ops.bulk_plan import BulkPlan
from tui.ops.operation import Operation
from tui.ops.propose import Problems
from tui.ops.settings import Given, Setting, of_option, read, settings_for
from tui.ops.targets import Target
from tui.ops.value_sources import ValueSources
from tui.ops.values import Texts, Wrong
from tui.store.snapshot import Topic
from tui.store.store import Store

FOR_SEVERAL = ("worker.configure", "extension.toggle")
"""What takes settings and can be done to all that is marked."""


def propose_all(
    operation: Operation,
    targets: Sequence[Target],
    given: Given,
    store: Store,
    gone: Sequence[str] = (),
) -> BulkPlan | Problems:
    """What `operation` on `targets` would do; `gone` names those that are no longer listed."""
    workers = [one for one in targets if isinstance(one, Worker)]
    texts, wrong = read(given, _offered(operation, workers))
    try:
        if operation.id == "worker.configure":
            plan = _configure(workers, texts, store, gone)
        else:
            extensions = [one for one in targets if isinstance(one, Extension)]
            plan = _toggle(extensions, texts, store, gone)
    except Wrong as problem:
        return (*wrong, *problem.sentences)
    if wrong:
        return wrong
    return (plan,) if isinstance(plan, str) else plan


def _offered(operation: Operation, workers: Sequence[Worker]) -> Sequence[Setting]:
    shared = bulk_plan.shared_options(workers)
    return (*settings_for(operation), *map(of_option, shared))


def _configure(
    workers: Sequence[Worker], texts: Texts, store: Store, gone: Sequence[str]
) -> BulkPlan | str:
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
    return bulk_plan.configure_all(workers, seconds, option, syncs, sharing=sharing, gone=gone)


def _toggle(
    extensions: Sequence[Extension], texts: Texts, store: Store, gone: Sequence[str]
) -> BulkPlan | str:
    either = (ExtensionStatus.ACTIVE, ExtensionStatus.DISABLED)
    status = values.status(texts["status"], either) if "status" in texts else None
    listed = store.snapshot(Topic.EXTENSIONS)
    return bulk_plan.toggle_all(extensions, listed, status=status, gone=gone)
