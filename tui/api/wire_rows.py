"""Lists on the wire, row by row: one row that cannot be read spoils no other."""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from tui.api.wire import Unreadable, check_count, kind_of
from tui.api.words import words_of


class ReadRow(Protocol):
    """A row that says itself why it could not be read."""

    @property
    def problem(self) -> str | None:
        """Why not; None: it could."""
        ...


R = TypeVar("R", bound=ReadRow)


def list_of(tree: object) -> list[object]:
    """The list that was expected.

    Raises:
        Unreadable: it is none; in the server's words where it says something else.
    """
    if isinstance(tree, list):
        return tree
    said = words_of(tree).text if isinstance(tree, Mapping) else ""
    raise Unreadable(said or f"expected a list, got {kind_of(tree)}")


def rows_of(tree: object, read: Callable[[object, int], R]) -> tuple[R, ...]:
    """Every row as `read` makes it of the row and its position, from 1.

    Raises:
        Unreadable: it is no list, no row of it can be read, or there are too many.
    """
    rows = list_of(tree)
    check_count(rows)
    items = tuple(read(row, position) for position, row in enumerate(rows, 1))
    if items and all(item.problem for item in items):
        raise Unreadable(f"none of {len(items)} rows can be read: {items[0].problem}")
    return items
