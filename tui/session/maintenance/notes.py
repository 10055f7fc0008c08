"""The journal of a maintenance that a run holds, in memory and on the disk.

Invariant: what was noted is on the disk when a note returns true; a later version is never replaced by
an earlier one.
"""

import asyncio
from datetime import datetime
from math import inf
from threading import Lock
from typing import TYPE_CHECKING

from tui.domain.maintenance.records import Maintenance, NotedTarget, Step
from tui.ops.maintenance.journals import Journals
from tui.session.maintenance.step_result import unwritten

if TYPE_CHECKING:
    from collections.abc import Callable


class Notes:
    """`one` is the journal as it is now; `trouble` says why it could not be written, or is empty."""

    def __init__(self, journals: Journals, one: Maintenance) -> None:
        self.one, self.trouble = one, ""
        self._journals = journals
        self.changed: Callable[[], object] = lambda: None
        self._disk, self._version, self._saved = Lock(), 0.0, 0.0

    def known(self, target: NotedTarget) -> NotedTarget:
        """The target as it is noted now, whatever was noted when it was planned."""
        return next(one for one in self.one.targets if one.id == target.id)

    async def step(self, target: NotedTarget, step: Step, run: bool) -> bool:
        """Add a start (`run`) or a stop."""
        known = self.known(target)
        return await self.target(known.with_start(step) if run else known.with_stop(step))

    async def target(self, changed: NotedTarget) -> bool:
        """Returns once it is on the disk; whether it is."""
        self.one = self.one.with_target(changed)
        self._version += 1
        mine = self._version
        self.changed()
        try:
            await asyncio.to_thread(self._write, mine)
        except OSError as failure:
            self.trouble = unwritten(failure)
            return False
        return True

    def _write(self, wanted: float) -> None:
        """Write what is known by now, unless that version is on the disk already."""
        with self._disk:
            if self._saved < wanted:
                latest, number = self.one, self._version
                self._journals.keep(latest)
                self._saved = number

    def release(self, closed_at: datetime | None) -> None:
        """Hold it no longer; with `closed_at` it is closed."""
        try:
            # A thread that still writes an earlier version was cancelled with the run.
            with self._disk:
                self._saved = inf
                self.one = self._journals.release(self.one, closed_at)
        except OSError as failure:
            self.trouble = unwritten(failure)
