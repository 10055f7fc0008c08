"""A connection as a target: its display name, and why it must not be changed."""

from tui.domain.superoffice.engine import Connection
from tui.ops.targets.fitness import unfit


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
