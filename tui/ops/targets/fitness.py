"""Why a row of a list is not safe to write to: read only in part, or listed twice."""

from typing import Protocol

UNREADABLE = "its row could not be read, so it cannot be changed safely"
DOUBLED = "two rows of the list have its identifier, so it cannot be changed safely"


class Listed(Protocol):
    """A row, or an object joined from rows."""

    @property
    def problem(self) -> str | None:
        """Why it could not be read completely."""

    @property
    def doubled(self) -> bool:
        """Whether another row has its identifier."""


def unfit(row: Listed) -> str | None:
    """The reason, or None if it is safe."""
    if row.doubled:
        return DOUBLED
    return None if row.problem is None else UNREADABLE
