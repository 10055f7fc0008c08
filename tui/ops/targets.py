"""What an operation may act on, found by identifier or name among what the lists hold.

Invariant: a word finds one thing or none; what could be two things is told, never chosen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tui.domain.changes import ALL_CONNECTIONS
from tui.domain.connections import Priorities, priorities_of
from tui.domain.engine import Connection
from tui.domain.extensions import Extension
from tui.domain.workers import Worker
from tui.ops.names import nearest
from tui.ops.operation import Operation, Scope
from tui.store.snapshot import Topic
from tui.store.store import Store


@dataclass(frozen=True, slots=True)
class NewExtension:
    """An extension that is yet to be created."""

    extension_id: str


Target: TypeAlias = Worker | Extension | Connection | Priorities | NewExtension

CRM = Connection(0, "CRM", active=True)
"""As the source of a resync it stands beside the connections."""
CREATES = "extension.create"
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
    """The lists that hold the targets of `operation`."""
    return _TOPICS[operation.scope]


def targets_of(operation: Operation, store: Store) -> Sequence[Target]:
    """Everything that `operation` could act on."""
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

    An identifier goes before a name.
    """
    noun = _NOUNS[operation.scope]
    wanted = word.strip().casefold()
    if not wanted:
        return f"the {noun}'s name or identifier is empty"
    if operation.id == CREATES:
        return NewExtension(word.strip())
    if operation.id == ORDERS:
        return _order(wanted, word, store)
    known = targets_of(operation, store)
    found = [one for one in known if identifier(one).casefold() == wanted]
    found = found or [one for one in known if wanted in map(str.casefold, _names(one))]
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(_told(one) for one in found[:_MOST_LISTED])
        more = ", …" if len(found) > _MOST_LISTED else ""
        return f"{word!r} names {len(found)} {noun}s: {several}{more}; write the identifier of one"
    return f"there is no {noun} {word!r}{_near(word, known, operation)}"


def _order(wanted: str, word: str, store: Store) -> Priorities | str:
    if wanted != ALL_CONNECTIONS:
        return f"{word!r} has no order of its own: write {ALL_CONNECTIONS}, and order=… for all of them"
    return priorities_of(store.snapshot(Topic.CONNECTIONS).data or ())


def _names(target: Target) -> tuple[str, ...]:
    if isinstance(target, Worker):
        return tuple(filter(None, (target.name, target.sync.channel if target.sync else "")))
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
    if isinstance(target, Worker):
        if target.sync is None:
            why = "listed no configuration for it" if syncs_listed else "did not list the syncs"
            return f"{target.name}: the server {why}"
        problem = target.sync.problem
    else:
        problem = target.problem
    name = name_of(target)
    return (
        None if problem is None else f"{name}: its row could not be read, so it cannot be changed safely"
    )
