"""From an operation, a target and settings as text to a proposal: what `run` and `:` share.

Everything that is wrong is told at once, each by its setting, with what would be right.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeAlias, TypeVar

from tui.domain.engine import Connection
from tui.domain.extensions import Extension, ExtensionStatus
from tui.domain.health import assess
from tui.domain.workers import ControlAction, Worker, WorkerSync, same_kind
from tui.ops import plans, plans_connections, values
from tui.ops.manifest_push import push
from tui.ops.names import last_part
from tui.ops.operation import Operation
from tui.ops.plans_superoffice import engine_interval, run_engine, sync_all
from tui.ops.proposal import Proposal
from tui.ops.propose_resync import calls_for
from tui.ops.settings import Given, read, settings_for
from tui.ops.targets import (
    ORDERS,
    NewExtension,
    Target,
    TheEngine,
    doubled,
    name_of,
    topics_of,
    unchangeable,
)
from tui.ops.value_sources import ValueSources
from tui.ops.values import Texts, Wrong
from tui.store.snapshot import Snapshot, Topic
from tui.store.store import Store

T = TypeVar("T")
Problems: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The target has all that is asked already: nothing is to be sent, and nothing is wrong."""

    sentence: str


@dataclass(frozen=True, slots=True)
class _Wish:
    operation: Operation
    target: Target
    texts: Texts
    store: Store
    now: datetime
    rests_on: Snapshot[object]
    sources: ValueSources


def propose_calls(
    operation: Operation,
    target: Target,
    given: Given,
    store: Store,
    now: datetime,
    rests_on: Snapshot[object] | None = None,
    sources: ValueSources | None = None,
) -> tuple[Proposal, ...] | Unchanged:
    """What `operation` on `target` does, in calls that follow one another, or that it has it already.

    `now` is the server's time; `rests_on` what `target` was read from, where that is not the newest;
    `sources` reads the values that stand elsewhere.

    Raises:
        Wrong: all that is wrong with it.
    """
    offered = settings_for(operation, target)
    texts, wrong = read(given, offered)
    gone = _unfit(operation, target, store)
    if gone is not None:
        raise Wrong(gone, *wrong)
    if wrong and (not texts or any(one.required and one.key not in texts for one in offered)):
        raise Wrong(*wrong)
    rests_on = rests_on or store.snapshot(seen_in(operation))
    try:
        planned = _plan(_Wish(operation, target, texts, store, now, rests_on, sources or ValueSources()))
    except Wrong as problem:
        raise Wrong(*wrong, *problem.sentences) from None
    if wrong:
        raise Wrong(*wrong)
    if planned == plans.NOTHING_CHANGED:
        return Unchanged(f"{name_of(target)}: {planned}")
    if isinstance(planned, str):
        raise Wrong(f"{name_of(target)}: {planned}")
    return (planned,) if isinstance(planned, Proposal) else planned


def seen_in(operation: Operation) -> Topic:
    """What an operation rests on: a control action on the status, all else on the list."""
    topics = topics_of(operation)
    return topics[0] if operation.id == "worker.configure" else topics[-1]


def _unfit(operation: Operation, target: Target, store: Store) -> str | None:
    """Why a row that was not read whole is not good enough; control and delete need no more than
    the identifier, which must be its own."""
    shared = doubled(target)
    if shared is not None:
        return shared
    if last_part(operation) in ("start", "stop", "restart", "delete"):
        return None
    if operation.id == ORDERS:
        return None
    return unchangeable(target, syncs_listed=store.snapshot(Topic.WORKERS).data is not None)


def _plan(wish: _Wish) -> Proposal | tuple[Proposal, ...] | str:
    match wish.operation.id, wish.target:
        case "worker.configure", Worker(sync=WorkerSync() as sync):
            return _configure(wish, sync)
        case "worker.start" | "worker.stop" | "worker.restart", Worker() as worker:
            return _control(wish, worker)
        case "extension.create", NewExtension() as new:
            return _create(wish, new)
        case "extension.update", Extension() as extension:
            return _update(wish, extension)
        case "extension.toggle", Extension() as extension:
            return _toggle(wish, extension)
        case "extension.push-manifest", Extension() as extension:
            return _push(wish, extension)
        case "extension.delete", Extension() as extension:
            return plans.delete_extension(extension, wish.rests_on)
        case ("engine.start" | "engine.stop") as id_, TheEngine(status=status):
            return run_engine(status, id_ == "engine.start", wish.rests_on)
        case "engine.interval", TheEngine(status=status):
            return engine_interval(status, values.interval(wish.texts["interval"]), wish.rests_on)
        case ("engine.sync-all" | "engine.force-sync-all") as id_, TheEngine(status=status):
            known = wish.store.snapshot(Topic.CONNECTIONS).data
            return sync_all(id_ == "engine.force-sync-all", known, status, wish.rests_on)
        case "engine.force-resync", Connection() as source:
            known = wish.store.snapshot(Topic.CONNECTIONS).data
            return calls_for(source, wish.texts, known, wish.rests_on, wish.sources)
        case "connection.toggle", Connection() as connection:
            active = values.truth("active", wish.texts["active"]) if "active" in wish.texts else None
            expect = values.state("expect", wish.texts["expect"]) if "expect" in wish.texts else None
            return plans_connections.toggle(connection, wish.rests_on, active=active, expect=expect)
        case "connection.update-fields", Connection() as connection:
            return plans_connections.update_fields(connection, wish.rests_on)
        case "connection.priorities", _:
            listed = wish.store.snapshot(Topic.CONNECTIONS).data
            order = values.order(wish.texts["order"])
            return plans_connections.priorities(order, listed, wish.rests_on)
        case other, target:
            raise TypeError(f"{other} is not done to a {type(target).__name__}")


