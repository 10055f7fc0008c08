"""How much needs attention, by one rule for every face: lists, counts, headers and exit codes. Pure.

A count is of verdicts: one for every row, and one for what concerns a whole list and none of its rows.
That every sync is suspended explains its rows and is not counted beside them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from tui.domain.engine import Connection
from tui.domain.health import (
    Level,
    Verdict,
)
from tui.domain.workers import Worker

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


@dataclass(frozen=True, slots=True)
class Attention:
    """Of how many things, and how gravely."""

    errors: int = 0
    """Failed or locked."""
    warnings: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.errors + self.warnings


def counted(verdicts: Iterable[Verdict]) -> Attention:
    """Count what needs attention."""
    levels = [verdict.level for verdict in verdicts if verdict.needs_attention]
    errors = sum(level <= Level.LOCKED for level in levels)
    return Attention(errors, len(levels) - errors)


def of_all_syncs(workers: Iterable[Worker], *, sync_asked: bool = True) -> tuple[Verdict, ...]:
    """What concerns the whole list of syncs; `sync_asked`: whether it was answered."""
    return (NO_SYNCS,) if sync_asked and all(one.sync is None for one in workers) else ()


def of_all_connections(connections: Iterable[Connection]) -> tuple[Verdict, ...]:
    """What concerns the whole list of connections, once it was answered."""
    return (NO_CONNECTIONS,) if all(one.deleted for one in connections) else ()
