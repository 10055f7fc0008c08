"""Why a row of a list is not safe to write to: read only in part, or listed twice."""

from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import Worker, WorkerSync
from tui.domain.superoffice.engine import Connection

UNREADABLE = "its row could not be read, so it cannot be changed safely"
DOUBLED = "two rows of the list have its identifier, so it cannot be changed safely"


def unfit(row: Worker | WorkerSync | Extension | Connection) -> str | None:
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
