"""What commands need of a profile's history: its reader, its files, and the audit trail beside it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from tui.domain.history.reader import HistoryReader
from tui.domain.maintenance.coverage import Covered
from tui.domain.runbooks import Runbook
from tui.frozen import frozen
from tui.ops.audit.entries import Entry


@frozen
class Recorded:
    profile: str
    reader: HistoryReader
    place: Path | None = None
    """The folder of its files; None: it is kept in memory."""
    holder: Callable[[], str] = lambda: ""
    """Who records: `pid 4711 on erp1, since …`; empty: nobody."""
    entries: Callable[[datetime], Sequence[Entry]] = lambda _since: ()
    """What was done from here since a time, by the audit trail."""
    runbooks: tuple[Runbook, ...] = ()
    covered: Callable[[], Covered] = Covered
    """Reads what is in maintenance; blocking."""
