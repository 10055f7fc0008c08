"""Who stopped a target of a maintenance since our stop, right before it is started."""

import asyncio

from tui.domain.maintenance.records import Maintenance, NotedTarget
from tui.ops.audit.file_trail import AuditTrail
from tui.ops.maintenance.earlier_steps import EarlierSteps, read_earlier

_EVERY = 1.0
"""Seconds for which the trail is not read again: a set may have thousands of targets."""


class RecentStops:
    def __init__(self, trail: AuditTrail) -> None:
        self._trail, self._lock = trail, asyncio.Lock()
        self._known: EarlierSteps | None = None
        self._read_at = 0.0

    async def by_others(self, one: Maintenance, target: NotedTarget) -> str:
        """`stopped again by root at 12:24 UTC`; empty: nobody is known.

        Raises OSError: the trail cannot be read.
        """
        now = asyncio.get_running_loop().time
        async with self._lock:
            if self._known is None or now() - self._read_at >= _EVERY:
                self._read_at = now()
                self._known = await read_earlier(self._trail, one)
            return self._known.stopped_by(target)
