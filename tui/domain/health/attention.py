"""Verdicts on a whole list, beside those on its rows. Pure.

Lists, counts, headers and exit codes count verdicts: one for every row, and one for a problem of a whole
list. A note that every sync is suspended explains its rows and does not count beside them.
"""

from collections.abc import Iterable

from tui.domain.health.rules import Level, Verdict
from tui.domain.jtl.workers import Worker
from tui.domain.superoffice.engine import Connection

NO_SYNCS = Verdict(
    Level.WARNING,
    "none",
    "no sync was reported: a scope may be missing, it may be another mandant or database, or the worker"
    " was never set up",
)
NO_CONNECTIONS = Verdict(
    Level.WARNING,
    "none",
    "no connection was reported: this login may not see them, it may be another tenant, or none was"
    " set up",
)


def needs_attention(count: int) -> str:
    """`1 needs attention`, `3 need attention`; empty where none does."""
    return f"{count} need{'s' if count == 1 else ''} attention" if count else ""


def of_all_syncs(workers: Iterable[Worker], *, sync_asked: bool = True) -> tuple[Verdict, ...]:
    """Problems of the whole list of syncs; `sync_asked`: whether the list was loaded."""
    return (NO_SYNCS,) if sync_asked and all(one.sync is None for one in workers) else ()


def of_all_connections(connections: Iterable[Connection]) -> tuple[Verdict, ...]:
    """Problems of the whole list of connections, once it was loaded."""
    return (NO_CONNECTIONS,) if all(one.deleted for one in connections) else ()