class _Reading:
    """Reads one value after the other, then tells all that was wrong."""

    def __init__(self) -> None:
        self._wrong: list[str] = []

    def take(self, read_one: Callable[[], T]) -> T | None:
        try:
            return read_one()
        except Wrong as problem:
            self._wrong.extend(problem.sentences)
            return None

    def end(self) -> None:
        if self._wrong:
            raise Wrong(*self._wrong)


def _configure(wish: _Wish, sync: WorkerSync) -> Proposal | str:
    texts, reading = wish.texts, _Reading()
    if not texts:
        names = ", ".join(setting.name for setting in settings_for(wish.operation, wish.target))
        raise Wrong(f"nothing is set: write interval=10m, or an option. There is {names}")
    seconds = None
    if "interval" in texts:
        seconds = reading.take(lambda: values.interval(texts["interval"]))
    changed = {
        option.id: reading.take(
            partial(values.option, option, texts[f"option {option.id}"], wish.sources)
        )
        or ""
        for option in sync.options
        if f"option {option.id}" in texts
    }
    reading.end()
    sharing = same_kind(sync, wish.store.snapshot(Topic.WORKERS).data or ())
    return plans.configure(sync, seconds, changed, wish.rests_on, sharing=sharing)


def _control(wish: _Wish, worker: Worker) -> Proposal:
    asked = (wish.store.snapshot(topic).data is not None for topic in (Topic.STATUS, Topic.WORKERS))
    status_asked, sync_asked = asked
    verdict = assess(worker, wish.now, status_asked=status_asked, sync_asked=sync_asked)
    action = ControlAction[last_part(wish.operation).upper()]
    return plans.control(worker, action, verdict.told, wish.rests_on)


def _create(wish: _Wish, new: NewExtension) -> Proposal:
    listed = wish.store.snapshot(Topic.EXTENSIONS).data or ()
    known = {extension.extension_id for extension in listed}
    texts = _filled(wish.texts, _Reading())
    return plans.create_extension(
        new.extension_id, texts["version"] or "", texts["manifest_hash"] or "", known
    )


def _update(wish: _Wish, extension: Extension) -> Proposal | str:
    if not wish.texts:
        raise Wrong("nothing is set: write version=…, manifest_hash=… or status=…")
    reading, status = _Reading(), None
    if "status" in wish.texts:
        status = reading.take(lambda: values.status(wish.texts["status"], tuple(ExtensionStatus)))
    texts = _filled({key: text for key, text in wish.texts.items() if key != "status"}, reading)
    return plans.update_extension(
        extension,
        wish.rests_on,
        version=texts.get("version"),
        manifest_hash=texts.get("manifest_hash"),
        status=status,
    )


def _filled(texts: Texts, reading: _Reading) -> Mapping[str, str | None]:
    """Every text, none of them empty; the end of the reading."""
    found = {name: reading.take(partial(values.filled, name, text)) for name, text in texts.items()}
    reading.end()
    return found


def _toggle(wish: _Wish, extension: Extension) -> Proposal | str:
    either = (ExtensionStatus.ACTIVE, ExtensionStatus.DISABLED)
    status = values.status(wish.texts["status"], either) if "status" in wish.texts else None
    return plans.toggle_extension(extension, wish.rests_on, status=status)


def _push(wish: _Wish, extension: Extension) -> Proposal | str:
    reading = _Reading()
    manifest = reading.take(lambda: values.file("manifest", wish.texts["manifest"]))
    signature = reading.take(lambda: values.file("signature", wish.texts["signature"]))
    reading.end()
    if manifest is None or signature is None:
        return "the files could not be read"
    return push(extension, manifest, signature, wish.rests_on)
