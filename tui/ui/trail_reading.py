"""The audit trail as it was last read; it is read in the background, one reading after the other.

Invariant: a reading that ends late, of a trail that is no longer attached, changes nothing.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from tui.ui.messages import TrailRead

if TYPE_CHECKING:
    from textual.message import Message

    from tui.ops.history import Entry, History
    from tui.ops.trail import AuditTrail

MOST = 2_000
"""Entries that are held, the newest; what has no outcome is held in any case."""


class TrailReading:
    """What the front end knows of the audit trail."""

    def __init__(self, post: Callable[["Message"], object]) -> None:
        """`post` takes what happened."""
        self.history: History | None = None
        """Kept where a later reading fails; None before the first."""
        self.trouble = ""
        """Why the last reading failed, or empty."""
        self._post = post
        self._trail: AuditTrail | None = None
        self._wanted = False
        self._task: asyncio.Task[None] | None = None

    def attach(self, trail: "AuditTrail") -> None:
        """Read this trail from now on; what was known of another is forgotten."""
        self.close()
        self._trail, self.history, self.trouble = trail, None, ""
        self.again()

    def again(self) -> None:
        """Read it anew, after a reading that is under way."""
        self._wanted = self._trail is not None
        if self._wanted and (self._task is None or self._task.done()):
            self._task = asyncio.ensure_future(self._read())

    @property
    def is_read(self) -> bool:
        """Whether a reading has ended, be it with a failure."""
        return self.history is not None or bool(self.trouble)

    def unseen(self, now: datetime) -> "tuple[Entry, ...]":
        """What an earlier console left unsettled, newest first."""
        return self.history.unsettled(now) if self.history else ()

    def close(self) -> None:
        """Wait for nothing."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _read(self) -> None:
        while self._wanted and self._trail is not None:
            self._wanted, trail = False, self._trail
            history, trouble = self.history, ""
            try:
                history = await trail.entries(MOST)
            except OSError as failure:
                trouble = failure.strerror or str(failure)
            if trail is self._trail:
                self.history, self.trouble = history, trouble
                self._post(TrailRead())
