"""The columns of every list, as data: their titles, how wide they are on a screen, and which of them a
one-shot command prints. How a cell is made of a row says the list's own file beside this one.

Invariant: light to load, for the first frame is laid out by these columns.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from tui.domain.text import one_line
from tui.frozen import frozen

Row = TypeVar("Row")
Cells = Mapping[str, Callable[[Row], str]]
"""How each cell of a row is made, by column."""
NOT_KNOWN = "–"
"""The cell of what was not reported; a printed table leaves it empty."""


@frozen
class Printed:
    """A column in the table of a one-shot command."""

    most: int = 0
    """Most cells on a terminal; 0: no limit."""
    title: str = ""
    """Where it differs from the title on the screen."""
    right: bool = False


@frozen
class Column:
    id: str
    title: str
    width: int = 0
    """Cells; for the flexible column the useful minimum; 0: not on the screen."""
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
    beside: str = ""
    """The column that its text is compared with: where it is cut, what differs stays in sight."""
    printed: Printed | None = None
    """None: not printed."""


SINCE = Column("since", "Since", 6, drops=3, least=5)
"""How long a row has had its level; from the history, so only on the screen."""
STRIP = Column("strip", "Last 12h", 12, wants=96, least=8)
"""An hour a cell."""
WORKERS = (
    Column("state", "State", 10, least=5, printed=Printed(10)),
    SINCE,
    Column("sync", "Sync", 8, drops=1, wide=15, least=4),
    Column("channel", "Channel", 18, wide=24, least=7),
    Column("name", "Sync", printed=Printed(24)),
    Column("every", "Every", 6, drops=2, least=5, printed=Printed(8, right=True)),
    Column("status_at", "Reported", 9, least=8, printed=Printed(10)),
    Column("next", "Next run", 9, wants=100, least=8),
    STRIP,
    Column("message", "Message", 12, flexible=True),
    Column("reason", "Message", printed=Printed()),
)
EXTENSIONS = (
    Column("status", "Status", 10, printed=Printed(10)),
    SINCE,
    Column("extension", "Extension", 24, flexible=True, printed=Printed(40)),
    Column("version", "Version", 10, least=7, printed=Printed(12)),
    Column("changed", "Changed", 10, least=8, printed=Printed()),
    Column("created", "Created", 10, wants=90, least=8),
    STRIP,
    Column("hash", "Manifest hash", 11, drops=1, wide=16),
)
CONNECTIONS = (
    Column("state", "State", 12, least=5, printed=Printed(10)),
    replace(SINCE, wants=92),
    Column("id", "Id", 4, right=True, printed=Printed(10, right=True)),
    Column("connection", "Connection", 12, flexible=True, printed=Printed(32, "Name")),
    Column("connector", "Connector", 9, drops=1, wide=20, printed=Printed(10, right=True)),
    Column("last_sync", "Last sync", 12, drops=2, wide=19, least=9),
    Column("test", "Test", 15, least=4),
    STRIP,
    Column("recent", "Most recent mark", 16, wants=92),
    Column("description", "Description", 24, wants=118, least=11),
    Column("reason", "Reason", printed=Printed()),
)
ENGINE = (
    Column("state", "Engine", printed=Printed()),
    Column("every", "Every", printed=Printed(16, right=True)),
    Column("message", "Message", printed=Printed()),
)
PROFILES = (
    Column("environment", "Environment", 12),
    Column("profile", "Profile", 20, flexible=True),
    Column("systems", "Systems", 24, drops=1),
    Column("note", "", 9),
)
MAINTENANCES = (
    Column("state", "State", 7),
    Column("name", "Set", 21, least=8),
    Column("off", "Off", 4),
    Column("opened", "Since (UTC)", 11, drops=2),
    Column("until", "Until (UTC)", 11),
    Column("reason", "Reason", 10, flexible=True, drops=1),
)
CREDENTIALS = (
    Column("system", "System", 11),
    Column("what", "Credential", 17),
    Column("state", "State (UTC)", 23),
    Column("origin", "From", 12, flexible=True),
)
ACTIVITY = (
    Column("result", "Result", 11, least=6),
    Column("time", "At (UTC)", 10, drops=2, least=8),
    Column("operation", "Operation", 14, wide=18, least=9),
    Column("target", "Target", 14, wide=24, least=6),
    Column("user", "User", 7, drops=1, wants=90, least=4),
    Column("message", "Message", 14, flexible=True),
)
LOG = (
    Column("when", "When (UTC)", 11, least=10),
    Column("at", "When", printed=Printed(20)),
    Column("connection", "Connection", 14, drops=2, wide=20, least=10, printed=Printed(20)),
    Column("route", "Source → target", 17, drops=1, wide=32),
    Column("source", "Source", printed=Printed(20)),
    Column("target", "Target", printed=Printed(20)),
    Column("field", "Field", 10, wide=16, least=5, printed=Printed(20)),
    Column("old", "Old", 9, wide=20, least=3, beside="new", printed=Printed(20)),
    Column("new", "New", 9, flexible=True, least=4, beside="old", printed=Printed()),
)
ROW_HISTORY = (
    Column("at", "At (UTC)", 8, wide=14),
    Column("what", "Change", 16, wide=28),
    Column("message", "Message", 20, flexible=True),
)
WHAT_HAPPENED = (
    Column("at", "At (UTC)", 8, wide=14),
    Column("name", "Of", 12, wide=26),
    Column("what", "Change", 13, wide=24),
    Column("message", "Message", 12, flexible=True),
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


def on_screen(columns: Iterable[Column]) -> tuple[Column, ...]:
    return tuple(column for column in columns if column.width)


def cells_of(
    columns: Iterable[Column],
    cells: Cells[Row],
    row: Row,
    more: Mapping[str, str] = MappingProxyType({}),
) -> tuple[str, ...]:
    """The texts of a row in these columns, each on one line; `more`: those that are not made of it."""
    return tuple(
        more[column.id] if column.id in more else one_line(cells[column.id](row)) for column in columns
    )
