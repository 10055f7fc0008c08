"""Finds the targets of operations by identifier or name in the lists.

Invariant: a word finds one target or none; an ambiguous word is reported, never resolved by choice.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from tui.domain.jtl.workers import Worker
from tui.domain.superoffice.connections import Priorities, priorities_of
from tui.domain.superoffice.engine import ENGINE_NAME
from tui.domain.text import cited, clean, folded
from tui.domain.writes import ALL_CONNECTIONS, ENGINE
from tui.ops.operations.kinds import kind_for
from tui.ops.operations.names import nearest
from tui.ops.operations.operation import Operation, Scope
from tui.ops.refusal import Refusal
from tui.ops.targets.fitness import DOUBLED
from tui.ops.targets.operand import (
    CRM,
    ActsOn,
    NewExtension,
    Target,
    TheEngine,
    doubled,
    identifier,
    name_of,
)
from tui.store.snapshot import Topic
from tui.store.store import Store

ID_PREFIX, NAME_PREFIX = "id:", "name:"
"""Prefixes that make a word exact."""
_KEPT = 65_536
"""Cached names: every target of a long list is compared with every word."""
_NOUNS = {
    Scope.WORKER: "sync",
    Scope.EXTENSION: "extension",
    Scope.ENGINE: "connection",
    Scope.CONNECTION: "connection",
}
_MOST_LISTED = 5


def acts_on(operation: Operation) -> ActsOn:
    kind = kind_for(operation.id)
    return ActsOn.ROW if kind is None else kind.acts_on


def targets_of(operation: Operation, store: Store) -> Sequence[Target]:
    if acts_on(operation) is ActsOn.ENGINE:
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


def find_target(operation: Operation, word: str, store: Store) -> Target | Refusal:
    """The target that `word` names, case-insensitive, or why there is none.

    A prefix `id:` or `name:` makes the word exact; without one it must not match two targets.
    """
    noun, kind = _NOUNS[operation.scope], acts_on(operation)
    if clean(word) != word or "\n" in word.strip():
        return Refusal(f"the {noun} {cited(word)} contains a character that cannot be shown: remove it")
    if kind is ActsOn.ENGINE and word.strip().casefold() not in (ENGINE, ENGINE_NAME.casefold()):
        return Refusal(f"there is one engine: write {ENGINE}, not {word!r}")
    wanted = folded_name(word)
    if not wanted:
        return Refusal(f"the {noun}'s name or identifier is empty")
    if kind is ActsOn.NEW_ROW:
        return NewExtension(word.strip())
    if kind is ActsOn.ORDER:
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
    ids = (wanted, wanted.removeprefix(ID_PREFIX).strip())
    names = (wanted, wanted.removeprefix(NAME_PREFIX).strip())
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
    listing = "workers" if operation.scope is Scope.WORKER else f"{_NOUNS[operation.scope]}s"
    return f"; `syncdeck {listing}` lists them"


@lru_cache(_KEPT)
def folded_name(name: str) -> str:
    """`name` for comparison: folded as in a filter, with single spaces."""
    return " ".join(folded(name).split())


def _described(target: Target) -> str:
    return f"{name_of(target)} ({identifier(target)})"
