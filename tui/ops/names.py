"""What operations are called where they are written out: by their id, or by its last part alone."""

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches

from tui.domain.text import cited
from tui.ops.operation import Operation

_NEAR = 0.5
"""How alike two words must be to be offered one for the other; 1 is the same."""
_MOST_NEAR = 3


def last_part(operation: Operation) -> str:
    """`stop` of `worker.stop`."""
    return operation.id.rpartition(".")[2]


def words_for(operations: Collection[Operation]) -> Mapping[str, Operation]:
    """Every word that names exactly one of `operations`: its id, its last part where that is unique."""
    parts = [last_part(operation) for operation in operations]
    short = {last_part(one): one for one in operations if parts.count(last_part(one)) == 1}
    return short | {operation.id: operation for operation in operations}


def named(word: str, operations: Collection[Operation]) -> tuple[Operation, ...]:
    """All of `operations` that `word` may mean."""
    wanted = word.casefold()
    return tuple(one for one in operations if wanted in (one.id, last_part(one)))


def find_operation(word: str, operations: Collection[Operation]) -> Operation | str:
    """The operation that `word` names, or why there is none, with what is nearest."""
    known, wanted = words_for(operations), word.casefold()
    if wanted in known:
        return known[wanted]
    several = named(word, operations)
    if several:
        return f"{word} may be {' or '.join(one.id for one in several)}: write one of them"
    parts = sorted({last_part(operation) for operation in operations})
    near = nearest(word, dict.fromkeys((*known, *parts))) or parts
    return f"there is no operation {cited(word)}: {listed(near)}"


def nearest(word: str, words: Iterable[str]) -> tuple[str, ...]:
    """Those of `words` that are most like `word`, whatever their case; the nearest first."""
    folded = {one.casefold(): one for one in words}
    starting = [known for fold, known in folded.items() if word and fold.startswith(word.casefold())]
    near = get_close_matches(word.casefold(), folded, _MOST_NEAR, _NEAR)
    return tuple(dict.fromkeys([*starting, *(folded[fold] for fold in near)]))[:_MOST_NEAR]


def listed(words: Iterable[str]) -> str:
    """`did you mean a, b or c`, for one, some or many."""
    *first, last = words
    return f"did you mean {', '.join(first)}{' or ' if first else ''}{last}?"
