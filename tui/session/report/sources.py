"""Where the facts of a report come from, and which are wanted."""

import asyncio
from datetime import datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING

from tui.domain.history.reader import HistoryReader
from tui.domain.history.records import Subject
from tui.domain.maintenance.records import Maintenance
from tui.frozen import frozen
from tui.ops.audit.entries import History
from tui.ops.audit.file_trail import user_name

if TYPE_CHECKING:
    from tui.session.history_view import HistoryView
    from tui.session.session import Session

MOST = 20_000
"""Newest entries of the audit trail that are read."""
EARLIER = timedelta(days=7)
"""How long before now a write is looked for whose effect is still unknown."""


def local_zone(at: datetime) -> tzinfo:
    """This machine's offset at a time: one for the whole document, also across a change of clocks."""
    return timezone(at.astimezone().utcoffset() or timedelta(0))


@frozen
class Sources:
    profile: str
    reader: HistoryReader
    """Of an empty history where nothing was recorded."""
    trail: History
    """The audit trail as far back as the window."""
    now: datetime
    zone: tzinfo
    """Of the times in the document."""
    author: str
    environment: str = ""
    maintenances: tuple[Maintenance, ...] = ()
    """Those that are known, closed ones included."""
    addresses: tuple[str, ...] = ()
    """Of the profile's servers."""


@frozen
class ReportRequest:
    since: datetime
    until: datetime
    subjects: tuple[Subject, ...] = ()
    """Those that it is limited to; empty: all."""
    is_postmortem: bool = False
    is_anonymous: bool = False


async def sources_of(session: "Session", view: "HistoryView", since: datetime) -> Sources:
    """Of a console. Raises OSError: the audit trail cannot be read."""
    core, now = session.core, session.clock()
    trail = History() if core is None else await core.trail.entries(MOST, since)
    facts = session.facts
    reader, environment = view.history.reader, facts.environment.value
    journals = None if core is None else core.maintenances
    known = (await asyncio.to_thread(journals.read)).items if journals is not None else ()
    zone = local_zone(now)
    addresses = tuple(address for _, address in facts.addresses)
    return Sources(facts.name, reader, trail, now, zone, user_name(), environment, known, addresses)
