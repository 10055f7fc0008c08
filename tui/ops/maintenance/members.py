"""The targets that the words of a set mean now; a word that means nothing is an error."""

from collections.abc import Sequence

from tui.domain.maintenance.records import MemberKind
from tui.domain.maintenance.rules import Target
from tui.domain.maintenance.set_words import kind_of, of_connection, of_worker, parse, wrong_with
from tui.domain.text import cited
from tui.ops.maintenance.states import States
from tui.ops.refusal import Refusal

_ORDER = (MemberKind.ENGINE, MemberKind.CONNECTION, MemberKind.SYNC)
"""In which the kinds are stopped; they are started in reverse."""


def members(words: Sequence[str], states: States) -> tuple[Target, ...] | Refusal:
    """The targets of all words, each once: the engine, then connections, then syncs."""
    found: dict[tuple[MemberKind, str], Target] = {}
    for word in words:
        problem = wrong_with(word)
        if problem:
            return Refusal(f"{cited(word)}: {problem}")
        kind = kind_of(word)
        hits = _hits(kind, word, states)
        if not hits:
            return Refusal(f"{cited(word)} matches no {kind.value}", _LISTED[kind])
        found |= {(kind, str(one.id)): one for one in hits}
    return in_order(found)


def in_order(found: dict[tuple[MemberKind, str], Target]) -> tuple[Target, ...]:
    keys = sorted(found, key=lambda key: _ORDER.index(key[0]))
    return tuple(found[key] for key in keys)


_LISTED = {
    MemberKind.SYNC: "`syncdeck workers` lists them",
    MemberKind.CONNECTION: "`syncdeck connections` lists them",
    MemberKind.ENGINE: "`syncdeck engine` shows it",
}


def _hits(kind: MemberKind, word: str, states: States) -> Sequence[Target]:
    match kind:
        case MemberKind.ENGINE:
            return (states.engine,) if states.engine is not None else ()
        case MemberKind.CONNECTION:
            known = [one for one in states.connections if not one.deleted]
            return parse(word).among(known, of_connection)
        case MemberKind.SYNC:
            return parse(word).among(states.workers, of_worker)
