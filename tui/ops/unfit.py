"""Why a row of a list is not good enough to change what it stands for: read in part, or there twice."""

from typing import Protocol

UNREADABLE = "its row could not be read, so it cannot be changed safely"
DOUBLED = "two rows of the list have its identifier, so it cannot be changed safely"


class Listed(Protocol):
    """A row, or what was joined from rows."""

    @property
    def problem(self) -> str | None:
        """Why it could not be read whole."""

    @property
    def doubled(self) -> bool:
        """Whether another row has its identifier."""


def unfit(row: Listed) -> str | None:
    """The reason, or None."""
    if row.doubled:
        return DOUBLED
    return None if row.problem is None else UNREADABLE
