"""Why a row of a list is not safe to write to: read only in part, or listed twice."""

from typing import Protocol

from tui.domain.superoffice.engine import Connection

UNREADABLE = "its row could not be read, so it cannot be changed safely"
DOUBLED = "two rows of the list have its identifier, so it cannot be changed safely"


class Listed(Protocol):
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


def named(connection: Connection) -> str:
    """Display name with the number, because names may repeat."""
    number = f"connection {connection.id}"
    return f"{connection.name} ({number})" if connection.name else number


def unfit_connection(connection: Connection) -> str:
    """The reason; empty if it can be changed."""
    reason = unfit(connection)
    if reason is not None:
        return reason
    return "it is deleted" if connection.deleted else ""
