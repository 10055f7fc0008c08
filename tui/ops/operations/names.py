"""Names of operations on the command line: the id, or only its last part."""

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches

from tui.domain.text import cited
from tui.ops.operations.operation import Operation
from tui.ops.refusal import Refusal

_NEAR = 0.5
"""Minimum similarity of a suggested word; 1 is equal."""
_MOST_NEAR = 3


def last_part(operation: Operation) -> str:
    """`stop` of `worker.stop`."""
    return operation.id.rpartition(".")[2]


def words_for(operations: Collection[Operation]) -> Mapping[str, Operation]:
    """Every unambiguous name of `operations`: all ids, and unique last parts."""
    parts = [last_part(operation) for operation in operations]
    short = {last_part(one): one for one in operations if parts.count(last_part(one)) == 1}
    return short | {operation.id: operation for operation in operations}


def named(word: str, operations: Collection[Operation]) -> tuple[Operation, ...]:
    wanted = word.casefold()
    return tuple(one for one in operations if wanted in (one.id, last_part(one)))


def find_operation(
    word: str, operations: Collection[Operation], listed_by: str = "`syncdeck run --help`"
) -> Operation | Refusal:
    """The operation named `word`, or a refusal with the nearest names; without any, what lists them."""
    known, wanted = words_for(operations), word.casefold()
    if wanted in known:
        return known[wanted]
    several = named(word, operations)
    if several:
        return Refusal(f"{word} is ambiguous: write {' or '.join(one.id for one in several)}")
    parts = sorted({last_part(operation) for operation in operations})
    near = nearest(word, dict.fromkeys((*known, *parts)))
    hint = f": {listed(near)}" if near else f"; {listed_by} lists them"
    return Refusal(f"there is no operation {cited(word)}{hint}")


def nearest(word: str, words: Iterable[str]) -> tuple[str, ...]:
    """The most similar of `words`, case-insensitive, nearest first."""
    folded = {one.casefold(): one for one in words}
    starting = [known for fold, known in folded.items() if word and fold.startswith(word.casefold())]
    near = get_close_matches(word.casefold(), folded, _MOST_NEAR, _NEAR)
    return tuple(dict.fromkeys([*starting, *(folded[fold] for fold in near)]))[:_MOST_NEAR]


def listed(words: Iterable[str]) -> str:
    """`did you mean a, b or c`, for one, some or many."""
    *first, last = words
    return f"did you mean {', '.join(first)}{' or ' if first else ''}{last}?"
