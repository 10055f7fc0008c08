"""`log`: the newest page of the ErpSync change log, in the server's order."""

import asyncio

from tui.core import ServiceHandle
from tui.domain.profile import System
from tui.domain.superoffice.sync_log import SyncLogPage
from tui.domain.text import counted
from tui.headless.fetch import Clock, read, read_connections, summed
from tui.headless.report import Report
from tui.headless.reports.lists import report_of
from tui.presentation.log import PRINTED, LogRow


async def log(profile: ServiceHandle, clock: Clock) -> Report:
    """The newest changes; connections are read for their names only."""
    answer, connections = await asyncio.gather(
        read(System.SUPEROFFICE, lambda: profile.service.superoffice.sync_log(), SyncLogPage(), clock),
        read_connections(profile.service, clock),
    )
    page, names = answer.data, {str(one.id): one.name for one in connections.data}
    rows = [LogRow(entry, names, clock()) for entry in page.entries]
    unreadable = sum(entry.problem is not None for entry in page.entries)
    parts = (
        counted(len(rows), "change") if answer.error is None else "",
        f"{unreadable} unreadable" if unreadable else "",
        "" if page.sorted else "in the server's order",
        "older entries exist" if page.next else "",
    )
    systems = {System.SUPEROFFICE: summed([answer])}
    return report_of(profile, systems, PRINTED, rows, unreadable, parts)
