"""Finds the targets of operations by identifier or name in the lists.

Invariant: a word finds one target or none; an ambiguous word is reported, never resolved by choice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import Worker
from tui.domain.superoffice.connections import Priorities, priorities_of
from tui.domain.superoffice.engine import ENGINE_NAME, Connection, EngineStatus
from tui.domain.text import cited, clean
from tui.domain.writes import ALL_CONNECTIONS, ENGINE
from tui.ops.operations.names import nearest
from tui.ops.operations.operation import Operation, Scope
from tui.ops.refusal import Refusal
from tui.ops.targets.fitness import DOUBLED, unfit
from tui.ops.targets.name_matching import ID_PREFIX, NAME_PREFIX, folded_name
from tui.store.snapshot import Topic
from tui.store.store import Store


@dataclass(frozen=True, slots=True)
class NewExtension:
    """An extension to be created."""

    extension_id: str


@dataclass(frozen=True, slots=True)
class TheEngine:
    """The one engine; it exists even without a response."""

    status: EngineStatus | None = None
    """The last reported status, if any."""

    @property
    def id(self) -> str:
        """Its identifier in `run` and in the audit trail."""
        return ENGINE

    @property
    def name(self) -> str:
        """Display name."""
        return ENGINE_NAME

    @property
    def problem(self) -> None:
        """Never: it has no row."""
        return None


Target: TypeAlias = Worker | Extension | Connection | TheEngine | Priorities | NewExtension

CRM = Connection(0, "CRM", active=True)
"""A source of a resync, besides the connections."""
CREATES = "extension.create"
_FROM_A_CONNECTION = "engine.force-resync"
"""The engine operation whose target is a connection."""
_SYNCS_ALL = ("engine.sync-all", "engine.force-sync-all")
ORDERS = "connection.priorities"
"""The operation whose target is the order of all connections."""
_NOUNS = {
    Scope.WORKER: "sync",
    Scope.EXTENSION: "extension",
    Scope.ENGINE: "connection",
    Scope.CONNECTION: "connection",
}
_LISTS = {
    Scope.WORKER: "workers",
    Scope.EXTENSION: "extensions",
    Scope.ENGINE: "connections",
    Scope.CONNECTION: "connections",
}
_TOPICS = {
    Scope.WORKER: (Topic.WORKERS, Topic.STATUS),
    Scope.EXTENSION: (Topic.EXTENSIONS,),
    Scope.ENGINE: (Topic.CONNECTIONS,),
    Scope.CONNECTION: (Topic.CONNECTIONS,),
}
_MOST_LISTED = 5


def topics_of(operation: Operation) -> tuple[Topic, ...]:
    """The topics to load before `operation` is planned; the last one is its baseline."""
    if is_of_engine(operation) and operation.id not in _SYNCS_ALL:
        return (Topic.ENGINE,)
    return _TOPICS[operation.scope]


def is_of_engine(operation: Operation) -> bool:
    """Whether its only target is the engine itself."""
    return operation.scope is Scope.ENGINE and operation.id != _FROM_A_CONNECTION


def targets_of(operation: Operation, store: Store) -> Sequence[Target]:
    """All possible targets of `operation`."""
    if is_of_engine(operation):
        return (TheEngine(store.snapshot(Topic.ENGINE).data),)
    match operation.scope:
        case Scope.WORKER:
            return store.workers()
        case Scope.EXTENSION:
            return store.snapshot(Topic.EXTENSIONS).data or ()
        case _:
            listed = store.snapshot(Topic.CONNECTIONS).data or ()
            known = (connection for connection in listed if not connection.deleted)
            return (CRM, *known) if operation.scope is Scope.ENGINE else tuple(known)


def identifier(target: Target) -> str:
    """Identifier on the server; for a new extension its name."""
    return target.extension_id if isinstance(target, NewExtension) else str(target.id)


def name_of(target: Target) -> str:
    """Display name."""
    return target.extension_id if isinstance(target, NewExtension) else target.name or str(target.id)


def find_target(operation: Operation, word: str, store: Store) -> Target | Refusal:
    """The target that `word` names, case-insensitive, or why there is none.

    A prefix `id:` or `name:` makes the word exact; without one it must not match two targets.
    """
    noun = _NOUNS[operation.scope]
    if clean(word) != word or "\n" in word.strip():
        return Refusal(f"the {noun} {cited(word)} contains a character that cannot be shown: remove it")
    if is_of_engine(operation) and word.strip().casefold() not in (ENGINE, ENGINE_NAME.casefold()):
        return Refusal(f"there is one engine: write {ENGINE}, not {word!r}")
    wanted = folded_name(word)
    if not wanted:
        return Refusal(f"the {noun}'s name or identifier is empty")
    if operation.id == CREATES:
        return NewExtension(word.strip())
    if operation.id == ORDERS:
        return _order(wanted, word, store)
    known = targets_of(operation, store)
    found = tuple(_meant(wanted, known))
    if len(found) == 1:
        return found[0]
    if found and all(map(doubled, found)):
        return Refusal(f"{_described(found[0])}: {DOUBLED}")
    if found:
        several = ", ".join(_described(one) for one in found[:_MOST_LISTED])
        more = ", …" if len(found) > _MOST_LISTED else ""
        exact = f"write the identifier of one, such as {ID_PREFIX}{identifier(found[0])}"
        return Refusal(f"{cited(word)} names {len(found)} {noun}s: {several}{more}; {exact}")
    return Refusal(f"there is no {noun} {cited(word)}{_near(word, known, operation)}")


def _meant(wanted: str, known: Sequence[Target]) -> Iterator[Target]:
    """All targets that `wanted` may mean: by identifier or name, with a prefix only by one of them."""
    ids = (wanted, wanted[len(ID_PREFIX) :].strip() if wanted.startswith(ID_PREFIX) else wanted)
    names = (wanted, wanted[len(NAME_PREFIX) :].strip() if wanted.startswith(NAME_PREFIX) else wanted)
    for one in known:
        if folded_name(identifier(one)) in ids or any(
            folded_name(name) in names for name in _names(one)
        ):
            yield one


def _order(wanted: str, word: str, store: Store) -> Priorities | Refusal:
    if wanted != ALL_CONNECTIONS:
        return Refusal(
            f"{word!r} does not have its own order: write {ALL_CONNECTIONS}, and order=… for all of them"
        )
    return priorities_of(store.snapshot(Topic.CONNECTIONS).data or ())


def _names(target: Target) -> tuple[str, ...]:
    if isinstance(target, Worker):
        return tuple(
            filter(None, (target.name, target.plain_name, target.sync.channel if target.sync else ""))
        )
    return (name_of(target),)


def _near(word: str, known: Sequence[Target], operation: Operation) -> str:
    named = [(name, one) for one in known for name in (*_names(one), identifier(one))]
    words = nearest(word, (name for name, _ in named))
    near = dict.fromkeys(_described(one) for near in words for name, one in named if name == near)
    if near:
        return f"; the nearest: {', '.join(near)}"
    return f"; `syncdeck {_LISTS[operation.scope]}` lists them"


def _described(target: Target) -> str:
    return f"{name_of(target)} ({identifier(target)})"


def unchangeable(target: Target, *, syncs_listed: bool = True) -> str | None:
    """Why the data about `target` is not sufficient to change it, or None.

    `syncs_listed`: whether the server responded with a list of syncs.
    """
    if isinstance(target, NewExtension):
        return None
    if isinstance(target, Worker) and target.sync is None:
        why = "listed no configuration for it" if syncs_listed else "did not list the syncs"
        return f"{target.name}: the server {why}"
    if isinstance(target, TheEngine | Priorities):
        return None
    row = target.sync if isinstance(target, Worker) and target.sync is not None else target
    reason = DOUBLED if doubled(target) else unfit(row)
    return None if reason is None else f"{name_of(target)}: {reason}"


def doubled(target: Target) -> str | None:
    """Why not even its identifier is reliable, or None."""
    if isinstance(target, Worker | Extension | Connection) and target.doubled:
        return f"{name_of(target)}: {DOUBLED}"
    return None
