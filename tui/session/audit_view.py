"""The audit trail as it was read last. It is read in the background, one reading after the other.

Invariant: a reading that ends late, of a trail that is no longer attached, changes nothing.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tui.paths import reason_of
from tui.session.events import Post, TrailRead

if TYPE_CHECKING:
    from tui.ops.audit.entries import Entry, History
    from tui.ops.audit.file_trail import AuditTrail

MOST = 2_000
"""Newest entries that are held; entries without outcome are held in addition."""


_RECALLED = timedelta(days=2)
"""What an earlier console left open is looked for this far back, and among the entries held."""
_PATIENCE = 0.4
"""Seconds that a reading may take of somebody who leaves."""


class AuditView:
    def __init__(self, post: Post, clock: Callable[[], datetime]) -> None:
        """`post` receives the events."""
        self._clock = clock
        self.history: History | None = None
        """Kept where a later reading fails; None before the first."""
        self.trouble = ""
        """Why the last reading failed, or empty."""
        self._post = post
        self._trail: AuditTrail | None = None
        self._wanted = False
        self._task: asyncio.Task[None] | None = None

    def attach(self, trail: "AuditTrail") -> None:
        """Read this trail from now on and forget the previous one."""
        self.close()
        self._trail, self.history, self.trouble = trail, None, ""
        self.again()

    def again(self) -> None:
        """Read the trail again, after a reading that is under way."""
        self._wanted = self._trail is not None
        if self._wanted and (self._task is None or self._task.done()):
            self._task = asyncio.ensure_future(self._read())

    @property
    def is_read(self) -> bool:
        """Whether a reading has ended, successfully or not."""
        return self.history is not None or bool(self.trouble)

    @property
    def lasts(self) -> bool:
        """Whether the next console can read it."""
        return self._trail is not None and self._trail.lasts

    @property
    def is_current(self) -> bool:
        """Whether every reading that was wanted has ended."""
        return not self._wanted and (self._task is None or self._task.done())

    def unseen(self, now: datetime) -> "tuple[Entry, ...]":
        """What a previous console left without outcome, newest first."""
        return self.history.unsettled(now) if self.history else ()

    async def catch_up(self) -> None:
        """Read what was recorded until now, for the last words; a disk that hangs holds nobody up."""
        self.again()
        if self._task is not None:
            await asyncio.wait((self._task,), timeout=_PATIENCE)

    def close(self) -> None:
        """Stop without waiting for a reading."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _read(self) -> None:
        while self._wanted and self._trail is not None:
            self._wanted, trail = False, self._trail
            history, trouble = self.history, ""
            try:
                history = await trail.newest(MOST, self._clock() - _RECALLED)
            except OSError as failure:
                trouble = reason_of(failure)
            if trail is self._trail:
                self.history, self.trouble = history, trouble
                self._post(TrailRead())
