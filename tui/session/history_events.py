"""Maintenances and unlocks as events of the history, also where another program records it.

A history that cannot keep one hinders nothing: journals and audit trail hold what was done.
"""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from tui.domain.elapsed import utc_now
from tui.domain.history.observing import kept_text
from tui.domain.history.records import Event, EventKind
from tui.ops.audit.file_trail import user_name

if TYPE_CHECKING:
    from tui.core import Core

_WAIT = 1.0
"""Seconds that a slow disk may take."""


async def keep_maintenance(core: "Core", text: str, id: str) -> None:
    """`id`: of its journal. The line has the word *maintenance* already."""
    await _keep(core, EventKind.MAINTENANCE, text.removeprefix("maintenance "), id)


async def keep_unlock(core: "Core") -> None:
    """Keep that the profile was unlocked, or locked again."""
    text = "writes allowed" if core.guard.facts.unlocked else "read-only again"
    await _keep(core, EventKind.UNLOCK, text, "")


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
