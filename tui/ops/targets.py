"""What an operation may act on, found by identifier or name among what the lists hold.

Invariant: a word finds one thing or none; what could be two things is told, never chosen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tui.domain.changes import ALL_CONNECTIONS, ENGINE
from tui.domain.connections import Priorities, priorities_of
from tui.domain.engine import ENGINE_NAME, Connection, EngineStatus
from tui.domain.extensions import Extension
from tui.domain.text import cited, clean
from tui.domain.workers import Worker
from tui.ops.matching import ID_PREFIX, NAME_PREFIX, folded_name
from tui.ops.names import nearest
from tui.ops.operation import Operation, Scope
from tui.ops.unfit import DOUBLED, unfit
from tui.store.snapshot import Topic
from tui.store.store import Store


@dataclass(frozen=True, slots=True)
class NewExtension:
    """An extension that is yet to be created."""

    extension_id: str


@dataclass(frozen=True, slots=True)
class TheEngine:
    """The one engine; it is there whether or not it has answered."""

    status: EngineStatus | None = None
    """What it last said; None where it has not."""

    @property
    def id(self) -> str:
        """As `run` and audit name it."""
        return ENGINE

    @property
    def name(self) -> str:
        """What a person calls it."""
        return ENGINE_NAME

    @property
    def problem(self) -> None:
        """There is no row of it that could not be read."""
        return None


Target: TypeAlias = Worker | Extension | Connection | TheEngine | Priorities | NewExtension

CRM = Connection(0, "CRM", active=True)
"""As the source of a resync it stands beside the connections."""
CREATES = "extension.create"
_FROM_A_CONNECTION = "engine.force-resync"
"""Of the engine's operations, the one that names a connection."""
_SYNCS_ALL = ("engine.sync-all", "engine.force-sync-all")
ORDERS = "connection.priorities"
"""Its target is the order of all connections."""
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
    """What is to be known before `operation` is planned, last what it rests on."""
    if is_of_engine(operation) and operation.id not in _SYNCS_ALL:
        return (Topic.ENGINE,)
    return _TOPICS[operation.scope]


def is_of_engine(operation: Operation) -> bool:
    """Whether its one target is the engine itself."""
    return operation.scope is Scope.ENGINE and operation.id != _FROM_A_CONNECTION


def targets_of(operation: Operation, store: Store) -> Sequence[Target]:
    """Everything that `operation` could act on."""
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
    """What the server knows it by; a new extension by its own name."""
    return target.extension_id if isinstance(target, NewExtension) else str(target.id)


def name_of(target: Target) -> str:
    """What a person calls it."""
    return target.extension_id if isinstance(target, NewExtension) else target.name or str(target.id)


def find_target(operation: Operation, word: str, store: Store) -> Target | str:
    """The one target that `word` names, whatever its case, or why there is none.

    `id:` or `name:` before it says exactly what it is; without one it must not mean two things.
    """
    noun = _NOUNS[operation.scope]
    if clean(word) != word or "\n" in word.strip():
        return f"the {noun} {cited(word)} holds a character that cannot be shown: leave it out"
    if is_of_engine(operation) and word.strip().casefold() not in (ENGINE, ENGINE_NAME.casefold()):
        return f"there is one engine: write {ENGINE}, not {word!r}"
    wanted = folded_name(word)
    if not wanted:
        return f"the {noun}'s name or identifier is empty"
    if operation.id == CREATES:
        return NewExtension(word.strip())
    if operation.id == ORDERS:
        return _order(wanted, word, store)
    known = targets_of(operation, store)
    found = tuple(_meant(wanted, known))
    if len(found) == 1:
        return found[0]
    if found and all(map(doubled, found)):
        return f"{_told(found[0])}: {DOUBLED}"
    if found:
        several = ", ".join(_told(one) for one in found[:_MOST_LISTED])
        more = ", …" if len(found) > _MOST_LISTED else ""
        exact = f"write the identifier of one, such as {ID_PREFIX}{identifier(found[0])}"
        return f"{cited(word)} names {len(found)} {noun}s: {several}{more}; {exact}"
    return f"there is no {noun} {cited(word)}{_near(word, known, operation)}"


def _meant(wanted: str, known: Sequence[Target]) -> Iterator[Target]:
    """All that `wanted` may be: as it stands an identifier or a name, after a prefix only the one."""
    ids = (wanted, wanted[len(ID_PREFIX) :].strip() if wanted.startswith(ID_PREFIX) else wanted)
    names = (wanted, wanted[len(NAME_PREFIX) :].strip() if wanted.startswith(NAME_PREFIX) else wanted)
    for one in known:
        if folded_name(identifier(one)) in ids or any(
            folded_name(name) in names for name in _names(one)
        ):
            yield one


def _order(wanted: str, word: str, store: Store) -> Priorities | str:
    if wanted != ALL_CONNECTIONS:
        return f"{word!r} has no order of its own: write {ALL_CONNECTIONS}, and order=… for all of them"
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
    near = dict.fromkeys(_told(one) for near in words for name, one in named if name == near)
    if near:
        return f"; the nearest: {', '.join(near)}"
    return f"; `syncdeck {_LISTS[operation.scope]}` lists them"


def _told(target: Target) -> str:
    return f"{name_of(target)} ({identifier(target)})"


def unchangeable(target: Target, *, syncs_listed: bool = True) -> str | None:
    """Why nothing that is known of `target` is good enough to change it, or None.

    `syncs_listed`: whether the list of syncs was answered at all.
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
    """Why not even its identifier is good enough, or None."""
    if isinstance(target, Worker | Extension | Connection) and target.doubled:
        return f"{name_of(target)}: {DOUBLED}"
    return None
