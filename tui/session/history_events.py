"""Changes made from here, maintenances and unlocks as events of the history, also where another program
records it.

A history that cannot keep one hinders nothing: journals and audit trail hold what was done.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from tui.domain.elapsed import utc_now
from tui.domain.history.observing import kept_text
from tui.domain.history.records import Change, Event, EventKind, Subject, SubjectKind
from tui.ops.audit.file_trail import user_name

if TYPE_CHECKING:
    from tui.core import Core
    from tui.ops.audit.entries import Entry

_WAIT = 1.0
"""Seconds that a slow disk may take."""


async def keep_maintenance(core: "Core", text: str, id: str) -> None:
    """`id`: of its journal. The line has the word *maintenance* already."""
    await _keep(core, EventKind.MAINTENANCE, text.removeprefix("maintenance "), id)


async def keep_unlock(core: "Core") -> None:
    """Keep that the profile was unlocked, or locked again."""
    text = "writes allowed" if core.guard.facts.unlocked else "read-only again"
    await _keep(core, EventKind.UNLOCK, text, "")


def was_planned(core: "Core") -> Callable[[Change], bool]:
    """Whether a maintenance had the target of a change off then. Blocking."""
    from tui.domain.maintenance.stops import PlannedStops

    stops = PlannedStops(())
    # Journals that cannot be read are named in the banner.
    with suppress(OSError):
        stops = PlannedStops(core.maintenances.read().items if core.maintenances is not None else ())
    return lambda change: stops.cover(change.subject, change.after, change.at)


async def _keep(core: "Core", kind: EventKind, text: str, ref: str) -> None:
    history, user = core.late_history, user_name()
    if history is None:
        return
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(_WAIT):
            if history.made is None and history.inbox is not None:
                # A command that only adds an event must not begin to record.
                event = Event(utc_now(), kind, kept_text(text), None, user, ref)
                await asyncio.to_thread(history.inbox, event)
            else:
                await history.get().event(kind, text, user=user, ref=ref)


def action_event(entry: "Entry") -> Event:
    from tui.ops.audit.run_ends import run_end_of
    from tui.ops.operations.registry import title_of

    run = run_end_of(entry)
    failed = f"; its run failed at {run.at:%H:%M:%S}" if run is not None and not run.is_good else ""
    result = f"{entry.settled}{failed}"
    subject = subject_of(entry)
    text = f"{title_of(entry.operation)} · {entry.target}: {result}"
    return Event(entry.at, EventKind.ACTION, text, subject, entry.user, entry.id)


def subject_of(entry: "Entry") -> Subject | None:
    """The one target of a change."""
    key = entry.targets[0] if len(entry.targets) == 1 else ""
    kind = _KINDS.get(entry.operation.partition(".")[0], SubjectKind.SYNC)
    return Subject(kind, key, entry.target) if key else None


_KINDS = {
    "worker": SubjectKind.SYNC,
    "extension": SubjectKind.EXTENSION,
    "engine": SubjectKind.ENGINE,
    "connection": SubjectKind.CONNECTION,
}
