"""`log`: the newest page of the ErpSync change log, in the server's order."""

import asyncio
from collections.abc import Mapping

from tui.core import ServiceHandle
from tui.domain.profile import System
from tui.domain.superoffice.sync_log import SyncLogEntry, SyncLogPage
from tui.headless.fetch import Clock, read, read_connections, summed
from tui.headless.output import line, stamp
from tui.headless.report import Column, Item, Report
from tui.headless.reports.lists import counted, sentence, state_words

COLUMNS = (
    Column("When", "at", 20),
    Column("Connection", "connection", 20),
    Column("Source", "source", 20),
    Column("Target", "target", 20),
    Column("Field", "field", 20),
    Column("Old", "old", 20),
    Column("New", "new"),
)


async def log(profile: ServiceHandle, clock: Clock) -> Report:
    """The newest changes; connections are read for their names only."""
    answer, connections = await asyncio.gather(
        read(lambda: profile.service.superoffice.sync_log(), SyncLogPage(), clock),
        read_connections(profile.service, clock),
    )
    page, names = answer.data, {str(one.id): one.name for one in connections.data}
    unreadable = sum(entry.problem is not None for entry in page.entries)
    systems = {System.SUPEROFFICE: summed([answer])}
    return Report(
        profile.facts.name,
        systems,
        tuple(_item(entry) for entry in page.entries),
        COLUMNS,
        tuple(_row(entry, names) for entry in page.entries),
        sentence(
            counted(len(page.entries), "change") if answer.error is None else "",
            f"{unreadable} unreadable" if unreadable else "",
            "" if page.sorted else "in the server's order",
            "older entries exist" if page.next else "",
            *state_words(systems),
        ),
        unreadable,
    )


def _item(entry: SyncLogEntry) -> Item:
    return {
        "at": stamp(entry.at.at),
        "connection": _text(entry.connection),
        "source": _text(entry.source),
        "target": _text(entry.target),
        "field": _text(entry.field),
        "old": _text(entry.old),
        "new": _text(entry.new),
    }


def _text(text: str | None) -> str | None:
    """An empty value is not the same as one that was not reported."""
    return None if text is None else line(text)


def _row(entry: SyncLogEntry, names: Mapping[str, str]) -> dict[str, str]:
    """An unreadable row says so in the column of its new value."""
    connection = entry.connection or ""
    return {
        "at": stamp(entry.at.at) or entry.at.text,
        "connection": names.get(connection) or connection,
        "source": entry.source or "",
        "target": entry.target or "",
        "field": entry.field or "",
        "old": entry.old or "",
        "new": f"row unreadable: {entry.problem}" if entry.problem else entry.new or "",
    }
