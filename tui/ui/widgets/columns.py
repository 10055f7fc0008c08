"""Column widths are data. `arrange` decides which columns fit: some are dropped first, one takes the
rest; nothing here knows the meaning of a cell.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list."""

    id: str
    title: str
    width: int
    """Cells; for the flexible column the useful minimum."""
    flexible: bool = False
    drops: int = 0
    """Dropped when room is short, lowest first; 0 stays."""
    wants: int = 0
    """Shown only from this list width on."""
    right: bool = False
    wide: int = 0
    """Cells that it would take where there is room; 0: no more than `width`."""
    least: int = 0
    """Cells down to which it shrinks for cut texts of others, where its own are shorter; 0: never."""


@dataclass(frozen=True, slots=True)
class PlacedColumn:
    """A column at the current width."""

    index: int
    """Position of the cell in the row."""
    title: str
    width: int
    right: bool


_USEFUL = 12
"""Cells beyond its minimum that the flexible column gets before other columns widen."""
_LEAST = 4
"""Cells that the flexible column keeps, however narrow the list."""

WORKERS = (
    Column("state", "State", 10),
    Column("sync", "Sync", 8, drops=1, wide=15, least=4),
    Column("channel", "Channel", 18, wide=24, least=7),
    Column("every", "Every", 6, drops=2),
    Column("status_at", "Reported", 9),
    Column("next", "Next run", 9, wants=100),
    Column("message", "Message", 12, flexible=True),
)
EXTENSIONS = (
    Column("status", "Status", 10),
    Column("extension", "Extension", 24, flexible=True),
    Column("version", "Version", 10, least=7),
    Column("changed", "Changed", 10, least=8),
    Column("created", "Created", 10, wants=90, least=8),
    Column("hash", "Manifest hash", 16, drops=1),
)
CONNECTIONS = (
    Column("state", "State", 12),
    Column("id", "Id", 4, right=True),
    Column("connection", "Connection", 14, flexible=True),
    Column("connector", "Connector", 9, drops=1, wide=20),
    Column("last_sync", "Last sync", 13, drops=2, wide=19, least=9),
    Column("test", "Test", 15, least=4),
    Column("recent", "Most recent mark", 16, wants=92),
    Column("description", "Description", 24, wants=118, least=11),
)
PROFILES = (
    Column("environment", "Environment", 12),
    Column("profile", "Profile", 20, flexible=True),
    Column("systems", "Systems", 24, drops=1),
    Column("note", "", 9),
)
CREDENTIALS = (
    Column("system", "System", 11),
    Column("what", "Credential", 17),
    Column("state", "State (UTC)", 23),
    Column("origin", "From", 12, flexible=True),
)
ACTIVITY = (
    Column("result", "Result", 11),
    Column("time", "At (UTC)", 10, drops=2),
    Column("operation", "Operation", 14, wide=18, least=9),
    Column("target", "Target", 14, wide=24),
    Column("user", "User", 7, drops=1, wants=90),
    Column("message", "Message", 14, flexible=True),
)
LOG = (
    Column("when", "When (UTC)", 11),
    Column("connection", "Connection", 14, drops=2, wide=20),
    Column("route", "Source → target", 18, drops=1, wide=32),
    Column("field", "Field", 10, wide=16),
    Column("old", "Old", 9, wide=20),
    Column("new", "New", 8, flexible=True),
)
OBSERVATIONS = (
    Column("seen", "Event", 15),
    Column("at", "At (UTC)", 17),
    Column("message", "Message", 20, flexible=True),
)
CONFIG_FIELDS = (
    Column("key", "Field", 20, wide=28),
    Column("kind", "Kind", 10, drops=1),
    Column("value", "Value", 12, flexible=True),
)
PRIORITIES = (
    Column("place", "Place", 5, right=True),
    Column("was", "Was", 5, right=True),
    Column("id", "Id", 5, right=True),
    Column("connection", "Connection", 20, flexible=True),
    Column("state", "State", 8),
)
CHOICES = (
    Column("what", "What", 16, wide=26),
    Column("value", "Value", 12, flexible=True),
)
UNDOABLE = (
    Column("at", "At (UTC)", 8),
    Column("operation", "Operation", 14, drops=1, wide=18),
    Column("target", "Target", 18, wide=26),
    Column("back", "Undo", 20, flexible=True),
)

CALL_ANSWERS = (
    Column("call", "Call", 8),
    Column("keys", "Keys", 12, wide=22),
    Column("response", "Response", 20, flexible=True),
)

PALETTE = (
    Column("key", "Key", 7),
    Column("title", "Operation", 18),
    Column("help", "What it does", 20, flexible=True),
)


def arrange(columns: Sequence[Column], room: int, needs: Sequence[int] = ()) -> tuple[PlacedColumn, ...]:
    """Place the columns that fit into `room` cells, one blank between them.

    `needs`: cells of the longest text of each column, where that is known.
    """
    kept = [(i, column) for i, column in enumerate(columns) if column.wants <= room]
    while _needed(kept) > room:
        optional = [pair for pair in kept if pair[1].drops]
        if not optional:
            break
        kept.remove(min(optional, key=lambda pair: pair[1].drops))
    spare = room - _needed(kept)
    widths = {i: column.width for i, column in kept}
    for i, column in kept:
        # The flexible column gets a useful width before the others widen.
        more = max(0, min(column.wide - column.width, spare - _USEFUL))
        widths[i] += more
        spare -= more
    for i, column in kept:
        if column.flexible:
            widths[i] = max(_LEAST, column.width + spare)
    if needs:
        _give_way(kept, widths, needs)
    return tuple(PlacedColumn(i, c.title, widths[i], c.right) for i, c in kept)


def _give_way(kept: Sequence[tuple[int, Column]], widths: dict[int, int], needs: Sequence[int]) -> None:
    """No text is cut beside a column that is wider than all of its own; the last ones shrink first."""
    for taker, _ in sorted(kept, key=lambda pair: not pair[1].flexible):
        for giver, other in reversed(kept):
            least = max(other.least, needs[giver])
            if other.least and taker != giver and widths[giver] > least:
                moved = min(widths[giver] - least, max(0, needs[taker] - widths[taker]))
                widths[giver], widths[taker] = widths[giver] - moved, widths[taker] + moved


def _needed(kept: Sequence[tuple[int, Column]]) -> int:
    return sum(column.width for _, column in kept) + max(0, len(kept) - 1)
